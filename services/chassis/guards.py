"""What guards of records are made of: the rules that need other records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from google.protobuf.message import Message

from services.chassis.domain.errors import NotFound, UnknownReference
from services.chassis.kinds import Kind, kind_of
from services.chassis.work import Work

M = TypeVar("M", bound=Message)
#: More than an office will ever have of a kind that is read whole.
ALL = 100_000
#: Roles that may correct what steps have recorded, and records that are closed.
CORRECTORS = frozenset({"office_head", "department"})


def calls(work: Work, *verbs: str) -> bool:
    """Tell whether one of these verbs of the common RPCs is being called: Create, Update, Correct, Import."""
    return work.call.method.rpartition("/")[2].startswith(verbs)


def may_correct(work: Work) -> bool:
    """Tell whether the caller may correct what steps have recorded."""
    return not CORRECTORS.isdisjoint(work.caller.roles)


def kind_in(work: Work, collection: str) -> Kind[Any]:
    """Return the kind of a collection. Kinds name their guards, so guards find kinds by name."""
    return kind_of(work.store.kinds, collection + "/")


async def lock_office(work: Work, kind: Kind[Any], office: str) -> None:
    """Wait until nobody else changes what an office can have only one of."""
    await work.lock(f"{kind.name}|{office}")


async def referenced(work: Work, field: str, name: str) -> Any:
    """Return a record that another refers to. Raises UnknownReference: not there, or outside the caller's scope."""
    try:
        return await work.load(kind_of(work.store.kinds, name), name)
    except NotFound:
        raise UnknownReference(field, name=name) from None


async def alone(work: Work, new: M, check: Callable[[M, Sequence[M]], None], **columns: Any) -> None:
    """Run a check of a record against the others of its office, picked by index columns.

    Whoever changes the same kind in the office waits, so that two records cannot both be the only one; what this work
    has made before counts too.
    """
    record: Any = new
    kind = next(kind for kind in work.store.kinds if kind.message is type(new))
    await lock_office(work, kind, record.office)
    made: list[Any] = work.memo.setdefault((kind.name, record.office), [])
    others = {other.name: other for other in await work.query(kind, limit=ALL, office=record.office, **columns)}
    others |= {other.name: other for other in made if other.name}
    check(new, [other for name, other in others.items() if name != record.name])
    made.append(new)


async def known(work: Work, name: str) -> Any:
    """Return a record by its name; None for an empty name, and for one that is gone or outside the caller's scope."""
    if not name:
        return None
    try:
        return await work.load(kind_of(work.store.kinds, name), name)
    except NotFound:
        return None
