"""Bugs that are put in on purpose still fit the code, and name tests that there are."""

from __future__ import annotations

import re

import pytest

from tests.seeded.bugs import ROOT, Bug, apply, bugs, is_there
from tests.seeded.write import page

EVERY = bugs()


@pytest.mark.parametrize("bug", EVERY, ids=lambda bug: bug.name)
def test_every_seeded_bug_fits(bug: Bug) -> None:
    """Each patch applies to the code as it is, touches the product alone, and the tests that must catch it exist."""
    apply(ROOT, bug, only_look=True)
    touched = [line for line in bug.patch.read_text(encoding="utf-8").splitlines() if line.startswith("+++ ")]
    assert [line for line in touched if not line.startswith("+++ b/services/")] == []
    assert [test for test in bug.tests if not is_there(test)] == []


def test_the_page_is_made_of_the_patches() -> None:
    """The page of the seeded bugs is as `make generate` writes it."""
    assert page() == (ROOT / "docs" / "reliability" / "seeded.md").read_text(encoding="utf-8")


def test_there_are_a_dozen_bugs_at_least() -> None:
    """So many kinds of mistakes are tried."""
    assert len(EVERY) >= 12


def test_bugs_on_record_are_held_by_tests() -> None:
    """Each test that the record of bugs names is still there."""
    record = (ROOT / "docs" / "reliability" / "bugs.md").read_text(encoding="utf-8")
    named = set(re.findall(r"tests/[\w/]+\.py::\w+", record))
    assert [test for test in sorted(named) if not is_there(test)] == []
    assert named
