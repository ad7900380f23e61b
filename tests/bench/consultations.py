"""The hot path of legal aid: consultations through the stream and in imports, beside one call for each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import grpc
from geju.legalaid.v1 import consultation_pb2 as pb
from geju.legalaid.v1 import consultation_service_pb2 as rpc
from geju.legalaid.v1.consultation_service_pb2_grpc import ConsultationServiceStub

from tests.bench.load import Call, Load, drive
from tests.bench.options import Options
from tests.bench.surroundings import Child, surroundings
from tests.bench.table import Row, at_least, report

OFFICE = "wuma"
# Many short rounds in turn: whatever else the machine does meets all sides alike.
ROUNDS = 12
# As many callers as the command path is measured with; a hotline system keeps a few streams open.
CLIENTS, STREAMS = 16, 4
BATCH = 500
ALONE, BATCHES = 800, 8
SECONDS = 60.0
LOOK = 0.05


def consultation(key: str = "") -> pb.Consultation:
    """Return a consultation as the hotline sends it."""
    return pb.Consultation(
        office=OFFICE,
        key=key,
        channel=pb.CONSULTATION_CHANNEL_HOTLINE,
        topic=pb.CONSULTATION_TOPIC_LABOUR,
        held_date={"year": 2012, "month": 3, "day": 1},
        groups=[1, 2],
        waited_seconds=20,
        minutes=6,
    )


class Hotline:
    """Calls the service with one token over one channel, each stream kept open."""

    def __init__(self, channel: grpc.aio.Channel, token: str) -> None:
        self._stub: Any = ConsultationServiceStub(channel)
        self._options: dict[str, Any] = {"metadata": (("authorization", f"Bearer {token}"),)}
        self._streams = [self._stub.RecordConsultations(**self._options) for _ in range(STREAMS)]
        self._batch = [consultation() for _ in range(BATCH)]

    async def alone(self, _client: int, _number: int) -> None:
        """Record one by a call of its own."""
        request = rpc.CreateConsultationRequest(consultation=self._batch[0], request_id=str(uuid4()))
        await self._stub.CreateConsultation(request, timeout=SECONDS, **self._options)

    async def batch(self, client: int, _number: int) -> None:
        """Record a batch through one of the streams."""
        stream = self._streams[client]
        await stream.write(rpc.RecordConsultationsRequest(consultations=self._batch, request_id=str(uuid4())))
        answer = await stream.read()
        assert {1} == {verdict.outcome for verdict in answer.verdicts}

    async def sheet(self, _client: int, _number: int) -> None:
        """Import a sheet of the same size; every row has a number, as an export has."""
        sheet = uuid4().hex
        rows = [rpc.ConsultationImportRow(row=row, consultation=consultation(f"{sheet}-{row}")) for row in range(BATCH)]
        request = rpc.ImportConsultationsRequest(rows=rows, request_id=str(uuid4()))
        await self._stub.ImportConsultations(request, timeout=SECONDS, **self._options)

    async def close(self) -> None:
        """End the streams."""
        for stream in self._streams:
            await stream.done_writing()


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Child, Hotline, asyncpg.Connection]]:
    """Serve legal aid; with its caller, and a look into its database."""
    async with surroundings() as around:
        urls = await around.database("legalaid")
        token = around.tokens("bench", ["clerk"], [OFFICE])
        look = await asyncpg.connect(urls.owner)
        try:
            async with (
                around.serving("legalaid", urls) as child,
                grpc.aio.insecure_channel(f"127.0.0.1:{child.port}") as channel,
            ):
                hotline = Hotline(channel, token)
                yield child, hotline, look
                await hotline.close()
        finally:
            await look.close()


async def published(look: asyncpg.Connection) -> None:
    """Wait until every fact is out: the relay's work of one round must not be another's."""
    while await look.fetchval("SELECT EXISTS (SELECT FROM outbox)"):
        await asyncio.sleep(LOOK)


async def run(_options: Options) -> list[Row]:
    """Drive all three in turn, several times."""
    loads: dict[str, list[Load]] = {"alone": [], "stream": [], "import": []}
    out, used = dict.fromkeys(loads, 0.0), dict.fromkeys(loads, 0.0)
    async with served() as (child, hotline, look):
        sides: dict[str, tuple[Call, int, int]] = {
            "alone": (hotline.alone, ALONE, CLIENTS),
            "stream": (hotline.batch, BATCHES, STREAMS),
            "import": (hotline.sheet, BATCHES, STREAMS),
        }
        for call, calls, clients in sides.values():
            await drive(call, calls=calls // 4, clients=clients, warm_up=0)
        await published(look)
        for _ in range(ROUNDS):
            for name, (call, calls, clients) in sides.items():
                begun, before = time.perf_counter(), child.cpu_seconds()
                loads[name].append(await drive(call, calls=calls, clients=clients, warm_up=0))
                await published(look)
                out[name] += time.perf_counter() - begun
                used[name] += child.cpu_seconds() - before
    sizes = {"alone": 1, "stream": BATCH, "import": BATCH}
    rate = {name: Load.together(runs).rate * sizes[name] for name, runs in loads.items()}
    for name, runs in loads.items():
        count = sum(len(load.latencies) for load in runs) * sizes[name]
        rounds = " ".join(f"{load.rate * sizes[name]:.0f}" for load in runs)
        report(
            f"{name}: {used[name] / count * 1e6:.0f} us of processor each in the server, its facts' way included; "
            f"{count / out[name]:.0f}/s until published; answered/s by round: {rounds}"
        )
    return [
        at_least("RecordConsultations, against CreateConsultation", rate["stream"], rate["alone"], 5, "/s"),
        at_least("ImportConsultations, against CreateConsultation", rate["import"], rate["alone"], 3, "/s"),
    ]
