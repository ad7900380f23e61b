"""What the file of a released person lacks."""

from __future__ import annotations

from typing import Any

from geju.correction.v1 import released_person_pb2 as pb

from tests.integration.correction.resettlement.conftest import Bench
from tests.integration.correction.resettlement.examples import a
from tests.integration.servicers import NORTH, SOUTH
from tests.unit.correction.resettlement.people import APART, changed, on, released


async def papers(bench: Bench, person: pb.ReleasedPerson) -> dict[str, bool]:
    """Return the required papers, with whether each is there; the file is complete when all are."""
    answer = await bench.call("ReleasedPersonService/GetResettlementFile", NORTH, name=person.name)
    found = {item.code: item.present for item in answer.items if item.required}
    assert answer.complete == all(found.values())
    return found


async def test_a_registered_person_s_file_holds_agreement_and_visits(bench: Bench) -> None:
    """Announced, only the prison's notice is called for; on the books what was agreed and seen, by either office."""
    announced = await bench.make(released())
    assert {"notice": True} == await papers(bench, announced)
    person = await bench.person(id_number="测试证号", **APART)
    there: dict[str, bool] = {"notice": True, "link": True, "registration": True}
    assert there | {"listing": False, "agreement": False, "visits": False} == await papers(bench, person)
    for what in ("agreement", "visit"):
        await bench.make(changed(await a(bench, what, person), office="south"), SOUTH)
    given: dict[str, Any] = {"name": person.name, "listed_date": on(2012, 5, 1)}
    await bench.call("ReleasedPersonService/AcceptListing", SOUTH, **given)
    assert {True} == set((await papers(bench, person)).values())
