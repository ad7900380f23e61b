"""What must be true after faults: nothing lost or made up, every figure right, trails whole, readers alive."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import nats.errors
import nats.js.errors

from services.chassis.stream import FACTS
from services.chassis.testing import eventually
from services.cli.supervisor.parts import serving
from services.recount.comparing import Difference, differences
from services.recount.counting import Figures
from tests.chaos import consequences
from tests.chaos.arena import Arena
from tests.support.calls import Refused
from tests.support.load import require_nothing_lost
from tests.support.system import DOMAIN, SERVICES, System

LOOK = 0.3
#: Seconds in which a service has found what of its own it was not told: its grace, and two of its rounds.
LATE = 20.0
PATIENCE = 240.0
#: What an installation answers that is still on its way up.
AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, nats.errors.Error, nats.js.errors.Error)
NAMED = 5
#: Who asked: a reaction of a service to what it has read is asked for by nobody else.
_REQUESTS = "SELECT request_id FROM request WHERE NOT starts_with(subject, 'geju/')"
#: The service that the bulk of changes is of.
BULK = "legalaid"
_CONSULTATIONS = "SELECT id, revision FROM consultation"


@dataclass
class Verdict:
    """What was found; `repaired` is the instant at which all was drained and equal (`time.monotonic()`)."""

    attempted: int = 0
    accepted: int = 0
    found: int = 0
    compared: int = 0
    repaired: float | None = None
    lost: int = 0
    differing: int = 0
    problems: list[str] = field(default_factory=list)

    def blame(self, what: str, those: object, count: int) -> None:
        """Add a problem, with the first of those that it is about."""
        if count:
            self.problems.append(f"{count} {what}: {str(those)[:600]}")


async def judge(arena: Arena, patience: float = PATIENCE) -> Verdict:
    """Wait until the installation has healed by itself, then hold everything against everything."""
    verdict = Verdict()
    await _until_whole(arena.system, verdict, patience)
    await _consequences(arena.system, verdict)
    await _sets(arena, verdict)
    await _trails(arena, verdict)
    await _readers(arena.system, verdict)
    return verdict


async def _until_whole(system: System, verdict: Verdict, patience: float) -> None:
    """Wait until every event was read and every figure equals the recount; note when it was so first."""
    deadline, last = time.monotonic() + patience, ""
    recounted: tuple[Mapping[str, int], Figures] | None = None
    while True:
        try:
            traces = await system.traces()
            if recounted is None or recounted[0] != traces:
                recounted = traces, await system.recounted()
            at, last = time.monotonic(), await _undrained(system)
            found = differences(recounted[1], await system.figures())
            verdict.compared, verdict.differing = len(recounted[1]), len(found)
            if not found and not last and await system.traces() == traces:
                verdict.repaired = at
                return
            last = last or f"{len(found)} figures differ, {_shown(found)}"
        except AWAY as error:
            last = f"away: {type(error).__name__} {error}"
        if time.monotonic() > deadline:
            verdict.problems.append(f"not whole after {patience:.0f} s: {last}")
            verdict.differing = max(verdict.differing, 1)
            return
        await asyncio.sleep(LOOK)


def _shown(found: list[Difference]) -> str:
    return "; ".join(f"{one.key}: recounted {one.recounted}, stored {one.stored}" for one in found[:NAMED])


async def _undrained(system: System) -> str:
    """Say what was not read yet; empty: all was."""
    for service in DOMAIN:
        [row] = await system.rows(service, "SELECT count(*) FROM outbox")
        if row["count"]:
            return f"{row['count']} events in the outbox of {service}"
    async with _jetstream(system) as js:
        for one in await js.consumers_info(FACTS):
            if one.num_pending or one.num_ack_pending:
                return f"{one.name} has {one.num_pending} to read, {one.num_ack_pending} to acknowledge"
    return ""


@asynccontextmanager
async def _jetstream(system: System) -> AsyncIterator[nats.js.JetStreamContext]:
    client = await system.nats()
    try:
        yield client.jetstream()
    finally:
        await client.close()


async def _sets(arena: Arena, verdict: Verdict) -> None:
    """Compare what was attempted, accepted and found."""
    system, hotline, tellers = arena.system, arena.hotline, arena.tellers
    batches = hotline.sent if hotline else {}
    accepted_in_bulk = hotline.accepted if hotline else {}
    attempted = {UUID(one) for teller in tellers for one in teller.attempted} | {UUID(one) for one in batches}
    accepted = {UUID(one) for teller in tellers for one in teller.request_ids}
    accepted |= {UUID(one) for one, (answered, _) in batches.items() if answered is not None}
    verdict.attempted = len(attempted) - len(batches) + sum(size for _, size in batches.values())
    verdict.accepted = arena.accepted()
    remembered = {row["request_id"] for one in DOMAIN for row in await system.rows(one, _REQUESTS)}
    stored = {f"consultations/{row['id']}": row["revision"] for row in await system.rows("legalaid", _CONSULTATIONS)}
    found = accepted & remembered
    lost, unasked = accepted - remembered - _forgotten(arena), (remembered & attempted) - accepted
    gone = {n for n in accepted_in_bulk.keys() - stored.keys() if not arena.forgotten(BULK, accepted_in_bulk[n])}
    own = {name for teller in tellers for name in teller.changes}
    made_up = stored.keys() - accepted_in_bulk.keys() - own - {n for t in tellers for n in t.revisions}
    verdict.found = len(found) - len(batches) + len(accepted_in_bulk.keys() & stored.keys())
    verdict.blame("accepted requests without a trace", sorted(map(str, lost))[:NAMED], len(lost))
    verdict.blame("requests stored and never accepted", sorted(map(str, unasked))[:NAMED], len(unasked))
    verdict.blame("accepted records not stored", sorted(gone)[:NAMED], len(gone))
    verdict.blame("records stored that nobody was told of", sorted(made_up)[:NAMED], len(made_up))
    for broken in hotline.broken if hotline and BULK not in arena.set_back else ():
        verdict.problems.append(broken)
    verdict.lost = len(lost) + len(gone)
    if tellers and not arena.set_back:
        try:
            await require_nothing_lost(system, tellers)
        except AssertionError as error:
            verdict.lost = max(verdict.lost, 1)
            verdict.problems.append(str(error)[:1000])


def _forgotten(arena: Arena) -> set[UUID]:
    """Return the requests of which no trace need be left, since a service was set back to before them."""
    found = {UUID(r) for t in arena.tellers for r, (one, at) in t.accepted.items() if arena.forgotten(one, at)}
    sent = arena.hotline.sent if arena.hotline else {}
    return found | {UUID(r) for r, (at, _) in sent.items() if at is not None and arena.forgotten(BULK, at)}


async def _consequences(system: System, verdict: Verdict) -> None:
    """Hold that what follows by itself has followed; a service looks for what it has missed now and again only."""
    found: list[str] = []

    async def all_followed() -> bool:
        found[:] = await consequences.missing(system)
        return not found

    with suppress(AssertionError):
        await eventually(all_followed, LATE)
    verdict.blame("consequences missing", found[:NAMED], len(found))


async def _trails(arena: Arena, verdict: Verdict) -> None:
    """Hold that every trail is whole and goes on from the head that it had after the round before."""
    for service in DOMAIN:
        auditor = arena.system.caller("auditor", service=service)
        kept = [] if service in arena.set_back else arena.heads.get(service, [])
        try:
            answer = await auditor("AuditService/VerifyAudit", heads=kept)
            arena.heads[service] = [(await auditor("AuditService/GetAuditHead")).head]
        except Refused as refused:
            verdict.problems.append(f"the trail of {service} could not be verified: {refused}")
            continue
        if not answer.intact or answer.heads_contained < len(kept):
            verdict.problems.append(f"the trail of {service}: {answer.problem}, entry {answer.broken_at}")


async def _readers(system: System, verdict: Verdict) -> None:
    """Hold that every service serves and every reader asks for more."""
    for service in SERVICES:
        if not await serving(system.home.targets()[service]):
            verdict.problems.append(f"{service} does not serve")
    async with _jetstream(system) as js:
        consumers = await js.consumers_info(FACTS)
        idle = [one.name for one in consumers if not one.num_waiting]
        if idle or not any(one.name.startswith("p_") for one in consumers):
            verdict.problems.append(f"readers that do not read: {idle or 'the board'}")
