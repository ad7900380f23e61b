"""Stations, notice boards, libraries, guide boards, bases of the young."""

from __future__ import annotations

from datetime import date

import pytest
from geju.publicity.v1 import facility_pb2 as pb
from geju.publicity.v1.facts_pb2 import FacilityFacts, MarketFacts

from tests.support import histories
from tests.support.counting import Counting, on

BEGIN = on(2011, 6, 1)
STATION, BOARD, LIBRARY = (
    pb.FACILITY_KIND_COUNSELLING_STATION,
    pb.FACILITY_KIND_NOTICE_BOARD,
    pb.FACILITY_KIND_LAW_LIBRARY,
)


async def test_an_office_is_covered_by_a_station_in_use(counting: Counting) -> None:
    """publicity.counselling_station_coverage: streets and townships, by the days of their own stations."""
    await counting.put(
        FacilityFacts(kind=STATION, from_date=BEGIN, to_date=on(2012, 2, 29)),
        FacilityFacts(kind=STATION, place="011", from_date=on(2012, 3, 20)),
        FacilityFacts(kind=STATION, from_date=BEGIN, deleted=True),
        # Another kind, and the bureau's own.
        FacilityFacts(office="03", kind=BOARD, from_date=BEGIN),
        FacilityFacts(office="00", kind=STATION, from_date=BEGIN),
    )
    code = "publicity.counselling_station_coverage"
    # Office 02 was closed in August 2011.
    found = [await counting.figure(code, period) for period in ("2011-07", "2012-02", "2012-03", "2012-Q1")]
    assert [(1, 3), (1, 2), (1, 2), (1, 2)] == found
    assert (0, 2) == await counting.as_of(date(2012, 3, 19), code, "2012-03")
    assert ["counted", "ended", "no_station"] == await counting.reasons(code, "2012-03")
    assert "无在用的法制辅导站" == (await counting.words(code, "2012-03", "03"))["no_station"]


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("publicity.notice_board_coverage", BOARD, "no_board"),
        ("publicity.law_library_coverage", LIBRARY, "no_library"),
    ],
)
async def test_a_community_is_covered_by_what_is_in_use_there(
    counting: Counting, code: str, kind: pb.FacilityKind.ValueType, reason: str
) -> None:
    """publicity.notice_board_coverage, publicity.law_library_coverage: communities, no villages; there and in use."""
    other = LIBRARY if kind == BOARD else BOARD
    await counting.put(
        FacilityFacts(kind=kind, place="012", from_date=BEGIN, to_date=on(2012, 2, 29)),
        FacilityFacts(kind=kind, place="012", from_date=on(2012, 3, 20), to_date=on(2012, 3, 20)),
        FacilityFacts(office="03", kind=other, place="032", from_date=BEGIN),
        FacilityFacts(office="03", kind=kind, place="031", from_date=BEGIN),
        FacilityFacts(office="03", kind=kind, from_date=BEGIN),
        FacilityFacts(office="03", kind=kind, place="032", from_date=on(2012, 3, 21)),
    )
    # One community in each of three offices.
    assert [(0, 3), (1, 3)] == [await counting.figure(code, p) for p in ("2011-05", "2012-02")]
    assert [(1, 3), (0, 3)] == [await counting.as_of(date(2012, 3, day), code, "2012-03") for day in (20, 19)]
    assert sorted(["no_community", "no_community", reason]) == await counting.reasons(code, "2012-03", "03")
    assert ["counted", "no_community", "no_community"] == await counting.reasons(code, "2012-03", "01")


async def test_a_large_market_is_covered_by_its_own_guide_board(counting: Counting) -> None:
    """publicity.market_guide_coverage: large markets in being, each by a board that names it."""
    numbers = [str(histories.record_id("market", number)) for number in (1, 2, 3)]
    board = pb.FACILITY_KIND_GUIDE_BOARD
    await counting.put(
        MarketFacts(large=True, from_date=BEGIN),
        MarketFacts(large=True, from_date=BEGIN, to_date=on(2012, 2, 29)),
        MarketFacts(from_date=BEGIN),
        FacilityFacts(kind=board, market=numbers[0], from_date=on(2012, 3, 1)),
        FacilityFacts(kind=board, market=numbers[0], from_date=on(2012, 3, 1)),
        FacilityFacts(kind=board, market=numbers[1], from_date=BEGIN, to_date=on(2012, 2, 28)),
        FacilityFacts(kind=STATION, market=numbers[1], from_date=BEGIN),
        FacilityFacts(kind=board, market=numbers[2], from_date=BEGIN),
    )
    code = "publicity.market_guide_coverage"
    found = [await counting.figure(code, period) for period in ("2011-05", "2012-01", "2012-02", "2012-03")]
    assert [(0, 0), (1, 2), (0, 2), (1, 1)] == found
    assert ["counted", "ended", "not_large"] == await counting.reasons(code, "2012-03")
    assert ["no_guide_board", "no_guide_board", "not_large"] == await counting.reasons(code, "2012-02")


async def test_bases_of_the_young_are_those_in_use(counting: Counting) -> None:
    """publicity.youth_bases: bases and law schools, until their last day."""
    await counting.put(
        FacilityFacts(kind=pb.FACILITY_KIND_YOUTH_BASE, from_date=BEGIN),
        FacilityFacts(kind=pb.FACILITY_KIND_YOUTH_LAW_SCHOOL, from_date=BEGIN, to_date=on(2012, 2, 29)),
        FacilityFacts(kind=pb.FACILITY_KIND_LAW_PARK, from_date=BEGIN),
    )
    code = "publicity.youth_bases"
    assert [(2, 0), (1, 0)] == [await counting.figure(code, period) for period in ("2012-02", "2012-03")]
    assert ["counted", "ended", "not_of_the_young"] == await counting.reasons(code, "2012-03")
