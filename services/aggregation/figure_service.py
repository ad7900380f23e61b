"""Serves the figures as they are stored, for whoever counts them once more."""
# ruff: noqa: S608  statements are made of schema names of this package, never of input

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
from geju.aggregation.v1 import figure_service_pb2 as pb
from geju.aggregation.v1.figure_service_pb2_grpc import FigureServiceServicer

from services.aggregation import catalogue
from services.aggregation.errors import NotMeasured
from services.aggregation.live import Current
from services.aggregation.reader import COLUMNS, Reader
from services.aggregation.requests import indicator_of, period_at, unit_of
from services.aggregation.rollup import Stored
from services.chassis.domain.dates import from_date

#: Figures in a message.
BATCH = 2000
#: Who reads the figures holds a connection to the database for as long as that takes; so much of them is for that.
_SHARE = 4
#: Seconds that one may take for a batch before the database gives up on him.
_PATIENCE = "set local idle_in_transaction_session_timeout = '30s'"
_WHERE = """(cardinality($1::text[]) = 0 or unit = any($1)) and (cardinality($2::text[]) = 0 or period = any($2))
    and indicator = any($3::text[]) and (n <> 0 or total <> 0)"""


class FigureServicer(FigureServiceServicer):
    """Reads stored figures."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._free = asyncio.Semaphore(max(1, reader.pool.get_max_size() // _SHARE))

    async def ListFigures(
        self, request: pb.ListFiguresRequest, context: Any = None
    ) -> AsyncIterator[pb.ListFiguresResponse]:
        """Send the state, then the figures of it."""
        del context
        live, profile = self._reader.live, self._reader.profile
        version, current = live.version, live.current
        units = [unit_of(profile, unit) for unit in request.units]
        for code in request.periods:
            period_at(code, current.as_of, profile, "periods")
        codes = [indicator_of(code).code for code in request.indicators] or list(catalogue.BY_CODE)
        statement = f"select {COLUMNS} from {current.schema}.figure where {_WHERE}"
        params = units, list(request.periods), [code for code in codes if current.shows(code)]
        async with self._free, self._reader.pool.acquire() as conn, conn.transaction(readonly=True):
            await conn.execute(_PATIENCE)
            try:
                cursor = await conn.cursor(statement, *params)
            except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError) as error:
                raise NotMeasured from error  # another projection was swapped in: the caller asks again
            yield pb.ListFiguresResponse(state=_state(version, current))
            while rows := await cursor.fetch(BATCH):
                yield pb.ListFiguresResponse(figures=[_figure(Stored(*row)) for row in rows])


def _state(version: int, current: Current) -> pb.FigureState:
    state = pb.FigureState(
        version=version,
        as_of_date=from_date(current.as_of),
        projection=current.schema,
        rebuilding=current.known is not None,
    )
    state.measured_time.FromDatetime(current.measured)
    return state


def _figure(stored: Stored) -> pb.StoredFigure:
    return pb.StoredFigure(
        indicator=stored.indicator,
        breakdown=stored.breakdown,
        key=stored.key,
        unit=stored.unit,
        period=stored.period,
        n=stored.n,
        denominator=stored.total,
    )
