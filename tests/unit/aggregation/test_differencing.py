"""What is withheld cannot be worked out by holding periods, days and reports against each other."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import pytest

from services.aggregation.disclosure import Disclosure, open_cells, published
from services.aggregation.periods import parse, periods_of
from services.aggregation.rollup import Stored
from services.aggregation.suppression import suppressed
from services.chassis.context import Caller
from tests.support import histories, toys
from tests.support.differencing import Equations, Rules, Seen, attack

LEADER = Caller("局长", frozenset({"bureau_leader", "operations", "clerk"}), frozenset("*"))
PROFILE = histories.profile()
RECEIVED, KEYS = "toy.received", ("control", "suspended", "parole", "outside_prison", "deprived_rights")
RULES = Rules.of([toys.RECEIVED])
UNITS = ("", *histories.OFFICES)
YEAR = 2011
CLOSED, REOPENED = date(2012, 1, 6), date(2012, 3, 1)
LOOKS = (date(2011, 6, 14), date(2011, 6, 15), REOPENED)


@pytest.fixture(autouse=True)
def toy_catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the toys into the catalogue."""
    toys.install(monkeypatch)
    yield
    monkeypatch.undo()
    toys.forget()


class Person(NamedTuple):
    """One who was received, and when that was entered."""

    unit: str
    key: str
    day: date
    entered: date


def people(seed: int) -> list[Person]:
    """Return some hundred persons of a year, some entered late; parole is rare, and one office is small."""
    chance = random.Random(seed)
    found = []
    for _ in range(chance.randrange(60, 400)):
        day = date(YEAR, 1, 1) + timedelta(days=chance.randrange(365))
        late = chance.choice((0, 0, 0, 1, 40))
        [unit] = chance.choices(histories.OFFICES, (10, 5, 2))
        [key] = chance.choices(KEYS, (9, 20, 2, 1, 3))
        found.append(Person(unit, key, day, day + timedelta(days=late)))
    return found


def figures(everybody: Iterable[Person], day: date) -> list[Stored]:
    """Return all that is counted of what is known on a day, by month, quarter and year."""
    counts: Counter[tuple[str, ...]] = Counter()
    for person in everybody:
        if person.entered <= day:
            for period, unit in itertools.product(periods_of(person.day), ("", person.unit)):
                counts[period.code, unit, RECEIVED, "", ""] += 1
                counts[period.code, unit, RECEIVED, "sentence", person.key] += 1
    periods = [f"{YEAR}", *(f"{YEAR}-Q{n}" for n in range(1, 5)), *(f"{YEAR}-{n:02d}" for n in range(1, 13))]
    every = itertools.product(periods, UNITS, [RECEIVED], [("", ""), *(("sentence", key) for key in KEYS)])
    places = [(period, unit, code, *part) for period, unit, code, part in every if parse(period).start <= day]
    return [Stored(*place, counts[place], 0) for place in places]


Shown = Callable[[list[Stored], str, int], Disclosure]


def look(everybody: list[Person], live: Shown | None, report: Shown) -> tuple[dict[Seen, int], dict[Seen, int]]:
    """Return what somebody sees who looks on some days and reads every report, and what is there but not shown."""
    seen: dict[Seen, int] = {}
    hidden: dict[Seen, int] = {}

    def take(moment: str, cells: Iterable[Stored], shown: Disclosure) -> None:
        for cell in cells:
            (hidden if shown.hides(cell) else seen)[Seen.of(moment, cell)] = cell.n

    for day in LOOKS:
        known = figures(everybody, day)
        for period in {f.period for f in known}:
            of_period = [f for f in known if f.period == period]
            if live is not None:
                take(f"{day}", of_period, live(of_period, period, 1))
                continue
            take(f"{day}", (f for f in of_period if not f.breakdown), Disclosure())
            for unit in UNITS:
                told = open_cells(LEADER, toys.RECEIVED, (f for f in of_period if f.unit == unit), unit, period)
                assert {0} == {cell.n for cell in told}
                assert [key for *_, key, _, _ in told] == sorted(KEYS)
            take(f"{day}", (f for f in of_period if f.breakdown), Disclosure())
    for edition, day in enumerate((CLOSED, REOPENED), 1):
        known = figures(everybody, day)
        for period in {f.period for f in known}:
            of_period = [f for f in known if f.period == period]
            take(f"{day} report", of_period, report(of_period, period, edition))
    return seen, hidden


def small(found: dict[object, int]) -> dict[object, int]:
    """Return what points at a person of what was worked out."""
    return {name: n for name, n in found.items() if 0 < abs(n) < PROFILE.disclosure_threshold}


def by_itself(cells: list[Stored], period: str, edition: int) -> Disclosure:
    """Decide for a period by itself, whatever else is shown: what was done once."""
    del edition
    counted = {(f.unit, f.key): (f.n,) for f in cells if f.breakdown and f.n}
    chosen = suppressed(counted, UNITS, KEYS, PROFILE.disclosure_threshold)
    return Disclosure(withheld={(period, RECEIVED, "sentence"): chosen})


@pytest.mark.parametrize("seed", range(6))
def test_no_small_cell_follows_from_periods_days_and_reports(seed: int) -> None:
    """Neither a count below the threshold nor a change of one between two days, or between a report and today."""
    seen, hidden = look(people(seed), None, lambda cells, *of: published(LEADER, cells, PROFILE, *of))
    assert any(place.breakdown for place in seen), "something of the year is shown"
    assert small(hidden), "and something is withheld"
    assert {} == small(attack(seen, hidden, RULES))


def test_deciding_period_by_period_gives_cells_away() -> None:
    """The attack finds what it is to find: cells of months and changes of a day, from tables safe by themselves."""
    seen, hidden = look(people(1), by_itself, by_itself)
    found = small(attack(seen, hidden, RULES))
    assert any(isinstance(name, Seen) for name in found)
    assert any(not isinstance(name, Seen) for name in found)


@pytest.mark.parametrize("seed", range(30))
def test_what_is_worked_out_is_true_and_complete(seed: int) -> None:
    """Of random sums, the attack names a number if and only if trying every table leaves it one value."""
    chance = random.Random(seed)
    truth = [chance.randrange(2) for _ in range(5)]
    rows = [row for row in ([chance.choice((0, 1)) for _ in truth] for _ in range(3)) if any(row)]

    def sums(table: Sequence[int]) -> list[int]:
        return [sum(a * b for a, b in zip(row, table, strict=True)) for row in rows]

    equations = Equations()
    for row, value in zip(rows, sums(truth), strict=True):
        equations.add(dict(enumerate(row)), value)
    possible = [other for other in itertools.product(range(6), repeat=5) if sums(other) == sums(truth)]
    determined = {i: truth[i] for i in range(5) if len({other[i] for other in possible}) == 1}
    assert determined == equations.worked_out()
