"""A migrated store with two kinds, and calls into its servicers as they come through the interceptors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from geju.common.v1 import audit_service_pb2
from geju.funds.v1 import fund_entry_pb2, fund_entry_service_pb2

from services.chassis import context, migrations, testing
from services.chassis.audit_heads import HeadSigner
from services.chassis.audit_service import AuditServicer
from services.chassis.clock import ManualClock
from services.chassis.crypto import RecordKeys
from services.chassis.domain.dates import from_date
from services.chassis.domain.limits import LimitRule
from services.chassis.domain.profile import Earmark, Office, Place, Profile
from services.chassis.embedded import Urls
from services.chassis.funds.service import fund_entry_kind, fund_entry_servicer
from services.chassis.limit_service import LimitServicer
from services.chassis.outbox import SOURCE, PostgresOutbox
from services.chassis.storage.engine import make_engine
from services.chassis.storage.store import Store
from services.chassis.subject_service import SubjectServicer
from tests.integration.chassis import clients, notes, tips

BEGAN = date(2000, 1, 1)
PROFILE = Profile(
    code="district",
    zh="示范区",
    demonstration=True,
    valid_from=BEGAN,
    offices=tuple(Office(code, f"{code}所", f"{code}街", "street", BEGAN) for code in ("north", "south", "east")),
    places=(Place("north-1", "北一村", "north", "village", BEGAN),),
    limits=(LimitRule(notes.LIMIT, "办结", "记录日", 30, "days", "示例", BEGAN),),
    targets=(),
    earmarks=(Earmark("piece_rate", "以奖代补", "testing", {"pay": "发放"}, 2008),),
    rates=(),
    patterns=(),
    disclosure_threshold=3,
)
FUNDS = fund_entry_kind("testing")
KINDS = (notes.NOTE, clients.CLIENT, clients.VISIT, tips.TIP, FUNDS)
MODELS = (notes.__name__, clients.__name__, tips.__name__, "services.chassis")
SCHEMA = migrations.Schema(notes.HERE / "versions", MODELS)
SIGNER = HeadSigner(Ed25519PrivateKey.generate())
CLERK = context.Caller("clerk", frozenset({"clerk"}), frozenset({"north"}))
DEPARTMENT = context.Caller("department", frozenset({"department"}), frozenset({"*"}))


@dataclass
class Bench:
    """A store, its servicers, and ways to call and look behind them."""

    store: Store
    urls: Urls
    admin_url: str
    clock: ManualClock
    servicers: dict[str, Any] = field(default_factory=dict)

    async def call(self, method: str, request: Any, caller: context.Caller = DEPARTMENT, *, purpose: str = "") -> Any:
        """Call "Service/Method" as a caller; `purpose` is that of the call's header."""
        service, _, name = method.rpartition("/")
        servicer = self.servicers[service]
        around = copy_context()  # of its own, as each call has on a server
        around.run(context.enter, context.Call(caller, f"/{servicer[0]}/{name}", purpose, "00-trace"))
        return await asyncio.create_task(getattr(servicer[1], name)(request), context=around)

    async def rows(self, sql: str, *params: Any) -> list[Any]:
        """Read as superuser: everything, whatever row-level security says."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            return await connection.fetch(sql, *params)  # type: ignore[no-any-return]
        finally:
            await connection.close()

    async def counts(self) -> dict[str, int]:
        """Count the rows of every table that a mutation writes."""
        tables = ("note", "fund_entry", "audit", "outbox", "request")
        return {
            table: (await self.rows(f"SELECT count(*) FROM {table}"))[0][0]  # noqa: S608 (names from above)
            for table in tables
        }

    async def note(self, caller: context.Caller = DEPARTMENT, **fields: Any) -> Any:
        """Create a note."""
        return (await self.call("notes/CreateNote", create(**fields), caller)).note

    async def client(self, caller: context.Caller = DEPARTMENT, **fields: Any) -> Any:
        """Create a client."""
        client = {"office": "north", "full_name": "张某某", "taken_date": from_date(date(2012, 5, 20)), **fields}
        made = notes.request("CreateClient", client=client, request_id=rid())
        return (await self.call("clients/CreateClient", made, caller)).client

    async def read(self, name: str, caller: context.Caller) -> Any:
        """Read a client."""
        asked = notes.request("GetClient", name=name, purpose="核查")
        return (await self.call("clients/GetClient", asked, caller)).client

    async def listed(self, caller: context.Caller, **wanted: Any) -> list[str]:
        """List clients, newest first; return their names."""
        asked = notes.request("ListClients", purpose="核查", filter=wanted)
        return [client.name for client in (await self.call("clients/ListClients", asked, caller)).clients]

    async def seen(self, setting: str, table: str = "client") -> int:
        """Count the records of a table that a session with this setting of geju.offices sees."""
        connection = await asyncpg.connect(self.urls.app)
        try:
            await connection.execute("SELECT set_config('geju.offices', $1, false)", setting)
            return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608 (of ours)
        finally:
            await connection.close()

    async def fund(self, kind: int, amount: int, **fields: Any) -> Any:
        """Create a fund entry."""
        request = fund_entry_service_pb2.CreateFundEntryRequest(
            fund_entry=entry(kind, amount, **fields), request_id=rid()
        )
        return (await self.call("funds/CreateFundEntry", request)).fund_entry

    async def chain(self) -> None:
        """Link every audit entry, as the relay does."""
        connection = await asyncpg.connect(self.urls.relay)
        try:
            await connection.execute(SOURCE, self.store.source)
            outbox = PostgresOutbox(connection, self.store.source)
            while await outbox.chain(1000):
                pass
        finally:
            await connection.close()

    async def verify(self, *heads: audit_service_pb2.AuditHead) -> audit_service_pb2.VerifyAuditResponse:
        """Verify the audit trail, and that it contains heads."""
        asked = audit_service_pb2.VerifyAuditRequest(heads=heads)
        return await self.call("audit/VerifyAudit", asked)  # type: ignore[no-any-return]

    async def head(self) -> audit_service_pb2.AuditHead:
        """Return the signed head of the audit trail."""
        asked = audit_service_pb2.GetAuditHeadRequest()
        return (await self.call("audit/GetAuditHead", asked)).head  # type: ignore[no-any-return]


def rid() -> str:
    """Return a fresh request id."""
    return str(uuid4())


def create(*, request_id: str | None = None, validate_only: bool = False, **fields: Any) -> Any:
    """Return a request that creates a note."""
    note = {"office": "north", "mood": notes.CALM, "taken_date": from_date(date(2012, 5, 20)), **fields}
    return notes.request("CreateNote", note=note, request_id=request_id or rid(), validate_only=validate_only)


def entry(kind: int, amount: int, **fields: Any) -> fund_entry_pb2.FundEntry:
    """Return a fund entry of 2012."""
    common: dict[str, Any] = {"office": "north", "earmark": "piece_rate", "year": 2012, "purpose": "pay"}
    common |= {"kind": kind, "amount_fen": amount, "entry_date": from_date(date(2012, 5, 1)), **fields}
    return fund_entry_pb2.FundEntry(**common)


@pytest.fixture(scope="session")
async def database(postgres: testing.Server) -> tuple[Urls, str]:
    """Make a migrated database; with the URL of its superuser."""
    urls = await postgres.database("testing")
    await migrations.upgrade(urls.owner, SCHEMA)
    return urls, postgres.admin_url.rpartition("/")[0] + "/" + urls.app.rpartition("/")[2]


@pytest.fixture
async def bench(database: tuple[Urls, str], clock: ManualClock) -> AsyncIterator[Bench]:
    """Make an empty store with its servicers."""
    urls, admin_url = database
    engine = make_engine(urls.app, size=8)
    store = Store(engine, RecordKeys.generate(), PROFILE, clock, "geju/testing", KINDS, signer=SIGNER)
    found = Bench(store, urls, admin_url, clock)
    found.servicers = {
        "notes": ("geju.testing.v1.NoteService", notes.NoteServicer(store)),  # type: ignore[call-arg]
        "clients": ("geju.testing.v1.ClientService", clients.ClientServicer(store)),  # type: ignore[call-arg]
        "visits": ("geju.testing.v1.VisitService", clients.VisitServicer(store)),  # type: ignore[call-arg]
        "tips": ("geju.testing.v1.TipService", tips.TipServicer(store)),  # type: ignore[call-arg]
        "subjects": ("geju.common.v1.SubjectService", SubjectServicer(store)),
        "funds": ("geju.funds.v1.FundEntryService", fund_entry_servicer(FUNDS)(store)),  # type: ignore[call-arg]
        "audit": ("geju.common.v1.AuditService", AuditServicer(store)),
        "limits": ("geju.common.v1.LimitService", LimitServicer(store)),
    }
    await found.rows(
        "TRUNCATE note, client, visit, tip, fund_entry, audit, audit_link, outbox, request, source, search_hash"
    )
    yield found
    await engine.dispose()
