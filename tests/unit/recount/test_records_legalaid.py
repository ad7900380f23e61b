"""The recount of legal aid works last days and days taken out from what was recorded, as the service does."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from geju.legalaid.v1 import aid_case_pb2 as pb

from services.chassis.domain.dates import from_date
from services.legalaid.cases import facts
from tests.support.as_facts import as_facts
from tests.support.records import changed, on
from tests.unit.legalaid.cases import cases as c

FORMER = pb.FormerHandler(practitioner=c.OTHER, assigned_date=on(2024, 3, 5), until_date=on(2024, 3, 6), reason=1)
COURSES: dict[str, dict[str, Any]] = {
    **{pb.AidCase.State.Name(state): fields for state, fields in c.STATES.items()},
    "notice": c.NOTICE | c.GRANTED,
    "overturned": c.OVERTURNED,
    "never assigned": c.GRANTED | {"end_ground": 7, "ended_date": on(2024, 3, 7)},
    "ended too late": c.GRANTED | {"end_ground": 7, "ended_date": on(2024, 3, 8)},
    "handed over": c.BEGUN
    | {
        "assigned_date": on(2024, 3, 6),
        "former_handlers": [FORMER],
    },
    "handed over and back": c.BEGUN
    | {
        "assigned_date": on(2024, 3, 8),
        "first_assigned_date": on(2024, 3, 5),
        "provided_date": on(2024, 3, 2),
        "provide_first": pb.PROVIDE_FIRST_GROUND_PRESERVATION,
        "former_handlers": [
            FORMER,
            pb.FormerHandler(practitioner=c.THIRD, assigned_date=on(2024, 3, 6), until_date=on(2024, 3, 7), reason=1),
            pb.FormerHandler(practitioner=c.OTHER, assigned_date=on(2024, 3, 7), until_date=on(2024, 3, 8), reason=1),
        ],
    },
    "withdrawn while waiting": c.WAITING | {"withdrawn_date": on(2024, 3, 9)},
}


def told_again(case: pb.AidCase) -> Any:
    """Return a case's facts by the recount, which sees none of its limits."""
    return as_facts({"aid_case": {"c": changed(case, limits=None)}}, c.PROFILE)["aid_case"]["c"]


@pytest.mark.parametrize("course", COURSES)
def test_a_case_is_read_as_the_service_tells_of_it(course: str) -> None:
    """Whatever its course was: the limits in the record are not looked at."""
    record = c.case(**COURSES[course])
    told = facts.aid_case(record)
    told.office = record.office
    assert told == told_again(record)


@pytest.mark.parametrize("year", [2010, 2014, 2017, 2024])
def test_supplements_stop_the_clock_alike(year: int) -> None:
    """By the law of each time, on any day of the year, through the green channel or not, with up to three waits."""
    chance = random.Random(year)
    for _ in range(200):
        day = received = date(year, 1, 1) + timedelta(days=chance.randrange(330))
        pauses = []
        for _ in range(chance.randrange(4)):
            asked = day + timedelta(days=chance.randrange(6))
            day = asked + timedelta(days=chance.randrange(9))
            pauses.append(pb.AidPause(from_date=from_date(asked), to_date=from_date(day)))
        if pauses and chance.random() < 0.3:
            pauses[-1].ClearField("to_date")
        green = chance.choice([None, pb.GREEN_CHANNEL_GROUND_URGENT])
        record = c.case(
            received_date=from_date(received), pauses=pauses, green_channel=green, monthly_income_fen=40_000
        )
        told = facts.aid_case(record)
        assert (told.review_due, told.HasField("review_due")) == (
            (again := told_again(record)).review_due,
            again.HasField("review_due"),
        ), record
