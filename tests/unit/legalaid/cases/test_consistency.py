"""What is recorded of a case agrees with itself, whoever recorded it; hardship is judged by the day of receipt."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.mediation.v1 import dispute_pb2
from geju.mediation.v1.facts_pb2 import DisputeFacts
from google.type.date_pb2 import Date

from services.chassis.domain.errors import BadReference, DateOrder, InvalidField
from services.chassis.domain.step_errors import StateMismatch, StepFact
from services.legalaid.domain.cases import consistency, decisions, eligibility, lifecycle, rating, referral
from services.legalaid.domain.cases.errors import (
    DecidedByStep,
    GroundMismatch,
    HandlerRates,
    HardshipRequired,
    LateForwarding,
    LimitationNotNear,
    NoNotice,
    NotCivil,
    NotifiedCase,
    OverStandard,
    RatedBefore,
)
from tests.support.records import changed, on
from tests.unit.legalaid.cases import cases as c
from tests.unit.legalaid.cases.cases import HANDLER, OTHER, RULES, THIRD, case

DISPUTE = "disputes/0198c0de-0000-7000-8000-000000000007"
OWN = pb.REASSIGN_REASON_OWN_REQUEST
HEAD, CLERK, DEPARTMENT = {"office_head"}, {"clerk"}, {"department"}
EXCELLENT, GOOD, PASS, FAIL = (
    pb.FILE_GRADE_EXCELLENT,
    pb.FILE_GRADE_GOOD,
    pb.FILE_GRADE_PASS,
    pb.FILE_GRADE_FAIL,
)
CRIMINAL = {"kind": pb.AID_KIND_CRIMINAL, "matter": pb.AID_MATTER_CRIMINAL_DEFENCE}
PROVIDED = {
    "provided_date": on(2024, 3, 2),
    "provide_first": pb.PROVIDE_FIRST_GROUND_LIMITATION,
    "practitioner": HANDLER,
}
CUSTODY = {"path": pb.AID_PATH_CUSTODY}
NOON = datetime(2024, 3, 1, 4, tzinfo=UTC)


def without(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return the fields without some."""
    return {name: value for name, value in fields.items() if name not in names}


