"""What an indicator is: a frozen declaration over the columns of fact tables.

The same conditions yield the figure, its members and the reason why a record is or is not one. Everything is a function
of the facts and a moment: a `Flow` counts records by a date, a `Census` what is in force at the moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from google.protobuf.descriptor import EnumDescriptor
from sqlalchemy import BindParameter, ColumnElement, Table

from services.aggregation.periods import EVERY_LEVEL, Level

Expression = ColumnElement[Any]


#: What is said of what is no longer in force: on the day, in the period.
ENDED, NOT_IN_PERIOD = ("ended", "该日已不在册"), ("not_in_period", "本期内不在册")
#: What is said of what cannot be judged yet.
PENDING = ("pending", "时限未届满,尚不能判定")


class Form(StrEnum):
    """How n and N become a figure."""

    COUNT = "count"
    SUM = "sum"
    RATIO = "ratio"
    MEAN = "mean"
    STOCK = "stock"
    SHARE = "share"
    QUOTA = "quota"
    GROWTH = "growth"

    @property
    def has_total(self) -> bool:
        """The figure is n / N; else it is n alone."""
        return self not in {Form.COUNT, Form.SUM, Form.STOCK}


class Better(StrEnum):
    """Which direction is progress."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A test that a record must pass, and what is said of one that does not: a code and a Chinese label.

    `detail` says more of a record that fails, as Chinese text made of what is known at the moment.
    """

    test: ColumnElement[bool]
    reason: str
    zh: str
    detail: ColumnElement[str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """Another table whose rows a flow looks up: a changed row touches its own office's cell of this date."""

    table: Table
    when: ColumnElement[date]


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Records counted by a date.

    A record is in the period of `when`. It counts from the day `judged` on (default: `when`); until then it is in
    neither n nor N. It is in N when it passes `over`, and in n when it passes `of` too. `n` and `total` are what it
    adds (default: 1). `when` is built of columns, `earliest`, `plus` and `year_start` only, so that it can be indexed.
    `split` are breakdowns in which it adds to n an amount of its own under each key, by name and key: as who comes in
    two of the groups that are counted is one of those who came, the amounts need not add up to n.
    """

    table: Table
    when: ColumnElement[date]
    judged: ColumnElement[date] | None = None
    over: tuple[Condition, ...] = ()
    of: tuple[Condition, ...] = ()
    n: Expression | None = None
    total: Expression | None = None
    by: Mapping[str, Expression] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    split: Mapping[str, Mapping[str, Expression]] = field(default_factory=dict)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that decides whether, where and how much a record counts."""
        conditions = (c.test for c in (*self.over, *self.of))
        optional = (e for e in (self.judged, self.n, self.total) if e is not None)
        amounts = (amount for keys in self.split.values() for amount in keys.values())
        return (self.when, *conditions, *optional, *self.by.values(), *amounts)

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """Names of the breakdowns."""
        return (*self.by, *self.split)


