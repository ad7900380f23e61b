"""What every office of the district has on record: rules over other records must not depend on who asks."""

# Statements are built of table and column names of the services' models; every value is a parameter.
# ruff: noqa: S608

from __future__ import annotations

from typing import Any

from services.chassis.domain.errors import NotFound, UnknownReference
from services.chassis.guards import ALL
from services.chassis.kinds import Kind
from services.chassis.query import select_rows
from services.chassis.storage.codec import unseal
from services.chassis.storage.scopes import EVERYTHING, terms
from services.chassis.storage.statements import statements
from services.chassis.work import Work


async def rows_of(work: Work, kind: Kind[Any], column: str, uuid: str, *columns: str) -> list[Any]:
    """Return columns of the committed rows of a kind that name a record, of every office; the id is text."""
    own = ", ".join(f'"{name}"' for name in columns)
    sql = f'SELECT id::text AS id, {own} FROM {kind.row.__tablename__} WHERE "{column}" = $1 AND NOT deleted'
    async with work.seeing(EVERYTHING) as connection:
        return await connection.fetch(sql, uuid)  # type: ignore[no-any-return]


async def records_of(work: Work, kind: Kind[Any], column: str, uuid: str) -> list[Any]:
    """Return the committed records of a kind that name a record, of every office and sealed ones, newest first.

    They are to be looked at, not to be changed: whose they are is not asked.
    """
    sql, params = select_rows(kind, {column: uuid}, terms(EVERYTHING), limit=ALL)
    async with work.seeing(EVERYTHING) as connection:
        rows = await connection.fetch(sql, *params)
    return [unseal(kind, row, str(row["id"]), work.store.crypto) for row in rows]


async def everywhere(work: Work, kind: Kind[Any], field: str, name: str) -> Any:
    """Return a record of a register that every office may refer to, whosever it is. Raises UnknownReference."""
    try:
        record_id = kind.record_id(name)
    except NotFound:
        raise UnknownReference(field, name=name) from None
    async with work.seeing(EVERYTHING) as connection:
        row = await connection.fetchrow(statements(kind).load, record_id, terms(EVERYTHING))
    if row is None or row["deleted"]:
        raise UnknownReference(field, name=name)
    return unseal(kind, row, record_id, work.store.crypto)
