"""A simulated client of NATS and the network to its server, as nats-py shows them.

A message may be late, lost or come twice; a connection may break, and what was sent meanwhile goes out when it is back.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import nats.errors
import nats.js.errors
from nats.js.api import ConsumerConfig, StreamConfig

from services.chassis.stream import FACTS
from tests.simulation.jetstream import Server
from tests.simulation.world import Process

NEXT = "$JS.API.CONSUMER.MSG.NEXT."


class Client:
    """One connection of a process to the server."""

    def __init__(self, server: Server, process: Process) -> None:
        self.server, self.world, self.process = server, server.world, process
        self.is_connected, self.dead, self.is_closed = True, False, False
        self.last_error: Exception | None = None
        self.stats = {"reconnects": 0}
        self.inboxes: dict[str, Callable[[Any], Awaitable[None]]] = {}
        #: Of what was under way when the connection broke, nothing arrives: its number is another.
        self.connection = 0
        self._waiting: list[Callable[[], Any]] = []
        self._latest = {"out": 0.0, "in": 0.0}
        process.handles.append(self)

    # The network.

    def end(self) -> None:
        """End with the process."""
        self.dead = True
        self.cut()
        self.inboxes.clear()
        self._waiting.clear()

    async def close(self) -> None:
        """Give the connection up for good."""
        self.refuse()

    def refuse(self) -> None:
        """Have the server refuse the connection: the library gives it up for good."""
        if not self.dead:
            self.is_closed = True
            self.last_error = nats.errors.AuthorizationError()
            self.world.took("client closed for good")
            self.end()

    def _must_be_open(self) -> None:
        if self.is_closed:
            raise nats.errors.ConnectionClosedError

    def cut(self) -> None:
        """Break the connection: what is under way is lost."""
        self.is_connected = False
        self.connection += 1

    def mend(self) -> None:
        """Connect again and send what waited."""
        if self.is_connected or self.dead:
            return
        self.is_connected = True
        self.connection += 1
        self.stats["reconnects"] += 1
        self.world.took("reconnected")
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            self._carry("out", action, loose=False)

    def send(self, action: Callable[[], Any], *, loose: bool = False) -> None:
        """Have something done at the server; `loose`: it may be lost, doubled or overtaken on the way."""
        if self.dead:
            return
        if self.is_connected:
            self._carry("out", action, loose=loose)
        else:
            self._waiting.append(action)

    def _carry(self, way: str, action: Callable[[], Any], *, loose: bool) -> None:
        world, connection = self.world, self.connection
        if loose and world.chance(world.trouble.drop):
            world.took("message lost on the way")
            return
        for _ in range(2 if loose and world.chance(world.trouble.twice) else 1):
            at = world.now + world.latency()
            if not (loose and world.chance(world.trouble.reorder)):
                # A little later than the one before: timers of the same instant go off in any order.
                at = self._latest[way] = max(at, self._latest[way] + 1e-6)
            world.loop.call_at(at, lambda: action() if self.connection == connection else None)

    # What the server sends.

    def hand(self, inbox: str, subject: str, data: bytes, reply: str) -> None:
        """Deliver a message of a stream."""
        message = SimpleNamespace(subject=subject, data=data, reply=reply, headers=None)
        self._carry("in", lambda: self._arrive(inbox, message), loose=True)

    def tell(self, inbox: str, status: str, description: str, pending: int | None) -> None:
        """Deliver a word of the server."""
        headers = {"Status": status, "Description": description}
        if pending is not None:
            headers["Nats-Pending-Messages"] = str(pending)
        message = SimpleNamespace(subject=inbox, data=b"", reply="", headers=headers)
        self._carry("in", lambda: self._arrive(inbox, message), loose=False)

    def _arrive(self, inbox: str, message: Any) -> None:
        callback = self.inboxes.get(inbox)
        if callback is not None:
            self.process.spawn(callback(message))  # type: ignore[arg-type]

    # What the product calls.

    def new_inbox(self) -> str:
        """Return a subject of one's own."""
        return f"_INBOX.{self.world.number()}"

    def jetstream(self, timeout: float = 5) -> Api:
        """Return the API."""
        return Api(self, timeout)

    async def subscribe(self, inbox: str, cb: Callable[[Any], Awaitable[None]], **_: Any) -> Any:
        """Have messages to a subject given to a function."""
        self._must_be_open()
        self.inboxes[inbox] = cb
        self._beat(inbox)

        async def unsubscribe() -> None:
            self._must_be_open()
            self.inboxes.pop(inbox, None)

        return SimpleNamespace(unsubscribe=unsubscribe)

    def _beat(self, inbox: str) -> None:
        """Have the server say every two seconds that it is there, as long as it knows the requests of an inbox."""
        stream = self.server.streams.get(FACTS)
        requests = [r for one in (stream.durables.values() if stream else ()) for r in one.waiting]
        if any(r.inbox == inbox and r.client is self and r.connection == self.connection for r in requests):
            self.tell(inbox, "100", "Idle Heartbeat", None)
        if inbox in self.inboxes:
            self.world.loop.call_later(2.0, self._beat, inbox)

    async def publish(
        self, subject: str, payload: bytes = b"", reply: str = "", headers: dict[str, str] | None = None
    ) -> None:
        """Send a message: to a stream, for a pull request, or to acknowledge."""
        self._must_be_open()
        if subject.startswith("$JS.ACK."):
            self.send(lambda: self.server.answer(subject, payload), loose=False)
        elif subject.startswith(NEXT):
            asked, name = json.loads(payload), subject.rpartition(".")[2]
            self.send(lambda: self.server.pull(self, name, reply, asked["batch"], asked["expires"] / 10**9))
        else:
            self.send(lambda: self.server.publish(subject, payload, headers or {}), loose=True)

    async def request(self, subject: str, payload: bytes, timeout: float, headers: dict[str, str]) -> Any:  # noqa: ASYNC109
        """Send a message and wait for the answer."""
        answer = await self.call(lambda: self.server.publish(subject, payload, headers), timeout, loose=True)
        if answer is None:
            raise nats.errors.NoRespondersError
        return SimpleNamespace(data=json.dumps(answer).encode())

    def ask(self, action: Callable[[], Any], *, loose: bool) -> asyncio.Future[Any]:
        """Have something done at the server; the future holds what came of it, if that ever arrives."""
        self._must_be_open()
        future: asyncio.Future[Any] = self.world.loop.create_future()

        def done() -> None:
            try:
                result = action()
            except nats.errors.Error as error:
                result = error
            if self.is_connected:
                self._carry("in", lambda: None if future.done() else future.set_result(result), loose=loose)

        self.send(done, loose=loose)
        return future

    async def call(self, action: Callable[[], Any], timeout: float, *, loose: bool = False) -> Any:  # noqa: ASYNC109
        """Have something done at the server and wait. Raises what it raised, or TimeoutError of the client."""
        world = self.world
        if world.chance(world.trouble.crash):
            world.took("killed at the broker")
            self.process.kill("at the broker")
            await asyncio.sleep(0)
        future = self.ask(action, loose=loose)
        done, _ = await asyncio.wait([future], timeout=timeout)
        if not done:
            raise nats.errors.TimeoutError
        if isinstance(future.result(), Exception):
            raise future.result()
        return future.result()


