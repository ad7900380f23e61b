"""How far each source was read: which dense sequences have been taken in, and which are missing."""
# ruff: noqa: S608  statements are made of table names, never of input

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.aggregation.plan import Plan
from services.aggregation.tables import SCHEMA
from services.chassis.stream import FactEvent

#: Sequences of a source in an epoch: the first, the one after the last, and when the newest of them was recorded.
Run = tuple[str, int, int, int, datetime]


@dataclass(frozen=True, slots=True)
class Position:
    """A source in one of its epochs: `last` is the highest sequence read, `missing` how many below were not.

    `contiguous` is the last sequence up to which nothing is missing; `recorded` the newest change read.
    """

    source: str
    epoch: int
    contiguous: int
    last: int
    missing: int
    recorded: datetime


class Gaps:
    """Tells gaps from disorder: one that is the same from one look to the next is a gap, and is told once."""

    def __init__(self) -> None:
        self._before: dict[tuple[str, int], tuple[int, bool]] = {}

    def look(self, positions: Iterable[Position]) -> list[Position]:
        """Return the positions in which something has turned out to be missing."""
        found = []
        for position in positions:
            key = position.source, position.epoch
            before, told = self._before.get(key, (0, False))
            stays = position.missing > 0 and position.missing == before
            if stays and not told:
                found.append(position)
            self._before[key] = position.missing, stays
        return found


ADVANCE = f"""
insert into {SCHEMA}.position as p (source, epoch, seen, recorded)
select s, e, range_agg(int8range(low, high)), max(r)
from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[]) as t(s, e, low, high, r)
group by s, e
on conflict (source, epoch) do update
set seen = p.seen + excluded.seen, recorded = greatest(p.recorded, excluded.recorded)"""

READ = f"""
select source, epoch,
  case when lower(seen) <= 1 then (select upper(r) from unnest(seen) as r order by r limit 1) - 1 else 0 end
    as contiguous,
  upper(seen) - 1 as last,
  (select sum(upper(r) - lower(r)) from unnest(int8multirange(int8range(1, upper(seen))) - seen) as r) as missing,
  recorded
from {SCHEMA}.position order by source, epoch"""


async def advance(conn: asyncpg.Connection, plan: Plan, runs: Collection[Run]) -> None:
    """Note the sequences of runs as read."""
    if runs:
        await conn.execute(plan.placed(ADVANCE), *zip(*runs, strict=True))


def runs_of(events: Iterable[FactEvent]) -> list[Run]:
    """Return the runs of sequences without a gap among events."""
    runs: list[Run] = []
    for source, epoch, sequence, recorded in sorted((e.source, e.epoch, e.sequence, e.recorded) for e in events):
        if runs and runs[-1][:2] == (source, epoch) and sequence <= runs[-1][3]:
            _, _, low, high, newest = runs.pop()
            runs.append((source, epoch, low, max(high, sequence + 1), max(newest, recorded)))
        else:
            runs.append((source, epoch, sequence, sequence + 1, recorded))
    return runs


async def positions(conn: asyncpg.Connection, plan: Plan) -> list[Position]:
    """Return the position of every source and epoch."""
    records = await conn.fetch(plan.placed(READ))
    return [Position(r[0], r[1], r[2], r[3], int(r[4] or 0), r[5]) for r in records]
