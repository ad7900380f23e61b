"""Making and changing records by the common rules: contract, then the kind's check, then its guard, then the write."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from google.protobuf.message import Message

from services.chassis.checks import check_record
from services.chassis.kinds import Kind
from services.chassis.unit_of_work import Work

M = TypeVar("M", bound=Message)


async def check_change(work: Work, kind: Kind[M], new: M, old: M | None) -> None:
    """Refuse a record that breaks the contract, the kind's rules or, with others, its guard. Raises RuleError."""
    check_record(new, old, work.rules)
    kind.check(new, old, work.rules)
    _check_offices(work, kind, new, old)
    if kind.guard is not None:
        await kind.guard(work, new, old)


def _check_offices(work: Work, kind: Kind[M], new: M, old: M | None) -> None:
    """Refuse a second office that is none, and a record of no office in the scope. Raises UnknownOffice, NotFound."""
    second = kind.second_office(new)
    if second and (old is None or second != kind.second_office(old)):
        work.rules.check_office(second)
    work.require_office(new.office, second)  # type: ignore[attr-defined]


async def create(work: Work, kind: Kind[M], record: M) -> M:
    """Check and put a new record. Raises RuleError."""
    await check_change(work, kind, record, None)
    return work.create(kind, record, _transition(kind, record, None), _occurred(kind, record))


async def update(work: Work, kind: Kind[M], new: M, old: M, change: str) -> M:
    """Check and put the next revision of a record. Raises RuleError."""
    await check_change(work, kind, new, old)
    return work.save(kind, new, _transition(kind, new, old) or change, _occurred(kind, new))


def _occurred(kind: Kind[Any], record: Any) -> date | None:
    return None if kind.occurred is None else kind.occurred(record)


def _transition(kind: Kind[Any], new: Any, old: Any) -> str:
    return "" if kind.transition is None else kind.transition(new, old)
