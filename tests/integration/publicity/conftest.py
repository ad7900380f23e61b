"""The bench of law publicity."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.chassis import context, testing
from services.chassis.clock import ManualClock
from services.publicity.app import KINDS, SERVICERS
from tests.integration.servicers import Database, RecordServicers, migrated, with_servicers
from tests.support.publicity import PROFILE

CLERK = context.Caller("clerk-north", frozenset({"clerk"}), frozenset({"north"}))


class Bench(RecordServicers):
    """The bench of law publicity."""

    async def due(self, caller: context.Caller, days: int = 366) -> list[tuple[str, str, Any]]:
        """List what is due: label, record, day."""
        found = (await self.call("LimitService/ListLimits", caller, due_within_days=days, page_size=1000)).limits
        return [(one.label, one.record, one.limit.due) for one in found]

    async def imported(self, method: str, *rows: Any, caller: context.Caller = CLERK) -> list[tuple[str, str, str]]:
        """Import rows; return what became of each: "CREATED", and reason and field of the first error."""
        answer = await self.call(method, caller, rows=rows)
        found = []
        for verdict in answer.verdicts:
            first = [(error.reason, error.field) for error in verdict.errors][:1] or [("", "")]
            outcome = type(verdict).DESCRIPTOR.fields_by_name["outcome"].enum_type.values_by_number[verdict.outcome]
            found.append((outcome.name.removeprefix("ROW_OUTCOME_"), *first[0]))
        return found


@pytest.fixture(scope="session")
async def database(postgres: testing.Server) -> Database:
    """Give a migrated database with the URL of its superuser."""
    return await migrated(postgres, "publicity")


@pytest.fixture
async def bench(database: Database, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store with its servicers; it is 1 June 2012."""
    parts: dict[str, Any] = {"profile": PROFILE, "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Bench, database, clock, service="publicity", **parts) as found:
        yield found
