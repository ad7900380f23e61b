"""A broker that loses, repeats, disorders and forgets."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace

from nats.js import JetStreamContext
from nats.js.errors import APIError, NotFoundError

from services.chassis.stream import FACTS, facts_stream
from tests.chaos.arena import Arena
from tests.chaos.fault import Fault, Skipped
from tests.chaos.inside import hooks, traffic
from tests.support.system import DOMAIN

REPEATS = 200


@asynccontextmanager
async def _stream(arena: Arena) -> AsyncIterator[JetStreamContext]:
    """Connect as the operator. Raises Skipped while there is no stream."""
    client = await arena.system.nats()
    try:
        yield client.jetstream()
    except NotFoundError:
        raise Skipped("there is no stream at the moment") from None
    finally:
        await client.close()


async def _make(arena: Arena, js: JetStreamContext, first: int) -> None:
    """Make the stream, unless a service was faster, which makes it as it begins: empty, at 1."""
    config = replace(facts_stream(), duplicate_window=arena.window, first_seq=first)
    try:
        await js.add_stream(config)
    except APIError:  # both at once may also end in an error of the server
        arena.note("a service makes the stream itself")


async def _purge(arena: Arena) -> None:
    async with _stream(arena) as js:
        last = (await js.stream_info(FACTS)).state.last_seq
        await js.delete_stream(FACTS)
        # The product denies purges; deleted and made to begin behind its end is the same to every reader.
        await _make(arena, js, last + 1)
    arena.note(f"stream emptied; it goes on behind {last}")


async def _delete(arena: Arena) -> None:
    async with _stream(arena) as js:
        await js.delete_stream(FACTS)
    arena.note("stream deleted")


async def _recreate(arena: Arena) -> None:
    async with _stream(arena) as js:
        await js.delete_stream(FACTS)
        await _make(arena, js, 1)
    arena.note("stream deleted and made again, empty")


async def _forget_readers(arena: Arena) -> None:
    async with _stream(arena) as js:
        names = [one.name for one in await js.consumers_info(FACTS)]
        for name in names:
            await js.delete_consumer(FACTS, name)
    arena.note(f"consumers deleted: {', '.join(names)}")


async def _repeat(arena: Arena) -> None:
    async with _stream(arena) as js:
        state = (await js.stream_info(FACTS)).state
        if not state.messages:
            raise Skipped("the stream is empty")
        places = [arena.rng.randint(state.first_seq, state.last_seq) for _ in range(REPEATS)]
        for place in places:
            with suppress(NotFoundError):
                message = await js.get_msg(FACTS, place)
                await js.publish(message.subject or "", message.data or b"")
    arena.note(f"{len(places)} old messages told again in any order")


async def _lose_store(arena: Arena) -> None:
    with _halted(arena):
        shutil.rmtree(arena.system.home.nats / "jetstream")
    arena.note("store of NATS deleted, NATS killed")


async def _restore(arena: Arena) -> None:
    store, copy = arena.system.home.nats / "jetstream", arena.folder / "copy-of-jetstream"
    pid = arena.signal("NATS", signal.SIGSTOP)
    try:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(store, copy)
    finally:
        arena.signal("NATS", signal.SIGCONT)
    seconds = arena.seconds(2, 8)
    arena.note(f"store of NATS copied; restored in {seconds:.1f} s")
    await asyncio.sleep(seconds)
    if arena.pid("NATS") != pid:
        raise Skipped("NATS was started anew meanwhile")
    arena.strikes()
    with _halted(arena):
        shutil.rmtree(store)
        shutil.move(copy, store)  # which may lie on another disk
    arena.note("store of NATS as it was then, NATS killed")


@contextmanager
def _halted(arena: Arena) -> Iterator[None]:
    """Keep NATS from noticing what happens to its store, and kill it then."""
    pid = arena.signal("NATS", signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def mischief(hook: str, kind: str, services: Sequence[str], *, ends: bool = False) -> Sequence[Fault]:
    """Return the faults that one hook brings about, for each service; with `ends` the service is killed at the end."""

    def of(service: str) -> Fault:
        async def inflict(arena: Arena) -> None:
            seconds, file = arena.seconds(2, 8), hooks.path(arena.folder, hook, service)
            arena.note(f"{kind} ({service}) for {seconds:.1f} s")
            file.write_text(str(arena.rng.getrandbits(32)), "ascii")
            try:
                await asyncio.sleep(seconds)
                if ends:
                    arena.note(f"kill -9 {service}, process {arena.signal(service, signal.SIGKILL)}")
            finally:
                file.unlink(missing_ok=True)

        return Fault(f"{kind} ({service})", kind, inflict)

    return [of(service) for service in services]


FAULTS: Sequence[Fault] = [
    Fault("stream purged", "stream purged", _purge),
    Fault("stream deleted", "stream deleted", _delete),
    Fault("stream deleted and recreated", "stream deleted and recreated empty", _recreate),
    Fault("consumers deleted", "consumers deleted", _forget_readers),
    Fault("old messages repeated", "messages repeated in any order", _repeat),
    Fault("store of NATS deleted", "store of NATS deleted", _lose_store),
    Fault("store of NATS restored from an older copy", "store of NATS restored from an older copy", _restore),
    *mischief(traffic.SWALLOW, "messages confirmed and lost", DOMAIN),
    *mischief(traffic.UNCONFIRMED, "confirmations lost", DOMAIN),
    *mischief(traffic.SHUFFLE, "messages shuffled and doubled", DOMAIN),
    # A later acknowledgement makes up for a lost one; a reader that ends has none, and is given all again.
    *mischief(traffic.ACKLESS, "acknowledgements lost", ("aggregation", "mediation", "correction"), ends=True),
    *mischief(traffic.HOLES, "deliveries lost", ("aggregation", "mediation", "correction")),
]
