"""Somebody who abuses the transport, in a process of his own: `python -m tests.support.abuse NAME PORT SECONDS`.

The token, if he has one, comes on standard input. He says "begun" when he has, ends by himself after so many seconds,
whatever happens to him, and says then what he got through. He is niced: elsewhere he has a machine of his own.
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import os
import signal
import struct
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from tests.support import frames
from tests.support.frames import END_STREAM, Type

READ = "/geju.mediation.v1.DisputeService/ListDisputes"
FIGURES = "/geju.aggregation.v1.FigureService/ListFigures"
WATCH = "/geju.aggregation.v1.BoardService/WatchBoard"
#: At most so many of whatever is done again and again, in one connection or at once.
STREAMS, CONNECTIONS = 20_000, 400
BURST = 50
#: Bytes a second that a connection takes: all of them together fill a cable of a gigabit.
CABLE = 30_000_000


@dataclass
class Abuser:
    """One who knows a port; `done` counts what he got through, by what it is."""

    port: int
    token: str
    done: dict[str, int] = field(default_factory=dict)

    def count(self, what: str, number: int = 1) -> None:
        """Count something that was done."""
        self.done[what] = self.done.get(what, 0) + number

    async def connection(self, say: Callable[[Line], Awaitable[None]], **settings: int) -> None:
        """Connect again and again, each time doing something until the other side has had enough."""
        while True:
            with suppress(OSError):
                line = await Line.open(self.port, **settings)
                self.count("connections")
                try:
                    await say(line)
                finally:
                    line.close()
            await asyncio.sleep(0.01)

    async def many(self, say: Callable[[Line], Awaitable[None]], number: int = CONNECTIONS, **settings: int) -> None:
        """Do the same over many connections at once."""
        await asyncio.gather(*(self.connection(say, **settings) for _ in range(number)))


class Line:
    """A connection whose other side is listened to only so far that one can go on speaking."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._begun, self._sent = time.monotonic(), 0
        self._initial, self._windows = frames.WINDOW, {0: frames.WINDOW}
        self._listening = asyncio.ensure_future(self._listen(reader))

    @classmethod
    async def open(cls, port: int, **settings: int) -> Line:
        """Connect and say what a client says first."""
        line = cls(*await asyncio.open_connection("127.0.0.1", port))
        await line.say(frames.begin(**settings))
        return line

    async def say(self, raw: bytes) -> None:
        """Send bytes; waits while the other side, or the cable, does not take them. Raises OSError when it has gone."""
        if self._listening.done():
            raise ConnectionResetError
        self._writer.write(raw)
        self._sent += len(raw)
        await self._writer.drain()
        await asyncio.sleep(max(0.0, self._sent / CABLE - (time.monotonic() - self._begun)))

    async def fill(self, stream: int, size: int) -> int:
        """Send bytes of a message as far as the other side has room for them; returns how many it had none for."""
        while size and (room := min(frames.MOST, size, await self._room(stream))):
            await self.say(frames.frame(Type.DATA, bytes(room), stream=stream))
            size -= room
            for one in (0, stream):
                self._windows[one] = self._windows.get(one, self._initial) - room
        return size

    async def gone(self) -> None:
        """Wait until the other side has had enough."""
        await asyncio.wait([self._listening])

    def close(self) -> None:
        """Hang up."""
        self._listening.cancel()
        self._writer.transport.abort()

    async def _room(self, stream: int) -> int:
        """Return the room for a stream, which may be a moment in coming."""
        for _ in range(20):
            room = min(self._windows[0], self._windows.get(stream, self._initial))
            if room > 0:
                return room
            await asyncio.sleep(0.01)
        return 0

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                kind, flags, stream, payload = await frames.read(reader)
                if kind == Type.GOAWAY:
                    return
                if kind in {Type.SETTINGS, Type.PING} and not flags & frames.ACK:
                    self._initial = frames.window_in(payload, self._initial) if kind == Type.SETTINGS else self._initial
                    self._writer.write(frames.frame(Type(kind), payload * (kind == Type.PING), frames.ACK))
                elif kind == Type.WINDOW_UPDATE:
                    more = int.from_bytes(payload)
                    self._windows[stream] = self._windows.get(stream, self._initial) + more
                elif kind == Type.DATA and payload:
                    self._writer.write(frames.frame(Type.WINDOW_UPDATE, struct.pack(">I", len(payload))))


async def rapid_reset(me: Abuser) -> None:
    """Open streams and take them back at once, as fast as they are taken."""
    block = frames.call(READ, me.token)

    async def say(line: Line) -> None:
        for first in range(1, STREAMS, 2 * BURST):
            streams = range(first, first + 2 * BURST, 2)
            await line.say(b"".join(frames.opened(block, one) + frames.reset(one) for one in streams))
            me.count("resets", BURST)

    await me.many(say, 4)


async def many_streams(me: Abuser) -> None:
    """Open as many streams as there may be, and more, and say nothing on them."""
    block = frames.call(READ, me.token)

    async def say(line: Line) -> None:
        for first in range(1, STREAMS, 2 * BURST):
            await line.say(b"".join(frames.opened(block, one) for one in range(first, first + 2 * BURST, 2)))
            me.count("streams", BURST)
        await line.gone()

    await me.many(say, 8)


