"""Time limits of complaints: working days, supplements, the extension, and what the figures count of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.common.v1.limit_pb2 import Limit
from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import facts_pb2

from services.chassis.domain import limits
from services.chassis.domain.dates import from_date, to_date
from services.chassis.domain.errors import DateOrder, LimitNotRunning
from services.chassis.domain.step_errors import StateMismatch
from services.legalservices.complaints import facts
from services.legalservices.domain.complaints import acceptance, clocks, complaint, investigation
from services.legalservices.domain.complaints.errors import ExtendedBefore, TimeOver
from services.legalservices.domain.complaints.lifecycle import (
    ACCEPTED,
    ANSWERED,
    CONCLUDED,
    INVESTIGATING,
    NOT_ACCEPTED,
    RECEIVED,
    REVIEWING,
    SUPPLEMENT_REQUESTED,
)
from tests.support.records import on
from tests.unit.legalservices.complaints.cases import Complaint, in_state, pause, rules
from tests.unit.legalservices.complaints.cases import complaint as a_complaint

WITHDRAWN = pb.COMPLAINT_OUTCOME_WITHDRAWN
UNSUPPLIED = pb.COMPLAINT_REFUSAL_GROUND_NOT_SUPPLIED


def limit(found: Complaint, rule: str) -> Limit:
    """Return the limit of a rule."""
    one = limits.find(found.limits, rule)
    assert one is not None
    return one


def due(found: Complaint, rule: str) -> date | None:
    """Return the last day of the limit of a rule."""
    return to_date(limit(found, rule).due)


def facts_of(found: Complaint) -> facts_pb2.ComplaintFacts:
    """Return the facts."""
    return facts.complaint(found)


def test_acceptance_is_due_after_five_working_days() -> None:
    """Received on Monday, 26 March 2012: Monday of the week after, as the day of receipt does not count."""
    found = a_complaint(received_date=on(2012, 3, 19))
    assert date(2012, 3, 26) == due(found, clocks.ACCEPT) == due(found, clocks.SUPPLEMENT)


def test_holidays_are_no_working_days() -> None:
    """Monday to Wednesday, 2 to 4 April 2012, were a holiday, and Sunday, 1 April, a working day for it."""
    assert date(2012, 4, 10) == due(a_complaint(received_date=on(2012, 3, 31)), clocks.ACCEPT)


@pytest.mark.parametrize(
    ("asked", "came", "expected"),
    [
        # Wednesday to Friday: two working days stand still.
        (date(2012, 3, 21), date(2012, 3, 23), date(2012, 3, 28)),
        # Over a weekend: Friday and no more.
        (date(2012, 3, 23), date(2012, 3, 26), date(2012, 3, 27)),
        # Asked on the day of receipt, which counts for nothing anyway.
        (date(2012, 3, 19), date(2012, 3, 21), date(2012, 3, 27)),
        (date(2012, 3, 19), date(2012, 3, 20), date(2012, 3, 26)),
        # Asked and supplied on one day.
        (date(2012, 3, 21), date(2012, 3, 21), date(2012, 3, 26)),
    ],
)
def test_a_supplement_moves_acceptance_by_working_days(asked: date, came: date, expected: date) -> None:
    """The clock stands still from the day of the request to the day before the supplement."""
    found = a_complaint(received_date=on(2012, 3, 19), pauses=[pause(asked, came)])
    assert expected == due(found, clocks.ACCEPT) == to_date(facts_of(found).accept_due)


def test_a_request_meets_its_own_limit() -> None:
    """Having asked, the bureau owes no further request."""
    found = in_state(SUPPLEMENT_REQUESTED)
    assert on(2012, 4, 4) == limit(found, clocks.SUPPLEMENT).met_date


@pytest.mark.parametrize("state", [ACCEPTED, NOT_ACCEPTED])
def test_nobody_owes_a_request_after_the_decision(state: int) -> None:
    """Acceptance and refusal meet one limit and void the other."""
    found = in_state(state)
    assert limit(found, clocks.ACCEPT).HasField("met_date")
    assert limit(found, clocks.SUPPLEMENT).void


def test_while_a_clock_stands_still_nothing_is_due() -> None:
    """The facts name no last day then, but the record says until when the supplement is awaited."""
    found = in_state(SUPPLEMENT_REQUESTED)
    assert not facts_of(found).HasField("accept_due")
    assert [(date(2012, 4, 20), clocks.SUPPLEMENT_DUE)] == clocks.dues(found)
    later = in_state(INVESTIGATING, pauses=[pause(date(2012, 4, 20))])
    told = facts_of(later)
    assert not told.HasField("conclude_due")
    assert not told.HasField("answer_due")
    assert told.HasField("accept_due")


def test_a_supplement_before_acceptance_does_not_move_the_conclusion() -> None:
    """The sixty days begin with acceptance only."""
    before = in_state(ACCEPTED, accepted_date=on(2012, 4, 16), pauses=[pause(date(2012, 4, 5), date(2012, 4, 12))])
    assert date(2012, 6, 15) == due(before, clocks.CONCLUDE)


def test_a_supplement_after_acceptance_moves_the_conclusion_by_days() -> None:
    """Sixty days from 5 April end on 4 June; ten days of waiting move that."""
    assert date(2012, 6, 4) == due(in_state(ACCEPTED), clocks.CONCLUDE)
    waited = in_state(ACCEPTED, pauses=[pause(date(2012, 4, 10), date(2012, 4, 20))])
    assert date(2012, 6, 14) == due(waited, clocks.CONCLUDE)
    assert 10 == limit(waited, clocks.CONCLUDE).suspended_days


def test_one_extension_moves_the_conclusion_by_thirty_days() -> None:
    """It is counted from the last day, waiting included."""
    found = in_state(INVESTIGATING, pauses=[pause(date(2012, 4, 10), date(2012, 4, 20))])
    investigation.extend(found, date(2012, 6, 1), rules())
    complaint.check(found, None, rules())
    assert date(2012, 7, 14) == due(found, clocks.CONCLUDE) == to_date(facts_of(found).conclude_due)
    with pytest.raises(ExtendedBefore):
        investigation.extend(found, date(2012, 6, 2), rules())


def test_nobody_extends_what_is_over() -> None:
    """After the last day it is late, and stays so."""
    with pytest.raises(TimeOver):
        investigation.extend(in_state(INVESTIGATING), date(2012, 6, 5), rules())


def test_without_a_rule_there_is_nothing_to_extend() -> None:
    """A complaint of a time before any rule has no limit."""
    old = in_state(ACCEPTED, received_date=on(1999, 4, 1), accepted_date=on(1999, 4, 2))
    assert [] == list(old.limits)
    assert not old.HasField("answer_due_date")
    with pytest.raises(LimitNotRunning):
        investigation.extend(old, date(1999, 4, 5), rules())


@pytest.mark.parametrize(
    ("concluded", "expected"),
    [
        # Monday, 7 May: five working days.
        (on(2012, 5, 7), date(2012, 5, 14)),
        # Late, so counted from Monday, 4 June, the last day to conclude.
        (on(2012, 6, 8), date(2012, 6, 11)),
        (None, date(2012, 6, 11)),
    ],
)
def test_an_answer_is_due_after_the_conclusion_or_its_last_day(concluded: Any, expected: date) -> None:
    """Whoever concludes late gains no time for the answer; whoever does not conclude owes it all the same."""
    fields = {"outcome": None, "decision": "", "signer": ""} if concluded is None else {}
    found = in_state(CONCLUDED, concluded_date=concluded, **fields)
    assert expected == to_date(facts_of(found).answer_due)


def test_the_limit_of_the_answer_runs_from_the_conclusion() -> None:
    """The handlers see the time that they have."""
    found = in_state(CONCLUDED, concluded_date=on(2012, 6, 8))
    assert (on(2012, 6, 8), date(2012, 6, 15)) == (limit(found, clocks.ANSWER).start, due(found, clocks.ANSWER))


def test_an_unaccepted_complaint_owes_no_answer_in_the_figures() -> None:
    """Withdrawn in the time for acceptance it counts in no rate: the limit is void."""
    found = in_state(RECEIVED, outcome=WITHDRAWN, concluded_date=on(2012, 4, 10))
    told = facts_of(found)
    assert limit(found, clocks.ACCEPT).void
    assert (False, False, False) == tuple(told.HasField(f) for f in ("accept_due", "conclude_due", "answer_due"))  # type: ignore[arg-type]


@pytest.mark.parametrize(("day", "counts"), [(11, False), (12, True)])
def test_a_withdrawal_does_not_make_up_for_lateness(day: int, *, counts: bool) -> None:
    """The last day to decide is 11 April 2012: of what is withdrawn later, it was missed, and counts so."""
    found = in_state(RECEIVED, outcome=WITHDRAWN, concluded_date=on(2012, 4, day))
    assert (not counts, counts) == (limit(found, clocks.ACCEPT).void, facts_of(found).HasField("accept_due"))
    assert counts == limit(found, clocks.ACCEPT).HasField("met_date")
    assert date(2012, 4, 11) == due(found, clocks.ACCEPT)


def test_days_are_counted_without_waiting() -> None:
    """From receipt to answer, less the days that the clocks stood still."""
    assert 37 == facts_of(in_state(ANSWERED)).days
    waited = in_state(ANSWERED, pauses=[pause(date(2012, 4, 10), date(2012, 4, 20))])
    assert 27 == facts_of(waited).days
    assert 0 == facts_of(in_state(CONCLUDED)).days


@pytest.mark.parametrize(
    ("channel", "expected"),
    [(5, date(2012, 4, 17)), (6, date(2012, 4, 17)), (1, None), (4, None)],
)
def test_who_handed_it_over_waits_for_a_reply(channel: Any, expected: date | None) -> None:
    """Fifteen days from receipt, for the petition office and other authorities only."""
    found = a_complaint(channel=channel)
    assert expected == clocks.due_of(found.limits, clocks.REPLY)
    assert (expected is not None) == facts_of(found).transferred_in


def test_a_review_is_due_after_thirty_days() -> None:
    """Its clock starts when it is asked for."""
    assert date(2012, 6, 20) == due(in_state(REVIEWING), clocks.REVIEW)


@pytest.mark.parametrize("state", [RECEIVED, INVESTIGATING])
def test_a_supplement_is_asked_for_in_time(state: int) -> None:
    """Before acceptance within five working days of receipt, later as long as the clock to conclude runs."""
    found = in_state(state)
    last = clocks.last_day_to_ask(found)
    assert last is not None
    with pytest.raises(TimeOver):
        acceptance.request_supplement(found, "示例", date(2012, 6, 8), date(2012, 6, 20))
    acceptance.request_supplement(found, "示例", last, date(2012, 6, 20))
    assert found.state == SUPPLEMENT_REQUESTED


def test_a_further_supplement_is_asked_for_before_the_moved_last_day() -> None:
    """The time that stood still is added."""
    found = a_complaint(received_date=on(2012, 3, 19), pauses=[pause(date(2012, 3, 21), date(2012, 3, 23))])
    assert date(2012, 3, 28) == clocks.last_day_to_ask(found)


def test_a_supplement_is_due_after_it_was_asked_for() -> None:
    """A last day that has passed already is a slip."""
    with pytest.raises(DateOrder):
        acceptance.request_supplement(in_state(RECEIVED), "示例", date(2012, 4, 5), date(2012, 4, 4))


def test_a_refusal_for_want_of_a_supplement_waits_for_its_last_day() -> None:
    """Nobody is refused for not supplying what was not asked for, or not due yet."""
    with pytest.raises(StateMismatch):
        acceptance.refuse(in_state(RECEIVED), UNSUPPLIED, date(2012, 4, 6), date(2012, 4, 6))
    asked = a_complaint(pauses=[pause(date(2012, 4, 5), date(2012, 4, 18))])
    with pytest.raises(StateMismatch):
        acceptance.refuse(asked, UNSUPPLIED, date(2012, 4, 20), date(2012, 4, 20))
    acceptance.refuse(asked, UNSUPPLIED, date(2012, 4, 23), date(2012, 4, 24))
    complaint.check(asked, None, rules())
    assert (NOT_ACCEPTED, on(2012, 4, 24)) == (asked.state, asked.refusal_told_date)


def test_a_limit_stays_when_the_profile_loses_its_rule() -> None:
    """What began by a rule ends by it."""
    found = in_state(ACCEPTED)
    found.limits[2].start.CopyFrom(from_date(date(1999, 4, 5)))
    found.limits[2].due.CopyFrom(from_date(date(1999, 7, 1)))
    found.received_date.CopyFrom(from_date(date(1999, 4, 1)))
    found.accepted_date.CopyFrom(from_date(date(1999, 4, 5)))
    complaint.check(found, None, rules())
    assert [(clocks.CONCLUDE, date(1999, 7, 1))] == [(one.rule, to_date(one.due)) for one in found.limits]
