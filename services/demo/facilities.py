"""Invented markets and facilities of law publicity: their coverage grows to the plan's goals, but for a few places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from geju.publicity.v1 import facility_pb2, facility_service_pb2, market_pb2, market_service_pb2
from google.type.date_pb2 import Date

from services.chassis.domain.dates import from_date, to_date
from services.demo.district import OfficeLife
from services.demo.supervised import DAY

T = TypeVar("T")

_F = facility_pb2
Facility = facility_pb2.Facility
Market = market_pb2.Market
#: Of a hundred, how many were there first in a year; the rest are still without.
STATIONS = {2006: 35, 2008: 25, 2009: 20, 2010: 15}
BOARDS = {2006: 40, 2008: 20, 2009: 20, 2010: 17, 2011: 1}
LIBRARIES = {2006: 25, 2008: 22, 2009: 25, 2010: 23, 2011: 2}
GUIDE_BOARDS = {2009: 20, 2010: 25, 2011: 25, 2012: 25}
VILLAGE_BOARDS = {2007: 10, 2009: 10, 2011: 12}
#: What stands with some offices only: its number's prefix, its name, its growth.
OTHERS: Mapping[_F.FacilityKind.ValueType, tuple[str, str, Mapping[int, int]]] = {
    _F.FACILITY_KIND_YOUTH_BASE: ("JD", "示例青少年法制教育基地", {2007: 20, 2009: 15, 2010: 15, 2012: 10}),
    _F.FACILITY_KIND_YOUTH_LAW_SCHOOL: ("FX", "示例青少年法律学校", {2006: 10, 2008: 15, 2011: 20}),
    _F.FACILITY_KIND_TOUCH_SCREEN: ("CM", "示例法制触摸屏", {2009: 15, 2010: 15, 2011: 20}),
    _F.FACILITY_KIND_LAW_PARK: ("GY", "示例法制公园", {2010: 12, 2012: 18}),
}
LARGE, CLOSING, RENEWED = 0.4, 0.08, 0.05
#: The longest time without an inspection, in days, in good offices and in poor ones.
SEEN, UNSEEN = 300, 420


@dataclass(frozen=True)
class Days:
    """The days on which something is there; `last` is None when it still is."""

    first: dt.date
    last: dt.date | None = None

    def within(self, first: dt.date, last: dt.date | None) -> Days | None:
        """Return what of these days lies within others; None when nothing does."""
        ends = [day for day in (self.last, last) if day is not None]
        left = Days(max(self.first, first), min(ends) if ends else None)
        return left if left.last is None or left.first <= left.last else None


def on(day: dt.date | None) -> Date | None:
    """Return a day as a field; None leaves it empty."""
    return None if day is None else from_date(day)


def place_on(life: OfficeLife, day: dt.date) -> str:
    """Choose a place of an office that exists on a day; empty when none does."""
    return life.place(day) if any(place.in_force(day) for place in life.places) else ""


def spread(count: int, growth: Mapping[int, int]) -> list[int | None]:
    """Share years out over `count`, in the order of the years: of a hundred so many to each; None: to none."""
    years, ends = list(growth), list(accumulate(growth.values()))
    positions = ((index + 0.5) * 100 / count for index in range(count))
    return [next((year for year, end in zip(years, ends, strict=True) if at < end), None) for at in positions]


def markets(lives: Sequence[OfficeLife]) -> list[market_service_pb2.MarketImportRow]:
    """Give the markets: one to three with each office, the first of them large; a few have closed."""
    found = []
    for life in lives:
        for number in range(1, life.rng.randint(1, 3) + 1):
            closed = dt.date(2011, life.rng.randint(1, 12), 28) if number > 1 and life.chance(CLOSING) else None
            opened = dt.date(life.rng.randint(2000, 2008), life.rng.randint(1, 12), 1)
            market = Market(
                office=life.code,
                place=place_on(life, opened),
                key=f"SC{number}",
                title=f"{life.office.street_zh}示例{number}号集贸市场",
                large=number == 1 or life.chance(LARGE),
                from_date=on(opened),
                to_date=on(closed),
            )
            found.append(market_service_pb2.MarketImportRow(market=market))
    return found


def facilities(
    bureau: OfficeLife,
    lives: Sequence[OfficeLife],
    there: Sequence[market_service_pb2.MarketImportRow],
    today: dt.date,
) -> list[facility_service_pb2.FacilityImportRow]:
    """Give every facility of the district."""
    found = [*_stations(bureau, lives), *_boards(bureau, lives), *_libraries(bureau, lives)]
    found += [*_guide_boards(bureau, lives, [row.market for row in there]), *_others(bureau, lives)]
    of_office = {life.code: life for life in lives}
    opened = []
    for facility in found:
        first, last = to_date(facility.from_date), to_date(facility.to_date)
        if first is not None and first <= today:
            _see_to(of_office[facility.office], facility, Days(first, last), today)
            opened.append(facility_service_pb2.FacilityImportRow(facility=facility))
    return opened


def _see_to(life: OfficeLife, facility: Facility, days: Days, today: dt.date) -> None:
    """Have a facility inspected, in good offices not long ago, and its contents renewed some time before."""
    until = min(days.last or today, today)
    inspected = until - life.rng.randint(5, SEEN if life.chance(life.better(0.7, 1.0)) else UNSEEN) * DAY
    if inspected > days.first:
        facility.inspected_date.CopyFrom(from_date(inspected))
        renewed = inspected - life.rng.randint(0, 200) * DAY
        facility.renewed_date.CopyFrom(from_date(max(renewed, days.first)))


def _day(life: OfficeLife, year: int) -> dt.date:
    return dt.date(year, life.rng.randint(1, 12), life.rng.randint(1, 28))


def _shuffled(bureau: OfficeLife, items: Sequence[T]) -> list[T]:
    return bureau.rng.sample(items, len(items))


def _stations(bureau: OfficeLife, lives: Sequence[OfficeLife]) -> Iterator[Facility]:
    """Give each office its counselling station, the best first."""
    ranked = sorted(_shuffled(bureau, lives), key=lambda life: -life.quality)
    for life, year in zip(ranked, spread(len(ranked), STATIONS), strict=True):
        if year is not None:
            yield Facility(
                office=life.code,
                key="FD1",
                title=f"{life.office.street_zh}示例法制辅导站",
                kind=_F.FACILITY_KIND_COUNSELLING_STATION,
                from_date=on(_day(life, year)),
            )


def _boards(bureau: OfficeLife, lives: Sequence[OfficeLife]) -> Iterator[Facility]:
    """Give the notice boards; a few were taken down and put up again."""
    for kind, growth in (("community", BOARDS), ("village", VILLAGE_BOARDS)):
        for life, board in _of_places(bureau, lives, kind, growth):
            board.kind, board.key = _F.FACILITY_KIND_NOTICE_BOARD, f"XC-{board.place}"
            board.title += "法制宣传栏"
            yield board
            if not board.HasField("to_date") and life.chance(RENEWED):
                again = Facility()
                again.CopyFrom(board)
                again.key += "-2"
                down = dt.date(2011, 3, 1) + life.rng.randint(0, 600) * DAY
                board.to_date.CopyFrom(from_date(down))
                again.from_date.CopyFrom(from_date(down + life.rng.randint(10, 90) * DAY))
                yield again


def _libraries(bureau: OfficeLife, lives: Sequence[OfficeLife]) -> Iterator[Facility]:
    for _, library in _of_places(bureau, lives, "community", LIBRARIES):
        library.kind, library.key = _F.FACILITY_KIND_LAW_LIBRARY, f"TS-{library.place}"
        library.title += "法律图书室"
        yield library


def _of_places(
    bureau: OfficeLife, lives: Sequence[OfficeLife], kind: str, growth: Mapping[int, int]
) -> Iterator[tuple[OfficeLife, Facility]]:
    """Give a facility to the places of a kind as it spreads; it is there no longer than the place."""
    places = _shuffled(bureau, [(life, place) for life in lives for place in life.places if place.kind == kind])
    for (life, place), year in zip(places, spread(len(places), growth), strict=True):
        days = None if year is None else Days(_day(life, year)).within(place.valid_from, place.valid_to)
        if days is not None:
            first, last = on(days.first), on(days.last)
            yield (
                life,
                Facility(office=life.code, place=place.code, title=place.zh, from_date=first, to_date=last),
            )


def _guide_boards(bureau: OfficeLife, lives: Sequence[OfficeLife], there: Sequence[Market]) -> Iterator[Facility]:
    """Give the large markets their guide boards, which go with the market."""
    of_office = {life.code: life for life in lives}
    large = _shuffled(bureau, [market for market in there if market.large])
    for market, year in zip(large, spread(len(large), GUIDE_BOARDS), strict=True):
        opened = to_date(market.from_date)
        assert opened is not None
        days = None if year is None else Days(_day(of_office[market.office], year))
        days = days and days.within(opened, to_date(market.to_date))
        if days is not None:
            yield Facility(
                office=market.office,
                place=market.place,
                key=f"DY-{market.key}",
                title=f"{market.title}法律服务导引图示",
                kind=_F.FACILITY_KIND_GUIDE_BOARD,
                market=market.key,
                from_date=on(days.first),
                to_date=on(days.last),
            )


def _others(bureau: OfficeLife, lives: Sequence[OfficeLife]) -> Iterator[Facility]:
    for kind, (prefix, title, growth) in OTHERS.items():
        for life, year in zip(_shuffled(bureau, lives), spread(len(lives), growth), strict=True):
            if year is not None:
                day = _day(life, year)
                place, first = place_on(life, day), on(day)
                yield Facility(office=life.code, place=place, key=f"{prefix}1", title=title, kind=kind, from_date=first)
