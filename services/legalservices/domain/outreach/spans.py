"""What outreach records have in common: days, spans, and what was recorded under them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from services.chassis.domain.dates import to_date
from services.chassis.domain.references import check_references
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, in_force
from services.legalservices.domain.outreach.errors import RecordsOutside


def check(new: Any, _old: Any, _rules: Rules) -> None:
    """Guard a record with a span on every change. Raises DateOrder, InvalidField."""
    check_span(new)


def check_practitioners(new: Any, _old: Any, _rules: Rules) -> None:
    """Guard a record that lists practitioners on every change. Raises BadReference, InvalidField."""
    check_references("practitioners", new.practitioners, "practitioners")


def check_covers(record: Any, days: Iterable[date | None], kinds: str) -> None:
    """Refuse a span that leaves out days on which something was recorded under it. Raises RecordsOutside."""
    first = to_date(record.from_date)
    for on in sorted(day for day in days if day is not None):
        if not in_force(record, on):
            early = first is not None and on < first
            raise RecordsOutside("from_date" if early else "to_date", date=on, kinds=kinds)
