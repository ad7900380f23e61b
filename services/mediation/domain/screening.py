"""Screening rounds (矛盾纠纷排查): the monthly one of an office, and those of key periods beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from geju.mediation.v1 import screening_pb2

from services.chassis.domain.dates import add_months, month_of, to_date
from services.chassis.domain.errors import DateOrder, FutureDate
from services.chassis.domain.rules import Rules
from services.mediation.domain.register_errors import NotFirstOfMonth, RoundExists
from services.mediation.domain.register_rules import check_linked

Screening = screening_pb2.Screening
#: Day of the next month on which the report of a round is due.
REPORT_DAY = 5


def check(new: Screening, _old: Screening | None, rules: Rules) -> None:
    """Guard a round on every change. Raises NotFirstOfMonth, FutureDate, DateOrder, FewerThanLinked, …."""
    month, reported = to_date(new.month_date), to_date(new.reported_date)
    if month is not None:
        if month.day != 1:
            raise NotFirstOfMonth("month_date")
        latest = rules.today.replace(day=1)
        if month > latest:
            raise FutureDate("month_date", date=month, latest=latest)
        if reported is not None and reported < month:
            raise DateOrder("reported_date", date=reported, earliest=month)
    check_linked("disputes_found", new.disputes_found, new.disputes)


def report_due(month: date) -> date:
    """Return the last day to report the round of a month: the 5th of the next one."""
    return add_months(month.replace(day=1), 1) + timedelta(days=REPORT_DAY - 1)


def check_only(new: Screening, others: Sequence[Screening]) -> None:
    """Refuse a second monthly round of the same month; `others` are the office's. Raises RoundExists."""
    month = to_date(new.month_date)
    same = [other for other in others if not other.key_period and to_date(other.month_date) == month]
    if month is not None and not new.key_period and same:
        raise RoundExists("month_date", month=month_of(month))
