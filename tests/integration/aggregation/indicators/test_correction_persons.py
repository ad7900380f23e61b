"""Persons under correction: who is, who came, who left, and whether the handover was in time."""

from __future__ import annotations

from datetime import date

from geju.correction.v1 import supervised_person_pb2 as pb
from geju.correction.v1.facts_pb2 import SupervisedPersonFacts

from services.aggregation.measure import advance_date
from tests.support.counting import Counting, on

SUSPENDED, PAROLE = pb.SENTENCE_KIND_SUSPENDED, pb.SENTENCE_KIND_PAROLE
DUE = on(2012, 3, 10)


async def test_a_person_is_under_correction_from_the_day_taken_over_to_the_last_day(counting: Counting) -> None:
    """correction.supervised: both days included, by sentence; whoever was only announced is not there yet."""
    await counting.put(
        SupervisedPersonFacts(taken_over_date=on(2011, 6, 1), ended_date=on(2012, 2, 29), sentence=SUSPENDED),
        SupervisedPersonFacts(taken_over_date=on(2012, 3, 20), sentence=SUSPENDED),
        SupervisedPersonFacts(office="03", taken_over_date=on(2012, 1, 5), sentence=PAROLE),
        SupervisedPersonFacts(notified_date=on(2012, 3, 1), report_due=DUE),
        SupervisedPersonFacts(taken_over_date=on(2011, 6, 1), deleted=True),
    )
    assert (2, 0) == await counting.figure("correction.supervised", "2012-02")
    assert (2, 0) == await counting.figure("correction.supervised", "2012-03")
    assert (1, 0) == await counting.figure("correction.supervised", "2012-03", "01", "sentence", "suspended")
    assert (1, 0) == await counting.figure("correction.supervised", "2012", "03", "sentence", "parole")
    assert (1, 0) == await counting.as_of(date(2012, 3, 19), "correction.supervised", "2012-03")
    assert ["counted", "counted", "deleted", "ended"] == await counting.reasons("correction.supervised", "2012-03")


async def test_persons_come_and_go_by_their_days(counting: Counting) -> None:
    """correction.received and correction.ended: by sentence and by the ground of the end."""
    await counting.put(
        SupervisedPersonFacts(
            taken_over_date=on(2012, 1, 5),
            ended_date=on(2012, 3, 1),
            sentence=PAROLE,
            end_ground=pb.END_GROUND_TERM_SERVED,
        ),
        SupervisedPersonFacts(office="03", taken_over_date=on(2012, 1, 9), sentence=SUSPENDED),
        SupervisedPersonFacts(taken_over_date=on(2012, 3, 21), ended_date=on(2012, 3, 22)),
    )
    assert (2, 0) == await counting.figure("correction.received", "2012-01")
    assert (1, 0) == await counting.figure("correction.received", "2012-Q1", "", "sentence", "parole")
    assert (1, 0) == await counting.figure("correction.ended", "2012-03", "01", "ground", "term_served")
    assert (1, 0) == await counting.figure("correction.ended", "2012")
    assert ["counted", "not_yet"] == await counting.reasons("correction.ended", "2012-03")


async def test_a_handover_is_in_time_by_the_day_due(counting: Counting) -> None:
    """correction.handover_on_time_rate: late or overdue is not in time; not due yet is in neither n nor N."""
    await counting.put(
        SupervisedPersonFacts(report_due=DUE, taken_over_date=DUE),
        SupervisedPersonFacts(report_due=DUE, taken_over_date=on(2012, 3, 11)),
        SupervisedPersonFacts(office="03", report_due=on(2012, 3, 19)),
        SupervisedPersonFacts(report_due=on(2012, 3, 20)),
        SupervisedPersonFacts(report_due=on(2012, 3, 25), taken_over_date=on(2012, 3, 18)),
    )
    assert (1, 3) == await counting.figure("correction.handover_on_time_rate", "2012-03")
    assert (0, 1) == await counting.figure("correction.handover_on_time_rate", "2012-03", "03")
    # On the day itself the second person had not come, and could still come in time.
    assert (1, 1) == await counting.as_of(date(2012, 3, 10), "correction.handover_on_time_rate", "2012-03")
    assert ["counted", "not_yet", "pending", "reported_late", "reported_late"] == await counting.reasons(
        "correction.handover_on_time_rate", "2012-03"
    )
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (1, 4) == await counting.figure("correction.handover_on_time_rate", "2012-03")


async def test_whoever_is_not_taken_over_within_thirty_days_was_missed(counting: Counting) -> None:
    """correction.missed_handover_rate: over 30 days after the day due, with no event needed; late is not missed."""
    await counting.put(
        SupervisedPersonFacts(report_due=on(2012, 2, 18)),
        SupervisedPersonFacts(report_due=on(2012, 2, 19)),
        SupervisedPersonFacts(report_due=on(2012, 2, 1), taken_over_date=on(2012, 3, 2)),
        SupervisedPersonFacts(report_due=on(2012, 2, 1), taken_over_date=on(2012, 3, 3)),
        SupervisedPersonFacts(report_due=on(2012, 2, 1), taken_over_date=on(2012, 1, 31)),
        SupervisedPersonFacts(office="03", report_due=on(2012, 2, 1), taken_over_date=on(2012, 2, 1)),
    )
    assert (2, 5) == await counting.figure("correction.missed_handover_rate", "2012-02")
    assert (0, 1) == await counting.figure("correction.missed_handover_rate", "2012-02", "03")
    assert (0, 2) == await counting.as_of(date(2012, 3, 1), "correction.missed_handover_rate", "2012-02")
    assert ["counted", "counted", "pending", "taken_over", "taken_over", "taken_over"] == await counting.reasons(
        "correction.missed_handover_rate", "2012-02"
    )
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (3, 6) == await counting.figure("correction.missed_handover_rate", "2012-02")
