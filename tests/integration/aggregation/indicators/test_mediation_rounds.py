"""Screening rounds, early warnings, reception days, conduct."""

from __future__ import annotations

from datetime import date

from geju.mediation.v1 import warning_pb2 as wp
from geju.mediation.v1.facts_pb2 import BreachFacts, ReceptionDayFacts, ScreeningFacts, WarningFacts

from services.aggregation.measure import advance_date
from tests.support.counting import Counting, on

DAY = on(2012, 3, 5)


async def test_an_office_month_is_done_when_reported_by_the_fifth(counting: Counting) -> None:
    """mediation.screening_rate: office-months ended; one without a record counts as not done from the 6th on."""
    february = on(2012, 2, 1)
    await counting.put(
        ScreeningFacts(month_date=february, reported_date=on(2012, 3, 5)),
        ScreeningFacts(month_date=on(2012, 1, 1), reported_date=on(2012, 2, 6)),
        ScreeningFacts(month_date=on(2012, 1, 1), reported_date=on(2012, 2, 5), key_period=True),
        ScreeningFacts(month_date=on(2012, 3, 1), reported_date=on(2012, 3, 19)),
    )
    # Office 02 was closed in August 2011.
    assert (1, 2) == await counting.figure("mediation.screening_rate", "2012-02")
    assert (0, 1) == await counting.figure("mediation.screening_rate", "2012-01", "01")
    assert (0, 0) == await counting.figure("mediation.screening_rate", "2012-03")
    assert ["pending", "pending"] == await counting.reasons("mediation.screening_rate", "2012-03")
    await advance_date(counting.conn, counting.projection, date(2012, 4, 1))
    assert (1, 1) == await counting.figure("mediation.screening_rate", "2012-03")
    await advance_date(counting.conn, counting.projection, date(2012, 4, 6))
    assert (1, 2) == await counting.figure("mediation.screening_rate", "2012-03")


async def test_screened_disputes_add_up_in_the_month_screened(counting: Counting) -> None:
    """mediation.screened_disputes: disputes found, once reported, rounds of key periods included."""
    await counting.put(
        ScreeningFacts(month_date=on(2012, 2, 1), reported_date=DAY, disputes_found=3),
        ScreeningFacts(month_date=on(2012, 2, 1), reported_date=DAY, disputes_found=2, key_period=True),
        ScreeningFacts(month_date=on(2012, 2, 1), disputes_found=7),
    )
    assert (5, 0) == await counting.figure("mediation.screened_disputes", "2012-02")


async def test_warnings_count_by_level_and_are_settled_in_time(counting: Counting) -> None:
    """mediation.early_warnings and mediation.warning_settled_rate: closed, or past the day that the facts name."""
    await counting.put(
        WarningFacts(raised_date=DAY, level=wp.WARNING_LEVEL_RED, settled_date=on(2012, 3, 9)),
        WarningFacts(raised_date=DAY, level=wp.WARNING_LEVEL_RED, closed_date=on(2012, 3, 9)),
        WarningFacts(raised_date=DAY, level=wp.WARNING_LEVEL_BLUE, settle_due=on(2012, 4, 4)),
        WarningFacts(raised_date=on(2012, 2, 18), level=wp.WARNING_LEVEL_BLUE, settle_due=on(2012, 3, 19)),
        WarningFacts(raised_date=on(2012, 2, 18), level=wp.WARNING_LEVEL_BLUE, settle_due=on(2012, 3, 20)),
        WarningFacts(raised_date=on(2012, 2, 18), level=wp.WARNING_LEVEL_BLUE),
    )
    assert (2, 0) == await counting.figure("mediation.early_warnings", "2012-03", "", "level", "red")
    assert (1, 2) == await counting.figure("mediation.warning_settled_rate", "2012-03")
    assert (0, 1) == await counting.figure("mediation.warning_settled_rate", "2012-02")
    assert ["not_settled", "pending", "pending"] == await counting.reasons("mediation.warning_settled_rate", "2012-02")


async def test_breaches_count_by_the_day_they_were_found(counting: Counting) -> None:
    """mediation.conduct_breaches: breaches found."""
    await counting.put(BreachFacts(found_date=DAY), BreachFacts(found_date=on(2012, 2, 5)))
    assert (1, 0) == await counting.figure("mediation.conduct_breaches", "2012-03")


async def test_reception_days_and_those_with_a_lawyer(counting: Counting) -> None:
    """mediation.reception_days and mediation.reception_day_lawyer_rate."""
    await counting.put(ReceptionDayFacts(held_date=DAY, lawyers_present=2), ReceptionDayFacts(held_date=DAY))
    assert (2, 0) == await counting.figure("mediation.reception_days", "2012-03")
    assert (1, 2) == await counting.figure("mediation.reception_day_lawyer_rate", "2012-03")
    assert ["counted", "no_lawyer"] == await counting.reasons("mediation.reception_day_lawyer_rate", "2012-03")
