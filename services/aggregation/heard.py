"""When each source and office was heard of: the clock hours in which their changes were recorded.

Kept in the projection beside the facts and made from the same events, so that a rebuild makes it again.
"""
# ruff: noqa: S608  statements are made of table names, never of input

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.aggregation.plan import Plan
from services.aggregation.tables import SCHEMA
from services.chassis.stream import FactEvent

#: Last instant by source, office and clock hour.
Hours = Mapping[tuple[str, str, datetime], datetime]

NOTE = f"""
insert into {SCHEMA}.heard as h (source, office, hour, last)
select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
on conflict (source, office, hour) do update set last = excluded.last where excluded.last > h.last"""
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


def hours_of(events: Iterable[FactEvent]) -> dict[tuple[str, str, datetime], datetime]:
    """Return the hours in which events were recorded."""
    found: dict[tuple[str, str, int], datetime] = {}
    for event in events:
        recorded = event.recorded
        # Counted from the epoch: many events are of few hours, and a number is made faster than an instant.
        key = (event.source, event.office, int(recorded.timestamp()) // 3600)
        last = found.get(key)
        if last is None or recorded > last:
            found[key] = recorded
    hours = (((source, office, _hour(last)), last) for (source, office, _), last in found.items())
    return {key: last for key, last in hours if "\0" not in key[1]}


def _hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)


async def note(conn: asyncpg.Connection, plan: Plan, hours: Hours) -> None:
    """Write hours beside those that are known."""
    if hours:
        rows = sorted((*key, last) for key, last in hours.items())
        await conn.execute(plan.placed(NOTE), *zip(*rows, strict=True))


async def read(conn: asyncpg.Connection, plan: Plan, names: Collection[str], since: datetime) -> list[Heard]:
    """Return what was heard from these sources and all others that were read; hours from an instant on."""
    sources = sorted({*names, *(name for (name,) in await conn.fetch(plan.placed(SOURCES)))})
    offices = ["", *sorted(code for (code,) in await conn.fetch(plan.placed(UNITS)))]
    rows = await conn.fetch(plan.placed(READ), sources, offices, since)
    return [Heard(row[0], row[1], row[2], row[3], tuple(row[4])) for row in rows]
