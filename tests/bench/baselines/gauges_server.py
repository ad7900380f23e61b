"""The page of figures by prometheus-client's own gauges. `python -m tests.bench.baselines.gauges_server FILE PORT`.

FILE is a page in text format; every gauge in it is made again as a gauge of the library, so both bodies are equal.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, start_http_server
from prometheus_client.parser import text_string_to_metric_families


def registry(page: str) -> CollectorRegistry:
    """Make the gauges of a page."""
    made = CollectorRegistry()
    for family in text_string_to_metric_families(page):
        if family.type != "gauge" or not family.samples:
            continue
        gauge = Gauge(family.name, family.documentation, list(family.samples[0].labels), registry=made)
        for sample in family.samples:
            (gauge.labels(**sample.labels) if sample.labels else gauge).set(sample.value)
    return made


if __name__ == "__main__":
    start_http_server(int(sys.argv[2]), "127.0.0.1", registry(Path(sys.argv[1]).read_text(encoding="utf-8")))
    threading.Event().wait()
