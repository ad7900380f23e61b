"""What a projection keeps of what it is sent."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest
from geju.mediation.v1.facts_pb2 import DisputeFacts

from services.aggregation.kinds import BY_NAME
from services.aggregation.positions import Position
from services.aggregation.projection import Projection
from tests.support import histories
from tests.support.counting import TODAY, Counting, figures, fresh, on


def dispute(office: str = "01", day: int = 5) -> DisputeFacts:
    """Return a dispute accepted in March 2012."""
    return DisputeFacts(office=office, accepted_date=on(2012, 3, day), type=1, channel=1)


async def accepted(counting: Counting, unit: str = "") -> int:
    """Return the disputes accepted in March 2012."""
    return (await counting.figure("mediation.accepted", "2012-03", unit))[0]


async def test_a_newer_revision_replaces_an_older_one_and_an_older_one_does_nothing(counting: Counting) -> None:
    """The newest revision wins, whatever comes when; the office that lost the record loses the figure."""
    new, old = (histories.event("dispute", 1, r, dispute(o), sequence=r) for r, o in ((2, "03"), (1, "01")))
    for event in (old, new, old):
        await counting.projection.apply(counting.conn, [event], TODAY)
    assert (1, 0, 1) == (await accepted(counting), await accepted(counting, "01"), await accepted(counting, "03"))


async def test_a_new_epoch_wins_over_any_revision(counting: Counting) -> None:
    """After a restore of the service, a low revision of the new epoch replaces a high one of the old."""
    lost = histories.event("dispute", 1, 9, dispute(), sequence=9)
    gone = histories.event("dispute", 1, 2, DisputeFacts(deleted=True), sequence=1, epoch=2)
    await counting.projection.apply(counting.conn, [lost], TODAY)
    await counting.projection.apply(counting.conn, [gone], TODAY)
    assert await accepted(counting) == 0


async def test_only_a_repair_replaces_an_equal_revision(counting: Counting) -> None:
    """Equal (epoch, revision) with other facts is ignored, unless it is sent as a repair."""
    first = histories.event("dispute", 1, 1, dispute("01"))
    other = histories.event("dispute", 1, 1, dispute("03"))
    await counting.projection.apply(counting.conn, [first], TODAY)
    await counting.projection.apply(counting.conn, [other], TODAY)
    assert await accepted(counting, "03") == 0
    await counting.projection.apply(counting.conn, [replace(other, change="repair")], TODAY)
    assert (0, 1) == (await accepted(counting, "01"), await accepted(counting, "03"))


async def test_a_deleted_record_counts_nowhere(counting: Counting) -> None:
    """The last revision says deleted; the figure is gone."""
    facts = dispute()
    await counting.projection.apply(counting.conn, [histories.event("dispute", 1, 1, facts)], TODAY)
    facts.deleted = True
    await counting.projection.apply(counting.conn, [histories.event("dispute", 1, 2, facts, sequence=2)], TODAY)
    assert {} == {k: v for k, v in (await figures(counting.conn, counting.projection)).items() if "accepted" in k[0]}


async def test_facts_that_cannot_be_read_are_reported_and_the_rest_is_counted(counting: Counting) -> None:
    """One bad event stops nothing and is named."""
    good = histories.event("dispute", 1, 1, dispute())
    broken = replace(histories.event("dispute", 2, 1, dispute(), sequence=2), facts=b"\xff\xff")
    impossible = histories.event("dispute", 3, 1, dispute(day=32), sequence=3)
    foreign = replace(histories.event("dispute", 4, 1, dispute(), sequence=4), facts_type="geju.other.v1.Facts")
    homeless = histories.event("dispute", 5, 1, DisputeFacts(accepted_date=on(2012, 3, 5)), sequence=5)
    events = [good, broken, impossible, foreign, homeless]
    applied = await counting.projection.apply(counting.conn, events, TODAY)
    assert {e.id for e in events[1:]} == {rejected.event.id for rejected in applied.rejected}
    assert await accepted(counting) == 1


async def test_a_gap_in_a_source_is_seen_as_a_gap(counting: Counting) -> None:
    """Sequences 1 to 3 and 6 to 7: two are missing; what comes late closes the gap; repeats change nothing."""

    async def send(*sequences: int) -> Position:
        events = [histories.event("dispute", s, 1, dispute(), sequence=s) for s in sequences]
        await counting.projection.apply(counting.conn, events, TODAY)
        return (await counting.projection.positions(counting.conn))[0]

    position = await send(1, 2, 3, 7, 6)
    assert (3, 7, 2) == (position.contiguous, position.last, position.missing)
    position = await send(5, 4, 1)
    assert (7, 7, 0) == (position.contiguous, position.last, position.missing)


async def test_a_rebuild_gives_what_single_batches_give(
    projections: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading in bulk, with repeats and disorder, ends in the same facts and figures."""
    events = [
        histories.event(kind, number, revision, histories.facts(kind, number * 10 + revision), sequence=revision)
        for kind in sorted(BY_NAME)
        for number in range(5)
        for revision in (2, 1, 3)
    ]
    projection = await fresh(projections)
    await projection.apply(projections, events, TODAY)
    expected = await figures(projections, projection)
    again = await fresh(projections)
    monkeypatch.setattr("services.aggregation.projection.HELD", 1)  # so that every kind is written in several parts
    for part in (events[::3], events[1::3], [*events[2::3], *events[:20]]):
        await again.load(projections, part)
    await again.finish(projections, TODAY)
    assert expected == await figures(projections, again)


async def test_a_projection_is_opened_again_where_it_was_left(projections: asyncpg.Connection) -> None:
    """After a restart the date, the offices and the figures are those stored."""
    projection = await fresh(projections)
    await projection.apply(projections, [histories.event("dispute", 1, 1, dispute("09"))], TODAY)
    opened = await Projection.open(projections, projection.plan, projection.profile)
    assert (TODAY, projection.units) == (opened.as_of, opened.units)
    applied = await opened.apply(projections, [histories.event("dispute", 2, 1, dispute("09"), sequence=2)], TODAY)
    assert (2, 0) == next((r.n, r.total) for r in applied.changed if (r.unit, r.period) == ("", "2012"))
