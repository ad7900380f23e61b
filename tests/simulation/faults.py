"""What happens to a simulated installation while clerks work: each fault of a kind, at an instant of chance."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from services.chassis.stream import FACTS

if TYPE_CHECKING:
    from tests.simulation.installation import Installation

Fault = Callable[["Installation"], Awaitable[None]]


async def partition(on: Installation) -> None:
    """Cut clients off the broker for a while."""
    clients = [one for one in on.server.clients if not one.dead and on.world.chance(0.6)]
    for client in clients:
        client.cut()
    await asyncio.sleep(on.world.rng.uniform(0.1, 8.0))
    for client in clients:
        client.mend()


async def restart_of_the_broker(on: Installation) -> None:
    """End the broker and start it again on what it has stored."""
    await on.restart_broker(on.server.streams)


async def power_loss_of_the_broker(on: Installation) -> None:
    """Lose the last messages of the stream; who has read how far may be kept or not."""
    stream = on.server.streams.get(FACTS)
    if stream is None:
        return
    lost = on.world.rng.randint(1, 12)
    kept = stream.clone()
    kept.messages = {place: one for place, one in kept.messages.items() if place <= stream.last - lost}
    kept.last = max(0, stream.last - lost)
    for durable in kept.durables.values():
        if on.world.chance(0.5):
            durable.floor, durable.delivered = min(durable.floor, kept.last), min(durable.delivered, kept.last)
            durable.pending = {place: at for place, at in durable.pending.items() if place <= kept.last}
    on.world.took("tail of the stream lost")
    await on.restart_broker(on.server.streams | {FACTS: kept})


async def older_copy_of_the_stream(on: Installation) -> None:
    """Put the store of the broker back to a copy of before: places are given a second time."""
    if on.copies:
        copy = on.world.rng.choice(on.copies)
        on.world.took("older copy of the stream restored")
        on.restored = True
        await on.restart_broker({name: one.clone() for name, one in copy.items()})


async def lost_store(on: Installation) -> None:
    """Start the broker with an empty store."""
    on.world.took("store of the broker lost")
    await on.restart_broker({})


async def purge(on: Installation) -> None:
    """Delete every message; message ids stay known, readers go on behind."""
    stream = on.server.streams.get(FACTS)
    if stream is not None:
        on.world.took("stream purged")
        stream.messages.clear()
        for durable in stream.durables.values():
            durable.floor = durable.delivered = stream.last
            durable.pending.clear()


async def deleted_stream(on: Installation) -> None:
    """Delete the stream while everybody is connected."""
    stream = on.server.streams.pop(FACTS, None)
    for name, durable in (stream.durables if stream else {}).items():
        on.world.took("stream deleted")
        for request in durable.waiting:
            request.client.tell(request.inbox, "409", f"Consumer Deleted {name}", None)


async def lost_messages(on: Installation) -> None:
    """Delete single messages before they are read."""
    stream = on.server.streams.get(FACTS)
    for place in list(stream.messages)[-6:] if stream else ():
        if on.world.chance(0.5) and stream is not None:
            on.world.took("message deleted")
            del stream.messages[place]


async def deleted_consumer(on: Installation) -> None:
    """Delete the board's consumer; the folder of the next may go with the old one's."""
    for name in list(on.server.streams[FACTS].durables) if FACTS in on.server.streams else ():
        if on.world.chance(0.3):
            on.server.streams[FACTS].removing.add(name)
        on.server.delete_consumer(name)


async def forgotten_consumers(on: Installation) -> None:
    """Have a power loss make the broker forget its consumers, of which the disk keeps the place or a spoilt rest."""
    stream = on.server.streams.get(FACTS)
    if stream is None:
        return
    kept, spoilt = stream.clone(), on.world.chance(0.5)
    for name, durable in kept.durables.items():
        on.world.took("consumer forgotten")
        if spoilt:
            kept.unreadable.add(name)
        else:
            kept.places[name] = durable.floor, durable.delivered
    kept.durables.clear()
    if on.world.chance(0.5):
        kept.messages.clear()
        kept.last = 0
    await on.restart_broker(on.server.streams | {FACTS: kept})


async def refused_clients(on: Installation) -> None:
    """Have the broker refuse clients for a moment, so that they give up for good."""
    for client in on.server.clients:
        if on.world.chance(0.5):
            client.refuse()


async def forgotten_sessions(on: Installation) -> None:
    """Have the network forget connections to the databases for which locks are held, and tell neither end."""
    for database in on.databases.values():
        for session in database.sessions:
            if on.world.chance(0.6):
                session.lose()


async def thief(on: Installation) -> None:
    """Take messages of the board's consumer away, as a second reader of the same name would."""
    stream = on.server.streams.get(FACTS)
    for name, durable in (stream.durables if stream else {}).items():
        place = on.server._next(stream, durable)  # type: ignore[arg-type]
        if place is None and durable.delivered:
            continue
        on.server.steal(name)


