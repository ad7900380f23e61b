"""Invented stations of legal aid, how long it takes to them, who helps there and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geju.legalaid.v1 import (
    aid_volunteer_service_pb2,
    station_pb2,
    station_service_pb2,
    travel_time_service_pb2,
    volunteer_shift_service_pb2,
)

from services.chassis.domain.dates import set_date
from services.chassis.domain.profile import Place
from services.demo.district import OfficeLife, day_in, months
from services.demo.supervised import DAY

K = station_pb2.StationKind
#: The stations that are the bureau's: their kind, title and the year and month in which they opened.
OF_THE_BUREAU = (
    (K.STATION_KIND_CENTRE_WINDOW, "示例法律援助中心窗口", (2005, 3)),
    (K.STATION_KIND_WOMEN, "示例妇联工作站", (2008, 3)),
    (K.STATION_KIND_UNION, "示例工会工作站", (2008, 10)),
    (K.STATION_KIND_DISABLED, "示例残联工作站", (2009, 5)),
    (K.STATION_KIND_COURT, "示例法院工作站", (2010, 4)),
    (K.STATION_KIND_PRISON, "示例看守所工作站", (2010, 9)),
    (K.STATION_KIND_GARRISON, "示例军分区工作站", (2011, 7)),
    (K.STATION_KIND_UNIVERSITY, "示例高校工作站", (2012, 3)),
)  # fmt: skip
#: When the offices' own stations opened: some were there before, the last ones in the third year.
OPENED = ((2007, 5), (2008, 4), (2008, 9), (2009, 3), (2009, 10), (2010, 6))
#: Of an office's villages, how many get a contact point, and from which year on.
POINTS, POINTS_SINCE = 0.12, 2009
#: Minutes by bus: to the office's own station, in a street and in a township, and to the window of the centre.
OWN, TO_THE_CENTRE = {"street": (5, 30), "township": (15, 58)}, {"street": (12, 55), "township": (62, 140)}
TO_A_POINT = (5, 30)
#: Villages that no bus reaches: so many at the end of each of these townships; some get a line later.
FAR, FAR_OFFICES, FAR_MINUTES, NEW_LINE = 2, ("tengqiao", "qidu", "linjiang"), (70, 110), dt.date(2011, 9, 1)
MEASURED = dt.date(2008, 1, 1)
VOLUNTEERS, LEAVING = 2, 0.15
SHIFTS_A_MONTH = 0.36


@dataclass(frozen=True)
class Station:
    """A station: its unit, its row and the day it opened."""

    life: OfficeLife
    row: station_service_pb2.StationImportRow
    opened: dt.date

    @property
    def number(self) -> str:
        """Its number, which no other office has."""
        return self.row.station.key

    @property
    def record(self) -> station_pb2.Station:
        """The record in the row."""
        return self.row.station


@dataclass(frozen=True)
class Volunteer:
    """A volunteer: the unit, the row, the days of service."""

    life: OfficeLife
    row: aid_volunteer_service_pb2.AidVolunteerImportRow
    first: dt.date
    last: dt.date | None


def stations(bureau: OfficeLife, lives: Sequence[OfficeLife], today: dt.date) -> list[Station]:
    """Give the stations that have opened by today: the bureau's, one in each office, contact points in villages."""
    found = [_station(bureau, kind, title, dt.date(*when, 1)) for kind, title, when in OF_THE_BUREAU]
    for number, life in enumerate(lives):
        opened = dt.date(*OPENED[number % len(OPENED)], 1)
        found.append(_station(life, K.STATION_KIND_STREET, "示例街道法律援助工作站", opened))
        for place in (place for place in life.places if place.kind == "village" and place.in_force(today)):
            if life.chance(POINTS) and place.code not in _far(life):
                opened = dt.date(life.rng.randint(POINTS_SINCE, today.year), life.rng.randint(1, 12), 1)
                point = _station(life, K.STATION_KIND_VILLAGE, f"{place.zh}联络点", opened, place.code)
                found.append(point)
    return [station for station in found if station.opened <= today]


def _station(
    life: OfficeLife, kind: station_pb2.StationKind.ValueType, title: str, opened: dt.date, place: str = ""
) -> Station:
    row = station_service_pb2.StationImportRow()
    station = row.station
    station.office, station.place, station.kind, station.title = life.code, place, kind, title
    station.key = f"ZD-{place}" if place else f"ZD-{life.code}-{kind}"
    station.address, station.opening_hours = f"演示路{life.rng.randint(1, 300)}号", "工作日 8:30—17:30"
    station.accessible = life.chance(life.better(0.4, 0.9))
    set_date(station.from_date, opened)
    return Station(life, row, opened)


def _far(life: OfficeLife) -> list[str]:
    """Return the villages of an office that lie behind the hills."""
    villages = [place.code for place in life.places if place.kind == "village"]
    return villages[-FAR:] if life.code in FAR_OFFICES else []


