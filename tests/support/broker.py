"""The stream of facts and mischief with it: repeats and disorder, as a broker after a failure may bring."""

from __future__ import annotations

import random
import shutil
import signal
from collections.abc import Collection, Sequence
from typing import NamedTuple

from nats.errors import TimeoutError as Nothing
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

from services.chassis.stream import FACTS
from tests.support.system import DOMAIN, System

_FETCH = 500


class Message(NamedTuple):
    """One message as stored."""

    subject: str
    data: bytes


async def stored(js: JetStreamContext) -> list[Message]:
    """Return everything on the stream, oldest first."""
    held = (await js.stream_info(FACTS)).state.messages
    consumer = await js.pull_subscribe("", stream=FACTS, config=ConsumerConfig(ack_policy=AckPolicy.NONE))
    found: list[Message] = []
    while len(found) < held:
        try:
            found += [Message(m.subject, m.data) for m in await consumer.fetch(_FETCH, timeout=5)]
        except Nothing:
            break
    await consumer.unsubscribe()
    return found


async def repeat(system: System, chance: random.Random, count: int, about: Collection[str] = ()) -> Sequence[Message]:
    """Publish old messages once more, in any order; returns them. `about` are the ids of those it is about."""
    client = await system.nats()
    try:
        js = client.jetstream()
        everything = [one for one in await stored(js) if not about or one.subject.rpartition(".")[2] in about]
        again = chance.sample(everything, min(count, len(everything)))
        for message in again:
            await js.publish(message.subject, message.data)
        return again
    finally:
        await client.close()


async def lose_store(system: System) -> None:
    """Delete the store of NATS without its noticing, kill it, and wait until it was started anew."""
    halted = system.signal("NATS", signal.SIGSTOP)
    shutil.rmtree(system.home.nats / "jetstream")
    system.signal("NATS", signal.SIGKILL)
    await system.until_restarted("NATS", halted)


async def unconfirmed(system: System) -> int:
    """Count the events that no broker has confirmed yet."""
    return sum([row["count"] for one in DOMAIN for row in await system.rows(one, "SELECT count(*) FROM outbox")])


async def all_confirmed(system: System) -> bool:
    """Tell whether the broker has confirmed every event."""
    return await unconfirmed(system) == 0
