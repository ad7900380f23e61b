"""Guards of the registers and rounds: the rules that need other records. Each is a kind's `guard`."""

from __future__ import annotations

from typing import Any

from geju.mediation.v1 import (
    breach_pb2,
    mediator_pb2,
    premises_pb2,
    rate_scheme_pb2,
    reception_day_pb2,
    screening_pb2,
    warning_pb2,
)

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import UnknownReference
from services.chassis.domain.spans import check_only_span
from services.chassis.guards import alone, kind_in, referenced
from services.chassis.work import Work
from services.mediation.domain import breach, mediator, screening


async def check_new_links(work: Work, new: Any, old: Any) -> None:
    """Refuse links to disputes that are not there; what was linked before stays. Raises UnknownReference."""
    linked = set(old.disputes) if old is not None else set()
    fresh = [name for name in new.disputes if name not in linked]
    if not fresh:
        return
    kind = kind_in(work, "disputes")
    records = await work.query(kind, limit=len(fresh), id=[kind.record_id(name) for name in fresh])
    missing = set(fresh) - {record.name for record in records}
    if missing:
        raise UnknownReference("disputes", name=min(missing))


async def guard_mediator(work: Work, new: mediator_pb2.Mediator | None, old: mediator_pb2.Mediator | None) -> None:
    """Refuse a committee that is not there or was not in force. Raises UnknownReference, NotInForce."""
    if new is not None and mediator.needs_committee(new, old):
        mediator.check_committee(new, await referenced(work, "committee", new.committee))


async def guard_breach(work: Work, new: breach_pb2.Breach | None, old: breach_pb2.Breach | None) -> None:
    """Let a dismissal end the appointment, and its correction or deletion open it again.

    Raises UnknownReference, NotInOffice, InvalidField.
    """
    if new is not None and old is not None and breach.effect(new) == breach.effect(old):
        return
    before: dict[str, mediator_pb2.Mediator] = {}
    after: dict[str, mediator_pb2.Mediator] = {}

    async def touched(name: str) -> mediator_pb2.Mediator:
        if name not in after:
            before[name] = await referenced(work, "mediator", name)
            after[name] = mediator_pb2.Mediator()
            after[name].CopyFrom(before[name])
        return after[name]

    if old is not None and breach.dismisses(old):
        breach.take_back(await touched(old.mediator), old)
    if new is not None:
        breach.apply(await touched(new.mediator), new)
    for name, person in after.items():
        if person != before[name]:
            dismissed = person.ending == breach.DISMISSED
            occurred = to_date(person.to_date) if dismissed else None
            work.save(kind_in(work, "mediators"), person, "dismissed" if dismissed else "reinstated", occurred)


async def guard_screening(work: Work, new: screening_pb2.Screening | None, old: screening_pb2.Screening | None) -> None:
    """Refuse a second monthly round and links to nothing. Raises RoundExists, UnknownReference."""
    if new is not None:
        await check_new_links(work, new, old)
        await alone(work, new, screening.check_only, month_date=to_date(new.month_date))


async def guard_warning(work: Work, new: warning_pb2.Warning | None, old: warning_pb2.Warning | None) -> None:
    """Refuse links to nothing. Raises UnknownReference."""
    if new is not None:
        await check_new_links(work, new, old)


async def guard_reception_day(
    work: Work, new: reception_day_pb2.ReceptionDay | None, old: reception_day_pb2.ReceptionDay | None
) -> None:
    """Refuse links to nothing. Raises UnknownReference."""
    if new is not None:
        await check_new_links(work, new, old)


async def guard_rate_scheme(
    work: Work, new: rate_scheme_pb2.RateScheme | None, _old: rate_scheme_pb2.RateScheme | None
) -> None:
    """Refuse a second scheme of an office for the same days. Raises SpanTaken."""
    if new is not None:
        await alone(work, new, check_only_span)


async def guard_premises(work: Work, new: premises_pb2.Premises | None, _old: premises_pb2.Premises | None) -> None:
    """Refuse a second record of an office's premises for the same days. Raises SpanTaken."""
    if new is not None:
        await alone(work, new, lambda one, others: check_only_span(one, others, "reached_date"))
