"""Firms and practitioners for rules of other records: whichever office has them, looked up once a work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from typing import Any

from geju.legalservices.v1 import firm_pb2, practitioner_pb2

from services.chassis.crypto import normalise
from services.chassis.district import everywhere, records_of, rows_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import ImpossibleTransition
from services.chassis.domain.references import uuid_of
from services.chassis.guards import calls, kind_in, may_correct
from services.chassis.kinds import Kind
from services.chassis.storage.codec import unseal
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.storage.statements import RECORD
from services.chassis.work import Work
from services.legalservices.domain.registers import licence
from services.legalservices.domain.registers.errors import LicenceStep, RecordInUse
from services.legalservices.domain.registers.firm import is_closed

#: Whoever changes firms, practitioners or statuses waits for whoever does: their rules look at one another.
REGISTER = "legalservices register"


async def referred(work: Work, field: str, name: str) -> Any:
    """Return a record of this service that another names, whosever it is. Raises UnknownReference."""
    key = ("referred", name)
    if key not in work.memo:
        work.memo[key] = await everywhere(work, kind_in(work, name.partition("/")[0]), field, name)
    return work.memo[key]


async def licensed_firm(
    work: Work, field: str, name: str, on: date, *kinds: frozenset[firm_pb2.FirmKind.ValueType]
) -> firm_pb2.Firm:
    """Return a firm of one of these kinds (none: of any) that is licensed on a day.

    Raises UnknownReference, FirmKindMismatch, NotLicensed.
    """
    firm: firm_pb2.Firm = await referred(work, field, name)
    if kinds:
        licence.check_kind(firm, field, *kinds)
    licence.check_licensed(firm, field, on)
    return firm


async def licensed_practitioner(work: Work, field: str, name: str, on: date) -> practitioner_pb2.Practitioner:
    """Return a practitioner who is licensed on a day. Raises UnknownReference, NotLicensed."""
    found: practitioner_pb2.Practitioner = await referred(work, field, name)
    licence.check_licensed(found, field, on)
    return found


def changed(new: Any, old: Any, *fields: str) -> bool:
    """Tell whether a record is new or one of these fields is another than before."""
    return old is None or any(getattr(new, name) != getattr(old, name) for name in fields)


def day_of(record: Any, field: str) -> date:
    """Return a day that the contract requires."""
    found = to_date(getattr(record, field))
    assert found is not None, "the contract requires the day"
    return found


async def free_number(work: Work, kind: Kind[Any], record: Any) -> None:
    """Take from a record that moved to another office a number that is taken there; the office gives it a new one."""
    if await work.find_many(kind, [(record.office, record.key)]):
        record.key = ""


async def beside(work: Work, new: Any, column: str, check: Callable[[Any, Collection[Any]], None]) -> None:
    """Run a check of a record against the others of its kind with the same value in a column, of every office.

    Whoever adds or changes one of the kind waits, so that two of them cannot both be the only one; what this work has
    made before counts too.
    """
    kind = kind_of_record(work, new)
    await work.lock(f"{kind.name} beside")
    value = _column_value(new, column)
    key = (kind.name, column, value)
    if key not in work.memo:  # nobody else changes them while this work holds the lock
        work.memo[key] = await records_of(work, kind, column, value)
    known: list[Any] = work.memo[key]
    found = {one.name: one for one in known if one.name}
    check(new, [one for name, one in found.items() if name != new.name])
    known.append(new)


def _column_value(record: Any, column: str) -> str:
    value = str(getattr(record, column))
    return uuid_of(value) if "/" in value else value


def kind_of_record(work: Work, record: Any) -> Kind[Any]:
    """Return the kind of a record."""
    return next(kind for kind in work.store.kinds if kind.message is type(record))


async def check_unused(work: Work, record: Any, field: str, *columns: str) -> None:
    """Refuse to delete, or make another kind of, what records of any kind and office name. Raises RecordInUse."""
    found = 0
    for kind, column in _naming(work, columns):
        found += len(await rows_of(work, kind, column, uuid_of(record.name), "office"))
    if found:
        raise RecordInUse(field, records=found)


def _naming(work: Work, columns: Iterable[str]) -> Iterator[tuple[Kind[Any], str]]:
    return ((kind, column) for kind in work.store.kinds for column in columns if _refers(kind, column))


def _refers(kind: Kind[Any], column: str) -> bool:
    field = kind.row.model_fields.get(column)
    return field is not None and field.annotation is str


async def holders(work: Work, kind: Kind[Any], field: str, value: str) -> list[Any]:
    """Return the records of a kind, of every office, whose searchable field has a value, however it is written."""
    sql = (
        f"SELECT r.id, {RECORD} FROM {kind.row.__tablename__} r WHERE NOT r.deleted "  # noqa: S608 (names of the models)
        "AND r.id IN (SELECT record_id FROM search_hash WHERE hash = $1)"
    )
    async with work.seeing(EVERYTHING) as connection:
        rows = await connection.fetch(sql, work.store.crypto.search_hash(value))
    records = [unseal(kind, row, str(row["id"]), work.store.crypto) for row in rows]
    # What is found by the hash may have the same text in another field.
    return [record for record in records if normalise(getattr(record, field)) == normalise(value)]


def check_steps(work: Work, new: Any, old: Any, fields: Iterable[str]) -> None:
    """Refuse an update of what a step records, and a clerk's line that changes it or a licence that has ended.

    Raises LicenceStep, ImpossibleTransition.
    """
    touched = [name for name in fields if getattr(new, name) != getattr(old, name)]
    if calls(work, "Update"):
        refused = touched
    elif calls(work, "Import"):
        if is_closed(old) and not may_correct(work):
            raise ImpossibleTransition(state="已终止", action="导入修改(已终止的记录请由所长更正)")
        recorded = {field.name for field, _ in old.ListFields()}
        refused = [
            # A sheet that names another firm does not say since when: that is a transfer, whoever sends it.
            name
            for name in touched
            if name == "firm" or (name in recorded and not may_correct(work))
        ]
    else:
        return
    for name in refused:
        raise LicenceStep(name)
