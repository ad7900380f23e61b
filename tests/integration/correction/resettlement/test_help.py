"""What is done for released persons, over the store: every kind, its person, its rules, its imports."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from geju.common.v1 import import_pb2
from geju.correction.v1 import (
    base_stay_service_pb2,
    emergency_drill_service_pb2,
    facts_pb2,
    helping_agreement_service_pb2,
    lost_contact_service_pb2,
    placement_pb2,
    placement_service_pb2,
    released_visit_service_pb2,
    resettlement_base_pb2,
    transition_grant_pb2,
)
from geju.correction.v1 import released_person_pb2 as pb
from geju.funds.v1 import fund_entry_pb2

from services.chassis.domain.errors import (
    AlreadyRecorded,
    FutureDate,
    ImpossibleTransition,
    InvalidField,
    NotFound,
    NotInForce,
    OverBudget,
    PaysARecord,
    PurposeNotCovered,
    RuleError,
    UnknownReference,
)
from services.chassis.domain.step_errors import StepFact
from services.correction.domain.resettlement.errors import (
    BaseFull,
    BaseUsed,
    EpisodeTaken,
    NotRegistered,
    PaidGrant,
    StaysAfterEnd,
)
from tests.integration.correction.resettlement.conftest import CLERK, SEALED, Bench
from tests.integration.correction.resettlement.examples import DAYS, MAY, OF_A_PERSON, OTHERS, a, table_of
from tests.integration.servicers import NORTH, SOUTH
from tests.unit.correction.resettlement.people import APART, KEY, changed, on, ref


@pytest.mark.parametrize("what", OF_A_PERSON)
async def test_a_record_about_a_person_is_made_read_changed_and_deleted(bench: Bench, what: str) -> None:
    """Its facts name the person by id; deleted, it is gone."""
    person = await bench.person()
    made = await bench.make(await a(bench, what, person), CLERK)
    assert (person.name, "north") == (made.person, made.office)
    day = {DAYS[what]: on(2012, 5, 2)}
    assert on(2012, 5, 2) == getattr(await bench.change("Update", made, CLERK, **day), DAYS[what])
    kind = next(kind for kind in bench.store.kinds if kind.message is type(made))
    [facts] = await bench.facts(kind.name, kind.facts)
    assert (person.name.partition("/")[2], on(2012, 5, 2)) == (facts.person, getattr(facts, DAYS[what]))
    assert not facts.sealed
    with pytest.raises(NotFound):
        await bench.get(made, SOUTH)
    await bench.delete(made, NORTH)
    with pytest.raises(NotFound):
        await bench.get(made)


@pytest.mark.parametrize("what", OTHERS)
async def test_a_record_about_nobody_is_made_read_changed_and_deleted(bench: Bench, what: str) -> None:
    """Surveys, staff, meetings and plans are kept like any register."""
    made = await bench.make(changed(OTHERS[what], office="north"), CLERK)
    field = next(field.name for field, _ in made.ListFields() if field.name.endswith("_date") and field.number > 9)
    made = await bench.change("Update", made, CLERK, **{field: on(2012, 5, 3)})
    assert on(2012, 5, 3) == getattr(await bench.get(made), field)
    await bench.delete(made, NORTH)
    with pytest.raises(NotFound):
        await bench.get(made)


@pytest.mark.parametrize("what", OF_A_PERSON)
@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"person": ref("releasedPersons", 9)}, UnknownReference),
        ({"office": "west"}, InvalidField),
        ({"day": on(2012, 2, 14)}, NotRegistered),
        ({"day": on(2012, 6, 3)}, FutureDate),
        ({"day": on(1800, 1, 1)}, RuleError),
        ({"office": "nowhere"}, RuleError),
        ({"person": "张某某"}, RuleError),
        ({"place": "south-9"}, RuleError),
    ],
)
async def test_bad_input_about_a_person_is_refused(bench: Bench, what: str, fields: Any, error: Any) -> None:
    """The person is there, the office is the person's, the day has come and the person was on the books."""
    person = await bench.person()
    given = {DAYS[what] if name == "day" else name: value for name, value in fields.items()}
    with pytest.raises(error):
        await bench.make(changed(await a(bench, what, person), **given))
    assert 0 == await bench.count(table_of(bench, OF_A_PERSON[what]))