def travel_times(
    lives: Sequence[OfficeLife], opened: Sequence[Station], today: dt.date
) -> Iterator[travel_time_service_pb2.TravelTimeImportRow]:
    """Give the travel table: from each place to the office's own stations, a neighbour's and the centre's window."""
    centre, *_ = opened
    street = [station for station in opened if station.record.kind == K.STATION_KIND_STREET]
    for number, life in enumerate(lives):
        own = [station for station in opened if station.life.code == life.code]
        neighbours = street[(number + 1) % len(street) :][:1]
        neighbours = [station for station in neighbours if station.life.code != life.code]
        for place in life.places:
            for station in [*own, *neighbours, centre]:
                yield from _travel_time(life, place, station, today)


def _travel_time(
    life: OfficeLife, place: Place, station: Station, today: dt.date
) -> Iterator[travel_time_service_pb2.TravelTimeImportRow]:
    first = max(place.valid_from, station.opened, MEASURED)
    minutes = _minutes(life, place, station)
    if minutes and first <= today and (place.valid_to is None or first <= place.valid_to):
        improved = place.code in _far(life)[:1] and station.record.kind == K.STATION_KIND_STREET and first < NEW_LINE
        improved = improved and station.life.code == life.code
        last = NEW_LINE - DAY if improved else place.valid_to
        yield _row(life, place, station, minutes, (first, last))
        if improved:
            yield _row(life, place, station, life.rng.randint(45, 58), (NEW_LINE, place.valid_to))


def _minutes(life: OfficeLife, place: Place, station: Station) -> int:
    """Return how long it takes; 0: from there nobody goes to that station."""
    if place.code in _far(life):
        return life.rng.randint(*FAR_MINUTES)
    if station.record.kind == K.STATION_KIND_VILLAGE:
        near = station.record.place == place.code
        return life.rng.randint(*TO_A_POINT) // (3 if near else 1) if near or life.chance(0.2) else 0
    kind = "township" if life.office.kind == "township" else "street"
    if station.life.code == life.code:
        return life.rng.randint(*OWN[kind])
    return life.rng.randint(*TO_THE_CENTRE[kind])


def _row(
    life: OfficeLife, place: Place, station: Station, minutes: int, days: tuple[dt.date, dt.date | None]
) -> travel_time_service_pb2.TravelTimeImportRow:
    row = travel_time_service_pb2.TravelTimeImportRow()
    time = row.travel_time
    time.office, time.place, time.station, time.minutes = life.code, place.code, station.number, max(1, minutes)
    time.key = f"{place.code}/{station.number}/{days[0]:%Y%m}"
    set_date(time.from_date, days[0])
    if days[1]:
        set_date(time.to_date, days[1])
    return row


def volunteers(units: Sequence[OfficeLife], first_year: int, today: dt.date) -> Iterator[Volunteer]:
    """Give the volunteers, some more every year; a few leave."""
    for life in units:
        number = 0
        for year in range(first_year, today.year + 1):
            for _ in range(life.rng.randint(0, VOLUNTEERS)):
                number += 1
                first = dt.date(year, life.rng.randint(1, 12), 1)
                last = first + life.rng.randint(300, 900) * DAY if life.chance(LEAVING) else None
                yield _volunteer(life, number, (first, last if last and last <= today else None))


def _volunteer(life: OfficeLife, number: int, days: tuple[dt.date, dt.date | None]) -> Volunteer:
    row = aid_volunteer_service_pb2.AidVolunteerImportRow()
    volunteer = row.aid_volunteer
    volunteer.office, volunteer.key = life.code, f"ZY-{life.code}-{number:02d}"
    volunteer.person_name, volunteer.phone = f"示例{life.person()}", f"000-{life.rng.randrange(10**7):07d}"
    set_date(volunteer.from_date, days[0])
    if days[1]:
        set_date(volunteer.to_date, days[1])
    return Volunteer(life, row, *days)


def shifts(
    helpers: Sequence[Volunteer], opened: Sequence[Station], today: dt.date
) -> Iterator[volunteer_shift_service_pb2.VolunteerShiftImportRow]:
    """Give the shifts: about four a year each, at a station of the volunteer's unit that was open."""
    for helper in helpers:
        life = helper.life
        near = [station for station in opened if station.life.code == life.code]
        for month in months(helper.first.year, today):
            served = day_in(life.rng, month)
            there = [station for station in near if station.opened <= served]
            if not there or not helper.first <= served <= (helper.last or today) or not life.chance(SHIFTS_A_MONTH):
                continue
            row = volunteer_shift_service_pb2.VolunteerShiftImportRow()
            shift = row.volunteer_shift
            shift.office, shift.key = life.code, f"{helper.row.aid_volunteer.key}-{served:%Y%m%d}"
            shift.volunteer, shift.station = helper.row.aid_volunteer.key, life.rng.choice(there).number
            shift.hours = life.rng.choice([2, 3, 4, 4, 8])
            set_date(shift.served_date, served)
            yield row
