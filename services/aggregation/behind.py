"""Who is behind the pace of a quota while the year runs: those whom the board names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from geju.aggregation.v1 import board_pb2

from services.aggregation.errors import NotMeasured
from services.aggregation.figures import Figures
from services.aggregation.indicator import Indicator
from services.aggregation.periods import Period
from services.aggregation.provenance import profile_label, record_name
from services.aggregation.reader import Reader
from services.aggregation.work import Entry, Whose, entries
from services.chassis.context import Caller

#: Who is behind, by indicator.
Behind = Mapping[str, Sequence[board_pb2.Behind]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom it is asked, for which period, and by whom."""

    unit: str
    period: Period
    caller: Caller

    @property
    def offices(self) -> Collection[str] | None:
        """The offices in the caller's scope; None: all."""
        if self.unit:
            return {self.unit} if self.caller.sees(self.unit) else set()
        return None if self.caller.everywhere else self.caller.offices


async def behind(reader: Reader, figures: Figures, indicators: Iterable[Indicator], asked: Asked) -> Behind:
    """Return who of a unit is behind on the day of the figures, as far as the caller sees the office.

    Nobody is once the period is over, nor while the figures are those of another version of the catalogue.
    """
    paced = [indicator for indicator in indicators if indicator.work is not None and indicator.work.behind]
    if not paced or not asked.period.start <= figures.as_of <= asked.period.end:
        return {}
    seen = asked.offices
    try:
        async with reader.projection() as (conn, projection):
            found = [await entries(conn, projection, indicator, Whose(figures.as_of, seen)) for indicator in paced]
    except NotMeasured:
        return {}
    return {
        i.code: [
            _message(i, entry, figures) for entry in listed if i.work is not None and entry.reason == i.work.behind
        ]
        for i, listed in zip(paced, found, strict=True)
    }


def _message(indicator: Indicator, entry: Entry, figures: Figures) -> board_pb2.Behind:
    return board_pb2.Behind(
        indicator=indicator.code,
        record=record_name(entry.collection, entry.id),
        label=profile_label(figures.profile, entry.collection, entry.id),
        office=entry.office,
        office_label=figures.unit_label(entry.office),
        detail=entry.detail,
        reason=entry.reason,
    )
