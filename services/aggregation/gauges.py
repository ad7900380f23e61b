"""The current figures as Prometheus metrics: each line made when its figure changes, the page joined when it is read.

Labels are codes of closed lists (indicators, offices, six periods), so the number of series is known beforehand.
"""
# ruff: noqa: S608  statements are made of schema names of this package, never of input

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import asyncpg
from prometheus_client import Histogram

from services.aggregation import attainment, catalogue
from services.aggregation.attainment import Judgement
from services.aggregation.disclosure import Disclosure, Table, of_offices
from services.aggregation.figures import Figures
from services.aggregation.live import Current
from services.aggregation.periods import parse, periods_of, previous_year
from services.aggregation.rollup import DISTRICT, Stored
from services.aggregation.suppression import Cell as DisclosedCell
from services.chassis.domain.profile import Profile
from services.chassis.metrics import Metrics

NAMES = {
    "geju_indicator_value": "The figure: n, or n / N; money in yuan.",
    "geju_indicator_n": "Numerator of the figure, or the figure itself.",
    "geju_indicator_denominator": "Denominator of the figure.",
    "geju_indicator_target": "What of the target is due.",
    "geju_indicator_attainment": "How far the figure is from its target, 0 to 1.",
}
PATTERN = "geju_pattern_attainment"
OVERALL = "geju_overall_attainment"
COMPOSITES = {
    PATTERN: "Weighted mean of the attainment of a pattern's indicators, 0 to 1.",
    OVERALL: "Weighted mean of the attainment of the patterns, 0 to 1.",
}
Lines = tuple[bytes, bytes, bytes, bytes, bytes]


class Cell(NamedTuple):
    """One figure on the page."""

    stored: Stored
    judgement: Judgement
    lines: Lines


def current_periods(as_of: date) -> dict[str, str]:
    """Return the periods that are exported, by code, with their label: those of the day and of the year before."""
    now = {period.code: period.level.value for period in periods_of(as_of)}
    return now | {previous_year(code): f"{label}_before" for code, label in now.items()}