async def garbage(on: Installation) -> None:
    """Publish what is no event, and an event under another source's subject."""
    on.server.publish("geju.facts.mediation.dispute.x", b"\xff" + json.dumps(on.world.number()).encode(), {})


async def restart_of_a_database(on: Installation) -> None:
    """End a database and start it again; a commit for which nobody waited may be gone."""
    database = on.world.rng.choice([one.database for one in on.services] + [on.board.database])
    database.down = True
    database.restart()
    on.world.note(f"{database.name}: down")
    await asyncio.sleep(on.world.rng.uniform(0.1, 4.0))
    database.down = False


async def restored_database(on: Installation) -> None:
    """Put a service's database back to an earlier time: what was accepted since is gone by decision."""
    service = on.world.rng.choice(on.services)
    if on.dumps[service]:
        on.world.note(f"{service.name}: database restored")
        on.world.took("database of a service restored")
        dumps = on.dumps[service]
        service.database.restore(dumps[-1] if on.world.chance(0.6) else on.world.rng.choice(dumps))


async def killed_process(on: Installation) -> None:
    """Kill a process of a service or of the board."""
    processes = [one for service in on.services for one in service.processes] + list(on.board.leaders)
    alive = [one for one in processes if one.alive]
    if alive:
        on.world.rng.choice(alive).kill("as a fault")


async def rebuild(on: Installation) -> None:
    """Have the board build its projection anew."""
    await on.board.rebuild()


async def bad_network(on: Installation) -> None:
    """Lose, double and overtake messages for a while."""
    trouble, rng = on.world.trouble, on.world.rng
    trouble.drop, trouble.twice, trouble.reorder = (rng.choice((0, 0.02, 0.2)) for _ in range(3))
    await asyncio.sleep(rng.uniform(1.0, 10.0))
    trouble.drop = trouble.twice = trouble.reorder = 0.0


async def failing_statements(on: Installation) -> None:
    """Break or lose connections, and kill processes, before and after statements for a while."""
    trouble, rng = on.world.trouble, on.world.rng
    choices = (0.03, 0.0, 0.0), (0.0, 0.02, 0.0), (0.02, 0.01, 0.0), (0.0, 0.0, 0.02)
    trouble.database, trouble.crash, trouble.silence = rng.choice(choices)
    await asyncio.sleep(rng.uniform(1.0, 10.0))
    trouble.database = trouble.crash = trouble.silence = 0.0


async def failing_calls(on: Installation) -> None:
    """Lose calls to the services, or their answers, and have the broker refuse batches."""
    trouble, rng = on.world.trouble, on.world.rng
    trouble.call, trouble.refuse_batch = rng.choice((0.0, 0.3)), rng.choice((0.0, 0.5))
    await asyncio.sleep(rng.uniform(1.0, 10.0))
    trouble.call = trouble.refuse_batch = 0.0


FAULTS: tuple[Fault, ...] = (
    partition,
    restart_of_the_broker,
    power_loss_of_the_broker,
    older_copy_of_the_stream,
    lost_store,
    purge,
    deleted_stream,
    lost_messages,
    deleted_consumer,
    forgotten_consumers,
    refused_clients,
    thief,
    garbage,
    restart_of_a_database,
    restored_database,
    forgotten_sessions,
    killed_process,
    rebuild,
    bad_network,
    failing_statements,
    failing_calls,
)
