"""The bench of legal-aid cases in the demonstration district."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from geju.funds.v1 import fund_entry_pb2
from geju.legalaid.v1 import aid_case_pb2 as pb

from services.chassis import context, testing
from services.chassis.clock import ManualClock
from services.chassis.subject_service import SubjectServicer
from services.legalaid.app import KINDS, SERVICERS
from tests.integration.servicers import DEPARTMENT, Database, RecordServicers, migrated, with_servicers
from tests.support.records import changed, on
from tests.unit.legalaid.cases.cases import APPLICATION, HANDLER, PROFILE

SERVICE = "AidCaseService/"


def caller(subject: str, *roles: str, office: str = "wuma") -> context.Caller:
    """Return somebody with these roles in an office."""
    return context.Caller(subject, frozenset(roles), frozenset({office}))


CLERK, HEAD = caller("clerk-wuma", "clerk"), caller("head-wuma", "office_head")
SECOND = caller("second-wuma", "office_head")
ELSEWHERE = caller("head-nanmen", "office_head", office="nanmen")


class Bench(RecordServicers):
    """The bench of legal-aid cases, with what most tests begin with."""

    async def case(self, by: context.Caller = CLERK, **fields: Any) -> pb.AidCase:
        """Take an application in."""
        made: pb.AidCase = await self.make(changed(APPLICATION, **fields), by)
        return made

    async def step(self, verb: str, case: pb.AidCase, by: context.Caller = HEAD, **fields: Any) -> pb.AidCase:
        """Take a step of a case; return the case."""
        answer = await self.call(SERVICE + verb, by, name=case.name, **fields)
        return answer.aid_case  # type: ignore[no-any-return]

    async def begun(self, **fields: Any) -> pb.AidCase:
        """Take an application in and its case as far as work begins."""
        case = await self.case(**fields)
        await self.step("GrantAid", case, CLERK, granted_date=on(2024, 3, 4))
        await self.step("AssignHandler", case, CLERK, practitioner=HANDLER, assigned_date=on(2024, 3, 5))
        return await self.step("BeginCase", case, CLERK, begun_date=on(2024, 3, 6))

    async def closed(self, **fields: Any) -> pb.AidCase:
        """Take an application in and its case to the end."""
        given = {"result": pb.AID_RESULT_WON, "closed_date": on(2024, 6, 3)}
        return await self.step("CloseCase", await self.begun(**fields), CLERK, **given)

    async def imported(self, *records: pb.AidCase, by: context.Caller = DEPARTMENT) -> list[Any]:
        """Import cases as the rows of a sheet; return the verdicts."""
        rows = [{"row": row, "aid_case": record} for row, record in enumerate(records, 2)]
        return list((await self.call(SERVICE + "ImportAidCases", by, rows=rows)).verdicts)

    async def budget(self, amount: int, year: int = 2024) -> None:
        """Enter a budget."""
        entry = fund_entry_pb2.FundEntry(
            office="lucheng",
            earmark="legal_aid",
            year=year,
            kind=fund_entry_pb2.FUND_ENTRY_KIND_BUDGET,
            amount_fen=amount,
            entry_date=on(year, 1, 5),
        )
        await self.call("FundEntryService/CreateFundEntry", fund_entry=entry)


@pytest.fixture(scope="session")
async def database(postgres: testing.Server) -> Database:
    """Give a migrated database with the URL of its superuser."""
    return await migrated(postgres, "legalaid")


@pytest.fixture
async def bench(database: Database, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store with its servicers; it is noon of 31 December 2024."""
    clock.set(datetime(2024, 12, 31, 4, tzinfo=UTC))
    parts: dict[str, Any] = {"profile": PROFILE, "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Bench, database, clock, service="legalaid", **parts) as found:
        found.servicers["SubjectService"] = ("geju.common.v1.SubjectService", SubjectServicer(found.store))
        yield found
