"""An installation that holds records of every kind that stories make, in two offices and more."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Mapping, Sequence

import pytest

from services.chassis.identity import ROLES
from tests.support.hostile import Served, served
from tests.support.load import beginners, tell
from tests.support.requests import Maker
from tests.support.system import KINDS, System

Names = Mapping[str, Sequence[str]]
#: What the long runs are told: which requests, and how many.
SEED, COUNT = int(os.environ.get("SEED") or 1), int(os.environ.get("COUNT") or 0)
_ENOUGH, _STEPS = 20, 700


async def names_of(system: System, office: str = "%", most: int = 60) -> Names:
    """Return names of records by their kinds' codes, of an office or all."""
    found: dict[str, list[str]] = {}
    for service, kinds in KINDS.items():
        each = [
            f"(SELECT '{kind.name}' AS kind, '{kind.collection}/' || id AS name FROM {kind.row.__tablename__} "  # noqa: S608
            f"WHERE NOT deleted AND office LIKE $1 ORDER BY id LIMIT {most})"
            for kind in kinds
        ]
        for row in await system.rows(service, " UNION ALL ".join(each), office):
            found.setdefault(row["kind"], []).append(row["name"])
    return found


@pytest.fixture(scope="package")
async def names(system: System) -> Names:
    """Give names of records, after having told stories where nobody has."""
    found = await names_of(system)
    if len(found.get("dispute", ())) < _ENOUGH:
        await asyncio.gather(*(tell(teller, _STEPS) for teller in await beginners(system, 7, 8)))
        found = await names_of(system)
    return found


@pytest.fixture(scope="package")
async def methods(system: System) -> list[Served]:
    """Give every method that is served."""
    return await served(system)


@pytest.fixture(scope="package")
def everyone(system: System) -> str:
    """Give the token of somebody with every role."""
    return system.token(*ROLES, subject="mallory")


@pytest.fixture
def maker(system: System, names: Names) -> Maker:
    """Give a maker of requests."""
    return Maker(random.Random(SEED), names, [office.code for office in system.profile.offices])
