"""When each source and office was heard of: the clock hours in which their changes were recorded.

Kept in the projection beside the facts and made from the same events, so that a rebuild makes it again.
"""
# ruff: noqa: S608  statements are made of table names, never of input

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.aggregation.fold import REPAIR
from services.aggregation.plan import Plan
from services.aggregation.tables import SCHEMA
from services.chassis.stream import FactEvent

NOTE = f"""
insert into {SCHEMA}.heard as h (source, office, hour, last)
select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
on conflict (source, office, hour) do update set last = excluded.last where excluded.last > h.last"""
NOTE_REPAIRS = f"""
insert into {SCHEMA}.heard (source, office, hour, last)
select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[]) as r(source, office, hour, last)
where not exists (select from {SCHEMA}.heard as h where h.source = r.source and h.office = r.office)"""
# Each pair is looked up on its own: the table grows with the years, what is read of it does not.
READ = f"""
select s.source, o.office, first.hour, newest.last,
  array(select hour from {SCHEMA}.heard where source = s.source and office = o.office and hour >= $3 order by hour)
from unnest($1::text[]) as s(source) cross join unnest($2::text[]) as o(office)
cross join lateral (select hour from {SCHEMA}.heard where source = s.source and office = o.office
  order by hour limit 1) as first
cross join lateral (select last from {SCHEMA}.heard where source = s.source and office = o.office
  order by hour desc limit 1) as newest"""
SOURCES = f"select distinct source from {SCHEMA}.position"
UNITS = f"select code from {SCHEMA}.unit"


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of an office from a source: the hour of the first change, the instant of the last, the recent hours."""

    source: str
    office: str
    first: datetime
    last: datetime
    hours: tuple[datetime, ...]


class Hours:
    """The hours in which events were recorded, by source and office, until they are noted.

    A repair is recorded when it is made, whenever the record was: it says something only of whom nothing else is known.
    """

    def __init__(self, events: Iterable[FactEvent] = ()) -> None:
        # Hours are counted from the epoch: a number is made faster than an instant, and there are many events.
        self._last: dict[tuple[str, str, int], datetime] = {}
        self._repaired: dict[tuple[str, str, int], datetime] = {}
        self.add(events)

    def add(self, events: Iterable[FactEvent]) -> None:
        """Take events in."""
        for event in events:
            held, recorded = self._repaired if event.change == REPAIR else self._last, event.recorded
            key = (event.source, event.office, int(recorded.timestamp()) // 3600)
            last = held.get(key)
            if last is None or recorded > last:
                held[key] = recorded

    async def note(self, conn: asyncpg.Connection, plan: Plan) -> None:
        """Write the hours beside those that are known, and forget them here."""
        for statement, held in ((NOTE, self._last), (NOTE_REPAIRS, self._repaired)):
            rows = [(s, o, _hour(last), last) for (s, o, _), last in sorted(held.items()) if "\0" not in o]
            if rows:
                await conn.execute(plan.placed(statement), *zip(*rows, strict=True))
            held.clear()


def _hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)


async def read(conn: asyncpg.Connection, plan: Plan, names: Collection[str], since: datetime) -> list[Heard]:
    """Return what was heard from these sources and all others that were read; hours from an instant on."""
    sources = sorted({*names, *(name for (name,) in await conn.fetch(plan.placed(SOURCES)))})
    offices = ["", *sorted(code for (code,) in await conn.fetch(plan.placed(UNITS)))]
    rows = await conn.fetch(plan.placed(READ), sources, offices, since)
    return [Heard(row[0], row[1], row[2], row[3], tuple(row[4])) for row in rows]