async def slow_sending(me: Abuser) -> None:
    """Send requests byte by byte, on many streams of many connections."""
    block = frames.call(READ, me.token)

    async def say(line: Line) -> None:
        streams = range(1, 200, 2)
        await line.say(b"".join(frames.opened(block, one) for one in streams))
        for part in frames.message(bytes(64), 1, last=False)[9:]:
            await line.say(b"".join(frames.frame(Type.DATA, bytes((part,)), stream=one) for one in streams))
            me.count("bytes", len(streams))
            await asyncio.sleep(0.2)
        await line.gone()

    await me.many(say, 20)


async def slow_reading(me: Abuser) -> None:
    """Ask for long answers, on many streams, and take none of them."""

    async def say(line: Line) -> None:
        for path, stream in zip(itertools.cycle((READ, FIGURES, WATCH)), range(1, 300, 2)):
            await line.say(frames.opened(frames.call(path, me.token), stream) + frames.message(b"", stream))
            me.count("questions")
        await line.gone()

    await me.many(say, 4, window=0)


async def half_open(me: Abuser) -> None:
    """Connect and say nothing, or half of what a client says first, on as many connections as there may be."""

    async def one(number: int) -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", me.port)
                me.count("connections")
                writer.write(frames.PREFACE[: number % len(frames.PREFACE)])
                await reader.read()
                await reader.read()
                writer.transport.abort()
            await asyncio.sleep(0.1)

    await asyncio.gather(*map(one, range(CONNECTIONS)))


async def connection_flood(me: Abuser) -> None:
    """Connect, greet and hang up, again and again."""

    async def say(line: Line) -> None:
        await line.say(frames.frame(Type.PING, bytes(8)))

    await me.many(say, 16)


async def large_metadata(me: Abuser) -> None:
    """Send more metadata than is taken."""

    async def say(line: Line) -> None:
        for stream in range(1, 2000, 2):
            more = [(f"x-much-{number}", "x" * 8000) for number in range(1 + stream % 30)]
            await line.say(frames.opened(frames.call(READ, me.token, more), stream, END_STREAM))
            me.count("headers")
            await asyncio.sleep(0)

    await me.many(say, 2)


async def large_messages(me: Abuser) -> None:
    """Send messages that are larger than is taken, and small ones that unpack to more, as fast as there is room."""
    size, packed = 5 * 2**20, gzip.compress(bytes(32 * 2**20))
    plain, zipped = frames.call(READ, me.token), frames.call(READ, me.token, [("grpc-encoding", "gzip")])

    async def say(line: Line) -> None:
        for stream in range(1, 400, 4):
            head = frames.frame(Type.DATA, struct.pack(">BI", 0, size), stream=stream)
            await line.say(frames.opened(plain, stream) + head)
            if not await line.fill(stream, size):
                await line.say(frames.frame(Type.DATA, b"", END_STREAM, stream))
            await line.say(frames.opened(zipped, stream + 2) + frames.message(packed, stream + 2, compressed=True))
            me.count("messages", 2)

    await me.many(say, 4)


async def hoarding(me: Abuser) -> None:
    """Send as much of large messages as there is room for, and never their end, without a token."""
    size = 4 * 2**20
    head = struct.pack(">BI", 0, size)

    async def say(line: Line) -> None:
        for stream in range(1, 200, 2):
            await line.say(frames.opened(frames.call(READ), stream) + frames.frame(Type.DATA, head, stream=stream))
            me.count("megabytes", (size - await line.fill(stream, size - 1)) >> 20)
        await line.gone()

    await me.many(say, 4)


async def pings(me: Abuser) -> None:
    """Ping, and change settings to and fro, as fast as that is taken."""
    both = (frames.frame(Type.PING, bytes(8)) + frames.settings(window=65_535)) * BURST

    async def say(line: Line) -> None:
        while True:
            await line.say(both)
            me.count("pings", BURST)

    await me.many(say, 2)


ABUSES: Mapping[str, Callable[[Abuser], Awaitable[None]]] = {
    one.__name__: one
    for one in (
        rapid_reset, many_streams, slow_sending, slow_reading, half_open, connection_flood, large_metadata,
        large_messages, hoarding, pings,
    )
}  # fmt: skip


async def _abuse(name: str, port: int, seconds: float, token: str) -> None:
    me = Abuser(port, token)
    # It takes a moment to open what is to be open; whoever started this waits for it.
    asyncio.get_running_loop().call_later(0.3, lambda: print("begun", flush=True))  # noqa: T201
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await ABUSES[name](me)
    print(me.done, flush=True)  # noqa: T201


def main() -> None:
    """Abuse a port for so many seconds."""
    name, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    os.nice(19)
    signal.alarm(int(seconds) + 5)  # whatever hangs: the process ends
    asyncio.run(_abuse(name, port, seconds, sys.stdin.readline().strip()))
    os._exit(0)


if __name__ == "__main__":
    main()
