"""Invented activities of law publicity as the streets' sheets tell of them, year plans, materials and news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geju.publicity.v1 import activity_service_pb2 as rpc
from geju.publicity.v1 import (
    facility_pb2,
    material_handout_pb2,
    material_handout_service_pb2,
    news_item_pb2,
    news_item_service_pb2,
    year_plan_pb2,
    year_plan_service_pb2,
)

from services.chassis.domain.dates import from_date
from services.chassis.domain.spans import in_force
from services.demo.district import OfficeLife, day_in, months
from services.demo.facilities import on
from services.demo.occasions import OCCASIONS, Occasion
from services.demo.people import choose
from services.demo.supervised import DAY

_N, _M = news_item_pb2, material_handout_pb2
#: How much of a year's work falls into its months, of a hundred.
MONTHS = (4, 4, 11, 14, 8, 8, 7, 7, 9, 7, 7, 14)
#: How far ahead activities are planned already; how long one may wait for somebody to record what became of it.
AHEAD, WAITING = 45, 40
PLANNED, DROPPED = 0.8, 0.012
#: Ends the number of an activity that was not held: the imports leave it planned.
CANCELLED = "-Q"
MORE_EACH_YEAR = 0.06
AT_FACILITIES = 0.5
MEDIA = {_N.NEWS_MEDIUM_CENTRAL: 3, _N.NEWS_MEDIUM_PROVINCIAL: 12, _N.NEWS_MEDIUM_CITY: 35, _N.NEWS_MEDIUM_DISTRICT: 50}
CARRIERS = {
    _N.NEWS_CARRIER_PRESS: 40,
    _N.NEWS_CARRIER_RADIO: 10,
    _N.NEWS_CARRIER_TELEVISION: 15,
    _N.NEWS_CARRIER_WEB: 35,
}
NEWS = {_N.NEWS_KIND_NEWS: 80, _N.NEWS_KIND_AWARD: 8, _N.NEWS_KIND_CASE: 12}
#: News items a month, of an office and of the bureau.
NEWS_OF_OFFICE, NEWS_OF_BUREAU = 0.2, 1.5
HANDED_OUT_IN = (5, 10)

Row = rpc.ActivityImportRow


@dataclass(frozen=True)
class Street:
    """An office that holds so many activities a year, with the facilities that it may hold them at."""

    life: OfficeLife
    yearly: float
    facilities: Sequence[facility_pb2.Facility]

    def at(self, place: str, day: dt.date) -> list[str]:
        """Return the numbers of the facilities of a place and of the whole street that are in use on a day."""
        return [f.key for f in self.facilities if f.place in {"", place} and in_force(f, day)]


def activities(street: Street, first_year: int, today: dt.date) -> Iterator[Row]:
    """Give the lines of a street's sheets, month after month: held, still planned, and not recorded yet."""
    life, ahead = street.life, today + AHEAD * DAY
    for month in months(first_year, ahead):
        expected = street.yearly * MONTHS[month.month - 1] / sum(MONTHS)
        for number in range(1, int(expected + life.rng.random()) + 1):
            day, occasion = day_in(life.rng, month), _occasion(life, month.month)
            row = _line(life, occasion, f"{life.mark}PF{month:%Y%m}-{number:02d}", day)
            waits = day > today - WAITING * DAY and life.chance(life.better(0.3, 0.0))
            dropped = day <= today and life.chance(DROPPED)
            row.key += CANCELLED if dropped else ""
            if day > today or waits or dropped:
                row.planned_date.CopyFrom(from_date(day))
            else:
                _hold(street, row, occasion, day, 1 + MORE_EACH_YEAR * (day.year - first_year))
            if day <= ahead:
                yield row


def _occasion(life: OfficeLife, month: int) -> Occasion:
    kinds = {place.kind for place in life.places}
    fitting = [o for o in OCCASIONS if month in o.months and (not o.place or o.place in kinds)]
    return life.rng.choices(fitting, [occasion.weight for occasion in fitting])[0]


