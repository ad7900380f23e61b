"""Whom a spreadsheet line names: the office's own numbers and names, or resource names."""

from __future__ import annotations

from typing import Any, NamedTuple

from geju.mediation.v1.dispute_service_pb2 import DisputeImportRow as Row

from services.chassis.domain.errors import AmbiguousReference, UnknownReference
from services.chassis.work import Work
from services.mediation.staff import kind_named

#: An office has at most so many mediators, committees or centres.
MANY = 10_000


class Handlers(NamedTuple):
    """Who handles a dispute, as resource names; empty: nobody named."""

    committee: str = ""
    centre: str = ""
    mediator: str = ""


async def handlers(work: Work, row: Row) -> Handlers:
    """Return the handlers that a row names. Raises UnknownReference, AmbiguousReference."""
    return Handlers(
        await _named(work, row.office, "committee", row.committee),
        await _named(work, row.office, "centre", row.centre),
        await _named(work, row.office, "mediator", row.mediator),
    )


async def _named(work: Work, office: str, field: str, text: str) -> str:
    kind = kind_named(work, field)
    if not text or kind is None or text.startswith(kind.collection + "/"):
        return text
    fits: dict[str, set[str]] = await _register(work, office, field)
    found = fits.get(text, set())
    if not found:
        # A name is personal: what was looked for is not repeated.
        raise UnknownReference(field, name=kind.zh)
    if len(found) > 1:
        raise AmbiguousReference(field)
    return next(iter(found))


async def _register(work: Work, office: str, field: str) -> dict[str, set[str]]:
    """Return an office's records of a kind by number and by name or title, read once a request."""
    known: dict[tuple[str, str], dict[str, set[str]]] = work.memo.setdefault("registers", {})
    if (office, field) not in known:
        kind = kind_named(work, field)
        fits: dict[str, set[str]] = {}
        records: list[Any] = [] if kind is None else await work.query(kind, limit=MANY, office=office)
        for record in records:
            title = record.full_name if field == "mediator" else record.title
            for text in {record.key, title} - {""}:
                fits.setdefault(text, set()).add(record.name)
        known[office, field] = fits
    return known[office, field]
