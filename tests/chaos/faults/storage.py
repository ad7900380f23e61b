"""Disks: full, without power, with bits flipped and files cut.

Where there is root, NATS and PostgreSQL of an installation lie on disks of their own: ext4 in files, over loop devices.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from services.client import Home
from tests.chaos.arena import Arena, Ground
from tests.chaos.disk import Disk, filled
from tests.chaos.fault import Fault, Skipped
from tests.chaos.inside import hooks, unsafe

MEGABYTES = 8192
NATS, POSTGRES = "NATS", "PostgreSQL"
#: So many bits are flipped and so many files cut at most.
FLIPS, CUTS = 12, 3


def _disk(part: str, folder: Path, home: Home) -> Disk:
    places = {NATS: home.nats, POSTGRES: home.postgres}
    return Disk(folder / f"{part}.img", places[part], MEGABYTES)


def _mounted(arena: Arena, part: str) -> Disk:
    """Return the disk of a server. Raises Skipped where it has none of its own."""
    disk = _disk(part, arena.folder, arena.system.home)
    if not os.path.ismount(disk.place):
        raise Skipped("needs root: loop devices")
    return disk


async def prepare(ground: Ground) -> None:
    """Put the servers on disks of their own; without root they stay where they are."""
    for part in (NATS, POSTGRES):
        disk = _disk(part, ground.folder, ground.home)
        try:
            disk.make()
        except Skipped:
            disk.discard()
        else:
            ground.stack.callback(disk.discard)


def _pid(arena: Arena, part: str) -> int:
    """Return the process id of a server. Raises Skipped while it is down."""
    try:
        return arena.system.pid(part)
    except (OSError, ValueError, IndexError):
        raise Skipped(f"{part} is down at the moment") from None


def full(part: str) -> Fault:
    """Return the fault that a server's disk is full for some seconds."""

    async def inflict(arena: Arena) -> None:
        disk, seconds = _mounted(arena, part), arena.seconds(4, 20)
        with filled(disk.place):
            arena.note(f"disk of {part} full for {seconds:.1f} s")
            await asyncio.sleep(seconds)

    return Fault(f"disk of {part} full", f"disk of {part} full, then freed", inflict, needs_root=True)


def _cut(arena: Arena, part: str) -> None:
    disk, pid = _mounted(arena, part), _pid(arena, part)
    disk.cut_power(pid)
    disk.swap()
    arena.note(f"power of {part}, process {pid}, cut; its disk is as the cut left it")


def power(part: str, kind: str) -> Fault:
    """Return the fault that the power of a server and its disk is cut."""

    async def inflict(arena: Arena) -> None:
        _cut(arena, part)

    return Fault(f"power loss of {part}", kind, inflict, needs_root=True)


async def _unsafe(arena: Arena) -> None:
    """Have NATS started without waiting for the disk, let it store for some seconds, cut its power."""
    _mounted(arena, NATS)
    file, before, seconds = hooks.path(arena.folder, unsafe.HOOK, ""), _pid(arena, NATS), arena.seconds(3, 8)
    file.touch()
    try:
        arena.system.signal(NATS, signal.SIGTERM)
        await arena.system.until_restarted(NATS, before)
        arena.note(f"NATS started with its default, a sync every two minutes; its power is cut in {seconds:.1f} s")
        await asyncio.sleep(seconds)
    finally:
        file.unlink()
    arena.strikes()
    _cut(arena, NATS)


def spoilt(name: str, spoil: Callable[[Arena, Path], str]) -> Fault:
    """Return the fault that something is done to files of NATS while it is down."""

    async def inflict(arena: Arena) -> None:
        _pid(arena, NATS)
        arena.system.signal(NATS, signal.SIGSTOP)
        done = spoil(arena, arena.system.home.nats / "jetstream")
        arena.system.signal(NATS, signal.SIGKILL)
        arena.note(f"{name}: {done}")

    return Fault(name, name, inflict)


def _files(store: Path) -> Sequence[Path]:
    found = sorted(path for path in store.rglob("*") if path.is_file() and path.stat().st_size)
    if not found:
        raise Skipped("the store is empty")
    return found


def _flip(arena: Arena, store: Path) -> str:
    """Flip bits, each in any file."""
    done = []
    for path in arena.rng.choices(_files(store), k=arena.rng.randint(1, FLIPS)):
        place, bit = arena.rng.randrange(path.stat().st_size), arena.rng.randrange(8)
        with path.open("r+b") as file:
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ (1 << bit)]))
        done.append(f"{path.relative_to(store)} at {place}")
    return ", ".join(done)


def _shorten(arena: Arena, store: Path) -> str:
    """Cut files anywhere, each of them any."""
    found, done = _files(store), []
    for path in arena.rng.sample(found, k=min(len(found), arena.rng.randint(1, CUTS))):
        size = arena.rng.randrange(path.stat().st_size)
        os.truncate(path, size)
        done.append(f"{path.relative_to(store)} to {size} bytes")
    return ", ".join(done)


FAULTS: Sequence[Fault] = [
    full(NATS),
    full(POSTGRES),
    power(NATS, "power loss of NATS (always)"),
    power(POSTGRES, "power loss of PostgreSQL"),
    Fault("power loss of NATS by its default", "power loss of NATS (its unsafe default)", _unsafe, needs_root=True),
    spoilt("bits flipped in the store of NATS", _flip),
    spoilt("files cut in the store of NATS", _shorten),
]
