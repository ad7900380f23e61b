"""Work lists: who or what still has to be seen to, from what declares the indicators; sealed records are on none."""
# ruff: noqa: S608  statements are made of declarations, never of input

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import asyncpg

from services.aggregation.indicator import Indicator, Task
from services.aggregation.members import detail, named, reason_of
from services.aggregation.periods import Level, period_of
from services.aggregation.plan_census import second_office, span
from services.aggregation.plan_common import Moment, all_of
from services.aggregation.projection import Projection
from services.aggregation.tables import SCHEMA

#: Days within which what is due is due soon, and days after which what was due is no longer on a list.
SOON, LONG_AGO = 3, 366
#: Where in order there is no last day.
NEVER = date(9999, 12, 31)
AS_OF, START, OFFICES = "$1::date", "$2::date", "$3::text[]"
TODAY = Moment(AS_OF, START, AS_OF)
_ENTRY = ("collection", "id", "office", "second", "due", "reason", "detail", "number")
Position = tuple[date, str, str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `id` within `collection` (empty: an entry of the profile), why it is there, its last day if any."""

    collection: str
    id: str
    office: str
    second: str
    due: date | None
    reason: str
    detail: str
    #: Tells the tasks of one list apart.
    number: int

    @property
    def position(self) -> Position:
        """Where it stands on its list."""
        return self.due or NEVER, self.office, self.id, self.number


@dataclass(frozen=True, slots=True)
class Count:
    """Entries of one office, and a second one where they have two: all, with the last day passed, due soon."""

    office: str
    second: str
    items: int
    overdue: int
    soon: int


@dataclass(frozen=True, slots=True)
class Whose:
    """Of which offices (None: all) a list is asked for, and for which day."""

    as_of: date
    offices: Collection[str] | None = None

    @property
    def arguments(self) -> tuple[date, date, list[str] | None]:
        """What every statement is told."""
        offices = None if self.offices is None else sorted(self.offices)
        return self.as_of, period_of(self.as_of, Level.YEAR).start, offices


@dataclass(frozen=True, slots=True)
class Page:
    """At most `limit` entries after the one at this position."""

    after: Position | None = None
    limit: int | None = None


WHOLE = Page()


async def entries(
    conn: asyncpg.Connection, projection: Projection, indicator: Indicator, whose: Whose, page: Page = WHOLE
) -> list[Entry]:
    """Return entries of an indicator's list by last day, office and record; those of two offices once."""
    columns = ", ".join(_ENTRY)
    place = "(coalesce(due, '9999-12-31'), office, id, number)"
    statement = (
        f"select {columns} from ({_entries(indicator)}) as entries "
        f"where $4::date is null or {place} > ($4::date, $5::text, $6::text, $7::int) "
        f"order by {place} limit $8::bigint"
    )
    arguments = (*whose.arguments, *(page.after or (None, "", "", 0)), page.limit)
    return [Entry(*row) for row in await conn.fetch(projection.plan.placed(statement), *arguments)]


async def counts(conn: asyncpg.Connection, projection: Projection, indicator: Indicator, whose: Whose) -> list[Count]:
    """Return the entries of an indicator's list by office."""
    late = f"count(*) filter (where due < {AS_OF})"
    soon = f"count(*) filter (where due >= {AS_OF} and due <= $4::date)"
    columns = f"office, second, count(*), {late}, {soon}"
    statement = f"select {columns} from ({_entries(indicator)}) as entries group by 1, 2"
    until = whose.as_of + timedelta(days=SOON)
    return [Count(*row) for row in await conn.fetch(projection.plan.placed(statement), *whose.arguments, until)]


async def steps(
    conn: asyncpg.Connection, projection: Projection, indicator: Indicator, whose: Whose
) -> dict[str, tuple[int, int]]:
    """Return by office how much of what a quota owes in the year is done, and how much is owed."""
    rows = await conn.fetch(projection.plan.placed(_steps(indicator)), *whose.arguments)
    return {office: (done, owed) for office, done, owed in rows}


@cache
def _entries(indicator: Indicator) -> str:
    return " union all ".join(_task(task, number) for number, task in enumerate(indicator.tasks))


def _task(task: Task, number: int) -> str:
    who = task.who
    name, kind = f"{SCHEMA}.{who.table.name}", who.table.info.get("kind")
    of, second = named(who.of, TODAY), second_office(who)
    reason = reason_of(of[:-1], of[-1][0])
    due = "null::date" if task.due is None else f"({TODAY.at(task.due)})"
    tests = [f"not {name}.deleted", span(who, AS_OF, START), *TODAY.tests(who.over)]
    tests += [f"not {name}.sealed"] if "sealed" in who.table.c else []
    # What is not asked has no type: every statement names the beginning of the year.
    tests += [f"{START} is not null", f"{OFFICES} is null or {OFFICES} && array[{name}.office, {second}]"]
    if task.due is not None:
        tests += [f"{due} between {AS_OF} - {LONG_AGO} and {AS_OF} + {task.ahead}"]
    done = all_of([test for _, test in of])
    return (
        f"select '{kind.collection if kind else ''}'::text as collection, {name}._id::text as id, {name}.office, "
        f"{second} as second, {due} as due, {reason} as reason, {detail(who, reason, TODAY)} as detail, "
        f"{number} as number from {name} where {all_of(tests)} and not coalesce({done}, false)"
    )


@cache
def _steps(indicator: Indicator) -> str:
    assert indicator.work is not None
    selects = [
        f"select {SCHEMA}.{census.table.name}.office, least({TODAY.at(each.done)}, {each.whole}) as done, "
        f"{each.whole} as owed from {SCHEMA}.{census.table.name} where not {SCHEMA}.{census.table.name}.deleted "
        f"and {span(census, AS_OF, START)} and {all_of(TODAY.tests(census.over))}"
        for census, each in zip(indicator.censuses, indicator.work.steps, strict=True)
    ]
    return (
        f"select office, sum(done)::bigint, sum(owed)::bigint from ({' union all '.join(selects)}) as owing "
        f"where {OFFICES} is null or office = any({OFFICES}) group by 1"
    )
