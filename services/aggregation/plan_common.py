"""What flows and censuses compile alike: grouped aggregates and their unpivoting into rows of figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.dialects.postgresql import ARRAY

from services.aggregation import sql
from services.aggregation.indicator import Census, Condition, Expression, Flow, Indicator


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One source of one indicator."""

    indicator: Indicator
    source: Flow | Census


def joined(codes: Sequence[Sequence[str]]) -> list[int]:
    """Give groups that share an indicator, directly or through others, the same number."""
    parts = list(range(len(codes)))
    for i, mine in enumerate(codes):
        for j in range(i):
            if parts[i] != parts[j] and set(mine) & set(codes[j]):
                old, new = max(parts[i], parts[j]), min(parts[i], parts[j])
                parts = [new if part == old else part for part in parts]
    return parts


def all_of(conditions: Sequence[str]) -> str:
    """Render conditions joined by "and"; none is true."""
    return " and ".join(f"({condition})" for condition in conditions) or "true"


@dataclass(frozen=True, slots=True)
class Moment:
    """The dates that expressions are rendered for, as SQL texts: the moment, the period's start, the date asked for."""

    as_of: str
    start: str = "null::date"
    known: str = ""

    def at(self, expression: Expression) -> str:
        """Render an expression."""
        return sql.at(expression, self.as_of, self.start, self.known)

    def tests(self, conditions: Sequence[Condition]) -> list[str]:
        """Render the tests of conditions."""
        return [self.at(condition.test) for condition in conditions]


def amounts(entry: Entry, known: Sequence[str], moment: Moment) -> tuple[str, str]:
    """Render n and N of an entry as aggregates; `known` are conditions beside its own."""
    source = entry.source
    over = [*known, *moment.tests(source.over)]
    n = _total(source.n, [*over, *moment.tests(source.of)], moment)
    return n, _total(source.total, over, moment) if entry.indicator.form.has_total else "0::bigint"


def _total(amount: Expression | None, conditions: Sequence[str], moment: Moment) -> str:
    chosen = f"filter (where {all_of(conditions)})"
    if amount is None:
        return f"count(*) {chosen}"
    return f"coalesce(sum({moment.at(amount)}) {chosen}, 0)::bigint"


@dataclass(frozen=True, slots=True)
class Cut:
    """One grouping of a group's rows: a breakdown (or "" for none) and the entries that have it."""

    breakdown: str
    raw: str
    key: str
    entries: tuple[Entry, ...]


def cuts(entries: Sequence[Entry], moment: Moment) -> list[Cut]:
    """Return the groupings of entries counted in one pass: the whole, and each distinct breakdown column."""
    found: dict[tuple[str, str], tuple[str, list[Entry]]] = {}
    for entry in entries:
        for name, expression in entry.source.by.items():
            if not isinstance(expression.type, ARRAY):
                raw = moment.at(expression)
                found.setdefault((name, raw), (sql.key_text(expression, raw), []))[1].append(entry)
    whole = Cut("", "", "''", tuple(entries))
    return [whole, *(Cut(name, raw, key, tuple(held)) for (name, raw), (key, held) in found.items())]


def arrays(entries: Sequence[Entry]) -> list[tuple[str, Expression, list[Entry]]]:
    """Return the breakdowns by a set (a record counts once under each of its codes) with their entries."""
    found: dict[tuple[str, str], tuple[Expression, list[Entry]]] = {}
    for entry in entries:
        for name, expression in entry.source.by.items():
            if isinstance(expression.type, ARRAY):
                found.setdefault((name, sql.render(expression)), (expression, []))[1].append(entry)
    return [(name, expression, held) for (name, _), (expression, held) in found.items()]


def unpivot(
    lead: Sequence[tuple[str, str]], chosen: Sequence[Cut], values: dict[Entry, tuple[str, str]]
) -> tuple[str, str]:
    """Render the select list and the GROUP BY that give one row per indicator, breakdown and key.

    `lead` are the (expression, name) pairs that every row is grouped by.
    """
    keys = ", ".join(expression for expression, _ in lead)
    heads = ", ".join(f"{expression} as {name}" for expression, name in lead)
    values_of: dict[str, Callable[[Entry], str]] = {
        "indicator": lambda entry: f"'{entry.indicator.code}'",
        "n": lambda entry: values[entry][0],
        "total": lambda entry: values[entry][1],
    }
    unnested = [f"unnest({_case(chosen, partial(_array, pick))}) as {name}" for name, pick in values_of.items()]
    breakdown = _case(chosen, lambda cut: f"'{cut.breakdown}'")
    key = _case(chosen, lambda cut: cut.key)
    sets = ", ".join(f"({keys}, {cut.raw})" if cut.raw else f"({keys})" for cut in chosen)
    return f"{heads}, {breakdown} as breakdown, {key} as key, {', '.join(unnested)}", f"grouping sets ({sets})"


def _array(pick: Callable[[Entry], str], cut: Cut) -> str:
    return f"array[{', '.join(pick(entry) for entry in cut.entries)}]"


def _case(chosen: Sequence[Cut], pick: Callable[[Cut], str]) -> str:
    *broken, last = sorted(chosen, key=lambda cut: not cut.raw)
    if not broken:
        return pick(last)
    whens = " ".join(f"when grouping({cut.raw}) = 0 then {pick(cut)}" for cut in broken)
    return f"case {whens} else {pick(last)} end"


def differ(names: Sequence[str]) -> str:
    """Render that a row's columns changed, an inserted row counting as a change."""
    old, new = (", ".join(f'{row}."{name}"' for name in names) for row in ("old", "new"))
    return f"row({old}) is distinct from row({new})"
