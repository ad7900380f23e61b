"""What a domain function may know about the world: the district profile and the instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from google.type.date_pb2 import Date

from services.chassis.domain import dates
from services.chassis.domain.errors import DateOrder, FutureDate, InvalidField
from services.chassis.domain.profile import Profile


@dataclass(frozen=True)
class Rules:
    """The profile and the instant of a call; passed to every domain function that needs either."""

    profile: Profile
    now: datetime

    @cached_property
    def today(self) -> date:
        """The day it is in Asia/Shanghai."""
        return dates.today(self.now)

    def past(self, field: str, message: Date, earliest: date | None = None) -> date | None:
        """Return the date of something that has happened; None when unset.

        Raises InvalidField (no such day), FutureDate (after tomorrow: clocks may differ by a day), DateOrder.
        """
        try:
            day = dates.to_date(message)
        except ValueError as error:
            raise InvalidField(field, expected=dates.EXPECTED) from error
        if day is not None:
            self.check_past(field, day, earliest)
        return day

    def check_past(self, field: str, day: date, earliest: date | None = None) -> None:
        """Refuse a day after tomorrow, or one before `earliest`. Raises FutureDate, DateOrder."""
        latest = self.today + timedelta(days=1)
        if day > latest:
            raise FutureDate(field, date=day, latest=latest)
        if earliest is not None and day < earliest:
            raise DateOrder(field, date=day, earliest=earliest)

    def check_office(self, office: str, place: str = "", on: date | None = None) -> None:
        """Refuse an office or place that the profile does not have on a day. Raises UnknownOffice, UnknownPlace."""
        self.profile.office(office, on)
        if place:
            self.profile.place(place, office, on)
