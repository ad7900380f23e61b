"""What the product itself shows of a fault, and when: its metrics, its health, its log, its supervisor."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.error import URLError

from services.cli.supervisor.parts import serving
from tests.support.system import SERVICES, System

LOOK = 0.5
#: A sign that was there in these seconds before a fault is not one of this fault.
BEFORE = 5.0
#: Counters that stand still while nothing is wrong.
STILL = ("geju_relay_failures_total", "geju_background_failures_total", "geju_differences_found_total")
#: Gauges and what they are at most while nothing is wrong.
AT_MOST = {"geju_outbox_oldest_seconds": 3.0, "geju_proof_failed": 0.0, "geju_source_missing": 0.0}
#: Gauges that are 1 in the one process that there is.
ONE = ("geju_relay_leader", "geju_leader")
#: What the product says of itself without a warning, and only when something was wrong.
SAID = {"consumer_restarts"}
_LINE = re.compile(r"^(geju_[a-z_]+)(\{[^}]*\})? ([0-9.e+-]+)$", re.MULTILINE)
#: What the supervisor says when a part has ended.
ENDED = re.compile(r"(\S+) 意外停止")


class Watch:
    """Looks at an installation all the time, as its operators' own alerts would."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._usual: dict[str, float] = {}
        self._read: dict[Path, int] = {}
        self.signs: list[tuple[float, str]] = []

    def first(self, begun: float) -> tuple[float, str] | None:
        """Return the seconds after which something new was to be seen since an instant, and what; None: nothing was."""
        old = {what for when, what in self.signs if begun - BEFORE <= when < begun}
        return next(((when - begun, what) for when, what in self.signs if when >= begun and what not in old), None)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watch for the length of the block; what is there at its beginning is usual."""
        await self._look()
        self.signs.clear()
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            await self._look()
            await asyncio.sleep(LOOK)

    async def _look(self) -> None:
        found = [*self._logged(), *self._ended()]
        for signs in await asyncio.gather(*(self._of(service) for service in SERVICES)):
            found += signs
        now = time.monotonic()
        self.signs += [(now, sign) for sign in found]

    async def _of(self, service: str) -> Sequence[str]:
        try:
            page = await asyncio.to_thread(self._system.metrics, service)
        except (OSError, URLError, ValueError, KeyError):
            return [f"{service}: no metrics"]
        if not await serving(self._system.home.targets()[service]):
            return [f"{service}: not serving"]
        return list(self._unusual(service, {name + labels: float(n) for name, labels, n in _LINE.findall(page)}))

    def _unusual(self, service: str, values: Mapping[str, float]) -> Iterator[str]:
        for series, value in values.items():
            name, key = series.partition("{")[0], f"{service}: {series}"
            if name in STILL:
                if value > self._usual.setdefault(key, value):
                    yield key
                self._usual[key] = value
            elif (name in AT_MOST and value > AT_MOST[name]) or (name in ONE and value < 1):
                yield key

    def _logged(self) -> Iterator[str]:
        for path in sorted(self._system.home.logs.glob("*.log")):
            for line in self._fresh(path):
                with suppress(ValueError):
                    entry = json.loads(line)
                    if entry.get("level") in {"warning", "error", "critical"} or entry.get("event") in SAID:
                        yield f"{path.stem}: log {entry.get('event')}"

    def _ended(self) -> Iterator[str]:
        for line in self._fresh(self._system.installation.output):
            yield from (f"supervisor: {part} ended" for part in ENDED.findall(line))

    def _fresh(self, path: Path) -> Sequence[str]:
        """Return the lines that were added since the last look."""
        try:
            with path.open("rb") as file:
                size = path.stat().st_size
                file.seek(self._read.get(path, 0) if size >= self._read.get(path, 0) else 0)
                added = file.read()
                self._read[path] = file.tell()
        except FileNotFoundError:
            return []
        return added.decode(errors="replace").splitlines()
