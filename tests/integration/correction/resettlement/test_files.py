"""Files of released persons over the store: steps, two offices, sealed files, prison notices."""

from __future__ import annotations

from typing import Any

import pytest
from geju.common.v1 import import_pb2
from geju.correction.v1 import facts_pb2
from geju.correction.v1 import released_person_pb2 as pb
from geju.correction.v1 import released_person_service_pb2 as rpc

from services.chassis.context import Caller
from services.chassis.domain.errors import (
    ImpossibleTransition,
    KeyTaken,
    NotFound,
    PermissionDenied,
    PurposeRequired,
    RuleError,
    StaleEtag,
    UnknownOffice,
)
from services.chassis.domain.step_errors import StepFact
from services.correction.domain.resettlement.errors import HouseholdMoves, HouseholdOffice, OtherOffice
from tests.integration.correction.resettlement.conftest import CLERK, SEALED, Bench
from tests.integration.servicers import DEPARTMENT, NORTH, SOUTH
from tests.unit.correction.resettlement.people import APART, LINKED, REGISTERED, changed, on, released

PERSON = "ReleasedPersonService/"
WEST = Caller("head-west", frozenset({"office_head"}), frozenset({"west"}))


async def step(bench: Bench, verb: str, person: Any, caller: Caller = DEPARTMENT, **fields: Any) -> pb.ReleasedPerson:
    """Take a step of a file."""
    answer = await bench.call(PERSON + verb, caller, name=person.name, **fields)
    return answer.released_person  # type: ignore[no-any-return]


async def test_a_file_goes_from_the_notice_to_its_closing(bench: Bench) -> None:
    """Every step leaves its day, and its change in the outbox under a name of its own."""
    person = await bench.make(released(), CLERK)
    assert pb.ReleasedPerson.STATE_ANNOUNCED == person.state
    person = await step(bench, "RecordNotLinked", person, CLERK, not_linked_date=on(2012, 2, 21))
    person = await step(bench, "LinkPerson", person, CLERK, linked_date=on(2012, 3, 1))
    person = await step(bench, "RegisterPerson", person, CLERK, registered_date=on(2012, 3, 2))
    assert on(2012, 6, 2) == person.first_visit_due_date
    ground = pb.CLOSE_GROUND_MOVED_AWAY
    person = await step(bench, "CloseReleasedPerson", person, CLERK, close_ground=ground)
    assert (pb.ReleasedPerson.STATE_CLOSED, on(2012, 6, 1)) == (person.state, person.closed_date)
    rows = await bench.rows("SELECT change FROM outbox ORDER BY revision")
    assert ["announced", "not_linked", "linked", "registered", "closed"] == [row["change"] for row in rows]


async def test_the_facts_of_a_file_say_where_it_stands_and_not_who_it_is(bench: Bench) -> None:
    """Days, dues and yes or no; no name, no number, no place."""
    await bench.person(place="north-1", birth_year=1990, three_none=True, **APART)
    [facts] = await bench.facts("released_person", facts_pb2.ReleasedPersonFacts)
    assert ("north", "", "south") == (facts.office, facts.place, facts.second_office)
    assert (on(2012, 2, 20), on(2017, 2, 9)) == (facts.link_due, facts.five_years_due)
    assert (on(2014, 12, 31), on(2012, 5, 20)) == (facts.youth_due, facts.first_visit_due)
    assert (True, True, True) == (facts.separated, facts.three_none, facts.placeable)
    assert b"\xe5\xbc\xa0" not in facts.SerializeToString()


