"""The bench of firms, practitioners and outreach."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest
from geju.legalservices.v1 import (
    advice_group_pb2,
    counsel_contract_pb2,
    firm_pb2,
    key_project_pb2,
    practitioner_pb2,
)

from services.chassis import context, testing
from services.chassis.clock import ManualClock
from services.legalservices.app import KINDS, SERVICERS
from tests.integration.servicers import Database, RecordServicers, migrated, with_servicers
from tests.support.legalservices import PROFILE, a_firm, a_practitioner
from tests.support.records import on

CLERK = context.Caller("clerk-north", frozenset({"clerk"}), frozenset({"north"}))


class Bench(RecordServicers):
    """The bench of the registers, with what most tests begin with."""

    numbers = count(1)

    async def firm(self, **fields: Any) -> firm_pb2.Firm:
        """Make a law firm of the north with a licence of its own."""
        made: firm_pb2.Firm = await self.make(a_firm(**{"licence_number": f"示例许可{next(self.numbers)}"} | fields))
        return made

    async def practitioner(self, firm: firm_pb2.Firm | None = None, /, **fields: Any) -> practitioner_pb2.Practitioner:
        """Make a practitioner with a licence of their own, at a firm of theirs unless one is named."""
        at = firm or await self.firm()
        given: dict[str, Any] = {"licence_number": f"示例证{next(self.numbers)}", "firm": at.name, "office": at.office}
        made: practitioner_pb2.Practitioner = await self.make(a_practitioner(**given | fields))
        return made

    async def contract(self, **fields: Any) -> counsel_contract_pb2.CounselContract:
        """Make a contract of the north's first village from 2012 on."""
        given: dict[str, Any] = {"office": "north", "place": "north-1", "from_date": on(2012, 1, 1)}
        if "practitioner" not in fields:
            counsel = await self.practitioner()
            given |= {"firm": counsel.firm, "practitioner": counsel.name}
        made: counsel_contract_pb2.CounselContract
        made = await self.make(counsel_contract_pb2.CounselContract(**given | fields))
        return made

    async def project(self, **fields: Any) -> key_project_pb2.KeyProject:
        """Make a key project of 2012."""
        given: dict[str, Any] = {"office": "district", "title": "示例工程", "from_date": on(2012, 1, 1)}
        made: key_project_pb2.KeyProject = await self.make(key_project_pb2.KeyProject(**given | fields))
        return made

    async def group(self, **fields: Any) -> advice_group_pb2.AdviceGroup:
        """Make a group of government counsel from 2012 on."""
        given: dict[str, Any] = {"office": "district", "title": "示例顾问团", "kind": 1, "from_date": on(2012, 1, 1)}
        made: advice_group_pb2.AdviceGroup = await self.make(advice_group_pb2.AdviceGroup(**given | fields))
        return made


@pytest.fixture(scope="session")
async def database(postgres: testing.Server) -> Database:
    """Give a migrated database with the URL of its superuser."""
    return await migrated(postgres, "legalservices")


@pytest.fixture
async def bench(database: Database, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store with its servicers; it is 1 June 2012."""
    parts: dict[str, Any] = {"profile": PROFILE, "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Bench, database, clock, service="legalservices", **parts) as found:
        yield found
