"""What an operator does on purpose: other settings for a service, a restart of one service, a second process of it.

A restart is a SIGTERM: the supervisor starts what has ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from services.chassis.embedded.process import end, free_ports
from services.chassis.testing import eventually
from services.cli.supervisor.leash import PARENT
from services.cli.supervisor.parts import serving
from tests.chaos.arena import Arena
from tests.chaos.inside.wiring import settings_file
from tests.support.installation import ROOT

PATIENCE = 90.0
CHAOS = (sys.executable, "-m", "tests.chaos.entry")


def settings_of(arena: Arena, service: str) -> dict[str, str]:
    """Return the settings a service was started with."""
    found = Path(f"/proc/{arena.system.pid(service)}/environ").read_bytes().decode()
    pairs = [line.partition("=") for line in found.split("\0") if line]
    environment = {name: value for name, _, value in pairs}
    return environment | changed_settings(arena, service)


def changed_settings(arena: Arena, service: str) -> dict[str, str]:
    """Return the settings of a service that were changed since the supervisor began."""
    path = settings_file(arena.folder, service)
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def change_settings(arena: Arena, service: str, **settings: str | None) -> None:
    """Change settings of a service, from its next start on; None takes a change back."""
    changed = {n: v for n, v in {**changed_settings(arena, service), **settings}.items() if v is not None}
    settings_file(arena.folder, service).write_text(json.dumps(changed), "utf-8")


async def restart(arena: Arena, service: str) -> None:
    """Have a service end in good order, and return when the next process of it serves."""
    arena.note(f"{service} is restarted")
    before, target = arena.system.pid(service), settings_of(arena, service)["GEJU_GRPC_LISTEN"]
    arena.system.signal(service, signal.SIGTERM)
    await arena.system.until_restarted(service, before)
    await eventually(lambda: serving(target), PATIENCE)


@dataclass(frozen=True)
class Process:
    """A second process of a service: the ports of its gRPC server and of its metrics, and what ends it."""

    port: int
    metrics: int
    pid: int


@asynccontextmanager
async def second_process(
    arena: Arena, service: str, tree: Path = ROOT, command: Sequence[str] = CHAOS
) -> AsyncIterator[Process]:
    """Run another process of a service beside the supervisor's, of another tree of the product if one is given.

    It serves when the block begins, and ends in good order after it.
    """
    port, metrics = free_ports(2)
    environment = settings_of(arena, service) | {
        "GEJU_GRPC_LISTEN": f"127.0.0.1:{port}",
        "GEJU_METRICS_LISTEN": f"127.0.0.1:{metrics}",
        "PYTHONPATH": os.pathsep.join([str(tree), str(tree / "proto" / "gen")]),
        PARENT: str(os.getpid()),
    }
    with (arena.folder / f"second-{service}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: ASYNC220 (returns at once)
            [*command, "serve", service],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            cwd=tree, env=environment, start_new_session=True,
        )  # fmt: skip
    try:
        await eventually(lambda: serving(f"127.0.0.1:{port}"), PATIENCE)
        arena.note(f"a second process of {service} serves, process {process.pid}")
        yield Process(port, metrics, process.pid)
    finally:
        await end(process, signal.SIGTERM, 30)
        arena.note(f"the second process of {service} has ended with {process.returncode}")
