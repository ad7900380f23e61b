"""What every area counts with: records with days for dates, periods, and the sums by unit and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from services.recount.plain import plain
from services.recount.records import as_fact

DAY = timedelta(days=1)
#: Months in a month, a quarter and a year.
LENGTHS = (1, 3, 12)
Key = tuple[str, str, str, str, str]  # indicator, breakdown, key, unit, period
Figures = dict[Key, tuple[int, int]]
Store = Mapping[str, Mapping[str, Any]]  # records, or facts of them, by kind and record id


def day_of(record: Any, field: str, as_of: date | None = None) -> date | None:
    """Read a date; with `as_of`, a later one has not happened."""
    found: date | None = getattr(record, field)
    return None if as_of is not None and found is not None and found > as_of else found


@cache
def name_of(enum: Any, number: int, prefix: str) -> str:
    """Return "wages" for DISPUTE_TYPE_WAGES."""
    return str(enum.Name(number)[len(prefix) :].lower())


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Give first and last day of every month from that of `first` to that of `last`."""
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        following = date(year + month // 12, month % 12 + 1, 1)
        yield date(year, month, 1), following - DAY
        year, month = following.year, following.month


@cache
def periods(day: date) -> tuple[str, str, str]:
    """Return the month, quarter and year of a day."""
    return f"{day:%Y-%m}", f"{day.year}-Q{(day.month - 1) // 3 + 1}", f"{day.year}"


def spans(first: date, last: date) -> Mapping[str, tuple[date, date]]:
    """Give the first and the last day of every month, quarter and year from a day on, none after `last`."""
    found: dict[str, tuple[date, date]] = {}
    for begin, end in months(first, last):
        for period, length in zip(periods(begin), LENGTHS, strict=True):
            start = date(begin.year, (begin.month - 1) // length * length + 1, 1)
            found[period] = start, min(end, last)
    return found


def holds(record: Any, at: date, begin: str = "from_date", end: str = "to_date") -> bool:
    """Tell whether a record is in force on a day, its last day included."""
    first: date | None = getattr(record, begin)
    if first is None or first > at:
        return False
    last: date | None = getattr(record, end)
    return last is None or last >= at


def exists(entry: Any, at: date) -> bool:
    """Tell whether an office or place exists on a day."""
    return bool(entry.valid_from <= at and (entry.valid_to is None or at <= entry.valid_to))


def existed(entry: Any, start: date, at: date) -> bool:
    """Tell whether an office or place existed on any of some days."""
    return bool(entry.valid_from <= at and (entry.valid_to is None or entry.valid_to >= start))


class Tally:
    """Figures as of a day, from every record and the profile."""

    def __init__(self, store: Store, profile: Any, as_of: date) -> None:
        self.profile, self.as_of = profile, as_of
        self.found: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])
        self._store = store
        self._named: dict[str, Sequence[tuple[str, Any]]] = {}

    def named(self, kind: str) -> Sequence[tuple[str, Any]]:
        """Give the records of a kind that are not deleted, with their ids."""
        if kind not in self._named:
            records = self._store.get(kind, {})
            read = ((number, as_fact(kind, record, self._store, self.profile)) for number, record in records.items())
            self._named[kind] = [(number, plain(facts)) for number, facts in read if not facts.deleted]
        return self._named[kind]

    def records(self, kind: str) -> Sequence[Any]:
        """Give the records of a kind that are not deleted."""
        return [record for _, record in self.named(kind)]

    def by(self, field: str, kind: str) -> Mapping[str, Sequence[Any]]:
        """Sort the records of a kind by what they say in a field: of which person, place or practitioner they are."""
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for record in self.records(kind):
            found[getattr(record, field)].append(record)
        return found

    def spans(self) -> Mapping[str, tuple[date, date]]:
        """Give every period since there is a district, as far as it has come."""
        return spans(self.profile.valid_from, self.as_of)

    def add(self, code: str, office: str, when: date | None, n: int, total: int, **by: str) -> None:
        """Add to the month, quarter and year of a day that has come, for the office and the district."""
        if when is not None and when <= self.as_of:
            for period in periods(when):
                self.put(code, office, period, n, total, **by)

    def under(self, code: str, office: str, when: date | None, n: int, **by: str) -> None:
        """Add to keys of a breakdown only: the keys do not add up to the whole."""
        for breakdown, key in by.items():
            for period in () if when is None or when > self.as_of else periods(when):
                self._sum((code, breakdown, key, period), (office, ""), n, 0)

    def put(self, code: str, office: str, period: str, n: int, total: int, **by: str) -> None:
        """Add to one period for the office and the district."""
        for breakdown, key in [("", ""), *by.items()]:
            self._sum((code, breakdown, key, period), (office, ""), n, total)

    def at_both(self, code: str, record: Any, period: str, n: int, total: int, **by: str) -> None:
        """Add a record at the one or two offices that list it, and once in the district."""
        for breakdown, key in [("", ""), *by.items()]:
            self._sum((code, breakdown, key, period), {"", record.office, record.second_office}, n, total)

    def _sum(self, figure: tuple[str, str, str, str], units: Iterable[str], n: int, total: int) -> None:
        code, breakdown, key, period = figure
        for unit in units:
            sums = self.found[code, breakdown, key, unit, period]
            sums[0] += n
            sums[1] += total
