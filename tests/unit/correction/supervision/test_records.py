"""Duties, leaves, episodes, measures, offences, positioning and help: what holds of each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.correction.v1 import (
    absconding_pb2,
    duty_pb2,
    help_act_pb2,
    leave_pb2,
    measure_pb2,
    new_offence_pb2,
    positioning_pb2,
    released_person_pb2,
)
from google.type.date_pb2 import Date

from services.chassis.domain.errors import (
    AlreadyRecorded,
    BadReference,
    DateOrder,
    ImpossibleTransition,
    InvalidField,
    SpanTaken,
)
from services.chassis.domain.step_errors import StateMismatch
from services.correction.domain.errors import NotAPerson, NotUnderCorrection
from services.correction.domain.subjects import RELEASED, SUPERVISED, check_office, check_person
from services.correction.domain.supervision import absconding, duty, leave, lifecycle, measure, offence, positioning
from services.correction.domain.supervision.errors import (
    ApproverLevel,
    AwayAlready,
    DutyDone,
    DutyExcused,
    HoursRequired,
    NoProposal,
    NotFirstOfMonth,
    OutsideTerm,
    SamePersonDecides,
    TooLong,
)
from services.correction.supervision import facts
from tests.support.records import on, ref
from tests.unit.correction.supervision.people import TODAY, rules, taken_over

PERSON, FREED = ref("supervisedPersons"), ref("releasedPersons")
EDUCATION, ASSESSMENT = duty_pb2.DUTY_KIND_EDUCATION, duty_pb2.DUTY_KIND_ASSESSMENT
NOWHEN = Date()
PROPOSE_REVOKE = measure_pb2.MEASURE_KIND_PROPOSE_REVOKE


def test_a_record_names_a_person_of_the_right_kind_for_good() -> None:
    """Supervision is of supervised persons; offences and help may be of either kind."""
    check_person(help_act_pb2.HelpAct(person=FREED), None, SUPERVISED, RELEASED)
    for name, broken in ((FREED, NotAPerson), ("disputes/1", BadReference), ("J-1", BadReference)):
        with pytest.raises(broken):
            check_person(duty_pb2.Duty(person=name), None, SUPERVISED)
    with pytest.raises(InvalidField):
        check_person(duty_pb2.Duty(person=PERSON), duty_pb2.Duty(person=ref("supervisedPersons", 2)), SUPERVISED)


def test_a_record_is_its_person_s_office_s() -> None:
    """Either office of a person with two will do; what an earlier office recorded stays there."""
    two = released_person_pb2.ReleasedPerson(office="wuma", residence_office="nanmen")
    for office in ("wuma", "nanmen"):
        check_office(help_act_pb2.HelpAct(office=office), None, two)
    with pytest.raises(InvalidField):
        check_office(help_act_pb2.HelpAct(office="qidu"), None, two)
    check_office(help_act_pb2.HelpAct(office="qidu"), help_act_pb2.HelpAct(office="qidu"), two)


def owed(**fields: Any) -> duty_pb2.Duty:
    """Return a report due in June, unless the fields say otherwise."""
    made = duty_pb2.Duty(**{"person": PERSON, "kind": duty_pb2.DUTY_KIND_REPORT, "due_date": on(2012, 6, 4), **fields})
    duty.check(made, None, rules())
    return made


def hours(**fields: Any) -> duty_pb2.Duty:
    """Return the education of May."""
    given = {"kind": EDUCATION, "month_date": on(2012, 5, 1), "due_date": on(2012, 5, 31), "required_hours": 8}
    return owed(**given | fields)


def done(day: Any = NOWHEN, **fields: Any) -> duty.Done:
    """Return what is told of an act."""
    return duty.Done(day, fields.get("hours", 0), "测试", fields.get("grade", 0), "")


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({"month_date": on(2012, 6, 1)}, InvalidField),
        ({"kind": duty_pb2.DUTY_KIND_THOUGHT_REPORT}, InvalidField),
        ({"kind": duty_pb2.DUTY_KIND_THOUGHT_REPORT, "month_date": on(2012, 6, 2)}, NotFirstOfMonth),
        ({"required_hours": 8}, HoursRequired),
        ({"kind": EDUCATION, "month_date": on(2012, 6, 1)}, HoursRequired),
        ({"grade": duty_pb2.ASSESSMENT_GRADE_GOOD}, InvalidField),
    ],
)
def test_a_duty_says_what_its_kind_is_about(fields: dict[str, Any], broken: type[Exception]) -> None:
    """Months, hours and grades belong to the kinds that have them."""
    with pytest.raises(broken):
        owed(**fields)


def test_hours_add_up_to_the_day_on_which_they_are_reached() -> None:
    """Attendances count in order of day, whatever order they are entered in."""
    found = hours()
    duty.record(found, done(on(2012, 5, 20), hours=5), rules())
    assert not found.HasField("met_date")
    duty.record(found, done(on(2012, 5, 10), hours=3), rules())
    assert (8, on(2012, 5, 20), [10, 20]) == (
        found.hours,
        found.met_date,
        [sitting.held_date.day for sitting in found.attendances],
    )


def test_a_duty_is_done_once() -> None:
    """What is done or excused cannot be done or excused again."""
    found, off = owed(), owed()
    duty.record(found, done(), rules())
    assert on(2012, 6, 15) == found.met_date
    duty.excuse(off, duty_pb2.DUTY_EXCUSE_ILLNESS, NOWHEN, rules())
    for act, broken in ((found, DutyDone), (off, DutyExcused)):
        with pytest.raises(broken):
            duty.record(act, done(), rules())
        with pytest.raises(broken):
            duty.excuse(act, duty_pb2.DUTY_EXCUSE_OTHER, NOWHEN, rules())


def test_hours_and_grades_are_told_where_they_belong() -> None:
    """Hours for education and work, a grade for an assessment, and nowhere else."""
    assessment = owed(kind=ASSESSMENT, month_date=on(2012, 4, 1))
    wrong = (
        (owed(), done(hours=2), HoursRequired),
        (hours(), done(), HoursRequired),
        (assessment, done(), InvalidField),
    )
    for act, told, broken in wrong:
        with pytest.raises(broken):
            duty.record(act, told, rules())
    duty.record(assessment, done(grade=duty_pb2.ASSESSMENT_GRADE_PASS), rules())
    assert duty_pb2.ASSESSMENT_GRADE_PASS == assessment.grade


def test_an_excuse_has_a_ground() -> None:
    """Nothing is excused without saying why."""
    with pytest.raises(InvalidField):
        duty.excuse(owed(), duty_pb2.DUTY_EXCUSE_UNSPECIFIED, NOWHEN, rules())


def away(days: int = 3, kind: Any = leave_pb2.LEAVE_KIND_TRAVEL, **fields: Any) -> leave_pb2.Leave:
    """Return a leave of so many days from 10 June."""
    span = {"from_date": on(2012, 6, 10), "to_date": on(2012, 6, 9 + days)}
    made = leave_pb2.Leave(**{"person": PERSON, "kind": kind, "asked_date": on(2012, 6, 8), **span, **fields})
    leave.check(made, None, rules())
    return made


def test_the_rule_names_who_approves() -> None:
    """Up to seven days of travel are the office's to approve; more, and forbidden places, are the department's."""
    office, district = leave_pb2.LEAVE_APPROVER_OFFICE, leave_pb2.LEAVE_APPROVER_DISTRICT
    forbidden = away(1, leave_pb2.LEAVE_KIND_FORBIDDEN_PLACE)
    assert [office, district, district] == [one.approver for one in (away(7), away(8), forbidden)]


def test_a_leave_is_approved_at_its_level() -> None:
    """The head of an office approves what is the office's; the department approves everything."""
    for roles, approved in (({"office_head"}, away(7)), ({"department"}, away(8)), ({"department"}, away(7))):
        leave.decide(approved, TODAY, roles, approved=True)
        assert leave.APPROVED == approved.state
    with pytest.raises(ApproverLevel):
        leave.decide(away(8), TODAY, {"office_head"}, approved=True)


