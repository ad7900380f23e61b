"""Documents of resettlement: complete, in Chinese, from the templates of the demonstration district."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from geju.correction.v1 import helping_agreement_pb2, transition_grant_pb2
from geju.correction.v1 import released_person_service_pb2 as rpc

from services.chassis.clock import ManualClock
from services.chassis.domain.errors import NotFound
from services.chassis.domain.papers import DocumentNotApplicable, NoTemplate
from services.correction.app import KINDS, SERVICERS
from tests.integration.chassis.toy import PROFILE as DISTRICT
from tests.integration.correction.resettlement.conftest import Bench
from tests.integration.servicers import NORTH, SOUTH, Database, with_servicers
from tests.unit.correction.resettlement.people import APART, PROFILE, on

AGREEMENT = rpc.RESETTLEMENT_DOCUMENT_HELPING_AGREEMENT
STATEMENT = rpc.RESETTLEMENT_DOCUMENT_GRANT_STATEMENT
TEMPLATES = {path.stem: path for path in (DISTRICT / "documents").glob("resettlement_*.docx")}


@pytest.fixture
async def bench(database: Database, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store of a district with the demonstration's templates."""
    profile = replace(PROFILE, documents=TEMPLATES)
    parts: dict[str, Any] = {"profile": profile, "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Bench, database, clock, service="correction", **parts) as found:
        yield found


async def render(bench: Bench, person: Any, document: Any, caller: Any = NORTH) -> tuple[str, str]:
    """Return a document's file name and text."""
    verb = "ReleasedPersonService/RenderResettlementDocument"
    made = (await bench.call(verb, caller, name=person.name, document=document)).document
    return made.file_name, "\n".join(paragraph.text for paragraph in Document(io.BytesIO(made.content)).paragraphs)


def agreement(person: Any, **fields: Any) -> helping_agreement_pb2.HelpingAgreement:
    """Return an agreement with two helpers."""
    helpers = [helping_agreement_pb2.Helper(full_name=name, kind=2, phone="测试电话") for name in ("测试乙", "测试丙")]
    given: dict[str, Any] = {"office": "north", "person": person.name, "helpers": helpers} | fields
    return helping_agreement_pb2.HelpingAgreement(**given)


async def test_either_office_draws_up_what_the_other_agreed(bench: Bench) -> None:
    """The household's office writes out the agreement that the residence's office has made."""
    person = await bench.person(**APART)
    await bench.make(agreement(person, key="X-1", office="south", from_date=on(2012, 3, 1)), SOUTH)
    for caller in (NORTH, SOUTH):
        _, text = await render(bench, person, AGREEMENT, caller)
        assert "编号:X-1" in text


async def test_the_agreement_in_force_is_written_out(bench: Bench) -> None:
    """Parties, days and terms are in it, and room to sign; a later one that is not in force yet is not."""
    person = await bench.person(key="G-1", id_number="测试证号")
    days = {"from_date": on(2012, 3, 1), "to_date": on(2013, 2, 28)}
    await bench.make(agreement(person, key="X-1", content="<每月> & 谈心", **days))
    await bench.make(agreement(person, key="X-0", from_date=on(2012, 2, 20), to_date=on(2012, 2, 28)))
    name, text = await render(bench, person, AGREEMENT)
    assert "帮教协议书-G-1.docx" == name
    for part in (
        "编号:X-1",
        "张某某",
        "测试证号",
        "测试乙(村居干部)",
        "测试丙",
        "<每月> & 谈心",
        "2013年2月28日",
        "签名",
    ):
        assert part in text
    assert "{{" not in text


async def test_the_last_grant_is_written_out(bench: Bench) -> None:
    """Amount and days are in it; what is not paid yet leaves room for the day."""
    person = await bench.person(key="G-1")
    for day, amount in ((1, 50000), (20, 123450)):
        given = on(2012, 5, day)
        grant = {"office": "north", "person": person.name, "amount_fen": amount, "granted_date": given}
        await bench.make(transition_grant_pb2.TransitionGrant(**grant, ground="测试事由"))
    name, text = await render(bench, person, STATEMENT)
    assert "过渡性安置补助金发放表-G-1.docx" == name
    for part in ("1,234.50元", "2012年5月20日", "测试事由", "north所(印章)", "2012年6月1日"):
        assert part in text


@pytest.mark.parametrize("document", [AGREEMENT, STATEMENT])
async def test_a_document_of_nothing_is_refused(bench: Bench, document: Any) -> None:
    """Without an agreement or a grant there is nothing to write; a person out of scope is not there."""
    person = await bench.person()
    with pytest.raises(DocumentNotApplicable):
        await render(bench, person, document)
    with pytest.raises(NotFound):
        await render(bench, person, document, SOUTH)


async def test_a_district_without_the_template_says_so(database: Database, clock: ManualClock) -> None:
    """The profile has the templates; what it lacks is named."""
    parts: dict[str, Any] = {"profile": PROFILE, "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Bench, database, clock, service="correction", **parts) as bench:
        person = await bench.person()
        with pytest.raises(NoTemplate):
            await render(bench, person, AGREEMENT)


async def test_rendering_is_a_read_with_its_purpose(bench: Bench) -> None:
    """The audit trail says who took a document of whom, and why."""
    person = await bench.person()
    await bench.make(agreement(person, from_date=on(2012, 3, 1)))
    await render(bench, person, AGREEMENT)
    [row] = await bench.rows("SELECT actor, purpose FROM audit WHERE change = 'read'")
    assert ("head-north", "测试用途") == tuple(row)
