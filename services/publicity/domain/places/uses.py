"""What is kept from day to day, and the days on which other records need it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import NotInForce
from services.chassis.domain.spans import overlap
from services.publicity.domain.errors import StillUsed

#: From a day to a day; None: without end.
Span = tuple[date, date | None]


def span_of(record: Any) -> Span:
    """Return the days of a record that is kept from day to day."""
    first = to_date(record.from_date)
    assert first is not None, "the contract requires the first day"
    return first, to_date(record.to_date)


def covers(whole: Span, part: Span) -> bool:
    """Tell whether every day of a span is one of another."""
    return whole[0] <= part[0] and (whole[1] is None or (part[1] is not None and part[1] <= whole[1]))


def check_covers(record: Any, field: str, span: Span) -> None:
    """Refuse what is not there for all of a span; the day is the first on which it is not. Raises NotInForce."""
    if not covers(span_of(record), span):
        first, last = span_of(record)
        raise NotInForce(field, date=span[0] if span[0] < first or last is None else last)


def check_uses(new: Any | None, uses: Iterable[Span], kind: str, *, whole: bool = True) -> None:
    """Refuse the deletion of what others need, and an end or beginning that leaves one of their days out.

    `whole`: every day of each use is needed, else any of them. Raises StillUsed.
    """
    for use in uses:
        if new is None:
            raise StillUsed("name", date=use[0], kind=kind)
        span = span_of(new)
        if not (covers(span, use) if whole else overlap(*span, *use)):
            early = use[0] < span[0]
            raise StillUsed("from_date" if early else "to_date", date=use[0] if early else use[1] or use[0], kind=kind)
