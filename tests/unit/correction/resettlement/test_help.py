"""What is done for released persons: visits, placements, grants, stays, surveys, convictions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.correction.v1 import (
    base_stay_pb2,
    emergency_drill_pb2,
    helping_agreement_pb2,
    lost_contact_pb2,
    new_offence_pb2,
    placement_pb2,
    released_visit_pb2,
    resettlement_base_pb2,
    situation_survey_pb2,
    supervised_person_pb2,
    transition_grant_pb2,
)

from services.chassis.domain.errors import (
    AlreadyRecorded,
    BadReference,
    DateOrder,
    ImpossibleTransition,
    InvalidField,
    NotInForce,
    RuleError,
)
from services.chassis.domain.spans import check_in_force
from services.chassis.domain.step_errors import StepFact
from services.correction.domain.errors import NotAPerson
from services.correction.domain.resettlement import (
    agreement,
    base,
    conviction,
    grant,
    lost_contact,
    opening,
    placement,
    released_person,
    staff,
    survey,
    tracking,
    visit,
)
from services.correction.domain.resettlement.errors import (
    BaseFull,
    BaseUsed,
    EpisodeTaken,
    NotRegistered,
    PaidGrant,
    StaysAfterEnd,
)
from tests.unit.correction.resettlement.people import KEY, REGISTERED, changed, on, ref, released, rules

PERSON = {"office": "north", "person": ref("releasedPersons")}
VISIT = released_visit_pb2.ReleasedVisit(**PERSON, visit_date=on(2012, 5, 31), confirmed=True)
GRANT = transition_grant_pb2.TransitionGrant(**PERSON, amount_fen=50000, granted_date=on(2012, 5, 1))
PLACED = placement_pb2.Placement(**PERSON, kind=placement_pb2.PLACEMENT_KIND_JOB, from_date=on(2011, 8, 31))
BASE = resettlement_base_pb2.ResettlementBase(places=2, from_date=on(2012, 1, 1), to_date=on(2012, 12, 31))
STAY = base_stay_pb2.BaseStay(**PERSON, base=ref("resettlementBases"), from_date=on(2012, 5, 1))
SURVEY = situation_survey_pb2.SituationSurvey(opened_date=on(2012, 5, 1), sample=10)
EPISODE = lost_contact_pb2.LostContact(**PERSON, from_date=on(2012, 5, 1), to_date=on(2012, 5, 10))
OTHER_PERSON = ref("supervisedPersons")


def file(**fields: Any) -> Any:
    """Return a registered person."""
    person = released(**REGISTERED | fields)
    released_person.check(person, None, rules())
    return person


@pytest.mark.parametrize(
    ("day", "fields", "expected"),
    [
        (on(2012, 5, 31), {}, on(2012, 8, 31)),
        (on(2012, 3, 31), KEY, on(2012, 4, 30)),
        (on(2012, 4, 30), KEY, on(2012, 5, 30)),
        (on(2012, 5, 1), KEY, on(2012, 8, 1)),
        (on(2015, 1, 1), {}, on(2015, 7, 1)),
    ],
)
def test_the_next_visit_is_due_by_the_class_and_the_rule_of_the_day(day: Any, fields: Any, expected: Any) -> None:
    """Key persons are seen monthly, others quarterly, by the rule in force on the day of the visit."""
    made = changed(VISIT, visit_date=day)
    visit.follow(made, file(**fields), rules())
    assert expected == made.next_visit_due_date


@pytest.mark.parametrize(("confirmed", "expected"), [(True, on(2012, 8, 29)), (False, None)])
def test_a_confirmation_is_fresh_for_ninety_days(confirmed: bool, expected: Any) -> None:  # noqa: FBT001
    """A visit that confirmed nothing leaves nothing fresh, whatever it said before."""
    made = changed(VISIT, confirmed=confirmed, confirmed_due_date=on(2012, 6, 1))
    visit.follow(made, file(), rules())
    assert expected == (made.confirmed_due_date if made.HasField("confirmed_due_date") else None)


@pytest.mark.parametrize(
    ("birth_year", "expected"), [(0, None), (1986, None), (1987, None), (1988, date(2012, 12, 31))]
)
def test_youth_ends_with_the_year_before_the_25th_birthday(birth_year: int, expected: date | None) -> None:
    """Who is 25 in the year of release, or of unknown age, is no youth."""
    assert expected == tracking.youth_due(file(birth_year=birth_year))


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({}, date(2012, 2, 14)),
        ({"linked_date": None, "registered_date": None}, date(2012, 3, 1)),
        ({"closed_date": on(2012, 5, 1), "close_ground": 2}, date(2012, 5, 2)),
    ],
)
def test_nothing_is_done_for_who_is_not_on_the_books(fields: Any, day: date) -> None:
    """Before linking up and after closing there is no file to enter into."""
    person = changed(released(**REGISTERED), **fields)
    with pytest.raises(NotRegistered):
        tracking.check_on_books(person, "visit_date", day)


@pytest.mark.parametrize("day", [date(2012, 2, 15), date(2012, 5, 1), date(2019, 1, 1)])
def test_a_file_is_open_from_linking_up_until_it_is_closed(day: date) -> None:
    """First and last day count."""
    tracking.check_on_books(file(), "visit_date", day)
    closed = file(closed_date=on(2012, 5, 1), close_ground=2)
    tracking.check_on_books(closed, "visit_date", min(day, date(2012, 5, 1)))


@pytest.mark.parametrize(
    ("check", "record", "error"),
    [
        (visit.check, changed(VISIT, person=OTHER_PERSON), NotAPerson),
        (agreement.check, helping_agreement_pb2.HelpingAgreement(person="J-1"), BadReference),
        (
            agreement.check,
            helping_agreement_pb2.HelpingAgreement(from_date=on(2012, 5, 1), to_date=on(2012, 4, 1)),
            DateOrder,
        ),
        (placement.check, changed(PLACED, kind=placement_pb2.PLACEMENT_KIND_BASE), InvalidField),
        (placement.check, changed(PLACED, base=ref("resettlementBases")), InvalidField),
        (placement.check, changed(PLACED, base=ref("committees")), BadReference),
        (grant.check, changed(GRANT, paid_date=on(2012, 4, 30)), DateOrder),
        (lost_contact.check, changed(EPISODE, to_date=on(2012, 4, 30)), DateOrder),
        (survey.check, changed(SURVEY, answers=11), InvalidField),
        (survey.check, changed(SURVEY, closed_date=on(2012, 4, 30)), DateOrder),
        (base.check, changed(BASE, to_date=on(2011, 12, 31)), DateOrder),
        (base.check_stay, changed(STAY, person=ref("committees")), BadReference),
        (base.check_stay, changed(STAY, base=""), None),
        (base.check_stay, changed(STAY, person=OTHER_PERSON), None),
        (staff.check_drill, emergency_drill_pb2.EmergencyDrill(plan=ref("committees")), BadReference),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(check: Any, record: Any, error: type[RuleError] | None) -> None:
    """References name the right kind of record and days stand in order."""
    if error is None:
        check(record, None, rules())
        return
    with pytest.raises(error):
        check(record, None, rules())


def test_a_job_is_judged_six_months_after_its_start() -> None:
    """Where the month has no such day, on its last one."""
    assert date(2012, 2, 29) == placement.six_months_due(PLACED)


def test_paying_a_grant_makes_the_spending_that_says_the_same() -> None:
    """Amount, day, year, office and purpose of the spending are those of the grant."""
    paid = changed(GRANT, name=ref("transitionGrants"))
    grant.check(paid, None, rules())
    entry = grant.pay(paid, date(2012, 5, 20), "resettlement")
    assert (grant.PAID, on(2012, 5, 20)) == (paid.state, paid.paid_date)
    assert (50000, 2012, on(2012, 5, 20)) == (entry.amount_fen, entry.year, entry.entry_date)
    assert ("north", "resettlement", "transition_grant") == (entry.office, entry.earmark, entry.purpose)
    assert paid.name == entry.reference
    with pytest.raises(ImpossibleTransition):
        grant.pay(paid, date(2012, 5, 21), "resettlement")


def test_a_payment_is_made_by_paying() -> None:
    """A day of payment that is simply entered is refused: there would be no spending; a paid grant is not deleted."""
    paid = changed(GRANT, paid_date=on(2012, 5, 20), state=grant.PAID)
    with pytest.raises(StepFact):
        grant.check_payment(paid, None)
    with pytest.raises(StepFact):
        grant.check_payment(paid, GRANT)
    grant.check_payment(changed(paid, amount_fen=1), paid)
    with pytest.raises(PaidGrant):
        grant.check_deletion(paid)
    grant.check_deletion(GRANT)


@pytest.mark.parametrize(
    ("since", "until", "taken"),
    [
        (date(2012, 4, 1), date(2012, 4, 30), False),
        (date(2012, 4, 1), date(2012, 5, 1), True),
        (date(2012, 5, 10), None, True),
        (date(2012, 5, 11), None, False),
    ],
)
def test_a_person_is_out_of_touch_once_at_a_time(since: date, until: date | None, taken: bool) -> None:  # noqa: FBT001
    """Two episodes of a person share no day."""
    if taken:
        with pytest.raises(EpisodeTaken):
            lost_contact.check_alone(EPISODE, [(since, until)])
    else:
        lost_contact.check_alone(EPISODE, [(since, until)])


def test_an_episode_ends_once() -> None:
    """Who is in touch again cannot be found again."""
    episode = changed(EPISODE, to_date=None)
    lost_contact.regain(episode, date(2012, 5, 12))
    assert on(2012, 5, 12) == episode.to_date
    with pytest.raises(AlreadyRecorded):
        lost_contact.regain(episode, date(2012, 5, 13))


def test_a_survey_is_closed_once_with_no_more_answers_than_persons() -> None:
    """The answers are those of the sample."""
    record = changed(SURVEY)
    with pytest.raises(InvalidField):
        survey.close(changed(record), date(2012, 5, 30), 11, rules())
    survey.close(record, date(2012, 5, 30), 8, rules())
    assert (8, on(2012, 5, 30)) == (record.answers, record.closed_date)
    with pytest.raises(AlreadyRecorded):
        survey.close(record, date(2012, 5, 30), 8, rules())


def spans(*days: tuple[int, int | None]) -> list[base.Span]:
    """Return stays in May 2012 from a day to a day."""
    return [(date(2012, 5, first), None if last is None else date(2012, 5, last)) for first, last in days]


@pytest.mark.parametrize(
    ("stays", "full"),
    [
        ([], False),
        (((1, None), (2, None)), False),
        (((1, None), (2, None), (3, None)), True),
        (((1, 5), (1, 5), (6, None)), False),
        (((1, 6), (1, 5), (6, None)), False),
        (((1, 6), (2, 6), (6, None)), True),
        (((1, 3), (2, 2), (3, None), (4, None)), False),
    ],
)
def test_a_base_takes_no_more_than_its_places_on_any_day(stays: Any, full: bool) -> None:  # noqa: FBT001
    """What counts is the day with the most stays, not their number."""
    if full:
        with pytest.raises(BaseFull):
            base.check_room(BASE, spans(*stays))
    else:
        base.check_room(BASE, spans(*stays))


def test_a_base_is_not_ended_under_who_stays_in_it() -> None:
    """Those who stay leave first; a base that was in use is ended, not deleted."""
    with pytest.raises(StaysAfterEnd):
        base.check_end(changed(BASE, to_date=on(2012, 5, 4)), spans((1, 5)))
    with pytest.raises(StaysAfterEnd):
        base.check_end(BASE, spans((1, None)))
    base.check_end(changed(BASE, to_date=on(2012, 5, 5)), spans((1, 5)))
    with pytest.raises(BaseUsed):
        base.check_unused("name", spans((1, 5)))
    with pytest.raises(NotInForce):
        check_in_force(BASE, "base", date(2013, 1, 1))


def offence(convicted: Any) -> new_offence_pb2.NewOffence:
    """Return an offence with a conviction on a day; None: none."""
    return new_offence_pb2.NewOffence(convicted_date=convicted)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], None),
        ([None], None),
        ([on(2012, 2, 9)], None),
        ([on(2012, 2, 10)], date(2012, 2, 10)),
        ([on(2017, 2, 9)], date(2017, 2, 9)),
        ([on(2017, 2, 10)], None),
        ([on(2014, 1, 1), on(2013, 1, 1), None], date(2013, 1, 1)),
    ],
)
def test_the_first_conviction_within_five_years_counts(days: list[Any], expected: date | None) -> None:
    """First and last day of the five years count, and no day beside them."""
    assert expected == conviction.first_within(file(), map(offence, days))


def test_a_conviction_is_taken_back_with_its_offence() -> None:
    """The file says what the offences say, and tells whether that is news."""
    person = file()
    assert conviction.follow(person, [offence(on(2013, 1, 1))])
    assert not conviction.follow(person, [offence(on(2013, 1, 1))])
    assert conviction.follow(person, [])
    assert not person.HasField("convicted_date")


ENDED = supervised_person_pb2.SupervisedPerson(
    name=ref("supervisedPersons"),
    office="north",
    place="north-1",
    key="J-1",
    full_name="测试甲",
    id_number="测试证号",
    birth_year=1990,
    sex=1,
    minor=True,
    unable_to_work=True,
    ended_date=on(2012, 5, 31),
    end_ground=supervised_person_pb2.END_GROUND_TERM_SERVED,
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"end_ground": supervised_person_pb2.END_GROUND_PARDONED}, True),
        ({"end_ground": supervised_person_pb2.END_GROUND_DIED}, False),
        ({"ended_date": None}, False),
        ({"released_person": ref("releasedPersons")}, False),
    ],
)
def test_only_release_opens_a_file_and_only_one(fields: Any, expected: bool) -> None:  # noqa: FBT001
    """The end of the term and a pardon open a file, when none is open."""
    assert expected == opening.opens(changed(ENDED, **fields))


def test_the_file_says_what_the_one_under_correction_said() -> None:
    """Person and office are the same, the release is the last day of correction, and the file passes its own check."""
    made = opening.file_of(ENDED)
    released_person.check(made, None, rules())
    assert ("测试甲", "测试证号", "north", "J-1") == (made.full_name, made.id_number, made.office, made.key)
    assert (ENDED.name, on(2012, 5, 31), False) == (made.supervised_person, made.released_date, made.placeable)
    assert (True, True) == (made.minor, made.sealed)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("测试乙(志愿者)", "测试乙", helping_agreement_pb2.HELPER_KIND_VOLUNTEER),
        (" 测试乙 （亲属） ", "测试乙", helping_agreement_pb2.HELPER_KIND_FAMILY),
        ("测试乙", "测试乙", helping_agreement_pb2.HELPER_KIND_UNSPECIFIED),
        ("测试乙(不知)", "测试乙", helping_agreement_pb2.HELPER_KIND_UNSPECIFIED),
    ],
)
def test_a_helper_is_read_as_people_write_one(text: str, name: str, kind: int) -> None:
    """Name and kind, in brackets of either width."""
    assert helping_agreement_pb2.Helper(full_name=name, kind=kind) == agreement.helper(text)
