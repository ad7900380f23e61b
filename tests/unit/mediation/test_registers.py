"""Registers are in force from a day to a day and stay within their office."""

from __future__ import annotations

from typing import Any

import pytest
from geju.mediation.v1 import building_pb2, centre_pb2, committee_pb2, premises_pb2, rate_scheme_pb2

from services.chassis.domain.errors import DateOrder, InvalidField, RuleError, UnknownPlace
from services.mediation.domain import building, centre, committee, premises, rate_scheme
from services.mediation.domain.register_errors import HostRequired, PlacesRequired
from tests.unit.mediation.district import changed, on, rules

VILLAGE = committee_pb2.Committee(
    office="north",
    place="north-1",
    title="北一村调委会",
    kind=committee_pb2.COMMITTEE_KIND_VILLAGE,
    level=committee_pb2.COMMITTEE_LEVEL_VILLAGE,
    places=["north-1"],
    from_date=on(2010, 1, 1),
)
WINDOW = changed(VILLAGE, kind=committee_pb2.COMMITTEE_KIND_WINDOW, host=committee_pb2.WINDOW_HOST_COURT, places=None)


@pytest.mark.parametrize(
    ("record", "field", "error"),
    [
        (changed(VILLAGE, to_date=on(2009, 12, 31)), "to_date", DateOrder),
        (changed(VILLAGE, host=committee_pb2.WINDOW_HOST_COURT), "host", HostRequired),
        (changed(WINDOW, host=None), "host", HostRequired),
        (changed(VILLAGE, places=None, place=None), "places", PlacesRequired),
        (changed(VILLAGE, places=["south-1"]), "place", UnknownPlace),
        (changed(VILLAGE, places=["north-9"]), "place", UnknownPlace),
        (changed(VILLAGE, places=["north-1", "north-1"]), "places", InvalidField),
    ],
)
def test_a_committee_that_contradicts_itself_is_refused(record: Any, field: str, error: type[RuleError]) -> None:
    """A committee keeps order of days, has a host if it is a window, and serves its office's places."""
    with pytest.raises(error) as refusal:
        committee.check(record, None, rules())
    assert field == refusal.value.field


@pytest.mark.parametrize("record", [VILLAGE, WINDOW, changed(VILLAGE, to_date=on(2010, 1, 1))])
def test_a_sound_committee_passes(record: Any) -> None:
    """A committee with what its kind asks for is accepted as it is."""
    checked = changed(record)
    committee.check(checked, None, rules())
    assert record == checked


def test_a_village_committee_serves_its_own_place() -> None:
    """A committee of a village that names no place serves the one it belongs to."""
    record = changed(VILLAGE, places=None)
    committee.check(record, None, rules())
    assert list(record.places) == ["north-1"]


def test_a_committee_of_the_district_may_serve_any_place() -> None:
    """A committee under the district's own code serves places of every office."""
    record = changed(WINDOW, office="district", place=None, places=["north-1", "south-1"])
    committee.check(record, None, rules())
    assert list(record.places) == ["north-1", "south-1"]


BUILDING = building_pb2.Building(
    office="north", title="测试大厦", households=300, officer_from_date=on(2012, 1, 1), from_date=on(2011, 1, 1)
)


@pytest.mark.parametrize(
    ("check", "record", "error"),
    [
        (centre.check, centre_pb2.Centre(from_date=on(2012, 1, 2), to_date=on(2012, 1, 1)), DateOrder),
        (building.check, changed(BUILDING, to_date=on(2010, 1, 1)), DateOrder),
        (building.check, changed(BUILDING, group_to_date=on(2012, 1, 1)), InvalidField),
        (building.check, changed(BUILDING, officer_to_date=on(2011, 1, 1)), DateOrder),
        (building.check, changed(BUILDING, officer_from_date=None, officer_name="张某某"), InvalidField),
        (premises.check, premises_pb2.Premises(to_date=on(2012, 1, 1)), InvalidField),
        (premises.check, premises_pb2.Premises(reached_date=on(2012, 1, 2), to_date=on(2012, 1, 1)), DateOrder),
        (rate_scheme.check, rate_scheme_pb2.RateScheme(from_date=on(2012, 2, 1), to_date=on(2012, 1, 1)), DateOrder),
    ],
)
def test_a_span_ends_after_it_begins(check: Any, record: Any, error: type[RuleError]) -> None:
    """Nothing ends before it begins, or without having begun."""
    with pytest.raises(error):
        check(record, None, rules())
