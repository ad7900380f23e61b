"""The bench of stations and consultations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from geju.legalaid.v1 import aid_case_pb2, aid_volunteer_pb2, station_pb2

from services.chassis import context, testing
from services.chassis.clock import ManualClock
from services.chassis.work import Work
from services.legalaid.app import KINDS, SERVICERS
from services.legalaid.cases.kinds import AID_CASE
from tests.integration.servicers import DEPARTMENT, Database, RecordServicers, migrated, with_servicers
from tests.support.records import changed
from tests.unit.legalaid.stations.examples import EXAMPLES, PROFILE

CLERK = context.Caller("clerk-north", frozenset({"clerk"}), frozenset({"north"}))


class Bench(RecordServicers):
    """The bench of stations and consultations, with what most tests begin with."""

    async def station(self, caller: context.Caller = DEPARTMENT, **fields: Any) -> station_pb2.Station:
        """Open a station."""
        made: station_pb2.Station = await self.make(changed(EXAMPLES["station"], **fields), caller)
        return made

    async def volunteer(self, caller: context.Caller = DEPARTMENT, **fields: Any) -> aid_volunteer_pb2.AidVolunteer:
        """Register a volunteer."""
        made: aid_volunteer_pb2.AidVolunteer = await self.make(changed(EXAMPLES["aid_volunteer"], **fields), caller)
        return made

    async def shift(self, volunteer: Any, station: Any, caller: context.Caller = DEPARTMENT, **fields: Any) -> Any:
        """Record a shift."""
        names = {"volunteer": volunteer.name, "station": station.name}
        return await self.make(changed(EXAMPLES["volunteer_shift"], **names | fields), caller)

    async def case(self, key: str, office: str = "north") -> aid_case_pb2.AidCase:
        """Put an application there, whatever its rules."""
        context.enter(context.Call(DEPARTMENT, "/geju.legalaid.v1.AidCaseService/CreateAidCase"))
        async with Work(self.store, context.current()) as work:
            made = work.create(AID_CASE, aid_case_pb2.AidCase(office=office, key=key, person_name="示例申请人"))
            await work.commit()
        return made

    async def imported(self, kind: str, *records: Any, caller: context.Caller = DEPARTMENT) -> list[Any]:
        """Import records as the rows of one sheet; return the verdicts."""
        name, rpc = records[0].DESCRIPTOR.name, "Import" + records[0].DESCRIPTOR.name + "s"
        rows = [{"row": row, kind: record} for row, record in enumerate(records, 2)]
        return list((await self.call(f"{name}Service/{rpc}", caller, rows=rows)).verdicts)


def reasons(verdicts: list[Any]) -> list[str]:
    """Return why each row was refused; empty for one that was not."""
    return [verdict.errors[0].reason if verdict.errors else "" for verdict in verdicts]


@pytest.fixture(scope="session")
async def database(postgres: testing.Server) -> Database:
    """Give a migrated database with the URL of its superuser."""
    return await migrated(postgres, "legalaid")


@pytest.fixture
async def bench(database: Database, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store with its servicers; it is 1 June 2012."""
    parts: dict[str, Any] = {"profile": PROFILE, "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Bench, database, clock, service="legalaid", **parts) as found:
        yield found
