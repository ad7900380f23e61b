"""Pull requests of a consumer: two are always open, so that messages flow while a batch is being stored.

The client library's own `fetch` takes a timer per message; a plain subscription on the reply subject is four times as
fast.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from dataclasses import dataclass

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js.api import Header

EXPIRES = 20.0
HEARTBEAT = 2.0
PATIENCE = 2 * HEARTBEAT + 1
NANOSECONDS = 10**9
HEARTBEAT_STATUS = "100"
TIMEOUT_STATUS = "408"
# Ends of a request that say nothing about the consumer.
HARMLESS = ("Message Size Exceeds MaxBytes", "Batch Completed", "Exceeded MaxWaiting", "Interest Expired")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message. `position` is its place in the stream, `count` in what this consumer was given."""

    subject: str
    data: bytes
    reply: str
    position: int
    count: int
    pending: int


class Pull:
    """Open requests and what they brought, from one start of reading to the next."""

    def __init__(self, client: Client, stream: str, consumer: str, batch: int, floor: int) -> None:
        self._client = client
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._request = json.dumps(
            {"batch": batch, "expires": int(EXPIRES * NANOSECONDS), "idle_heartbeat": int(HEARTBEAT * NANOSECONDS)}
        ).encode()
        self._batch = batch
        self._inbox = client.new_inbox()
        self._subscription: Subscription | None = None
        self._arrived: deque[Delivery] = deque()
        self._something = asyncio.Event()
        self._outstanding = 0
        self._count = 0
        self._position = floor
        self._seen = time.monotonic()
        self._reconnects = client.stats["reconnects"]
        self.problem = ""

    async def open(self) -> None:
        """Subscribe and send the first requests."""
        self._subscription = await self._client.subscribe(
            self._inbox, cb=self._on_message, pending_msgs_limit=-1, pending_bytes_limit=-1
        )
        await self.ask()

    async def close(self) -> None:
        """End the subscription; the server then forgets the requests.

        Nothing waits for it with the client's `flush`: one that is cancelled or runs out of time leaves a done future
        behind, on which the client's read loop ends for good when the server answers, the connection still up.
        """
        self.problem = self.problem or "closed"
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            await subscription.unsubscribe()

    async def ask(self) -> None:
        """Keep two requests open unless the reader is far behind."""
        while self._outstanding <= self._batch and len(self._arrived) <= 2 * self._batch and not self.problem:
            self._outstanding += self._batch
            await self._client.publish(self._subject, self._request, reply=self._inbox)

    async def wait(self, seconds: float) -> None:
        """Return when something has arrived or gone wrong, or after a while."""
        if self._arrived or self.problem:
            return
        self._something.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._something.wait()

    def interrupt(self) -> None:
        """End a wait."""
        self._something.set()

    def take(self, limit: int) -> list[Delivery]:
        """Take what has arrived, in order."""
        return [self._arrived.popleft() for _ in range(min(limit, len(self._arrived)))]

    def broken(self, client: Client) -> bool:
        """Whether reading must start anew; `problem` says why."""
        if not self.problem and client.stats["reconnects"] != self._reconnects:
            self.problem = "reconnected"
        if not self.problem and self._outstanding and time.monotonic() - self._seen > PATIENCE:
            self.problem = "no heartbeat"
        return bool(self.problem)

    async def answer(self, delivery: Delivery, answer: bytes) -> None:
        """Acknowledge or refuse a message; nothing is sent once reading has started anew: it comes again."""
        if self.problem:
            return
        with contextlib.suppress(nats.errors.Error):
            await self._client.publish(delivery.reply, answer)

    async def _on_message(self, message: Msg) -> None:
        self._seen = time.monotonic()
        if not message.reply.startswith("$JS.ACK."):
            self._on_status(message.headers or {})
        elif not self.problem:
            self._on_delivery(_delivery(message))
        if self._arrived or self.problem:
            self._something.set()
        await self.ask()

    def _on_delivery(self, delivery: Delivery) -> None:
        self._outstanding -= 1
        self._count += 1
        if delivery.count != self._count:
            self.problem = f"delivery {self._count} is missing"
        elif delivery.position > self._position:  # else it is in hand already and was sent again
            self._position = delivery.position
            self._arrived.append(delivery)

    def _on_status(self, headers: dict[str, str]) -> None:
        status = headers.get(Header.STATUS.value, "")
        if status == HEARTBEAT_STATUS:
            return
        description = headers.get("Description", "")
        if status == TIMEOUT_STATUS or description in HARMLESS:
            self._outstanding -= int(headers.get("Nats-Pending-Messages", self._batch))
        else:
            self.problem = f"{status} {description.strip()}"


def _delivery(message: Msg) -> Delivery:
    # $JS.ACK.<stream>.<consumer>.<delivered>.<position>.<count>.<time>.<pending>, in newer servers by choice with
    # domain and account in front and a random word behind.
    words = message.reply.split(".")
    first = 4 if len(words) == 9 else 6
    return Delivery(
        message.subject,
        message.data,
        message.reply,
        int(words[first + 1]),
        int(words[first + 2]),
        int(words[first + 4]),
    )