def former(*days: Date) -> pb.FormerHandler:
    """Return a former handler."""
    return pb.FormerHandler(practitioner=OTHER, assigned_date=days[0], until_date=days[1], reason=OWN)


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        # Together or not at all.
        ({"provided_date": on(2024, 3, 2), "practitioner": HANDLER}, StateMismatch, "provide_first"),
        ({"provide_first": pb.PROVIDE_FIRST_GROUND_PRESERVATION}, StateMismatch, "provided_date"),
        ({"transferred_date": on(2024, 3, 2)}, StateMismatch, "transferred_unit"),
        (without(c.CLOSED, "result"), StateMismatch, "result"),
        (without(c.RATED, "grade"), StateMismatch, "grade"),
        (c.CLOSED | {"subsidy_fen": 100}, StateMismatch, "subsidy_date"),
        (c.GRANTED | {"ended_date": on(2024, 3, 5)}, StateMismatch, "end_ground"),
        (c.OBJECTED | {"objection_outcome": pb.OBJECTION_OUTCOME_UPHELD}, StateMismatch, "objection_decided_date"),
        # Nothing presses.
        (PROVIDED, GroundMismatch, "provide_first"),
        (PROVIDED | {"limitation_date": on(2024, 3, 1)}, GroundMismatch, "provide_first"),
        (PROVIDED | {"limitation_date": on(2024, 3, 9)}, LimitationNotNear, "limitation_date"),
        (PROVIDED | CRIMINAL | {"limitation_date": on(2024, 3, 8)}, GroundMismatch, "provide_first"),
        # Not without what comes before.
        ({"objected_date": on(2024, 3, 8)}, StateMismatch, "objected_date"),
        ({"decided_date": on(2024, 3, 4)}, StateMismatch, "decided_date"),
        (without(c.REFUSED, "decided_date"), StateMismatch, "decided_date"),
        (without(c.ASSIGNED, *c.GRANTED), StateMismatch, "assigned_date"),
        (c.GRANTED | {"begun_date": on(2024, 3, 5)}, StateMismatch, "begun_date"),
        (without(c.RETURNED, "closed_date", "result", "recovered_fen"), StateMismatch, "file_returned_date"),
        (without(c.RATED, "file_returned_date"), StateMismatch, "rated_date"),
        (c.BEGUN | {"recovered_fen": 100}, StateMismatch, "recovered_fen"),
        (c.BEGUN | {"subsidy_fen": 100, "subsidy_date": on(2024, 4, 1)}, StateMismatch, "subsidy_date"),
        (without(c.ASSIGNED, "practitioner"), StateMismatch, "practitioner"),
        (c.GRANTED | {"practitioner": HANDLER}, StateMismatch, "practitioner"),
        (c.GRANTED | {"first_assigned_date": on(2024, 3, 5)}, StateMismatch, "first_assigned_date"),
        (c.ASSIGNED | {"first_assigned_date": on(2024, 3, 4)}, StateMismatch, "first_assigned_date"),
        (c.GRANTED | {"former_handlers": [former(on(2024, 3, 4), on(2024, 3, 5))]}, StateMismatch, "former_handlers"),
        # One or the other.
        (c.GRANTED | {"withdrawn_date": on(2024, 3, 5)}, StateMismatch, "withdrawn_date"),
        (c.REFUSED | {"granted_date": on(2024, 3, 4)}, StateMismatch, "granted_date"),
        (c.GRANTED | {"granted_date": on(2024, 3, 5)}, StateMismatch, "granted_date"),
        (c.OVERTURNED | {"granted_date": on(2024, 3, 12)}, StateMismatch, "granted_date"),
        (c.CLOSED | {"ended_date": on(2024, 7, 1), "end_ground": 1}, StateMismatch, "ended_date"),
        (c.WAITING | c.GRANTED, StateMismatch, "pauses[0].to_date"),
        ({"pauses": [*c.WAITING["pauses"], *c.WAITING["pauses"]]}, StateMismatch, "pauses[0].to_date"),
        # Days in order.
        ({"answered_date": on(2024, 2, 1)} | c.NOTICE, DateOrder, "answered_date"),
        (c.GRANTED | {"received_date": on(2024, 3, 5)}, DateOrder, "decided_date"),
        (c.OBJECTED | {"objected_date": on(2024, 3, 3)}, DateOrder, "objected_date"),
        (c.CLOSED | {"closed_date": on(2024, 3, 5)}, DateOrder, "closed_date"),
        (c.RETURNED | {"file_returned_date": on(2024, 6, 2)}, DateOrder, "file_returned_date"),
        (c.WAITING | {"received_date": on(2024, 3, 5)}, DateOrder, "pauses[0].from_date"),
        (c.WAITING | {"withdrawn_date": on(2024, 3, 3)}, DateOrder, "withdrawn_date"),
        (
            c.ASSIGNED | {"former_handlers": [former(on(2024, 3, 4), on(2024, 3, 6))]},
            DateOrder,
            "assigned_date",
        ),
        (
            c.ASSIGNED | {"former_handlers": [former(on(2024, 3, 3), on(2024, 3, 4))]},
            DateOrder,
            "former_handlers[0].assigned_date",
        ),
        # Of the right path and kind.
        (c.NOTICE | c.REFUSED, NotifiedCase, "refusal_ground"),
        (c.NOTICE | c.WAITING, NotifiedCase, "pauses"),
        (c.NOTICE | {"notifying_organ": None}, InvalidField, "notifying_organ"),
        ({"notifying_organ": "示例法院"}, NoNotice, "notifying_organ"),
        ({"answered_date": on(2024, 3, 2)}, NoNotice, "answered_date"),
        (CRIMINAL | {"referred_date": on(2024, 3, 2)}, NotCivil, "referred_date"),
        (c.CLOSED | CRIMINAL | {"settled_before_litigation": True}, GroundMismatch, "settled_before_litigation"),
        (c.CLOSED | {"result": pb.AID_RESULT_MITIGATED}, GroundMismatch, "result"),
        (c.BEGUN | {"handler_fault": True}, GroundMismatch, "handler_fault"),
        ({"gravest_penalty": pb.GRAVEST_PENALTY_LIFE}, GroundMismatch, "gravest_penalty"),
        # Names.
        ({"person_name": None}, InvalidField, "person_name"),
        ({"person_name": " "}, InvalidField, "person_name"),
        (c.ASSIGNED | {"practitioner": "somebody"}, BadReference, "practitioner"),
        # Times.
        ({"custody_received_time": NOON}, GroundMismatch, "custody_received_time"),
        (CUSTODY | {"forwarded_time": NOON}, LateForwarding, "custody_received_time"),
        (
            CUSTODY | {"custody_received_time": NOON, "forwarded_time": NOON.replace(hour=3)},
            LateForwarding,
            "forwarded_time",
        ),
        (CUSTODY | {"custody_received_time": NOON.replace(year=2025)}, LateForwarding, "custody_received_time"),
    ],
)
def test_what_contradicts_itself_is_refused(fields: dict[str, Any], error: type[Exception], field: str) -> None:
    """With the field, and in Chinese what is expected of it."""
    with pytest.raises(error) as refused:
        case(**fields)
    assert field == refused.value.field  # type: ignore[attr-defined]
    assert "?" not in refused.value.text("某项")  # type: ignore[attr-defined]


