"""One line for every RPC, written by hand because it is on the hot path: what, how it ended, how long, which trace."""

from __future__ import annotations

import time
from typing import TextIO

import grpc

from services.chassis.context import Call

_ERRORS = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DATA_LOSS}
_WARNINGS = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED}
_RANK = {"debug": 0, "info": 1, "warning": 2, "error": 3}


class AccessLog:
    """Writes JSON lines to a stream; nothing in them needs escaping: names of the contract, numbers, hexadecimal."""

    def __init__(self, service: str, stream: TextIO, level: str = "info") -> None:
        """Write calls of `level` or above: failures of the service are errors, overload a warning, the rest info."""
        self._stream = stream
        self._least = _RANK[level]
        self._tail = f'"service": "{service}", "event": "rpc"}}\n'
        self._second = 0
        self._clock = ""

    def write(self, call: Call, code: grpc.StatusCode, seconds: float) -> None:
        """Write the line of one call."""
        level = "error" if code in _ERRORS else "warning" if code in _WARNINGS else "info"
        if _RANK[level] < self._least:
            return
        self._stream.write(
            f'{{"time": "{self._time()}", "level": "{level}", "method": "{call.method}", "code": "{code.name}", '
            f'"ms": {seconds * 1000:.2f}, "trace_id": "{call.trace_id}", "call_id": "{call.id}", {self._tail}'
        )

    def _time(self) -> str:
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second = second
            self._clock = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._clock}.{int((now - second) * 1_000_000):06d}Z"
