"""NATS on a disk whose power is cut while the product's publisher and consumer work with it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import nats
import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client

from services.chassis.consumer import Consumer
from services.chassis.embedded import Nats, free_port
from services.chassis.publisher import NatsPublisher
from services.chassis.sequencer import PublishError, Sequencer
from services.chassis.stream import FactEvent, dead_stream, decode, facts_stream
from services.chassis.testing import eventually
from tests.bench.facts import events
from tests.chaos.disk import Disk
from tests.chaos.power_cycle import ALWAYS, DEFAULT, Cycle
from tests.support.broker import stored
from tests.unit.mediation.district import PROFILE

log = structlog.get_logger(__name__)

MEGABYTES = 512
MOST = 300
PATIENCE = 30.0
AFTER = 20
UNDER_WAY = 0.1
PACE = 0.02
_SYNC = ', sync_interval: "1m"'


class DefaultNats(Nats):
    """NATS as it is where nobody says how often it is to wait for the disk."""

    def _config_text(self) -> str:
        assert _SYNC in super()._config_text()
        return super()._config_text().replace(_SYNC, "")


class Outbox:
    """An outbox that outlives the broker: what was confirmed leaves it."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._blank = list(events(50, PROFILE, chance.randrange(10**6)))
        self._sequence = 0
        self.waiting: dict[UUID, FactEvent] = {}
        self.confirmed: set[UUID] = set()

    async def pending(self, limit: int) -> list[FactEvent]:
        """Return what was numbered and not confirmed."""
        return list(self.waiting.values())[:limit]

    async def stamp(self, limit: int) -> list[FactEvent]:
        """Make some events."""
        for _ in range(min(limit, self._chance.choice((1, 1, 3, 40, MOST)))):
            self._sequence += 1
            made = UUID(int=self._chance.getrandbits(128))
            blank = self._chance.choice(self._blank)
            self.waiting[made] = replace(blank, id=made, record_id=made, sequence=self._sequence)
        return list(self.waiting.values())

    async def forget(self, ids: Sequence[UUID]) -> None:
        """Take confirmed ones out."""
        self.confirmed.update(ids)
        for one in ids:
            del self.waiting[one]


class Broker:
    """One NATS with a writer and a reader; `cut` may be called as often as one likes."""

    def __init__(self, row: str, disk: Disk, server: Nats, chance: random.Random) -> None:
        self._row, self._disk, self._server, self._chance = row, disk, server, chance
        self._outbox = Outbox(chance)
        self._read: set[UUID] = set()
        self._lost: set[UUID] = set()
        self._over = asyncio.Event()

    async def write(self, client: Client) -> None:
        """Publish until it is over, what was not confirmed again."""

        async def connected() -> Client:
            return client

        sequencer = Sequencer(self._outbox, NatsPublisher(connected, facts_stream(), timeout=1))
        while not self._over.is_set():
            try:
                await sequencer.step()
            except PublishError as error:
                log.debug("not_confirmed", error=str(error))
                await asyncio.sleep(0.02)
            else:
                await asyncio.sleep(PACE)

    async def read(self, client: Client) -> None:
        """Read until it is over."""
        consumer = Consumer(client, "board", facts_stream(), dead=dead_stream())
        closing = asyncio.create_task(self._close(consumer))
        try:
            async with aclosing(consumer.batches()) as batches:
                async for batch in batches:
                    self._read.update(event.id for event in batch.events)
                    await batch.ack()
        finally:
            closing.cancel()

    async def _close(self, consumer: Consumer) -> None:
        await self._over.wait()
        consumer.close()

    def end(self) -> None:
        """Have writer and reader end."""
        self._over.set()

    async def cut(self) -> Cycle:
        """Cut the power under writes, give it back, and see what is there and that work goes on."""
        await self._until_more(AFTER)
        await asyncio.sleep(self._chance.uniform(0, 0.5))
        promised, begun = self._outbox.confirmed - self._lost, set(self._outbox.waiting)
        self._disk.cut_power(self._server.pid or 0)
        self._server.kill()
        self._disk.restore()
        # Confirmations that were under way: nobody can tell whether they were sent before or after the cut.
        await asyncio.sleep(UNDER_WAY)
        ended = self._outbox.confirmed - self._lost
        back = time.monotonic()
        await self._server.start()
        found = await self._found()
        lost = promised - found
        self._lost |= ended - found
        wrong = await self._goes_on()
        seconds = time.monotonic() - back
        return Cycle(self._row, len(promised), len(lost), len(begun), len(begun & found), seconds, wrong)

    async def _found(self) -> set[UUID]:
        client, deadline = await nats.connect(self._server.url), time.monotonic() + PATIENCE
        try:
            while time.monotonic() < deadline:
                try:
                    return {decode(message.data).id for message in await stored(client.jetstream(timeout=PATIENCE))}
                except nats.js.errors.NotFoundError:
                    return set()  # the stream itself is gone
                except (nats.errors.Error, nats.js.errors.Error) as error:
                    log.debug("not_read", error=str(error))
                    await asyncio.sleep(0.2)
        finally:
            await client.close()
        raise AssertionError("the stream cannot be read")

    async def _goes_on(self) -> list[str]:
        """Wait until more is confirmed and all that is there was read."""
        try:
            await self._until_more(AFTER)
        except AssertionError:
            return ["nothing is confirmed any more"]
        wanted = self._outbox.confirmed - self._lost
        try:
            await eventually(lambda: not wanted - self._read, PATIENCE)
        except AssertionError:
            return [f"{len(wanted - self._read)} confirmed events were never read"]
        return []

    async def _until_more(self, count: int) -> None:
        wanted = len(self._outbox.confirmed) + count
        await eventually(lambda: len(self._outbox.confirmed) >= wanted, PATIENCE)


async def _ignore(_error: Exception) -> None:
    """Outages are made on purpose here."""


@asynccontextmanager
async def broker(folder: Path, row: str, chance: random.Random) -> AsyncIterator[Broker]:
    """Run NATS on a disk of its own, empty, with writer and reader at work."""
    kind = {ALWAYS: Nats, DEFAULT: DefaultNats}[row]
    async with AsyncExitStack() as stack:
        disk = stack.enter_context(Disk(folder / "nats.img", folder / "nats", MEGABYTES).lent())
        server = kind(disk.place, free_port(), durable=row == ALWAYS)
        stack.callback(server.kill)
        await server.start()
        made = Broker(row, disk, server, chance)
        options = {"max_reconnect_attempts": -1, "reconnect_time_wait": 0.05, "connect_timeout": 1, "error_cb": _ignore}
        clients = [await nats.connect(server.url, **options) for _ in range(2)]
        tasks = [asyncio.create_task(made.write(clients[0])), asyncio.create_task(made.read(clients[1]))]
        try:
            yield made
        finally:
            made.end()
            await asyncio.gather(*tasks)
            for client in clients:
                await client.close()