@pytest.mark.parametrize("what", OF_A_PERSON)
async def test_both_offices_of_a_person_enter_what_they_do(bench: Bench, what: str) -> None:
    """The record is its office's own; it is given to nobody else later."""
    person = await bench.person(**APART)
    made = await bench.make(changed(await a(bench, what, person), office="south"), SOUTH)
    assert "south" == (await bench.get(made, SOUTH)).office
    other = await bench.person()
    with pytest.raises(InvalidField):
        await bench.change("Update", made, person=other.name)


@pytest.mark.parametrize("what", OF_A_PERSON)
async def test_what_is_done_for_a_minor_is_sealed_too(bench: Bench, what: str) -> None:
    """The seal of the file lies on every record about the person, whatever was sent."""
    person = await bench.person(SEALED, minor=True)
    made = await bench.make(await a(bench, what, person), SEALED)
    assert made.sealed
    with pytest.raises(NotFound):
        await bench.get(made, NORTH)
    with pytest.raises(UnknownReference):
        await bench.make(await a(bench, what, person), NORTH)


async def test_records_follow_the_file(bench: Bench) -> None:
    """Class and seal that change later change what followed from them, in either office's records."""
    person = await bench.person(**APART)
    mine = await bench.make(await a(bench, "visit", person))
    theirs = await bench.make(changed(await a(bench, "visit", person), office="south"), SOUTH)
    placed = await bench.make(await a(bench, "placement", person))
    assert on(2012, 8, 1) == mine.next_visit_due_date
    person = await bench.change("Update", person, changed_rights(), **KEY | {"key_to_date": None}, minor=True)
    await bench.follow(person)
    for record in (mine, theirs, placed):
        assert (await bench.get(record, changed_rights())).sealed
    assert on(2012, 6, 1) == (await bench.get(theirs, changed_rights())).next_visit_due_date
    before = await bench.rows("SELECT count(*) FROM outbox")
    await bench.follow(person)
    assert before == await bench.rows("SELECT count(*) FROM outbox")


def changed_rights() -> Any:
    """Return a caller who sees sealed files of every office."""
    return type(SEALED)("department-sealed", frozenset({"department", "sealed_files"}), frozenset({"*"}))


async def test_with_a_deleted_file_its_records_go(bench: Bench) -> None:
    """Nothing about the person counts any more."""
    person = await bench.person()
    for what in OF_A_PERSON:
        await bench.make(await a(bench, what, person))
    await bench.delete(person, NORTH)
    await bench.follow(person)
    for record in OF_A_PERSON.values():
        assert 0 == await bench.count(table_of(bench, record))


async def test_a_base_takes_as_many_as_it_has_places_whoever_sends_them(bench: Bench) -> None:
    """Stays of every office count; a place that was left is free the next day."""
    base = await bench.base()
    first = await bench.make(await a(bench, "stay", await bench.person(), base=base.name, to_date=on(2012, 5, 10)))
    assert base.kind == first.kind
    south = await bench.person(office="south")
    wanted = changed(await a(bench, "stay", south, base=base.name), office="south")
    with pytest.raises(BaseFull):
        await bench.make(changed(wanted, from_date=on(2012, 5, 10)), SOUTH)
    await bench.make(changed(wanted, from_date=on(2012, 5, 11)), SOUTH)
    with pytest.raises(BaseFull):
        await bench.change("Update", first, to_date=on(2012, 5, 11))
    with pytest.raises(BaseFull):
        await bench.change("Update", base, places=0)
    with pytest.raises(StaysAfterEnd):
        await bench.change("Update", base, to_date=on(2012, 5, 20))
    with pytest.raises(BaseUsed):
        await bench.change("Update", base, kind=resettlement_base_pb2.BASE_KIND_COMMUNITY_WORK)
    with pytest.raises(BaseUsed):
        await bench.delete(base, NORTH)


