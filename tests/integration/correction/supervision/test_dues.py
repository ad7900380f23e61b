"""What persons under correction owe by a day is in the list of limits and in their counts."""

from __future__ import annotations

from typing import Any

from geju.correction.v1 import absconding_pb2, duty_pb2, leave_pb2, positioning_pb2

from services.chassis.limit_service import DISTRICT, limit_counts
from tests.integration.correction.supervision.conftest import CLERK, HEAD, Bench
from tests.support.correction import OFFICE, on


async def due(bench: Bench, label: str, days: int = 31) -> list[Any]:
    """Return the days of what is due under a label."""
    found = (await bench.call("LimitService/ListLimits", CLERK, due_within_days=days, page_size=1000)).limits
    return [one.limit.due for one in found if one.label == label]


async def test_open_duties_are_due_and_long_missed_ones_are_not(bench: Bench) -> None:
    """A duty is listed while it can be met, a month past its day at most; done, it is gone."""
    person = await bench.under_correction()
    listed = await due(bench, "教育学习")
    assert [on("2012-05-31"), on("2012-06-30")] == listed
    counted = {(one.rule, one.state): one.records for one in await limit_counts(bench.store)}
    assert 1 == counted["correction.duty.education", "overdue"]
    wanted = {
        "person": person.name.partition("/")[2],
        "kind": duty_pb2.DUTY_KIND_EDUCATION,
        "met_due_to": on("2012-05-31"),
    }
    duties = (await bench.call("DutyService/ListDuties", CLERK, filter=wanted)).duties
    may = next(one for one in duties if one.due_date == on("2012-05-31"))
    given: dict[str, Any] = {"name": may.name, "hours": may.required_hours, "done_date": on("2012-05-30")}
    await bench.call("DutyService/RecordDuty", CLERK, **given)
    assert [on("2012-06-30")] == await due(bench, "教育学习")


async def test_a_leave_is_due_until_the_person_is_back(bench: Bench) -> None:
    """It stays while it is overdue; one that was only asked for is not due."""
    person = await bench.under_correction()
    given: dict[str, Any] = {
        "office": OFFICE,
        "person": person.name,
        "kind": 1,
        "destination": "示例",
        "ground": "示例",
    }
    days = {"asked_date": on("2012-05-20"), "from_date": on("2012-05-25"), "to_date": on("2012-05-28")}
    leave = await bench.make(leave_pb2.Leave(**given, **days))
    assert [] == await due(bench, "请假期满销假")
    await bench.call("LeaveService/ApproveLeave", HEAD, name=leave.name, decided_date=on("2012-05-21"))
    assert [on("2012-05-28")] == await due(bench, "请假期满销假")
    await bench.call("LeaveService/RecordReturn", CLERK, name=leave.name, back_date=on("2012-05-29"))
    assert [] == await due(bench, "请假期满销假")


async def test_a_positioning_that_ends_is_due_and_one_that_ended_is_not(bench: Bench) -> None:
    """What comes after it needs an approval; what is over needs nothing."""
    person = await bench.under_correction()
    for first, last in (("2012-04-01", "2012-04-30"), ("2012-05-10", "2012-06-10")):
        given = {"approved_date": on(first), "from_date": on(first), "to_date": on(last)}
        await bench.make(positioning_pb2.Positioning(office=OFFICE, person=person.name, ground="示例", **given))
    assert [on("2012-06-10")] == await due(bench, "电子定位届满")


async def test_what_few_persons_did_is_counted_of_the_district_alone(bench: Bench) -> None:
    """Metrics say nowhere in which office somebody is missing, or how many owe what key persons alone owe."""
    person = await bench.under_correction()
    await bench.make(absconding_pb2.Absconding(office=OFFICE, person=person.name, from_date=on("2012-05-20")))
    counted = await limit_counts(bench.store)
    told = {(DISTRICT, "absconding"), (DISTRICT, "duty"), (OFFICE, "supervised_person")}
    assert told == {(one.office, one.kind) for one in counted}
    assert [1] == [one.records for one in counted if one.kind == "absconding"]
