"""Whom and what a dispute refers to: that it is there, and was in force on the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from geju.mediation.v1 import dispute_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import NotFound, NotInForce, RuleError, UnknownReference
from services.chassis.guards import known
from services.chassis.kinds import Kind, kind_of
from services.chassis.work import Work
from services.mediation.domain.errors import NotInOffice


async def check_staff(work: Work, new: pb.Dispute, old: pb.Dispute | None = None) -> None:
    """Refuse handlers of a dispute that are not there or not in force; those it had before are not asked about again.

    A centre of the district may lie outside the caller's offices: then only its form can be judged.
    Raises UnknownReference, NotInForce, NotInOffice.
    """
    before = old or pb.Dispute()
    on = to_date(new.accepted_date) or to_date(new.registered_date) or work.rules.today
    if new.committee != before.committee:
        await _check(work, "committee", new.committee, on, NotInForce)
    if new.centre != before.centre and (work.offices is None or await known(work, new.centre) is not None):
        await _check(work, "centre", new.centre, on, NotInForce)
    if new.mediator != before.mediator:
        await _check(work, "mediator", new.mediator, on, NotInOffice)
    await check_mediators(work, set(new.co_mediators) - set(before.co_mediators), "co_mediators", on)


async def check_mediators(work: Work, names: Iterable[str], field: str, on: date) -> None:
    """Refuse mediators that are not there or were not in office. Raises UnknownReference, NotInOffice."""
    for name in sorted(names):
        await _check(work, field, name, on, NotInOffice)


async def _check(work: Work, field: str, name: str, on: date, ended: type[RuleError]) -> None:
    if not name:
        return
    known: dict[str, Any] = work.memo.setdefault("staff", {})
    try:
        record = known.get(name) or await work.load(kind_of(work.store.kinds, name), name)
    except NotFound as error:
        raise UnknownReference(field, name=name) from error
    known[name] = record
    begun, over = to_date(record.from_date), to_date(record.to_date)
    if (begun is not None and on < begun) or (over is not None and on > over):
        raise ended(field, date=on)


def kind_named(work: Work, name: str) -> Kind[Any] | None:
    """Return one of the service's kinds by its name."""
    return next((kind for kind in work.store.kinds if kind.name == name), None)
