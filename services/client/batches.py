"""Streams of batches: sent ahead of their answers, after an outage once more; the id of each gives it one effect."""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

import grpc

#: So many batches are under way at once: the next is made while the last is written.
WINDOW = 4
PATIENCE_SECONDS = 60.0
_PAUSE, _LONGEST_PAUSE = 0.2, 3.0


def exchange(
    method: Callable[[Iterator[Any]], Any],
    batches: Iterable[Any],
    *,
    window: int = WINDOW,
    patience: float = PATIENCE_SECONDS,
) -> Iterator[Any]:
    """Send batches through a stub's stream in both directions; yield their answers in the order of the batches.

    `batches` is read as fast as answers come. What was not answered when a stream ended because its service stopped or
    its token expired is sent again through a new one, with the same ids. Raises grpc.RpcError for any other end, and
    when nothing has been answered for `patience` seconds.
    """
    source, waiting, failures, answered = iter(batches), deque[Any](), 0, time.monotonic()
    while True:
        stream = _Stream(method, waiting)
        try:
            while True:
                _fill(stream, source, waiting, window)
                if not waiting:
                    stream.finish()
                    return
                answer = next(stream.answers)
                waiting.popleft()
                failures, answered, stream.used = 0, time.monotonic(), True
                yield answer
        except grpc.RpcError as error:
            if not stream.may_go_on(error) or time.monotonic() - answered > patience:
                raise
        finally:
            stream.close()
        time.sleep(min(_PAUSE * 2**failures, _LONGEST_PAUSE))
        failures += 1


def _fill(stream: _Stream, source: Iterator[Any], waiting: deque[Any], window: int) -> None:
    while len(waiting) < window and (batch := next(source, None)) is not None:
        batch.request_id = batch.request_id or str(uuid.uuid4())
        waiting.append(batch)
        stream.line.put(batch)


def may_go_on(code: grpc.StatusCode, *, used: bool) -> bool:
    """Tell whether another stream may succeed: after an outage, or with a fresh token after one that was good."""
    return code is grpc.StatusCode.UNAVAILABLE or (code is grpc.StatusCode.UNAUTHENTICATED and used)


class _Stream:
    """One stream, and the line in which gRPC's own thread finds what is to be sent."""

    def __init__(self, method: Callable[[Iterator[Any]], Any], waiting: Iterable[Any]) -> None:
        self.line: SimpleQueue[Any] = SimpleQueue()
        self.used = False
        for batch in waiting:
            self.line.put(batch)
        self.answers = method(iter(self.line.get, None))

    def may_go_on(self, error: grpc.RpcError) -> bool:
        """Tell whether another stream may succeed."""
        return may_go_on(error.code(), used=self.used)

    def finish(self) -> None:
        """Say that there is no more and let the service end the stream; everything has been answered."""
        self.line.put(None)
        with suppress(grpc.RpcError):
            next(self.answers, None)

    def close(self) -> None:
        """Let gRPC's thread go, however the stream ended."""
        self.line.put(None)
        self.answers.cancel()
