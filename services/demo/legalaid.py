"""Legal aid as spreadsheets: which sheets there are, in the order in which they are loaded."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from google.protobuf.message import Message

from services.chassis.domain.profile import Profile
from services.demo import aid_cases, aid_service, aid_stations
from services.demo.district import OfficeLife, Scene
from services.demo.firms import Firm
from services.demo.handlers import Handlers
from services.demo.legalservices import bureau_of
from services.demo.rows import CLOSED, Rows

ENTERED_LATE = 0.004


@dataclass(frozen=True)
class Yearly:
    """About how many there are in a year: cases, consultations."""

    cases: float
    consultations: float


def lives_of(lives: Sequence[OfficeLife], seed: int) -> list[OfficeLife]:
    """Give the offices streams of their own."""
    return [replace(life, rng=random.Random(f"{seed}/{life.code}/legalaid")) for life in lives]


def sheets(
    profile: Profile, lives: Sequence[OfficeLife], firms: Sequence[Firm], yearly: Yearly, span: tuple[int, dt.date]
) -> Iterator[Rows]:
    """Give every sheet; the firms and their people, who handle the cases, are those of legal services."""
    bureau = replace(bureau_of(profile, lives), places=())
    scene = Scene(profile, bureau, lives, *span)
    yield Rows("legalaid.fund_entry", "legalaid-fund_entry", list(aid_service.funds(scene)))
    if bureau.part == 1:
        yield from _stations(scene)
    handlers = Handlers([person for firm in firms for person in firm.people], random.Random(bureau.rng.random()))
    cases = list(aid_cases.cases(scene, handlers, yearly.cases))
    late = {id(row) for row in cases if bureau.chance(ENTERED_LATE)}
    in_time = [row for row in cases if id(row) not in late]
    for year in sorted({row.aid_case.received_date.year for row in in_time}):
        of_year: list[Message] = [row for row in in_time if row.aid_case.received_date.year == year]
        yield Rows("aid_case", f"aid_case-{year}", of_year)
    yield Rows("aid_case", "aid_case-late", [row for row in cases if id(row) in late], CLOSED)
    yield Rows("aid_survey_answer", "aid_survey_answer", list(aid_service.answers(cases, scene)))
    yield Rows("fee_relief", "fee_relief", list(aid_service.reliefs(scene, firms)))
    yield Rows("consultation", "consultation-applied", list(aid_service.led_to(in_time, bureau)))
    for year, held in aid_service.consultations(scene, yearly.consultations):
        yield Rows("consultation", f"consultation-{year}", held, export=True)


def _stations(scene: Scene) -> Iterator[Rows]:
    opened = aid_stations.stations(scene.bureau, scene.lives, scene.today)
    units = [scene.bureau, *scene.lives]
    helpers = list(aid_stations.volunteers(units, scene.first_year, scene.today))
    yield Rows("station", "station", [station.row for station in opened])
    yield Rows("travel_time", "travel_time", list(aid_stations.travel_times(scene.lives, opened, scene.today)))
    yield Rows("aid_volunteer", "aid_volunteer", [helper.row for helper in helpers])
    yield Rows("volunteer_shift", "volunteer_shift", list(aid_stations.shifts(helpers, opened, scene.today)))