async def test_the_last_place_is_given_once(bench: Bench) -> None:
    """Of those who ask for it at the same time one gets it."""
    base = await bench.base()
    stays = [await a(bench, "stay", await bench.person(), base=base.name) for _ in range(4)]
    answers = await asyncio.gather(*map(bench.make, stays), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, BaseFull)]
    assert (1, 3) == (await bench.count("base_stay"), len(refused))


async def test_one_episode_is_entered_once(bench: Bench) -> None:
    """Of those who enter it at the same time one succeeds."""
    person = await bench.person()
    episodes = [await a(bench, "episode", person) for _ in range(4)]
    answers = await asyncio.gather(*map(bench.make, episodes), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, EpisodeTaken)]
    assert (1, 3) == (await bench.count("lost_contact"), len(refused))


async def test_a_stay_lies_within_the_days_of_its_base(bench: Bench) -> None:
    """Neither before the base opened nor after it closed."""
    base = await bench.base(from_date=on(2012, 5, 2), to_date=on(2012, 5, 20))
    person = await bench.person()
    for fields in ({}, {"from_date": on(2012, 5, 2), "to_date": on(2012, 5, 21)}):
        with pytest.raises(NotInForce):
            await bench.make(await a(bench, "stay", person, base=base.name, **fields))
    placed = await a(bench, "placement", person, kind=placement_pb2.PLACEMENT_KIND_BASE, base=base.name)
    with pytest.raises(NotInForce):
        await bench.make(placed)


async def test_two_episodes_out_of_touch_share_no_day(bench: Bench) -> None:
    """Not even when two offices tell of them; an episode ends once."""
    person = await bench.person(**APART)
    episode = await bench.make(await a(bench, "episode", person))
    with pytest.raises(EpisodeTaken):
        await bench.make(changed(await a(bench, "episode", person), office="south", from_date=on(2012, 5, 20)), SOUTH)
    verb = "LostContactService/RecordRegained"
    ended = await bench.call(verb, CLERK, name=episode.name, to_date=on(2012, 5, 10))
    assert on(2012, 5, 10) == ended.lost_contact.to_date
    with pytest.raises(AlreadyRecorded):
        await bench.call(verb, CLERK, name=episode.name)
    await bench.make(await a(bench, "episode", person, from_date=on(2012, 5, 11)))


async def pay(bench: Bench, grant: Any, earmark: str = "resettlement", **fields: Any) -> Any:
    """Pay a grant."""
    answer = await bench.call("TransitionGrantService/PayGrant", NORTH, name=grant.name, earmark=earmark, **fields)
    return answer.transition_grant


async def test_a_grant_is_paid_from_the_funds_or_not_at_all(bench: Bench) -> None:
    """Payment and spending stand or fall together; the earmark must cover the purpose and have the money."""
    grant = await bench.make(await a(bench, "grant", await bench.person()))
    await bench.budget(60000)
    await bench.budget(60000, "correction_work")
    with pytest.raises(PurposeNotCovered):
        await pay(bench, grant, "correction_work")
    paid = await pay(bench, grant, paid_date=on(2012, 5, 20))
    assert (transition_grant_pb2.TransitionGrant.STATE_PAID, 3) == (paid.state, await bench.count("fund_entry"))
    [spending] = await bench.rows("SELECT amount_fen, entry_date::text FROM fund_entry WHERE kind = 4")
    assert (50000, "2012-05-20") == tuple(spending)
    with pytest.raises(ImpossibleTransition):
        await pay(bench, grant)
    more = await bench.make(await a(bench, "grant", await bench.person()))
    with pytest.raises(OverBudget):
        await pay(bench, more)
    assert transition_grant_pb2.TransitionGrant.STATE_GRANTED == (await bench.get(more)).state


