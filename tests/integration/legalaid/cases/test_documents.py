"""Documents of legal-aid cases: official letters by the law of their day, holding of the person what each may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import aid_case_service_pb2 as rpc

from services.chassis import context
from services.chassis.clock import ManualClock
from services.chassis.contract import value_label
from services.chassis.documents import Source
from services.chassis.domain.errors import NotFound
from services.chassis.domain.papers import DocumentNotYet, NoTemplate
from services.chassis.work import Work
from services.legalaid.app import KINDS, SERVICERS
from services.legalaid.cases import documents
from services.legalaid.cases.kinds import AID_CASE
from services.legalaid.domain.cases import consistency, papers
from tests.integration.legalaid.cases.conftest import CLERK, ELSEWHERE, SERVICE, Bench
from tests.integration.servicers import DEPARTMENT, Database, with_servicers
from tests.support.documents import everything_in, render_strictly, told_in
from tests.support.records import changed, on
from tests.unit.legalaid.cases import cases as c
from tests.unit.legalaid.cases.cases import APPLICATION, HANDLER, PROFILE

Document = rpc.AidDocument
EVERY = [value for value in Document.values() if value]
#: Invented, and in no document but those that may hold it.
TOLD: dict[str, Any] = {
    "person_name": "示例金丝雀",
    "id_number": "33030019700101999X",
    "phone": "138-7654-3219",
    "address": "示例巷九十九弄七号楼",
    "summary": "去年雨夜在工地摔伤后包工头再没有露面",
    "monthly_income_fen": "1,234.56元",
    "pauses": [{"requested": "近六个月的工资流水"}],
}
ASKED = {"from_date": on(2024, 3, 2), "to_date": on(2024, 3, 3), "supplement_due_date": on(2024, 3, 20)}
CASE: dict[str, Any] = {
    **{name: value for name, value in TOLD.items() if isinstance(value, str)},
    "key": "T-1",
    "groups": [pb.AID_GROUP_WOMAN, pb.AID_GROUP_MIGRANT_WORKER],
    "monthly_income_fen": 123_456,
    "pauses": [pb.AidPause(**ASKED, requested=TOLD["pauses"][0]["requested"])],
}
HANDLED = CASE | c.CLOSED
REFUSED: dict[str, Any] = {"decided_date": on(2024, 3, 4), "refusal_ground": pb.AID_REFUSAL_GROUND_OUT_OF_SCOPE}
TRANSFERRED: dict[str, Any] = {"transferred_date": on(2024, 3, 4), "transferred_unit": "示例区法律援助中心"}
HARDSHIP = {"refusal_ground": pb.AID_REFUSAL_GROUND_NOT_IN_HARDSHIP, "monthly_income_fen": 200_100}
CENTRE = f"{PROFILE.zh}法律援助中心"
#: What leads to each document, beside what every one begins with, and what it then says.
CALLS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "APPLICATION_FORM": (
        CASE,
        ("收入低于标准(有证明)", "妇女、农民工", "赡养、抚养、扶养", "不高于2,000.00元", "2024年3月1日"),
    ),
    "RECEIPT": (CASE, ("示例金丝雀:", "自收到申请之日起7日内", "身份证明材料", "接收人(签名)")),
    "SUPPLEMENT_NOTICE": (CASE, ("示例金丝雀:", "2024年3月20日前", "视为撤回申请", "2024年3月2日", "送达日期")),
    "GRANT_DECISION": (HANDLED, ("示例金丝雀:", "决定对你给予法律援助", "起3日内指派承办人", "2024年3月4日")),
    "REFUSAL_DECISION": (
        CASE | REFUSED,
        ("理由:不属于援助范围", "书面提出异议", "异议之日起5日内", "援助法》第四十九条", "行政复议", "2024年3月4日"),
    ),
    "ASSIGNMENT_LETTER": (
        HANDLED,
        (HANDLER.partition("/")[2], "现指派你自2024年3月5日起承办本案", "不得收取", "起15日内向本中心提交"),
    ),
    "TRANSFER_LETTER": (CASE | TRANSFERRED, ("示例区法律援助中心:", "不属于本中心管辖", "2024年3月4日")),
    "CLOSING_REPORT": (
        HANDLED | {"settled_before_litigation": True},
        ("胜诉或诉请获支持", "10,000.00元", "结案日期:2024年6月3日", "诉前和解"),
    ),
    "SUBSIDY_STATEMENT": (HANDLED, ("1,500.00元", "2024年7月1日", "法律援助经费", HANDLER.partition("/")[2])),
    "SERVICE_RETURN": (
        HANDLED,
        ("受送达人:示例金丝雀", "补充材料通知书(2024年3月2日)", "给予法律援助决定书(2024年3月4日)", "送达人(签名)"),
    ),
}


class Scene(Bench):
    """The bench, and cases put there as their steps leave them."""

    async def filed(self, **fields: Any) -> pb.AidCase:
        """Store a case as its check leaves it."""
        record = changed(APPLICATION, **fields)
        context.enter(context.Call(DEPARTMENT, "/geju.legalaid.v1.AidCaseService/GrantAid"))
        async with Work(self.store, context.current()) as work:
            consistency.check(record, None, work.rules)
            made: pb.AidCase = work.create(AID_CASE, record)
            await work.commit()
        return made

    async def called_for(self, document: Document.ValueType) -> pb.AidCase:
        """Store a case that calls for a document; a subsidy is paid with its spending."""
        case = await self.filed(**CALLS[name_of(document)][0])
        if document != rpc.AID_DOCUMENT_SUBSIDY_STATEMENT:
            return case
        return await self.paid(case)

    async def paid(self, case: pb.AidCase) -> pb.AidCase:
        """Pay the subsidy of a case."""
        await self.budget(1_000_000)
        given = {"subsidy_fen": 150_000, "earmark": "legal_aid", "subsidy_date": on(2024, 7, 1)}
        return await self.step("PaySubsidy", case, **given)

    async def render(self, case: pb.AidCase, document: Document.ValueType, by: context.Caller = CLERK) -> Any:
        """Return a rendered document."""
        return (await self.call(SERVICE + "RenderAidDocument", by, name=case.name, document=document)).document

    async def text(self, case: pb.AidCase, document: Document.ValueType) -> str:
        """Return all text of a document."""
        return everything_in(await self.render(case, document))

    async def source(self, case: pb.AidCase, document: Document.ValueType) -> Source:
        """Return what a document is rendered from."""
        context.enter(context.Call(DEPARTMENT, "/geju.legalaid.v1.AidCaseService/RenderAidDocument"))
        async with Work(self.store, context.current()) as work:
            return await documents.gather(work, case, document)


@pytest.fixture
def bench_class() -> type[Bench]:
    """Return the bench of these tests."""
    return Scene


def name_of(document: Document.ValueType) -> str:
    """Return the name of a document, without what all have in common."""
    return Document.Name(document).removeprefix("AID_DOCUMENT_")


def permitted(document: Document.ValueType) -> set[str]:
    """Return the fields of TOLD that a document may hold."""
    return {"pauses" if name == "requested" else name for name in papers.PAPERS[document].personal}


def test_every_document_has_its_form() -> None:
    """What the contract promises is there, by the contract's title, with a template in the demonstration's district."""
    values = [value for value in Document.DESCRIPTOR.values if value.number]
    titles = [(number, form.zh) for number, form in documents.FORMS.items()]
    assert [(value.number, value_label(value)) for value in values] == titles
    templates = {code for code in PROFILE.documents if code.startswith("legalaid_")}
    assert templates == {form.template for form in documents.FORMS.values()}
    assert [name_of(document) for document in EVERY] == list(CALLS)


@pytest.mark.parametrize("document", EVERY, ids=name_of)
async def test_a_document_is_a_complete_letter(bench: Scene, document: Document.ValueType) -> None:
    """Title, number, addressee, body, remedies, seal and day are in it; of the person what it may hold, no more."""
    case = await bench.called_for(document)
    made = await bench.render(case, document)
    text, title = everything_in(made), documents.FORMS[document].zh
    parts = (title, "编号:T-1", f"{CENTRE}(盖章)", *CALLS[name_of(document)][1])
    assert [part for part in parts if part not in text] == []
    assert "{{" not in text
    assert f"{title}-T-1.docx" == made.file_name
    assert permitted(document) == told_in(text, TOLD)
    source = await bench.source(case, document)
    assert permitted(document) == told_in(repr(source.context), TOLD)
    render_strictly(source)


@pytest.mark.parametrize("document", EVERY, ids=name_of)
async def test_a_document_that_does_not_apply_yet_says_what_is_missing(
    bench: Scene, document: Document.ValueType
) -> None:
    """Of an application that has just come in there are the form and the receipt."""
    case = await bench.case(**CASE | {"pauses": None})
    if papers.PAPERS[document].dated == "received_date":
        assert documents.FORMS[document].zh in await bench.text(case, document)
        return
    with pytest.raises(DocumentNotYet, match=r"^还不能出具此文书:(案件)?尚.+。$"):
        await bench.render(case, document)


@pytest.mark.parametrize(
    ("year", "review", "objection", "standard"),
    [
        (2010, "起5个工作日内", "起5个工作日内进行审查", "630.00元"),
        (2017, "起7个工作日内", "起5个工作日内进行审查", "1,300.00元"),
        (2024, "起7日内", "起5日内进行审查", "2,000.00元"),
    ],
)
async def test_a_letter_tells_the_rules_of_its_day(
    bench: Scene, year: int, review: str, objection: str, standard: str
) -> None:
    """The receipt goes by the rule in force when the application came in, the refusal by that of its own day."""
    days = {"received_date": on(year, 3, 1), "decided_date": on(year, 3, 4)}
    case = await bench.filed(**REFUSED | HARDSHIP | days)
    assert review in await bench.text(case, rpc.AID_DOCUMENT_RECEIPT)
    text = await bench.text(case, rpc.AID_DOCUMENT_REFUSAL_DECISION)
    assert [part for part in (objection, f"不高于{standard}", "不符合经济困难标准") if part not in text] == []
    assert ("援助法》第四十九条" in text, "援助条例》(国务院令第385号)第十九条" in text) == (year == 2024, year < 2022)
    assert "起始值" not in text


async def test_a_green_channel_promises_its_own_time(bench: Scene) -> None:
    """Who comes through the green channel is told the shorter time, and no basis that is no law."""
    case = await bench.filed(green_channel=pb.GREEN_CHANNEL_GROUND_URGENT)
    text = await bench.text(case, rpc.AID_DOCUMENT_RECEIPT)
    assert "起1个工作日内" in text
    assert "起始值" not in text
    assert "绿色通道事由:情况紧急" in await bench.text(case, rpc.AID_DOCUMENT_APPLICATION_FORM)


async def test_an_overturned_refusal_says_so(bench: Scene) -> None:
    """The grant tells why it was made after all; a copy of the refusal tells that it no longer stands."""
    case = await bench.filed(**c.OVERTURNED)
    grant = await bench.text(case, rpc.AID_DOCUMENT_GRANT_DECISION)
    assert "对本中心2024年3月4日作出的不予法律援助决定提出的异议" in grant
    assert "符合法律援助条件" not in grant
    assert "已于2024年3月11日被责令改正" in await bench.text(case, rpc.AID_DOCUMENT_REFUSAL_DECISION)
    served = await bench.text(case, rpc.AID_DOCUMENT_SERVICE_RETURN)
    assert served.index("不予法律援助决定书(2024年3月4日)") < served.index("给予法律援助决定书(2024年3月11日)")


async def test_aid_that_was_provided_first_is_decided_afterwards(bench: Scene) -> None:
    """The grant tells since when and why aid is provided already, and promises no other handler."""
    first: dict[str, Any] = {"provide_first": pb.PROVIDE_FIRST_GROUND_PRESERVATION, "provided_date": on(2024, 3, 2)}
    first |= dict.fromkeys(("assigned_date", "first_assigned_date"), on(2024, 3, 4))
    case = await bench.filed(**c.ASSIGNED | first)
    text = await bench.text(case, rpc.AID_DOCUMENT_GRANT_DECISION)
    assert "因须立即申请财产保全,本中心已于2024年3月2日先行提供法律援助" in text
    assert "内指派承办人" not in text


async def test_a_notice_is_answered_with_the_assignment(bench: Scene) -> None:
    """The organ that gave notice reads who handles the case, by reference, and nothing of how to call the person."""
    case = await bench.filed(**HANDLED | c.NOTICE | {"pauses": None})
    text = await bench.text(case, rpc.AID_DOCUMENT_ASSIGNMENT_LETTER)
    wanted = ("示例法院:", "关于示例金丝雀一案的通知辩护函", HANDLER.partition("/")[2], "抄送:承办人")
    assert [part for part in wanted if part not in text] == []
    assert {"person_name"} == told_in(text, TOLD)
    source = await bench.source(case, rpc.AID_DOCUMENT_ASSIGNMENT_LETTER)
    assert {"person_name"} == told_in(repr(source.context), TOLD)
    render_strictly(source)
    served = await bench.text(case, rpc.AID_DOCUMENT_SERVICE_RETURN)
    assert [part for part in ("受送达人:示例法院", "法律援助指派函(2024年3月5日)") if part not in served] == []
    assert "通知机关:示例法院" in await bench.text(case, rpc.AID_DOCUMENT_CLOSING_REPORT)


async def test_a_notice_can_be_handed_on(bench: Scene) -> None:
    """The competent centre reads which organ gave notice."""
    case = await bench.filed(**c.NOTICE | TRANSFERRED)
    assert "示例法院关于示例甲一案的通知辩护函" in await bench.text(case, rpc.AID_DOCUMENT_TRANSFER_LETTER)


async def test_whoever_worked_until_aid_ended_has_a_statement(bench: Scene) -> None:
    """The statement of a case that was ended tells when, and no result."""
    ended = c.BEGUN | {"ended_date": on(2024, 4, 1), "end_ground": pb.AID_END_GROUND_OWN_WISH}
    case = await bench.paid(await bench.filed(**ended))
    text = await bench.text(case, rpc.AID_DOCUMENT_SUBSIDY_STATEMENT)
    assert "援助终止日期:2024年4月1日" in text
    assert "办理结果" not in text


@pytest.mark.parametrize("document", EVERY, ids=name_of)
async def test_rendering_is_a_read_of_ones_own_with_its_purpose(bench: Scene, document: Document.ValueType) -> None:
    """The audit trail says who took a document and why; another office has no such case."""
    case = await bench.called_for(document)
    await bench.render(case, document)
    rows = await bench.rows("SELECT actor, purpose FROM audit WHERE change = 'read'")
    assert [(CLERK.subject, "测试用途")] == [tuple(row) for row in rows]
    with pytest.raises(NotFound):
        await bench.render(case, document, ELSEWHERE)


async def test_a_district_without_the_templates_says_so(database: Database, clock: ManualClock) -> None:
    """The profile has the templates; what it lacks is named."""
    parts: dict[str, Any] = {"profile": replace(PROFILE, documents={}), "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Scene, database, clock, service="legalaid", **parts) as bench:
        case = await bench.case(received_date=on(2012, 3, 1))
        with pytest.raises(NoTemplate):
            await bench.render(case, rpc.AID_DOCUMENT_RECEIPT)
