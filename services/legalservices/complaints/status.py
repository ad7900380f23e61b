"""Where a complaint stands, told to whoever has the code on its receipt: state and next due date, and nothing else.

Anyone may ask, so nothing may be learnt by asking: every code is looked up, malformed ones too; the answer is the same
for a code that never was and for one of a record that is gone; and all answers take the same time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from geju.legalservices.v1 import complaint_status_service_pb2 as pb
from geju.legalservices.v1 import complaint_status_service_pb2_grpc

from services.chassis.domain.dates import from_date
from services.chassis.query import found_by, select_rows
from services.chassis.storage.scopes import EVERYTHING, terms
from services.chassis.storage.store import Store
from services.legalservices.complaints.kinds import COMPLAINT
from services.legalservices.domain.complaints.receipt_code import UnknownReceiptCode, normalised

#: How long an answer takes: many times what looking up takes, and no burden to somebody who asks about one complaint.
SECONDS = 0.5

Sleep = Callable[[float], Awaitable[object]]


class ComplaintStatusServicer(complaint_status_service_pb2_grpc.ComplaintStatusServiceServicer):
    """Answers complainants without an account."""

    def __init__(self, store: Store, sleep: Sleep = asyncio.sleep) -> None:
        self.store, self._sleep = store, sleep

    async def GetComplaintStatus(self, request: Any, context: Any = None) -> pb.GetComplaintStatusResponse:
        """Return state and next due date. Raises UnknownReceiptCode."""
        del context
        # Beside each other: the answer is ready long before the time is over, whatever it is.
        answers: Sequence[Any] = await asyncio.gather(
            self._look_up(request.receipt_code), self._sleep(SECONDS), return_exceptions=True
        )
        found = answers[0]
        if isinstance(found, BaseException):
            raise found
        if found is None:
            raise UnknownReceiptCode
        due = found["next_due"]
        return pb.GetComplaintStatusResponse(state=found["state"], due_date=None if due is None else from_date(due))

    async def _look_up(self, text: str) -> Any:
        # Of what it finds only index columns are read: there is nothing to decrypt, and so nothing that takes longer.
        # Codes alone are of this form, so that no other searchable field is found by one.
        code, crypto = normalised(text), self.store.crypto
        hashed = crypto.search_hash(code) if code else crypto.keyed_hash("no receipt code")
        sql, params = select_rows(
            COMPLAINT,
            [found_by(COMPLAINT, hashed)],
            terms(EVERYTHING),
            limit=1,
            columns=("state", "next_due"),
        )
        async with self.store.lend(EVERYTHING) as loan:
            return await loan.connection.fetchrow(sql, *params)
