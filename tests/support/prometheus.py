"""Debian's Prometheus and promtool, which `make prometheus` lays into the checkout, and what is asked of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
import yaml

from services.chassis.embedded.process import free_port
from tests.support.installation import eventually

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".cache" / "prometheus" / "usr" / "bin"
#: Words of PromQL that stand where a metric's name could.
WORDS = {"and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right", "offset", "bool"}


class RefusedError(Exception):
    """Prometheus cannot evaluate a query; the message is its own."""


def program(name: str) -> str:
    """Return the path of "prometheus" or "promtool"; without it the test is skipped, in CI it fails."""
    found = shutil.which(name, path=str(FOLDER)) or shutil.which(name)
    if found is None:
        message = f"{name} is not there: make prometheus"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


class Prometheus:
    """A running Prometheus."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ready(self) -> bool:
        """Say whether it answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self._port}/-/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Return the series that a query gives now. Raises RefusedError."""
        found = self._get("query", query=query)
        if found["resultType"] == "scalar":
            return [{"metric": {}, "value": found["result"]}]
        return list(found["result"])

    def names(self) -> set[str]:
        """Return the names of all metrics."""
        return set(self._get("label/__name__/values"))

    def _get(self, what: str, **parameters: str) -> Any:
        try:
            url = f"http://127.0.0.1:{self._port}/api/v1/{what}?{urlencode(parameters)}"
            with urlopen(url, timeout=20) as answer:
                return json.load(answer)["data"]
        except HTTPError as error:
            raise RefusedError(f"{json.load(error)['error']}: {parameters}") from None


@contextmanager
def running(folder: Path, targets: Mapping[str, str]) -> Iterator[Prometheus]:
    """Scrape targets ("127.0.0.1:7412" by the name of the component) every second for as long as the block lasts."""
    binary, port = program("prometheus"), free_port()
    static = [{"targets": [target], "labels": {"component": name}} for name, target in targets.items()]
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "scrape_configs": [{"job_name": "geju", "honor_labels": True, "static_configs": static}],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), "utf-8")
    options = {
        "config.file": folder / "prometheus.yml",
        "storage.tsdb.path": folder / "data",
        "web.listen-address": f"127.0.0.1:{port}",
    }
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [binary, *(f"--{name}={value}" for name, value in options.items())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            found = Prometheus(port)
            eventually(found.ready)
            yield found
        finally:
            process.terminate()
            process.wait(20)


def metrics(query: str) -> set[str]:
    """Return the names of the metrics that a query asks for."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", query)
    bare = re.sub(r"\{[^{}]*\}|\[[^\]]*\]", " ", bare)
    bare = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)", " ", bare)
    return {name for name in re.findall(r"\b([a-zA-Z_:][\w:]*)\b(?!\s*\()", bare) if name not in WORDS}
