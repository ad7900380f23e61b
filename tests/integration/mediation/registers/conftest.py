"""The bench of the mediation service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from geju.funds.v1 import fund_entry_pb2
from geju.mediation.v1 import committee_pb2, dispute_pb2, mediator_pb2, rate_scheme_pb2

from services.chassis import context, testing
from services.chassis.clock import ManualClock
from services.chassis.domain.dates import from_date
from services.chassis.domain.profile import Earmark
from services.chassis.work import Work
from services.mediation.app import SERVICERS
from services.mediation.kinds import DISPUTE, SESSION
from services.mediation.registers import REGISTERS
from tests.integration.servicers import DEPARTMENT, NORTH, SOUTH, Database, Servicers, migrated, with_servicers
from tests.unit.mediation.district import PROFILE, on

__all__ = ["NORTH", "SOUTH", "Bench", "agreed"]

EARMARKS = (
    Earmark("piece_rate", "以奖代补专项", "mediation", {"subsidy": "调解员计件补贴"}, 2008),
    Earmark("mediation_work", "人民调解工作经费", "mediation", {"guidance": "调解工作指导费"}, 2008),
)


class Bench(Servicers):
    """The bench of mediation, with what most tests begin with."""

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
async def database(postgres: testing.Server) -> Database:
    """Give a migrated database with the URL of its superuser."""
    return await migrated(postgres, "mediation")


@pytest.fixture
async def bench(database: Database, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store with its servicers."""
    kinds, profile = (DISPUTE, SESSION, *REGISTERS), replace(PROFILE, earmarks=EARMARKS)
    parts: dict[str, Any] = {"profile": profile, "kinds": kinds, "servicers": SERVICERS}
    async with with_servicers(Bench, database, clock, service="mediation", **parts) as found:
        yield found
