"""A migrated store of the mediation service, and calls into its servicers as they come through the interceptors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from geju.funds.v1 import fund_entry_pb2
from geju.mediation.v1 import committee_pb2, dispute_pb2, mediator_pb2, rate_scheme_pb2
from google.protobuf.message import Message

from services.chassis import context, migrations, testing
from services.chassis.clock import ManualClock
from services.chassis.contract import method as contract
from services.chassis.crypto import RecordKeys
from services.chassis.domain.dates import from_date
from services.chassis.domain.profile import Earmark
from services.chassis.embedded import Urls
from services.chassis.funds.service import fund_entry_kind, fund_entry_servicer
from services.chassis.limit_service import LimitServicer
from services.chassis.storage.engine import make_engine
from services.chassis.storage.store import Store
from services.chassis.work import Work
from services.mediation.app import SERVICERS
from services.mediation.kinds import DISPUTE, SESSION
from services.mediation.registers import REGISTERS
from tests.unit.mediation.district import PROFILE, on

EARMARKS = (
    Earmark("piece_rate", "以奖代补专项", "mediation", {"subsidy": "调解员计件补贴"}, 2008),
    Earmark("mediation_work", "人民调解工作经费", "mediation", {"guidance": "调解工作指导费"}, 2008),
)
FUNDS = fund_entry_kind("mediation")
KINDS = (DISPUTE, SESSION, *REGISTERS, FUNDS)
DEPARTMENT = context.Caller("department", frozenset({"department"}), frozenset({"*"}))
NORTH = context.Caller("head-north", frozenset({"office_head"}), frozenset({"north"}))
SOUTH = context.Caller("head-south", frozenset({"office_head"}), frozenset({"south"}))


@dataclass
class Bench:
    """A store with its servicers, and ways to call and look behind them."""

    store: Store
    admin_url: str
    clock: ManualClock
    servicers: dict[str, Any] = field(default_factory=dict)

    async def call(self, method: str, caller: context.Caller = DEPARTMENT, **fields: Any) -> Any:
        """Call "Service/Method" with a request of these fields; a mutation gets a fresh request id."""
        service, _, name = method.partition("/")
        full, servicer = self.servicers[service]
        request_type = contract(f"/{full}/{name}").request
        if "request_id" in request_type.DESCRIPTOR.fields_by_name:
            fields.setdefault("request_id", str(uuid4()))
        context.enter(context.Call(caller, f"/{full}/{name}", traceparent="00-trace"))
        return await getattr(servicer, name)(request_type(**fields))

    async def rows(self, sql: str, *params: Any) -> list[Any]:
        """Read as superuser: everything, whatever row-level security says."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            return await connection.fetch(sql, *params)  # type: ignore[no-any-return]
        finally:
            await connection.close()

    async def count(self, table: str) -> int:
        """Count the records of a table that are not deleted."""
        return int((await self.rows(f"SELECT count(*) FROM {table} WHERE NOT deleted"))[0][0])  # noqa: S608 (our own)

    async def facts(self, table: str, facts: type[Message]) -> list[Any]:
        """Return the published facts of the records of a table, in order of their making."""
        rows = await self.rows(f"SELECT facts FROM {table} ORDER BY id")  # noqa: S608 (a table of ours)
        return [facts.FromString(row["facts"]) for row in rows]

    async def committee(self, **fields: Any) -> committee_pb2.Committee:
        """Make the committee of a village."""
        given: dict[str, Any] = {
            "office": "north",
            "place": "north-1",
            "title": "北一村调委会",
            "kind": committee_pb2.COMMITTEE_KIND_VILLAGE,
            "level": committee_pb2.COMMITTEE_LEVEL_VILLAGE,
            "from_date": on(2008, 1, 1),
        }
        made = await self.call("CommitteeService/CreateCommittee", committee=committee_pb2.Committee(**given | fields))
        return made.committee  # type: ignore[no-any-return]

    async def mediator(self, caller: context.Caller = DEPARTMENT, **fields: Any) -> mediator_pb2.Mediator:
        """Appoint a mediator, to a new committee unless one is named."""
        given: dict[str, Any] = {
            "office": "north",
            "full_name": "测试甲",
            "employment": mediator_pb2.MEDIATOR_EMPLOYMENT_PART_TIME,
            "background": mediator_pb2.MEDIATOR_BACKGROUND_OTHER,
            "from_date": on(2010, 1, 1),
        }
        given |= fields
        if "committee" not in given:
            given["committee"] = (await self.committee()).name
        made = await self.call("MediatorService/CreateMediator", caller, mediator=mediator_pb2.Mediator(**given))
        return made.mediator  # type: ignore[no-any-return]

    async def scheme(self, **fields: Any) -> rate_scheme_pb2.RateScheme:
        """Put a piece-rate scheme in force."""
        given = {"office": "north", "from_date": on(2012, 1, 1)} | fields
        record = rate_scheme_pb2.RateScheme(**given)
        made = await self.call("RateSchemeService/CreateRateScheme", rate_scheme=record)
        return made.rate_scheme  # type: ignore[no-any-return]

    async def budget(self, amount: int, earmark: str = "piece_rate") -> None:
        """Enter a budget of 2012."""
        entry = fund_entry_pb2.FundEntry(
            office="north",
            earmark=earmark,
            year=2012,
            kind=fund_entry_pb2.FUND_ENTRY_KIND_BUDGET,
            amount_fen=amount,
            entry_date=on(2012, 1, 5),
        )
        await self.call("FundEntryService/CreateFundEntry", fund_entry=entry)

    async def disputes(self, *records: dispute_pb2.Dispute) -> list[dispute_pb2.Dispute]:
        """Store disputes as they are: what brought them there is tested elsewhere."""
        context.enter(context.Call(DEPARTMENT, "/geju.mediation.v1.DisputeService/CreateDispute"))
        async with Work(self.store, context.current()) as work:
            made = [work.create(DISPUTE, record) for record in records]
            await work.commit()
        return made

    async def put(self, record: dispute_pb2.Dispute, change: str = "corrected") -> None:
        """Store the next revision of a dispute."""
        context.enter(context.Call(DEPARTMENT, "/geju.mediation.v1.DisputeService/CorrectDispute"))
        async with Work(self.store, context.current()) as work:
            work.save(DISPUTE, record, change)
            await work.commit()


