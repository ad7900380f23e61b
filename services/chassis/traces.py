"""Traces over OTLP, where the optional extra is installed and an endpoint is set; costs nothing otherwise."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, NamedTuple


class Tracing(NamedTuple):
    """Interceptors to put into the server, and what sends the last spans at the end."""

    interceptors: tuple[Any, ...]
    shutdown: Callable[[], None]


OFF = Tracing((), lambda: None)


def setup(service: str, endpoint: str) -> Tracing:
    """Begin tracing to an OTLP endpoint ("" for none). Raises RuntimeError when the extra is not installed."""
    if not endpoint:
        return OFF
    try:
        trace = importlib.import_module("opentelemetry.trace")
        sdk = importlib.import_module("opentelemetry.sdk.trace")
        resources = importlib.import_module("opentelemetry.sdk.resources")
        export = importlib.import_module("opentelemetry.sdk.trace.export")
        otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.grpc.trace_exporter")
        server = importlib.import_module("opentelemetry.instrumentation.grpc")
        database = importlib.import_module("opentelemetry.instrumentation.asyncpg")
    except ImportError as error:
        raise RuntimeError("GEJU_OTLP_ENDPOINT is set: install the extra with `pip install geju[traces]`") from error
    provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": f"geju-{service}"}))
    exporter = otlp.OTLPSpanExporter(endpoint=endpoint, insecure=endpoint.startswith("http://"))
    provider.add_span_processor(export.BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    # Parameters of statements may be personal; only their text is recorded.
    database.AsyncPGInstrumentor(capture_parameters=False).instrument()
    return Tracing((server.aio_server_interceptor(),), provider.shutdown)