async def test_both_offices_see_and_keep_the_file_of_who_lives_apart(bench: Bench) -> None:
    """Either office finds the person in its own list and may change it; a third one finds nothing."""
    person = await bench.person(**APART)
    for caller, office in ((NORTH, "north"), (SOUTH, "south"), (DEPARTMENT, "south")):
        listed = await bench.call(PERSON + "ListReleasedPersons", caller, filter={"office": office})
        assert [person.name] == [found.name for found in listed.released_persons]
        person = await bench.change("Update", person, caller, phone=f"测试{caller.subject}")
    assert [] == list((await bench.call(PERSON + "ListReleasedPersons", WEST)).released_persons)
    with pytest.raises(NotFound):
        await bench.get(person, WEST)
    with pytest.raises(NotFound):
        await step(bench, "CloseReleasedPerson", person, WEST, close_ground=pb.CLOSE_GROUND_DIED)


async def test_the_office_of_the_residence_confirms_the_listing(bench: Bench) -> None:
    """The household's office cannot confirm for another one; for an end outside the district it does."""
    person = await bench.person(**APART)
    with pytest.raises(OtherOffice):
        await step(bench, "AcceptListing", person, NORTH)
    person = await step(bench, "AcceptListing", person, SOUTH, listed_date=on(2012, 5, 1))
    assert on(2012, 5, 1) == person.listed_date
    elsewhere = await bench.person(separated=True)
    assert (await step(bench, "AcceptListing", elsewhere, NORTH)).HasField("listed_date")


async def test_who_moves_to_a_third_office_is_seen_by_it_and_no_more_by_the_second(bench: Bench) -> None:
    """The confirmation is forgotten with the residence."""
    person = await bench.person(**APART)
    await step(bench, "AcceptListing", person, SOUTH)
    person = await bench.change("Update", person, NORTH, residence_office="west")
    assert not (await bench.get(person, WEST)).HasField("listed_date")
    with pytest.raises(NotFound):
        await bench.get(person, SOUTH)


async def test_the_office_of_the_residence_neither_deletes_nor_closes_nor_moves_a_file(bench: Bench) -> None:
    """What the household's office keeps is refused to the other one, whichever way it is asked for."""
    person = await bench.person(key="G-1", **APART)
    with pytest.raises(HouseholdOffice):
        await bench.delete(person, SOUTH)
    with pytest.raises(HouseholdOffice):
        await step(bench, "CloseReleasedPerson", person, SOUTH, close_ground=pb.CLOSE_GROUND_DIED)
    changes: tuple[dict[str, Any], ...] = (
        {"residence_office": "west"},
        {"separated": None, "residence_office": None},
        {"office": "south", "residence_office": "north"},
    )
    for change in changes:  # a record without one of the caller's offices is none of theirs, whoever asks
        with pytest.raises((HouseholdOffice, NotFound)):
            await bench.change("Update", person, SOUTH, **change)
    with pytest.raises(HouseholdOffice):
        await bench.change(
            "Correct", person, SOUTH, closed_date=on(2012, 5, 1), close_ground=pb.CLOSE_GROUND_MOVED_AWAY
        )
    closed = released(key="G-1", closed_date=on(2012, 5, 1), close_ground=pb.CLOSE_GROUND_DIED, **REGISTERED)
    [verdict] = await notices(bench, closed, caller=SOUTH)
    assert "PERMISSION_DENIED" == verdict.errors[0].reason
    assert person == await bench.get(person, NORTH)


async def test_a_file_moves_by_a_correction_of_who_has_to_do_with_both_offices(bench: Bench) -> None:
    """No office gives its file away or takes another's; the department corrects the household."""
    person = await bench.person(**APART)
    swapped = {"office": "south", "residence_office": "north"}
    for verb, caller in (("Update", NORTH), ("Update", DEPARTMENT), ("Correct", NORTH)):
        with pytest.raises(HouseholdMoves):
            await bench.change(verb, person, caller, **swapped)
    assert "south" == (await bench.change("Correct", person, **swapped)).office


async def test_a_residence_in_no_office_is_refused(bench: Bench) -> None:
    """The profile knows the offices."""
    with pytest.raises(UnknownOffice):
        await bench.person(separated=True, residence_office="nowhere")