def _line(life: OfficeLife, occasion: Occasion, key: str, day: dt.date) -> Row:
    """Return what is known of an activity before it is held."""
    there = [place.code for place in life.places if place.kind == occasion.place and place.in_force(day)]
    # Each street answers for teaching those who have moved to it.
    answerable = life.office.street_zh if "migrants" in occasion.groups else ""
    return Row(
        office=life.code,
        place=life.rng.choice(there) if there else "",
        key=key,
        title=f"示例{occasion.title}",
        form=occasion.form,
        topics=occasion.topics,
        venue=occasion.venue,
        channel=occasion.channel,
        campaign=occasion.campaign,
        co_organisers="示例单位" if life.chance(0.3) else "",
        answerable_street=answerable,
    )


def _hold(street: Street, row: Row, occasion: Occasion, day: dt.date, more: float) -> None:
    """Write what became of an activity: who came, at which facilities, what was handed out."""
    life = street.life
    row.held_date.CopyFrom(from_date(day))
    if life.chance(PLANNED):
        row.planned_date.CopyFrom(from_date(day - life.rng.choice((0, 0, 0, 1, 3, 7)) * DAY))
    largest = round(life.rng.randint(occasion.fewest, occasion.most) * more)
    people = {occasion.groups[0]: largest}
    for group in occasion.groups[1:]:
        if life.chance(0.7):
            people[group] = max(1, round(largest * life.rng.uniform(0.1, 0.6)))
    for group, number in people.items():
        setattr(row, group, number)
    if len(people) > 1:
        # Who is of two groups is told once in the total.
        row.people = sum(people.values()) - life.rng.randint(0, (sum(people.values()) - largest) // 2)
    for column, share in occasion.materials.items():
        setattr(row, column, max(10, round(largest * share * life.rng.uniform(6, 14) / 100) * 10))
    found = street.at(row.place, day)
    if found and occasion.place and life.chance(AT_FACILITIES):
        row.facilities.extend(life.rng.sample(found, min(len(found), life.rng.choice((1, 1, 2)))))


def plans(street: Street, first_year: int, today: dt.date) -> Iterator[year_plan_service_pb2.YearPlanImportRow]:
    """Give the yearly plans; good offices adopt next year's before the year is over."""
    life = street.life
    for year in range(first_year, today.year + 2):
        adopted = dt.date(year, 1, 5) + life.rng.randint(0, 20) * DAY
        if life.chance(life.better(0.0, 0.4)):
            adopted = dt.date(year - 1, 12, 15) + life.rng.randint(0, 10) * DAY
        if adopted <= today:
            number = max(1, round(street.yearly * life.rng.uniform(0.9, 1.1)))
            plan = year_plan_pb2.YearPlan(
                office=life.code, key=f"JH{year}", year=year, activities=number, adopted_date=on(adopted)
            )
            yield year_plan_service_pb2.YearPlanImportRow(year_plan=plan)


def posters(
    life: OfficeLife, first_year: int, today: dt.date
) -> Iterator[material_handout_service_pb2.MaterialHandoutImportRow]:
    """Give the posters that villages get twice a year, apart from any activity."""
    for year in range(first_year, today.year + 1):
        for month in HANDED_OUT_IN:
            day = day_in(life.rng, dt.date(year, month, 1))
            villages = sum(place.kind == "village" and place.in_force(day) for place in life.places)
            if villages and day <= today:
                handout = _M.MaterialHandout(
                    office=life.code,
                    key=f"GT{day:%Y%m}",
                    kind=_M.MATERIAL_KIND_POSTER_SET,
                    handed_out_date=on(day),
                    copies=villages * life.rng.randint(2, 5),
                )
                yield material_handout_service_pb2.MaterialHandoutImportRow(material_handout=handout)


def news(
    life: OfficeLife, monthly: float, first_year: int, today: dt.date
) -> Iterator[news_item_service_pb2.NewsItemImportRow]:
    """Give about so many news items and awards a month."""
    for month in months(first_year, today):
        for number in range(1, int(monthly + life.rng.random()) + 1):
            day = day_in(life.rng, month)
            if day <= today:
                item = _N.NewsItem(
                    office=life.code,
                    key=f"XW{month:%Y%m}-{number}",
                    title="示例:普法工作报道",
                    medium=choose(life, MEDIA),
                    carrier=choose(life, CARRIERS),
                    kind=choose(life, NEWS),
                    published_date=on(day),
                )
                yield news_item_service_pb2.NewsItemImportRow(news_item=item)
