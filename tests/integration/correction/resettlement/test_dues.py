"""What is due for somebody on the books is in the list of limits and in their counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from prometheus_client import CollectorRegistry

from services.chassis.context import Caller
from services.chassis.limit_service import limit_counts
from services.correction.out_of_contact import contact_gauge, measure
from tests.integration.correction.resettlement.conftest import Bench
from tests.integration.correction.resettlement.examples import a
from tests.integration.servicers import DEPARTMENT, NORTH, SOUTH
from tests.unit.correction.resettlement.people import APART, LINKED, on


async def due(bench: Bench, caller: Caller = DEPARTMENT, days: int = 366) -> list[tuple[str, str, Any]]:
    """List what is due beside linking up: label, record, day."""
    found = (await bench.call("LimitService/ListLimits", caller, due_within_days=days, page_size=1000)).limits
    return [(one.label, one.record, one.limit.due) for one in found if one.label]


async def test_the_first_visit_is_due_and_then_the_next(bench: Bench) -> None:
    """A file without a visit waits for its first; one with visits for the next after the last of them."""
    person = await bench.person()
    assert [("走访", person.name, on(2012, 5, 20))] == await due(bench)
    for day in (on(2012, 5, 28), on(2012, 5, 10)):
        await bench.make(await a(bench, "visit", person, visit_date=day))
    assert [("走访", person.name, on(2012, 8, 28))] == await due(bench)


async def test_who_is_out_of_contact_is_counted_by_days(bench: Bench) -> None:
    """An open episode counts under every number of days that it has lasted; none that ended or begins later."""
    gauge = contact_gauge(CollectorRegistry())
    for fields in ({"from_date": on(2012, 5, 22)}, {"from_date": on(2012, 5, 1), "to_date": on(2012, 5, 9)}):
        await bench.make(await a(bench, "episode", await bench.person(key=f"T-{len(fields)}"), **fields))
    counted = {}
    for day in (date(2012, 5, 21), date(2012, 5, 22), date(2012, 6, 1), date(2012, 6, 21)):
        bench.clock.set(datetime.combine(day, time(4), UTC))
        await measure(gauge, bench.store)
        samples = [sample for metric in gauge.collect() for sample in metric.samples]
        counted[day.isoformat()] = [s.value for s in samples if s.labels["kind"] == "lost_contact"]
        assert [0, 0, 0] == [s.value for s in samples if s.labels["kind"] == "absconding"]
    wanted = {"2012-05-21": [0, 0, 0], "2012-05-22": [1, 0, 0], "2012-06-01": [1, 1, 0], "2012-06-21": [1, 1, 1]}
    assert wanted == counted


async def test_visits_are_due_for_the_office_of_the_residence(bench: Bench) -> None:
    """Whoever lives apart is visited where the person lives."""
    person = await bench.person(**APART)
    assert [("走访", person.name, on(2012, 5, 20))] == await due(bench, SOUTH)
    assert [] == await due(bench, NORTH)


async def test_the_end_of_the_five_years_is_due_until_the_file_is_closed(bench: Bench) -> None:
    """It is listed ahead, stays while it is overdue, and goes with the closing."""
    person = await bench.person(released_date=on(2007, 6, 10), announced_date=on(2007, 5, 1))
    assert ("列管期满", person.name, on(2012, 6, 9)) in await due(bench)
    counted = {(one.rule, one.state): one.records for one in await limit_counts(bench.store)}
    assert {("resettlement.five_years", "running"): 1, ("resettlement.visit", "overdue"): 1} == counted
    await bench.call("ReleasedPersonService/CloseReleasedPerson", name=person.name, close_ground=2)
    assert [] == await due(bench)


async def test_nothing_is_due_before_the_books_are_opened(bench: Bench) -> None:
    """Somebody who is linked up with only is not visited by interval yet."""
    await bench.person(registered_date=None, **LINKED)
    assert [] == await due(bench)
