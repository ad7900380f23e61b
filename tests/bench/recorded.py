"""Facts of all services: a small demonstration is loaded once, and what it told is told again as often as it takes.

What is told again is of other records that refer to one another as those of the first telling do.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import nats

from services.chassis import testing
from services.chassis.consumer import Consumer
from services.chassis.embedded import Nats, free_port
from services.chassis.stream import FactEvent, decode, encode, facts_stream
from tests.bench.options import Options
from tests.bench.surroundings import ROOT
from tests.bench.table import report
from tests.support.installation import environment

SIZE = "street"
#: Spreads the ids of what is told again; odd, so that no two tellings share one.
APART = 0x9E3779B97F4A7C15F39CC0605CEDC835
_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_kept: list[FactEvent] = []


async def recorded(options: Options) -> Sequence[FactEvent]:
    """Return what a street's demonstration told, in order; it is loaded once in a process, or kept in a file."""
    if not _kept:
        begun, kept = time.perf_counter(), options.recording
        if kept and kept.exists():
            _kept.extend(map(decode, _messages(kept.read_bytes())))
        else:
            with testing.workspace() as folder:
                await _load(folder / "home")
                _kept.extend(await _read(folder / "home" / "nats"))
        if kept and not kept.exists():
            kept.write_bytes(b"".join(len(data).to_bytes(4) + data for data in map(encode, _kept)))
        sources = Counter(event.service for event in _kept)
        told = ", ".join(f"{name} {number:,}" for name, number in sources.items())
        report(f"a {SIZE}'s demonstration recorded in {time.perf_counter() - begun:.0f} s: {told} facts")
    return _kept


async def _load(home: Path) -> None:
    command = ["-m", "services.cli", "--home", str(home), "run", "--demo", "--once", "--port-base", "0"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=ROOT,
        env=environment({"GEJU_DEMO_SIZE": SIZE}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(said.decode("utf-8", "replace")[-2000:])


async def _read(folder: Path) -> list[FactEvent]:
    """Read the whole stream of a broker that was stopped."""
    broker, found = Nats(folder, free_port()), list[FactEvent]()
    await broker.start()
    try:
        client = await nats.connect(broker.url)
        try:
            batches = Consumer(client, "bench", facts_stream()).batches()
            total = (await client.jetstream().stream_info(str(facts_stream().name))).state.messages
            while len(found) < total:
                batch = await anext(batches)
                await batch.ack()
                found += batch.events
            await batches.aclose()
        finally:
            await client.close()
    finally:
        await broker.stop(patience=5)
    return found


def _messages(data: bytes) -> Iterator[bytes]:
    """Part what was kept: each message behind its length."""
    at = 0
    while at < len(data):
        begin = at + 4
        at = begin + int.from_bytes(data[at:begin])
        yield data[begin:at]


def told(events: Sequence[FactEvent], number: int) -> Iterator[FactEvent]:
    """Give so many events: those recorded, and then the same of other records, again and again."""
    sequences: dict[str, Iterator[int]] = {}
    left = number
    for telling in itertools.count():
        other = telling * APART % (1 << 128)
        for event in events[:left]:
            yield replace(
                event,
                id=UUID(int=event.id.int ^ other),
                record_id=UUID(int=event.record_id.int ^ other),
                sequence=next(sequences.setdefault(event.source, itertools.count(1))),
                facts=_renamed(event.facts, other) if other else event.facts,
            )
        left -= min(left, len(events))
        if not left:
            return


def _renamed(facts: bytes, other: int) -> bytes:
    """Return facts that name other records; an id is as long as another one, so the message holds."""

    def another(found: re.Match[bytes]) -> bytes:
        return str(UUID(int=int(found[0].replace(b"-", b""), 16) ^ other)).encode("ascii")

    return _ID.sub(another, facts)
