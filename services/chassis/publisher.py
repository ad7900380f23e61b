"""Publishing to JetStream: atomic batches, and singles in a pipeline where a batch cannot be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import Header, PubAck, StreamConfig

from services.chassis.sequencer import PublishError
from services.chassis.stream import FactEvent, encode, ensure_stream, subject

log = structlog.get_logger(__name__)

# Codes of the server for a batch it refuses as a batch; the messages themselves may be sound.
NOT_AS_A_BATCH = {
    10174,  # the stream does not take batches
    10175,  # batch id
    10176,  # a message of it was lost
    10199,  # too large
    10201,  # holds a message that is stored already
}
# Looking up an enum's value takes longer than anything else about a header.
MSG_ID, BATCH_ID, BATCH_SEQUENCE = (header.value for header in (Header.MSG_ID, Header.BATCH_ID, Header.BATCH_SEQUENCE))
TIMEOUT = 10.0
CONNECT = 1.0


class _NoStreamError(Exception):
    """Nobody answered: the stream does not exist."""


class NatsPublisher:
    """Publishes events to a stream, which it makes when missing.

    `Nats-Msg-Id` is the event's id and number: what was stored in the last two minutes is not stored again;
    what is told again on purpose has another number.
    """

    def __init__(
        self, connect: Callable[[], Awaitable[Client]], stream: StreamConfig, timeout: float = TIMEOUT
    ) -> None:
        """Make a publisher; `connect` is awaited when there is something to publish and no client, or a closed one."""
        self._connect = connect
        self._stream = stream
        self._timeout = timeout
        self._connecting: asyncio.Future[Client] | None = None
        self._client = Client()
        self._js: JetStreamContext | None = None
        self._ensured = False
        self.fallbacks = 0

    async def publish(self, events: Sequence[FactEvent]) -> None:
        """Return once the broker has stored every event. Raises PublishError."""
        try:
            await self._need_connection()
            await self._publish(events)
        except (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError) as error:
            self._ensured = False
            raise PublishError(str(error) or type(error).__name__) from error

    async def _need_connection(self) -> None:
        if self._js is None or self._client.is_closed:
            self._connecting = self._connecting or asyncio.ensure_future(self._connect())
            done, _ = await asyncio.wait([self._connecting], timeout=CONNECT)
            if not done:
                raise PublishError("not connected yet")
            connecting, self._connecting = self._connecting, None
            self._client = connecting.result()
            self._js = self._client.jetstream(timeout=self._timeout)
        if not self._client.is_connected:
            # The client would keep messages for later, and the outbox keeps them already.
            raise PublishError("not connected")

    async def _publish(self, events: Sequence[FactEvent]) -> None:
        assert self._js
        if not self._ensured:
            await ensure_stream(self._js, self._stream)
            self._ensured = True
        try:
            await self._send(events)
        except _NoStreamError:
            log.warning("stream_missing", stream=self._stream.name)
            await ensure_stream(self._js, self._stream)
            try:
                await self._send(events)
            except _NoStreamError as error:
                raise PublishError("the stream does not answer") from error

    async def _send(self, events: Sequence[FactEvent]) -> None:
        if len(events) == 1 or not await self._batch(events):
            await self._singles(events)

    async def _batch(self, events: Sequence[FactEvent]) -> bool:
        """Publish all or nothing; False when the server will not take these as a batch."""
        batch, last = uuid4().hex, len(events)
        for place, event in enumerate(events[:-1], 1):
            await self._client.publish(subject(event), encode(event), headers=_headers(event, batch, place))
        final = {**_headers(events[-1], batch, last), Header.BATCH_COMMIT.value: "1"}
        try:
            answer = await self._client.request(
                subject(events[-1]), encode(events[-1]), timeout=self._timeout, headers=final
            )
        except nats.errors.NoRespondersError as error:
            raise _NoStreamError from error
        problem = json.loads(answer.data).get("error")
        if problem is None:
            return True
        if problem.get("err_code") not in NOT_AS_A_BATCH:
            raise nats.js.errors.APIError.from_error(problem)
        self.fallbacks += 1
        log.info("batch_refused", code=problem["err_code"], events=last)
        return False

    async def _singles(self, events: Sequence[FactEvent]) -> None:
        """Publish one by one without waiting in between; a duplicate is confirmed like any other."""
        assert self._js
        waiting: list[asyncio.Future[PubAck]] = []
        try:
            async with asyncio.timeout(self._timeout):
                for event in events:
                    headers = {MSG_ID: _message_id(event)}
                    waiting.append(await self._js.publish_async(subject(event), encode(event), headers=headers))
                await asyncio.gather(*waiting)
        except nats.js.errors.NoStreamResponseError as error:
            raise _NoStreamError from error
        finally:
            for confirmation in waiting:
                confirmation.cancel()  # an open one would take up a place in the client's window for good


def _headers(event: FactEvent, batch: str, place: int) -> dict[str, str]:
    return {MSG_ID: _message_id(event), BATCH_ID: batch, BATCH_SEQUENCE: str(place)}


def _message_id(event: FactEvent) -> str:
    return f"{event.id}:{event.epoch}.{event.sequence}"
