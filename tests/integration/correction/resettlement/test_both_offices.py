"""What one office records about a person whom two offices list is there for both."""

from __future__ import annotations

from typing import Any

import pytest
from geju.correction.v1 import facts_pb2, help_act_pb2, new_offence_pb2

from services.chassis.context import Caller
from services.chassis.domain.errors import NotFound
from tests.integration.correction.resettlement.conftest import Bench
from tests.integration.correction.resettlement.examples import OF_A_PERSON, a
from tests.integration.servicers import NORTH, SOUTH
from tests.unit.correction.resettlement.people import APART, changed, on

WEST = Caller("head-west", frozenset({"office_head"}), frozenset({"west"}))
MAY = on(2012, 5, 1)


async def records_of(bench: Bench, person: Any, office: str) -> list[Any]:
    """Make one record of every kind about a person in an office."""
    made = [await bench.make(changed(await a(bench, what, person), office=office)) for what in OF_A_PERSON]
    given: dict[str, Any] = {"office": office, "person": person.name}
    made.append(await bench.make(help_act_pb2.HelpAct(**given, kind=1, given_date=MAY)))
    made.append(await bench.make(new_offence_pb2.NewOffence(**given, offence_class=1, committed_date=MAY)))
    return made


@pytest.mark.parametrize("office", ["north", "south"])
async def test_both_offices_see_what_either_records(bench: Bench, office: str) -> None:
    """Household and residence alike; a third office finds nothing."""
    person = await bench.person(**APART)
    for record in await records_of(bench, person, office):
        assert {"north", "south"} == {record.office, record.second_office}
        assert record == await bench.get(record, NORTH) == await bench.get(record, SOUTH)
        with pytest.raises(NotFound):
            await bench.get(record, WEST)


async def test_a_record_of_somebody_at_home_is_one_office_s(bench: Bench) -> None:
    """There is no second office where there is no second residence."""
    person = await bench.person()
    for record in await records_of(bench, person, "north"):
        assert "" == record.second_office
        with pytest.raises(NotFound):
            await bench.get(record, SOUTH)


async def test_a_visit_is_in_the_lists_of_both_offices_and_its_facts_name_both(bench: Bench) -> None:
    """The household's office looks up the visits of the residence's under its own name."""
    visit = await bench.make(changed(await a(bench, "visit", await bench.person(**APART)), office="south"), SOUTH)
    for caller, office in ((NORTH, "north"), (SOUTH, "south")):
        listed = await bench.call("ReleasedVisitService/ListReleasedVisits", caller, filter={"office": office})
        assert [visit.name] == [one.name for one in listed.released_visits]
    [facts] = await bench.facts("released_visit", facts_pb2.ReleasedVisitFacts)
    assert ("south", "north") == (facts.office, facts.second_office)


async def test_records_follow_the_residence(bench: Bench) -> None:
    """A new residence's office gets what the household's has recorded, the former one keeps its own, for both."""
    person = await bench.person(**APART)
    visits = [await bench.make(changed(await a(bench, "visit", person), office=one)) for one in ("north", "south")]
    await bench.follow(await bench.change("Update", person, NORTH, residence_office="west"))
    assert "west" == (await bench.get(visits[0], WEST)).second_office
    with pytest.raises(NotFound):
        await bench.get(visits[0], SOUTH)
    assert "north" == (await bench.get(visits[1], SOUTH)).second_office
    home = await bench.change("Update", person, NORTH, separated=None, residence_office=None)
    await bench.follow(home)
    assert ["", "north"] == [(await bench.get(visit, NORTH)).second_office for visit in visits]