class Api:
    """The part of nats-py's JetStreamContext that the product uses."""

    def __init__(self, client: Client, timeout: float) -> None:
        self._client, self._server, self._timeout = client, client.server, timeout

    async def _call(self, action: Callable[[], Any]) -> Any:
        return await self._client.call(action, self._timeout)

    async def stream_info(self, name: str) -> Any:
        """Return what is told of a stream."""
        return await self._call(lambda: self._server.info(name))

    async def add_stream(self, config: StreamConfig) -> None:
        """Make a stream."""
        await self._call(lambda: self._server.add_stream(config))

    async def update_stream(self, _config: StreamConfig) -> None:
        """Pass: settings are no matter here."""
        await self._call(lambda: None)

    async def add_consumer(self, _stream: str, config: ConsumerConfig) -> Any:
        """Make a consumer."""
        return await self._call(lambda: self._server.add_consumer(str(config.durable_name), config))

    async def consumer_info(self, _stream: str, name: str) -> Any:
        """Return what is told of a consumer."""
        return await self._call(lambda: self._server.consumer(name))

    async def reset_consumer(self, _stream: str, name: str) -> Any:
        """Begin again behind what was acknowledged."""
        floor = await self._call(lambda: self._server.reset_consumer(name))
        return SimpleNamespace(info=SimpleNamespace(ack_floor=SimpleNamespace(stream_seq=floor)))

    async def delete_consumer(self, _stream: str, name: str) -> None:
        """Delete a consumer."""
        await self._call(lambda: self._server.delete_consumer(name))

    async def publish_async(self, subject: str, data: bytes, headers: dict[str, str]) -> asyncio.Future[Any]:
        """Send a message; the future holds its confirmation."""
        asked = self._client.ask(lambda: self._server.publish(subject, data, headers), loose=True)
        confirmed: asyncio.Future[Any] = self._client.world.loop.create_future()

        def arrived(answer: asyncio.Future[Any]) -> None:
            if confirmed.done() or answer.cancelled():
                return
            if answer.result() is None:
                confirmed.set_exception(nats.js.errors.NoStreamResponseError())
            else:
                confirmed.set_result(answer.result())

        asked.add_done_callback(arrived)
        return confirmed


def connect(server: Server, process: Process) -> Client:
    """Connect a process to a server."""
    client = Client(server, process)
    server.clients = [*(one for one in server.clients if not one.dead), client]
    return client
