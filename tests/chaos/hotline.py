"""Many changes a second: consultations in batches, by streams and by sheets, some of them sent again on purpose."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from geju.legalaid.v1 import aid_case_pb2, consultation_pb2
from geju.legalaid.v1 import consultation_service_pb2 as rpc

from services.chassis.domain.dates import from_date
from tests.support.calls import Caller
from tests.support.story import EARLIEST
from tests.support.system import System

STREAM, SHEET = "ConsultationService/RecordConsultations", "ConsultationService/ImportConsultations"
SUBJECT = "hotline"
PATIENCE = 600.0
#: One batch in so many is a sheet, and one is sent again under the same id after it was answered.
SHEETS, AGAIN = 5, 10
VARIETY = 400


class Hotline:
    """Sends batches at a pace; remembers what was sent, and what it was answered."""

    def __init__(self, system: System, seed: int, most: int = 200) -> None:
        """`most` is the largest batch."""
        self._caller: Caller = system.owner(SUBJECT)
        self._chance, self._most = random.Random(seed), most
        self._choice = [self._consultation(system) for _ in range(VARIETY)]
        #: Batches by their ids: when they were answered, None while they are not; how many records were in them.
        self.sent: dict[str, tuple[float | None, int]] = {}
        #: Accepted records by name: when.
        self.accepted: dict[str, float] = {}
        #: What a repeat was answered other than the first time.
        self.broken: list[str] = []

    async def work(self, rate: float, over: asyncio.Event) -> None:
        """Send so many records a second until it is over, or as many as are taken."""
        begun, sent = time.monotonic(), 0
        while not over.is_set():
            size = self._chance.randint(1, self._most)
            await self._send(size)
            sent += size
            ahead = sent / rate - (time.monotonic() - begun)
            if ahead > 0:
                await asyncio.sleep(min(ahead, 1.0))
            else:
                begun, sent = time.monotonic(), 0  # what an outage has held up is not made up for

    async def _send(self, size: int) -> None:
        key, batch = str(uuid4()), self._chance.choices(self._choice, k=size)
        self.sent[key] = None, size
        call = self._sheet if self._chance.randrange(SHEETS) == 0 else self._stream
        names = await call(key, batch)
        now = time.monotonic()
        self.sent[key] = now, size
        if len(names) != size:
            self.broken.append(f"{len(names)} of {size} records of the batch {key} were accepted")
        self.accepted |= dict.fromkeys(names, now)
        if self._chance.randrange(AGAIN) == 0 and await call(key, batch) != names:
            self.broken.append(f"the batch {key} was answered otherwise the second time")

    async def _stream(self, key: str, batch: Sequence[Any]) -> Sequence[str]:
        request = rpc.RecordConsultationsRequest(request_id=key, consultations=batch)
        [answer] = await self._caller.exchange(STREAM, PATIENCE, [request])
        return [verdict.name for verdict in answer.verdicts if verdict.name]

    async def _sheet(self, key: str, batch: Sequence[Any]) -> Sequence[str]:
        rows = [rpc.ConsultationImportRow(row=place, consultation=one) for place, one in enumerate(batch, 2)]
        for row in rows:
            row.consultation.key = f"{key}-{row.row}"
        answer = await self._caller(SHEET, PATIENCE, request_id=key, rows=rows)
        return [verdict.name for verdict in answer.verdicts if verdict.name]

    def _consultation(self, system: System) -> Any:
        chance = self._chance
        day = EARLIEST.fromordinal(chance.randrange(EARLIEST.toordinal(), system.today.toordinal()))
        return consultation_pb2.Consultation(
            office=chance.choice(system.profile.offices).code,
            channel=chance.choice(consultation_pb2.ConsultationChannel.values()[1:]),
            topic=chance.choice(consultation_pb2.ConsultationTopic.values()[1:]),
            held_date=from_date(day),
            groups=[chance.choice(aid_case_pb2.AidGroup.values()[1:])],
            minutes=chance.randint(1, 40),
        )
