"""Documents of legal services: official letters, and none tells the respondent who complained."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from geju.legalservices.v1 import (
    complaint_pb2,
    complaint_service_pb2,
    firm_pb2,
    practitioner_pb2,
    sanction_pb2,
    sanction_service_pb2,
    yearly_assessment_pb2,
    yearly_assessment_service_pb2,
)

from services.chassis import context, testing
from services.chassis.clock import ManualClock
from services.chassis.contract import value_label
from services.chassis.documents import Source
from services.chassis.domain.errors import NotFound
from services.chassis.domain.papers import DocumentNotYet, NoTemplate
from services.chassis.guards import known
from services.chassis.profile_file import load
from services.chassis.work import Work
from services.legalservices.app import KINDS, SERVICERS
from services.legalservices.complaints import documents
from services.legalservices.domain.complaints.papers import PAPERS
from services.legalservices.domain.documents import Reader
from services.legalservices.registers import documents as certificates
from tests.integration.chassis.toy import PROFILE as DISTRICT
from tests.integration.servicers import Database, Servicers, migrated, with_servicers
from tests.support.canaries import is_personal
from tests.support.documents import everything_in, render_strictly, told_in
from tests.support.records import changed, on, ref

PROFILE = load(DISTRICT)
ROLES = frozenset({"department", "office_head", "discipline", "sealed_files"})
ALL = context.Caller("department", ROLES, frozenset({"*"}))
HERE, THERE = (office.code for office in PROFILE.offices[:2])
COMPLAINTS = complaint_service_pb2.ComplaintDocument
SANCTIONS = sanction_service_pb2.SanctionDocument
ASSESSMENTS = yearly_assessment_service_pb2.AssessmentDocument
#: Every document there is, as the contract counts them, with the RPC that renders it.
EVERY = [
    (verb, value)
    for verb, values in (
        ("ComplaintService/RenderComplaintDocument", COMPLAINTS.values()),
        ("SanctionService/RenderSanctionDocument", SANCTIONS.values()),
        ("YearlyAssessmentService/RenderAssessmentDocument", ASSESSMENTS.values()),
    )
    for value in values
    if value
]
OF_COMPLAINT = [value for value in COMPLAINTS.values() if value]
#: Invented, and in no document but those that may hold it.
TOLD: dict[str, Any] = {
    "complainant_name": "示例金丝雀",
    "complainant_id_number": "33030019700101999X",
    "complainant_phone": "138-7654-3219",
    "complainant_address": "示例巷九十九弄七号楼",
    "narrative": "去年雨夜在茶馆交给他两万元现金。之后电话再也打不通,材料也没有退回",
    "evidence": ["茶馆门口的录像光盘一张", "手写收条复印件"],
    "review_reason": "没有找过茶馆老板作证",
    "receipt_code": "K7QWERTYUZXCVBN9",
    "transferring_unit": "示例区信访接待中心",
    "pauses": [{"from_date": on(2012, 3, 2), "supplement_due_date": on(2012, 3, 20), "requested": "请补交转账的凭据"}],
}
#: What the bureau writes itself.
SAID = {
    "findings": "被投诉人收取费用未入账\n未订立书面委托合同",
    "decision": "责令三十日内改正并退还费用",
    "answer": "反映的收费问题属实,已责令退还",
    "review_decision": "原处理结论事实清楚",
}
ABOUT_RESPONDENT = {"respondent_office", "respondent_name"}
#: Which of TOLD a document may hold, of a named complainant; of an anonymous one the code and what is asked for only.
PERMITTED: dict[int, set[str]] = {
    COMPLAINTS.Value("COMPLAINT_DOCUMENT_RECEIPT"): {"complainant_name", "evidence", "receipt_code"},
    COMPLAINTS.Value("COMPLAINT_DOCUMENT_SUPPLEMENT_REQUEST"): {"complainant_name", "pauses"},
}
IMPERSONAL = {"receipt_code", "pauses"}
STEPS = {
    name: on(2012, month, day)
    for name, month, day in (
        ("received_date", 3, 1),
        ("accepted_date", 3, 26),
        ("refused_date", 3, 27),
        ("investigating_date", 3, 28),
        ("investigated_date", 4, 9),
        ("concluded_date", 4, 10),
        ("answered_date", 4, 11),
        ("review_asked_date", 4, 12),
        ("review_decided_date", 4, 30),
    )
}
COMPLAINT: dict[str, Any] = {
    "office": HERE,
    "key": "T-1",
    "channel": complaint_pb2.COMPLAINT_CHANNEL_PETITION_OFFICE,
    "respondent_kind": complaint_pb2.RESPONDENT_KIND_LAWYER,
    "grounds": [complaint_pb2.COMPLAINT_GROUND_CHARGING, complaint_pb2.COMPLAINT_GROUND_PRIVATE_ENGAGEMENT],
    "refusal_ground": complaint_pb2.COMPLAINT_REFUSAL_GROUND_HANDLED,
    "outcome": complaint_pb2.COMPLAINT_OUTCOME_PARTLY,
    "review_outcome": complaint_pb2.REVIEW_OUTCOME_UPHELD,
    "state": complaint_pb2.Complaint.STATE_REVIEWED,
    "limits": [
        {"rule": f"legalservices.{rule}", "start": start, "due": due}
        for rule, start, due in (
            ("accept", on(2012, 3, 1), on(2012, 3, 28)),
            ("conclude", on(2012, 3, 26), on(2012, 5, 25)),
        )
    ],
    **STEPS,
    **TOLD,
    **SAID,
}
PROPOSAL: dict[str, Any] = {"kind": 4, "authority": 1, "decided_date": on(2012, 4, 10)}
ASSESSED: dict[str, Any] = {"year": 2011, "grade": 2, "assessed_date": on(2012, 4, 1), "assessed_by": "本局"}


class Bench(Servicers):
    """A store, and records put there whatever the rules say."""

    async def put(self, record: Any) -> Any:
        """Store a record as it is and return it."""
        kind = next(kind for kind in self.store.kinds if kind.message is type(record))
        context.enter(context.Call(ALL, f"/geju.legalservices.v1.{record.DESCRIPTOR.name}Service/Test"))
        async with Work(self.store, context.current()) as work:
            made = work.create(kind, record)
            await work.commit()
        return made

    async def filed(self, **fields: Any) -> dict[str, Any]:
        """Put a complaint with its proposal of a penalty, an assessment and their registers, in two offices."""
        there: dict[str, Any] = {"office": THERE, "kind": 1, "licensed_from_date": on(2001, 1, 1)}
        firm = await self.put(firm_pb2.Firm(name_zh="示例律师事务所", licence_number="F-1", **there))
        lawyer = await self.put(
            practitioner_pb2.Practitioner(person_name="示例律师乙", licence_number="L-1", firm=firm.name, **there)
        )
        given = COMPLAINT | {"practitioner": lawyer.name, "firm": firm.name} | fields
        complaint = await self.put(complaint_pb2.Complaint(**given))
        here: dict[str, Any] = {"office": HERE, "practitioner": lawyer.name}
        sanction = sanction_pb2.Sanction(**here, complaint=complaint.name, content="建议给予警告", **PROPOSAL)
        assessment = yearly_assessment_pb2.YearlyAssessment(**here, **ASSESSED)
        records = (complaint, await self.put(sanction), await self.put(assessment), lawyer, firm)
        return {record.DESCRIPTOR.name: record for record in records}

    async def render(self, filed: dict[str, Any], verb: str, document: int, caller: context.Caller = ALL) -> Any:
        """Return a rendered document."""
        name = filed[verb.partition("Service/")[0]].name
        return (await self.call(verb, caller, name=name, document=document)).document

    async def source(self, filed: dict[str, Any], verb: str, document: Any) -> Source:
        """Return what a document is rendered from."""
        context.enter(context.Call(ALL, f"/geju.legalservices.v1.{verb}"))
        async with Work(self.store, context.current(), district=True) as work:
            if verb.startswith("Complaint"):
                return await documents.gather(work, filed["Complaint"], document)
            if verb.startswith("Sanction"):
                complaint = await known(work, filed["Sanction"].complaint)
                return await documents.gather_sanction(work, filed["Sanction"], complaint, document)
            return await certificates.gather(work, filed["YearlyAssessment"], document)


@pytest.fixture(scope="module")
async def migrated_database(postgres: testing.Server) -> Database:
    """Give a migrated database with the URL of its superuser."""
    return await migrated(postgres, "legalservices")


@pytest.fixture
async def bench(migrated_database: Database, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store of the demonstration's district with its templates."""
    parts: dict[str, Any] = {"profile": PROFILE, "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Bench, migrated_database, clock, service="legalservices", **parts) as found:
        yield found


def permitted(verb: str, document: int, *, anonymous: bool) -> set[str]:
    """Return the fields of TOLD that a document may hold."""
    if not verb.startswith("Complaint") or PAPERS[document].reader is not Reader.COMPLAINANT:
        return set()
    found = PERMITTED.get(document, {"complainant_name"})
    return found & IMPERSONAL if anonymous else found


def test_every_document_has_its_form_and_its_reader() -> None:
    """What the contract promises is there, by the contract's title, with a template in the demonstration's district."""
    tables: list[tuple[Any, Any]] = [
        (COMPLAINTS, documents.FORMS),
        (SANCTIONS, documents.SANCTION_FORMS),
        (ASSESSMENTS, certificates.FORMS),
    ]
    values = [value for enum, _ in tables for value in enum.DESCRIPTOR.values if value.number]
    forms = [form for _, table in tables for form in table.items()]
    assert [(value.number, value_label(value)) for value in values] == [(number, form.zh) for number, form in forms]
    assert OF_COMPLAINT == list(PAPERS)
    templates = {code for code in PROFILE.documents if code.startswith("legalservices_")}
    assert templates == {form.template for _, form in forms}


def test_every_personal_field_of_a_complaint_is_looked_for() -> None:
    """A field that is added to the contract cannot be forgotten here."""
    personal = {field.name for field in complaint_pb2.Complaint.DESCRIPTOR.fields if is_personal(field)}
    assert personal == (set(TOLD) - {"pauses", "transferring_unit"}) | set(SAID) | ABOUT_RESPONDENT


@pytest.mark.parametrize("sealed", [False, True], ids=["lawyer", "staff"])
@pytest.mark.parametrize("anonymous", [False, True], ids=["named", "anonymous"])
@pytest.mark.parametrize(("verb", "document"), EVERY)
async def test_no_document_tells_more_than_its_reader_may_know(
    bench: Bench, verb: str, document: int, *, anonymous: bool, sealed: bool
) -> None:
    """The respondent and authorities learn nothing of who complained, and nobody learns who an anonymous one is."""
    staff = {
        "sealed": True,
        "office": PROFILE.code,
        "respondent_kind": complaint_pb2.RESPONDENT_KIND_BUREAU_STAFF,
        "respondent_office": HERE,
        "respondent_name": "示例工作人员",
        "practitioner": "",
        "firm": "",
    }
    filed = await bench.filed(anonymous=anonymous, **(staff if sealed else {}))
    made = await bench.render(filed, verb, document)
    text = everything_in(made)
    assert told_in(text, TOLD) == permitted(verb, document, anonymous=anonymous)
    if verb.startswith("Complaint") and PAPERS[document].reader is Reader.COMPLAINANT:
        assert ("匿名投诉人:" if anonymous else "示例金丝雀:") in text
    else:
        assert "2012年3月1日" not in text
        assert "信访部门" not in text
    assert PROFILE.zh + "(盖章)" in text


@pytest.mark.parametrize("anonymous", [False, True], ids=["named", "anonymous"])
@pytest.mark.parametrize(("verb", "document"), EVERY)
async def test_no_template_can_tell_more(bench: Bench, verb: str, document: int, *, anonymous: bool) -> None:
    """What is not for its reader is not in what a document is made from, so that no template can bring it in."""
    context_of = repr((await bench.source(await bench.filed(anonymous=anonymous), verb, document)).context)
    if permitted(verb, document, anonymous=False):  # for the complainant
        never = {"complainant_id_number", "complainant_phone", "complainant_address", "narrative", "review_reason"}
        never |= {"transferring_unit"} | ({"complainant_name", "evidence"} if anonymous else set())
        assert told_in(context_of, TOLD) & never == set()
    else:
        assert told_in(context_of, TOLD) == set()


@pytest.mark.parametrize(("verb", "document"), EVERY)
async def test_a_template_uses_nothing_that_is_not_there(bench: Bench, verb: str, document: int) -> None:
    """Every name in a template is one that the context has."""
    source = await bench.source(await bench.filed(), verb, document)
    render_strictly(source)


@pytest.mark.parametrize(
    ("verb", "document", "parts"),
    [
        (
            *EVERY[0],
            ("投诉登记回执", "编号:T-1", "K7QW-ERTY-UZXC-VBN9", "违规收费、私自接受委托", "2012年3月28日前决定"),
        ),
        (
            *EVERY[1],
            ("投诉受理通知书", "2012年3月26日", "2012年5月25日前办结", "示例律师乙(律师)", "所在机构:示例律师事务所"),
        ),
        (*EVERY[2], ("投诉不予受理通知书", "已处理且无新证据", "行政复议", "行政诉讼", "2012年3月27日")),
        (*EVERY[3], ("补正材料通知书", "请补交转账的凭据", "2012年3月20日", "2012年3月2日")),
        (*EVERY[4], ("投诉调查笔录", "未订立书面委托合同", "L-1", "被调查人(签名)")),
        (*EVERY[5], ("投诉处理决定书", "示例律师乙:", "责令三十日内改正", "部分属实", "行政复议", "2012年4月10日")),
        (*EVERY[6], ("投诉答复书", "已责令退还", "申请复查", "2012年4月11日")),
        (*EVERY[7], ("投诉复查决定书", "原处理结论事实清楚", "维持原处理结论", "申请复核", "2012年4月30日")),
        (*EVERY[8], ("行政处罚建议书", "市司法局:", "建议给予警告", "被投诉人收取费用未入账", "L-1")),
        (
            *EVERY[9],
            ("年度考核结果证明", "2011年度", "称职(合格)", "示例律师乙", "执业机构:示例律师事务所"),
        ),
    ],
)
async def test_a_document_is_a_complete_letter(bench: Bench, verb: str, document: int, parts: tuple[str, ...]) -> None:
    """Title, number, addressee, body, remedies and day are in it, and no blank that the record fills."""
    text = everything_in(await bench.render(await bench.filed(), verb, document))
    assert [part for part in parts if part not in text] == []
    assert "{{" not in text


@pytest.mark.parametrize("document", OF_COMPLAINT)
async def test_a_document_that_does_not_apply_yet_says_what_is_missing(bench: Bench, document: int) -> None:
    """Of a complaint that has just come in there is a receipt only."""
    empty = dict.fromkeys([*STEPS, *SAID, "outcome", "review_outcome", "pauses", "refusal_ground"])
    received = changed(complaint_pb2.Complaint(**COMPLAINT), **(empty | {"received_date": STEPS["received_date"]}))
    filed = {"Complaint": await bench.put(received)}
    if document == COMPLAINTS.Value("COMPLAINT_DOCUMENT_RECEIPT"):
        assert (await bench.render(filed, EVERY[0][0], document)).file_name == "投诉登记回执-T-1.docx"
        return
    with pytest.raises(DocumentNotYet, match=r"^还不能出具此文书:.*尚(未|无).*。$"):
        await bench.render(filed, EVERY[0][0], document)


@pytest.mark.parametrize("outcome", ["WITHDRAWN", "SETTLED"])
async def test_what_the_complainant_ended_is_decided_for_nobody(bench: Bench, outcome: str) -> None:
    """A respondent who was perhaps never asked does not learn of a complaint that was withdrawn."""
    value = complaint_pb2.ComplaintOutcome.Value(f"COMPLAINT_OUTCOME_{outcome}")
    with pytest.raises(DocumentNotYet, match="撤回或者和解"):
        await bench.render(await bench.filed(outcome=value), *EVERY[5])


async def test_a_changed_conclusion_is_told_with_its_day(bench: Bench) -> None:
    """After a review that changed it, the decision says so and does not pass the new conclusion off as the old one."""
    changes = {"review_outcome": complaint_pb2.REVIEW_OUTCOME_CHANGED}
    text = everything_in(await bench.render(await bench.filed(**changes), *EVERY[5]))
    assert "2012年4月30日将认定变更为:投诉事项部分属实" in text
    assert "本局认定" not in text


@pytest.mark.parametrize("how", ["示例金丝雀", "示例 金丝雀", "13876543219", "330300 19700101 999x"])
@pytest.mark.parametrize(("verb", "document"), [EVERY[4], EVERY[5], EVERY[8]])
async def test_a_text_that_tells_who_complained_is_not_given_out(
    bench: Bench, verb: str, document: int, how: str
) -> None:
    """Also when the name was corrected after the text was written, the respondent does not read it."""
    filed = await bench.filed(findings=f"据{how}反映")
    with pytest.raises(DocumentNotYet, match=r"查明情况.*投诉人信息"):
        await bench.render(filed, verb, document)


@pytest.mark.parametrize(("field", "place"), [("answer", 6), ("review_decision", 7)])
async def test_a_letter_to_an_anonymous_complainant_names_nobody(bench: Bench, field: str, place: int) -> None:
    """A named complainant may be called by name in the answer, an anonymous one may not."""
    said = {field: "示例金丝雀反映的问题属实"}
    assert said[field] in everything_in(await bench.render(await bench.filed(**said), *EVERY[place]))
    with pytest.raises(DocumentNotYet, match="投诉人信息"):
        await bench.render(await bench.filed(**said, anonymous=True, key="T-2"), *EVERY[place])


async def test_a_proposal_is_of_a_measure_that_proposes(bench: Bench) -> None:
    """Other measures, one whose complaint is gone, and one that names the complainant or says nothing are refused."""
    filed = await bench.filed()
    sanction, bare = filed["Sanction"], {"complaint": None, "content": None}
    for changes, said in (
        ({"kind": sanction_pb2.SANCTION_KIND_ADMONITION}, "不是提请市局处罚"),
        ({"complaint": ref("complaints")}, "已删除"),
        ({"content": "示例金丝雀反映属实"}, "投诉人信息"),
        (bare, "尚未填写"),
    ):
        other = {"Sanction": await bench.put(changed(sanction, **changes))}
        with pytest.raises(DocumentNotYet, match=said):
            await bench.render(other, *EVERY[8])


async def test_a_certificate_names_the_firm_of_its_year(bench: Bench) -> None:
    """A practitioner who has moved since is certified with the firm of that year; a firm is certified itself."""
    filed = await bench.filed()
    old = await bench.put(changed(filed["Firm"], name_zh="示例旧律师事务所", licence_number="F-2"))
    term = {"firm": old.name, "from_date": on(2001, 1, 1), "to_date": on(2011, 12, 31)}
    moved = await bench.put(changed(filed["Practitioner"], former_terms=[term], licence_number="L-2"))
    of_moved = await bench.put(changed(filed["YearlyAssessment"], practitioner=moved.name))
    of_firm = await bench.put(changed(filed["YearlyAssessment"], practitioner=None, firm=old.name))
    of_none = await bench.put(changed(filed["YearlyAssessment"], practitioner=ref("practitioners")))
    assert "执业机构:示例旧律师事务所" in everything_in(await bench.render({"YearlyAssessment": of_moved}, *EVERY[9]))
    text = everything_in(await bench.render({"YearlyAssessment": of_firm}, *EVERY[9]))
    assert "示例旧律师事务所(合伙律师事务所,执业许可证号:F-2)" in text
    with pytest.raises(DocumentNotYet, match="已不在登记中"):
        await bench.render({"YearlyAssessment": of_none}, *EVERY[9])


@pytest.mark.parametrize(("verb", "document"), EVERY)
async def test_rendering_is_a_read_of_ones_own_with_its_purpose(bench: Bench, verb: str, document: int) -> None:
    """The audit trail says who took a document and why; another office has no such record."""
    filed = await bench.filed()
    own, other = (context.Caller(f"head-{code}", ROLES, frozenset({code})) for code in (HERE, THERE))
    await bench.render(filed, verb, document, own)
    rows = await bench.rows("SELECT actor, purpose FROM audit WHERE change = 'read'")
    assert [tuple(row) for row in rows] == [(f"head-{HERE}", "测试用途")]
    with pytest.raises(NotFound):
        await bench.render(filed, verb, document, other)


async def test_a_district_without_the_templates_says_so(migrated_database: Database, clock: ManualClock) -> None:
    """The profile has the templates; what it lacks is named."""
    parts: dict[str, Any] = {"profile": replace(PROFILE, documents={}), "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Bench, migrated_database, clock, service="legalservices", **parts) as bench:
        filed = await bench.filed()
        for verb, document in EVERY:
            with pytest.raises(NoTemplate):
                await bench.render(filed, verb, document)
