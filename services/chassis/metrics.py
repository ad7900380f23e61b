"""Metrics of a process: its gRPC server's, named as go-grpc-middleware does, its own, and its service's."""

from __future__ import annotations

import gc
from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import accumulate

import grpc
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.utils import floatToGoString

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BOUNDS = (*map(floatToGoString, _BUCKETS), "+Inf")
_FAMILIES = (
    ("grpc_server_started_total", "counter", "RPCs begun on the server."),
    ("grpc_server_msg_received_total", "counter", "Messages received from clients."),
    ("grpc_server_msg_sent_total", "counter", "Messages sent to clients."),
    ("grpc_server_handled_total", "counter", "RPCs ended on the server, by code."),
    ("grpc_server_handling_seconds", "histogram", "Seconds from the arrival of an RPC to its status."),
)

# Codes as Go writes them, so that dashboards made for go-grpc-middleware work.
CODES = {code: "".join(word.title() for word in code.name.split("_")) for code in grpc.StatusCode} | {
    grpc.StatusCode.OK: "OK",
    grpc.StatusCode.CANCELLED: "Canceled",
}


class Metrics:
    """The registry of one app; `add_text` joins bytes that are rendered elsewhere to what is exported."""

    def __init__(self, *, process: bool = True) -> None:
        """Make the registry; `process` adds memory, file handles, garbage collection and the Python version."""
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._texts: list[Callable[[], bytes]] = []
        self._methods: list[MethodMetrics] = []
        if process:
            ProcessCollector(registry=self.registry)
            PlatformCollector(registry=self.registry)
            if gc.isenabled():
                GCCollector(registry=self.registry)

    def add_text(self, render: Callable[[], bytes]) -> None:
        """Export what `render` returns too: complete lines in Prometheus text format."""
        self._texts.append(render)

    def render(self) -> bytes:
        """Return everything in Prometheus text format."""
        texts = (render() for render in self._texts)
        return b"".join((generate_latest(self.registry), _render(self._methods), *texts))

    def clock(self, now: Callable[[], datetime]) -> None:
        """Export business time: ages of what is dated by it are taken from there, as a rehearsal moves it."""
        gauge = Gauge("geju_clock_timestamp_seconds", "Business time of the process.", registry=self.registry)
        gauge.set_function(lambda: now().timestamp())

    def counter(self, name: str, documentation: str, labels: tuple[str, ...] = ()) -> Counter:
        """Make a counter; `_total` is added to its name."""
        return Counter(name, documentation, labels, registry=self.registry)

    def method(self, kind: str, service: str, method: str) -> MethodMetrics:
        """Return the counts of one method; `kind` is unary, server_stream, client_stream or bidi_stream."""
        counts = MethodMetrics(kind, service, method)
        self._methods.append(counts)
        return counts


class MethodMetrics:
    """What is counted for one method: plain numbers, made into text when they are read.

    A process serves all calls on one thread; the locks of prometheus-client would cost a tenth of a small call, and its
    rendering of some hundred methods a multiple of all other figures.
    """

    __slots__ = ("_buckets", "_codes", "_labels", "_seconds", "received", "sent", "started")

    def __init__(self, kind: str, service: str, method: str) -> None:
        self._labels = f'grpc_method="{method}",grpc_service="{service}",grpc_type="{kind}"'
        self.started = self.received = self.sent = 0
        self._codes: dict[grpc.StatusCode, int] = {grpc.StatusCode.OK: 0}
        self._buckets = [0] * (len(_BUCKETS) + 1)
        self._seconds = 0.0

    def ended(self, code: grpc.StatusCode, seconds: float) -> None:
        """Count the end of an RPC."""
        self._codes[code] = self._codes.get(code, 0) + 1
        self._buckets[bisect_left(_BUCKETS, seconds)] += 1
        self._seconds += seconds

    def texts(self) -> tuple[str, ...]:
        """Return the method's lines in each family, in order of the families."""
        labels = self._labels
        counted = zip(_FAMILIES, (self.started, self.received, self.sent), strict=False)
        ended = (f'{{grpc_code="{CODES[code]}",{labels}}} {count}.0\n' for code, count in self._codes.items())
        sums = tuple(accumulate(self._buckets))
        name = _FAMILIES[-1][0]
        buckets = (f'{name}_bucket{{{labels},le="{le}"}} {n}.0\n' for le, n in zip(_BOUNDS, sums, strict=True))
        whole = f"{name}_count{{{labels}}} {sums[-1]}.0\n{name}_sum{{{labels}}} {self._seconds!r}\n"
        return (
            *(f"{family}{{{labels}}} {count}.0\n" for (family, _, _), count in counted),
            "".join(_FAMILIES[-2][0] + line for line in ended),
            "".join(buckets) + whole,
        )


def _render(methods: Iterable[MethodMetrics]) -> bytes:
    """Return the metrics of go-grpc-middleware in text format."""
    columns = zip(*(method.texts() for method in methods), strict=True)
    heads = (f"# HELP {name} {text}\n# TYPE {name} {kind}\n" for name, kind, text in _FAMILIES)
    return "".join(part for head, column in zip(heads, columns, strict=False) for part in (head, *column)).encode()
