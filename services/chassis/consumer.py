"""Reading the stream of facts: batches as large as what has arrived, acknowledged when the reader has stored them.

One consumer name is for one reader at a time (its leader). Acknowledging a batch acknowledges all before it. Delivery
is counted: where a message is missing (a reconnect, another reader, an overrun buffer), reading starts again behind the
last acknowledged one, so nothing is skipped; what comes twice is the reader's to recognise by its revision.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace

import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy, StreamConfig

from services.chassis.pull import Pull
from services.chassis.reading import Delivery
from services.chassis.stream import BadEventError, FactEvent, decode, ensure_stream, is_of_source

log = structlog.get_logger(__name__)

BATCH = 2000
ACK_WAIT = 60.0
LOOK = 1.0
EPOCH = "epoch"
FIRST_BACKOFF, LONGEST_BACKOFF = 0.1, 5.0
#: What the server answers when it cannot keep a consumer.
STORE_FAILED = 10012
FAILURES = (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError)


@dataclass
class Batch:
    """Events in the order of the stream. `behind` is how many more the stream held when the last was delivered."""

    events: list[FactEvent]
    behind: int
    _pull: Pull
    _messages: list[Delivery]
    _places: dict[int, int]  # of an event in `events`: its message
    _refused: dict[int, str] = field(default_factory=dict)

    def refuse(self, event: FactEvent, reason: str) -> None:
        """Put one event of the batch among the dead letters when the batch is acknowledged."""
        place = next(i for i, one in enumerate(self.events) if one is event)
        self._refused[self._places[place]] = reason

    @property
    def refused(self) -> int:
        """How many messages of the batch go to the dead letters."""
        return len(self._refused)

    async def ack(self) -> None:
        """Say that the batch, and all before it, is stored for good. A lost acknowledgement leads to a repeat."""
        last = len(self._messages) - 1
        for place in sorted(self._refused):
            await self._pull.answer(self._messages[place], b"+TERM " + self._refused[place].encode())
        if last not in self._refused:
            await self._pull.answer(self._messages[last], b"+ACK")


class Consumer:
    """A durable pull consumer of a stream; made, changed and made again as needed."""

    def __init__(  # noqa: PLR0913 (three are refinements, by name only)
        self,
        client: Client,
        name: str,
        stream: StreamConfig,
        *,
        dead: StreamConfig | None = None,
        batch: int = BATCH,
        subjects: Sequence[str] = (),
        epoch: int = 0,
    ) -> None:
        """Read a stream under a name; `subjects` are those that are read, none: all. `dead` takes what is refused.

        A reader whose store was set back says so by another `epoch`, and reads from the beginning again.
        """
        self._client = client
        self._js = client.jetstream(timeout=5)
        self._streams = [stream, *([dead] if dead else [])]
        self._stream = str(stream.name)
        self._name = name
        self._batch = batch
        self._subjects = list(subjects)
        self._epoch = str(epoch)
        self._pull: Pull | None = None
        self._closed = asyncio.Event()
        self.restarts = 0

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Yield batches until closed. Outages are waited out; nothing but the reader's own failure ends it.

        A client that has given up for good ends it, too, with its error: the reader is to come with another one.
        Leave the loop with `aclosing`, or call `close`, so that open requests end with it.
        """
        backoff = FIRST_BACKOFF
        pull: Pull | None = None
        try:
            while not self._closed.is_set():
                try:
                    pull = self._pull = await self._sound(pull)
                    deliveries = await self._arrived(pull)
                except FAILURES as error:
                    log.warning("consumer_failed", consumer=self._name, error=str(error) or type(error).__name__)
                    await _end(pull)
                    if self._client.is_closed:
                        raise
                    await self._sleep(backoff)
                    backoff = min(backoff * 2, LONGEST_BACKOFF)
                    continue
                backoff = FIRST_BACKOFF
                if deliveries and not self._closed.is_set():
                    yield _decoded(pull, deliveries)
        finally:
            await _end(pull)

    def close(self) -> None:
        """End `batches`, and the open requests with it, when its reader comes back for the next batch."""
        self._closed.set()
        if self._pull is not None:
            self._pull.interrupt()

    async def _arrived(self, pull: Pull) -> list[Delivery]:
        """Return what has arrived, or nothing after a while."""
        await pull.wait(LOOK)
        deliveries = pull.take(self._batch)
        await pull.ask()
        return deliveries

    async def _sound(self, pull: Pull | None) -> Pull:
        """Return a pull in good order: this one, or a new one behind the last acknowledged message."""
        if pull is not None:
            if not pull.broken(self._client):
                return pull
            self.restarts += 1
            log.info("consumer_restarts", consumer=self._name, reason=pull.problem)
            await _end(pull)
        for stream in self._streams:
            await ensure_stream(self._js, stream)
        await self._ensure_consumer()
        # Without it, what an earlier reader was given and never acknowledged would come only after ACK_WAIT.
        reset = await self._js.reset_consumer(self._stream, self._name)
        floor = reset.info.ack_floor.stream_seq if reset.info.ack_floor else 0
        fresh = Pull(self._client, self._stream, self._name, self._batch, floor)
        await fresh.open()
        return fresh

    async def _ensure_consumer(self) -> None:
        known = await self._known()
        config = ConsumerConfig(
            durable_name=self._name,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.ALL,
            ack_wait=ACK_WAIT,
            max_deliver=-1,
            max_ack_pending=self._batch * 10,
            filter_subjects=self._subjects or None,
            metadata={EPOCH: self._epoch},
            mem_storage=known is not None and known.config.mem_storage,
        )
        try:
            made = await self._js.add_consumer(self._stream, config)
        except nats.js.errors.BadRequestError:
            pass  # a setting that cannot be changed
        except nats.js.errors.ServerError as error:
            if error.err_code != STORE_FAILED:
                raise
            await self._without_store(error, config, known)
            return
        else:
            # A server that a power loss made forget a consumer gives a new one the place of the old, which may lie
            # behind the end of what is left of the stream: what comes next would never be delivered.
            if known or not (made.delivered and made.delivered.stream_seq):
                return
        # Reading all of it again changes nothing but the time it takes.
        log.warning("consumer_replaced", consumer=self._name)
        await self._js.delete_consumer(self._stream, self._name)
        await self._js.add_consumer(self._stream, config)

    async def _without_store(
        self, error: nats.js.errors.ServerError, config: ConsumerConfig, known: ConsumerInfo | None
    ) -> None:
        """Read all the same where the server cannot keep the consumer on its disk. Raises the error to be tried again.

        A known one has lost its folder: one that is deleted and made again at once may lose its new folder to the
        deletion of the old. It is made anew at the next attempt, when the deletion is over. Where none is known, the
        disk holds one of the name that cannot be read, and the server makes none there until somebody has removed that
        one's folder: this one is in memory, and begins anew with the server, which costs time and nothing else.
        """
        if known:
            log.warning("consumer_replaced", consumer=self._name, error=error.description)
            await self._js.delete_consumer(self._stream, self._name)
            raise error
        log.warning("consumer_in_memory", consumer=self._name, error=error.description)
        await self._js.add_consumer(self._stream, replace(config, mem_storage=True))

    async def _known(self) -> ConsumerInfo | None:
        """Return the consumer that the server has; one of another epoch of its reader is deleted."""
        try:
            known: ConsumerInfo = await self._js.consumer_info(self._stream, self._name)
        except nats.js.errors.NotFoundError:
            return None
        if (known.config.metadata or {}).get(EPOCH, self._epoch) == self._epoch:
            return known
        log.warning("consumer_of_another_epoch", consumer=self._name)
        await self._js.delete_consumer(self._stream, self._name)
        return None

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closed.wait()


async def _end(pull: Pull | None) -> None:
    if pull is not None:
        with contextlib.suppress(*FAILURES):
            await pull.close()


def _decoded(pull: Pull, deliveries: list[Delivery]) -> Batch:
    events: list[FactEvent] = []
    places: dict[int, int] = {}
    refused: dict[int, str] = {}
    for place, delivery in enumerate(deliveries):
        try:
            event = decode(delivery.data)
        except BadEventError as error:
            refused[place] = f"not an event: {error}"
        else:
            if not is_of_source(event, delivery.subject):
                refused[place] = "published by another source"
                continue
            places[len(events)] = place
            events.append(event)
    return Batch(events, deliveries[-1].pending, pull, deliveries, places, refused)
