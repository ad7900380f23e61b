"""A scope is offices or every office, and the rights to sealed records beside it."""

from __future__ import annotations

import pytest

from services.chassis.context import Caller
from services.chassis.storage.scopes import EVERYTHING, offices_in, scope_of, terms

FILES, DISCIPLINE = frozenset({"sealed_files"}), frozenset({"discipline"})


def caller(*offices: str, rights: frozenset[str] = frozenset()) -> Caller:
    """Return a clerk of offices."""
    return Caller("clerk", rights | {"clerk"}, frozenset(offices))


@pytest.mark.parametrize(
    ("account", "scope", "offices"),
    [
        (caller("b", "a"), "a,b", ["a", "b"]),
        (caller("*", "a"), "*", None),
        (caller(), "", []),
        (caller("b", "a", rights=FILES), "a,b,!sealed", ["a", "b"]),
        (caller("b", "a", rights=DISCIPLINE), "a,b,!discipline", ["a", "b"]),
        (caller("*", rights=FILES), "*,!sealed", None),
        (caller("*", rights=DISCIPLINE | FILES), EVERYTHING, None),
        (caller(rights=FILES), "!sealed", []),
        (caller(rights=DISCIPLINE | FILES), "!discipline,!sealed", []),
    ],
)
def test_a_scope_is_offices_or_everything(account: Caller, scope: str, offices: list[str] | None) -> None:
    """A caller's offices become one text, in order; "*" is every office, whatever stands beside it."""
    assert (scope, offices) == (scope_of(account), offices_in(scope))


def test_a_district_wide_method_sees_every_office() -> None:
    """A district-wide method is not filtered by office, and opens no sealed record by that."""
    found = [scope_of(caller("a", rights=rights), district=True) for rights in (frozenset(), FILES, DISCIPLINE)]
    assert ["*", "*,!sealed", "*,!discipline"] == found


@pytest.mark.parametrize("code", ["", "!sealed", "a,*", "a,!sealed", "*,!sealed", "!discipline", "*a"])
def test_no_office_code_reads_as_another_term(code: str) -> None:
    """An office in a token that would say more than an office says nothing."""
    assert ["north"] == terms(scope_of(caller(code, "north")))