async def test_correcting_a_paid_grant_corrects_its_spending(bench: Bench) -> None:
    """Amount and day of the spending follow within the budget; a payment that never was leaves no spending."""
    await bench.budget(60000)
    paid = await pay(bench, await bench.make(await a(bench, "grant", await bench.person())))
    with pytest.raises(ImpossibleTransition):
        await bench.change("Update", paid, NORTH, amount_fen=1)
    with pytest.raises(OverBudget):
        await bench.change("Correct", paid, NORTH, amount_fen=60001)
    await bench.change("Correct", paid, NORTH, amount_fen=40000)
    [spending] = await bench.rows("SELECT amount_fen FROM fund_entry WHERE kind = 4")
    assert 40000 == spending["amount_fen"]
    with pytest.raises(PaysARecord):
        await bench.change("Update", fund_entry_pb2.FundEntry(name=paid.fund_entry), amount_fen=1)
    with pytest.raises(PaidGrant):
        await bench.delete(paid, NORTH)
    person = await bench.get(pb.ReleasedPerson(name=paid.person))
    with pytest.raises(PaidGrant):
        await bench.delete(person, NORTH)
    unpaid = await bench.change("Correct", paid, NORTH, paid_date=None)
    assert (transition_grant_pb2.TransitionGrant.STATE_GRANTED, "") == (unpaid.state, unpaid.fund_entry)
    assert 1 == await bench.count("fund_entry")


async def test_a_grant_is_not_entered_as_paid(bench: Bench) -> None:
    """A day of payment without spending is refused."""
    with pytest.raises(StepFact):
        await bench.make(await a(bench, "grant", await bench.person(), paid_date=MAY))


async def test_a_survey_is_closed_with_its_answers(bench: Bench) -> None:
    """Then it is corrected, not updated."""
    made = await bench.make(changed(OTHERS["survey"], office="north"))
    closed = await bench.call("SituationSurveyService/CloseSurvey", name=made.name, answers=8)
    assert (8, on(2012, 6, 1)) == (closed.situation_survey.answers, closed.situation_survey.closed_date)
    with pytest.raises(ImpossibleTransition):
        await bench.change("Update", made, answers=9)


async def test_a_drill_is_of_a_plan_in_force(bench: Bench) -> None:
    """A plan that was not in force on the day, or is none, is refused."""
    plan = await bench.make(changed(OTHERS["plan"], office="district"))
    drill = changed(OTHERS["drill"], office="north", plan=plan.name)
    await bench.make(drill, CLERK)
    with pytest.raises(NotInForce):
        await bench.make(changed(drill, held_date=on(2012, 4, 30)))
    with pytest.raises(UnknownReference):
        await bench.make(changed(drill, plan=ref("emergencyPlans", 9)))


async def imported(bench: Bench, record: Any, row: type[Any], *records: Any) -> list[import_pb2.RowVerdict]:
    """Import records of a kind by a clerk; return the verdicts."""
    kind = next(kind for kind in bench.store.kinds if kind.message is type(record))
    rows = [row(row=i, **{kind.snake: each}) for i, each in enumerate(records, 2)]
    plural = {"ReleasedVisit": "ReleasedVisits", "BaseStay": "BaseStays", "Placement": "Placements"}
    name = record.DESCRIPTOR.name
    verb = f"{name}Service/Import{plural.get(name, name + 's')}"
    return list((await bench.call(verb, CLERK, rows=rows)).verdicts)


async def test_visits_are_taken_over_by_the_office_s_number_of_the_person(bench: Bench) -> None:
    """A known number is the person, an unknown and a sealed one are refused, the same line again changes nothing."""
    await bench.person(key="G-1")
    await bench.person(SEALED, key="G-2", minor=True)
    lines = [
        changed(OF_A_PERSON["visit"], office="north", key=f"Z-{number}", person=f"G-{number}") for number in (1, 2, 3)
    ]
    row = released_visit_service_pb2.ReleasedVisitImportRow
    created, rejected = import_pb2.ROW_OUTCOME_CREATED, import_pb2.ROW_OUTCOME_REJECTED
    verdicts = await imported(bench, lines[0], row, *lines)
    assert [created, rejected, rejected] == [verdict.outcome for verdict in verdicts]
    again = await imported(bench, lines[0], row, lines[0])
    assert import_pb2.ROW_OUTCOME_UNCHANGED == again[0].outcome
    [facts] = await bench.facts("released_visit", facts_pb2.ReleasedVisitFacts)
    assert (on(2012, 8, 1), on(2012, 7, 30)) == (facts.next_visit_due, facts.confirmed_due)


