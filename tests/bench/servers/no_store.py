"""The mediation service's own AcceptDispute with a store that does nothing: the cost of everything but storing.

Identity, permission, validation, the handler, encryption and the answer are the product's; the connection answers every
read with one registered dispute and forgets every write. `python -m tests.bench.servers.no_store`, settings as ever.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Self

from geju.mediation.v1 import dispute_pb2 as pb

from services.chassis.crypto import RecordKeys
from services.chassis.domain.dates import from_date, today
from services.chassis.domain_service import registration
from services.chassis.runtime import Runtime
from services.chassis.server import App, Registration, main
from services.chassis.storage.codec import Stamp, columns, seal
from services.chassis.storage.engine import make_engine
from services.chassis.storage.store import Store
from services.mediation.kinds import DISPUTE
from services.mediation.service import DisputeServicer
from tests.bench.disputes import dispute

#: The one dispute that is there.
RECORD = "01900000-0000-7000-8000-000000000000"


class Connection:
    """Takes the place of asyncpg's connection."""

    def __init__(self, row: dict[str, Any]) -> None:
        self._row = row

    async def fetchrow(self, sql: str, *params: Any) -> dict[str, Any]:
        """Answer a read with the dispute, and a write as done."""
        del sql, params
        return self._row

    async def fetch(self, sql: str, *params: Any) -> Sequence[Any]:
        """Find nothing."""
        del sql, params
        return ()


class Loan:
    """Takes the place of the engine's loan."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


class NoStore(Store):
    """Lends the connection that does nothing."""

    def lend(self, scope: str) -> Any:
        """Lend it, whatever the scope."""
        del scope
        return Loan(_connection(self.crypto))


_made: list[Connection] = []


def _connection(crypto: RecordKeys) -> Connection:
    if not _made:
        now = datetime.now(UTC)
        record = dispute()
        record.state = pb.Dispute.STATE_REGISTERED
        record.registered_date.CopyFrom(from_date(today(now)))
        row = seal(DISPUTE, record, Stamp(RECORD, 1, today(now), now, "bench"), crypto)
        request = dict.fromkeys(("method", "request_hash", "response"))
        _made.append(Connection(request | dict(zip(columns(DISPUTE), row, strict=True))))
    return _made[0]


async def build(runtime: Runtime) -> list[Registration]:
    """Register DisputeService on the store that does nothing."""
    store = NoStore(
        engine=make_engine("postgresql://nobody@127.0.0.1:1/none"),
        crypto=runtime.crypto,
        profile=runtime.profile,
        clock=runtime.clock,
        source="geju/mediation",
        kinds=(DISPUTE,),
    )
    servicer: Any = DisputeServicer  # its decorator adds the constructor
    return [registration(servicer(store))]


if __name__ == "__main__":
    sys.exit(main(App("mediation", build)))
