"""Time limits of 2010, 2017 and 2024: by the law of the day the clock started, over holidays, without supplements."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from geju.common.v1 import limit_pb2
from geju.legalaid.v1 import aid_case_pb2 as pb

from services.chassis.domain import limits
from services.chassis.domain.dates import to_date
from services.legalaid.cases.facts import aid_case
from services.legalaid.domain.cases import clocks, handling
from tests.support.records import on
from tests.unit.legalaid.cases import cases as c
from tests.unit.legalaid.cases.cases import case

OWN = pb.REASSIGN_REASON_OWN_REQUEST
TWICE = [(c.OTHER, 5, 6), (c.THIRD, 6, 8), (c.OTHER, 8, 9)]
GREEN = {"green_channel": pb.GREEN_CHANNEL_GROUND_URGENT}


def pause(asked: tuple[int, int, int], came: tuple[int, int, int] | None) -> pb.AidPause:
    """Return a supplement asked for and brought."""
    return pb.AidPause(
        from_date=on(*asked), to_date=on(*came) if came else None, supplement_due_date=on(2024, 12, 1), requested="证明"
    )


def due(record: pb.AidCase, rule: str) -> date | None:
    """Return the last day of a limit."""
    limit = limits.find(record.limits, rule)
    return None if limit is None else to_date(limit.due)


@pytest.mark.parametrize(
    ("received", "fields", "expected"),
    [
        # 5 working days around the National Day of 2010; one with a Saturday that is worked, and the Spring Festival.
        ((2010, 9, 29), {}, date(2010, 10, 12)),
        ((2010, 2, 10), {}, date(2010, 2, 22)),
        # 7 working days around the National Day of 2017.
        ((2017, 9, 28), {}, date(2017, 10, 13)),
        # 7 calendar days in 2024, holidays or not.
        ((2024, 9, 30), {}, date(2024, 10, 7)),
        ((2024, 3, 1), {}, date(2024, 3, 8)),
        # The last and first days of each rule.
        ((2015, 12, 31), {}, date(2016, 1, 8)),
        ((2016, 1, 1), {}, date(2016, 1, 12)),
        ((2021, 12, 31), {}, date(2022, 1, 12)),
        ((2022, 1, 1), {}, date(2022, 1, 8)),
        # Before the regulation there was no limit.
        ((2003, 8, 31), {}, None),
        # One working day through the green channel, whenever.
        ((2010, 9, 30), GREEN, date(2010, 10, 8)),
        ((2017, 9, 29), GREEN, date(2017, 9, 30)),
        ((2024, 9, 30), GREEN, date(2024, 10, 8)),
    ],
)
def test_the_review_is_due(received: tuple[int, int, int], fields: dict[str, Any], expected: date | None) -> None:
    """By the rule in force on the day of receipt."""
    made = case(received_date=on(*received), **fields)
    assert expected == due(made, clocks.review_rule(made))
    assert 1 >= len(made.limits)


@pytest.mark.parametrize(
    ("received", "pauses", "expected"),
    [
        # Calendar days: asked on the third day, brought after ten.
        ((2024, 3, 1), [pause((2024, 3, 4), (2024, 3, 14))], date(2024, 3, 18)),
        # Twice.
        ((2024, 3, 1), [pause((2024, 3, 4), (2024, 3, 6)), pause((2024, 3, 7), (2024, 3, 9))], date(2024, 3, 12)),
        # Asked on the day of receipt, which does not count anyway.
        ((2024, 3, 1), [pause((2024, 3, 1), (2024, 3, 5))], date(2024, 3, 11)),
        # Brought on the day it was asked for.
        ((2024, 3, 1), [pause((2024, 3, 4), (2024, 3, 4))], date(2024, 3, 8)),
        # Asked for after the last day: nothing stands still any more.
        ((2024, 3, 1), [pause((2024, 3, 11), (2024, 3, 14))], date(2024, 3, 8)),
        # Working days: the holidays of 2017 within the supplement do not count twice.
        ((2017, 9, 28), [pause((2017, 9, 30), (2017, 10, 10))], date(2017, 10, 17)),
        ((2010, 9, 29), [pause((2010, 9, 30), (2010, 10, 11))], date(2010, 10, 15)),
    ],
)
def test_a_supplement_suspends_the_review(received: Any, pauses: list[pb.AidPause], expected: date) -> None:
    """The last day moves by the days that stood still."""
    assert expected == due(case(received_date=on(*received), pauses=pauses), clocks.REVIEW)


def test_nothing_is_due_while_a_supplement_is_awaited() -> None:
    """The supplement is."""
    waiting = case(**c.WAITING)
    assert not aid_case(waiting).HasField("review_due")
    assert [(date(2024, 3, 20), clocks.SUPPLEMENT)] == clocks.dues(waiting)
    assert limit_pb2.LIMIT_STATE_SUSPENDED == limits.state(waiting.limits[0], date(2025, 1, 1))
    assert [] == clocks.dues(case())


@pytest.mark.parametrize(
    ("fields", "rule", "expected"),
    [
        ({"objected_date": on(2010, 9, 29)}, clocks.OBJECTION, date(2010, 10, 12)),
        ({"objected_date": on(2017, 9, 28)}, clocks.OBJECTION, date(2017, 10, 11)),
        ({"objected_date": on(2024, 9, 30)}, clocks.OBJECTION, date(2024, 10, 5)),
    ],
)
def test_an_objection_is_decided_by_the_law_of_its_day(fields: dict[str, Any], rule: str, expected: date) -> None:
    """5 working days, since 2022 5 days."""
    [day] = fields.values()
    refused = {"received_date": day, "decided_date": day, "refusal_ground": pb.AID_REFUSAL_GROUND_NO_MERIT}
    assert expected == due(case(**refused | fields), rule)


def test_the_other_limits_follow_their_days() -> None:
    """3 days to assign and to answer, 15 to hand in the file; what is done is done."""
    granted = case(**c.GRANTED)
    assert (date(2024, 3, 7), limit_pb2.LIMIT_STATE_RUNNING) == (
        due(granted, clocks.ASSIGN),
        limits.state(granted.limits[1], date(2024, 3, 7)),
    )
    returned = case(**c.RETURNED)
    assert (date(2024, 6, 18), limit_pb2.LIMIT_STATE_MET) == (
        due(returned, clocks.RETURN_FILE),
        limits.state(returned.limits[-1], date(2024, 7, 1)),
    )
    notice = case(**c.NOTICE)
    assert [(clocks.ANSWER, date(2024, 3, 4))] == [(limit.rule, to_date(limit.due)) for limit in notice.limits]
    answered = case(**c.NOTICE, answered_date=on(2024, 3, 5))
    assert limit_pb2.LIMIT_STATE_LATE == limits.state(answered.limits[0], date(2024, 7, 1))


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("began", "taken", "state"),
    [
        (datetime(2024, 3, 1, 1, tzinfo=UTC), 24 * HOUR, limit_pb2.LIMIT_STATE_MET),
        (datetime(2024, 3, 1, 1, tzinfo=UTC), 24 * HOUR + timedelta(seconds=1), limit_pb2.LIMIT_STATE_LATE),
        # Nearly two days, from after midnight to before the next but one: still the day after.
        (datetime(2024, 2, 29, 16, 1, tzinfo=UTC), 47 * HOUR, limit_pb2.LIMIT_STATE_LATE),
        (datetime(2024, 3, 1, 15, 59, tzinfo=UTC), HOUR, limit_pb2.LIMIT_STATE_MET),
        (datetime(2024, 3, 1, 1, tzinfo=UTC), 80 * HOUR, limit_pb2.LIMIT_STATE_LATE),
        (datetime(2024, 3, 1, 1, tzinfo=UTC), None, limit_pb2.LIMIT_STATE_OVERDUE),
    ],
)
def test_custody_hands_on_within_24_hours(began: datetime, taken: timedelta | None, state: int) -> None:
    """By the hour, not by the day; later is recorded as late, not refused."""
    ended = None if taken is None else began + taken
    made = case(path=pb.AID_PATH_CUSTODY, custody_received_time=began, forwarded_time=ended)
    limit = limits.find(made.limits, clocks.FORWARD)
    assert limit is not None
    assert state == limits.state(limit, date(2024, 12, 31))


def test_an_instant_is_of_the_day_it_has_in_shanghai() -> None:
    """What custody received a minute after midnight of 1 April and handed on before the next is of 1 April."""
    began, ended = datetime(2024, 3, 31, 16, 1, tzinfo=UTC), datetime(2024, 4, 1, 15, 59, tzinfo=UTC)
    made = case(path=pb.AID_PATH_CUSTODY, custody_received_time=began, forwarded_time=ended)
    limit = limits.find(made.limits, clocks.FORWARD)
    assert limit is not None
    assert [date(2024, 4, 1)] * 2 == [to_date(day) for day in (limit.start, limit.met_date)]


def test_what_is_not_called_for_any_more_is_void() -> None:
    """A withdrawn or transferred application is not decided, a case that ended is not assigned; the day stays."""
    for state in (pb.AidCase.STATE_WITHDRAWN, pb.AidCase.STATE_TRANSFERRED):
        left = case(**c.STATES[state])
        assert left.limits[0].void
        assert on(2024, 3, 8) == aid_case(left).review_due
    end = {"end_ground": pb.AID_END_GROUND_OWN_WISH}
    in_time = aid_case(case(**c.GRANTED, **end, ended_date=on(2024, 3, 7)))
    too_late = aid_case(case(**c.GRANTED, **end, ended_date=on(2024, 3, 8)))
    assert (False, True) == (in_time.HasField("assign_due"), too_late.HasField("assign_due"))


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        (c.GRANTED, 3),
        ({"pauses": [pause((2024, 3, 2), (2024, 3, 4))]} | c.GRANTED, 1),
        (c.OVERTURNED, 3),
        (c.NOTICE | c.GRANTED, 0),
        ({}, 0),
    ],
)
def test_the_review_took(fields: dict[str, Any], days: int) -> None:
    """Days from receipt to the first decision without those of supplements; a notice is not reviewed."""
    assert days == aid_case(case(**fields)).review_days


def test_facts_say_what_counts() -> None:
    """Who was granted aid in the end met the conditions; former handlers are told with their days."""
    found = aid_case(case(**c.OVERTURNED, **GREEN))
    assert (True, True, on(2024, 3, 4), on(2024, 3, 11)) == (
        found.eligible,
        found.through_green_channel,
        found.decided_date,
        found.granted_date,
    )
    assert not aid_case(case(**c.REFUSED)).eligible
    former = [
        pb.FormerHandler(practitioner=c.OTHER, assigned_date=on(2024, 3, 5), until_date=on(2024, 3, 6), reason=OWN),
        pb.FormerHandler(practitioner=c.THIRD, assigned_date=on(2024, 3, 6), until_date=on(2024, 3, 7), reason=OWN),
    ]
    days = c.ASSIGNED | {"assigned_date": on(2024, 3, 7), "former_handlers": former}
    found = aid_case(case(**days))
    assert [name.partition("/")[2] for name in (c.OTHER, c.THIRD)] == list(found.former_practitioner)
    assert (on(2024, 3, 5), on(2024, 3, 7)) == (found.first_assigned_date, found.assign_due)
    assert [on(2024, 3, 5), on(2024, 3, 6)] == list(found.former_from_date)
    assert [on(2024, 3, 6), on(2024, 3, 7)] == list(found.former_until_date)


@pytest.mark.parametrize(
    ("formers", "provided", "expected"),
    [
        ([], None, []),
        # Twice the same, with another between: one at a time.
        (TWICE, None, TWICE),
        # Begun before the grant: the first one's.
        ([(c.OTHER, 5, 6), (c.THIRD, 6, 8)], 2, [(c.OTHER, 2, 6), (c.THIRD, 6, 8)]),
        # What a sheet leaves out is said by the change before and after.
        ([(c.OTHER, None, None), (c.THIRD, 6, None)], None, [(c.OTHER, 9, 6), (c.THIRD, 6, 9)]),
        ([(c.OTHER, 5, 6), (c.THIRD, None, None)], None, [(c.OTHER, 5, 6), (c.THIRD, 6, 9)]),
    ],
)
def test_former_handlers_had_the_case_one_at_a_time(
    formers: list[tuple[str, int | None, int | None]], provided: int | None, expected: list[tuple[str, int, int]]
) -> None:
    """From the day of each to the day of the next."""
    made = case(**c.ASSIGNED | {"assigned_date": on(2024, 3, 9), "first_assigned_date": on(2024, 3, 9)})
    for who, since, until in formers:
        former = made.former_handlers.add(practitioner=who, reason=OWN)
        for field, day in (("assigned_date", since), ("until_date", until)):
            if day is not None:
                getattr(former, field).CopyFrom(on(2024, 3, day))
    if provided is not None:
        made.provided_date.CopyFrom(on(2024, 3, provided))
    found = [(term.practitioner, term.since.day, term.until.day) for term in handling.former_terms(made)]
    assert expected == found
