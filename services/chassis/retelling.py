"""Telling again what other services react to, when the broker may have lost it.

A service finds what it has missed of its own facts in its trail (`missed`); of another service's it cannot know. So the
one whose facts they are puts them into its outbox once more whenever the stream may have lost what it had: it was made
anew, the connection to it was, it goes on from an earlier place, or the service itself has just begun. Whoever has
reacted already knows the event by its id, and does nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client

from services.chassis.audit_chain import first_uuid7
from services.chassis.runtime import Runtime
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.storage.store import Store
from services.chassis.stream import FACTS

log = structlog.get_logger(__name__)

#: Seconds between two looks at the stream.
LOOK = 5.0
#: Seconds of the past that are told again: longer than any outage that nobody ends, and few events.
PAST = 30 * 86_400.0
_TELL = """
INSERT INTO outbox (id, kind, record_id, revision, change, office, actor, recorded, facts_type, collection, facts,
    traceparent)
SELECT audit.id, audit.kind, audit.record_id, audit.revision, audit.change, audit.office, audit.actor, audit.at, $1, $2,
    held.facts, '' FROM audit JOIN {table} AS held ON held.id = audit.record_id
WHERE audit.kind = $3 AND audit.change = ANY ($4) AND audit.id > $5 ORDER BY audit.id
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class State:
    """What tells a stream from another one, and from an older copy of itself."""

    created: str
    last: int
    reconnects: int

    def may_lack(self, known: State) -> bool:
        """Tell whether it may lack what the known one had: only a server that goes on has lost nothing for certain."""
        return (self.created, self.reconnects) != (known.created, known.reconnects) or self.last < known.last


class Retelling:
    """Tells a service's transitions again, with the facts that the records have now, under the ids that they had."""

    def __init__(self, runtime: Runtime, store: Store, transitions: Iterable[tuple[str, str]]) -> None:
        """`transitions` are kinds and changes."""
        self._runtime, self._store = runtime, store
        kinds = {kind.name: kind for kind in store.kinds}
        pairs = groupby(sorted(transitions), key=lambda pair: pair[0])
        self._told = [(kinds[name], [change for _, change in some]) for name, some in pairs]

    async def run(self) -> None:
        """Tell now, and whenever something may be lost, until the process closes."""
        client: Client | None = None
        known: State | None = None
        while not self._runtime.closing.is_set():
            before, client = client, await self._runtime.nats()
            known = known if before is client else None  # another one counts its own reconnects
            found = await _state(client)
            if found is not None and (known is None or found.may_lack(known)):
                count = await self.tell()
                log.info("told_again", source=self._store.source, events=count)
                self._store.committed()
            known = found or known
            with suppress(TimeoutError):
                await asyncio.wait_for(self._runtime.closing.wait(), LOOK)

    async def tell(self) -> int:
        """Put the transitions into the outbox once more; returns how many."""
        count, since = 0, first_uuid7(time.time() - PAST)
        async with self._store.lend(EVERYTHING) as loan:
            connection: Any = loan.connection
            for kind, changes in self._told:
                told = await connection.execute(
                    _TELL.format(table=kind.row.__tablename__),
                    kind.facts_type,
                    kind.collection,
                    kind.name,
                    changes,
                    since,
                )
                count += int(told.rpartition(" ")[2])
        return count


async def _state(client: Client) -> State | None:
    """Look at the stream; None while there is none, or no answer."""
    reconnects = client.stats["reconnects"]
    try:
        info = await client.jetstream(timeout=LOOK).stream_info(FACTS)
    except (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError):
        return None
    return State(str(info.created), info.state.last_seq, reconnects)
