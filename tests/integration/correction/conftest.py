"""A migrated store of the correction service in the demonstration district, and calls into its servicers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.chassis import profile_file, testing
from services.chassis.clock import ManualClock
from services.chassis.domain.profile import Profile
from services.chassis.embedded import Urls
from services.correction.app import KINDS, SERVICERS
from tests.support.bench import Bench, bench_of, migrated

PROFILE = Path(__file__).parents[3] / "deploy" / "districts" / "lucheng"


@pytest.fixture(scope="session")
def profile() -> Profile:
    """Read the demonstration district."""
    return profile_file.load(PROFILE)


@pytest.fixture(scope="session")
async def database(postgres: testing.Server) -> tuple[Urls, str]:
    """Give a migrated database with the URL of its superuser."""
    return await migrated(postgres, "correction")


@pytest.fixture
async def bench(database: tuple[Urls, str], profile: Profile, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store with its servicers, on 1 June 2012."""
    async with bench_of("correction", KINDS, SERVICERS, database, profile, clock) as found:
        yield found