@dataclass(frozen=True, slots=True, eq=False)
class Census:
    """What is in force at the moment: from `since` to the last day `until` (null: without end).

    With `window` it is what was in force on any day of the period; with `until` the very `since`, what happened in it.
    In N when it passes `over`, in n when it passes `of`
    too; a stock is its n. Dates later than the moment are not known. `second` is the column of a second office: the
    entity counts in the figures of both offices and once in the district's. `ended` is the reason, as a code and a
    Chinese label, of an entity that is no longer in force; None for the usual one.
    """

    table: Table
    since: ColumnElement[date]
    until: ColumnElement[date] | None = None
    over: tuple[Condition, ...] = ()
    of: tuple[Condition, ...] = ()
    n: Expression | None = None
    total: Expression | None = None
    by: Mapping[str, Expression] = field(default_factory=dict)
    window: bool = False
    second: ColumnElement[str] | None = None
    ended: tuple[str, str] | None = None

    @property
    def split(self) -> Mapping[str, Mapping[str, Expression]]:
        """Breakdowns in which an entity adds amounts of its own: none."""
        return {}

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """Names of the breakdowns."""
        return tuple(self.by)

    @property
    def past(self) -> tuple[str, str]:
        """What is said of an entity that is no longer in force: a code and a Chinese label."""
        return self.ended or (NOT_IN_PERIOD if self.window else ENDED)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that decides whether, where and how much an entity counts."""
        conditions = (c.test for c in (*self.over, *self.of))
        optional = (e for e in (self.until, self.n, self.total, self.second) if e is not None)
        return (self.since, *conditions, *optional, *self.by.values())


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Who still has something to be done: those of a census, in force today, that fail one of its `of`.

    `due` is the last day for it. With one, only what is due within `ahead` days is on the list, and nothing that has
    been due for more than a year.
    """

    who: Census
    due: ColumnElement[date] | None = None
    ahead: int = 31

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that decides what is on the list."""
        return (*self.who.expressions, *(() if self.due is None else (self.due,)))


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """How much of what one owes in a year is done: `done` of `whole`; more than that does not help others."""

    done: Expression
    whole: int
    unit: str


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """The work list of an indicator: what is on it, and what is to be done with each entry, in Chinese.

    `tasks` say who; none: who is in the running period's figure and fails it. `behind` is the reason of those who fall
    behind the pace of a quota while its year runs: the board names them. `steps` are those of whoever a quota counts,
    by which units are held against the pace.
    """

    zh: str
    act: str
    tasks: tuple[Task, ...] = ()
    behind: str = ""
    steps: tuple[Steps, ...] = ()


@dataclass(frozen=True, eq=False)
class Indicator:
    """One figure for every period, office and the district.

    Several flows, or several censuses, add up: n may come from one table and N from another. `base` is the indicator
    that a growth compares; `scale` divides n (N: see `total_scale`) for people: 100 for fen shown as yuan. `levels` are
    the periods for which the figure means something. `key_enum` labels breakdown keys that are no column.
    `sensitive` are the breakdowns whose small cells are withheld (see `disclosure`); with `office_sensitive` so are the
    small figures of offices. `told` are the keys of a sensitive breakdown that the figure of another indicator adds up.
    `work` is what is still to be done for it.
    """

    code: str
    zh: str
    form: Form
    department: str
    better: Better
    clauses: tuple[str, ...] = ()
    flows: tuple[Flow, ...] = ()
    censuses: tuple[Census, ...] = ()
    base: str = ""
    unit: str = "件"
    scale: int = 1
    levels: frozenset[Level] = EVERY_LEVEL
    key_enum: Mapping[str, EnumDescriptor] = field(default_factory=dict)
    by_base: tuple[str, ...] = ()
    sensitive: frozenset[str] = frozenset()
    office_sensitive: bool = False
    told: Mapping[str, frozenset[str]] = field(default_factory=dict)
    work: Work | None = None
    note: str = ""

    @cached_property
    def by(self) -> tuple[str, ...]:
        """Names of the breakdowns."""
        return self.sources[0].breakdowns if self.sources else self.by_base

    @property
    def total_scale(self) -> int:
        """What N is divided by for people: nothing where it counts records, however n is kept."""
        return 1 if any(source.total is None for source in self.sources) else self.scale

    @property
    def area(self) -> str:
        """The subject area, the part of the code before the dot."""
        return self.code.partition(".")[0]

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """Who is on the work list; nobody where there is none."""
        if self.work is None:
            return ()
        # Who has left within the period can do nothing any more.
        return self.work.tasks or tuple(Task(replace(census, window=False)) for census in self.censuses)

    @property
    def sources(self) -> tuple[Flow | Census, ...]:
        """What is counted, whatever its kind."""
        return (*self.flows, *self.censuses)


def adds_nothing(amount: Expression | None) -> bool:
    """Tell whether a source is declared to add nothing: its records stand in the other part of the figure only."""
    return isinstance(amount, BindParameter) and amount.value == 0
