"""What a projection knows of when each source and office was heard of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from geju.mediation.v1.facts_pb2 import DisputeFacts

from services.aggregation.heard import Heard, read
from services.chassis.stream import FactEvent
from tests.support import histories
from tests.support.counting import Counting, on

NINE, SOURCE = datetime(2012, 3, 19, 1, tzinfo=UTC), "geju/mediation"
MINUTE = timedelta(minutes=1)


def sent(number: int, minutes: int, office: str = "01", change: str = "changed") -> FactEvent:
    """Return an event so many minutes after nine."""
    facts = DisputeFacts(office=office, accepted_date=on(2012, 3, 19))
    event = histories.event("dispute", number, 1, facts, sequence=number, change=change)
    return replace(event, recorded=NINE + minutes * MINUTE, office=office)


async def heard(counting: Counting, *batches: list[FactEvent]) -> list[Heard]:
    """Apply batches and return what is known then."""
    for batch in batches:
        await counting.projection.apply(counting.conn, batch, counting.today)
    return await read(counting.conn, counting.projection.plan, [], NINE)


@pytest.mark.parametrize("apart", [False, True])
async def test_the_last_instant_of_each_hour_is_kept(counting: Counting, apart: bool) -> None:  # noqa: FBT001
    """Of each office, in whatever order and batches the events come."""
    events = [sent(1, 50), sent(2, 10), sent(3, 130), sent(4, 20, "02")]
    found = await heard(counting, *([event] for event in events)) if apart else await heard(counting, events)
    assert [
        Heard(SOURCE, "01", NINE, NINE + 130 * MINUTE, (NINE, NINE + 120 * MINUTE)),
        Heard(SOURCE, "02", NINE, NINE + 20 * MINUTE, (NINE,)),
    ] == found


async def test_hours_before_the_window_are_left_out(counting: Counting) -> None:
    """First and last are told all the same."""
    found = await heard(counting, [sent(1, -90), sent(2, -30)])
    assert [Heard(SOURCE, "01", NINE - 120 * MINUTE, NINE - 30 * MINUTE, ())] == found


async def test_a_repair_is_no_sign_of_life(counting: Counting) -> None:
    """It is made by the proof; only of whom nothing else is known it says that there was something."""
    found = await heard(counting, [sent(1, 10)], [sent(1, 500, change="repair"), sent(2, 500, "02", change="repair")])
    assert {"01": NINE + 10 * MINUTE, "02": NINE + 500 * MINUTE} == {one.office: one.last for one in found}