def test_a_leave_is_decided_once_and_ends_with_the_return() -> None:
    """Asked, approved, back; a refused one stays refused when it is corrected."""
    found = away()
    with pytest.raises(ImpossibleTransition):
        leave.come_back(found, TODAY)
    leave.decide(found, TODAY, {"office_head"}, approved=True)
    leave.come_back(found, TODAY)
    assert leave.BACK == found.state
    refused = away()
    leave.decide(refused, TODAY, {"office_head"}, approved=False)
    before = leave_pb2.Leave()
    before.CopyFrom(refused)
    leave.check(refused, before, rules())
    assert leave.REFUSED == refused.state
    with pytest.raises(ImpossibleTransition):
        leave.decide(refused, TODAY, {"office_head"}, approved=True)


def test_a_leave_lies_in_the_term_and_beside_no_other() -> None:
    """Nobody is away twice, before being taken over or after the term."""
    person = taken_over(term_to_date=on(2012, 6, 20))
    leave.check_person_and_others(away(), person, [])
    with pytest.raises(AwayAlready):
        leave.check_person_and_others(away(), person, [away(2)])
    with pytest.raises(OutsideTerm):
        leave.check_person_and_others(away(12), person, [])
    with pytest.raises(NotUnderCorrection):
        leave.check_person_and_others(away(from_date=on(2012, 3, 4)), person, [])


