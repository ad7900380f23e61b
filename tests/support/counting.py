"""A projection to try declarations on: put facts in, read figures and reasons out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import asyncpg
from google.protobuf.message import Message
from google.type.date_pb2 import Date

from services.aggregation import catalogue
from services.aggregation.asof import measure_as_of
from services.aggregation.kinds import kind_of
from services.aggregation.members import Question, members, side
from services.aggregation.plan import Plan
from services.aggregation.projection import Projection
from services.recount.counting import Figures
from tests.support import histories

TODAY = date(2012, 3, 20)


@dataclass(slots=True)
class Counting:
    """Facts of one test and what is counted from them."""

    conn: asyncpg.Connection
    projection: Projection
    today: date = TODAY
    _records: int = field(default=0)

    async def put(self, *facts: Message, source: str = "geju/mediation") -> None:
        """Take in records, each of its own, in office 01 unless they name one; of one service."""
        events = []
        for message in facts:
            message.office = message.office or "01"  # type: ignore[attr-defined]
            self._records += 1
            kind = kind_of(type(message)).name
            events.append(histories.event(kind, self._records, 1, message, sequence=self._records, source=source))
        await self.projection.apply(self.conn, events, self.today)

    async def figure(
        self, indicator: str, period: str, unit: str = "", breakdown: str = "", key: str = ""
    ) -> tuple[int, int]:
        """Return n and N as stored; (0, 0) when there is nothing."""
        row = await self.conn.fetchrow(
            f"select n, total from {self.projection.schema}.figure where indicator = $1 and period = $2 and unit = $3 "  # noqa: S608
            "and breakdown = $4 and key = $5",
            *(indicator, period, unit, breakdown, key),
        )
        return (0, 0) if row is None else (row["n"], row["total"])

    async def adds(self, indicator: str, period: str, unit: str = "") -> tuple[int, int]:
        """Return what the members of a figure add up to."""
        found = await members(self.conn, self.projection, Question(indicator, unit, period), self.today)
        return sum(member.n for member in found), sum(member.total for member in found)

    async def as_of(self, day: date, indicator: str, period: str, unit: str = "") -> tuple[int, int]:
        """Return n and N as of a past day, as known now; (0, 0) when there is nothing."""
        rows = await measure_as_of(self.conn, self.projection, day, [unit], [period])
        return next(((r.n, r.total) for r in rows if (r.indicator, r.breakdown) == (indicator, "")), (0, 0))

    async def reasons(self, indicator: str, period: str, unit: str = "") -> list[str]:
        """Return the reason of each record, sorted."""
        found = await members(self.conn, self.projection, Question(indicator, unit, period), self.today)
        return sorted(member.reason for member in found)

    async def words(self, indicator: str, period: str, unit: str = "") -> dict[str, str]:
        """Return the reasons of the records with what people read."""
        found = await members(self.conn, self.projection, Question(indicator, unit, period), self.today)
        return {member.reason: member.zh for member in found}

    async def sides(self, indicator: str, period: str, unit: str = "") -> Counter[str]:
        """Return how many records of each collection are counted, counted against or left out: "disputes n"."""
        found = await members(self.conn, self.projection, Question(indicator, unit, period), self.today)
        return Counter(f"{member.collection} {side(member)}" for member in found)


async def fresh(conn: asyncpg.Connection, schema: str = "") -> Projection:
    """Make an empty projection of the small invented district; the one of the name is dropped."""
    plan = Plan(catalogue.INDICATORS, schema)
    await conn.execute(f"drop schema if exists {plan.schema} cascade")
    return await Projection.create(conn, plan, histories.profile())


async def figures(conn: asyncpg.Connection, projection: Projection) -> Figures:
    """Return every figure as stored."""
    rows: Iterable[Any] = await conn.fetch(f"select * from {projection.schema}.figure")  # noqa: S608
    return {(r["indicator"], r["breakdown"], r["key"], r["unit"], r["period"]): (r["n"], r["total"]) for r in rows}


def on(year: int, month: int, day: int) -> Date:
    """Return a date as facts carry it."""
    return Date(year=year, month=month, day=day)
