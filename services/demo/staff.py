"""Invented people and rounds of the department: officers, volunteers, bases, meetings, plans, drills, surveys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from geju.correction.v1 import (
    base_stay_service_pb2,
    correction_officer_pb2,
    correction_officer_service_pb2,
    correction_volunteer_pb2,
    correction_volunteer_service_pb2,
    emergency_drill_service_pb2,
    emergency_plan_service_pb2,
    member_unit_meeting_service_pb2,
    resettlement_base_pb2,
    resettlement_base_service_pb2,
    situation_survey_service_pb2,
)

from services.chassis.domain.dates import set_date
from services.chassis.domain.profile import Profile
from services.demo.district import OfficeLife
from services.demo.people import choose
from services.demo.supervised import Span, Supervised

_O, _V = correction_officer_pb2, correction_volunteer_pb2
BACKGROUNDS = {
    _V.VOLUNTEER_BACKGROUND_CADRE: 40, _V.VOLUNTEER_BACKGROUND_TEACHER: 10, _V.VOLUNTEER_BACKGROUND_STUDENT: 16,
    _V.VOLUNTEER_BACKGROUND_RETIRED: 20, _V.VOLUNTEER_BACKGROUND_LAWYER: 5, _V.VOLUNTEER_BACKGROUND_PSYCHOLOGIST: 3,
    _V.VOLUNTEER_BACKGROUND_OTHER: 6,
}  # fmt: skip
#: Offices with a transitional base, and with one for public-benefit work.
TRANSITIONAL = {"wuma": 12, "shuixin": 10, "shuangyu": 15, "nanpu": 8, "tengqiao": 20}
WORK = {
    "wuma": 30,
    "guanghua": 20,
    "jiangbin": 25,
    "lianchi": 20,
    "hongdian": 30,
    "yangyi": 40,
    "qidu": 25,
    "linjiang": 30,
}
MEETING_MONTHS = (3, 6, 9, 12)
DRILL_MONTH, SURVEY_MONTH = 10, 5
SAMPLE = 200


def officers(
    life: OfficeLife, first_year: int, today: dt.date
) -> Iterator[correction_officer_service_pb2.CorrectionOfficerImportRow]:
    """Give the officers: one of the office's own, social workers from 2009 on, more with the years."""
    begun = [(_O.OFFICER_KIND_FULL_TIME, dt.date(first_year - 1, 7, 1))]
    if life.chance(life.better(0.4, 0.9)):
        begun.append((_O.OFFICER_KIND_PART_TIME, dt.date(first_year, 3, 1)))
    begun += [
        (_O.OFFICER_KIND_SOCIAL_WORKER, dt.date(year, life.rng.choice([3, 6, 9]), 1))
        for year in range(first_year + 1, today.year + 1)
        if life.chance(0.28 * life.share)
    ]
    for number, (kind, first) in enumerate(begun, 1):
        row = correction_officer_service_pb2.CorrectionOfficerImportRow()
        officer = row.correction_officer
        officer.office, officer.key, officer.kind = life.code, f"{life.code}-R{number:02d}", kind
        officer.full_name = life.person()
        set_date(officer.from_date, first)
        if kind == _O.OFFICER_KIND_SOCIAL_WORKER and life.chance(0.12):
            _until(officer, first, life, today)
        yield row


def volunteers(
    life: OfficeLife, first_year: int, today: dt.date
) -> Iterator[correction_volunteer_service_pb2.CorrectionVolunteerImportRow]:
    """Give the volunteers, some more every year; a few leave."""
    number = 0
    for year in range(first_year, today.year + 1):
        for _ in range(life.rng.randint(1, 3)):
            number += 1
            row = correction_volunteer_service_pb2.CorrectionVolunteerImportRow()
            volunteer = row.correction_volunteer
            volunteer.office, volunteer.key = life.code, f"{life.code}-V{number:02d}"
            volunteer.full_name, volunteer.background = life.person(), choose(life, BACKGROUNDS)
            volunteer.phone = f"000-{life.rng.randrange(10**7):07d}"
            first = dt.date(year, life.rng.randint(1, 12), 1)
            set_date(volunteer.from_date, first)
            if life.chance(0.15):
                _until(volunteer, first, life, today)
            yield row


def _until(record: correction_officer_pb2.CorrectionOfficer | correction_volunteer_pb2.CorrectionVolunteer,
           first: dt.date, life: OfficeLife, today: dt.date) -> None:  # fmt: skip
    last = first + dt.timedelta(days=life.rng.randint(300, 900))
    if last <= today:
        set_date(record.to_date, last)


