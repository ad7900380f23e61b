"""The stream of facts and mischief with it: repeats and disorder, as a broker after a failure may bring."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from typing import NamedTuple

from nats.errors import TimeoutError as Nothing
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

from services.chassis.stream import FACTS
from tests.support.system import System

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
