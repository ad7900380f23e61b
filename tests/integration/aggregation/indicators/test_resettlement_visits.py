"""Visits at the interval of the class, and whereabouts confirmed."""

from __future__ import annotations

from datetime import date

from geju.correction.v1.facts_pb2 import ReleasedPersonFacts, ReleasedVisitFacts

from services.aggregation.measure import advance_date
from tests.support import histories
from tests.support.counting import Counting, on

BEGIN = on(2011, 6, 1)
P = [str(histories.record_id("released_person", number)) for number in range(7)]
FRESH, CONTROL = "resettlement.visit_fresh_rate", "resettlement.key_person_control_rate"
TRACKING = "resettlement.tracking_rate"


async def test_a_visit_is_fresh_until_the_next_is_due(counting: Counting) -> None:
    """resettlement.visit_fresh_rate: never visited counts once the first visit is overdue, not before."""
    await counting.put(
        ReleasedPersonFacts(registered_date=BEGIN, first_visit_due=on(2011, 9, 1)),
        ReleasedPersonFacts(registered_date=BEGIN, first_visit_due=on(2011, 9, 1)),
        ReleasedPersonFacts(registered_date=BEGIN, first_visit_due=on(2012, 3, 19)),
        ReleasedPersonFacts(registered_date=BEGIN, first_visit_due=on(2012, 3, 20), second_office="03"),
        ReleasedPersonFacts(registered_date=BEGIN, first_visit_due=on(2012, 5, 1)),
    )
    await counting.put(
        ReleasedVisitFacts(person=P[1], visit_date=on(2012, 1, 15), next_visit_due=on(2012, 4, 15)),
        ReleasedVisitFacts(person=P[2], visit_date=on(2011, 12, 19), next_visit_due=on(2012, 3, 19)),
        ReleasedVisitFacts(person=P[5], visit_date=on(2012, 3, 1), next_visit_due=on(2012, 6, 1)),
        ReleasedVisitFacts(person=P[3], visit_date=on(2012, 3, 1), next_visit_due=on(2012, 6, 1), deleted=True),
    )
    assert (2, 2) == await counting.figure(FRESH, "2012-02")
    assert (2, 4) == await counting.figure(FRESH, "2012-03")
    assert (3, 3) == await counting.as_of(date(2012, 3, 19), FRESH, "2012-03")
    assert sorted(["counted", "counted", "first_visit_not_due", "visit_overdue", "visit_overdue"]) == (
        await counting.reasons(FRESH, "2012-03")
    )
    assert (0, 0) == await counting.figure(FRESH, "2012-03", "03")
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (2, 5) == await counting.figure(FRESH, "2012-03")
    assert (0, 1) == await counting.figure(FRESH, "2012-03", "03")


async def test_a_key_person_is_under_control_while_the_visit_is_fresh(counting: Counting) -> None:
    """resettlement.key_person_control_rate: key persons of the day; the first visit may still be due."""
    key = {"registered_date": BEGIN, "key_from_date": on(2012, 2, 1), "first_visit_due": on(2011, 7, 1)}
    await counting.put(
        ReleasedPersonFacts(**key),
        ReleasedPersonFacts(office="03", **key),
        ReleasedPersonFacts(**key, key_to_date=on(2012, 3, 19)),
        ReleasedPersonFacts(registered_date=BEGIN, first_visit_due=on(2011, 9, 1)),
        ReleasedPersonFacts(
            registered_date=on(2012, 3, 5), key_from_date=on(2012, 3, 5), first_visit_due=on(2012, 4, 5)
        ),
    )
    await counting.put(
        ReleasedVisitFacts(person=P[1], visit_date=on(2012, 3, 1), next_visit_due=on(2012, 4, 1)),
        ReleasedVisitFacts(person=P[2], visit_date=on(2012, 2, 1), next_visit_due=on(2012, 3, 1)),
        ReleasedVisitFacts(person=P[4], visit_date=on(2012, 3, 1), next_visit_due=on(2012, 6, 1)),
    )
    assert (0, 0) == await counting.figure(CONTROL, "2012-01")
    assert (1, 3) == await counting.figure(CONTROL, "2012-02")
    assert (1, 2) == await counting.figure(CONTROL, "2012-03")
    assert (0, 1) == await counting.figure(CONTROL, "2012-03", "03")
    assert sorted(["counted", "first_visit_not_due", "no_key_person", "no_key_person", "visit_overdue"]) == (
        await counting.reasons(CONTROL, "2012-03")
    )


async def test_whereabouts_are_known_for_ninety_days(counting: Counting) -> None:
    """resettlement.tracking_rate: from the day of linking up or of a visit that confirmed them; no event ends it."""
    await counting.put(
        ReleasedPersonFacts(registered_date=BEGIN, linked_date=on(2011, 12, 21)),
        ReleasedPersonFacts(registered_date=BEGIN, linked_date=on(2011, 12, 20)),
        ReleasedPersonFacts(registered_date=BEGIN, linked_date=BEGIN, second_office="03"),
        ReleasedPersonFacts(registered_date=BEGIN, linked_date=BEGIN),
        ReleasedPersonFacts(registered_date=BEGIN),
    )
    await counting.put(
        ReleasedVisitFacts(person=P[3], visit_date=on(2012, 3, 1), confirmed=True, confirmed_due=on(2012, 5, 30)),
        ReleasedVisitFacts(person=P[4], visit_date=on(2012, 3, 1)),
        ReleasedVisitFacts(person=P[5], visit_date=on(2011, 12, 1), confirmed=True, confirmed_due=on(2012, 2, 29)),
    )
    assert (3, 5) == await counting.figure(TRACKING, "2012-02")
    assert (2, 5) == await counting.figure(TRACKING, "2012-03")
    assert (1, 1) == await counting.figure(TRACKING, "2012-03", "03")
    assert ["counted", "counted", "not_confirmed", "not_confirmed", "not_confirmed"] == await counting.reasons(
        TRACKING, "2012-03"
    )
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (1, 5) == await counting.figure(TRACKING, "2012-03")
