"""Applications decided rightly and in time, cases assigned in time; limits that run, passed, or stood still."""

from __future__ import annotations

from datetime import date

from geju.legalaid.v1 import aid_case_pb2 as ap
from geju.legalaid.v1.facts_pb2 import AidCaseFacts

from services.aggregation.measure import advance_date
from tests.support.counting import Counting, on

APPLICATION, NOTIFIED = ap.AID_PATH_APPLICATION, ap.AID_PATH_NOTIFIED_DEFENCE
RECEIVED = on(2012, 3, 1)


async def test_a_wrongful_refusal_counts_against_the_grants(counting: Counting) -> None:
    """legalaid.grant_rate: by the first decision; a refusal that stands is of nobody whom aid was owed."""
    refused = {
        "path": APPLICATION, "decided_date": on(2012, 2, 10), "objected_date": on(2012, 2, 13),
        "objection_decided_date": on(2012, 3, 5), "refusal_ground": ap.AID_REFUSAL_GROUND_NOT_IN_HARDSHIP,
    }  # fmt: skip
    await counting.put(
        AidCaseFacts(path=APPLICATION, decided_date=on(2012, 2, 8), granted_date=on(2012, 2, 8), eligible=True),
        AidCaseFacts(
            **refused,
            objection_outcome=ap.OBJECTION_OUTCOME_OVERTURNED,
            granted_date=on(2012, 3, 5),
            eligible=True,
        ),
        AidCaseFacts(**refused, objection_outcome=ap.OBJECTION_OUTCOME_UPHELD),
        AidCaseFacts(path=NOTIFIED, decided_date=on(2012, 2, 8), granted_date=on(2012, 2, 8), eligible=True),
    )
    code = "legalaid.grant_rate"
    assert (1, 2) == await counting.figure(code, "2012-02")
    assert (0, 0) == await counting.figure(code, "2012-03")
    assert ["counted", "no_application", "not_eligible", "wrongly_refused"] == await counting.reasons(code, "2012-02")
    # What the objection brought was not known the day before it was decided.
    assert (1, 1) == await counting.as_of(date(2012, 3, 4), code, "2012-02")
    assert (1, 2) == await counting.as_of(date(2012, 3, 5), code, "2012-02")


async def test_a_refusal_overturned_on_its_own_day_is_a_wrongful_one(counting: Counting) -> None:
    """legalaid.grant_rate: the dates alone would take it for a grant."""
    await counting.put(
        AidCaseFacts(
            path=APPLICATION,
            decided_date=on(2012, 3, 5),
            objection_decided_date=on(2012, 3, 5),
            objection_outcome=ap.OBJECTION_OUTCOME_OVERTURNED,
            granted_date=on(2012, 3, 5),
            eligible=True,
        )
    )
    assert (0, 1) == await counting.figure("legalaid.grant_rate", "2012-03")


def decided(day: int, due: int | None, **fields: object) -> AidCaseFacts:
    """Return an application decided on a day of March."""
    facts = AidCaseFacts(path=APPLICATION, received_date=RECEIVED, decided_date=on(2012, 3, day))
    if due is not None:
        facts.review_due.CopyFrom(on(2012, 3, due))
    facts.MergeFrom(AidCaseFacts(**fields))  # type: ignore[arg-type]
    return facts


async def test_applications_are_decided_by_the_last_day(counting: Counting) -> None:
    """legalaid.review_on_time_rate: on it is in time, the day after is late, whichever way it was decided."""
    await counting.put(
        decided(8, 8),
        decided(9, 8),
        # The clock stood still for a supplement, and its last day had not been set again.
        decided(19, None),
        decided(8, 8, path=NOTIFIED),
    )
    code = "legalaid.review_on_time_rate"
    assert (2, 3) == await counting.figure(code, "2012-03")
    assert ["counted", "counted", "decided_late", "no_application"] == await counting.reasons(code, "2012-03")


