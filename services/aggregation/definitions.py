"""Fingerprints of what each indicator means, by which a changed definition is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache

import asyncpg

from services.aggregation import catalogue, plan_census, plan_flow, sql
from services.aggregation.indicator import Indicator
from services.aggregation.tables import DEFINITION


@cache
def definition(indicator: Indicator) -> str:
    """Return a fingerprint of what an indicator means."""
    parts = [indicator.code, indicator.form, str(indicator.scale), str(sorted(indicator.levels))]
    parts += [plan_flow.cells([group]) for group in plan_flow.groups_of([indicator])]
    parts += [plan_census.rows(part) for part in plan_census.parts_of([indicator])]
    if indicator.base:
        parts.append(definition(catalogue.BY_CODE[indicator.base]))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


async def write(conn: asyncpg.Connection, schema: str, indicators: Iterable[Indicator]) -> None:
    """Note in a projection what its figures mean."""
    rows = [(indicator.code, definition(indicator)) for indicator in indicators]
    await conn.copy_records_to_table(DEFINITION.name, schema_name=schema, records=rows)


async def unchanged(conn: asyncpg.Connection | asyncpg.Pool, schema: str) -> frozenset[str]:
    """Return the indicators that mean to this version what they meant to the one that made a projection."""
    rows = await conn.fetch(sql.in_schema(sql.render(DEFINITION.select()), schema))
    return frozenset(
        code for code, made in rows if code in catalogue.BY_CODE and made == definition(catalogue.BY_CODE[code])
    )
