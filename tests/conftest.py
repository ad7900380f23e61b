"""Real servers and fresh keys for every test that asks; started when first asked for, ended with the session."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.chassis import testing
from services.chassis.clock import ManualClock
from services.chassis.embedded import Nats
from services.chassis.rights.broker import source_rights
from services.cli.accounts import broker_users

# "testing" is the service that tests of the chassis make up.
NATS_USERS = {**broker_users(), "testing": source_rights("testing")}


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[testing.Server]:
    """Run a PostgreSQL server; `await postgres.database("mediation")` makes a fresh database in it."""
    async with testing.postgres() as server:
        yield server


@pytest.fixture(scope="session")
async def shared_nats() -> AsyncIterator[Nats]:
    """Run a NATS server for tests that do not disturb each other."""
    async with testing.nats_server(users=NATS_USERS) as server:
        yield server


@pytest.fixture
def nats_url(shared_nats: Nats) -> str:
    """Give the URL of the shared NATS server."""
    return shared_nats.url


@pytest.fixture
async def nats_server() -> AsyncIterator[Nats]:
    """Run a NATS server of the test's own: empty, and free to be killed."""
    async with testing.nats_server(users=NATS_USERS) as server:
        yield server


@pytest.fixture
def workspace() -> Iterator[Path]:
    """Give a folder that the account of a server run as root can enter."""
    with testing.workspace() as folder:
        yield folder


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> testing.Tokens:
    """Make tokens: `tokens("clerk-1", roles=["clerk"], offices=["01"])`; `tokens.public` is for GEJU_JWT_KEYS."""
    return testing.Tokens(tmp_path_factory.mktemp("jwt"))


@pytest.fixture(scope="session")
def record_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a file for GEJU_RECORD_KEYS."""
    return testing.record_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def clock() -> ManualClock:
    """Make a clock that stands at noon of 1 June 2012 in Asia/Shanghai."""
    return ManualClock(datetime(2012, 6, 1, 4, tzinfo=UTC))
