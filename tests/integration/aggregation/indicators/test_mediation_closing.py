"""Disputes as they end."""

from __future__ import annotations

from geju.mediation.v1 import dispute_pb2 as dp
from geju.mediation.v1.facts_pb2 import DisputeFacts

from tests.support.counting import Counting, on

START, CLOSED = on(2012, 2, 1), on(2012, 3, 1)


async def test_success_is_agreement_among_the_mediated(counting: Counting) -> None:
    """mediation.success_rate: agreed of agreed, failed and refused by a party; withdrawn and referred are out."""
    await counting.put(
        *(
            DisputeFacts(closed_date=CLOSED, outcome=outcome, type=dp.DISPUTE_TYPE_FAMILY)
            for outcome in dp.DisputeOutcome.values()
        )
    )
    assert (1, 3) == await counting.figure("mediation.success_rate", "2012-03")
    assert (1, 3) == await counting.figure("mediation.success_rate", "2012", "01", "type", "family")
    assert ["counted", "no_agreement", "no_agreement", *["not_mediated"] * 3] == await counting.reasons(
        "mediation.success_rate", "2012-03"
    )


async def test_a_dispute_is_on_time_when_closed_by_its_last_day(counting: Counting) -> None:
    """mediation.on_time_rate: late ones fall on the end of the limit, with no event; running ones are in neither."""
    await counting.put(
        DisputeFacts(accepted_date=START, closed_date=CLOSED, close_due=CLOSED),
        DisputeFacts(accepted_date=START, closed_date=on(2012, 3, 10), close_due=CLOSED),
        DisputeFacts(accepted_date=START, close_due=on(2012, 3, 19)),
        DisputeFacts(accepted_date=START, close_due=on(2012, 3, 20)),
        DisputeFacts(accepted_date=START, closed_date=CLOSED),
        DisputeFacts(registered_date=START, closed_date=CLOSED),
    )
    assert (2, 4) == await counting.figure("mediation.on_time_rate", "2012-03")
    assert ["counted", "counted", "not_accepted", "overdue", "overdue", "pending"] == await counting.reasons(
        "mediation.on_time_rate", "2012-03"
    )


async def test_mean_days_run_from_acceptance_to_closing(counting: Counting) -> None:
    """mediation.mean_days: calendar days over disputes closed."""
    await counting.put(
        DisputeFacts(accepted_date=START, closed_date=CLOSED),
        DisputeFacts(accepted_date=CLOSED, closed_date=CLOSED),
        DisputeFacts(accepted_date=START),
    )
    assert (29, 2) == await counting.figure("mediation.mean_days", "2012-03")


async def test_major_disputes_are_discussed_before_closing(counting: Counting) -> None:
    """mediation.major_discussion_rate: major disputes closed; a discussion after closing does not count."""
    await counting.put(
        DisputeFacts(major=True, closed_date=CLOSED, discussed_date=CLOSED),
        DisputeFacts(major=True, closed_date=CLOSED, discussed_date=on(2012, 3, 2)),
        DisputeFacts(closed_date=CLOSED, discussed_date=CLOSED),
    )
    assert (1, 2) == await counting.figure("mediation.major_discussion_rate", "2012-03")
    assert ["counted", "not_discussed", "not_major"] == await counting.reasons(
        "mediation.major_discussion_rate", "2012-03"
    )


async def test_experts_take_part_before_closing(counting: Counting) -> None:
    """mediation.expert_participation_rate: major disputes closed with an expert or department invited."""
    await counting.put(
        DisputeFacts(major=True, closed_date=CLOSED, expert_date=START), DisputeFacts(major=True, closed_date=CLOSED)
    )
    assert (1, 2) == await counting.figure("mediation.expert_participation_rate", "2012-03")


async def test_feedback_is_judged_by_the_report_or_the_end_of_its_limit(counting: Counting) -> None:
    """mediation.feedback_rate: referred disputes closed, in the period of closing, by channel."""
    police = dp.DISPUTE_CHANNEL_POLICE
    await counting.put(
        DisputeFacts(channel=police, closed_date=CLOSED, feedback_due=on(2012, 3, 8), feedback_date=on(2012, 3, 8)),
        DisputeFacts(channel=police, closed_date=CLOSED, feedback_due=on(2012, 3, 8), feedback_date=on(2012, 3, 9)),
        DisputeFacts(channel=police, closed_date=CLOSED, feedback_due=on(2012, 3, 8)),
        DisputeFacts(channel=police, closed_date=CLOSED, feedback_due=on(2012, 3, 20)),
        DisputeFacts(channel=police, closed_date=CLOSED),
        DisputeFacts(channel=dp.DISPUTE_CHANNEL_APPLICATION, closed_date=CLOSED, feedback_due=on(2012, 3, 8)),
    )
    assert (1, 3) == await counting.figure("mediation.feedback_rate", "2012-03", "", "channel", "police")
    assert [
        "counted", "feedback_late", "feedback_late", "no_feedback_due", "not_referred", "pending",
    ] == await counting.reasons("mediation.feedback_rate", "2012-03")  # fmt: skip
