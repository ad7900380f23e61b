"""What requests name, checked: units, periods, days, indicators."""

from __future__ import annotations

from datetime import date

from google.type.date_pb2 import Date

from services.aggregation import catalogue
from services.aggregation.errors import (
    OfficeOutOfScope,
    PeriodNotBegun,
    PeriodNotMeasured,
    PeriodTooEarly,
    UnknownIndicator,
)
from services.aggregation.indicator import Indicator
from services.aggregation.periods import Level, Period, parse, period_of
from services.aggregation.reader import Reader
from services.chassis.context import Caller
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.profile import Profile

_LEVELS = {Level.MONTH: "月", Level.QUARTER: "季", Level.YEAR: "年"}


def unit_of(profile: Profile, unit: str) -> str:
    """Return a unit that exists; "" is the district. Raises UnknownOffice."""
    if unit:
        profile.office(unit)
    return unit


def day_of(reader: Reader, message: Date) -> date:
    """Return the day that is asked for; today when none is. Raises InvalidField, FutureDay, NotMeasured."""
    try:
        return reader.as_of(to_date(message))
    except ValueError as error:
        raise InvalidField("as_of_date", expected="应为真实存在的日期,如 2012-03-01") from error


def period_at(code: str, as_of: date, profile: Profile, field: str = "period") -> Period:
    """Return the period of a code, asked for by a field of the request; the year of the day for "".

    Raises PeriodNotBegun, PeriodTooEarly (it ends before the profile begins), InvalidField.
    """
    try:
        period = parse(code) if code else period_of(as_of, Level.YEAR)
    except ValueError as error:
        raise InvalidField(field, expected="应为期间,如 2012-03、2012-Q1 或 2012") from error
    if period.start > as_of:
        raise PeriodNotBegun(field, period=code)
    check_begun(period, profile, field)
    return period


def check_begun(period: Period, profile: Profile, field: str = "period") -> None:
    """Refuse a period that ends before there is anything to count. Raises PeriodTooEarly."""
    if period.end < profile.valid_from:
        raise PeriodTooEarly(field, period=period.code, first=profile.valid_from)


def indicator_of(code: str, period: Period | None = None) -> Indicator:
    """Return an indicator, measured for periods of that length. Raises UnknownIndicator, PeriodNotMeasured."""
    indicator = catalogue.BY_CODE.get(code)
    if indicator is None:
        raise UnknownIndicator("indicator", indicator=code)
    if period is not None and period.level not in indicator.levels:
        known = "、".join(_LEVELS[level] for level in Level if level in indicator.levels)
        raise PeriodNotMeasured("period", indicator=code, known=known)
    return indicator


def unit_for(profile: Profile, unit: str, caller: Caller) -> str:
    """Return a unit whose records the caller may see; its own office when it names none and has one.

    Raises UnknownOffice, OfficeOutOfScope, InvalidField.
    """
    unit_of(profile, unit)
    if caller.everywhere:
        return unit
    if not unit and len(caller.offices) == 1:
        return next(iter(caller.offices))
    if not unit:
        raise InvalidField("unit", expected="请指明司法所:" + "、".join(sorted(caller.offices)))
    if not caller.sees(unit):
        raise OfficeOutOfScope("unit", office=unit)
    return unit


def offices_for(profile: Profile, unit: str, caller: Caller) -> frozenset[str] | None:
    """Return the offices whose work is asked for: a unit's own, for "" all in the caller's scope; None: every one.

    Raises UnknownOffice, OfficeOutOfScope.
    """
    unit_of(profile, unit)
    if unit and not caller.sees(unit):
        raise OfficeOutOfScope("unit", office=unit)
    if unit:
        return frozenset({unit})
    return None if caller.everywhere else caller.offices
