"""The work lists counted as metrics: by the leader, at most once a minute, and when a day begins."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date

from services.aggregation import catalogue
from services.aggregation.errors import NotMeasured
from services.aggregation.indicator import Indicator
from services.aggregation.reader import Reader
from services.aggregation.work import Count, Whose, counts
from services.aggregation.work_lists import Sums, by_office, has_due, whole
from services.chassis.runtime import Runtime

#: Seconds between two counts, and how many times what a count takes, so that counting stays a small part of the work.
EVERY, RARELY = 60.0, 20
TICK = 1.0
NAMES = {
    "geju_work_items": "Entries of a work list.",
    "geju_work_overdue": "Entries of a work list whose last day has passed.",
    "geju_work_due_soon": "Entries of a work list whose last day is today or in the next three days.",
}
Counted = Mapping[Indicator, list[Count]]


class WorkMetrics:
    """The lines, made when the lists are counted; none while another process leads."""

    def __init__(self, runtime: Runtime, reader: Reader) -> None:
        self._closing, self._reader = runtime.closing, reader
        self._page = b""
        self._told: date | None = None
        self._next = 0.0
        runtime.metrics.add_text(lambda: self._page)

    async def run(self) -> None:
        """Keep the lines current for as long as the process runs."""
        while not self._closing.is_set():
            day = self._day()
            if day is None:
                self._page, self._told = b"", None
            elif day != self._told or time.monotonic() >= self._next:
                begun = time.monotonic()
                await self._count(day)
                self._next = begun + max(EVERY, RARELY * (time.monotonic() - begun))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), TICK)

    def _day(self) -> date | None:
        live = self._reader.live
        return live.current.as_of if live.leads and live.current_or_none is not None else None

    async def _count(self, day: date) -> None:
        try:
            async with self._reader.projection() as (conn, projection):
                counted = {i: await counts(conn, projection, i, Whose(day)) for i in catalogue.WORK.values()}
        except NotMeasured:
            return
        offices = [office.code for office in self._reader.profile.offices if office.in_force(day)]
        self._page = page(counted, [self._reader.profile.code, *offices])
        self._told = day


def page(counted: Counted, units: Iterable[str]) -> bytes:
    """Return the lines of the lists, for the district and for units whether or not they have an entry."""
    units = list(units)
    rows = [(i, unit, sums) for i, found in counted.items() for unit, sums in _units(i, found, units)]
    parts: list[str] = []
    for place, (name, text) in enumerate(NAMES.items()):
        parts.append(f"# HELP {name} {text}\n# TYPE {name} gauge\n")
        told = (row for row in rows if not place or has_due(row[0]))
        parts += (f'{name}{{list="{i.code}",unit="{unit}"}} {sums[place]}\n' for i, unit, sums in told)
    return "".join(parts).encode()


def _units(indicator: Indicator, found: list[Count], units: Iterable[str]) -> Iterator[tuple[str, Sums]]:
    yield "district", whole(found)
    # How many an office has would tell the small figures that are withheld from whoever reads the page.
    if not indicator.office_sensitive:
        sums = by_office(found)
        yield from ((unit, sums.get(unit, (0, 0, 0))) for unit in units)
