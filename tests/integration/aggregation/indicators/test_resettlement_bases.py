"""Bases in use, and how many of their places are taken."""

from __future__ import annotations

from geju.correction.v1 import resettlement_base_pb2 as pb
from geju.correction.v1.facts_pb2 import BaseStayFacts, ResettlementBaseFacts

from tests.support.counting import Counting, on

BEGIN = on(2011, 6, 1)
TRANSITIONAL, WORK = pb.BASE_KIND_TRANSITIONAL, pb.BASE_KIND_COMMUNITY_WORK


async def test_bases_count_while_in_use(counting: Counting) -> None:
    """resettlement.bases: by kind, on the last day of the period or now."""
    await counting.put(
        ResettlementBaseFacts(from_date=BEGIN, kind=TRANSITIONAL),
        ResettlementBaseFacts(office="03", from_date=BEGIN, to_date=on(2012, 2, 29), kind=WORK),
    )
    assert (2, 0) == await counting.figure("resettlement.bases", "2012-02")
    assert (1, 0) == await counting.figure("resettlement.bases", "2012-02", "03", "kind", "community_work")
    assert (1, 0) == await counting.figure("resettlement.bases", "2012-03")
    assert ["counted", "ended"] == await counting.reasons("resettlement.bases", "2012-03")


async def test_places_are_taken_by_stays_of_the_day(counting: Counting) -> None:
    """resettlement.base_places: stays in force over places of bases in use, by kind; neither needs the other."""
    await counting.put(
        ResettlementBaseFacts(from_date=BEGIN, kind=TRANSITIONAL, places=10),
        ResettlementBaseFacts(office="03", from_date=BEGIN, kind=WORK, places=20),
        BaseStayFacts(from_date=on(2012, 3, 1), kind=TRANSITIONAL),
        BaseStayFacts(from_date=on(2012, 1, 1), to_date=on(2012, 3, 1), kind=TRANSITIONAL),
        BaseStayFacts(office="03", from_date=on(2012, 1, 1), kind=WORK),
        BaseStayFacts(from_date=on(2012, 3, 1), kind=TRANSITIONAL, deleted=True),
    )
    assert (2, 30) == await counting.figure("resettlement.base_places", "2012-02")
    assert (2, 30) == await counting.figure("resettlement.base_places", "2012-03")
    assert (1, 10) == await counting.figure("resettlement.base_places", "2012-03", "", "kind", "transitional")
    assert (1, 20) == await counting.figure("resettlement.base_places", "2012-03", "03")
    assert (0, 10) == await counting.figure("resettlement.base_places", "2011-12", "01")


async def test_a_base_is_counted_against_and_a_stay_counted(counting: Counting) -> None:
    """resettlement.base_places: a record stands where it adds something, a base in N only."""
    await counting.put(
        ResettlementBaseFacts(from_date=BEGIN, kind=TRANSITIONAL, places=10),
        BaseStayFacts(from_date=on(2012, 3, 1), kind=TRANSITIONAL),
        BaseStayFacts(from_date=on(2012, 1, 1), to_date=on(2012, 3, 1), kind=TRANSITIONAL),
    )
    expected = {"baseStays n": 1, "baseStays out": 1, "resettlementBases total": 1}
    assert expected == await counting.sides("resettlement.base_places", "2012-03")
