"""One running installation that most end-to-end tests share: they begin where the ones before have left off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from services.chassis import testing
from services.cli.registry import SERVICES
from services.cli.supervisor.parts import end_leftovers
from tests.support import district
from tests.support.canaries import Canary
from tests.support.installation import Installation
from tests.support.planting import Planted, plant
from tests.support.system import System, set_today

TODAY = date(2012, 6, 20)
# What disturbs the installation most comes last, and at the very end what makes every recount slow.
LAST = ("test_reactions.py", "test_faults.py", "test_spreadsheets.py", "hostile")
#: Files whose tests start installations of their own.
OWN = ("test_chaos.py", "test_dashboards.py", "test_verify.py")
# Proofs come every second here, not every five minutes, so that what only a proof can find is found in test time.
SETTINGS = {"GEJU_RECONCILE_SECONDS": "1"}


class Sharing(LoadScopeScheduling):
    """Has one process do all tests of the files that share the installation, so that another can do the others."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0].rpartition("/")[2]
        return file if file in OWN else "shared"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    """Share the tests out by what they need."""
    return Sharing(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of some files behind all others, and hostile ones, which leave nothing as it was, behind those."""

    def place(item: pytest.Item) -> int:
        name = item.path.parent.name if item.path.parent.name in LAST else item.path.name
        return LAST.index(name) + 1 if name in LAST else 0

    items.sort(key=place)


@pytest.fixture(scope="session")
async def system() -> AsyncIterator[System]:
    """Run everything in a small district on 20 June 2012."""
    with testing.workspace() as folder:
        installation = Installation(folder, district.write(folder / "district"), SETTINGS)
        set_today(installation, TODAY)
        try:
            installation.start()
            running = System(installation)
            yield running
            await running.close()
        finally:
            if installation.alive():
                installation.stop()
            end_leftovers(installation.home, list(SERVICES))


@pytest.fixture(scope="session")
async def planted(system: System) -> Planted:
    """Plant a canary in every personal field of every record and request."""
    return await plant(system)


@pytest.fixture(scope="session")
def canary(planted: Planted) -> Canary:
    """Give whoever planted the canaries."""
    return planted.caller
