"""The proof that the facts held here are those of the services: compare, locate, wait out what is only late, repair."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from geju.facts.v1 import facts_source_service_pb2 as pb

from services.aggregation.copies import Buckets, Copies, Held
from services.aggregation.kinds import BY_NAME

if TYPE_CHECKING:
    from geju.facts.v1.facts_source_service_pb2_grpc import FactsSourceServiceAsyncStub

#: How long reading may stand still before what was not read counts as lost.
PATIENCE = 5.0
#: How often it is looked whether something has arrived.
LOOK = 0.1
ROUNDS = 3
CHUNK = 10_000
Bucket = tuple[str, int]


class NotPublished(Exception):  # noqa: N818 (named for what is the matter)
    """A service has changes that it cannot publish: what differs may only be late."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(f"来源尚有 {count} 条变更未发布,暂不能判定差异")


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that is not held as its service has it; `ahead`: held in a revision that the service does not have."""

    kind: str
    id: UUID
    theirs: tuple[int, bytes] | None
    ahead: bool


@dataclass(slots=True)
class Proof:
    """What comparing a source found."""

    source: str
    at: datetime
    seconds: float = 0
    compared: dict[str, int] = field(default_factory=dict)
    differing: dict[str, int] = field(default_factory=dict)
    repaired: int = 0
    equal: bool = False
    forked: bool = False
    problem: str = ""
    sequence: int = 0
    epoch: int = 0


class Comparison:
    """One comparison of a source with what is held of it."""

    def __init__(
        self, source: str, stub: FactsSourceServiceAsyncStub, copies: Copies, patience: float = PATIENCE
    ) -> None:
        self._source, self._stub, self._copies, self._patience = source, stub, copies, patience

    async def run(self, proof: Proof) -> None:
        """Compare and repair until equal, or not to be made equal. Raises grpc.RpcError, NotPublished."""
        open_: list[Difference] = []
        for _ in range(ROUNDS):
            theirs = await self._digest(proof)
            suspected = _differing(theirs, await self._copies.digests(self._source))
            found = await self._differences(suspected, theirs) if suspected else []
            proof.repaired += len(open_) - len({(d.kind, d.id) for d in open_} & {(d.kind, d.id) for d in found})
            if not found:
                proof.equal = True
                return
            if not open_:
                for difference in found:
                    proof.differing[difference.kind] = proof.differing.get(difference.kind, 0) + 1
            open_ = found
            await self._repair(found, proof)
        proof.problem = f"{len(open_)} 条记录重发后仍不一致"

    async def _digest(self, proof: Proof) -> pb.GetDigestResponse:
        theirs: pb.GetDigestResponse = await self._stub.GetDigest(pb.GetDigestRequest())
        proof.compared = {kind.kind: sum(b.count for b in kind.buckets) for kind in theirs.kinds}
        proof.sequence, proof.epoch = theirs.sequence + theirs.unpublished, theirs.epoch
        return theirs

    async def _differences(self, suspected: Iterable[Bucket], theirs: pb.GetDigestResponse) -> list[Difference]:
        """Return the records of some buckets that differ and go on to after everything committed has arrived."""
        first = {(d.kind, d.id): d for bucket in suspected for d in await self._compare(bucket, theirs.epoch)}
        if not first:
            return []
        await self._catch_up()
        again = sorted({(kind, id_.bytes[15]) for kind, id_ in first})
        second = {(d.kind, d.id): d for bucket in again for d in await self._compare(bucket, theirs.epoch)}
        # One that changed meanwhile is on its way; the next proof sees to it.
        return [d for key, d in second.items() if key in first and first[key].theirs == d.theirs]

    async def _compare(self, bucket: Bucket, epoch: int) -> list[Difference]:
        kind, number = bucket
        # What is held is read first: whatever it has, the service has had before.
        mine = await self._copies.bucket(self._source, kind, number)
        listed = await self._stub.ListBucket(pb.ListBucketRequest(kind=kind, bucket=number))
        theirs = {UUID(record.id): (record.revision, record.hash) for record in listed.records}
        found = []
        for id_ in sorted(mine.keys() | theirs.keys()):
            held, has = mine.get(id_), theirs.get(id_)
            if held is None or has is None or (held.revision, held.hash) != has:
                found.append(Difference(kind, id_, has, _ahead(held, has, epoch)))
        return found

    async def _catch_up(self) -> None:
        """Wait until everything that the service had committed was read, or nothing more comes. Raises NotPublished."""
        theirs = await self._stub.GetDigest(pb.GetDigestRequest())
        wanted = theirs.sequence + theirs.unpublished
        read, since = -1, time.monotonic()
        while (last := await self._copies.position(self._source, theirs.epoch)) < wanted:
            if last > read:
                read, since = last, time.monotonic()
            elif time.monotonic() - since > self._patience:
                now = await self._stub.GetDigest(pb.GetDigestRequest())
                if now.unpublished and now.sequence == theirs.sequence and now.epoch == theirs.epoch:
                    raise NotPublished(now.unpublished)
                return
            await asyncio.sleep(LOOK)

    async def _repair(self, differences: list[Difference], proof: Proof) -> None:
        """Have the facts published again, in a new epoch when the service was set back, and wait for them."""
        fork = any(d.ahead for d in differences)
        proof.forked |= fork
        for kind in sorted({d.kind for d in differences}):
            ids = [str(d.id) for d in differences if d.kind == kind]
            for start in range(0, len(ids), CHUNK):
                request = pb.RepublishFactsRequest(kind=kind, ids=ids[start : start + CHUNK], new_epoch=fork)
                await self._stub.RepublishFacts(request)
                fork = False
        await self._catch_up()


def _ahead(held: Held | None, has: tuple[int, bytes] | None, epoch: int) -> bool:
    if held is None:
        return False
    return has is None or (held.epoch >= epoch and held.revision > has[0])


def _differing(theirs: pb.GetDigestResponse, mine: dict[str, Buckets]) -> list[Bucket]:
    """Return the buckets whose digests differ, of the kinds that are counted here."""
    found: list[Bucket] = []
    for kind in theirs.kinds:
        if kind.kind in BY_NAME:
            wanted = {b.bucket: (b.count, b.low, b.high) for b in kind.buckets}
            held = mine.get(kind.kind, {})
            found += [(kind.kind, n) for n in sorted(wanted.keys() | held.keys()) if wanted.get(n) != held.get(n)]
    return found