async def test_stays_and_placements_name_base_and_person_by_number(bench: Bench) -> None:
    """The last place of a base is given to the first line that asks for it."""
    await bench.base(key="J-1")
    for number in (1, 2):
        await bench.person(key=f"G-{number}")
    stays = [changed(OF_A_PERSON["stay"], office="north", key=f"A-{n}", person=f"G-{n}", base="J-1") for n in (1, 2)]
    verdicts = await imported(bench, stays[0], base_stay_service_pb2.BaseStayImportRow, *stays)
    assert ["", "BASE_FULL"] == [verdict.errors[0].reason if verdict.errors else "" for verdict in verdicts]
    kind = placement_pb2.PLACEMENT_KIND_BASE
    placed = changed(OF_A_PERSON["placement"], office="north", key="A-1", person="G-1", base="J-1", kind=kind)
    [verdict] = await imported(bench, placed, placement_service_pb2.PlacementImportRow, placed)
    assert import_pb2.ROW_OUTCOME_CREATED == verdict.outcome


async def test_drills_name_their_plan_by_number(bench: Bench) -> None:
    """A drill without a plan is taken over as well."""
    await bench.make(changed(OTHERS["plan"], office="north", key="Y-1"))
    drills = [changed(OTHERS["drill"], office="north", key=f"L-{n}", plan=plan) for n, plan in ((1, "Y-1"), (2, ""))]
    verdicts = await imported(bench, drills[0], emergency_drill_service_pb2.EmergencyDrillImportRow, *drills)
    assert [import_pb2.ROW_OUTCOME_CREATED] * 2 == [verdict.outcome for verdict in verdicts]


async def test_lines_of_one_sheet_do_not_overlap_either(bench: Bench) -> None:
    """Two episodes of a person in the same sheet are judged by each other; a refused line hinders none."""
    person = await bench.person()
    episode = changed(OF_A_PERSON["episode"], office="north", person=person.name, key="S-1")
    lines = [changed(episode, office="west"), episode, changed(episode, key="S-2")]
    verdicts = await imported(bench, episode, lost_contact_service_pb2.LostContactImportRow, *lines)
    outcomes = [verdict.outcome for verdict in verdicts]
    assert [
        import_pb2.ROW_OUTCOME_REJECTED,
        import_pb2.ROW_OUTCOME_CREATED,
        import_pb2.ROW_OUTCOME_REJECTED,
    ] == outcomes


async def test_agreements_name_their_helpers_as_people_write_them(bench: Bench) -> None:
    """Name and kind make a helper, a name alone is refused; the same line again changes nothing."""
    await bench.person(key="G-1")
    lines = [changed(OF_A_PERSON["agreement"], office="north", key=f"X-{n}", person="G-1", helpers=[]) for n in (1, 2)]
    names = (["测试乙(志愿者)", "测试丙(亲属)"], ["测试乙"])
    verb = "HelpingAgreementService/ImportHelpingAgreements"
    for expected in (import_pb2.ROW_OUTCOME_CREATED, import_pb2.ROW_OUTCOME_UNCHANGED):
        rows = [
            helping_agreement_service_pb2.HelpingAgreementImportRow(row=i, helping_agreement=line, helper_names=helpers)
            for i, (line, helpers) in enumerate(zip(lines, names, strict=True), 2)
        ]
        taken, refused = (await bench.call(verb, CLERK, rows=rows)).verdicts
        assert (expected, import_pb2.ROW_OUTCOME_REJECTED) == (taken.outcome, refused.outcome)
        assert "helpers[0].kind" == refused.errors[0].field
    [facts] = await bench.facts("helping_agreement", facts_pb2.HelpingAgreementFacts)
    assert 2 == facts.helpers
