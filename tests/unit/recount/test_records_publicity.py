"""The recount of law publicity works out whom activities reached, and school years, as the service does."""

from __future__ import annotations

from typing import Any

import pytest
from geju.publicity.v1.school_year_pb2 import InPlace, SchoolYear

from services.publicity.activities.kinds import ACTIVITY
from services.publicity.places.kinds import SCHOOL_YEAR
from tests.support.as_facts import as_facts
from tests.support.publicity import PROFILE, audience, held, planned
from tests.support.records import on

DONE = InPlace(evidence="示例材料", date=on(2011, 9, 1))
YEAR: dict[str, Any] = {"office": "north", "school": "schools/1", "year": 2011}
READ = {
    "planned": (ACTIVITY, planned()),
    "the total is said": (ACTIVITY, held(people=35)),
    "the total is the sum": (ACTIVITY, held(audience=audience(pupils=30, women_children=7), people=0)),
    "all four in place": (SCHOOL_YEAR, SchoolYear(**YEAR, plan=DONE, hours=DONE, textbooks=DONE, teachers=DONE)),
    "some of it": (SCHOOL_YEAR, SchoolYear(**YEAR, hours=DONE)),
}


@pytest.mark.parametrize("record", READ)
def test_a_record_is_read_as_the_service_tells_of_it(record: str) -> None:
    """Every fact that a figure rests on is the same, though worked out apart."""
    kind, given = READ[record]
    [read] = as_facts({kind.name: {"1": given}}, PROFILE)[kind.name].values()
    told: Any = kind.to_facts(given)
    told.office = given.office  # what every record has is filled in for the kind
    assert told == read
