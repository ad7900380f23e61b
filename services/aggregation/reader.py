"""Reads stored figures, as measured now or as of a past date."""
# ruff: noqa: S608  statements are made of schema names of this package, never of input

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import date

import asyncpg

from services.aggregation import catalogue
from services.aggregation.asof import measure_as_of
from services.aggregation.errors import FutureDay, NotMeasured
from services.aggregation.live import Current, Live
from services.aggregation.plans import fingerprint, plan_of
from services.aggregation.projection import Projection
from services.aggregation.rollup import Stored
from services.chassis.domain.profile import Profile

COLUMNS = "period, unit, indicator, breakdown, key, n, total"


class Reader:
    """Reads the projection that is current; lends connections on which it can be read further."""

    def __init__(self, pool: asyncpg.Pool, live: Live, profile: Profile) -> None:
        self.pool, self.live, self.profile = pool, live, profile

    def as_of(self, wanted: date | None) -> date:
        """Return the day that is asked for; today when none is. Raises FutureDay, NotMeasured."""
        today = self.live.current.as_of
        if wanted is not None and wanted > today:
            raise FutureDay("as_of_date", date=wanted, today=today)
        return wanted or today

    async def figures(
        self, units: Collection[str] | None, periods: Collection[str], as_of: date | None = None, indicator: str = ""
    ) -> list[Stored]:
        """Return the figures of units (None: all) and periods, of a past day or one indicator when they are named."""
        current = self.live.current
        if as_of is None or as_of == current.as_of:
            return await self._stored(current, units, periods, indicator)
        async with self.projection() as (conn, projection):
            measured = await measure_as_of(conn, projection, as_of, units, periods)
        return [row for row in measured if indicator in {"", row.indicator}]

    async def _stored(
        self,
        current: Current,
        units: Collection[str] | None,
        periods: Collection[str],
        indicator: str,
        *,
        again: bool = True,
    ) -> list[Stored]:
        where = "period = any($1) and ($2::text[] is null or unit = any($2)) and ($3 = '' or indicator = $3)"
        statement = f"select {COLUMNS} from {current.schema}.figure where {where}"
        try:
            rows = await self.pool.fetch(statement, list(periods), None if units is None else list(units), indicator)
        except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
            if not again or self.live.current == current:
                raise
            # Another projection was swapped in meanwhile.
            return await self._stored(self.live.current, units, periods, indicator, again=False)
        return [
            Stored(*row) for row in rows if row["indicator"] in catalogue.BY_CODE and current.shows(row["indicator"])
        ]

    @asynccontextmanager
    async def projection(self, *, readonly: bool = True) -> AsyncIterator[tuple[asyncpg.Connection, Projection]]:
        """Lend a connection and the current projection, to be read in one snapshot. Raises NotMeasured."""
        current = self.live.current
        if current.fingerprint != fingerprint():
            # That of another version is read while this version's is being built, but its facts are not understood.
            raise NotMeasured
        async with self.pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=readonly):
            units = {code for (code,) in await conn.fetch(f"select code from {current.schema}.unit")}
            as_of = await conn.fetchval(f"select as_of from {current.schema}.state")
            yield conn, Projection(plan_of(current.schema), self.profile, as_of, units)
