"""Units, periods and patterns that requests name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.aggregation.board import indicators_of, pattern_of, patterns
from services.aggregation.catalogue import INDICATORS
from services.aggregation.errors import OfficeOutOfScope, PeriodNotBegun, UnknownPattern
from services.aggregation.requests import period_at, unit_for
from services.chassis.context import Caller
from services.chassis.domain.errors import InvalidField, UnknownOffice
from services.chassis.profile_file import load

PROFILE = load(Path(__file__).parents[3] / "deploy" / "districts" / "lucheng")
AS_OF = date(2012, 6, 1)


def caller(*offices: str) -> Caller:
    """Return a clerk of some offices."""
    return Caller("clerk", frozenset({"clerk"}), frozenset(offices))


def test_no_period_is_the_running_year() -> None:
    """Empty means the year of the day; what has not begun or is no period is refused."""
    assert "2012" == period_at("", AS_OF, PROFILE).code
    assert "2012-Q2" == period_at("2012-Q2", AS_OF, PROFILE).code
    with pytest.raises(PeriodNotBegun):
        period_at("2012-07", AS_OF, PROFILE)
    with pytest.raises(InvalidField):
        period_at("2012-00", AS_OF, PROFILE)


def test_members_are_for_the_offices_of_the_caller() -> None:
    """Whoever sees every office may ask for the district; others for their own, which one office is without asking."""
    assert "" == unit_for(PROFILE, "", caller("*"))
    assert "wuma" == unit_for(PROFILE, "", caller("wuma"))
    assert "wuma" == unit_for(PROFILE, "wuma", caller("wuma", "nanmen"))
    with pytest.raises(InvalidField):
        unit_for(PROFILE, "", caller("wuma", "nanmen"))
    with pytest.raises(OfficeOutOfScope):
        unit_for(PROFILE, "guanghua", caller("wuma"))
    with pytest.raises(UnknownOffice):
        unit_for(PROFILE, "atlantis", caller("*"))


def test_every_indicator_stands_under_one_pattern_or_the_funds() -> None:
    """The five patterns and the funds share out the catalogue."""
    held = [i.code for p in patterns(PROFILE) for i in indicators_of(PROFILE, p.code)]
    assert sorted(i.code for i in INDICATORS) == sorted(held)
    found = {pattern_of(PROFILE, i) for i in INDICATORS}
    assert {"mediation", "correction", "legalservices", "legalaid", "publicity", "funds"} == found
    with pytest.raises(UnknownPattern):
        patterns(PROFILE, ["other"])


def test_what_is_weighed_is_in_its_own_pattern() -> None:
    """A weight of the profile belongs to an indicator of the same pattern, or of a service that is not there yet."""
    for pattern in PROFILE.patterns:
        here = {i.code for i in indicators_of(PROFILE, pattern.code)}
        elsewhere = {i.code for i in INDICATORS} - here
        assert not pattern.weights.keys() & elsewhere