def test_an_overflowing_time_is_none() -> None:
    """A time out of every calendar is refused like any other."""
    record = changed(c.APPLICATION, **CUSTODY)
    record.custody_received_time.seconds = 2**62
    with pytest.raises(LateForwarding):
        consistency.check(record, None, RULES)


def test_what_follows_from_the_rest_need_not_be_sent() -> None:
    """Rows of other systems lack it: the first decision, the first assignment, the grant by an objection."""
    assigned = case(**without(c.ASSIGNED, "decided_date", "first_assigned_date"))
    assert (on(2024, 3, 4), on(2024, 3, 5)) == (assigned.decided_date, assigned.first_assigned_date)
    assert on(2024, 3, 11) == case(**without(c.OVERTURNED, "granted_date")).granted_date
    handed_on = c.ASSIGNED | {"former_handlers": [former(on(2024, 3, 4), on(2024, 3, 5))]}
    assert on(2024, 3, 4) == case(**without(handed_on, "first_assigned_date")).first_assigned_date
    assert lifecycle.CLOSED == case(**without(c.CLOSED, "begun_date")).state


def test_a_day_that_is_sent_empty_is_none() -> None:
    """The state does not follow from it."""
    assert lifecycle.RECEIVED == case(granted_date=Date(), closed_date=Date()).state


def test_a_corrected_assignment_is_still_the_first() -> None:
    """One day was sent, the other follows."""
    old = case(**c.ASSIGNED)
    new = changed(old, assigned_date=on(2024, 3, 6))
    consistency.check(new, old, RULES)
    assert on(2024, 3, 6) == new.first_assigned_date


def test_who_was_erased_is_not_missed() -> None:
    """Steps after the end need no name and no income any more."""
    old = case(**c.CLOSED)
    erased = changed(old, person_name=None, monthly_income_fen=None)
    new = changed(erased, file_returned_date=on(2024, 7, 1))
    consistency.check(new, erased, RULES)
    assert lifecycle.FILE_RETURNED == new.state


