"""The sources of the facts, as people see them: how fresh, what is missing, when last proven."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import asyncpg
from geju.aggregation.v1 import source_pb2 as pb

from services.aggregation.copies import Copies
from services.aggregation.kinds import BY_NAME
from services.aggregation.positions import Position

_PROOFS = "select source, kind, proven, compared, differences, problem from proof order by source, kind"


class Sources:
    """Reads the state of the sources of the settings, and of those that facts were read from."""

    def __init__(self, pool: asyncpg.Pool, copies: Copies, names: list[str]) -> None:
        self._pool, self._copies, self._names = pool, copies, names

    async def list(self) -> list[pb.Source]:
        """Return every source in order of its name."""
        newest: dict[str, Position] = {p.source: p for p in await self._copies.positions()}
        proofs: dict[str, list[asyncpg.Record]] = defaultdict(list)
        for row in await self._pool.fetch(_PROOFS):
            proofs[row["source"]].append(row)
        names = sorted({*self._names, *newest})
        return [_source(name, newest.get(name), proofs[name]) for name in names]


def _source(name: str, position: Position | None, proofs: list[asyncpg.Record]) -> pb.Source:
    message = pb.Source(source=name, problem=next((row["problem"] for row in proofs if not row["kind"]), ""))
    if position is not None:
        message.epoch, message.sequence, message.missing = position.epoch, position.last, position.missing
        message.last_event_time.FromDatetime(position.recorded)
    kinds = [row for row in proofs if row["kind"] in BY_NAME]
    for row in kinds:
        kind = message.kinds.add(kind=row["kind"], label=BY_NAME[row["kind"]].zh)
        kind.facts, kind.differences = row["compared"], row["differences"]
        if row["proven"] is not None:
            kind.proven_time.FromDatetime(row["proven"])
    proven = earliest([row["proven"] for row in kinds])
    if proven is not None:
        message.proven_time.FromDatetime(proven)
    return message


def earliest(times: list[datetime | None]) -> datetime | None:
    """Return the earliest instant; None when there is none or one is missing."""
    known = [time for time in times if time is not None]
    return min(known) if known and len(known) == len(times) else None