def agreed(mediator: str, closed: date = date(2012, 5, 20), **fields: Any) -> dispute_pb2.Dispute:
    """Return a dispute that closed with an agreement."""
    given: dict[str, Any] = {
        "office": "north",
        "type": dispute_pb2.DISPUTE_TYPE_NEIGHBOUR,
        "mediator": mediator,
        "state": dispute_pb2.Dispute.STATE_AGREED,
        "outcome": dispute_pb2.DISPUTE_OUTCOME_AGREED,
        "registered_date": from_date(closed - timedelta(days=9)),
        "accepted_date": from_date(closed - timedelta(days=9)),
        "closed_date": from_date(closed),
    }
    return dispute_pb2.Dispute(**given | fields)


@pytest.fixture(scope="session")
async def database(postgres: testing.Server) -> tuple[Urls, str]:
    """Give a migrated database with the URL of its superuser."""
    urls = await postgres.database("mediation")
    await migrations.upgrade(urls.owner, migrations.schema_of("mediation"))
    return urls, postgres.admin_url.rpartition("/")[0] + "/" + urls.app.rpartition("/")[2]


@pytest.fixture
async def bench(database: tuple[Urls, str], clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store with its servicers."""
    urls, admin_url = database
    engine = make_engine(urls.app, size=8)
    profile = replace(PROFILE, earmarks=EARMARKS)
    store = Store(engine, RecordKeys.generate(), profile, clock, "geju/mediation", KINDS)
    found = Bench(store, admin_url, clock)
    for servicer in SERVICERS:
        name = servicer.__name__.removesuffix("Servicer") + "Service"
        found.servicers[name] = (f"geju.mediation.v1.{name}", servicer(store))  # type: ignore[call-arg]
    found.servicers["FundEntryService"] = (
        "geju.funds.v1.FundEntryService",
        fund_entry_servicer(FUNDS)(store),  # type: ignore[call-arg]
    )
    found.servicers["LimitService"] = ("geju.common.v1.LimitService", LimitServicer(store))
    tables = ", ".join(str(kind.row.__tablename__) for kind in KINDS)
    await found.rows(f"TRUNCATE {tables}, audit, audit_link, outbox, request, source")
    yield found
    await engine.dispose()
