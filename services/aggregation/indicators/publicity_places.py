"""Where the law is made known for good: stations, boards, libraries, guide boards, bases of the young (阵地)."""

from __future__ import annotations

from typing import Any

from geju.publicity.v1 import facility_pb2 as pb
from geju.publicity.v1.facts_pb2 import FacilityFacts, MarketFacts
from sqlalchemy import ColumnElement, Text, cast

from services.aggregation.indicator import Better, Census, Condition, Form, Indicator, Work
from services.aggregation.sql import covered, outer
from services.aggregation.tables import OFFICES, PLACES, facts_table

FACILITY = facts_table(FacilityFacts)
MARKET = facts_table(MarketFacts)
f, market = FACILITY.c, MARKET.c
OF_THE_YOUNG = (pb.FACILITY_KIND_YOUTH_BASE, pb.FACILITY_KIND_YOUTH_LAW_SCHOOL)


def has(kind: int, where: ColumnElement[bool], reason: str, zh: str) -> Condition:
    """Return that a facility of a kind is in use."""
    return Condition(covered((f.from_date, f.to_date), where=(where, f.kind == kind, ~f.deleted)), reason, zh)


def coverage(code: str, zh: str, clause: str, census: Census, **more: Any) -> Indicator:
    """Return the share of what the profile or a register holds that has its facility."""
    return Indicator(
        code=f"publicity.{code}",
        zh=zh,
        form=Form.SHARE,
        department="publicity",
        better=Better.UP,
        clauses=(f"publicity.{clause}",),
        censuses=(census,),
        unit="%",
        **more,
    )


def of_communities(condition: Condition) -> Census:
    """Return the communities there are, and which of them meet a condition."""
    return Census(PLACES, PLACES.c.since, PLACES.c.last_day, over=(community,), of=(condition,))


here = f.place == outer(PLACES.c["_id"])
community = Condition(PLACES.c.kind == "community", "no_community", "不是社区")
large = Condition(market.large, "not_large", "不是规模较大的市场")
has_station = has(
    pb.FACILITY_KIND_COUNSELLING_STATION, f.office == outer(OFFICES.c["_id"]), "no_station", "无在用的法制辅导站"
)
has_board = has(pb.FACILITY_KIND_NOTICE_BOARD, here, "no_board", "无在用的法制宣传栏")
has_library = has(pb.FACILITY_KIND_LAW_LIBRARY, here, "no_library", "无在用的法律图书室(柜)")
has_guide_board = has(
    pb.FACILITY_KIND_GUIDE_BOARD, f.market == cast(outer(market["_id"]), Text), "no_guide_board", "无在用的导引图示"
)
of_the_young = Condition(f.kind.in_(OF_THE_YOUNG), "not_of_the_young", "不是青少年法制基地或学校")

COUNSELLING_STATION_COVERAGE = coverage(
    "counselling_station_coverage",
    "法制辅导站覆盖率",
    "stations-boards-libraries",
    Census(OFFICES, OFFICES.c.since, OFFICES.c.last_day, of=(has_station,)),
    note="区划档案中的街道、乡镇,期末有在用的法制辅导站。",
    work=Work("无法制辅导站的街道乡镇", "设立法制辅导站"),
)
NOTICE_BOARD_COVERAGE = coverage(
    "notice_board_coverage",
    "法制宣传栏覆盖率",
    "stations-boards-libraries",
    of_communities(has_board),
    note="区划档案中的社区,期末有在用的法制宣传栏;村不计。",
    work=Work("无法制宣传栏的社区", "设立法制宣传栏"),
)
LAW_LIBRARY_COVERAGE = coverage(
    "law_library_coverage",
    "法律图书室覆盖率",
    "stations-boards-libraries",
    of_communities(has_library),
    note="区划档案中的社区,期末有在用的法律图书室(柜);村不计。",
    work=Work("无法律图书室(柜)的社区", "设立法律图书室(柜)"),
)
MARKET_GUIDE_COVERAGE = coverage(
    "market_guide_coverage",
    "市场导引图示覆盖率",
    "markets",
    Census(MARKET, market.from_date, market.to_date, over=(large,), of=(has_guide_board,)),
    note="期末在册的规模较大的市场,有在用的导引图示。",
    work=Work("无导引图示的市场", "设置导引图示"),
)
YOUTH_BASES = Indicator(
    code="publicity.youth_bases",
    zh="青少年法制基地数",
    form=Form.STOCK,
    department="publicity",
    better=Better.UP,
    clauses=("publicity.youth-bases",),
    censuses=(Census(FACILITY, f.from_date, f.to_date, over=(of_the_young,)),),
    unit="个",
)

INDICATORS = (
    COUNSELLING_STATION_COVERAGE,
    NOTICE_BOARD_COVERAGE,
    LAW_LIBRARY_COVERAGE,
    MARKET_GUIDE_COVERAGE,
    YOUTH_BASES,
)
