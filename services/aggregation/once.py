"""What many ask for at the same time is made once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Once:
    """Makes each thing of a version once, whoever asks; what is of an earlier version is forgotten."""

    def __init__(self) -> None:
        self._version = -1
        self._made: dict[Hashable, asyncio.Task[Any]] = {}

    async def get(self, version: int, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return what `make` gives, made now or by whoever asked before. A failure is everybody's, and is not kept.

        Who asks may leave: the others get it all the same.
        """
        if version != self._version:
            self._version, self._made = version, {}
        made = self._made
        task = made.get(key)
        if task is None:
            task = made[key] = asyncio.create_task(_awaited(make))
            task.add_done_callback(lambda done: _forget_failure(made, key, done))
        return await asyncio.shield(task)


async def _awaited(make: Callable[[], Awaitable[T]]) -> T:
    return await make()


def _forget_failure(made: dict[Hashable, asyncio.Task[Any]], key: Hashable, done: asyncio.Task[Any]) -> None:
    if done.cancelled() or done.exception() is not None:
        made.pop(key, None)
