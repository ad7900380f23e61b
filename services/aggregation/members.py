"""The records behind a figure, and those left out, each with the reason: from what declares the figure."""
# ruff: noqa: S608  statements are made of declarations, never of input

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import asyncpg

from services.aggregation import catalogue, sql, standing
from services.aggregation.indicator import (
    ENDED,
    NOT_IN_PERIOD,
    PENDING,
    Census,
    Condition,
    Flow,
    Indicator,
    adds_nothing,
)
from services.aggregation.periods import parse, previous_year
from services.aggregation.plan_census import second_office, span
from services.aggregation.plan_common import Moment, all_of
from services.aggregation.projection import Projection
from services.aggregation.tables import SCHEMA
from services.chassis.storage.scopes import RIGHTS

COUNTED, DELETED, NOT_YET = "counted", "deleted", "not_yet"
NOTHING_BEFORE = "nothing_before"
GENERAL = {
    COUNTED: "计入",
    DELETED: "记录已删除",
    NOT_YET: "截至该日尚未发生",
    **dict((PENDING, ENDED, NOT_IN_PERIOD)),
    NOTHING_BEFORE: "无上年同期数,不能比较",
}
AS_OF, START, END, KNOWN = "$1::date", "$3::date", "$4::date", "$12::date"
# Flows know no period, only the date asked for.
NOW, WITHIN = Moment(AS_OF), Moment(AS_OF, START, KNOWN)
# The same period of the year before, which a growth compares with; its sources are numbered after the others.
START_BEFORE, END_BEFORE = "$13::date", "$14::date"
BEFORE = 100
Position = tuple[int, date, str, int]


@dataclass(frozen=True, slots=True)
class Member:
    """One record of a figure: `id` within `collection` (empty: an entry of the profile), and what it adds to n and N.

    `second` is another office at which it counts too. `when` is the day by which it falls in the period, for what is in
    force the day it began. `number` tells the sources of one indicator apart (first and second return visit). `in_n`,
    `in_total`: it counts; else `reason` says why not. `hidden`: it is sealed, and which it is, this caller is not told.
    """

    collection: str
    id: str
    number: int
    revision: int
    office: str
    second: str
    when: date
    in_n: bool
    in_total: bool
    n: int
    total: int
    reason: str
    #: Where it stands in each breakdown, "type=labour"; several for a breakdown by a set. Where it is split, also what
    #: it adds there, "group=pupils:40".
    keys: Sequence[str]
    hidden: bool
    #: What more there is to say of the reason; mostly nothing.
    detail: str
    #: Its group: counted, counted against, left out; of each, hidden records come last.
    place: int
    zh: str

    @property
    def position(self) -> Position:
        """Where it stands among the members."""
        return self.place, self.when, self.id, self.number


@dataclass(frozen=True, slots=True)
class Question:
    """Which figure: a breakdown's key "" is the whole, a unit "" the district; `sides` filters by membership."""

    indicator: str
    unit: str
    period: str
    breakdown: str = ""
    key: str = ""
    sides: frozenset[str] = frozenset({"n", "total", "out"})
    #: Which rights to sealed records whoever asks has.
    rights: frozenset[str] = frozenset(RIGHTS)


@dataclass(frozen=True, slots=True)
class Page:
    """At most `limit` members after the one at this position."""

    after: Position | None = None
    limit: int | None = None


WHOLE = Page()


async def members(
    conn: asyncpg.Connection,
    projection: Projection,
    question: Question,
    as_of: date,
    page: Page = WHOLE,
) -> list[Member]:
    """Return members in order of (place, when, id, number).

    Raises KeyError for an unknown indicator or breakdown, ValueError for what is no period.
    """
    statement, arguments, labels = _asked(projection, question, as_of, page)
    return [Member(*(*record, labels[record["reason"]])) for record in await conn.fetch(statement, *arguments)]


async def every_member(
    conn: asyncpg.Connection, projection: Projection, question: Question, as_of: date, size: int = 5000
) -> AsyncIterator[Sequence[Member]]:
    """Give all members in pages, for freezing a report; within a transaction, as they are found once and read on."""
    statement, arguments, labels = _asked(projection, question, as_of, WHOLE)
    cursor = await conn.cursor(statement, *arguments)
    while found := await cursor.fetch(size):
        yield [Member(*(*record, labels[record["reason"]])) for record in found]