@pytest.mark.parametrize(
    ("received", "income", "within"),
    [
        ((2003, 8, 31), 10_000_000, True),
        ((2009, 12, 31), 45_001, False),
        ((2010, 1, 1), 45_001, True),
        ((2010, 6, 1), 63_001, False),
        ((2017, 6, 1), 130_000, True),
        ((2017, 6, 1), 130_001, False),
        ((2024, 3, 1), 200_000, True),
        ((2024, 3, 1), 200_001, False),
    ],
)
def test_hardship_is_judged_by_the_standard_of_the_day_of_receipt(
    received: tuple[int, int, int],
    income: int,
    within: bool,  # noqa: FBT001 (a column of the table)
) -> None:
    """Whatever the standard is when it is decided."""
    fields = {"received_date": on(*received), "monthly_income_fen": income}
    if within:
        assert lifecycle.GRANTED == case(**c.GRANTED | fields).state
        return
    with pytest.raises(OverStandard) as refused:
        case(**c.GRANTED | fields)
    assert "元" in refused.value.message


@pytest.mark.parametrize("basis", sorted(set(pb.HardshipBasis.values()) - {0, pb.HARDSHIP_BASIS_NOT_REQUIRED}))
def test_a_grant_needs_its_ground(basis: pb.HardshipBasis.ValueType) -> None:
    """An income where it is judged by one, else the ground that exempts; an application before that needs none."""
    fields: dict[str, Any] = {
        "groups": [pb.AID_GROUP_DISABLED, pb.AID_GROUP_MIGRANT_WORKER],
        "matter": pb.AID_MATTER_UNPAID_WAGES,
        "hardship": basis,
        "monthly_income_fen": None,
    }
    case(**fields)
    if basis in eligibility.BY_INCOME:
        with pytest.raises(HardshipRequired) as refused:
            case(**c.GRANTED | fields)
        assert "monthly_income_fen" == refused.value.field
    else:
        case(**c.GRANTED | fields)
    with pytest.raises(HardshipRequired):
        case(**c.GRANTED | fields | {"hardship": None})


def test_hardship_is_not_asked_of_a_notice_only() -> None:
    """And nothing else is."""
    assert pb.HARDSHIP_BASIS_NOT_REQUIRED == case(**c.NOTICE).hardship
    for fields in ({"hardship": pb.HARDSHIP_BASIS_NOT_REQUIRED}, c.NOTICE | {"hardship": 1}):
        with pytest.raises(GroundMismatch):
            case(**fields)


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({"green_channel": pb.GREEN_CHANNEL_GROUND_DISABLED}, {"groups": [pb.AID_GROUP_DISABLED]}),
        ({"green_channel": pb.GREEN_CHANNEL_GROUND_ELDERLY}, {"groups": [pb.AID_GROUP_ELDERLY]}),
        ({"green_channel": pb.GREEN_CHANNEL_GROUND_MINOR}, {"groups": [pb.AID_GROUP_MINOR]}),
        ({"green_channel": pb.GREEN_CHANNEL_GROUND_MILITARY}, {"groups": [pb.AID_GROUP_MILITARY_FAMILY]}),
        ({"green_channel": pb.GREEN_CHANNEL_GROUND_WORK_INJURY}, {"matter": pb.AID_MATTER_WORK_INJURY}),
        (
            {"green_channel": pb.GREEN_CHANNEL_GROUND_MIGRANT_WAGES},
            {"groups": [pb.AID_GROUP_MIGRANT_WORKER], "matter": pb.AID_MATTER_UNPAID_WAGES},
        ),
        ({"hardship": pb.HARDSHIP_BASIS_EXEMPT_DISABLED_RELIEF}, {"groups": [pb.AID_GROUP_DISABLED]}),
        (
            {"hardship": pb.HARDSHIP_BASIS_EXEMPT_MIGRANT_WAGES},
            {"groups": [pb.AID_GROUP_MIGRANT_WORKER], "matter": pb.AID_MATTER_WORK_INJURY},
        ),
    ],
)
def test_grounds_fit_who_and_what(fields: dict[str, Any], fits: dict[str, Any]) -> None:
    """Each part of what a ground needs is asked for."""
    case(**fields | fits)
    for name in fits:
        with pytest.raises(GroundMismatch):
            case(**fields | without(fits, name))
    if "green_channel" in fields:
        with pytest.raises(GroundMismatch):
            case(**c.NOTICE | fields | fits)


