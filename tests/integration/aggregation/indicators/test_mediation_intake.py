"""Disputes as they come in."""

from __future__ import annotations

from geju.mediation.v1 import dispute_pb2 as dp
from geju.mediation.v1 import session_pb2 as sp
from geju.mediation.v1.facts_pb2 import DisputeFacts, SessionFacts

from tests.support.counting import Counting, on

MARCH = on(2012, 3, 5)


async def test_accepted_counts_by_the_day_of_acceptance_and_by_type_and_channel(counting: Counting) -> None:
    """mediation.accepted: accepted disputes only, each under its type and its channel."""
    await counting.put(
        DisputeFacts(accepted_date=MARCH, type=dp.DISPUTE_TYPE_MARRIAGE, channel=dp.DISPUTE_CHANNEL_POLICE),
        DisputeFacts(
            accepted_date=on(2012, 2, 29), type=dp.DISPUTE_TYPE_MARRIAGE, channel=dp.DISPUTE_CHANNEL_SCREENING
        ),
        DisputeFacts(registered_date=MARCH, refused_date=MARCH),
        DisputeFacts(accepted_date=on(2012, 3, 21)),
        DisputeFacts(office="03", accepted_date=MARCH, deleted=True),
    )
    assert (1, 0) == await counting.figure("mediation.accepted", "2012-03")
    assert (2, 0) == await counting.figure("mediation.accepted", "2012-Q1", "01", "type", "marriage")
    assert (1, 0) == await counting.figure("mediation.accepted", "2012", "", "channel", "screening")
    assert ["counted", "deleted", "not_yet"] == await counting.reasons("mediation.accepted", "2012-03")


async def test_a_dispute_is_mediated_when_a_session_was_held(counting: Counting) -> None:
    """mediation.mediation_rate: judged by the first session, closing or the end of the limit; withdrawn before: out."""
    await counting.put(
        DisputeFacts(accepted_date=MARCH, first_session_date=on(2012, 3, 6)),
        DisputeFacts(accepted_date=MARCH, close_due=on(2012, 3, 19)),
        DisputeFacts(accepted_date=MARCH, close_due=on(2012, 3, 20)),
        DisputeFacts(accepted_date=MARCH, closed_date=on(2012, 3, 8), outcome=dp.DISPUTE_OUTCOME_REFERRED),
        DisputeFacts(accepted_date=MARCH, closed_date=on(2012, 3, 8), withdrawn_date=on(2012, 3, 8), withdrawn=True),
    )
    assert (1, 3) == await counting.figure("mediation.mediation_rate", "2012-03")
    assert ["counted", "no_session", "no_session", "pending", "withdrawn_before_session"] == await counting.reasons(
        "mediation.mediation_rate", "2012-03"
    )


async def test_linked_cases_came_from_another_unit(counting: Counting) -> None:
    """mediation.linked_cases: the seven referral channels, by channel."""
    await counting.put(*(DisputeFacts(accepted_date=MARCH, channel=channel) for channel in dp.DisputeChannel.values()))
    assert (7, 0) == await counting.figure("mediation.linked_cases", "2012-03")
    assert (1, 0) == await counting.figure("mediation.linked_cases", "2012-03", "01", "channel", "petition")
    assert (await counting.reasons("mediation.linked_cases", "2012")).count("not_referred") == 5


async def test_hot_topics_are_eight_types(counting: Counting) -> None:
    """mediation.hot_topic_cases: the eight types of the plan, by type."""
    await counting.put(*(DisputeFacts(accepted_date=MARCH, type=kind) for kind in dp.DisputeType.values()))
    assert (8, 0) == await counting.figure("mediation.hot_topic_cases", "2012-03")
    assert (1, 0) == await counting.figure("mediation.hot_topic_cases", "2012-03", "", "type", "unpaid_wages")
    assert (0, 0) == await counting.figure("mediation.hot_topic_cases", "2012-03", "", "type", "marriage")


async def test_centre_cases_name_a_centre(counting: Counting) -> None:
    """mediation.centre_cases: accepted disputes handled by a centre."""
    await counting.put(DisputeFacts(accepted_date=MARCH, centre="c"), DisputeFacts(accepted_date=MARCH))
    assert (1, 0) == await counting.figure("mediation.centre_cases", "2012-03")
    assert ["counted", "no_centre"] == await counting.reasons("mediation.centre_cases", "2012-03")


async def test_sessions_count_by_venue(counting: Counting) -> None:
    """mediation.sessions: sessions held, by venue."""
    await counting.put(
        SessionFacts(held_date=MARCH, venue=sp.SESSION_VENUE_BEDSIDE),
        SessionFacts(held_date=MARCH, venue=sp.SESSION_VENUE_FIELD),
    )
    assert (2, 0) == await counting.figure("mediation.sessions", "2012-03")
    assert (1, 0) == await counting.figure("mediation.sessions", "2012-03", "", "venue", "bedside")
