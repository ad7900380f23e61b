"""What the file of a person under correction lacks."""

from __future__ import annotations

from typing import Any

from geju.correction.v1 import duty_pb2
from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.domain.errors import NotFound, PurposeRequired
from tests.integration.correction.supervision.conftest import CLERK, ELSEWHERE, PERSONS, Bench
from tests.support.correction import on

METHOD = PERSONS + "GetSupervisionFile"


async def lacking(bench: Bench, name: str) -> set[str]:
    """Return the required papers that the file lacks; it is complete when there are none."""
    answer = await bench.call(METHOD, CLERK, name=name)
    found = {item.code for item in answer.items if item.required and not item.present}
    assert answer.complete == (not found)
    return found


async def test_a_file_lacks_what_its_stage_calls_for(bench: Bench) -> None:
    """Before the person reports only the court's papers are called for; afterwards plan and declaration, too."""
    person = await bench.person(papers_date=None, id_number="测试证号")
    assert {"legal_papers"} == await lacking(bench, person.name)
    await bench.step("TakeOverPerson", person.name, taken_over_date=on("2012-05-30"))
    assert {"legal_papers", "declaration", "plan"} == await lacking(bench, person.name)
    await bench.step("DeclareCorrection", person.name, declared_date=on("2012-05-31"), plan="测试方案")
    assert {"legal_papers"} == await lacking(bench, person.name)


async def test_reports_that_were_due_belong_to_the_file(bench: Bench) -> None:
    """A thought report that was due and is not there is missing; what is due later is not called for."""
    person = await bench.under_correction(id_number="测试证号", papers_date=on("2012-03-01"))
    assert "thought_reports" in await lacking(bench, person.name)
    duties = (await bench.call("DutyService/ListDuties", CLERK, filter=wanted(person), page_size=1000)).duties
    for duty in duties:
        await bench.call("DutyService/RecordDuty", CLERK, name=duty.name, done_date=duty.due_date)
    assert "thought_reports" not in await lacking(bench, person.name)


def wanted(person: pb.SupervisedPerson) -> dict[str, Any]:
    """Return the filter of the thought reports that were due by today."""
    kind = {"kind": duty_pb2.DUTY_KIND_THOUGHT_REPORT, "met_due_to": on("2012-05-31")}
    return {"person": person.name.partition("/")[2], **kind}


async def test_a_file_is_looked_at_for_a_purpose_by_its_office(bench: Bench) -> None:
    """The papers say what a person has done: it is a read of the person, and another office's is not found."""
    person = await bench.under_correction()
    for caller, purpose, error in ((CLERK, "", PurposeRequired), (ELSEWHERE, "核查", NotFound)):
        assert (error.reason,) == (await bench.refused(METHOD, caller, name=person.name, purpose=purpose))[:1]
    await bench.call(METHOD, CLERK, name=person.name, purpose="档案检查")
    rows = await bench.rows("SELECT purpose FROM audit WHERE change = 'read' AND method LIKE '%GetSupervisionFile'")
    assert ["档案检查"] == [row["purpose"] for row in rows]