class Gauges:
    """The page of figures, kept current by whoever measures."""

    def __init__(self, profile: Profile, metrics: Metrics) -> None:
        self._profile = profile
        self._figures: Figures | None = None
        self._labels: Mapping[str, str] = {}
        self._withheld: dict[Table, frozenset[DisclosedCell]] = {}
        self._cells: dict[str, dict[tuple[str, str], Cell]] = {}
        self._blocks: dict[str, tuple[bytes, ...]] = {}
        self._changed: dict[tuple[str, str, str], Stored] = {}
        self._dirty: set[str] = set()
        self._page = b""
        text = "Seconds from a batch in hand to its figures on the board."
        self._seconds = Histogram("geju_refresh_seconds", text, registry=metrics.registry)
        self._events = metrics.counter("geju_events_applied", "Events taken in.")
        metrics.add_text(self.render)

    def refreshed(self, seconds: float, events: int) -> None:
        """Count a refresh."""
        self._seconds.observe(seconds)
        self._events.inc(events)

    async def load(self, conn: asyncpg.Connection | asyncpg.Pool, current: Current) -> None:
        """Take over every figure on the page as stored."""
        labels = current_periods(current.as_of)
        where = "period = any($1) and breakdown = ''"
        statement = (
            f"select period, unit, indicator, breakdown, key, n, total from {current.schema}.figure where {where}"
        )
        rows = [Stored(*row) for row in await conn.fetch(statement, list(labels))]
        if self._figures is None or self._figures.as_of != current.as_of or current.known is not None:
            self._withheld = {}
            # Whoever reads the page sees no office anyway: no figure of one is its own.
            shown = Disclosure(withheld=self._withheld)
            self._figures, self._labels = Figures(self._profile, current.as_of, shown), labels
            self._cells = {unit: {} for unit in self._units()}
            self._changed.clear()
        stored = {(row.unit, row.period, row.indicator): row for row in rows}
        for unit in self._units():
            self.update(
                stored.get((unit, period, i.code)) or Stored(period, unit, i.code, "", "", 0, 0)
                for period in labels
                for i in catalogue.INDICATORS
                if parse(period).level in i.levels and current.shows(i.code)
            )
            # Making every line anew takes a while; calls go on meanwhile.
            self._make_lines()
            await asyncio.sleep(0)

    def update(self, changed: Iterable[Stored]) -> None:
        """Take over figures that changed; their lines are made when the page is read, those not on it passed over."""
        for row in changed:
            if not row.breakdown and row.period in self._labels and row.unit in self._cells:
                self._changed[row.unit, row.period, row.indicator] = row

    def _make_lines(self) -> None:
        changed, self._changed = self._changed, {}
        self._decide(changed)
        for (unit, period, code), row in changed.items():
            known = self._cells[unit].get((period, code))
            if code in catalogue.BY_CODE and (known is None or known.stored != row):
                self._put(row)

    def _put(self, row: Stored) -> None:
        self._cells[row.unit][row.period, row.indicator] = self._cell(row)
        self._dirty.add(row.unit)

    def _decide(self, changed: Mapping[tuple[str, str, str], Stored]) -> None:
        """Decide anew what of offices is withheld in the periods that have changed; make the lines that this moves."""
        for period in {place[1] for place in changed}:
            rows = {
                (unit, code): cells[period, code].stored
                for unit, cells in self._cells.items()
                for code in _office_sensitive()
                if (period, code) in cells
            }
            rows |= {(unit, code): row for (unit, when, code), row in changed.items() if when == period}
            for table, cells in of_offices(_nobody, rows.values(), self._profile, [period]).items():
                moved = cells ^ self._withheld.get(table, frozenset())
                self._withheld[table] = cells
                for row in (rows.get((unit, table[1])) for unit, _ in moved):
                    if row is not None:
                        self._put(row)

    def render(self) -> bytes:
        """Return the page; only units with changed figures are joined anew."""
        self._make_lines()
        if self._dirty:
            self._blocks |= {unit: self._block(unit) for unit in self._dirty}
            self._dirty.clear()
            heads = [_head(name, text) for name, text in {**NAMES, **COMPOSITES}.items()]
            columns = zip(*(self._blocks[unit] for unit in sorted(self._blocks)), strict=True)
            self._page = b"".join(part for head, column in zip(heads, columns, strict=True) for part in (head, *column))
        return self._page

    def _units(self) -> list[str]:
        return [DISTRICT, self._profile.code, *(office.code for office in self._profile.offices)]

    def _cell(self, row: Stored) -> Cell:
        assert self._figures is not None
        indicator, judgement = catalogue.BY_CODE[row.indicator], self._figures.judge(row)
        if self._figures.disclosure.hides(row):
            return Cell(row, judgement, (b"", b"", b"", b"", b""))
        labels = f'{{indicator="{row.indicator}",unit="{_unit(row.unit)}",period="{self._labels[row.period]}"}}'
        values = (
            attainment.value_of(indicator, row.n, row.total),
            row.n,
            row.total if indicator.form.has_total else None,
            judgement.bound.due if judgement.bound else None,
            judgement.share,
        )
        first, second, third, fourth, fifth = (_line(n, labels, v) for n, v in zip(NAMES, values, strict=True))
        return Cell(row, judgement, (first, second, third, fourth, fifth))

    def _block(self, unit: str) -> tuple[bytes, ...]:
        cells = self._cells[unit]
        columns = zip(*(cell.lines for cell in cells.values()), strict=True)
        return (*(b"".join(column) for column in columns), *self._composites(unit, cells))

    def _composites(self, unit: str, cells: Mapping[tuple[str, str], Cell]) -> tuple[bytes, bytes]:
        patterns, overall = [], []
        for period, label in self._labels.items():
            shares = []
            labels = f'unit="{_unit(unit)}",period="{label}"'
            for pattern in self._profile.patterns:
                held = ((code, weight, cells.get((period, code))) for code, weight in pattern.weights.items())
                parts = [(code, weight, cell.judgement) for code, weight, cell in held if cell is not None]
                share = attainment.compose(parts).share
                patterns.append(_line(PATTERN, f'{{pattern="{pattern.code}",{labels}}}', share))
                shares.append((pattern.code, pattern.weight, share))
            overall.append(_line(OVERALL, f"{{{labels}}}", attainment.overall(shares).share))
        return b"".join(patterns), b"".join(overall)


def _office_sensitive() -> list[str]:
    return [indicator.code for indicator in catalogue.INDICATORS if indicator.office_sensitive]


def _nobody(office: str) -> bool:
    """Tell that an office's figures are not known to whoever reads the page."""
    del office
    return False


def _unit(unit: str) -> str:
    return unit or "district"


def _head(name: str, text: str) -> bytes:
    return f"# HELP {name} {text}\n# TYPE {name} gauge\n".encode()


def _line(name: str, labels: str, value: Fraction | int | None) -> bytes:
    if value is None:
        return b""
    number = str(value) if isinstance(value, int) or value.denominator == 1 else f"{float(value):.12g}"
    return f"{name}{labels} {number}\n".encode()
