"""Records move along their table, each step on a day that can be."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from geju.mediation.v1.warning_pb2 import Warning as Record
from google.type.date_pb2 import Date

from services.chassis.domain.dates import from_date
from services.chassis.domain.errors import DateOrder, FutureDate, ImpossibleTransition, RuleError
from services.chassis.domain.profile import Profile
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import Transition, day, move, permit, put, state_label

OPEN, SETTLED = Record.STATE_OPEN, Record.STATE_SETTLED
TABLE = {
    "settle": Transition("化解", frozenset({OPEN}), SETTLED),
    "report": Transition("反馈", frozenset({OPEN, SETTLED})),
}
PROFILE: Any = Profile.__new__(Profile)
RULES = Rules(PROFILE, datetime(2012, 6, 15, 2, tzinfo=UTC))


def test_a_refused_step_is_told_in_the_words_of_the_contract() -> None:
    """A step that the table does not permit names the state's label and the step's name."""
    permit(Record(state=OPEN), TABLE, "settle")
    with pytest.raises(ImpossibleTransition) as refusal:
        permit(Record(state=SETTLED), TABLE, "settle")
    assert {"state": "已化解", "action": "化解"} == refusal.value.facts
    assert "state" == refusal.value.field


def test_a_step_leads_where_the_table_says() -> None:
    """A step with a target moves the record there; one without leaves it."""
    record = Record(state=OPEN)
    move(record, TABLE, "report")
    assert OPEN == record.state
    move(record, TABLE, "settle")
    assert SETTLED == record.state


def test_a_state_of_a_newer_contract_has_no_label() -> None:
    """A state that the contract does not know is shown as a question mark."""
    assert "?" == state_label(Record(state=99))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "after", "expected"),
    [
        (Date(), (), date(2012, 6, 15)),
        (Date(), (Date(), from_date(date(2012, 6, 15))), date(2012, 6, 15)),
        (from_date(date(2012, 6, 1)), (from_date(date(2012, 5, 31)), Date()), date(2012, 6, 1)),
        (from_date(date(2012, 6, 16)), (), date(2012, 6, 16)),
    ],
)
def test_a_step_is_taken_on_the_day_given_else_today(given: Date, after: tuple[Date, ...], expected: date) -> None:
    """The day of a step is the one given, else today."""
    assert expected == day(RULES, "on", given, *after)


@pytest.mark.parametrize(
    ("given", "after", "error"),
    [
        (from_date(date(2012, 6, 17)), (), FutureDate),
        (from_date(date(2012, 5, 1)), (from_date(date(2012, 5, 2)),), DateOrder),
        (Date(), (from_date(date(2012, 6, 16)),), DateOrder),
    ],
)
def test_a_step_is_not_taken_ahead_or_before_the_last(
    given: Date, after: tuple[Date, ...], error: type[RuleError]
) -> None:
    """A step is refused after tomorrow, and before what it follows, today included."""
    with pytest.raises(error):
        day(RULES, "on", given, *after)


def test_a_date_is_written_or_cleared() -> None:
    """No date leaves the field unset."""
    record = Record()
    put(record, "raised_date", date(2012, 1, 2))
    assert from_date(date(2012, 1, 2)) == record.raised_date
    put(record, "raised_date", None)
    assert not record.HasField("raised_date")
