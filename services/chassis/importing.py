"""Taking over rows of a spreadsheet: a verdict for each, the good ones in one transaction."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from geju.common.v1 import import_pb2
from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from services.chassis.changes import create, update
from services.chassis.checks import check_row
from services.chassis.contract import method
from services.chassis.domain.errors import KeyRequired, KeyTaken, OfficeRequired, RuleError
from services.chassis.errors import row_errors
from services.chassis.kinds import Kind
from services.chassis.masks import merged, without_service_fields
from services.chassis.resolving import Anywhere, Target, resolve
from services.chassis.storage.codec import key_hash
from services.chassis.storage.scopes import EVERYTHING, terms
from services.chassis.storage.statements import statements
from services.chassis.unit_of_work import Work
from services.chassis.work import mutation

__all__ = ["Anywhere", "import_referring", "import_rows", "record_each", "taking_over"]

M = TypeVar("M", bound=Message)
#: Stands for a record that has a row's number and is outside the caller's rights.
_UNSEEN = object()
_NONE: Mapping[int, RuleError] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Row:
    """A row, what in it holds office and key, and what is wrong with it already."""

    row: Any
    carrier: Any
    error: RuleError | None = None


async def import_rows(
    kind: Kind[Any], response: Descriptor, work: Work, request: Any, errors: Mapping[int, RuleError] = _NONE
) -> Message:
    """Return the verdicts on a request's rows; what they make and change is saved in the work.

    `errors` are rules that rows, by their place in the request, are known to break.
    """
    work.keys_are_found = True
    await work.expect_new_request()
    rows = [_Row(row, _carrier(kind, row), errors.get(index)) for index, row in enumerate(request.rows)]
    keys = {(row.carrier.office, row.carrier.key) for row in rows}
    found: dict[tuple[str, str], Any] = await work.find_many(kind, keys)
    found |= dict.fromkeys(await _unseen(work, kind, keys - found.keys()), _UNSEEN)
    verdicts = [await _verdict(kind, work, row, found) for row in rows]
    answer: Any = message_factory.GetMessageClass(response)(verdicts=verdicts)
    return answer  # type: ignore[no-any-return]


async def record_each(kind: Kind[M], work: Work, records: Sequence[M]) -> list[import_pb2.RowVerdict]:
    """Make records as they happen, each judged on its own; return their verdicts, rows counted from 1.

    Nothing is changed: a number that the office has used is refused.
    """
    work.keys_are_found = True
    await work.expect_new_request()
    sent: Sequence[Any] = records
    keys = {(record.office, record.key) for record in sent if record.key}
    taken = {*await work.find_many(kind, keys), *await _unseen(work, kind, keys)} if keys else set()
    return [await _recorded(kind, work, number, record, taken) for number, record in enumerate(sent, 1)]


async def _recorded(
    kind: Kind[Any], work: Work, number: int, sent: Any, taken: set[tuple[str, str]]
) -> import_pb2.RowVerdict:
    mark = work.mark()
    try:
        if (sent.office, sent.key) in taken:
            work.require_office(sent.office)
            raise KeyTaken("key", key=sent.key)
        record = await create(work, kind, without_service_fields(sent))
    except RuleError as error:
        work.back_to(mark)
        return _rejected(number, error, sent)
    if sent.key:
        taken.add((sent.office, sent.key))
    return import_pb2.RowVerdict(row=number, outcome=import_pb2.ROW_OUTCOME_CREATED, name=record.name)


def _rejected(number: int, error: RuleError, sent: Any) -> import_pb2.RowVerdict:
    errors = row_errors(error, sent.DESCRIPTOR)
    return import_pb2.RowVerdict(row=number, outcome=import_pb2.ROW_OUTCOME_REJECTED, errors=errors)


async def import_referring(
    work: Work, request: Any, kind: Kind[Any], field: str, target: Target, *more: tuple[str, Target]
) -> Message:
    """Import rows whose `field` refers to `target` by resource name or by a number; return the verdicts.

    A kind is looked in by the own numbers of the row's office, `Anywhere` in all of the district. `more` are further
    fields, or the same field with another target to look in after the first. A row with a number that no record has, or
    more than one, is refused with the kinds that were looked in.
    """
    resolved = type(request)()
    resolved.CopyFrom(request)
    rows = [getattr(row, kind.snake) for row in resolved.rows]
    errors = await resolve(work, rows, ((field, target), *more))
    descriptor: Any = method(work.call.method).response.DESCRIPTOR
    return await import_rows(kind, descriptor, work, resolved, errors)


def taking_over(
    kind: Kind[Any], field: str, target: Target, *more: tuple[str, Target]
) -> Callable[..., Awaitable[Any]]:
    """Return the Import RPC of a kind whose rows refer to other records by numbers, too; see `import_referring`."""

    @mutation
    async def take_over(_self: Any, work: Work, request: Any) -> Message:
        """Take over a spreadsheet."""
        return await import_referring(work, request, kind, field, target, *more)

    return take_over


async def _unseen(work: Work, kind: Kind[Any], keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those (office, own number) pairs that sealed files have which the caller may not see."""
    hashes = {key_hash(work.store.crypto, office, key): (office, key) for office, key in keys if key}
    if not hashes or not kind.has_sealed or work.sees_sealed(kind):
        return set()
    async with work.seeing(EVERYTHING) as connection:
        rows = await connection.fetch(statements(kind).find_many, list(hashes), terms(EVERYTHING))
    return {hashes[row["key_hash"]] for row in rows}


