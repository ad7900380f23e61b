"""Counts of calls are Prometheus metrics."""

from __future__ import annotations

import grpc
from prometheus_client.parser import text_string_to_metric_families

from services.chassis.metrics import Metrics

LABELS = {"grpc_type": "unary", "grpc_service": "geju.test.v1.TestService", "grpc_method": "GetTest"}


def samples(metrics: Metrics) -> dict[tuple[str, str], float]:
    """Return what a page says: by name, and code or bound."""
    found = {}
    for family in text_string_to_metric_families(metrics.render().decode()):
        for sample in family.samples:
            if LABELS.items() <= sample.labels.items():
                found[sample.name, sample.labels.get("grpc_code") or sample.labels.get("le", "")] = sample.value
    return found


def test_calls_are_counted_by_code_and_time() -> None:
    """A page says how many calls were begun, how they ended and how long they took, with cumulative buckets."""
    metrics = Metrics(process=False)
    counts = metrics.method("unary", "geju.test.v1.TestService", "GetTest")
    metrics.method("unary", "geju.test.v1.TestService", "ListTests")
    counts.started, counts.received, counts.sent = 3, 3, 2
    for code, seconds in ((grpc.StatusCode.OK, 0.002), (grpc.StatusCode.OK, 0.2), (grpc.StatusCode.NOT_FOUND, 60.0)):
        counts.ended(code, seconds)
    found = samples(metrics)
    assert (3, 3, 2) == tuple(
        found[f"grpc_server_{name}_total", ""] for name in ("started", "msg_received", "msg_sent")
    )
    assert (2, 1) == tuple(found["grpc_server_handled_total", code] for code in ("OK", "NotFound"))
    bounds = ("0.001", "0.0025", "0.1", "0.25", "10.0", "+Inf")
    assert (0, 1, 1, 2, 2, 3) == tuple(found["grpc_server_handling_seconds_bucket", bound] for bound in bounds)
    assert (3, 60.202) == (
        found["grpc_server_handling_seconds_count", ""],
        found["grpc_server_handling_seconds_sum", ""],
    )


def test_a_process_without_calls_has_a_page() -> None:
    """Before any method is registered the page is sound."""
    assert b"grpc_server" not in Metrics(process=False).render()
