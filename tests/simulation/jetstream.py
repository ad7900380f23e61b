"""A simulated NATS server with JetStream: what is stored, who has read how far, and what is known of duplicates."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from nats.js.api import ConsumerConfig, Header, StreamConfig
from nats.js.errors import NotFoundError, ServerError

from services.chassis.consumer import STORE_FAILED
from services.chassis.stream import DUPLICATE_WINDOW, FACTS, BadEventError, decode
from tests.simulation.stored import Durable, Message, Request, Stream
from tests.simulation.world import World

if TYPE_CHECKING:
    from tests.simulation.client import Client

LOST, DUPLICATE, UNSUPPORTED = 10176, 10201, 10174


class Server:
    """Takes messages and requests of clients; what goes wrong between them and it is the clients' matter."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.streams: dict[str, Stream] = {}
        self.clients: list[Client] = []
        self.ever_stored: set[UUID] = set()
        self.handed: set[tuple[str, UUID]] = set()
        self.highest = 0
        self.batches: dict[str, list[tuple[str, bytes, dict[str, str]]]] = {}
        #: Whether the reader of a name has stored an event; asked when something is acknowledged.
        self.has_read: Callable[[str, UUID], bool] = lambda _reader, _event: True

    # What publishers send.

    def publish(self, subject: str, data: bytes, headers: dict[str, str]) -> dict[str, Any] | None:
        """Store a message or take part of a batch; returns the answer, None when nobody answers or none is due."""
        stream = self.streams.get(FACTS)
        batch = headers.get(Header.BATCH_ID.value)
        if stream is None:
            return None
        if batch is None:
            return self._single(stream, subject, data, headers)
        held = self.batches.setdefault(batch, [])
        held.append((subject, data, headers))
        if Header.BATCH_COMMIT.value not in headers:
            return None
        return self._batch(stream, self.batches.pop(batch))

    def _single(self, stream: Stream, subject: str, data: bytes, headers: dict[str, str]) -> dict[str, Any]:
        msg_id = headers.get(Header.MSG_ID.value, "")
        if self._known(stream, msg_id):
            self.world.took("duplicate refused")
            return {"stream": FACTS, "seq": stream.last, "duplicate": True}
        self._store(stream, subject, data, msg_id)
        self.push(stream)
        return {"stream": FACTS, "seq": stream.last}

    def _batch(self, stream: Stream, parts: list[tuple[str, bytes, dict[str, str]]]) -> dict[str, Any]:
        places = [int(headers[Header.BATCH_SEQUENCE.value]) for _, _, headers in parts]
        ids = [headers[Header.MSG_ID.value] for _, _, headers in parts]
        code = 0
        if self.world.chance(self.world.trouble.refuse_batch):
            code = UNSUPPORTED
        elif places != list(range(1, len(parts) + 1)):
            code = LOST
        elif any(self._known(stream, one) for one in ids):
            code = DUPLICATE
        if code:
            self.world.took(f"batch refused ({code})")
            return {"error": {"code": 400, "err_code": code, "description": "batch refused"}}
        for (subject, data, _), msg_id in zip(parts, ids, strict=True):
            self._store(stream, subject, data, msg_id)
        self.push(stream)
        return {"stream": FACTS, "seq": stream.last}

    def _known(self, stream: Stream, msg_id: str) -> bool:
        at = stream.known.get(msg_id)
        return bool(msg_id) and at is not None and self.world.now - at < DUPLICATE_WINDOW

    def _store(self, stream: Stream, subject: str, data: bytes, msg_id: str) -> None:
        try:
            event = UUID(int=decode(data).id.int)
        except BadEventError:
            event = None
        stream.last += 1
        if stream.last <= self.highest:
            self.world.took("place given a second time")
        self.highest = max(self.highest, stream.last)
        stream.messages[stream.last] = Message(subject, data, msg_id, self.world.now, event)
        stream.known[msg_id] = self.world.now
        if event is not None:
            self.ever_stored.add(event)

    # What readers ask for.

    def pull(self, client: Client, name: str, inbox: str, batch: int, expires: float) -> None:
        """Open a pull request."""
        stream = self.streams.get(FACTS)
        durable = stream.durables.get(name) if stream else None
        if stream is None or durable is None:
            client.tell(inbox, "503", "No Responders", None)
            return
        request = Request(client, client.connection, inbox, batch)
        durable.waiting.append(request)
        self.world.loop.call_later(expires, self._expire, durable, request)
        self.push(stream)

    def _expire(self, durable: Durable, request: Request) -> None:
        if request in durable.waiting:
            durable.waiting.remove(request)
            if self._open(request):
                request.client.tell(request.inbox, "408", "Request Timeout", request.left)

    @staticmethod
    def _open(request: Request) -> bool:
        return request.client.connection == request.connection and request.inbox in request.client.inboxes

    def push(self, stream: Stream) -> None:
        """Hand out what requests wait for."""
        for name, durable in stream.durables.items():
            while durable.waiting:
                request = durable.waiting[0]
                if not self._open(request):
                    durable.waiting.popleft()
                    continue
                place = self._next(stream, durable)
                if place is None:
                    break
                self._hand_out(stream, name, durable, place, request)
                request.left -= 1
                if request.left == 0:
                    durable.waiting.popleft()

    def _next(self, stream: Stream, durable: Durable) -> int | None:
        ack_wait = durable.config.ack_wait or 60.0
        for place, at in durable.pending.items():
            if self.world.now - at > ack_wait and place in stream.messages:
                return place
        if len(durable.pending) >= (durable.config.max_ack_pending or 1000):
            return None
        return next(
            (place for place in range(durable.delivered + 1, stream.last + 1) if place in stream.messages), None
        )

    def _hand_out(self, stream: Stream, name: str, durable: Durable, place: int, request: Request) -> None:
        message = stream.messages[place]
        durable.count += 1
        durable.delivered = max(durable.delivered, place)
        durable.pending[place] = self.world.now
        if message.event is not None:
            if (name, message.event) in self.handed:
                self.world.took("handed out again")
            self.handed.add((name, message.event))
        whole = len(stream.messages) == stream.last
        behind = stream.last - place if whole else sum(one > place for one in stream.messages)
        reply = f"$JS.ACK.{FACTS}.{name}.1.{place}.{durable.count}.0.{behind}"
        request.client.hand(request.inbox, message.subject, message.data, reply)

    def answer(self, reply: str, answer: bytes) -> None:
        """Take an acknowledgement or a refusal; each speaks for everything before it, too."""
        name, place = reply.split(".")[3], int(reply.split(".")[5])
        stream = self.streams.get(FACTS)
        durable = stream.durables.get(name) if stream else None
        if stream is None or durable is None or place > durable.delivered or place <= durable.floor:
            return
        refused = answer.startswith(b"+TERM")
        for one in range(durable.floor + 1, place + 1):
            message = stream.messages.get(one)
            if message is None or message.event is None or (refused and one == place):
                continue
            if not self.has_read(name, message.event):
                self.world.forbid(f"{name} acknowledged place {one}, event {message.event}, and has not stored it")
        if refused:
            self.world.took("dead letter")
        durable.floor = place
        durable.pending = {one: at for one, at in durable.pending.items() if one > place}

    def steal(self, name: str) -> None:
        """Hand the next messages of a consumer to somebody else."""
        stream, durable = self.streams[FACTS], self.streams[FACTS].durables[name]
        for _ in range(self.world.rng.randint(1, 4)):
            place = self._next(stream, durable)
            if place is not None:
                durable.count, durable.delivered = durable.count + 1, max(durable.delivered, place)
                durable.pending[place] = self.world.now
                self.world.took("message taken by another reader")

    def restart(self, streams: dict[str, Stream]) -> None:
        """Start anew on what is stored: open requests are gone, duplicates are known by the messages themselves."""
        self.streams = {name: stream.clone() for name, stream in streams.items()}
        self.batches.clear()
        for stream in self.streams.values():
            stream.known = {one.msg_id: one.at for one in stream.messages.values()}

    # What clients ask of the API.

    def stream(self, name: str) -> Stream:
        """Return a stream. Raises NotFoundError."""
        if name not in self.streams:
            raise NotFoundError(code=404, err_code=10059, description="stream not found")
        return self.streams[name]

    def add_stream(self, config: StreamConfig) -> None:
        """Make a stream."""
        self.streams.setdefault(str(config.name), Stream(copy(config)))

    def add_consumer(self, name: str, config: ConsumerConfig) -> Any:
        """Make a durable consumer, or change it. Raises ServerError."""
        stream = self.stream(FACTS)
        durable = stream.durables.get(name)
        if durable is not None and durable.folderless:
            raise ServerError(code=500, err_code=STORE_FAILED, description="no such file or directory")
        if durable is None and name in stream.unreadable and not config.mem_storage:
            raise ServerError(code=500, err_code=STORE_FAILED, description="error creating store for consumer")
        if durable is None:
            durable = stream.durables[name] = Durable(config, folderless=name in stream.removing)
            durable.floor, durable.delivered = stream.places.pop(name, (0, 0))
            stream.removing.discard(name)
        durable.config = config
        return self.consumer(name)

    def consumer(self, name: str) -> Any:
        """Return what is told of a consumer. Raises NotFoundError."""
        durable = self._durable(name)
        floor, delivered = (SimpleNamespace(stream_seq=place) for place in (durable.floor, durable.delivered))
        return SimpleNamespace(config=durable.config, ack_floor=floor, delivered=delivered)

    def reset_consumer(self, name: str) -> int:
        """Forget what was handed out and not acknowledged; returns the last place acknowledged."""
        durable = self._durable(name)
        durable.delivered, durable.count, durable.pending = durable.floor, 0, {}
        return durable.floor

    def delete_consumer(self, name: str) -> None:
        """Delete a durable consumer; who waits is told."""
        durable = self._durable(name)
        del self.stream(FACTS).durables[name]
        self.world.took("consumer deleted")
        for request in durable.waiting:
            request.client.tell(request.inbox, "409", "Consumer Deleted", None)

    def _durable(self, name: str) -> Durable:
        stream = self.stream(FACTS)
        if name not in stream.durables:
            raise NotFoundError(code=404, err_code=10014, description="consumer not found")
        return stream.durables[name]

    def info(self, name: str) -> Any:
        """Return what is told of a stream."""
        stream = self.stream(name)
        return SimpleNamespace(config=stream.config, state=SimpleNamespace(messages=len(stream.messages)))
