"""What happens to the registers of correction and resettlement: staff, bases, meetings, plans, surveys, funds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from geju.correction.v1 import (
    base_stay_pb2,
    correction_officer_pb2,
    correction_volunteer_pb2,
    emergency_drill_pb2,
    emergency_plan_pb2,
    member_unit_meeting_pb2,
    resettlement_base_pb2,
    situation_survey_pb2,
)
from geju.funds.v1 import fund_entry_pb2 as fund

from services.chassis.domain.dates import from_date
from tests.support.story import Teller

BEGINNING = from_date(date(2010, 1, 1))
YEARS = range(2008, 2013)
FUNDS = "correction.FundEntryService/CreateFundEntry"
SPANS = ("correctionOfficers", "correctionVolunteers", "emergencyPlans", "resettlementBases")


async def begin(t: Teller) -> None:
    """Give every office an officer, a base, a plan, and the money for grants."""
    for office in t.profile.offices:
        own = {"office": office.code, "from_date": BEGINNING}
        officer = correction_officer_pb2.CorrectionOfficer(full_name="测试干部", kind=1, **own)
        assert await t.make(officer) is not None, t.refused
        await t.make(resettlement_base_pb2.ResettlementBase(title="测试基地", kind=1, places=3, **own))
        await t.make(emergency_plan_pb2.EmergencyPlan(title="测试预案", **own))
        for year in YEARS:
            entry = fund.FundEntry(office=office.code, year=year, earmark="resettlement", kind=1, amount_fen=10**8)
            entry.entry_date.CopyFrom(t.day())
            await t.tell(FUNDS, fund_entry=entry)


async def create(t: Teller) -> None:
    """Make a record of some register."""
    record = t.some(MADE)(t)
    record.office = record.office or t.office()
    await t.make(record)


async def end(t: Teller) -> None:
    """End, correct or delete what is valid from a day to a day."""
    found = t.of(t.some(SPANS), lambda record: not record.HasField("to_date"))
    if len(found) > 2 * len(t.profile.offices):
        record = t.some(found)
        if t.likely(0.2):
            await t.drop(record)
        else:
            await t.change(record, to_date=t.until(record.from_date, 0, 700))


async def correct(t: Teller) -> None:
    """Correct or delete a meeting, a drill, a survey; change a base."""
    choices = [*t.of("memberUnitMeetings"), *t.of("emergencyDrills"), *t.of("resettlementBases")]
    record = t.some(choices)
    if record.name.startswith("resettlementBases/"):
        await t.change(record, corrected=True, places=t.chance.randrange(1, 6))
    elif t.likely(0.4):
        await t.drop(record)
    else:
        await t.change(record, corrected=True, held_date=t.day())


async def survey(t: Teller) -> None:
    """Close a survey, or correct a closed one."""
    found = t.of("situationSurveys")
    if found:
        one = t.some(found)
        answers = t.chance.randrange(one.sample + 1)
        if one.HasField("closed_date"):
            await t.change(one, corrected=True, answers=answers, closed_date=t.day(one.opened_date, most=60))
        else:
            day = t.day(one.opened_date, most=40)
            await t.tell("SituationSurveyService/CloseSurvey", name=one.name, answers=answers, closed_date=day)


async def stay(t: Teller) -> None:
    """Let a person under correction work in a base."""
    persons = t.of("supervisedPersons", lambda person: person.HasField("taken_over_date"))
    if persons:
        person, base = t.some(persons), t.some(t.of("resettlementBases"))
        first = t.day(person.taken_over_date, base.from_date, most=60)
        made = base_stay_pb2.BaseStay(office=person.office, person=person.name, base=base.name, from_date=first)
        if t.likely(0.7):
            made.to_date.CopyFrom(t.day(first, most=60))
        await t.make(made)


async def spend(t: Teller) -> None:
    """Enter money."""
    kind = t.value(fund.FundEntryKind)
    entry = fund.FundEntry(office=t.office(), year=t.some(YEARS), kind=kind, earmark="correction_work")
    entry.purpose = "supervision" if kind == fund.FUND_ENTRY_KIND_SPENDING else ""
    entry.amount_fen = t.chance.randrange(1, 10**5)
    entry.entry_date.CopyFrom(t.day())
    await t.tell(FUNDS, fund_entry=entry)
    own = t.of("fundEntries", lambda known: known.earmark == entry.earmark)
    if own and t.likely(0.2):
        name = t.some(own).name
        if await t.tell("correction.FundEntryService/DeleteFundEntry", name=name, reason="重复登记"):
            t.forget(name)


def _officer(t: Teller) -> Any:
    kind = t.value(correction_officer_pb2.OfficerKind)
    return correction_officer_pb2.CorrectionOfficer(full_name="测试干部", kind=kind, from_date=t.day())


def _volunteer(t: Teller) -> Any:
    background = t.value(correction_volunteer_pb2.VolunteerBackground)
    made = correction_volunteer_pb2.CorrectionVolunteer(full_name="测试丙", phone="测试", background=background)
    made.from_date.CopyFrom(t.day())
    return made


def _meeting(t: Teller) -> Any:
    return member_unit_meeting_pb2.MemberUnitMeeting(held_date=t.day(), units=t.chance.randrange(1, 12))


def _plan(t: Teller) -> Any:
    return emergency_plan_pb2.EmergencyPlan(title="测试预案", from_date=t.day())


def _drill(t: Teller) -> Any:
    plans = t.of("emergencyPlans")
    plan = t.some(plans).name if plans and t.likely(0.7) else ""
    return emergency_drill_pb2.EmergencyDrill(plan=plan, held_date=t.day(), participants=5)


def _survey(t: Teller) -> Any:
    fields = {"opened_date": t.day(), "sample": t.chance.randrange(1, 50)}
    return situation_survey_pb2.SituationSurvey(title="测试调查", **fields)


def _base(t: Teller) -> Any:
    fields = {"kind": t.value(resettlement_base_pb2.BaseKind), "places": t.chance.randrange(1, 6)}
    return resettlement_base_pb2.ResettlementBase(title="测试基地", from_date=t.day(), **fields)


MADE: Sequence[Callable[[Teller], Any]] = (_officer, _volunteer, _meeting, _plan, _drill, _survey, _base)
STEPS = (create, create, end, correct, survey, stay, spend)