def _asked(
    projection: Projection, question: Question, as_of: date, page: Page
) -> tuple[str, tuple[Any, ...], Mapping[str, str]]:
    """Return the statement that finds members, its arguments, and the labels of their reasons."""
    declared = projection.plan.by_code[question.indicator]
    indicator = projection.plan.by_code.get(declared.base, declared)
    period, growth = parse(question.period), declared is not indicator
    statement = _statement(indicator, question.breakdown, growth=growth, rights=question.rights)
    office = question.unit or None
    moment = period.at(as_of) if indicator.censuses else as_of
    asked = (moment, office, period.start, period.end, question.key, sorted(question.sides))
    before = parse(previous_year(question.period)) if growth else None
    compared = () if before is None else (before.start, before.end)
    arguments = (*asked, *(page.after or (None, None, "", 0)), page.limit, as_of, *compared)
    return projection.plan.placed(statement), arguments, {**catalogue.reasons(indicator), **GENERAL}


@cache
def _statement(indicator: Indicator, breakdown: str, *, growth: bool, rights: frozenset[str]) -> str:
    """Render the members of an indicator, or of the growth of one; `side` is n, total or out."""
    if breakdown and breakdown not in indicator.by:
        raise KeyError(breakdown)
    selects = [_flow(indicator, flow, number, breakdown) for number, flow in enumerate(indicator.flows)]
    if growth:
        selects += [_before(select) for select in selects]
    selects += [_census(indicator, census, number, breakdown) for number, census in enumerate(indicator.censuses)]
    union = " union all ".join(selects)
    if growth:
        union = _comparable(union)
    # What is in the figure comes first; by day alone, those who left long ago would.
    place = "case when in_n then 0 when in_total then 2 else 4 end"
    hidden = _hidden(indicator, rights)
    # Hidden ones stand behind the others: the order of the days would tell theirs.
    place += f" + case when {hidden} then 1 else 0 end"
    return (
        "select * from (select collection, id, number, revision, office, second, day, in_n, in_total, "
        "case when in_n then n else 0 end as n, case when in_total then total else 0 end as total, reason, keys, "
        f"{hidden} as hidden, detail, {place} as place from ({union}) as members "
        "where case when in_n then 'n' when in_total then 'total' else 'out' end = any($6::text[])) as members "
        f"where {KNOWN} is not null "
        "and ($7::int is null or (place, day, id, number) > ($7::int, $8::date, $9::text, $10::int)) "
        "order by place, day, id, number limit $11::bigint"
    )


def _hidden(indicator: Indicator, rights: frozenset[str]) -> str:
    """Render whether a member is sealed and of a kind whose sealed records are not for these rights."""
    kinds = [source.table.info.get("kind") for source in indicator.sources]
    closed = sorted({kind.collection for kind in kinds if kind is not None and kind.sealed_for not in rights})
    return f"(sealed and collection in ({', '.join(map(repr, closed))}))" if closed else "false"


def _flow(indicator: Indicator, flow: Flow, number: int, breakdown: str) -> str:
    name = f"{SCHEMA}.{flow.table.name}"
    when = sql.render(flow.when)
    judged = [] if flow.judged is None else [f"{sql.at(flow.judged, AS_OF)} <= {AS_OF}"]
    alive = [(DELETED, f"not {name}.deleted"), (NOT_YET, f"{when} <= {AS_OF}")]
    known = [(PENDING[0], condition) for condition in judged]
    conditions = [*alive, *named(flow.over, NOW), *known]
    row = _row(indicator, replace(flow, n=standing.adds(flow, breakdown)), number, when, conditions)
    return f"{row} and {when} >= {START} and {when} <= {END}{standing.under(flow, NOW, breakdown)}"


def _before(select: str) -> str:
    """Render what the records of the year before add to a growth: they are its N, and n is the change against them."""
    columns = f"collection, id, number + {BEFORE} as number, revision, office, second, day"
    return (
        f"select {columns}, in_n, in_n as in_total, -n as n, n as total, reason, keys, sealed, detail "
        f"from ({select.replace(START, START_BEFORE).replace(END, END_BEFORE)}) as before"
    )


