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


def settings_file(folder: Path, service: str) -> Path:
    """Return where the changed settings of a service are."""
    return folder / f"settings-{service}.json"


def enter(folder: Path) -> None:
    """Lay the supervisor's ports as they are wired; send a service over its links, with its changed settings."""
    wiring = folder / WIRING
    if "run" in sys.argv and wiring.exists():
        _plan(json.loads(wiring.read_text("utf-8"))["ports"])
    if sys.argv[1:2] == ["serve"]:
        service = sys.argv[2]
        if wiring.exists():
            _redirect(json.loads(wiring.read_text("utf-8"))["links"].get(service, {}))
        changed = settings_file(folder, service)
        if changed.exists():
            os.environ.update(json.loads(changed.read_text("utf-8")))


def _plan(ports: Mapping[str, Any]) -> None:
    from services.cli.supervisor.plan import Ports  # noqa: PLC0415 (the supervisor's alone)

    Ports.plan = classmethod(lambda cls, _base: cls(**ports))  # type: ignore[method-assign,assignment]


def _redirect(links: Mapping[str, int]) -> None:
    """Put the ports of links in the place of those they lead to, wherever a setting names one."""
    for name, value in os.environ.items():
        if name.startswith("GEJU_") and not name.endswith("_LISTEN"):
            for port, link in links.items():
                value = value.replace(f"127.0.0.1:{port}", f"127.0.0.1:{link}")  # noqa: PLW2901
            os.environ[name] = value
