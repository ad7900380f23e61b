"""The plain ways of publishing an event, in the place of the relay's own publisher."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from nats.js import JetStreamContext

from services.chassis.stream import FactEvent, encode, subject


class OneByOne:
    """Publishes an event when the one before is confirmed."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js

    async def publish(self, events: Sequence[FactEvent]) -> None:
        """Publish in order."""
        for event in events:
            await self._js.publish(subject(event), encode(event), headers={"Nats-Msg-Id": str(event.id)})


class Pipelined:
    """Publishes with `publish_async` and waits for all confirmations together."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js

    async def publish(self, events: Sequence[FactEvent]) -> None:
        """Publish without waiting in between."""
        waiting = [
            await self._js.publish_async(subject(event), encode(event), headers={"Nats-Msg-Id": str(event.id)})
            for event in events
        ]
        await asyncio.gather(*waiting)
