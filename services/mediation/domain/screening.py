"""Screening rounds (矛盾纠纷排查): the monthly one of an office, and those of key periods beside it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from geju.common.v1.limit_pb2 import Limit
from geju.mediation.v1 import screening_pb2

from services.chassis.domain import limits
from services.chassis.domain.dates import add_months, month_of, to_date
from services.chassis.domain.errors import DateOrder, FutureDate
from services.chassis.domain.rules import Rules
from services.mediation.domain.register_errors import NotFirstOfMonth, RoundExists
from services.mediation.domain.register_rules import check_linked, keep_limit

Screening = screening_pb2.Screening
#: The time limit for reporting a round: it starts on the last day of the month.
RULE = "mediation.screening"
#: What nobody has reported is asked for so many months back: earlier ones are history, the figures tell of them.
OWED_MONTHS = 12


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
    keep_limit(new, RULE, None if month is None else month_end(month), reported, rules)


def month_end(month: date) -> date:
    """Return the last day of the month of a day."""
    return add_months(month.replace(day=1), 1) - timedelta(days=1)


def months_owed(today: date) -> list[date]:
    """Return the first days of the months whose rounds are asked for: those that have ended, the oldest first."""
    first = today.replace(day=1)
    last = first if month_end(today) == today else add_months(first, -1)
    return [add_months(last, -back) for back in reversed(range(OWED_MONTHS))]


def owed(reported: Collection[tuple[str, date]], rules: Rules) -> list[tuple[str, date, Limit]]:
    """Return office, month and limit of every monthly round that is owed; `reported` has those that are there."""
    clocks = [(month, limits.start(rules.profile.limits, RULE, month_end(month))) for month in months_owed(rules.today)]
    return [
        (office.code, month, limit)
        for month, limit in clocks
        for office in rules.profile.offices
        if limit is not None and office.in_force(month_end(month)) and (office.code, month) not in reported
    ]


def check_only(new: Screening, others: Sequence[Screening]) -> None:
    """Refuse a second monthly round of the same month; `others` are the office's. Raises RoundExists."""
    month = to_date(new.month_date)
    same = [other for other in others if not other.key_period and to_date(other.month_date) == month]
    if month is not None and not new.key_period and same:
        raise RoundExists("month_date", month=month_of(month))
