"""Links between parts: TCP through a process of its own that cuts, stalls, delays, resets, forgets and loses.

A stalled link accepts connections and passes nothing, in one direction or both: to its ends it is a network that is
silent. What was sent meanwhile goes on when the stall ends, as TCP would send it again. A forgotten connection is one
whose way is gone for good without either end being told, as when a firewall drops what it knew.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import struct
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

import uvloop

from tests.chaos.namespace import Namespace

Direction = Literal["there", "back"]
BOTH: tuple[Direction, ...] = ("there", "back")
_CHUNK = 65536
# What is closed so is reset: the other end gets an error, not an end.
_AT_ONCE = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Mode:
    """How a link behaves: it passes everything unless something is said."""

    #: Connections are refused; those that there are have been reset.
    cut: bool = False
    #: Directions in which nothing passes: "there" is towards who listens.
    stalled: Sequence[Direction] = ()
    #: Seconds that whatever is sent takes in each direction, and by how much that varies either way.
    delay: float = 0
    jitter: float = 0
    #: Percent of packets that are lost, each way; needs root.
    loss: int = 0


PASS = Mode()


@dataclass(eq=False)
class _Connection:
    """One connection, by the writers of all its ends; `over` ends a forgotten one."""

    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    forgotten: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def close(self) -> None:
        """Close every end."""
        for writer in self.writers:
            writer.close()

    def abort(self) -> None:
        """Reset every end."""
        self.over.set()
        for writer in self.writers:
            if not writer.is_closing():
                with suppress(OSError):
                    sock = writer.get_extra_info("socket")
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                writer.transport.abort()


class Link:
    """Passes on what comes to `port` of 127.0.0.1 to another port there, as its mode says."""

    def __init__(self, port: int, target: int, seed: int = 0) -> None:
        self.port, self.target = port, target
        self.mode = PASS
        self._chance = random.Random(seed)
        self._open: set[_Connection] = set()
        self._passing = {direction: asyncio.Event() for direction in BOTH}
        self._server: asyncio.Server | None = None
        self._namespace: Namespace | None = None
        self.set(PASS)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.set(PASS)
        self.reset()
        if self._namespace is not None:
            self._namespace.close()

    def set(self, mode: Mode) -> None:
        """Behave so from now on. Raises OSError where packets cannot be lost."""
        if mode.loss:
            self._namespace = self._namespace or Namespace()
            self._namespace.lose(mode.loss)
        elif self._namespace is not None:
            self._namespace.lose(0)
        begins = mode.loss and not self.mode.loss
        self.mode = mode
        for direction, passing in self._passing.items():
            passing.clear() if direction in mode.stalled else passing.set()
        if mode.cut or begins:  # a connection that there is takes the way on which nothing is lost
            self.reset()

    def reset(self) -> None:
        """Reset every connection."""
        for connection in list(self._open):
            connection.abort()

    def forget(self) -> None:
        """Pass nothing any more over the connections that there are, for good; neither end is told."""
        for connection in self._open:
            connection.forgotten = True

    def lead(self, target: int) -> None:
        """Lead to another port from now on; connections to the one before are reset."""
        self.target = target
        self.reset()

    @property
    def connections(self) -> int:
        """How many there are."""
        return len(self._open)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection([writer])
        self._open.add(connection)
        try:
            if self.mode.cut:
                raise ConnectionRefusedError
            async with asyncio.TaskGroup() as tasks:
                for step in await self._ways(connection, reader, writer):
                    tasks.create_task(step)
        except* OSError:
            connection.abort()  # an end has gone; the other one is told
        finally:
            self._open.discard(connection)
            connection.close()

    async def _ways(
        self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> list[Any]:
        """Connect to who listens, over the namespace where packets are lost; return what is to run."""
        reader2, writer2 = await asyncio.open_connection("127.0.0.1", self.target)
        connection.writers.append(writer2)
        if not self.mode.loss:
            return [self._pass(connection, reader, writer2, "there"), self._pass(connection, reader2, writer, "back")]
        assert self._namespace is not None
        hops = await asyncio.to_thread(self._namespace.pair)
        (near, into), (far, out_of) = [await asyncio.open_connection(sock=sock) for sock in hops]
        connection.writers += [into, out_of]
        return [
            self._pass(connection, reader, into, "there"),
            self._pass(connection, far, writer2, "there"),
            self._pass(connection, reader2, out_of, "back"),
            self._pass(connection, near, writer, "back"),
        ]

    async def _pass(
        self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Direction
    ) -> None:
        while True:
            data = await reader.read(_CHUNK)
            if self.mode.delay:
                await asyncio.sleep(max(0, self.mode.delay + self._chance.uniform(-1, 1) * self.mode.jitter))
            await self._passing[way].wait()
            if connection.forgotten:
                await connection.over.wait()
            if writer.is_closing():
                raise ConnectionResetError  # uvloop would say so by a RuntimeError
            if not data:
                writer.write_eof()
                return
            writer.write(data)
            await writer.drain()


class Remote:
    """A link in the process of links, by its name."""

    def __init__(self, links: Links, name: str) -> None:
        self._links, self.name = links, name

    async def set(self, mode: Mode) -> None:
        """Behave so from now on. Raises OSError where packets cannot be lost."""
        await self._links.ask("set", self.name, asdict(mode))

    async def reset(self) -> None:
        """Reset every connection."""
        await self._links.ask("reset", self.name)

    async def forget(self) -> None:
        """Pass nothing any more over the connections that there are, for good; neither end is told."""
        await self._links.ask("forget", self.name)

    async def lead(self, target: int) -> None:
        """Lead to another port from now on; connections to the one before are reset."""
        await self._links.ask("lead", self.name, target)


class Links:
    """The process in which links are: what its owner is busy with delays nothing. It ends with its owner."""

    def __init__(self, wiring: Mapping[str, tuple[int, int]], seed: int = 0) -> None:
        """Make the process of links; `wiring` gives port and target by name."""
        self._wiring, self._seed = wiring, seed
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> dict[str, Remote]:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__, json.dumps(self._wiring), str(self._seed)),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        await self.ask("ready", "")
        return {name: Remote(self, name) for name in self._wiring}

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), 10)
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def ask(self, *request: Any) -> None:
        """Have something done, and wait until it is. Raises OSError."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        async with self._turn:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            await process.stdin.drain()
            answer = await process.stdout.readline()
        if not answer:
            raise OSError("the process of links has ended")
        if problem := json.loads(answer):
            raise OSError(problem)


async def _serve(wiring: Mapping[str, tuple[int, int]], seed: int) -> None:
    loop = asyncio.get_running_loop()
    requests = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(requests), sys.stdin)
    links = {name: Link(port, target, seed) for name, (port, target) in wiring.items()}
    for link in links.values():
        await link.__aenter__()
    while request := await requests.readline():
        problem = ""
        try:
            _do(links, *json.loads(request))
        except OSError as error:
            problem = str(error) or type(error).__name__
        print(json.dumps(problem), flush=True)  # noqa: T201
    for link in links.values():
        await link.__aexit__()


def _do(links: Mapping[str, Link], what: str, name: str, more: Any = None) -> None:
    match what:
        case "set":
            links[name].set(Mode(**more))
        case "lead":
            links[name].lead(more)
        case "reset":
            links[name].reset()
        case "forget":
            links[name].forget()


if __name__ == "__main__":
    uvloop.run(_serve(json.loads(sys.argv[1]), int(sys.argv[2])))
