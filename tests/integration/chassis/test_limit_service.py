"""What is due soon and what is overdue, over every kind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from geju.common.v1 import limit_pb2
from geju.common.v1 import limit_service_pb2 as pb

from services.chassis.context import Caller
from services.chassis.domain.dates import from_date, to_date
from services.chassis.domain.errors import BadPageToken, UnknownOffice
from services.chassis.limit_service import LimitCount, limit_counts
from tests.integration.chassis import notes
from tests.integration.chassis.conftest import CLERK, DEPARTMENT, Bench, rid

TODAY = date(2012, 6, 1)


async def due(bench: Bench, caller: Caller = DEPARTMENT, **fields: Any) -> Any:
    """List limits."""
    return await bench.call("limits/ListLimits", pb.ListLimitsRequest(**fields), caller)


async def started(bench: Bench, days_ago: int, **fields: Any) -> Any:
    """Make a note whose 30 days began so many days ago."""
    return await bench.note(taken_date=from_date(TODAY - timedelta(days=days_ago)), **fields)


async def test_overdue_and_soon_due_limits_are_listed_soonest_first(bench: Bench) -> None:
    """A limit is listed from so many days before its end until it is met; its last day is not overdue."""
    soon, overdue, last = [await started(bench, days) for days in (27, 40, 30)]
    closed = await started(bench, 50)
    await bench.call("notes/CloseNote", notes.request("CloseNote", name=closed.name, request_id=rid()))
    await started(bench, 1)
    listed = (await due(bench, due_within_days=7)).limits
    assert [overdue.name, last.name, soon.name] == [found.record for found in listed]
    states = [limit_pb2.LIMIT_STATE_OVERDUE, limit_pb2.LIMIT_STATE_RUNNING, limit_pb2.LIMIT_STATE_RUNNING]
    assert states == [found.limit.state for found in listed]
    assert to_date(listed[1].limit.due) == TODAY
    assert [overdue.name] == [found.record for found in (await due(bench)).limits]


async def test_limits_are_those_of_the_callers_offices(bench: Bench) -> None:
    """A clerk sees limits of the own office; asking for another one's gives none, for an unknown one an error."""
    await started(bench, 40, office="south")
    assert len((await due(bench, office="south")).limits) == 1
    assert len((await due(bench, CLERK)).limits) == 0
    assert len((await due(bench, CLERK, office="south")).limits) == 0
    with pytest.raises(UnknownOffice):
        await due(bench, office="nowhere")


async def test_limits_come_in_pages(bench: Bench) -> None:
    """Pages hold every limit once; a token belongs to its query."""
    made = [(await started(bench, 40 - i)).name for i in range(3)]
    first = await due(bench, page_size=2)
    second = await due(bench, page_size=2, page_token=first.next_page_token)
    assert made == [found.record for page in (first, second) for found in page.limits]
    assert second.next_page_token == ""
    with pytest.raises(BadPageToken):
        await due(bench, page_size=2, page_token=first.next_page_token, due_within_days=3)


async def test_limits_are_counted_for_metrics(bench: Bench) -> None:
    """Records are counted by office, rule and whether they are late or will be within a week."""
    for days in (40, 41, 30, 23, 22):
        await started(bench, days)
    counted = {(count.office, count.state): count.records for count in await limit_counts(bench.store)}
    assert counted == {("north", "overdue"): 2, ("north", "due_soon"): 2, ("north", "running"): 1}
    assert LimitCount("note", "north", notes.LIMIT, "overdue", 2) in await limit_counts(bench.store)