def test_who_shows_hardship_is_not_refused_for_want_of_it() -> None:
    """Other grounds pass, and so does an income over the standard, or one that nobody stated."""
    poor, exempt = case(), case(hardship=pb.HARDSHIP_BASIS_EXEMPT_GOOD_SAMARITAN, monthly_income_fen=None)
    for shown in (poor, exempt):
        with pytest.raises(GroundMismatch):
            eligibility.check_refusal(shown, pb.AID_REFUSAL_GROUND_NOT_IN_HARDSHIP, RULES)
        eligibility.check_refusal(shown, pb.AID_REFUSAL_GROUND_NO_MERIT, RULES)
    for income in (200_001, None):
        eligibility.check_refusal(case(monthly_income_fen=income), pb.AID_REFUSAL_GROUND_NOT_IN_HARDSHIP, RULES)


@pytest.mark.parametrize(
    ("grades", "final"),
    [
        ([GOOD], None),
        ([GOOD, GOOD], GOOD),
        ([FAIL, FAIL], FAIL),
        ([GOOD, PASS], None),
        ([PASS, FAIL], None),
        ([EXCELLENT, FAIL, GOOD], GOOD),
        ([PASS, FAIL, FAIL], FAIL),
        ([PASS, FAIL, EXCELLENT], PASS),
        ([EXCELLENT, GOOD, FAIL], GOOD),
    ],
)
def test_two_agree_or_a_third_decides(grades: list[pb.FileGrade.ValueType], final: int | None) -> None:
    """The grade is final with two that agree, else the middle of three; the day is that of the last."""
    found = case(**c.RETURNED)
    for index, grade in enumerate(grades):
        before = changed(found)
        rating.rate(found, rating.Given(grade, "", on(2024, 7, 1 + index), ""), f"r{index}", RULES)
        consistency.check(found, before, RULES)
    assert (final or 0) == found.grade
    assert (lifecycle.FILE_RETURNED if final is None else lifecycle.RATED) == found.state
    assert (Date() if final is None else on(2024, 7, len(grades))) == found.rated_date


def test_nobody_rates_twice_and_no_handler_does() -> None:
    """By account and by register; the handler before counts too."""
    handlers = {"former_handlers": [former(on(2024, 3, 4), on(2024, 3, 5))], "first_assigned_date": on(2024, 3, 4)}
    found = case(**c.RETURNED | handlers)
    given = rating.Given(GOOD, THIRD, on(2024, 7, 2), "")
    for handler in (HANDLER, OTHER):
        with pytest.raises(HandlerRates):
            rating.rate(found, given._replace(reviewer_practitioner=handler), "one", RULES)
    rating.rate(found, given, "one", RULES)
    for who, practitioner in (("one", ""), ("two", THIRD)):
        with pytest.raises(RatedBefore):
            rating.rate(found, given._replace(reviewer_practitioner=practitioner), who, RULES)
    with pytest.raises(DateOrder):
        rating.rate(found, given._replace(reviewer_practitioner="", rated_date=on(2024, 7, 1)), "two", RULES)


def one(reviewer: str, grade: pb.FileGrade.ValueType, **fields: Any) -> pb.FileRating:
    """Return a rating as a row brings it."""
    return pb.FileRating(**{"reviewer": reviewer, "grade": grade, "rated_date": on(2024, 7, 1)} | fields)


@pytest.mark.parametrize(
    ("ratings", "error"),
    [
        ([one("a", GOOD), one("b", GOOD), one("c", GOOD)], StateMismatch),
        ([one("a", GOOD), one("a", PASS)], RatedBefore),
        ([one("a", GOOD, reviewer_practitioner=OTHER), one("b", PASS, reviewer_practitioner=OTHER)], RatedBefore),
        ([one("a", GOOD, reviewer_practitioner=HANDLER)], HandlerRates),
        ([one("a", GOOD, rated_date=on(2024, 6, 1))], DateOrder),
    ],
)
def test_ratings_taken_over_keep_the_rules(ratings: list[pb.FileRating], error: type[Exception]) -> None:
    """As if they had been recorded one after the other."""
    with pytest.raises(error):
        case(**c.RETURNED, ratings=ratings)


