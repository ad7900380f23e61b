"""Absconding, whereabouts unknown, new offences: over persons, each once in a period."""

from __future__ import annotations

from datetime import date

from geju.correction.v1.facts_pb2 import AbscondingFacts, NewOffenceFacts, SupervisedPersonFacts

from services.aggregation.measure import advance_date
from tests.support import histories
from tests.support.counting import Counting, on

BEGIN = on(2011, 1, 10)
A, B, C = (str(histories.record_id("supervised_person", number)) for number in (1, 2, 3))


async def persons(counting: Counting) -> None:
    """Put in three persons: one throughout, one who left in January, one of another office who came in February."""
    await counting.put(
        SupervisedPersonFacts(taken_over_date=BEGIN),
        SupervisedPersonFacts(taken_over_date=BEGIN, ended_date=on(2012, 1, 15)),
        SupervisedPersonFacts(office="03", taken_over_date=on(2012, 2, 20)),
    )


async def test_an_absconding_person_counts_once_in_each_period_it_was_away(counting: Counting) -> None:
    """correction.absconding_rate: distinct persons of month, quarter and year, so months do not add up to a year."""
    await persons(counting)
    await counting.put(
        AbscondingFacts(person=A, from_date=on(2012, 1, 30), to_date=on(2012, 2, 3)),
        AbscondingFacts(person=A, from_date=on(2012, 2, 10), to_date=on(2012, 2, 12)),
        AbscondingFacts(person=B, from_date=on(2011, 12, 31), to_date=on(2012, 1, 1)),
        AbscondingFacts(person=C, from_date=on(2012, 3, 1), deleted=True),
    )
    months = [await counting.figure("correction.absconding_rate", f"2012-0{month}") for month in (1, 2, 3)]
    assert [(2, 2), (1, 2), (0, 2)] == months
    assert (2, 3) == await counting.figure("correction.absconding_rate", "2012-Q1")
    assert (2, 3) == await counting.figure("correction.absconding_rate", "2012")
    assert (1, 2) == await counting.figure("correction.absconding_rate", "2011")
    assert (0, 1) == await counting.figure("correction.absconding_rate", "2012", "03")
    assert (1, 2) == await counting.as_of(date(2012, 1, 29), "correction.absconding_rate", "2012-01")
    words = await counting.words("correction.absconding_rate", "2012-02")
    assert {"counted": "计入", "not_absconded": "本期内无脱管", "not_in_period": "本期内不在册"} == words
    # What is in the figure comes first, whoever began earlier.
    assert ["counted", "not_absconded", "not_in_period"] == [*words]


async def test_an_episode_told_when_it_is_over_counts_while_it_lasted(counting: Counting) -> None:
    """A record counted from a due date on shows from that date, though nothing in it changed before its end."""
    await counting.put(AbscondingFacts(person=B, unknown_due=on(2011, 11, 1), to_date=on(2012, 1, 15)))
    found = [await counting.figure("correction.out_of_control", month) for month in ("2011-11", "2011-12", "2012-01")]
    assert [(1, 0), (1, 0), (0, 0)] == found


async def test_whereabouts_are_out_of_control_after_the_limit(counting: Counting) -> None:
    """correction.out_of_control: unknown for longer than the district's limit and still, with no event needed."""
    await persons(counting)
    await counting.put(
        AbscondingFacts(person=A, from_date=on(2012, 2, 18), unknown_due=on(2012, 3, 19)),
        AbscondingFacts(person=B, unknown_due=on(2011, 12, 1), to_date=on(2012, 1, 15)),
        AbscondingFacts(office="03", person=C, from_date=on(2012, 2, 20), unknown_due=on(2012, 3, 21)),
        # Where the district sets no limit, nobody is out of control.
        AbscondingFacts(office="03", person=C, from_date=on(2011, 2, 20)),
    )
    assert (1, 0) == await counting.figure("correction.out_of_control", "2011")
    assert (0, 0) == await counting.figure("correction.out_of_control", "2012-02")
    assert (1, 0) == await counting.figure("correction.out_of_control", "2012-03")
    assert {"counted": "计入", "found": "已找到"} == await counting.words("correction.out_of_control", "2012-03")
    # The last day of the limit is still within it.
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (1, 0) == await counting.figure("correction.out_of_control", "2012-03")
    await advance_date(counting.conn, counting.projection, date(2012, 3, 22))
    assert (2, 0) == await counting.figure("correction.out_of_control", "2012-03")
    assert (1, 0) == await counting.figure("correction.out_of_control", "2012-03", "03")


async def test_a_new_offence_counts_by_the_day_it_was_committed(counting: Counting) -> None:
    """correction.reoffending_rate: one offender once in a period, whenever it became known; not released persons."""
    await persons(counting)
    await counting.put(
        NewOffenceFacts(person=A, committed_date=on(2012, 1, 31), known_date=on(2012, 3, 5)),
        NewOffenceFacts(person=A, committed_date=on(2012, 1, 5)),
        NewOffenceFacts(person=C, committed_date=on(2012, 3, 1), released=True),
        NewOffenceFacts(person=C, committed_date=on(2012, 3, 21)),
    )
    assert (1, 2) == await counting.figure("correction.reoffending_rate", "2012-01")
    assert (0, 2) == await counting.figure("correction.reoffending_rate", "2012-03")
    assert (1, 3) == await counting.figure("correction.reoffending_rate", "2012")
    assert (0, 1) == await counting.figure("correction.reoffending_rate", "2012", "03")
    assert ["counted", "no_new_offence", "no_new_offence"] == await counting.reasons(
        "correction.reoffending_rate", "2012"
    )