def bases(life: OfficeLife, first_year: int) -> Iterator[resettlement_base_service_pb2.ResettlementBaseImportRow]:
    """Give the office's bases."""
    kinds = ((resettlement_base_pb2.BASE_KIND_TRANSITIONAL, TRANSITIONAL, "示例过渡性安置基地", "AZ"),
             (resettlement_base_pb2.BASE_KIND_COMMUNITY_WORK, WORK, "示例公益劳动基地", "LD"))  # fmt: skip
    for kind, places, title, mark in kinds:
        if life.code in places:
            row = resettlement_base_service_pb2.ResettlementBaseImportRow()
            base = row.resettlement_base
            base.office, base.key, base.kind, base.title = life.code, base_number(life, mark), kind, title
            base.places = places[life.code]
            set_date(base.from_date, dt.date(first_year - 1, 6, 1))
            yield row


def base_number(life: OfficeLife, mark: str) -> str:
    """Return the office's number of its base."""
    return f"{life.code}-{mark}1"


def meetings(
    profile: Profile, first_year: int, today: dt.date
) -> Iterator[member_unit_meeting_service_pb2.MemberUnitMeetingImportRow]:
    """Give the quarterly meetings of the member units; in the first year there were three."""
    for year in range(first_year, today.year + 1):
        for month in MEETING_MONTHS[1 if year == first_year else 0 :]:
            held = dt.date(year, month, 18)
            if held <= today:
                row = member_unit_meeting_service_pb2.MemberUnitMeetingImportRow()
                meeting = row.member_unit_meeting
                meeting.office, meeting.key, meeting.units = profile.code, f"H{held:%Y%m}", 9 + (year + month) % 4
                meeting.topic = "演示:通报情况,研究帮教安置工作"
                set_date(meeting.held_date, held)
                yield row


def plans(
    profile: Profile, first_year: int, _today: dt.date
) -> Iterator[emergency_plan_service_pb2.EmergencyPlanImportRow]:
    """Give the district's emergency plan."""
    row = emergency_plan_service_pb2.EmergencyPlanImportRow()
    plan = row.emergency_plan
    plan.office, plan.key, plan.title = profile.code, "Y1", "示例突发事件应急预案"
    set_date(plan.from_date, dt.date(first_year, 6, 1))
    yield row


def drills(
    profile: Profile, first_year: int, today: dt.date
) -> Iterator[emergency_drill_service_pb2.EmergencyDrillImportRow]:
    """Give the yearly drill of the plan."""
    for year in range(first_year, today.year + 1):
        row = emergency_drill_service_pb2.EmergencyDrillImportRow()
        drill = row.emergency_drill
        drill.office, drill.key, drill.plan, drill.participants = profile.code, f"L{year}", "Y1", 30 + year % 7 * 4
        set_date(drill.held_date, dt.date(year, DRILL_MONTH, 22))
        yield row


def surveys(
    profile: Profile, first_year: int, today: dt.date
) -> Iterator[situation_survey_service_pb2.SituationSurveyImportRow]:
    """Give the yearly survey of how released persons live; more answer from year to year."""
    for year in range(first_year, today.year + 1):
        row = situation_survey_service_pb2.SituationSurveyImportRow()
        survey = row.situation_survey
        survey.office, survey.key, survey.sample = profile.code, f"W{year}", SAMPLE
        survey.title = "示例现实表现监测调查"
        survey.answers = SAMPLE * min(97, 84 + 3 * (year - first_year)) // 100
        set_date(survey.opened_date, dt.date(year, SURVEY_MONTH, 4))
        set_date(survey.closed_date, dt.date(year, SURVEY_MONTH + 1, 15))
        yield row


def work_stays(people: Sequence[Supervised], today: dt.date) -> Iterator[base_stay_service_pb2.BaseStayImportRow]:
    """Give the time that persons under correction work in their office's base, as far as it has places."""
    taken: dict[str, list[Span]] = {}
    for person in people:
        life, others = person.life, taken.setdefault(person.life.code, [])
        if person.taken is None or person.record.unable_to_work or not life.chance(0.6):
            continue
        span = Span(person.taken + dt.timedelta(days=10), person.until if person.ended else None)
        last = span.last or today
        most = max((sum(o.covers(d.first) for o in others) for d in [span, *others] if span.covers(d.first)), default=0)
        if life.code in WORK and span.first < last and most < WORK[life.code] // 2:
            others.append(span)
            row = base_stay_service_pb2.BaseStayImportRow()
            stay = row.base_stay
            stay.office, stay.key, stay.person = life.code, f"{person.number}-J1", person.number
            stay.base = base_number(life, "LD")
            set_date(stay.from_date, span.first)
            if span.last:
                set_date(stay.to_date, span.last)
            yield row
