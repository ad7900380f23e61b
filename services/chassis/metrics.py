"""Metrics of a process: its gRPC server's, named as go-grpc-middleware does, its own, and its service's."""

from __future__ import annotations

import gc
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate

import grpc
from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHOD = ("grpc_type", "grpc_service", "grpc_method")

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
        self._methods: _Methods | None = None
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
        return generate_latest(self.registry) + b"".join(render() for render in self._texts)

    def counter(self, name: str, documentation: str, labels: tuple[str, ...] = ()) -> Counter:
        """Make a counter; `_total` is added to its name."""
        return Counter(name, documentation, labels, registry=self.registry)

    def method(self, kind: str, service: str, method: str) -> MethodMetrics:
        """Return the counts of one method; `kind` is unary, server_stream or client_stream."""
        if self._methods is None:
            self._methods = _Methods()
            self.registry.register(self._methods)
        counts = MethodMetrics((kind, service, method))
        self._methods.all.append(counts)
        return counts


class MethodMetrics:
    """What is counted for one method: plain numbers, made into metrics when they are read.

    A process serves all calls on one thread; the locks of prometheus-client would cost a tenth of a small call.
    """

    __slots__ = ("_buckets", "_codes", "_seconds", "labels", "received", "sent", "started")

    def __init__(self, labels: tuple[str, str, str]) -> None:
        self.labels = labels
        self.started = self.received = self.sent = 0
        self._codes: dict[grpc.StatusCode, int] = {grpc.StatusCode.OK: 0}
        self._buckets = [0] * (len(_BUCKETS) + 1)
        self._seconds = 0.0

    def ended(self, code: grpc.StatusCode, seconds: float) -> None:
        """Count the end of an RPC."""
        self._codes[code] = self._codes.get(code, 0) + 1
        self._buckets[bisect_left(_BUCKETS, seconds)] += 1
        self._seconds += seconds

    def by_code(self) -> Iterator[tuple[str, int]]:
        """Give the ended RPCs by the name of their code."""
        return ((CODES[code], count) for code, count in self._codes.items())

    def histogram(self) -> tuple[list[tuple[str, float]], float]:
        """Return the cumulative buckets and the sum of the handling times."""
        bounds = [*map(floatToGoString, _BUCKETS), "+Inf"]
        return list(zip(bounds, map(float, accumulate(self._buckets)), strict=True)), self._seconds


class _Methods(Collector):
    """Makes the counts of all methods into metrics."""

    def __init__(self) -> None:
        self.all: list[MethodMetrics] = []

    def collect(self) -> Iterator[Metric]:
        """Give the metrics of go-grpc-middleware."""
        started = CounterMetricFamily("grpc_server_started", "RPCs begun on the server.", labels=_METHOD)
        received = CounterMetricFamily("grpc_server_msg_received", "Messages received from clients.", labels=_METHOD)
        sent = CounterMetricFamily("grpc_server_msg_sent", "Messages sent to clients.", labels=_METHOD)
        code = (*_METHOD, "grpc_code")
        handled = CounterMetricFamily("grpc_server_handled", "RPCs ended on the server, by code.", labels=code)
        text = "Seconds from the arrival of an RPC to its status."
        seconds = HistogramMetricFamily("grpc_server_handling_seconds", text, labels=_METHOD)
        for counts in self.all:
            started.add_metric(counts.labels, counts.started)
            received.add_metric(counts.labels, counts.received)
            sent.add_metric(counts.labels, counts.sent)
            for name, count in counts.by_code():
                handled.add_metric((*counts.labels, name), count)
            seconds.add_metric(counts.labels, *counts.histogram())
        yield from (started, received, sent, handled, seconds)
