"""The bench of resettlement."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from geju.correction.v1 import released_person_pb2, resettlement_base_pb2
from geju.funds.v1 import fund_entry_pb2

from services.chassis import context, testing
from services.chassis.clock import ManualClock
from services.chassis.work import Work
from services.correction.app import KINDS, SERVICERS
from services.correction.resettlement import reaction
from tests.integration.servicers import DEPARTMENT, Database, RecordServicers, migrated, with_servicers
from tests.unit.correction.resettlement.people import PROFILE, REGISTERED, on, released

#: The service itself, as its reactions run.
SERVICE = context.Caller("geju/correction", frozenset({"service", "sealed_files"}), frozenset({"*"}))
SEALED = context.Caller("head-sealed", frozenset({"office_head", "sealed_files"}), frozenset({"north"}))
CLERK = context.Caller("clerk-north", frozenset({"clerk"}), frozenset({"north"}))


class Bench(RecordServicers):
    """The bench of resettlement, with what most tests begin with."""

    async def person(self, caller: context.Caller = DEPARTMENT, **fields: Any) -> released_person_pb2.ReleasedPerson:
        """Make a registered person."""
        made = released(**REGISTERED | fields)
        answer = await self.call("ReleasedPersonService/CreateReleasedPerson", caller, released_person=made)
        return answer.released_person  # type: ignore[no-any-return]

    async def base(self, **fields: Any) -> resettlement_base_pb2.ResettlementBase:
        """Open a transitional base with one place."""
        given: dict[str, Any] = {
            "office": "north",
            "kind": resettlement_base_pb2.BASE_KIND_TRANSITIONAL,
            "title": "测试基地",
            "places": 1,
            "from_date": on(2012, 1, 1),
        }
        made: resettlement_base_pb2.ResettlementBase
        made = await self.make(resettlement_base_pb2.ResettlementBase(**given | fields))
        return made

    async def budget(self, amount: int, earmark: str = "resettlement", year: int = 2012) -> None:
        """Enter a budget."""
        entry = fund_entry_pb2.FundEntry(
            office="north",
            earmark=earmark,
            year=year,
            kind=fund_entry_pb2.FUND_ENTRY_KIND_BUDGET,
            amount_fen=amount,
            entry_date=on(2012, 1, 5),
        )
        await self.call("FundEntryService/CreateFundEntry", fund_entry=entry)

    async def follow(self, person: Any) -> None:
        """Let the records about a person follow the file, as the service does after the fact."""
        await self.react(reaction.follow_file, person)

    async def react(self, handle: Callable[[Work, str], Awaitable[None]], record: Any) -> None:
        """Let the service itself do something after a fact about a record."""
        context.enter(context.Call(SERVICE, "/geju.correction.reactions/test"))
        async with Work(self.store, context.current()) as work:
            await handle(work, record.name)
            await work.commit()


@pytest.fixture(scope="session")
async def database(postgres: testing.Server) -> Database:
    """Give a migrated database with the URL of its superuser."""
    return await migrated(postgres, "correction")


@pytest.fixture
async def bench(database: Database, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store with its servicers; it is 1 June 2012."""
    parts: dict[str, Any] = {"profile": PROFILE, "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Bench, database, clock, service="correction", **parts) as found:
        yield found