def test_a_return_follows_an_approval() -> None:
    """Days that contradict each other are refused."""
    with pytest.raises(StateMismatch):
        away(back_date=on(2012, 6, 12))
    with pytest.raises(DateOrder):
        away(decided_date=on(2012, 6, 7))


def lost(**fields: Any) -> absconding_pb2.Absconding:
    """Return an episode from 1 June."""
    made = absconding_pb2.Absconding(**{"person": PERSON, "from_date": on(2012, 6, 1), **fields})
    absconding.check(made, None, rules())
    return made


def test_the_profile_says_from_when_a_lost_person_is_out_of_control() -> None:
    """The facts carry the last day before, so that the figure and the district's limit cannot drift apart."""
    _, limit = lost().limits
    assert ("correction.unknown", on(2012, 7, 1)) == (limit.rule, limit.due)
    assert on(2012, 7, 1) == facts.absconding(lost()).unknown_due


def test_a_lost_person_is_searched_for_within_a_day() -> None:
    """The limit runs from the first day, and ends with the search or with finding the person."""
    found = lost()
    limit, _ = found.limits
    assert ("correction.search", on(2012, 6, 2)) == (limit.rule, limit.due)
    absconding.search(found, date(2012, 6, 2), rules())
    assert on(2012, 6, 2) == found.limits[0].met_date
    with pytest.raises(AlreadyRecorded):
        absconding.search(found, TODAY, rules())
    absconding.find(found, TODAY, rules())
    with pytest.raises(AlreadyRecorded):
        absconding.find(found, TODAY, rules())


def test_an_episode_lies_in_supervision_and_beside_no_other() -> None:
    """Nobody is lost twice at once, or when not under supervision."""
    absconding.check_person_and_others(lost(), taken_over(), [])
    with pytest.raises(SpanTaken):
        absconding.check_person_and_others(lost(), taken_over(), [lost(from_date=on(2012, 5, 1))])
    with pytest.raises(NotUnderCorrection):
        absconding.check_person_and_others(lost(from_date=on(2012, 3, 1)), taken_over(), [])


def proposal(kind: Any = PROPOSE_REVOKE, **fields: Any) -> measure_pb2.Measure:
    """Return a measure proposed by a clerk on 1 June."""
    given = {"person": PERSON, "kind": kind, "proposed_date": on(2012, 6, 1), "proposer": "clerk"}
    made = measure_pb2.Measure(**given | fields)
    measure.check(made, None, rules())
    return made


def test_somebody_else_decides() -> None:
    """Who proposed a measure does not decide it, either way."""
    for taken in (True, False):
        with pytest.raises(SamePersonDecides):
            measure.decide(proposal(), TODAY, "clerk", rules(), taken=taken)


