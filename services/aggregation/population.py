"""What the district profile says exists (offices, places, office-months), as tables that are counted like facts."""
# ruff: noqa: S608  statements are made of table names, never of input

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import asyncpg

from services.aggregation.periods import Level, since
from services.aggregation.plan import Plan
from services.aggregation.tables import OFFICE_MONTHS, OFFICES, PLACES, SCHEMA
from services.chassis.domain.profile import Profile

# The profile's time limit for reporting a screening round: it starts on the last day of the month.
REPORT_RULE = "mediation.screening"
Rows = list[tuple[Any, ...]]


def first_day(profile: Profile) -> date:
    """Return the day from which the district's figures begin: registers are counted from its month on."""
    return profile.valid_from.replace(day=1)


def digest(profile: Profile) -> str:
    """Return a digest of everything that decides who is counted."""
    rules = [rule for rule in profile.limits if rule.id == REPORT_RULE]
    return hashlib.sha256(repr((offices(profile), places(profile), first_day(profile), rules)).encode()).hexdigest()


def units(profile: Profile) -> set[str]:
    """Return the codes of every office, the bureau's own department included."""
    return {profile.code, *(office.code for office in profile.offices)}


def offices(profile: Profile) -> Rows:
    """Return the judicial offices; the bureau's own department is none."""
    return [(o.code, 0, o.code, False, o.kind, o.valid_from, o.valid_to) for o in profile.offices]


def places(profile: Profile) -> Rows:
    """Return the villages and communities."""
    return [(p.code, 0, p.office, False, p.kind, p.valid_from, p.valid_to) for p in profile.places]


def office_months(profile: Profile, as_of: date) -> Iterator[tuple[Any, ...]]:
    """Give every month until the one of `as_of` at whose end an office existed and owed a report."""
    for month in since(first_day(profile), as_of, [Level.MONTH]):
        rule = profile.limit_rule(REPORT_RULE, month.end)
        for office in profile.offices:
            if rule is not None and office.in_force(month.end):
                due = rule.end(month.end)
                yield f"{office.code}:{month.code}", 0, office.code, False, month.start, month.end, due


async def fill(conn: asyncpg.Connection, plan: Plan, profile: Profile, as_of: date) -> None:
    """Write the population anew."""
    held = {OFFICES: offices(profile), PLACES: places(profile), OFFICE_MONTHS: list(office_months(profile, as_of))}
    for table, rows in held.items():
        await conn.execute(plan.placed(f"delete from {SCHEMA}.{table.name}"))
        await conn.copy_records_to_table(table.name, schema_name=plan.schema, records=rows)
    statement = f"insert into {SCHEMA}.unit select unnest($1::text[]) on conflict do nothing"
    await conn.execute(plan.placed(statement), sorted(units(profile)))


async def extend(conn: asyncpg.Connection, plan: Plan, profile: Profile, as_of: date) -> None:
    """Add the office-months that have begun since the population was written."""
    rows = list(office_months(profile, as_of))
    marks = ", ".join(f"${i + 1}" for i in range(len(OFFICE_MONTHS.columns)))
    statement = f"insert into {SCHEMA}.{OFFICE_MONTHS.name} values ({marks}) on conflict do nothing"
    await conn.executemany(plan.placed(statement), rows)
