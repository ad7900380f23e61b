"""References of law publicity over every office: locked while they are looked at, protected while they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import any_, literal

from services.chassis.district import everywhere
from services.chassis.domain.references import uuid_of
from services.chassis.guards import ALL, kind_in
from services.chassis.query import select_rows, table_of
from services.chassis.storage.scopes import EVERYTHING, terms
from services.chassis.work import Work


async def lock(work: Work, *names: str) -> None:
    """Wait until nobody else refers to these records or changes their days."""
    await work.lock(*(f"uses|{name}" for name in names))


async def locked(work: Work, collection: str, field: str, name: str) -> Any:
    """Return a record of any office that nobody ends meanwhile. Raises UnknownReference."""
    await lock(work, name)
    return await everywhere(work, kind_in(work, collection), field, name)


async def listing(work: Work, collection: str, column: str, name: str, columns: Sequence[str]) -> list[Any]:
    """Return columns of the committed records of every office whose list of uuids holds that of a record."""
    kind = kind_in(work, collection)
    holds = literal(uuid_of(name)) == any_(table_of(kind).c[column])
    sql, params = select_rows(kind, [holds], terms(EVERYTHING), limit=ALL, columns=columns)
    async with work.seeing(EVERYTHING) as connection:
        return await connection.fetch(sql, *params)  # type: ignore[no-any-return]