async def test_a_limit_that_passes_undecided_counts_by_itself(counting: Counting) -> None:
    """legalaid.review_on_time_rate: on its last day it can still be kept; the next day it is late, told by nobody."""
    code = "legalaid.review_on_time_rate"
    await counting.put(AidCaseFacts(path=APPLICATION, received_date=RECEIVED, review_due=on(2012, 3, 20)))
    assert (0, 0) == await counting.figure(code, "2012-03")
    assert ["pending"] == await counting.reasons(code, "2012-03")
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (0, 1) == await counting.figure(code, "2012-03")


async def test_while_a_supplement_is_awaited_nothing_is_late(counting: Counting) -> None:
    """legalaid.review_on_time_rate: with the clock standing still there is no last day; set again, it counts."""
    await counting.put(AidCaseFacts(path=APPLICATION, received_date=on(2012, 1, 4)))
    assert (0, 0) == await counting.figure("legalaid.review_on_time_rate", "2012")
    await counting.put(
        AidCaseFacts(path=APPLICATION, received_date=on(2012, 1, 4), review_due=on(2012, 2, 20)),
        AidCaseFacts(
            path=APPLICATION, received_date=on(2012, 1, 4), review_due=on(2012, 2, 20), decided_date=on(2012, 2, 20)
        ),
    )
    assert (1, 2) == await counting.figure("legalaid.review_on_time_rate", "2012-02")


async def test_who_leaves_in_time_is_in_neither(counting: Counting) -> None:
    """legalaid.review_on_time_rate: withdrawn or handed over by the last day; after it the decision was late."""
    application = {"path": APPLICATION, "received_date": RECEIVED, "review_due": on(2012, 3, 8)}
    await counting.put(
        AidCaseFacts(**application, withdrawn_date=on(2012, 3, 8)),
        AidCaseFacts(**application, transferred_date=on(2012, 3, 5)),
        AidCaseFacts(**application, withdrawn_date=on(2012, 3, 9)),
        # Deemed withdrawn without a supplement: there was no last day.
        AidCaseFacts(path=APPLICATION, received_date=RECEIVED, withdrawn_date=on(2012, 3, 9)),
    )
    code = "legalaid.review_on_time_rate"
    assert (0, 1) == await counting.figure(code, "2012-03")
    assert ["decided_late", "left_in_time", "left_in_time"] == await counting.reasons(code, "2012-03")
    assert (0, 1) == await counting.as_of(date(2012, 3, 9), code, "2012-03")
    assert (0, 0) == await counting.as_of(date(2012, 3, 8), code, "2012-03")


async def test_days_of_review_are_averaged(counting: Counting) -> None:
    """legalaid.mean_review_days: over decisions, those of the green channel apart; stopped days are in none."""
    await counting.put(
        decided(8, 8, review_days=7),
        decided(2, 2, review_days=1, through_green_channel=True),
        decided(1, 8, review_days=0),
        decided(8, 8, review_days=7, path=NOTIFIED),
    )
    code = "legalaid.mean_review_days"
    assert (8, 3) == await counting.figure(code, "2012-03")
    assert (1, 1) == await counting.figure(code, "2012-03", "01", "green_channel", "true")
    assert (7, 2) == await counting.figure(code, "2012-03", "", "green_channel", "false")


async def test_cases_are_assigned_by_the_last_day(counting: Counting) -> None:
    """legalaid.assigned_on_time_rate: the first handler decides; who began before the grant was in time."""
    due = on(2012, 3, 15)
    await counting.put(
        AidCaseFacts(assign_due=due, first_assigned_date=due, assigned_date=on(2012, 3, 19)),
        AidCaseFacts(assign_due=due, first_assigned_date=on(2012, 3, 16)),
        AidCaseFacts(first_assigned_date=on(2012, 3, 12), provided_date=on(2012, 3, 10)),
        AidCaseFacts(assign_due=due),
        AidCaseFacts(assign_due=due, ended_date=due),
        AidCaseFacts(assign_due=due, ended_date=on(2012, 3, 16)),
        AidCaseFacts(assign_due=on(2012, 3, 20)),
    )
    code = "legalaid.assigned_on_time_rate"
    assert (2, 5) == await counting.figure(code, "2012-03")
    assert [*["assigned_late"] * 3, "counted", "counted", "ended_in_time", "pending"] == await counting.reasons(
        code, "2012-03"
    )
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (2, 6) == await counting.figure(code, "2012-03")
