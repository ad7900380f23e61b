"""Every state and every verb: what the table permits, where it leads, and that days and states agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from geju.legalaid.v1 import aid_case_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.errors import (
    AlreadyRecorded,
    BadReference,
    DateOrder,
    FutureDate,
    ImpossibleTransition,
    InvalidField,
)
from services.legalaid.cases.facts import aid_case
from services.legalaid.domain.cases import clocks, consistency, handling, lifecycle, rating, review, subsidy
from services.legalaid.domain.cases.errors import (
    GroundMismatch,
    LimitationNotNear,
    NoNotice,
    NotCivil,
    NotifiedCase,
    PaidBefore,
    PaidCase,
    PracticeTooShort,
    ReferredBefore,
    SameHandler,
    SamePersonDecides,
    SupplementNotOver,
)
from services.legalaid.domain.cases.lifecycle import TRANSITIONS
from tests.support.records import changed, on
from tests.unit.legalaid.cases import cases as c
from tests.unit.legalaid.cases.cases import HANDLER, OTHER, RULES, THIRD, case

LATE, NONE, OWN = on(2024, 12, 1), Date(), pb.REASSIGN_REASON_OWN_REQUEST
SUPPLEMENT = review.Supplement(LATE, on(2024, 12, 20), "收入证明")
FIRST = review.First(pb.PROVIDE_FIRST_GROUND_PRESERVATION, HANDLER, LATE)
WON = handling.Outcome(pb.AID_RESULT_WON, 0, False)  # noqa: FBT003 (a named tuple)
RATING = rating.Given(pb.FILE_GRADE_GOOD, "", LATE, "")
UPHELD, OVERTURNED = pb.OBJECTION_OUTCOME_UPHELD, pb.OBJECTION_OUTCOME_OVERTURNED


def pay(found: pb.AidCase) -> None:
    """Pay the subsidy."""
    subsidy.check_payable(found)
    subsidy.pay(found, date(2024, 12, 1), 100, "legal_aid")


#: Every verb, taken on a day after everything else.
VERBS: dict[str, Callable[[pb.AidCase], Any]] = {
    "request_supplement": lambda x: review.request_supplement(x, SUPPLEMENT, RULES),
    "record_supplement": lambda x: review.record_supplement(x, LATE, RULES),
    "withdraw": lambda x: review.withdraw(x, LATE, RULES, deemed=False),
    "deem_withdrawn": lambda x: review.withdraw(x, LATE, RULES, deemed=True),
    "provide_first": lambda x: review.provide_first(x, FIRST, RULES),
    "grant": lambda x: review.grant(x, LATE, RULES),
    "refuse": lambda x: review.refuse(x, LATE, pb.AID_REFUSAL_GROUND_NO_MERIT, "me", RULES),
    "object": lambda x: review.record_objection(x, LATE, RULES),
    "uphold": lambda x: review.decide_objection(x, LATE, UPHELD, "other", RULES),
    "overturn": lambda x: review.decide_objection(x, LATE, OVERTURNED, "other", RULES),
    "transfer": lambda x: review.transfer(x, LATE, "示例中心", RULES),
    "assign": lambda x: handling.assign(x, handling.Handler(OTHER, LATE, NONE), RULES),
    "reassign": lambda x: handling.reassign(x, handling.Handler(OTHER, LATE, NONE), OWN, RULES),
    "begin": lambda x: handling.begin(x, LATE, RULES),
    "refer": lambda x: handling.refer(x, LATE, RULES),
    "close": lambda x: handling.close(x, LATE, WON, RULES),
    "end": lambda x: handling.end(x, LATE, pb.AID_END_GROUND_CASE_OVER, RULES, fault=False),
    "return_file": lambda x: handling.return_file(x, LATE, RULES),
    "rate": lambda x: rating.rate(x, RATING, "me", RULES),
    "pay": pay,
}
#: Steps that are other steps under a circumstance of their own, and that of notified cases.
_ELSEWHERE = {"grant_provided", "overturn_provided", "settle_rating", "answer"}


def test_every_step_of_the_table_is_tried() -> None:
    """No verb is left out, and every state can be reached and is reached by what is recorded."""
    assert set(TRANSITIONS) == set(VERBS) | _ELSEWHERE
    assert set(c.STATES) == set(pb.AidCase.State.values()) - {0}


@pytest.mark.parametrize("state", sorted(c.STATES))
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_only_the_table_permits(state: int, verb: str) -> None:
    """A verb works exactly in the states that the table names, and leads where the table says."""
    found = case(**c.STATES[state])
    assert state == found.state
    before, transition = changed(found), TRANSITIONS[verb]
    if state not in transition.permitted:
        with pytest.raises(ImpossibleTransition):
            VERBS[verb](found)
        assert before == found
        return
    VERBS[verb](found)
    consistency.check(found, before, RULES)
    assert (state if transition.target is None else transition.target) == found.state


@pytest.mark.parametrize("state", sorted(c.STATES))
def test_a_notice_is_answered_once(state: int) -> None:
    """While the case is open, and late afterwards; aid that was ended or handed on owes no answer."""
    found = pb.AidCase(path=pb.AID_PATH_NOTIFIED_DEFENCE, received_date=on(2024, 3, 1), state=state)  # type: ignore[arg-type]
    if state not in TRANSITIONS["answer"].permitted:
        with pytest.raises(ImpossibleTransition):
            handling.answer(found, LATE, RULES)
        return
    handling.answer(found, LATE, RULES)
    with pytest.raises(AlreadyRecorded):
        handling.answer(found, LATE, RULES)


def test_an_answer_that_was_forgotten_is_late() -> None:
    """Nothing is owing any more, and the limit says by when it should have been."""
    found = case(**c.NOTICE | c.CLOSED | {"recovered_fen": None})
    handling.answer(found, LATE, RULES)
    consistency.check(found, None, RULES)
    [limit] = [limit for limit in found.limits if limit.rule == clocks.ANSWER]
    assert (lifecycle.CLOSED, on(2024, 3, 4), LATE) == (found.state, limit.due, limit.met_date)


def test_only_a_notice_is_answered() -> None:
    """An application has no organ to answer."""
    found = case()
    handling.answer(found, LATE, RULES)
    with pytest.raises(NoNotice):
        consistency.check(found, None, RULES)


@pytest.mark.parametrize("verb", ["request_supplement", "withdraw", "provide_first", "refuse"])
def test_a_notified_case_is_taken_on(verb: str) -> None:
    """It is no application: nothing to supplement, to withdraw or to refuse, and no hardship to show."""
    found = case(**c.NOTICE)
    with pytest.raises(NotifiedCase):
        VERBS[verb](found)
    VERBS["grant"](found)
    consistency.check(found, None, RULES)
    assert (pb.HARDSHIP_BASIS_NOT_REQUIRED, lifecycle.GRANTED) == (found.hardship, found.state)


def test_who_was_provided_with_a_handler_first_has_one_when_aid_is_granted() -> None:
    """The state stays until the decision; the grant assigns at once."""
    found = case()
    VERBS["provide_first"](found)
    consistency.check(found, None, RULES)
    assert (lifecycle.RECEIVED, HANDLER) == (found.state, found.practitioner)
    with pytest.raises(AlreadyRecorded):
        VERBS["provide_first"](found)
    VERBS["grant"](found)
    consistency.check(found, None, RULES)
    assert (lifecycle.ASSIGNED, LATE, LATE) == (found.state, found.assigned_date, found.first_assigned_date)


def test_an_overturned_refusal_gives_back_the_handler_who_was_there_first() -> None:
    """Nobody else can be put in the place without a reason: that is a change of handler."""
    found = case()
    for verb in ("provide_first", "refuse", "object"):
        VERBS[verb](found)
        consistency.check(found, None, RULES)
    before = changed(found)
    VERBS["overturn"](found)
    consistency.check(found, before, RULES)
    assert (lifecycle.ASSIGNED, HANDLER, LATE) == (found.state, found.practitioner, found.assigned_date)
    VERBS["reassign"](found)
    consistency.check(found, before, RULES)
    [former] = found.former_handlers
    assert (HANDLER, OTHER) == (former.practitioner, found.practitioner)


@pytest.mark.parametrize("left", [0, 6, 7])
def test_a_limitation_presses_with_less_than_seven_days_left(left: int) -> None:
    """Seven days and more leave time for a decision."""
    found = case(limitation_date=on(2024, 3, 1 + left))
    given = review.First(pb.PROVIDE_FIRST_GROUND_LIMITATION, HANDLER, on(2024, 3, 1))
    if left < 7:
        review.provide_first(found, given, RULES)
        return
    with pytest.raises(LimitationNotNear) as refused:
        review.provide_first(found, given, RULES)
    assert "2024-03-08" in refused.value.message


def test_what_is_provided_first_has_its_reason() -> None:
    """A limitation needs its day, crimes have none, and the handler is a practitioner."""
    given = review.First(pb.PROVIDE_FIRST_GROUND_LIMITATION, HANDLER, NONE)
    with pytest.raises(GroundMismatch):
        review.provide_first(case(), given, RULES)
    with pytest.raises(GroundMismatch):
        review.provide_first(case(kind=pb.AID_KIND_CRIMINAL), FIRST, RULES)
    with pytest.raises(GroundMismatch):  # It was over the day before.
        review.provide_first(case(limitation_date=on(2024, 3, 4)), given._replace(provided_date=on(2024, 3, 5)), RULES)
    with pytest.raises(BadReference):
        review.provide_first(case(), FIRST._replace(practitioner="somebody"), RULES)


@pytest.mark.parametrize("day", [20, 21])
def test_an_application_is_deemed_withdrawn_after_the_last_day(day: int) -> None:
    """The last day still belongs to the applicant, who may withdraw at any time."""
    found = case(**c.WAITING)
    if day > 20:
        review.withdraw(found, on(2024, 3, day), RULES, deemed=True)
        consistency.check(found, None, RULES)
        assert lifecycle.WITHDRAWN == found.state
        return
    with pytest.raises(SupplementNotOver):
        review.withdraw(found, on(2024, 3, day), RULES, deemed=True)
    review.withdraw(found, on(2024, 3, day), RULES, deemed=False)


def test_who_refused_does_not_decide_the_objection() -> None:
    """Somebody else does; whose refusal it was taken over from is not known. One may object once."""
    found = case(**c.OBJECTED)
    found.refuser = "me"
    with pytest.raises(SamePersonDecides):
        review.decide_objection(found, LATE, UPHELD, "me", RULES)
    review.decide_objection(found, LATE, UPHELD, "other", RULES)
    consistency.check(found, None, RULES)
    assert lifecycle.REFUSED == found.state
    with pytest.raises(AlreadyRecorded):
        review.record_objection(found, LATE, RULES)


def test_an_overturned_refusal_grants_on_that_day() -> None:
    """The day of the first decision stays."""
    found = case(**c.OBJECTED)
    VERBS["overturn"](found)
    consistency.check(found, None, RULES)
    assert (lifecycle.GRANTED, on(2024, 3, 4), LATE) == (found.state, found.decided_date, found.granted_date)


def test_aid_is_granted_to_somebody() -> None:
    """What mediation referred may lack the name until then."""
    referred = case(person_name=None, origin_dispute="disputes/0198c0de-0000-7000-8000-000000000001")
    with pytest.raises(InvalidField) as refused:
        VERBS["grant"](referred)
    assert "person_name" == refused.value.field


@pytest.mark.parametrize("penalty", [pb.GRAVEST_PENALTY_LIFE, pb.GRAVEST_PENALTY_DEATH])
def test_life_and_death_need_three_years_of_practice(penalty: int) -> None:
    """To the day, of whoever is assigned and of whoever follows."""
    found = case(**c.NOTICE | c.GRANTED | {"gravest_penalty": penalty})
    for since in (NONE, on(2021, 12, 2)):
        with pytest.raises(PracticeTooShort) as refused:
            handling.assign(found, handling.Handler(HANDLER, LATE, since), RULES)
        assert "2021-12-01" in refused.value.message
    handling.assign(found, handling.Handler(HANDLER, LATE, on(2021, 12, 1)), RULES)
    consistency.check(found, None, RULES)
    with pytest.raises(PracticeTooShort):
        handling.reassign(found, handling.Handler(OTHER, LATE, NONE), OWN, RULES)


def test_a_criminal_case_says_what_may_be_imposed_before_it_is_assigned() -> None:
    """Left open, nobody would ask for the years of practice; other cases have no penalty."""
    found = case(**c.NOTICE | c.GRANTED)
    with pytest.raises(InvalidField) as refused:
        VERBS["assign"](found)
    assert "gravest_penalty" == refused.value.field
    found.gravest_penalty = pb.GRAVEST_PENALTY_NONE
    VERBS["assign"](found)
    consistency.check(found, None, RULES)
    found.gravest_penalty = pb.GRAVEST_PENALTY_UNSPECIFIED
    with pytest.raises(InvalidField):
        handling.reassign(found, handling.Handler(THIRD, LATE, NONE), OWN, RULES)


def test_a_case_goes_to_another_handler() -> None:
    """The former one is kept with the days; a fault is noted; the state stays."""
    found = case(**c.BEGUN)
    with pytest.raises(SameHandler):
        handling.reassign(found, handling.Handler(HANDLER, LATE, NONE), OWN, RULES)
    handling.reassign(found, handling.Handler(OTHER, LATE, NONE), pb.REASSIGN_REASON_FAULT, RULES)
    before = changed(found)
    consistency.check(found, before, RULES)
    [former] = found.former_handlers
    assert (HANDLER, on(2024, 3, 5), LATE) == (former.practitioner, former.assigned_date, former.until_date)
    assert (OTHER, LATE, on(2024, 3, 5)) == (found.practitioner, found.assigned_date, found.first_assigned_date)
    assert (lifecycle.IN_PROGRESS, True) == (found.state, found.handler_fault)


def test_the_fault_stays_with_whose_it_was() -> None:
    """Who takes a case over from somebody at fault is not to blame when it ends; who ends it at fault is."""
    found = case(**c.ASSIGNED)
    assert "" == handling.at_fault(found)
    handling.reassign(found, handling.Handler(OTHER, LATE, NONE), pb.REASSIGN_REASON_FAULT, RULES)
    before = changed(found)
    consistency.check(found, before, RULES)
    handling.end(found, LATE, pb.AID_END_GROUND_DECEPTION, RULES, fault=False)
    assert (OTHER, HANDLER) == (found.practitioner, handling.at_fault(found))
    ended = case(**c.ASSIGNED)
    handling.end(ended, LATE, pb.AID_END_GROUND_DECEPTION, RULES, fault=True)
    assert HANDLER == handling.at_fault(ended) == f"practitioners/{aid_case(ended).fault_practitioner}"


def test_only_civil_cases_are_referred_once() -> None:
    """And not back to where they came from."""
    with pytest.raises(NotCivil):
        VERBS["refer"](case(kind=pb.AID_KIND_ADMINISTRATIVE))
    for fields in ({"referred_date": on(2024, 3, 2)}, {"origin_dispute": "disputes/" + HANDLER.partition("/")[2]}):
        with pytest.raises(ReferredBefore):
            VERBS["refer"](case(**fields))


def test_a_subsidy_is_paid_once_to_somebody() -> None:
    """A case that was paid is not deleted; one that never had a handler is paid to nobody."""
    found = case(**c.CLOSED)
    VERBS["pay"](found)
    with pytest.raises(PaidBefore):
        VERBS["pay"](found)
    with pytest.raises(PaidCase):
        subsidy.check_deletion(found)
    ended = c.GRANTED | {"ended_date": on(2024, 4, 1), "end_ground": pb.AID_END_GROUND_OWN_WISH}
    with pytest.raises(InvalidField):
        VERBS["pay"](case(**ended))


def test_steps_keep_to_their_days() -> None:
    """Not before the step before, not in the future, today when none is given."""
    found = case(**c.ASSIGNED)
    with pytest.raises(DateOrder):
        handling.begin(found, on(2024, 3, 4), RULES)
    with pytest.raises(FutureDate):
        handling.begin(found, on(2025, 3, 4), RULES)
    assert c.TODAY == handling.begin(found, NONE, RULES)
    waiting = case()
    given = review.Supplement(on(2024, 3, 6), on(2024, 3, 5), "收入证明")
    with pytest.raises(DateOrder):
        review.request_supplement(waiting, given, RULES)