def _comparable(union: str) -> str:
    """Render that nothing adds to a growth when there was nothing the year before."""
    columns = "collection, id, number, revision, office, second, day"
    return (
        f"select {columns}, in_n and compared > 0 as in_n, in_total, n, total, "
        f"case when in_n and compared = 0 then '{NOTHING_BEFORE}' else reason end as reason, keys, sealed, detail from "
        f"(select *, sum(case when in_total then total else 0 end) over () as compared from ({union}) as u) as u"
    )


def _census(indicator: Indicator, census: Census, number: int, breakdown: str) -> str:
    name = f"{SCHEMA}.{census.table.name}"
    since = sql.render(census.since)
    alive = [(DELETED, f"not {name}.deleted"), (census.past[0], span(census, AS_OF, START))]
    row = _row(indicator, census, number, since, [*alive, *named(census.over, WITHIN)])
    # What happened in another period is nothing to list; who left before this one began is.
    first = START if census.until is census.since else "'-infinity'"
    days = f"{since} >= {first} and {since} <= {AS_OF} and {START} <= {END}"
    return f"{row} and {days}{standing.under(census, WITHIN, breakdown)}"


def named(conditions: Sequence[Condition], moment: Moment) -> list[tuple[str, str]]:
    """Render the tests of conditions, each with its reason."""
    rendered = moment.tests(conditions)
    return [(condition.reason, test) for condition, test in zip(conditions, rendered, strict=True)]


def _moment(source: Flow | Census) -> Moment:
    return NOW if isinstance(source, Flow) else WITHIN


def _row(indicator: Indicator, source: Flow | Census, number: int, day: str, over: Sequence[tuple[str, str]]) -> str:
    """Render a source's records with what they add and the first condition that they fail."""
    table, moment = source.table, _moment(source)
    name, kind = f"{SCHEMA}.{table.name}", table.info.get("kind")
    of = named(source.of, moment)
    reason = reason_of([*over, *of], COUNTED)
    in_total = f"coalesce({all_of([test for _, test in over])}, false)"
    in_n = f"coalesce({all_of([test for _, test in [*over, *of]])}, false)"
    n, total = ("1::bigint" if a is None else f"({moment.at(a)})::bigint" for a in (source.n, source.total))
    second, sealed = second_office(source), f"{name}.sealed" if "sealed" in table.c else "false"
    more = (
        f"{standing.keys(source, moment, in_n)} as keys, {sealed} as sealed, {detail(source, reason, moment)} as detail"
    )
    if not indicator.form.has_total:
        in_total, total = "false", "0::bigint"
    # n and N may come from two tables: a record is in the one that it can add to.
    in_n, in_total = ("false" if adds_nothing(a) else t for a, t in ((source.n, in_n), (source.total, in_total)))
    return (
        f"select '{kind.collection if kind else ''}'::text as collection, {name}._id::text as id, {number} as number, "
        f"{name}._revision as revision, {name}.office, {second} as second, {day} as day, {in_n} as in_n, "
        f"{in_total} as in_total, {n} as n, {total} as total, {reason} as reason, "
        f"{more} from {name} "
        f"where ($2::text is null or $2 in ({name}.office, {second}))"
    )


def reason_of(conditions: Iterable[tuple[str, str]], otherwise: str) -> str:
    """Render the reason of the first condition that fails."""
    whens = " ".join(f"when not coalesce({test}, false) then '{said}'" for said, test in conditions)
    return f"case {whens} else '{otherwise}' end" if whens else f"'{otherwise}'"


def detail(source: Flow | Census, reason: str, moment: Moment) -> str:
    """Render what more there is to say of a reason, which is given as SQL."""
    details = [(c.reason, moment.at(c.detail)) for c in (*source.over, *source.of) if c.detail is not None]
    whens = " ".join(f"when '{said}' then {detail}" for said, detail in details)
    return f"coalesce(case {reason} {whens} end, '')" if details else "''::text"


def side(member: Member) -> str:
    """Tell which list a member is in: "n", "total" (in N only) or "out"."""
    return "n" if member.in_n else "total" if member.in_total else "out"


__all__ = ["COUNTED", "Member", "Question", "every_member", "members", "side"]
