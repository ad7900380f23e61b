"""What happens at stations of legal aid: consultations, journeys, volunteers, reliefs, answers, and the funds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from geju.funds.v1 import fund_entry_pb2 as fund
from geju.legalaid.v1 import (
    aid_case_pb2,
    aid_survey_answer_pb2,
    aid_volunteer_pb2,
    consultation_pb2,
    fee_relief_pb2,
    station_pb2,
    travel_time_pb2,
    volunteer_shift_pb2,
)
from geju.legalaid.v1 import consultation_service_pb2 as rpc
from geju.legalaid.v1.travel_time_service_pb2 import TravelTimeImportRow

from services.chassis.domain.dates import from_date, to_date
from tests.support.story import Teller

BEGINNING = from_date(date(2010, 1, 1))
YEARS = range(2011, 2013)
FUNDS = "legalaid.FundEntryService/CreateFundEntry"
STREAM = "ConsultationService/RecordConsultations"
SPANS = ("stations", "aidVolunteers", "travelTimes")
#: What is corrected of each kind that is of one day.
DAYS = {"consultations": "held_date", "volunteerShifts": "served_date", "feeReliefs": "granted_date",
        "aidSurveyAnswers": "answered_date"}  # fmt: skip


async def begin(t: Teller) -> None:
    """Give every office a station with its number, a volunteer, and the money for subsidies."""
    for office in t.profile.offices:
        own = {"office": office.code, "from_date": BEGINNING}
        station = station_pb2.Station(title="示例工作站", kind=2, key=f"S-{t.chance.getrandbits(60):x}", **own)
        assert await t.make(station) is not None, t.refused
        assert await t.make(aid_volunteer_pb2.AidVolunteer(person_name="示例丙", **own)) is not None, t.refused
        for year in YEARS:
            for earmark in ("legal_aid", "legal_aid_donated"):
                await _enter(t, office.code, fund.FundEntry(year=year, earmark=earmark, kind=1, amount_fen=10**8))


async def _enter(t: Teller, office: str, entry: fund.FundEntry) -> None:
    entry.office = office
    entry.entry_date.CopyFrom(t.day())
    await t.tell(FUNDS, fund_entry=entry)


async def create(t: Teller) -> None:
    """Make a record of some kind."""
    record = t.some(MADE)(t)
    if record is not None:
        record.office = record.office or t.office()
        await t.make(record)


async def consult(t: Teller) -> None:
    """Record consultations as they happen, in a stream of batches; one in ten says nothing of its channel."""
    requests = []
    for _ in range(t.chance.randrange(1, 4)):
        batch = [_consultation(t) for _ in range(t.chance.randrange(1, 5))]
        for one in batch:
            one.channel = 0 if t.likely(0.1) else one.channel
        requests.append(rpc.RecordConsultationsRequest(request_id=str(uuid4()), consultations=batch))
    for request, answer in zip(requests, await t.stream(STREAM, requests), strict=True):
        assert request.request_id == answer.request_id
        assert [one.channel > 0 for one in request.consultations] == [bool(found.name) for found in answer.verdicts]
        made = [verdict.name for verdict in answer.verdicts if verdict.name]
        t.revisions |= dict.fromkeys(made, 1)
        for name in made[:1]:
            await t.look(name)


async def tabulate(t: Teller) -> None:
    """Take a row of the travel table over, which names a station by its number."""
    stations, office = t.of("stations", lambda one: bool(one.key)), t.office()
    row = travel_time_pb2.TravelTime(office=office, place=t.place(office, t.today), station=t.some(stations).key,
                                     key=f"T-{t.chance.getrandbits(60):x}", minutes=t.chance.randrange(10, 120),
                                     from_date=t.day())  # fmt: skip
    await t.tell("TravelTimeService/ImportTravelTimes", rows=[TravelTimeImportRow(row=2, travel_time=row)])


async def end(t: Teller) -> None:
    """End, correct or delete what is in force from a day to a day."""
    found = t.of(t.some(SPANS), lambda record: not record.HasField("to_date") and not record.key.startswith("S-"))
    if len(found) > len(t.profile.offices):
        record = t.some(found)
        if t.likely(0.2):
            await t.drop(record)
        else:
            await t.change(record, to_date=t.until(record.from_date, 0, 700))


async def correct(t: Teller) -> None:
    """Correct or delete what was of a day."""
    collection, field = t.some(list(DAYS.items()))
    found = t.of(collection)
    if found and t.likely(0.4):
        await t.drop(t.some(found))
    elif found:
        await t.change(t.some(found), corrected=True, **{field: t.day(BEGINNING, most=800)})


async def spend(t: Teller) -> None:
    """Enter money: a donation often."""
    kind = t.some([fund.FUND_ENTRY_KIND_DONATION, *fund.FundEntryKind.values()[1:]])
    earmark, purpose = t.some([("legal_aid", "station"), ("legal_aid_donated", "relief")])
    entry = fund.FundEntry(year=t.some(YEARS), kind=kind, earmark=earmark, amount_fen=t.chance.randrange(1, 10**5))
    entry.purpose = purpose if kind == fund.FUND_ENTRY_KIND_SPENDING else ""
    await _enter(t, t.office(), entry)


def _consultation(t: Teller) -> Any:
    cases = t.of("aidCases")
    channel, topic = t.value(consultation_pb2.ConsultationChannel), t.value(consultation_pb2.ConsultationTopic)
    return consultation_pb2.Consultation(office=t.office(), channel=channel, topic=topic, held_date=t.day(), minutes=9,
                                         groups=[t.value(aid_case_pb2.AidGroup)],
                                         aid_case=t.some(cases).name if cases and t.likely(0.1) else "")  # fmt: skip


def _station(t: Teller) -> Any:
    return station_pb2.Station(title="示例联络点", kind=t.value(station_pb2.StationKind), from_date=t.day())


def _travel_time(t: Teller) -> Any:
    office, since = t.office(), t.day()
    return travel_time_pb2.TravelTime(office=office, place=t.place(office, to_date(since) or t.today),
                                      station=t.some(t.of("stations")).name, minutes=t.chance.randrange(10, 120),
                                      from_date=since)  # fmt: skip


def _volunteer(t: Teller) -> Any:
    return aid_volunteer_pb2.AidVolunteer(person_name="示例丁", id_number="示例证件号", phone="示例电话",
                                          from_date=t.day())  # fmt: skip


def _shift(t: Teller) -> Any:
    volunteer, station = t.some(t.of("aidVolunteers")), t.some(t.of("stations"))
    served = t.day(volunteer.from_date, station.from_date, most=300)
    return volunteer_shift_pb2.VolunteerShift(office=volunteer.office, volunteer=volunteer.name, station=station.name,
                                              served_date=served, hours=t.chance.randrange(1, 9))  # fmt: skip


def _relief(t: Teller) -> Any:
    firm, kind = t.some(t.of("firms")).name, t.value(fee_relief_pb2.FeeReliefKind)
    return fee_relief_pb2.FeeRelief(firm=firm, kind=kind, granted_date=t.day(), amount_fen=t.chance.randrange(10**5),
                                    groups=[t.value(aid_case_pb2.AidGroup)])  # fmt: skip


def _survey(t: Teller) -> Any:
    return aid_survey_answer_pb2.AidSurveyAnswer(
        answered_date=t.day(), satisfaction=t.value(aid_survey_answer_pb2.AidSatisfaction)
    )


MADE: Sequence[Callable[[Teller], Any]] = (
    _consultation, _station, _travel_time, _travel_time, _volunteer, _shift, _shift, _relief, _survey, _survey,
)  # fmt: skip
STEPS: Sequence[Callable[..., Any]] = (create, create, create, consult, consult, tabulate, end, correct, spend)