def test_a_decision_by_two_is_no_correction() -> None:
    """What was decided before there was a record of it, the department takes over; nothing else."""
    returned, rated = case(**c.RETURNED), case(**c.RETURNED, ratings=[one("a", GOOD), one("b", GOOD)])
    objected, upheld = case(**c.OBJECTED), case(**c.OVERTURNED)
    for new, old in ((rated, returned), (upheld, objected), (case(**c.RATED), returned)):
        for roles in (CLERK, HEAD, DEPARTMENT):
            with pytest.raises(DecidedByStep):
                decisions.check_decided(new, old, roles)
        with pytest.raises(DecidedByStep):
            decisions.check_decided(new, None, HEAD)
        decisions.check_decided(new, None, DEPARTMENT)
        decisions.check_decided(old, new, HEAD)
        decisions.check_decided(new, new, CLERK)


def test_a_clerk_s_row_ends_no_case() -> None:
    """Ending, changing the handler and assigning one where life or death may be imposed is for others."""
    begun = case(**c.BEGUN)
    ended = case(**c.STATES[lifecycle.ENDED])
    handed_on = c.BEGUN | {"former_handlers": [former(on(2024, 3, 4), on(2024, 3, 5))]}
    granted = c.NOTICE | c.GRANTED | {"gravest_penalty": pb.GRAVEST_PENALTY_LIFE}
    pairs = [
        (ended, begun),
        (case(**handed_on | {"first_assigned_date": on(2024, 3, 4)}), begun),
        (case(**granted | c.ASSIGNED), case(**granted)),
    ]
    for new, old in pairs:
        with pytest.raises(DecidedByStep):
            decisions.check_ordinary(new, old)
        decisions.check_decided(new, old, HEAD)
        decisions.check_decided(new, None, CLERK)
    decisions.check_ordinary(case(**c.CLOSED), begun)


def test_a_row_may_add_to_steps_not_change_them() -> None:
    """Corrections have a reason."""
    old = case(**c.ASSIGNED)
    decisions.check_kept(case(**c.BEGUN), old)
    with pytest.raises(StepFact) as refused:
        decisions.check_kept(changed(old, assigned_date=on(2024, 3, 6)), old)
    assert "assigned_date" == refused.value.field


def test_a_dispute_becomes_an_application() -> None:
    """Received on the day it was handed on, without a name as yet; not again where legal aid has it."""
    facts = DisputeFacts(
        office="wuma",
        type=dispute_pb2.DISPUTE_TYPE_UNPAID_WAGES,
        closed_date=on(2024, 3, 1),
        referred_to_aid=True,
    )
    made = referral.case_of(facts, DISPUTE)
    consistency.check(made, None, RULES)
    assert (on(2024, 3, 1), pb.AID_MATTER_UNPAID_WAGES, DISPUTE) == (
        made.received_date,
        made.matter,
        made.origin_dispute,
    )
    assert "opened" == lifecycle.transition(made, None)
    assert "" == lifecycle.transition(made, made) == lifecycle.transition(case(), None)
    assert [True, False, False, False] == [
        referral.opens(found)
        for found in (
            facts,
            changed(facts, referred_to_aid=None),
            changed(facts, aid_case="0198c0de-0000-7000-8000-000000000001"),
            changed(facts, deleted=True),
        )
    ]


def test_a_row_with_history_happened_on_its_last_day() -> None:
    """So years of cases count in their years; what is changed later happened when it was changed."""
    made = case(**c.RATED)
    assert date(2024, 7, 1) == lifecycle.happened(made)
    made.revision = 1
    assert lifecycle.happened(made) is None
