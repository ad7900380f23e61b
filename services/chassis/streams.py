"""What long streams need beside the guard of every call: an end with the service, and a bound on each answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable
from typing import Any, TypeVar

from services.chassis.domain.errors import Unavailable
from services.chassis.refusals import TookTooLong

T = TypeVar("T")
#: For callers that set no deadline of their own, and for each answer of a stream.
DEFAULT_SECONDS = 60.0
_END: Any = object()


async def bounded(answer: Awaitable[T]) -> T:
    """Wait for an answer, not for ever. Raises TookTooLong."""
    scope = asyncio.timeout(DEFAULT_SECONDS)
    try:
        async with scope:
            return await answer
    except TimeoutError:
        if scope.expired():
            raise TookTooLong(seconds=int(DEFAULT_SECONDS)) from None
        raise


async def until(stopping: asyncio.Event, items: AsyncIterable[T]) -> AsyncIterator[T]:
    """Give items as they come, until the service stops. Raises Unavailable then: what was not given out is sent again.

    Whoever asks for the next item has done with the one before; so what is in hand is always finished.
    """
    source = aiter(items)
    stop, taken = asyncio.ensure_future(stopping.wait()), None
    try:
        while not stopping.is_set():
            taken = asyncio.ensure_future(anext(source, _END))
            await asyncio.wait((taken, stop), return_when=asyncio.FIRST_COMPLETED)
            if taken.done():
                if (item := taken.result()) is _END:
                    return
                yield item
        raise Unavailable
    finally:
        stop.cancel()
        if taken is not None:
            taken.cancel()
