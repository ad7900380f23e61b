"""Installations that `geju run` has started, each in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.chassis import testing
from services.cli.registry import SERVICES
from services.cli.supervisor.parts import end_leftovers
from services.client import Home
from tests.support.installation import Installation


@pytest.fixture(scope="package")
def installation() -> Iterator[Installation]:
    """Give a running installation that the tests of this folder share."""
    with testing.workspace() as folder:
        found = Installation(folder)
        found.start()
        try:
            yield found
        finally:
            if found.alive():
                found.stop()


@pytest.fixture
def fresh() -> Iterator[Installation]:
    """Give an installation of the test's own, not yet started; whatever it leaves is ended."""
    with testing.workspace() as folder:
        found = Installation(folder)
        try:
            yield found
        finally:
            if found.alive():
                found.stop()
            elif found.home.root.exists():
                _end_leftovers(found.home)


def _end_leftovers(home: Home) -> None:
    if not home.locked():
        end_leftovers(home, list(SERVICES))
