"""Write the demonstration: a spreadsheet for every kind, in the order in which they are to be loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from geju.mediation.v1 import dispute_service_pb2
from google.protobuf.message import Message

from services.chassis.domain.dates import set_date
from services.chassis.domain.profile import Profile
from services.demo import correction, disputes, legalaid, legalservices, publicity, registers, rounds
from services.demo.amount import DISTRICT, WHOLE, Amount, Part
from services.demo.district import OfficeLife, of_part, offices
from services.demo.rows import CLOSED, MOVED, OPENED, Rows
from services.demo.sheets import Sheet, written

FIRST_YEAR = 2008
TODAY = dt.date(2012, 12, 28)
MONTHS = 12
ENTERED_LATE = 0.004
CORRECTED = 0.002


def generate(  # noqa: PLR0913 - the options of one run
    out: Path,
    profile: Profile,
    amount: Amount = DISTRICT,
    *,
    seed: int = 2008,
    first_year: int = FIRST_YEAR,
    today: dt.date = TODAY,
    progress: Callable[[Part], None] = lambda _: None,
) -> list[Sheet]:
    """Write spreadsheets of about the amounts into `out`; returns them in load order. Same arguments, same rows.

    What is more than a district's comes in parts, one after the other; `progress` is told which one begins.
    """

    def parts() -> Iterator[Iterator[Rows]]:
        for number in range(1, amount.parts + 1):
            part = Part(number, amount.parts)
            progress(part)
            yield rows_of(profile, amount.part(part), seed, (first_year, today), part)

    # Stable: within what waits for the same event the order stays.
    return sorted(written(out, parts()), key=lambda sheet: _ORDER.index(sheet.after))


def rows_of(
    profile: Profile, amount: Amount, seed: int, span: tuple[int, dt.date], part: Part = WHOLE
) -> Iterator[Rows]:
    """Give the sheets of a part, made as they are asked for."""
    lives = offices(profile, seed)
    yield from _mediation(profile, lives, amount.disputes, span, part)
    yield from correction.sheets(profile, correction.lives_of(lives, seed), amount.persons, span, part)
    working = of_part(legalservices.lives_of(lives, seed), part)
    aiding = of_part(legalaid.lives_of(lives, seed), part)
    yield from _of_lawyers(profile, (working, aiding), amount, span)
    yield from publicity.sheets(profile, publicity.lives_of(lives, seed), amount.activities, span, part)


_ORDER = ("", MOVED, OPENED, CLOSED)


def _of_lawyers(
    profile: Profile, lives: tuple[Sequence[OfficeLife], Sequence[OfficeLife]], amount: Amount,
    span: tuple[int, dt.date],
) -> Iterator[Rows]:  # fmt: skip
    """Give legal services, and legal aid, whose cases their people handle."""
    working, aiding = lives
    register = legalservices.register(profile, working, amount.practitioners, *span)
    yield from legalservices.sheets(register, working, *span)
    yearly = legalaid.Yearly(amount.cases, amount.consultations)
    yield from legalaid.sheets(profile, aiding, register.firms, yearly, span)


def _mediation(
    profile: Profile, lives: Sequence[OfficeLife], yearly: float, span: tuple[int, dt.date], part: Part
) -> Iterator[Rows]:
    """Give the registers and rounds, then the disputes office by office."""
    registers_first = _registers(profile, lives, *span) if part.first else ()
    for kind, rows in registers_first:
        yield Rows(kind, kind, rows)
    lives = of_part(lives, part)
    if not part.first:
        yield Rows("fund_entry", "fund_entry", list(rounds.budgets(profile, "mediation", *span, lives[0].mark)))
    per_month = yearly / MONTHS / sum(life.share for life in lives)
    late: list[Message] = []
    for life in lives:
        in_time, after = _late(life, list(disputes.disputes(life, per_month, *span)))
        late += after
        yield Rows("dispute", f"dispute-{life.code}", in_time)
    yield Rows("dispute", "dispute-late", late, CLOSED)


def _registers(
    profile: Profile, lives: Sequence[OfficeLife], first_year: int, today: dt.date
) -> Iterator[tuple[str, list[Message]]]:
    """Give the registers and rounds in load order: what others refer to comes first."""
    yield "committee", [row for life in lives for row in registers.committees(life, today)]
    yield "centre", [row for life in lives for row in registers.centres(life, today)]
    yield "mediator", [row for life in lives for row in registers.mediators(life, today)]
    yield "building", [row for life in lives for row in registers.buildings(life, today)]
    yield "premises", [row for life in lives for row in registers.premises(life, today)]
    yield "rate_scheme", [row for life in lives for row in registers.rate_schemes(life, today)]
    yield "fund_entry", list(rounds.budgets(profile, "mediation", first_year, today))
    yield "screening", [row for life in lives for row in rounds.screenings(life, first_year, today)]
    yield "warning", [row for life in lives for row in rounds.warnings(life, first_year, today)]
    yield "reception_day", [row for life in lives for row in rounds.reception_days(life, first_year, today)]


def _late(
    life: OfficeLife, rows: Sequence[dispute_service_pb2.DisputeImportRow]
) -> tuple[list[Message], list[Message]]:
    """Part what was entered in time from what was entered or corrected late."""
    in_time: list[Message] = []
    after: list[Message] = []
    for row in rows:
        if life.chance(ENTERED_LATE):
            after.append(row)
            continue
        in_time.append(row)
        if row.HasField("closed_date") and row.HasField("first_session_date") and life.chance(CORRECTED):
            corrected = dispute_service_pb2.DisputeImportRow()
            corrected.CopyFrom(row)
            set_date(corrected.first_session_date, _date(row.closed_date))
            after.append(corrected)
    return in_time, after


def _date(message: Message) -> dt.date:
    return dt.date(message.year, message.month, message.day)  # type: ignore[attr-defined]
