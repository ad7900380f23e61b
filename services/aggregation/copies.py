"""This side of a proof: digests of the facts held, bucket by bucket, as the services make them of theirs."""
# ruff: noqa: S608  statements are made of names of this package, never of input

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.aggregation.kinds import KINDS
from services.aggregation.live import Live
from services.aggregation.positions import READ, Position
from services.aggregation.tables import SCHEMA

Buckets = dict[int, tuple[int, int, int]]  # number -> count and the two halves of the digest
_HALF = "('x' || encode(substring(_digest from {0} for 8), 'hex'))::bit(64)::bigint"
# A record that its service does not hold any more is kept as deleted in revision 0: it has no counterpart.
_MINE = "_source = $1 and not (deleted and _revision = 0)"
_DIGESTS = f"""
select get_byte(uuid_send(_id), 15) as bucket, count(*), bit_xor({_HALF.format(1)}), bit_xor({_HALF.format(9)})
from {{table}} where {_MINE} group by 1"""
_BUCKET = f"""
select _id, _epoch, _revision, _digest from {{table}} where {_MINE} and get_byte(uuid_send(_id), 15) = $2"""


class Held(NamedTuple):
    """A record's state as held here."""

    epoch: int
    revision: int
    hash: bytes


@dataclass(frozen=True)
class Copies:
    """Reads the facts of the current projection by source."""

    pool: asyncpg.Pool
    live: Live

    async def digests(self, source: str) -> dict[str, Buckets]:
        """Return the digests of every kind that holds records of a source."""
        found: dict[str, Buckets] = {}
        for kind in KINDS:
            rows = await self.pool.fetch(_DIGESTS.format(table=self._table(kind.name)), source)
            if rows:
                found[kind.name] = {row[0]: (row[1], row[2], row[3]) for row in rows}
        return found

    async def bucket(self, source: str, kind: str, number: int) -> dict[UUID, Held]:
        """Return every record of one bucket."""
        rows = await self.pool.fetch(_BUCKET.format(table=self._table(kind)), source, number)
        return {row[0]: Held(row[1], row[2], bytes(row[3])) for row in rows}

    async def counts(self, source: str) -> dict[str, int]:
        """Return the number of records of a source by kind."""
        digests = await self.digests(source)
        return {kind: sum(count for count, _, _ in buckets.values()) for kind, buckets in digests.items()}

    async def positions(self) -> list[Position]:
        """Return how far each source was read, in each of its epochs."""
        rows = await self.pool.fetch(READ.replace(f"{SCHEMA}.", f"{self.live.current.schema}."))
        return [Position(r[0], r[1], r[2], r[3], int(r[4] or 0), r[5]) for r in rows]

    async def position(self, source: str, epoch: int) -> int:
        """Return the highest sequence read of a source in an epoch."""
        return max((p.last for p in await self.positions() if (p.source, p.epoch) == (source, epoch)), default=0)

    def _table(self, kind: str) -> str:
        return f"{self.live.current.schema}.f_{kind}"