def _carrier(kind: Kind[Any], row: Any) -> Any:
    """Return what holds office and key: the record in the row, or the row itself where it is flat."""
    return getattr(row, kind.snake) if kind.import_row is None else row


async def _verdict(
    kind: Kind[Any], work: Work, given: _Row, found: dict[tuple[str, str], Any]
) -> import_pb2.RowVerdict:
    mark, number = work.mark(), given.row.row
    place = (given.carrier.office, given.carrier.key)
    try:
        outcome, record = await _take(kind, work, given, found.get(place))
    except RuleError as error:
        work.back_to(mark)
        return _rejected(number, error, given.carrier)
    found[place] = record
    return import_pb2.RowVerdict(row=number, outcome=outcome, name=record.name)


async def _take(kind: Kind[Any], work: Work, given: _Row, old: Any) -> tuple[import_pb2.RowOutcome.ValueType, Any]:
    row, carrier = given.row, given.carrier
    _check_place(kind, work, carrier, old)
    if old is _UNSEEN:
        raise KeyTaken("key", key=carrier.key)
    if given.error is not None:
        raise given.error
    if kind.import_row is not None:
        check_row(row, work.rules)
    new = await _record(kind, work, row, carrier, old)
    if old is None:
        return import_pb2.ROW_OUTCOME_CREATED, await create(work, kind, new)
    if new == old:
        return import_pb2.ROW_OUTCOME_UNCHANGED, old
    return import_pb2.ROW_OUTCOME_UPDATED, await update(work, kind, new, old, "updated")


def _check_place(kind: Kind[Any], work: Work, carrier: Any, old: Any) -> None:
    """Refuse a row without a place of its own before what it refers to: without the office nothing is found.

    Raises OfficeRequired, UnknownOffice, KeyRequired; NotFound for an office outside the scope. A record that was found
    is in the scope, by its second office perhaps; a new one that may have a second is judged when it is whole.
    """
    if not carrier.office:
        raise OfficeRequired("office")
    work.rules.check_office(carrier.office)
    if old is _UNSEEN or (old is None and not kind.has_second_office):
        work.require_office(carrier.office)
    if not carrier.key:
        raise KeyRequired("key")


async def _record(kind: Kind[Any], work: Work, row: Any, carrier: Any, old: Any) -> Any:
    if kind.import_row is None:
        return without_service_fields(carrier) if old is None else merged(old, carrier)
    # A copy: what a rejected row did to its record must not be seen by the next row of the same key.
    made = kind.import_row(work, row, None if old is None else merged(old, type(old)()))
    return await made if inspect.isawaitable(made) else made
