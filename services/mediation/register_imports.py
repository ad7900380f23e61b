"""Spreadsheets of registers: where a record refers to another, a row may give the office's own number of it."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message

from services.chassis.contract import method
from services.chassis.importing import import_rows
from services.chassis.kinds import Kind
from services.chassis.work import Work


async def import_referring(work: Work, request: Any, kind: Kind[Any], field: str, target: Kind[Any]) -> Message:
    """Import rows whose `field` refers to `target` by resource name or by the office's own number; return the verdicts.

    A number that no record has stays as it is: the rules then refuse the row.
    """
    resolved = type(request)()
    resolved.CopyFrom(request)
    rows = [getattr(row, kind.snake) for row in resolved.rows]
    numbers = {(row.office, number) for row in rows if "/" not in (number := getattr(row, field))}
    found = await work.find_many(target, numbers) if numbers else {}
    for row in rows:
        other = found.get((row.office, getattr(row, field)))
        if other is not None:
            setattr(row, field, other.name)
    descriptor: Any = method(work.call.method).response.DESCRIPTOR
    return await import_rows(kind, descriptor, work, resolved)
