"""Law publicity as spreadsheets: which sheets there are, in the order in which they are loaded."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from google.protobuf.message import Message

from services.chassis.domain.profile import Profile
from services.demo import activities, employers, facilities, rounds, schools, studies
from services.demo.activities import NEWS_OF_BUREAU, NEWS_OF_OFFICE, Street
from services.demo.amount import WHOLE, Part
from services.demo.district import OfficeLife, of_part
from services.demo.legalservices import bureau_of
from services.demo.rows import CLOSED, Rows

#: Of the activities and studies of a year, the bureau's own share.
OF_BUREAU = 0.06
ENTERED_LATE = 0.005


def lives_of(lives: Sequence[OfficeLife], seed: int) -> list[OfficeLife]:
    """Give the offices streams of their own."""
    return [replace(life, rng=random.Random(f"{seed}/{life.code}/publicity")) for life in lives]


def sheets(
    profile: Profile, lives: Sequence[OfficeLife], yearly: float, span: tuple[int, dt.date], part: Part = WHOLE
) -> Iterator[Rows]:
    """Give every sheet; about `yearly` activities are held a year."""
    first_year, today = span
    # It holds its activities for the whole district: at no village's or community's.
    bureau = replace(bureau_of(profile, lives), places=())
    markets = facilities.markets(lives)
    found = facilities.facilities(bureau, lives, markets, today)
    if part.first:
        yield Rows("market", "market", markets)
        yield Rows("facility", "facility", found)
        yield from _organisations(bureau, lives, first_year, today)
        yield from _studies(bureau, lives, first_year, today)
    # Other parts are told of the same facilities.
    bureau, *lives = of_part([bureau, *lives], part)
    funds = list(rounds.budgets(profile, "publicity", first_year, today, bureau.mark))
    yield Rows("publicity.fund_entry", "publicity-fund_entry", funds)
    whole = sum(life.share for life in lives)
    streets = [Street(bureau, yearly * OF_BUREAU, ())]
    for life in lives:
        own = [row.facility for row in found if row.facility.office == life.code]
        streets.append(Street(life, yearly * (1 - OF_BUREAU) * life.share / whole, own))
    if part.first:
        yield from _planned(streets, part, first_year, today)
    yield from _activities(streets, first_year, today)
    if part.first:
        yield from _told([street.life for street in streets], first_year, today)


def _organisations(bureau: OfficeLife, lives: Sequence[OfficeLife], first_year: int, today: dt.date) -> Iterator[Rows]:
    """Give enterprises and schools with what they do."""
    employing = employers.enterprises(bureau, lives, today)
    yield Rows("enterprise", "enterprise", employing)
    sessions = list(employers.sessions(lives, employing, first_year, today))
    yield Rows("education_session", "education_session", sessions)
    teaching = schools.schools(lives)
    yield Rows("school", "school", teaching)
    yield Rows("school_year", "school_year", list(schools.school_years(lives, teaching, first_year, today)))


def _studies(bureau: OfficeLife, lives: Sequence[OfficeLife], first_year: int, today: dt.date) -> Iterator[Rows]:
    held = [row for life in lives for row in studies.studies(life, first_year, today)]
    in_time, late = _part("study_session", held)
    yield Rows("study_session", "study_session", in_time)
    yield Rows("study_session", "study_session-late", late, CLOSED)
    yield Rows("exam", "exam", list(studies.exams(bureau, lives, first_year, today)))


def _planned(streets: Sequence[Street], part: Part, first_year: int, today: dt.date) -> Iterator[Rows]:
    """Give the plans, which are for all parts."""
    of_all = [replace(street, yearly=street.yearly * part.of) for street in streets]
    plans = [row for street in of_all for row in activities.plans(street, first_year, today)]
    yield Rows("year_plan", "year_plan", plans)


def _activities(streets: Sequence[Street], first_year: int, today: dt.date) -> Iterator[Rows]:
    """Give each street's sheets as one."""
    late: list[Message] = []
    for street in streets:
        name = f"activity-{street.life.code}"
        in_time, after = _part(name, list(activities.activities(street, first_year, today)))
        late += after
        yield Rows("activity", name, in_time)
    yield Rows("activity", "activity-late", late, CLOSED)


def _told(units: Sequence[OfficeLife], first_year: int, today: dt.date) -> Iterator[Rows]:
    """Give what is handed out and told of beside the activities."""
    bureau, *lives = units
    posters = [row for life in lives for row in activities.posters(life, first_year, today)]
    yield Rows("material_handout", "material_handout", posters)
    told = list(activities.news(bureau, NEWS_OF_BUREAU, first_year, today))
    told += [row for life in lives for row in activities.news(life, NEWS_OF_OFFICE, first_year, today)]
    yield Rows("news_item", "news_item", told)


def _part(name: str, rows: Sequence[Message]) -> tuple[list[Message], list[Message]]:
    """Part what came in time from what came after the reports were closed."""
    chance = random.Random(name)
    in_time: list[Message] = []
    late: list[Message] = []
    for row in rows:
        (late if chance.random() < ENTERED_LATE else in_time).append(row)
    return in_time, late
