"""Duties: what the plan wants of a person's term, and what a change of plan does to those that are there."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from geju.correction.v1 import duty_pb2, leave_pb2
from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.domain.dates import to_date
from services.correction.domain.supervision import person as person_rules
from services.correction.domain.supervision import planning, reconciling
from services.correction.domain.supervision.planning import HOME_VISIT, REPORT, Wanted, plan
from tests.support.records import on
from tests.unit.correction.supervision.people import person, rules, taken_over

EDUCATION, WORK = duty_pb2.DUTY_KIND_EDUCATION, duty_pb2.DUTY_KIND_COMMUNITY_WORK
THOUGHT, ASSESSMENT = duty_pb2.DUTY_KIND_THOUGHT_REPORT, duty_pb2.DUTY_KIND_ASSESSMENT
DRUGS = pb.KEY_GROUND_DRUGS
MONDAY = date(2012, 3, 5)


def dues(found: pb.SupervisedPerson, kind: int, leaves: Any = ()) -> list[date]:
    """Return the days by which acts of a kind are due."""
    return [one.due for one in plan(found, rules(), leaves) if one.kind == kind]


def calm(**fields: Any) -> pb.SupervisedPerson:
    """Return a person whose term, 5 March to 20 June 2012, touches no key period."""
    return taken_over(**{"term_to_date": on(2012, 6, 20), **fields})


def away(first: Any, last: Any) -> leave_pb2.Leave:
    """Return a leave."""
    return leave_pb2.Leave(from_date=first, to_date=last)


@pytest.mark.parametrize(
    ("level", "first"),
    [
        (pb.SUPERVISION_LEVEL_STRICT, [date(2012, 3, 12), date(2012, 3, 19), date(2012, 3, 26)]),
        (pb.SUPERVISION_LEVEL_ORDINARY, [date(2012, 3, 19), date(2012, 4, 2), date(2012, 4, 16)]),
        (pb.SUPERVISION_LEVEL_LENIENT, [date(2012, 4, 5), date(2012, 5, 5), date(2012, 6, 5)]),
    ],
)
def test_reports_are_due_by_level_from_the_day_of_taking_over(level: Any, first: list[date]) -> None:
    """Strict weekly, ordinary fortnightly, lenient monthly."""
    assert first == dues(calm(level=level), REPORT)[:3]


def test_a_month_s_duties_are_due_on_its_last_day_for_months_wholly_in_the_term() -> None:
    """Of March and June a part only is in the term: nothing is owed by the month there."""
    found = plan(calm(), rules())
    whole = [date(2012, 4, 30), date(2012, 5, 31)]
    assert [whole] * 3 == [[one.due for one in found if one.kind == kind] for kind in (EDUCATION, WORK, THOUGHT)]
    assert {8} == {one.hours for one in found if one.kind in {EDUCATION, WORK}}


def test_who_cannot_work_owes_no_work() -> None:
    """Education is owed all the same."""
    found = calm(unable_to_work=True)
    assert ([], 2) == (dues(found, WORK), len(dues(found, EDUCATION)))


def test_a_quarter_with_a_whole_month_is_assessed_within_ten_days() -> None:
    """The first quarter holds no whole month of the term, the second holds two."""
    [assessment] = [one for one in plan(calm(), rules()) if one.kind == ASSESSMENT]
    assert (date(2012, 4, 1), date(2012, 7, 10)) == (assessment.month, assessment.due)


def test_a_key_person_reports_weekly_and_is_visited_monthly() -> None:
    """The stricter schedule applies from the day on which somebody is a key person to the last."""
    found = calm(key_ground=DRUGS, key_from_date=on(2012, 4, 1), key_to_date=on(2012, 5, 10))
    strict = [one for one in plan(found, rules()) if one.stricter]
    weekly = [date(2012, 4, 2) + timedelta(days=7 * week) for week in range(6)]
    assert weekly == [one.due for one in strict if one.kind == REPORT]
    assert [date(2012, 5, 1)] == [one.due for one in strict if one.kind == HOME_VISIT]


def test_key_periods_are_stricter_for_everybody_and_bring_weekly_visits_to_key_persons() -> None:
    """In the key period reports are weekly; visits of key persons are too, counted from its beginning."""
    spring = {"judgment_date": on(2012, 1, 4), "taken_over_date": on(2012, 1, 5), "term_from_date": on(2012, 1, 4)}
    found = taken_over(**spring, key_ground=DRUGS, key_from_date=on(2012, 1, 10), term_to_date=on(2012, 3, 4))
    visits = [date(2012, 1, 23), date(2012, 1, 30), date(2012, 2, 6), date(2012, 2, 10)]
    assert visits == dues(found, HOME_VISIT)
    plain = taken_over(**spring, term_to_date=on(2012, 3, 4))
    reports = [(one.due.day, one.stricter) for one in plan(plain, rules()) if one.kind == REPORT]
    assert [(19, True), (26, True), (2, True), (16, False), (1, False)] == reports


def test_reports_due_while_away_are_made_on_the_first_working_day_after() -> None:
    """Several reports missed become one; 7 May 2012 is the Monday after a leave that ends on a Friday."""
    found = calm(level=pb.SUPERVISION_LEVEL_STRICT)
    after = dues(found, REPORT, [away(on(2012, 4, 20), on(2012, 5, 4))])
    plain = dues(found, REPORT)
    gone = {date(2012, 4, 23), date(2012, 4, 30)}
    assert gone == set(plain) - set(after)
    assert date(2012, 5, 7) in after


def test_a_plan_ends_with_correction() -> None:
    """Nothing is owed after the last day, an assessment neither."""
    found = calm(ended_date=on(2012, 5, 10), end_ground=pb.END_GROUND_PARDONED)
    assert max(one.due for one in plan(found, rules())) <= date(2012, 5, 10)
    assert [] == dues(found, ASSESSMENT)


def test_nobody_owes_anything_before_being_taken_over() -> None:
    """The plan of a person who was only notified is empty."""
    assert [] == plan(person(), rules())


def made(wanted: list[Wanted]) -> list[duty_pb2.Duty]:
    """Return the duties of a first plan."""
    return reconciling.reconcile([], wanted, date.min).made


def test_the_same_plan_again_changes_nothing() -> None:
    """Reconciling is idempotent."""
    wanted = plan(calm(), rules())
    changes = reconciling.reconcile(made(wanted), wanted, date.min)
    assert ([], []) == (changes.made, changes.changed)


def test_a_stricter_level_adds_and_a_milder_one_excuses_what_is_not_due_yet() -> None:
    """What was due before the level began stays as it was; back at the old level its duties are owed again."""
    duties = made(plan(calm(), rules()))
    since = date(2012, 4, 10)
    stricter = plan(calm(level=pb.SUPERVISION_LEVEL_STRICT, level_date=on(2012, 4, 10)), rules())
    more = reconciling.reconcile(duties, stricter, since)
    assert ({REPORT}, []) == ({duty.kind for duty in more.made}, more.changed)
    assert all(to_date(duty.due_date) >= since for duty in more.made)  # type: ignore[operator]  # required
    back = reconciling.reconcile([*duties, *more.made], plan(calm(level_date=on(2012, 4, 10)), rules()), since)
    assert len(more.made) == len(back.changed)
    assert {duty_pb2.DUTY_EXCUSE_REPLANNED} == {duty.excuse for duty in back.changed}
    again = reconciling.reconcile([*duties, *more.made], stricter, since)
    assert ([], len(more.made)) == (again.made, len(again.changed))
    assert {duty_pb2.DUTY_EXCUSE_UNSPECIFIED} == {duty.excuse for duty in again.changed}


def test_what_is_done_or_excused_by_somebody_is_kept() -> None:
    """A plan takes nothing back that happened."""
    duties = made(
        [Wanted(REPORT, date(2012, 4, 2)), Wanted(REPORT, date(2012, 4, 16)), Wanted(REPORT, date(2012, 4, 30))]
    )
    duties[0].met_date.CopyFrom(on(2012, 4, 1))
    duties[1].excuse = duty_pb2.DUTY_EXCUSE_ILLNESS
    changes = reconciling.reconcile(duties, [], date.min, reconciling.ENDED)
    assert [(on(2012, 4, 30), duty_pb2.DUTY_EXCUSE_ENDED)] == [(one.due_date, one.excuse) for one in changes.changed]


def test_a_leave_moves_a_duty_and_its_withdrawal_moves_it_back() -> None:
    """The last report missed moves behind the leave, the others are off; without the leave all are owed again."""
    found = calm(level=pb.SUPERVISION_LEVEL_STRICT, level_date=on(2012, 3, 5))
    duties, since = made(plan(found, rules())), date(2012, 4, 18)
    leave = away(on(2012, 4, 18), on(2012, 5, 3))  # 4 May 2012 is a working day and nobody's day to report
    moved = reconciling.reconcile(duties, plan(found, rules(), [leave]), since)
    assert [] == moved.made
    owed = Counter((one.due_date.month, one.due_date.day, one.excuse > 0) for one in moved.changed)
    assert Counter({(5, 4, False): 1, (4, 23, True): 1}) == owed
    back = reconciling.reconcile(duties, plan(found, rules()), since)
    assert [on(2012, 4, 30)] == [one.due_date for one in back.made]
    assert Counter({4: 1, 5: 1}) == Counter(one.due_date.month for one in back.changed)


def test_a_report_made_before_leaving_is_not_owed_again() -> None:
    """What was done on its day needs nothing after the leave."""
    found = calm()
    duties = made(plan(found, rules()))
    for duty in duties:
        if duty.due_date == on(2012, 4, 30) and duty.kind == REPORT:
            duty.met_date.CopyFrom(on(2012, 4, 25))
    changes = reconciling.reconcile(
        duties, plan(found, rules(), [away(on(2012, 4, 26), on(2012, 5, 3))]), date(2012, 4, 26)
    )
    assert ([], []) == (changes.made, changes.changed)


@pytest.mark.parametrize(
    ("fields", "since"),
    [
        ({"full_name": "测试乙"}, None),
        ({"taken_over_date": on(2012, 3, 6)}, date.min),
        ({"level": pb.SUPERVISION_LEVEL_STRICT, "level_date": on(2012, 5, 1)}, date(2012, 5, 1)),
        ({"unable_to_work": True}, date(2012, 6, 15)),
        ({"key_ground": DRUGS, "key_from_date": on(2012, 4, 1)}, date(2012, 4, 1)),
        ({"term_to_date": on(2013, 2, 28)}, date(2013, 3, 1)),
        ({"ended_date": on(2012, 6, 1), "end_ground": pb.END_GROUND_DIED}, date(2012, 6, 2)),
    ],
)
def test_a_plan_is_made_anew_from_where_a_change_tells(fields: dict[str, Any], since: date | None) -> None:
    """What a plan depends on calls for another one, from the day on which it differs."""
    assert since == planning.changed_from(taken_over(**fields), taken_over(), date(2012, 6, 15))


def then(before: pb.SupervisedPerson, **fields: Any) -> pb.SupervisedPerson:
    """Return a person after a change, as the rules let it be; None clears a field."""
    new = pb.SupervisedPerson()
    new.CopyFrom(before)
    for name, value in fields.items():
        new.ClearField(name)  # type: ignore[arg-type]  # a field of the record
        if value is not None:
            new.MergeFrom(pb.SupervisedPerson(**{name: value}))
    person_rules.check(new, before, rules())
    return new


LEVELS = then(calm(), level=pb.SUPERVISION_LEVEL_LENIENT, level_date=on(2012, 5, 1))
FIRST_KEY = then(calm(), key_ground=DRUGS, key_from_date=on(2012, 3, 20), key_to_date=on(2012, 4, 20))
SPANS = then(FIRST_KEY, key_from_date=on(2012, 5, 20), key_to_date=None)


@pytest.mark.parametrize(("before", "after"), [(calm(), LEVELS), (FIRST_KEY, SPANS)])
def test_what_was_owed_before_a_change_stays_owed_whatever_is_planned_anew(before: Any, after: Any) -> None:
    """A later plan of the whole term wants the same acts for the days under an earlier level or as a key person."""
    changed = planning.changed_from(after, before, date.max)
    assert changed is not None
    duties = made(plan(before, rules()))
    duties += reconciling.reconcile(duties, plan(after, rules()), changed).made
    unable = then(after, unable_to_work=True)
    changes = reconciling.reconcile(duties, plan(unable, rules()), date.min)
    assert ([], {WORK}) == (changes.made, {duty.kind for duty in changes.changed})


def test_a_leave_in_the_past_moves_reports_of_the_level_of_its_days() -> None:
    """It touches what lies inside it, by the level that applied then."""
    duties = made(plan(LEVELS, rules()))
    leave = away(on(2012, 4, 1), on(2012, 4, 3))
    changes = reconciling.reconcile(duties, plan(LEVELS, rules(), [leave]), date(2012, 4, 1))
    assert ([], [on(2012, 4, 5)]) == (changes.made, [duty.due_date for duty in changes.changed])


def test_a_correction_of_days_leaves_no_history_of_what_never_was() -> None:
    """A level or span that begins before another one did replaces it; the first level begins with taking over."""
    assert [on(2012, 3, 5)] == [one.from_date for one in LEVELS.earlier_levels]
    moved = then(LEVELS, taken_over_date=on(2012, 3, 12))
    assert [on(2012, 3, 12)] == [one.from_date for one in moved.earlier_levels]
    assert [] == list(then(LEVELS, level_date=on(2012, 3, 5)).earlier_levels)
    assert [(on(2012, 3, 20), on(2012, 4, 20))] == [(one.from_date, one.to_date) for one in SPANS.earlier_key_spans]
    assert [] == list(then(SPANS, key_from_date=on(2012, 4, 1)).earlier_key_spans)
