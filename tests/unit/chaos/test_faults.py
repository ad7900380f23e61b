"""The faults as a list."""

from __future__ import annotations

from collections import Counter

from tests.chaos.faults import FAULTS
from tests.chaos.write import page
from tests.support.installation import ROOT


def test_no_two_faults_have_one_name() -> None:
    """A fault is chosen, logged and repeated by its name."""
    assert [] == [name for name, count in Counter(fault.name for fault in FAULTS).items() if count > 1]


def test_a_kind_is_a_row_of_the_table() -> None:
    """A kind is short, and one line."""
    assert [] == [fault.kind for fault in FAULTS if not 0 < len(fault.kind) <= 60 or "\n" in fault.kind]


def test_the_page_of_faults_is_current() -> None:
    """Every kind is documented: `make generate` writes the page."""
    assert page() == (ROOT / "docs" / "reliability" / "faults.md").read_text("utf-8")
