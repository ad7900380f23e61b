"""A scope is offices or every office, and the right to sealed files beside it."""

from __future__ import annotations

import pytest

from services.chassis.context import Caller
from services.chassis.storage.scopes import EVERYTHING, offices_in, scope_of, terms


def caller(*offices: str, sealed: bool = False) -> Caller:
    """Return a clerk of offices."""
    return Caller("clerk", frozenset({"clerk", *(["sealed_files"] if sealed else [])}), frozenset(offices))


@pytest.mark.parametrize(
    ("account", "scope", "offices"),
    [
        (caller("b", "a"), "a,b", ["a", "b"]),
        (caller("*", "a"), "*", None),
        (caller(), "", []),
        (caller("b", "a", sealed=True), "a,b,!sealed", ["a", "b"]),
        (caller("*", sealed=True), EVERYTHING, None),
        (caller(sealed=True), "!sealed", []),
    ],
)
def test_a_scope_is_offices_or_everything(account: Caller, scope: str, offices: list[str] | None) -> None:
    """A caller's offices become one text, in order; "*" is every office, whatever stands beside it."""
    assert (scope, offices) == (scope_of(account), offices_in(scope))


def test_a_district_wide_method_sees_every_office() -> None:
    """A district-wide method is not filtered by office, and opens no sealed file by that."""
    assert ["*", EVERYTHING] == [scope_of(caller("a", sealed=right), district=True) for right in (False, True)]


@pytest.mark.parametrize("code", ["", "!sealed", "a,*", "a,!sealed", "*,!sealed", "*a"])
def test_no_office_code_reads_as_another_term(code: str) -> None:
    """An office in a token that would say more than an office says nothing."""
    assert ["north"] == terms(scope_of(caller(code, "north")))
