"""Invented rounds of an office: screenings, warnings, reception days, breaches; and the department's budget."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from geju.funds.v1 import fund_entry_pb2, fund_entry_service_pb2
from geju.mediation.v1 import (
    reception_day_pb2,
    reception_day_service_pb2,
    screening_service_pb2,
    warning_pb2,
    warning_service_pb2,
)

from services.chassis.domain.dates import set_date
from services.chassis.domain.profile import Profile
from services.demo.disputes import TYPES
from services.demo.district import OfficeLife, day_in, months


def screenings(life: OfficeLife, first_year: int, today: dt.date) -> Iterator[screening_service_pb2.ScreeningImportRow]:
    """Give the monthly rounds: most reported by the 5th of the next month, some late, some never."""
    for month in months(first_year, today):
        due = (month + dt.timedelta(days=32)).replace(day=5)
        reported = due - dt.timedelta(days=life.rng.randrange(8))
        if life.chance(life.better(0.12, 0.005)):
            reported = due + dt.timedelta(days=life.rng.randrange(1, 20))
        if reported > today or life.chance(life.better(0.06, 0.0)):
            continue
        row = screening_service_pb2.ScreeningImportRow()
        row.screening.office, row.screening.key = life.code, f"{month:%Y%m}"
        row.screening.disputes_found, row.screening.unstable_factors = life.rng.randrange(12), life.rng.randrange(4)
        set_date(row.screening.month_date, month)
        set_date(row.screening.reported_date, reported)
        yield row


def warnings(life: OfficeLife, first_year: int, today: dt.date) -> Iterator[warning_service_pb2.WarningImportRow]:
    """Give early warnings, most of them settled within the month."""
    for month in months(first_year, today):
        raised = day_in(life.rng, month)
        if raised > today or not life.chance(0.25):
            continue
        row = warning_service_pb2.WarningImportRow()
        warning = row.warning
        warning.office, warning.key, warning.place = life.code, f"w{month:%Y%m}", life.place(raised)
        warning.level = life.rng.choices(warning_pb2.WarningLevel.values()[1:], [50, 30, 15, 5])[0]
        warning.type = life.rng.choice(list(TYPES))
        warning.people, warning.source = life.rng.randrange(3, 60), warning_pb2.WARNING_SOURCE_INFORMATION_OFFICER
        warning.raised_by, warning.description = life.person(), "演示数据:苗头性情况。"
        set_date(warning.raised_date, raised)
        settled = raised + dt.timedelta(days=life.rng.randrange(2, 40))
        if settled <= today and life.chance(life.better(0.75, 1.0)):
            warning.settlement = "演示数据:已化解。"
            warning.feedback = "演示数据:已反馈。"
            set_date(warning.settled_date, settled)
            set_date(warning.feedback_date, settled)
        yield row


def reception_days(
    life: OfficeLife, first_year: int, today: dt.date
) -> Iterator[reception_day_service_pb2.ReceptionDayImportRow]:
    """Give a reception day a month, mostly with a lawyer present."""
    for month in months(first_year, today):
        held = day_in(life.rng, month)
        if held > today:
            continue
        row = reception_day_service_pb2.ReceptionDayImportRow()
        day = row.reception_day
        day.office, day.key, day.visitors = life.code, f"r{month:%Y%m}", life.rng.randrange(30)
        day.kind = (
            reception_day_pb2.RECEPTION_KIND_DISPUTE if life.chance(0.6) else reception_day_pb2.RECEPTION_KIND_PETITION
        )
        day.disputes_taken_in = min(day.visitors, life.rng.randrange(3))
        if life.chance(life.better(0.6, 1.0)):
            day.lawyers.append(f"practitioners/{UUID(int=life.rng.randrange(1, 60))}")
        set_date(day.held_date, held)
        yield row


def budgets(
    profile: Profile, service: str, first_year: int, today: dt.date, mark: str = ""
) -> Iterator[fund_entry_service_pb2.FundEntryImportRow]:
    """Give the yearly budget of every earmark of a department, a little more each year; in each part anew."""
    for earmark in (earmark for earmark in profile.earmarks if earmark.service == service):
        for year in range(max(first_year, earmark.from_year), today.year + 1):
            row = fund_entry_service_pb2.FundEntryImportRow()
            entry = row.fund_entry
            entry.office, entry.key, entry.earmark, entry.year = (
                profile.code,
                f"{mark}{earmark.code}-{year}",
                earmark.code,
                year,
            )
            entry.kind = fund_entry_pb2.FUND_ENTRY_KIND_BUDGET
            entry.amount_fen = int(30_000_000 * 1.08 ** (year - first_year)) // 100 * 100
            set_date(entry.entry_date, dt.date(year, 1, 10))
            yield row
            yield _spending(entry, next(iter(earmark.purposes)))


def _spending(budget: fund_entry_pb2.FundEntry, purpose: str) -> fund_entry_service_pb2.FundEntryImportRow:
    row = fund_entry_service_pb2.FundEntryImportRow()
    entry = row.fund_entry
    entry.office, entry.key, entry.earmark, entry.year = budget.office, f"{budget.key}-1", budget.earmark, budget.year
    entry.kind, entry.purpose = fund_entry_pb2.FUND_ENTRY_KIND_SPENDING, purpose
    entry.amount_fen = budget.amount_fen // 100 * 3 // 5 * 100
    set_date(entry.entry_date, dt.date(budget.year, 9, 20))
    return row
