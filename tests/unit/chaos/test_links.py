"""The links between parts, as their ends see them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from services.chassis.embedded.process import free_port
from tests.chaos.links import BOTH, PASS, Link, Links, Mode
from tests.chaos.namespace import Namespace

SILENCE = 0.3


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send back what comes."""
    while data := await reader.read(1024):
        writer.write(data)
    writer.close()


@pytest.fixture
async def link() -> AsyncIterator[Link]:
    """Lead to a server that echoes."""
    async with (
        await asyncio.start_server(echo, "127.0.0.1", 0) as server,
        Link(0, server.sockets[0].getsockname()[1]) as link,
    ):
        yield link


class End:
    """One who has connected to a link."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def of(cls, port: int) -> End:
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def heard(self, seconds: float = 5) -> bytes:
        """Return what comes within some time: nothing when nothing does."""
        try:
            return await asyncio.wait_for(self.reader.read(1024), seconds)
        except TimeoutError:
            return b""

    async def says(self, data: bytes, seconds: float = 5) -> bytes:
        """Send, and return what comes back."""
        self.writer.write(data)
        return await self.heard(seconds)


async def test_a_link_passes_both_ways_and_the_end(link: Link) -> None:
    """What is said is answered, and an end of one side is an end of the other."""
    end = await End.of(link.port)
    assert await end.says(b"one") == b"one"
    end.writer.write_eof()
    assert await end.reader.read() == b""


async def test_a_cut_link_resets_and_refuses_until_it_is_whole(link: Link) -> None:
    """Whoever is connected or connects is turned away; later it works again."""
    end = await End.of(link.port)
    assert await end.says(b"one") == b"one"
    link.set(Mode(cut=True))
    with pytest.raises(ConnectionError):
        await end.reader.readexactly(1)
    with suppress(ConnectionError):  # the reset comes before the end, or after it
        assert await (await End.of(link.port)).heard() == b""
    link.set(PASS)
    assert await (await End.of(link.port)).says(b"two") == b"two"


async def test_what_was_sent_over_a_stalled_link_comes_when_it_passes_again(link: Link) -> None:
    """Nothing passes, nothing is lost."""
    end = await End.of(link.port)
    link.set(Mode(stalled=BOTH))
    assert await end.says(b"one", SILENCE) == b""
    link.set(PASS)
    assert await end.heard() == b"one"


async def test_a_link_may_be_stalled_one_way(link: Link) -> None:
    """The other way passes: what was on its way back arrives, what is sent does not."""
    end = await End.of(link.port)
    link.set(Mode(stalled=["back"]))
    assert await end.says(b"one", SILENCE) == b""
    link.set(Mode(stalled=["there"]))
    assert await end.heard() == b"one"
    assert await end.says(b"two", SILENCE) == b""


async def test_delay_is_that_of_the_way_there_and_the_way_back(link: Link) -> None:
    """An answer takes twice as long."""
    end = await End.of(link.port)
    link.set(Mode(delay=0.2, jitter=0.05))
    begun = time.monotonic()
    assert await end.says(b"one") == b"one"
    assert time.monotonic() - begun >= 0.3


async def test_a_forgotten_connection_is_silent_and_a_new_one_is_not(link: Link) -> None:
    """Neither end is told; only who connects anew is heard."""
    end = await End.of(link.port)
    assert await end.says(b"one") == b"one"
    link.forget()
    assert await end.says(b"two", SILENCE) == b""
    assert not end.reader.at_eof()
    assert await (await End.of(link.port)).says(b"three") == b"three"


async def test_all_is_heard_where_packets_are_lost(link: Link) -> None:
    """TCP sends again what the namespace loses; later nothing is lost."""
    try:
        namespace = Namespace()
        namespace.lose(1)
    except OSError as error:
        pytest.skip(f"needs root: network namespaces and iptables ({error})")
    namespace.close()
    link.set(Mode(loss=5))
    end = await End.of(link.port)
    for number in range(40):
        said = str(number).encode()
        assert await end.says(said, 60) == said
    link.set(PASS)
    assert await end.says(b"last", 60) == b"last"


async def test_links_are_in_a_process_of_their_own() -> None:
    """They are set by their names and go with their owner."""
    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        port = free_port()
        async with Links({"a -> b": (port, server.sockets[0].getsockname()[1])}) as links:
            assert await (await End.of(port)).says(b"one") == b"one"
            await links["a -> b"].set(Mode(stalled=BOTH))
            end = await End.of(port)
            assert await end.says(b"two", SILENCE) == b""
            await links["a -> b"].set(PASS)
            assert await end.heard() == b"two"
        with pytest.raises(ConnectionError):
            await End.of(port)
