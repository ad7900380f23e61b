"""Guards of stations and consultations: the rules that need other records. Each is a kind's `guard`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from geju.legalaid.v1 import aid_survey_answer_pb2, consultation_pb2, travel_time_pb2, volunteer_shift_pb2

from services.chassis.district import everywhere, rows_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.references import uuid_of
from services.chassis.domain.spans import check_in_force
from services.chassis.guards import alone, kind_in, referenced
from services.chassis.work import Work
from services.legalaid.domain.stations import service_span, survey, travel_time

Consultation = consultation_pb2.Consultation
TravelTime = travel_time_pb2.TravelTime
Shift = volunteer_shift_pb2.VolunteerShift
Answer = aid_survey_answer_pb2.AidSurveyAnswer


async def _once(work: Work, name: str, find: Callable[[], Awaitable[Any]]) -> Any:
    """Return a record that is referred to, read once: the rows of a sheet name few stations and volunteers."""
    if name not in work.memo:
        work.memo[name] = await find()
    return work.memo[name]


async def _anywhere(work: Work, field: str, name: str) -> Any:
    """Return a record that every office may refer to. Raises UnknownReference."""
    kind = kind_in(work, name.partition("/")[0])
    return await _once(work, name, lambda: everywhere(work, kind, field, name))


async def guard_consultation(work: Work, new: Consultation | None, old: Consultation | None) -> None:
    """Refuse an application that is not there; any office may have taken it. Raises UnknownReference."""
    if new is not None and new.aid_case and (old is None or new.aid_case != old.aid_case):
        await _anywhere(work, "aid_case", new.aid_case)


async def guard_travel_time(work: Work, new: TravelTime | None, old: TravelTime | None) -> None:
    """Refuse a station that is not there and a second time on a day. Raises UnknownReference, TravelTimeTaken."""
    if new is None:
        return
    if old is None or new.station != old.station:
        await _anywhere(work, "station", new.station)
    await alone(work, new, travel_time.check_alone, place=new.place, station=uuid_of(new.station))


async def guard_station(work: Work, new: Any, old: Any) -> None:
    """Keep a station's days around its shifts, and a station that is used. Raises ServedOutside, HasShifts, …."""
    if old is None:
        return
    days = await _days_served(work, "station", old.name)
    if new is not None:
        service_span.check_served(new, days)
        return
    times = await rows_of(work, kind_in(work, "travelTimes"), "station", uuid_of(old.name), "from_date")
    service_span.check_unused(len(days), len(times))


async def guard_volunteer(work: Work, new: Any, old: Any) -> None:
    """Keep a volunteer's days around the shifts. Raises ServedOutside, HasShifts."""
    if old is None:
        return
    days = await _days_served(work, "volunteer", old.name)
    if new is not None:
        service_span.check_served(new, days)
    else:
        service_span.check_unused(len(days))


async def _days_served(work: Work, column: str, name: str) -> list[Any]:
    """Return the days of the shifts at a station or by a volunteer, whichever office entered them; nobody adds one."""
    await work.lock(name)
    rows = await rows_of(work, kind_in(work, "volunteerShifts"), column, uuid_of(name), "served_date")
    return [row["served_date"] for row in rows]


async def guard_shift(work: Work, new: Shift | None, old: Shift | None) -> None:
    """Refuse a shift by a volunteer or at a station that is not there or was not in service that day.

    Whoever changes the days of either waits. Raises UnknownReference, NotInForce.
    """
    if new is None:
        return
    served = to_date(new.served_date) or work.rules.today
    moved = old is None or new.served_date != old.served_date
    if old is None or moved or new.volunteer != old.volunteer:
        await work.lock(new.volunteer)
        volunteer = await _once(work, new.volunteer, lambda: referenced(work, "volunteer", new.volunteer))
        check_in_force(volunteer, "volunteer", served)
    if old is None or moved or new.station != old.station:
        await work.lock(new.station)
        station = await _anywhere(work, "station", new.station)
        check_in_force(station, "station", served)


async def guard_answer(work: Work, new: Answer | None, old: Answer | None) -> None:
    """Refuse an answer under the number of a case of its office. Raises InvalidField."""
    if new is None or not new.key or (old is not None and (new.office, new.key) == (old.office, old.key)):
        return
    if await work.find_many(kind_in(work, "aidCases"), [(new.office, new.key)]):
        survey.refuse_case_number()
