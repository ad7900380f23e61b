"""deploy/nats/values.yaml makes of NATS's official chart the broker that the product needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from services.cli.commands.permissions import nats_values

TEXT = (Path(__file__).parents[2] / "deploy" / "nats" / "values.yaml").read_text("utf-8")
VALUES: dict[str, Any] = yaml.safe_load(TEXT)


def test_it_is_what_the_command_says() -> None:
    """Made by `geju permissions nats --helm`, without YAML's anchors, which people read badly."""
    assert nats_values() == TEXT
    assert "*id" not in TEXT


def test_probes_see_a_frozen_stream() -> None:
    """Plain /healthz for both; a server that catches up with the others is not ended for it within five minutes."""
    merged = VALUES["container"]["merge"]
    assert {"/healthz"} == {merged[probe]["httpGet"]["path"] for probe in ("readinessProbe", "livenessProbe")}
    assert merged["livenessProbe"]["failureThreshold"] >= 10


def test_copies_are_on_different_hosts() -> None:
    """Three servers, spread; of a version that has what the product asks for."""
    assert 3 == VALUES["config"]["cluster"]["replicas"]
    spread = VALUES["podTemplate"]["topologySpreadConstraints"]["kubernetes.io/hostname"]
    assert {"maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"} == spread
    assert VALUES["container"]["image"]["tag"].startswith("2.15")


def test_passwords_are_the_server_s_environment() -> None:
    """Every user's password is a variable that the Secret fills."""
    users = VALUES["config"]["merge"]["authorization"]["users"]
    variables = {user["password"].strip("<> $") for user in users}
    assert variables == set(VALUES["container"]["env"])