async def test_a_sealed_file_is_there_only_for_who_may_see_it(bench: Bench) -> None:
    """Without the right the file of a minor is not found, not listed, and its number taken."""
    person = await bench.person(SEALED, minor=True, key="G-1")
    assert person.sealed
    assert person.name == (await bench.get(person, SEALED)).name
    with pytest.raises(NotFound):
        await bench.get(person, NORTH)
    with pytest.raises(NotFound):
        await step(bench, "CloseReleasedPerson", person, NORTH, close_ground=pb.CLOSE_GROUND_DIED)
    assert [] == list((await bench.call(PERSON + "ListReleasedPersons", NORTH)).released_persons)
    with pytest.raises(PermissionDenied):
        await bench.person(NORTH, minor=True)
    with pytest.raises(KeyTaken):
        await bench.person(NORTH, key="G-1")


@pytest.mark.parametrize("method", ["GetReleasedPerson", "ListReleasedPersons", "RenderResettlementDocument"])
async def test_every_read_names_its_purpose(bench: Bench, method: str) -> None:
    """A read without a purpose is refused before anything is looked at; one with it is in the audit trail."""
    person = await bench.person()
    fields: dict[str, Any] = {} if method.startswith("List") else {"name": person.name}
    fields |= {"document": 1} if method.startswith("Render") else {}
    with pytest.raises(PurposeRequired):
        await bench.call(PERSON + method, purpose="", **fields)
    await bench.call(PERSON + "GetReleasedPerson", name=person.name, purpose="季度核查")
    [row] = await bench.rows("SELECT purpose FROM audit WHERE change = 'read'")
    assert "季度核查" == row["purpose"]


async def test_what_a_step_recorded_is_corrected_by_the_head_and_not_updated(bench: Bench) -> None:
    """An update of a step's day is refused; a correction of it moves what follows."""
    person = await bench.person()
    with pytest.raises(StepFact):
        await bench.change("Update", person, NORTH, registered_date=on(2012, 3, 1))
    person = await bench.change("Correct", person, NORTH, registered_date=on(2012, 3, 1))
    assert on(2012, 6, 1) == person.first_visit_due_date
    person = await bench.change("Correct", person, NORTH, registered_date=None)
    assert pb.ReleasedPerson.STATE_LINKED == person.state


async def test_a_closed_file_is_corrected_only(bench: Bench) -> None:
    """Updates and further steps are refused; a correction may open it again."""
    person = await bench.person(closed_date=on(2012, 5, 1), close_ground=pb.CLOSE_GROUND_DIED)
    with pytest.raises(ImpossibleTransition):
        await bench.change("Update", person, phone="测试电话")
    with pytest.raises(ImpossibleTransition):
        await step(bench, "CloseReleasedPerson", person, close_ground=pb.CLOSE_GROUND_DIED)
    person = await bench.change("Correct", person, closed_date=None, close_ground=None)
    assert pb.ReleasedPerson.STATE_REGISTERED == person.state


async def test_a_step_on_an_old_revision_is_refused(bench: Bench) -> None:
    """Whoever saw an older revision looks again first."""
    person = await bench.make(released())
    await bench.change("Update", person, phone="测试电话")
    with pytest.raises(StaleEtag):
        await step(bench, "LinkPerson", person, etag=person.etag)


async def test_a_trial_run_keeps_nothing(bench: Bench) -> None:
    """With validate_only the answer is what it would be."""
    person = await bench.make(released())
    tried = await step(bench, "LinkPerson", person, validate_only=True)
    assert pb.ReleasedPerson.STATE_LINKED == tried.state
    assert pb.ReleasedPerson.STATE_ANNOUNCED == (await bench.get(person)).state


