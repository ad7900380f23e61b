"""Mischief with messages, within the processes that send and read them: what a broker or a network may do at its worst.

Each hook is asked for by a file with a seed in it, and lasts as long as the file is there.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.chaos.inside import hooks

#: Confirmed and not kept; kept and not confirmed; kept in any order, some twice.
SWALLOW, UNCONFIRMED, SHUFFLE = "swallow", "unconfirmed", "shuffle"
#: Acknowledgements that never arrive; deliveries that never arrive.
ACKLESS, HOLES = "ackless", "holes"
SHARE = 0.2


class _Chance:
    """Random numbers while a file is there, from the seed that it holds."""

    def __init__(self, folder: Path, hook: str) -> None:
        self._file = hooks.path(folder, hook, hooks.service())
        self._seed, self._random = "", random.Random()

    def on(self) -> random.Random | None:
        """Return the numbers; None while nothing is asked for."""
        if not (seed := hooks.asked(self._file)):
            return None
        if seed != self._seed:
            self._seed, self._random = seed, random.Random(seed)
        return self._random

    def hit(self) -> bool:
        """Decide about one message."""
        chance = self.on()
        return chance is not None and chance.random() < SHARE


def enter(folder: Path) -> None:
    """Stand between the service that this process is and the broker."""
    if hooks.service():
        _publishing(folder)
        _reading(folder)


def _publishing(folder: Path) -> None:
    from services.chassis.publisher import NatsPublisher  # noqa: PLC0415 - a service's process alone has need of it

    swallow, shuffle, unconfirmed = (_Chance(folder, hook) for hook in (SWALLOW, SHUFFLE, UNCONFIRMED))
    send = NatsPublisher._send

    async def sent(self: Any, events: Sequence[Any]) -> None:
        if chance := shuffle.on():
            again = chance.sample(events, len(events)) + chance.sample(events, len(events) // 3)
            # The broker knows a repeat by its id within its window; one by one they go their own ways.
            for event in again:
                await send(self, [event])
            return
        kept = [event for event in events if not swallow.hit()]
        if kept:
            await send(self, kept)
        if unconfirmed.hit():
            raise TimeoutError("the confirmation was lost")

    NatsPublisher._send = sent  # type: ignore[method-assign]


def _reading(folder: Path) -> None:
    from services.chassis.pull import Pull  # noqa: PLC0415 - as above
    from services.chassis.reading import Reading  # noqa: PLC0415

    ackless, holes = _Chance(folder, ACKLESS), _Chance(folder, HOLES)
    answer, deliver = Pull.answer, Reading.deliver

    async def answered(self: Any, delivery: Any, text: bytes) -> None:
        if ackless.on() is None:
            await answer(self, delivery, text)

    def delivered(self: Any, delivery: Any, now: float) -> None:
        if holes.hit():
            self._outstanding -= 1
        else:
            deliver(self, delivery, now)

    Pull.answer = answered  # type: ignore[method-assign,assignment]
    Reading.deliver = delivered  # type: ignore[method-assign]
