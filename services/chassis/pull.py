"""Pull requests of a consumer: two are always open, so that messages flow while a batch is being stored.

The client library's own `fetch` takes a timer per message; a plain subscription on the reply subject is four times as
fast.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js.api import Header

from services.chassis.reading import HEARTBEAT, Delivery, Reading

EXPIRES = 20.0
NANOSECONDS = 10**9


class Pull:
    """Open requests and what they brought, from one start of reading to the next."""

    def __init__(self, client: Client, stream: str, consumer: str, batch: int, floor: int) -> None:
        self._client = client
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._request = json.dumps(
            {"batch": batch, "expires": int(EXPIRES * NANOSECONDS), "idle_heartbeat": int(HEARTBEAT * NANOSECONDS)}
        ).encode()
        self._inbox = client.new_inbox()
        self._subscription: Subscription | None = None
        self._something = asyncio.Event()
        self._reconnects = client.stats["reconnects"]
        self._reading = Reading(batch, floor, time.monotonic(), self._reconnects)

    @property
    def problem(self) -> str:
        """Why reading must start anew; "" while it need not."""
        return self._reading.problem

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
        self._reading.end("closed")
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            await subscription.unsubscribe()

    async def ask(self) -> None:
        """Keep two requests open unless the reader is far behind."""
        while self._reading.asks():
            await self._client.publish(self._subject, self._request, reply=self._inbox)

    async def wait(self, seconds: float) -> None:
        """Return when something has arrived or gone wrong, or after a while."""
        if self._reading.ready:
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
        return self._reading.take(limit)

    def broken(self, client: Client) -> bool:
        """Whether reading must start anew; `problem` says why."""
        return self._reading.broken(time.monotonic(), client.stats["reconnects"])

    async def answer(self, delivery: Delivery, answer: bytes) -> None:
        """Acknowledge or refuse a message; nothing is sent once reading has started anew: it comes again.

        Nor once the connection has broken: the client would keep the answer for the next one, and by then the place it
        names may be another message's, at a broker that has lost its last ones.
        """
        if self.problem or not self._client.is_connected or self._client.stats["reconnects"] != self._reconnects:
            return
        with contextlib.suppress(nats.errors.Error):
            await self._client.publish(delivery.reply, answer)

    async def _on_message(self, message: Msg) -> None:
        now = time.monotonic()
        if message.reply.startswith("$JS.ACK."):
            self._reading.deliver(_delivery(message), now)
        else:
            headers = message.headers or {}
            pending = headers.get("Nats-Pending-Messages")
            status = headers.get(Header.STATUS.value, ""), headers.get("Description", "")
            self._reading.tell(*status, None if pending is None else int(pending), now)
        if self._reading.ready:
            self._something.set()
        await self.ask()


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
