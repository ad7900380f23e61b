"""Reacting to facts: a service changes its own records after what has happened to others, its own or another service's.

A reaction is a mutation by the service itself. Its request id is made of the event's id, and answers to such requests
are kept for good, so that an event has one effect however often it is delivered: again after a lost acknowledgement,
twice in the stream, or from the beginning where the consumer was made anew. Acknowledged is what is committed.

What the broker has lost before it was handled, with its store or by a purge, is found in the service's audit trail: an
entry there bears the id of its event. So none of the service's own facts is missed, whatever becomes of the stream.

Of several replicas one reacts, the one that holds a lock in the service's database: the durable consumer alone would
deal its messages out to all of them, and each would then start anew to get at what it is missing. When the lock changes
hands both may handle the same event for a moment, which the request id makes harmless.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

import asyncpg
import structlog
from geju.options.v1 import options_pb2
from google.protobuf.empty_pb2 import Empty

from services.chassis.consumer import Consumer
from services.chassis.context import Call, Caller, continue_trace, enter
from services.chassis.contract import Method
from services.chassis.domain.errors import RuleError, Unavailable
from services.chassis.missed import Missed, request_of
from services.chassis.outbox import SOURCE
from services.chassis.requests import RequestKey
from services.chassis.rights.broker import reader_name
from services.chassis.runtime import Runtime
from services.chassis.sessions import FAILURES, Sessions
from services.chassis.storage.engine import is_lost
from services.chassis.storage.store import Store
from services.chassis.stream import PREFIX, FactEvent, dead_stream, facts_stream
from services.chassis.unit_of_work import Work
from services.chassis.work import Attempt, perform

log = structlog.get_logger(__name__)

#: Few at a time: they are acknowledged together, well before the broker would send them again.
BATCH = 100
LOOK = 1.0
FIRST_BACKOFF, LONGEST_BACKOFF = 0.2, 10.0
_ACCESS = options_pb2.Access(scope=options_pb2.SCOPE_DISTRICT, mutates=True)


@dataclass(frozen=True)
class Reaction:
    """What follows from a kind's transitions: `handle(work, event)` loads, makes and saves records of its own service.

    `changes` are names of transitions ("ended"), `service` whose facts they are, the reacting service's own by default.
    A service has one reaction to a transition. `handle` may run more than once before one run is committed, so it
    changes nothing but its work; what breaks a rule (RuleError) is skipped for good, anything else is tried again.
    """

    kind: str
    changes: frozenset[str]
    handle: Callable[[Work, FactEvent], Awaitable[None]]
    service: str = ""


class Closing(Exception):  # noqa: N818 (a way out, not an error)
    """The process ends before an event was handled: it comes again."""


class Reactor:
    """Handles a service's events one by one, in the order of the stream."""

    def __init__(self, runtime: Runtime, store: Store, reactions: Iterable[Reaction]) -> None:
        """Raise ValueError for two reactions to one transition."""
        self._runtime, self._store = runtime, store
        self._sessions = Sessions(runtime.settings.database_url, "geju-reactions", command_timeout=60)
        self._table: dict[tuple[str, str, str], Reaction] = {}
        for reaction in reactions:
            for change in reaction.changes:
                found = (reaction.service or store.service, reaction.kind, change)
                if found in self._table:
                    raise ValueError(f"two reactions to {'/'.join(found)}")
                self._table[found] = reaction
        # What is under seal is among what a service has to do with.
        rights = {kind.sealed_for for kind in store.kinds if kind.has_sealed}
        self._caller = Caller(store.source, frozenset({"service", *rights}), frozenset({"*"}))
        labels = ("service", "kind", "change", "outcome")
        own = [(kind, change) for service, kind, change in self._table if service == store.service]
        self.missed = Missed(store, own)
        self._count = runtime.metrics.counter(
            "geju_reactions", "Events reacted to, refused by a rule, retried.", labels
        )

    async def run(self) -> None:
        """React until the process closes, while nobody else does; after a failure the supervisor begins it again."""
        connection = await self._sessions.open()
        try:
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _lock_key(self._store.source)):
                if await self._closing(LOOK):
                    return
            log.info("reacts", source=self._store.source)
            with suppress(Closing):
                await self._lead(connection)
        finally:
            with suppress(*FAILURES):
                await connection.close(timeout=2)

    async def _lead(self, connection: asyncpg.Connection) -> None:
        self.missed.begin()
        await connection.execute(SOURCE, self._store.source)
        epoch = await self._epoch(connection)
        copies = self._runtime.settings.nats_replicas
        consumer = Consumer(
            await self._runtime.nats(),
            reader_name(self._store.service),
            facts_stream(copies),
            dead=dead_stream(copies),
            batch=BATCH,
            subjects=sorted({f"{PREFIX}.{service}.{kind}.>" for service, kind, _ in self._table}),
            epoch=epoch,
        )
        ending = asyncio.create_task(self._end(consumer, connection, epoch))
        catching_up = asyncio.create_task(self._catch_up(consumer))
        try:
            async with aclosing(consumer.batches()) as batches:
                async for batch in batches:
                    refused = [event for event in batch.events if not await self._react(event, batch.refuse)]
                    await batch.ack()
                    for event in refused:
                        await self._forgo(event)
            if catching_up.done():
                catching_up.result()
        finally:
            ending.cancel()
            catching_up.cancel()
        if not self._runtime.closing.is_set():
            raise ConnectionError("the lock is lost, or the database was set back")

    async def _end(self, consumer: Consumer, connection: asyncpg.Connection, epoch: int) -> None:
        """End the reading when the process closes, the lock is gone with its connection, or a new epoch has begun."""
        while not (connection.is_closed() or await self._closing(LOOK)):
            try:
                if epoch != await self._epoch(connection):
                    break
            except FAILURES:
                break
        consumer.close()

    async def _epoch(self, connection: asyncpg.Connection) -> int:
        """Return the epoch of the database: another one says that it was set back, and lacks what was done since.

        0 while a restore has emptied the table and not filled it yet.
        """
        return int(await connection.fetchval("SELECT epoch FROM source WHERE name = $1", self._store.source) or 0)

    async def _catch_up(self, consumer: Consumer) -> None:
        """Handle what the broker has lost, now and again; a failure ends the reading too."""
        try:
            while True:
                for event in await self.missed.find():
                    log.info("reaction_missed", **_names(event))
                    await self._react(event, self._refuse)
                if await self._closing(self._runtime.settings.reconcile_seconds):
                    return
        finally:
            consumer.close()

    def _refuse(self, event: FactEvent, _reason: str) -> None:
        self.missed.settle(event)

    async def _react(self, event: FactEvent, refuse: Callable[[FactEvent, str], object]) -> bool:
        """Handle one event, however long it takes; one that breaks a rule is refused (False). Raises Closing."""
        where = (event.service, event.kind, event.change)
        reaction = self._table.get(where)
        if reaction is None:
            return True
        backoff = FIRST_BACKOFF
        while True:
            try:
                await self._perform(reaction, event)
            except Unavailable:
                error = "unavailable"
            except RuleError as refused:
                log.warning("reaction_refused", **_names(event), reason=refused.reason)
                refuse(event, refused.reason)
                self._count.labels(*where, "refused").inc()
                return False
            except Exception as failure:
                if not is_lost(failure):
                    raise
                error = type(failure).__name__
            else:
                self._count.labels(*where, "done").inc()
                return True
            log.warning("reaction_waits", **_names(event), error=error)
            self._count.labels(*where, "retried").inc()
            if await self._closing(backoff):
                raise Closing
            backoff = min(backoff * 2, LONGEST_BACKOFF)

    async def _forgo(self, event: FactEvent) -> None:
        """Remember that nothing follows from an event that was refused: told again, it is not refused once more.

        Where that fails, it is.
        """
        reaction = replace(self._table[event.service, event.kind, event.change], handle=_nothing)
        try:
            await self._perform(reaction, event)
        except Exception as failure:
            if not (isinstance(failure, RuleError) or is_lost(failure)):
                raise

    async def _perform(self, reaction: Reaction, event: FactEvent) -> None:
        store, name = self._store, f"/geju.{self._store.service}.reactions/{event.service}.{event.kind}.{event.change}"
        call = Call(self._caller, name)
        call.traceparent = continue_trace(event.traceparent, call.id)
        enter(call)
        request_id = str(request_of(event.id, store.source))
        key = RequestKey(self._caller.subject, name, request_id, event.id.bytes, store.crypto)

        async def handle(work: Work) -> Empty:
            await work.expect_new_request()
            await reaction.handle(work, event)
            return Empty()

        await perform(Attempt(store, call, Method(name, _ACCESS, Empty, Empty), handle, key))

    async def _closing(self, seconds: float) -> bool:
        """Wait a while; tell whether the process closes."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._runtime.closing.wait(), seconds)
        return self._runtime.closing.is_set()


async def _nothing(_work: Work, _event: FactEvent) -> None:
    """Change nothing."""


def _names(event: FactEvent) -> dict[str, str]:
    return {"source": event.source, "record": f"{event.collection}/{event.record_id}", "change": event.change}


def _lock_key(source: str) -> int:
    return int.from_bytes(hashlib.sha256(f"geju.reactions:{source}".encode()).digest()[:8], "big", signed=True)
