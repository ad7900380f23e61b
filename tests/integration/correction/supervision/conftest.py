"""The bench of the correction service in the demonstration district."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from geju.correction.v1 import facts_pb2
from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis import context, profile_file, testing
from services.chassis.clock import ManualClock
from services.chassis.domain.errors import RuleError
from services.chassis.domain.profile import Profile
from services.correction.app import KINDS, SERVICERS
from tests.integration.servicers import DEPARTMENT, Database, Servicers, migrated, with_servicers
from tests.support.correction import OFFICE, OTHER_OFFICE, on, supervised

PROFILE = Path(__file__).parents[4] / "deploy" / "districts" / "lucheng"


PERSONS = "SupervisedPersonService/"


def caller(subject: str, *roles: str, office: str = OFFICE) -> context.Caller:
    """Return somebody with these roles in an office."""
    return context.Caller(subject, frozenset(roles), frozenset({office}))


CLERK, HEAD = caller("clerk-wuma", "clerk"), caller("head-wuma", "clerk", "office_head")
ELSEWHERE = caller("head-nanmen", "clerk", "office_head", office=OTHER_OFFICE)


class Bench(Servicers):
    """The bench of supervision, with what most tests begin with."""

    async def person(self, by: context.Caller = DEPARTMENT, **fields: Any) -> pb.SupervisedPerson:
        """Notify a person."""
        answer = await self.call(PERSONS + "CreateSupervisedPerson", by, supervised_person=supervised(**fields))
        return answer.supervised_person  # type: ignore[no-any-return]

    async def under_correction(self, **fields: Any) -> pb.SupervisedPerson:
        """Take a person over on 5 March 2012 by an import, as a register that begins does."""
        given = supervised(**{"key": "J-1", "taken_over_date": on("2012-03-05"), **fields})
        answer = await self.call(PERSONS + "ImportSupervisedPersons", rows=[{"row": 2, "supervised_person": given}])
        [verdict] = answer.verdicts
        assert verdict.name, verdict
        return await self.read(verdict.name)

    async def read(self, name: str, by: context.Caller = DEPARTMENT) -> pb.SupervisedPerson:
        """Read a person."""
        answer = await self.call(PERSONS + "GetSupervisedPerson", by, name=name)
        return answer.supervised_person  # type: ignore[no-any-return]

    async def step(self, verb: str, name: str, by: context.Caller = HEAD, **fields: Any) -> pb.SupervisedPerson:
        """Take a step of a person; return the person."""
        answer = await self.call(PERSONS + verb, by, name=name, **fields)
        return answer.supervised_person  # type: ignore[no-any-return]

    async def make(self, record: Any, by: context.Caller = CLERK) -> Any:
        """Create a record of any kind and return it."""
        kind = next(kind for kind in self.store.kinds if kind.message is type(record))
        name = record.DESCRIPTOR.name
        return getattr(await self.call(f"{name}Service/Create{name}", by, **{kind.snake: record}), kind.snake)

    async def duties(self, name: str, **wanted: Any) -> list[facts_pb2.DutyFacts]:
        """Return the facts of a person's duties with these values, by the day they are due."""
        found = await self.facts("duty", facts_pb2.DutyFacts)
        own = [one for one in found if one.person == name.partition("/")[2] and not one.deleted]
        fitting = [one for one in own if all(getattr(one, field) == value for field, value in wanted.items())]
        return sorted(fitting, key=lambda one: (one.met_due.year, one.met_due.month, one.met_due.day))

    async def refused(self, method: str, by: context.Caller = DEPARTMENT, **fields: Any) -> tuple[str, str]:
        """Call what must be refused; return the reason and the field."""
        try:
            answer = await self.call(method, by, **fields)
        except RuleError as error:
            return error.reason, error.field
        raise AssertionError(f"{method} was not refused: {answer}")


@pytest.fixture(scope="session")
def profile() -> Profile:
    """Read the demonstration district."""
    return profile_file.load(PROFILE)


@pytest.fixture(scope="session")
async def database(postgres: testing.Server) -> Database:
    """Give a migrated database with the URL of its superuser."""
    return await migrated(postgres, "correction")


@pytest.fixture
async def bench(database: Database, profile: Profile, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store with its servicers; it is 1 June 2012."""
    parts: dict[str, Any] = {"profile": profile, "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Bench, database, clock, service="correction", **parts) as found:
        yield found