async def notices(bench: Bench, *persons: pb.ReleasedPerson, caller: Caller = CLERK) -> list[import_pb2.RowVerdict]:
    """Import prison notices."""
    rows = [rpc.ReleasedPersonImportRow(row=i, released_person=person) for i, person in enumerate(persons, 2)]
    return list((await bench.call(PERSON + "ImportReleasedPersons", caller, rows=rows)).verdicts)


async def test_prison_notices_are_taken_over_once(bench: Bench) -> None:
    """A notice makes a file, the same one again changes nothing, a corrected one changes it, a bad one is refused."""
    notice = released(key="G-1", released_date=on(2012, 7, 1))
    made, again = await notices(bench, notice), await notices(bench, notice, released(key="G-2", office="nowhere"))
    assert [import_pb2.ROW_OUTCOME_CREATED] == [verdict.outcome for verdict in made]
    assert [import_pb2.ROW_OUTCOME_UNCHANGED, import_pb2.ROW_OUTCOME_REJECTED] == [v.outcome for v in again]
    [moved] = await notices(bench, changed(notice, released_date=on(2012, 6, 20)))
    assert (import_pb2.ROW_OUTCOME_UPDATED, made[0].name) == (moved.outcome, moved.name), moved
    assert 1 == await bench.count("released_person")


async def test_a_register_is_taken_over_with_its_steps(bench: Bench) -> None:
    """A line may tell the steps that were taken; later lines add steps and change none."""
    lines = [released(key="G-1", **LINKED), released(key="G-2", **REGISTERED)]
    await notices(bench, *lines)
    added, refused = await notices(
        bench, released(key="G-1", **REGISTERED), released(key="G-2", **LINKED | {"registered_date": on(2012, 3, 1)})
    )
    assert import_pb2.ROW_OUTCOME_UPDATED == added.outcome
    assert (import_pb2.ROW_OUTCOME_REJECTED, "STEP_FACT") == (refused.outcome, refused.errors[0].reason)


async def test_an_import_leaves_a_closed_file_to_the_head_of_the_office(bench: Bench) -> None:
    """A clerk's line does not change a closed file; the head's may."""
    closed = released(key="G-1", **REGISTERED, closed_date=on(2012, 5, 1), close_ground=pb.CLOSE_GROUND_DIED)
    await notices(bench, closed)
    [refused] = await notices(bench, changed(closed, phone="测试电话"))
    assert import_pb2.ROW_OUTCOME_REJECTED == refused.outcome
    [taken] = await notices(bench, changed(closed, phone="测试电话"), caller=NORTH)
    assert import_pb2.ROW_OUTCOME_UPDATED == taken.outcome


async def test_a_notice_with_a_sealed_file_s_number_is_refused(bench: Bench) -> None:
    """Who may not see the file learns that the number is taken, nothing else."""
    await bench.person(SEALED, minor=True, key="G-1")
    [verdict] = await notices(bench, released(key="G-1"))
    assert (import_pb2.ROW_OUTCOME_REJECTED, "KEY_TAKEN") == (verdict.outcome, verdict.errors[0].reason)


async def test_a_person_is_found_by_name_and_number_exactly(bench: Bench) -> None:
    """Search is by keyed hash: exactly that name, that number, that telephone."""
    await bench.person(full_name="张某甲", id_number="测试证号1")
    await bench.person(full_name="张某")
    for fields, expected in (({"full_name_exact": "张某"}, 1), ({"id_number_exact": "测试证号1"}, 1)):
        listed = await bench.call(PERSON + "ListReleasedPersons", filter=fields)
        assert expected == len(listed.released_persons)


async def test_no_error_names_the_person(bench: Bench) -> None:
    """Messages and details of refusals carry codes and days."""
    person = await bench.person(full_name="张某某标记", **APART)
    for verb, caller in (("RegisterPerson", NORTH), ("AcceptListing", NORTH)):
        with pytest.raises(RuleError) as refused:
            await step(bench, verb, person, caller)
        assert "标记" not in refused.value.message + str(refused.value.facts)
