"""What follows an agreement, and what was kept from happening."""

from __future__ import annotations

from geju.mediation.v1.facts_pb2 import DisputeFacts

from tests.support.counting import Counting, on

DUE = on(2012, 3, 10)


async def test_agreements_are_judged_once_their_fulfilment_is_due(counting: Counting) -> None:
    """mediation.fulfilment_rate: fulfilled, late or not, of those due; today's is judged only when fulfilled."""
    await counting.put(
        DisputeFacts(fulfilment_due=DUE, fulfilled_date=on(2012, 3, 15)),
        DisputeFacts(fulfilment_due=DUE, defaulted_date=on(2012, 3, 12)),
        DisputeFacts(fulfilment_due=on(2012, 3, 20), fulfilled_date=on(2012, 3, 20)),
        DisputeFacts(fulfilment_due=on(2012, 3, 20)),
        DisputeFacts(fulfilment_due=on(2012, 3, 25), fulfilled_date=on(2012, 3, 1)),
    )
    assert (2, 3) == await counting.figure("mediation.fulfilment_rate", "2012-03")
    assert ["counted", "counted", "not_fulfilled", "not_yet", "pending"] == await counting.reasons(
        "mediation.fulfilment_rate", "2012-03"
    )


async def test_confirmations_count_by_the_courts_day(counting: Counting) -> None:
    """mediation.judicial_confirmations: confirmed agreements."""
    await counting.put(DisputeFacts(confirmed_date=DUE), DisputeFacts(rejected_date=DUE))
    assert (1, 0) == await counting.figure("mediation.judicial_confirmations", "2012-03")


async def test_each_return_visit_is_judged_by_its_own_due_date(counting: Counting) -> None:
    """mediation.return_visit_rate: first and second visits, each in the period it was due; late is not in time."""
    await counting.put(
        DisputeFacts(visit1_due=DUE, visit1_date=DUE, visit2_due=on(2012, 3, 19)),
        DisputeFacts(visit1_due=DUE, visit1_date=on(2012, 3, 11)),
        DisputeFacts(visit1_due=on(2012, 3, 20)),
        DisputeFacts(visit1_due=on(2012, 2, 1), visit1_date=on(2012, 1, 20)),
    )
    assert (1, 3) == await counting.figure("mediation.return_visit_rate", "2012-03")
    assert (2, 4) == await counting.figure("mediation.return_visit_rate", "2012")
    assert ["counted", "pending", "visit1_late", "visit2_late"] == await counting.reasons(
        "mediation.return_visit_rate", "2012-03"
    )


async def test_escalations_count_by_their_kind(counting: Counting) -> None:
    """mediation.escalated_to_crime and mediation.mass_incidents: one dispute can be both."""
    await counting.put(DisputeFacts(escalated_crime_date=DUE, escalated_mass_date=on(2012, 2, 10)))
    assert (1, 0) == await counting.figure("mediation.escalated_to_crime", "2012-03")
    assert (1, 0) == await counting.figure("mediation.mass_incidents", "2012-02")


async def test_prevented_escalations_count_each_by_kind(counting: Counting) -> None:
    """mediation.escalations_prevented: a dispute counts once for each kind prevented."""
    await counting.put(
        DisputeFacts(prevented_crime_date=DUE, prevented_suicide_date=DUE),
        DisputeFacts(prevented_mass_date=DUE),
        DisputeFacts(prevented_fight_date=DUE),
    )
    assert (4, 0) == await counting.figure("mediation.escalations_prevented", "2012-03")
    for kind in ("crime", "mass_incident", "suicide", "armed_fight"):
        assert (1, 0) == await counting.figure("mediation.escalations_prevented", "2012-03", "01", "kind", kind)
