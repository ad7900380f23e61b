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
from tests.integration.servicers import DEPARTMENT, Database, Servicers, migrated, with_servicers
from tests.unit.correction.resettlement.people import PROFILE, REGISTERED, on, released

#: The service itself, as its reactions run.
SERVICE = context.Caller("geju/correction", frozenset({"service", "sealed_files"}), frozenset({"*"}))
SEALED = context.Caller("head-sealed", frozenset({"office_head", "sealed_files"}), frozenset({"north"}))
CLERK = context.Caller("clerk-north", frozenset({"clerk"}), frozenset({"north"}))


class Bench(Servicers):
    """The bench of resettlement, with what most tests begin with."""

    async def person(self, caller: context.Caller = DEPARTMENT, **fields: Any) -> released_person_pb2.ReleasedPerson:
        """Make a registered person."""
        made = released(**REGISTERED | fields)
        answer = await self.call("ReleasedPersonService/CreateReleasedPerson", caller, released_person=made)
        return answer.released_person  # type: ignore[no-any-return]

    async def make(self, record: Any, caller: context.Caller = DEPARTMENT) -> Any:
        """Create a record of any kind and return it."""
        kind = next(kind for kind in self.store.kinds if kind.message is type(record))
        name = record.DESCRIPTOR.name
        answer = await self.call(f"{name}Service/Create{name}", caller, **{kind.snake: record})
        return getattr(answer, kind.snake)

    async def change(self, verb: str, record: Any, caller: context.Caller = DEPARTMENT, **fields: Any) -> Any:
        """Update or correct fields of a record and return it; None clears a field."""
        kind = next(kind for kind in self.store.kinds if kind.message is type(record))
        name, sent = record.DESCRIPTOR.name, {key: value for key, value in fields.items() if value is not None}
        request: dict[str, Any] = {
            kind.snake: type(record)(name=record.name, **sent),
            "update_mask": {"paths": list(fields)},
        }
        if verb == "Correct":
            request["reason"] = "登记有误"
        answer = await self.call(f"{name}Service/{verb}{name}", caller, **request)
        return getattr(answer, kind.snake)

    async def get(self, record: Any, caller: context.Caller = DEPARTMENT) -> Any:
        """Read a record again."""
        kind = next(kind for kind in self.store.kinds if kind.message is type(record))
        name = record.DESCRIPTOR.name
        return getattr(await self.call(f"{name}Service/Get{name}", caller, name=record.name), kind.snake)

    async def delete(self, record: Any, caller: context.Caller = DEPARTMENT) -> None:
        """Delete a record."""
        name = record.DESCRIPTOR.name
        await self.call(f"{name}Service/Delete{name}", caller, name=record.name, reason="登记有误")

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
