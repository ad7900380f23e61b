"""How the parts of an installation reach each other: by ports known beforehand, over links where there are any.

`wiring.json` in the folder says so; it is read when a process starts. Settings of a service are changed by
`settings-<service>.json`, read at each of its starts: what an operator changes and then restarts the service for.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WIRING = "wiring.json"
#: Whoever calls the services from outside.
CALLERS = "callers"


def settings_file(folder: Path, service: str) -> Path:
    """Return where the changed settings of a service are."""
    return folder / f"settings-{service}.json"


def enter(folder: Path) -> None:
    """Lay the supervisor's ports as they are wired; send a service over its links, with its changed settings."""
    wiring = folder / WIRING
    wired = json.loads(wiring.read_text("utf-8")) if wiring.exists() else None
    if "run" in sys.argv and wired:
        _plan(wired["ports"], wired["links"][CALLERS])
    if sys.argv[1:2] == ["serve"]:
        service = sys.argv[2]
        changed = settings_file(folder, service)
        if changed.exists():
            os.environ.update(json.loads(changed.read_text("utf-8")))
        if wired:
            _redirect(wired["links"][service])


def _plan(ports: Mapping[str, Any], links: Mapping[str, int]) -> None:
    """Give the supervisor its ports, and have it tell callers the links as the addresses of the services."""
    from services.cli.supervisor.plan import Plan, Ports  # noqa: PLC0415 (the supervisor's alone)

    state = Plan.state

    def told(plan: Any, started: Any) -> dict[str, Any]:
        found: dict[str, Any] = state(plan, started)
        for service in found["services"].values():
            host, _, port = service["grpc"].rpartition(":")
            service["grpc"] = f"{host}:{links[port]}"
        return found

    Ports.plan = classmethod(lambda cls, _base: cls(**ports))  # type: ignore[method-assign,assignment]
    Plan.state = told  # type: ignore[method-assign,assignment]


def _redirect(links: Mapping[str, int]) -> None:
    """Put the ports of links in the place of those they lead to, wherever a setting names one."""
    for name, value in os.environ.items():
        if name.startswith("GEJU_") and not name.endswith("_LISTEN"):
            for port, link in links.items():
                value = value.replace(f"127.0.0.1:{port}", f"127.0.0.1:{link}")  # noqa: PLW2901
            os.environ[name] = value
