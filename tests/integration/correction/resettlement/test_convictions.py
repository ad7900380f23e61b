"""Convictions of released persons: the offences say, the file follows."""

from __future__ import annotations

from geju.correction.v1 import new_offence_pb2

from tests.integration.correction.resettlement.conftest import Bench
from tests.integration.servicers import DEPARTMENT
from tests.unit.correction.resettlement.people import APART, changed, on

OFFENCE = new_offence_pb2.NewOffence(
    office="north", offence_class=1, committed_date=on(2012, 3, 1), convicted_date=on(2012, 5, 20)
)


async def test_a_conviction_is_on_the_file_as_long_as_the_offence_says_so(bench: Bench) -> None:
    """The first conviction counts; corrected, deleted or outside the five years it is taken back."""
    person = await bench.person(**APART)
    first = await bench.make(changed(OFFENCE, person=person.name))
    south = changed(OFFENCE, person=person.name, office="south", convicted_date=on(2012, 5, 10))
    second = await bench.make(south)
    assert on(2012, 5, 10) == (await bench.get(person)).convicted_date
    await bench.delete(second)
    assert on(2012, 5, 20) == (await bench.get(person)).convicted_date
    await bench.change("Correct", first, convicted_date=None)
    assert not (await bench.get(person)).HasField("convicted_date")
    await bench.change("Correct", first, convicted_date=on(2012, 5, 25))
    assert on(2012, 5, 25) == (await bench.get(person)).convicted_date
    changes = await bench.rows("SELECT change FROM outbox WHERE kind = 'released_person' ORDER BY revision")
    assert ["announced", *["convicted"] * 5] == [row["change"] for row in changes]


async def test_a_corrected_release_is_judged_by_the_same_offences(bench: Bench) -> None:
    """A conviction before the day of release is none of a released person."""
    person = await bench.person()
    await bench.make(changed(OFFENCE, person=person.name))
    released = {"released_date": on(2012, 5, 21), "linked_date": on(2012, 5, 22), "registered_date": on(2012, 5, 23)}
    person = await bench.change("Correct", await bench.get(person), DEPARTMENT, **released)
    assert not person.HasField("convicted_date")