def test_a_proposal_to_a_court_waits_thirty_days_for_the_answer() -> None:
    """The limit runs from the decision; what is the office's own needs no answer."""
    found = proposal()
    measure.decide(found, date(2012, 6, 2), "head", rules(), taken=True)
    [limit] = found.limits
    assert ("correction.answer", on(2012, 7, 2), "head") == (limit.rule, limit.due, found.decider)
    measure.answer(found, TODAY, rules(), granted=True)
    assert (measure.ANSWERED, on(2012, 6, 15)) == (found.state, found.limits[0].met_date)
    own = proposal(measure_pb2.MEASURE_KIND_WARNING)
    measure.decide(own, TODAY, "head", rules(), taken=True)
    assert [] == list(own.limits)
    with pytest.raises(NoProposal):
        measure.answer(own, TODAY, rules(), granted=True)


def test_a_rejected_measure_stays_rejected() -> None:
    """A correction of its words does not make it taken, and it is not answered."""
    found = proposal()
    measure.decide(found, TODAY, "head", rules(), taken=False)
    before = measure_pb2.Measure()
    before.CopyFrom(found)
    measure.check(found, before, rules())
    assert (measure.REJECTED, []) == (found.state, list(found.limits))
    with pytest.raises(ImpossibleTransition):
        measure.answer(found, TODAY, rules(), granted=True)


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({"decided_date": on(2012, 5, 1)}, DateOrder),
        ({"answered_date": on(2012, 6, 5)}, StateMismatch),
        ({"granted": True}, StateMismatch),
        ({"rule": "no_such_rule"}, InvalidField),
    ],
)
def test_a_measure_that_contradicts_itself_is_refused(fields: dict[str, Any], broken: type[Exception]) -> None:
    """Proposed, decided, answered follow each other; a rule is one of the profile."""
    with pytest.raises(broken):
        proposal(**fields)


def located(first: Any, last: Any) -> positioning_pb2.Positioning:
    """Return a period of positioning."""
    made = positioning_pb2.Positioning(person=PERSON, approved_date=first, from_date=first, to_date=last)
    positioning.check(made, None, rules())
    return made


def test_positioning_lasts_three_months_at_most() -> None:
    """From 1 March that is until 31 May."""
    located(on(2012, 3, 1), on(2012, 5, 31))
    with pytest.raises(TooLong):
        located(on(2012, 3, 1), on(2012, 6, 1))


def test_periods_of_positioning_do_not_overlap_and_lie_in_the_term() -> None:
    """Each period is approved by itself, for somebody under supervision."""
    person, period = taken_over(term_to_date=on(2012, 6, 20)), located(on(2012, 4, 1), on(2012, 6, 1))
    with pytest.raises(SpanTaken):
        positioning.check_person_and_others(period, person, [located(on(2012, 6, 1), on(2012, 6, 2))])
    with pytest.raises(OutsideTerm):
        positioning.check_person_and_others(located(on(2012, 6, 1), on(2012, 7, 1)), person, [])
    with pytest.raises(NotUnderCorrection):
        positioning.check_person_and_others(located(on(2012, 3, 1), on(2012, 4, 1)), person, [])


def test_an_offence_is_known_and_judged_after_it_was_committed() -> None:
    """It is known today unless said, and convicted once."""
    found = new_offence_pb2.NewOffence(person=PERSON, committed_date=on(2012, 6, 1))
    offence.check(found, None, rules())
    assert on(2012, 6, 15) == found.known_date
    offence.convict(found, TODAY)
    with pytest.raises(AlreadyRecorded):
        offence.convict(found, TODAY)
    days: dict[str, Any] = {"committed_date": on(2012, 6, 1), "known_date": on(2012, 5, 1)}
    with pytest.raises(DateOrder):
        offence.check(new_offence_pb2.NewOffence(person=PERSON, **days), None, rules())


def test_offences_and_help_are_of_persons_on_the_books() -> None:
    """A supervised person is under supervision on the day, a released one released by then."""
    freed = released_person_pb2.ReleasedPerson(released_date=on(2012, 5, 1))
    lifecycle.check_on_books(PERSON, taken_over(), "given_date", on(2012, 3, 5))
    lifecycle.check_on_books(FREED, freed, "given_date", on(2012, 5, 1))
    with pytest.raises(NotUnderCorrection):
        lifecycle.check_on_books(PERSON, taken_over(), "given_date", on(2012, 3, 4))
    with pytest.raises(DateOrder):
        lifecycle.check_on_books(FREED, freed, "given_date", on(2012, 4, 30))
