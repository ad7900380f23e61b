"""Stations and volunteers: in service from a day to a day, which every shift lies in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from geju.legalaid.v1 import volunteer_shift_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, in_force
from services.legalaid.domain.stations.errors import HasShifts, HasTravelTimes, ServedOutside

Shift = volunteer_shift_pb2.VolunteerShift


def check(new: Any, _old: Any, _rules: Rules) -> None:
    """Guard a station or a volunteer on every change. Raises DateOrder, InvalidField."""
    check_span(new)


def check_shift(new: Shift, _old: Shift | None, _rules: Rules) -> None:
    """Guard a shift on every change. Raises BadReference."""
    check_reference("volunteer", new.volunteer, "aidVolunteers")
    check_reference("station", new.station, "stations")


def check_served(new: Any, days: Collection[date]) -> None:
    """Refuse days in service that leave out a shift that was served. Raises ServedOutside."""
    first, last = to_date(new.from_date), to_date(new.to_date)
    for day in (min(days, default=None), max(days, default=None)):
        if day is not None and not in_force(new, day):
            field = "from_date" if first is None or day < first or last is None else "to_date"
            raise ServedOutside(field, date=day)


def check_unused(shifts: int, times: int = 0) -> None:
    """Refuse to delete what shifts were served at or by, or what travel times lead to. Raises HasShifts, …."""
    if shifts:
        raise HasShifts("name", shifts=shifts)
    if times:
        raise HasTravelTimes("name", times=times)
