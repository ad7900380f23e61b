"""Several processes of one service, old and new ones, and projections that are built anew meanwhile."""

from __future__ import annotations

import asyncio
import io
import signal
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

import grpc

from tests.chaos.arena import Arena
from tests.chaos.fault import Fault, Skipped
from tests.chaos.faults.database import send_away, superuser
from tests.chaos.faults.network import name_of, port_of
from tests.chaos.inside.wiring import CALLERS
from tests.chaos.operating import second_process
from tests.support.calls import AWAY
from tests.support.installation import ROOT
from tests.support.system import SERVICES

_CODE = ("services", "proto", "deploy/districts")
_PLAIN = (sys.executable, "-m", "services.cli")


def two_relays(service: str) -> Fault:
    """Return the fault that two processes of a service run at once and their relays lose the lead in turn."""

    async def inflict(arena: Arena) -> None:
        async with second_process(arena, service), superuser(arena) as connection:
            for _ in range(arena.rng.randint(2, 5)):
                where = "application_name IN ('geju-relay', 'geju-reactions', 'geju-leader') AND datname = $1"
                ended = await send_away(connection, where, f"geju_{service}")
                arena.note(f"{ended} sessions that lead in {service}, or would, have ended")
                await asyncio.sleep(arena.seconds(0.2, 3))
            arena.note(f"kill -9 {service}, process {arena.system.signal(service, signal.SIGKILL)}")
            await asyncio.sleep(arena.seconds(1, 6))

    return Fault(f"two processes of {service}", "two relays at once", inflict)


def upgraded(service: str) -> Fault:
    """Return the fault that a service is upgraded, and the upgrade taken back, with both versions at work meanwhile.

    The other version is the newest commit before this one that has other code and the same migrations.
    """

    async def inflict(arena: Arena) -> None:
        tree, name = await asyncio.to_thread(older_tree, arena.folder)
        link = arena.proxies.get(name_of(CALLERS, service))
        async with second_process(arena, service, tree, _PLAIN) as other:
            arena.note(f"{service} of {name} at work beside this version")
            if link is not None:
                await link.lead(other.port)
                arena.note(f"callers are sent to {service} of {name}")
            try:
                await asyncio.sleep(arena.seconds(2, 8))
                arena.note(f"{service} of this version ends, process {arena.system.signal(service, signal.SIGTERM)}")
                await asyncio.sleep(arena.seconds(4, 10))
            finally:
                if link is not None:
                    await link.lead(port_of(arena, service))

    return Fault(f"rolling upgrade of {service}", "rolling upgrade", inflict)


def older_tree(folder: Path) -> tuple[Path, str]:
    """Lay out the code of an earlier commit; returns where, and the commit. Raises Skipped."""
    for commit in _git("log", "--format=%h", "-200", "HEAD~1", "--", *_CODE).split():
        changed = _git("diff", "--name-only", commit, "HEAD", "--", *_CODE).splitlines()
        if any("/migrations/" in path for path in changed):
            break
        if any(path.startswith("services/") for path in changed):
            tree = folder / f"tree-{commit}"
            if not tree.exists():
                with tarfile.open(fileobj=io.BytesIO(_archive(commit))) as archive:
                    archive.extractall(tree, filter="data")
            return tree, commit
    raise Skipped("no earlier commit has other code and the same migrations")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Skipped("the history of the product is not here")
    return done.stdout


def _archive(commit: str) -> bytes:
    return subprocess.run(["git", "archive", commit, *_CODE], cwd=ROOT, capture_output=True, check=True).stdout


async def _rebuild(arena: Arena) -> None:
    operations = arena.system.caller("operations", service="aggregation")
    arena.note("the projection is built anew")
    try:
        steps = [step async for step in operations.stream("ProofService/Rebuild")]
    except grpc.aio.AioRpcError as error:
        # Another fault came between, or one is under way.
        if error.code() not in AWAY | {grpc.StatusCode.FAILED_PRECONDITION}:
            raise
        arena.note(f"the rebuild has ended early: {error.code().name}")
    else:
        arena.note(f"the projection was built anew in {len(steps)} steps")


FAULTS: Sequence[Fault] = [
    *map(two_relays, SERVICES),
    *map(upgraded, SERVICES),
    Fault("rebuild under load", "rebuild under load", _rebuild),
]
