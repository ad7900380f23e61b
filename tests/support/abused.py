"""A service that is abused, by a process of its own, and how long others wait for their answers meanwhile."""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.support.calls import Caller
from tests.support.installation import ROOT
from tests.support.system import System

#: Between two questions: whoever asks is no load himself.
_PAUSE = 0.005


@asynccontextmanager
async def abused(system: System, name: str, service: str, longest: float) -> AsyncIterator[None]:
    """Have a service abused for the length of the block, for so many seconds at most."""
    port = system.home.targets()[service].rpartition(":")[2]
    command = [sys.executable, "-m", "tests.support.abuse", name, port, str(longest)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(system.token(subject="mallory").encode() + b"\n")
        assert b"begun\n" == await process.stdout.readline()
        yield
        assert process.returncode is None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def asked(caller: Caller, method: str, seconds: float) -> list[float]:
    """Ask again and again for a while; returns the seconds that each answer took. Raises Refused."""
    taken: list[float] = []
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        sent = time.perf_counter()
        await caller(method)
        taken.append(time.perf_counter() - sent)
        await asyncio.sleep(_PAUSE)
    return taken


def slowest(taken: list[float]) -> float:
    """Return what the slowest of a hundred took, in milliseconds."""
    return 1000 * sorted(taken)[int(len(taken) * 0.99)]
