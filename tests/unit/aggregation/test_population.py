"""Who owes what, and until when, is what the district profile says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.aggregation import population
from tests.support import histories

TODAY = date(2010, 12, 20)


def test_the_profile_says_until_when_a_month_is_reported() -> None:
    """An edited rule moves the day for the months that end under it, and the figures are measured anew."""
    profile = histories.profile()
    (rule,) = profile.limits
    strict = replace(rule, length=2, valid_from=date(2010, 11, 1))
    edited = replace(profile, limits=(replace(rule, valid_to=date(2010, 10, 31)), strict))
    due = {(row[4], row[6]) for row in population.office_months(edited, TODAY)}
    assert {
        (date(2010, 10, 1), date(2010, 11, 5)),
        (date(2010, 11, 1), date(2010, 12, 2)),
        (date(2010, 12, 1), date(2011, 1, 2)),
    } == due
    assert population.digest(profile) != population.digest(edited)


def test_without_a_rule_nothing_is_owed() -> None:
    """A month that no rule covers is nobody's duty."""
    assert [] == list(population.office_months(replace(histories.profile(), limits=()), TODAY))
