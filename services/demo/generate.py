"""Write the demonstration: a spreadsheet for every kind, in the order in which they are to be loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from geju.mediation.v1 import dispute_service_pb2
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from services.chassis.domain.dates import set_date
from services.chassis.domain.profile import Profile
from services.cli.sheets import columns, write
from services.demo import correction, disputes, legalaid, legalservices, publicity, registers, rounds
from services.demo.district import OfficeLife, offices
from services.demo.rows import CLOSED, MOVED, OPENED, Rows

FIRST_YEAR = 2008
TODAY = dt.date(2012, 12, 28)
MONTHS = 12
ENTERED_LATE = 0.004
CORRECTED = 0.002


@dataclass(frozen=True)
class Sheet:
    """A spreadsheet of `rows` rows of a kind; `after` names what must have happened before it is loaded."""

    kind: str
    path: Path
    rows: int
    after: str = ""


def generate(  # noqa: PLR0913 - the options of one run
    out: Path,
    profile: Profile,
    *,
    size: int = 1200,
    persons: int = 100,
    practitioners: int = 600,
    cases: int = 600,
    consultations: int = 15_000,
    activities: int = 400,
    seed: int = 2008,
    first_year: int = FIRST_YEAR,
    today: dt.date = TODAY,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Sheet]:
    """Write about `size` disputes and `persons` persons under correction a year, and what goes with them, into `out`.

    So many `practitioners` are licensed at the end; so many `cases` of legal aid, `consultations` and `activities` of
    law publicity there are a year. Same arguments, same rows.
    """
    out.mkdir(parents=True, exist_ok=True)
    lives = offices(profile, seed)
    found = [*_mediation(profile, lives, size, first_year, today)]
    found += correction.sheets(profile, correction.lives_of(lives, seed), persons, first_year, today)
    found += _of_lawyers(
        profile, lives, (practitioners, legalaid.Yearly(cases, consultations)), seed, (first_year, today)
    )
    found += publicity.sheets(profile, publicity.lives_of(lives, seed), activities, first_year, today)
    # Stable: within what waits for the same event the order stays.
    found.sort(key=lambda rows: _ORDER.index(rows.after))
    sheets = []
    for rows in found:
        sheets.append(_write(out / f"{rows.name}.{'csv' if rows.export else 'xlsx'}", rows))
        progress(rows.name)
    return sheets


_ORDER = ("", MOVED, OPENED, CLOSED)


def _of_lawyers(
    profile: Profile, lives: Sequence[OfficeLife], amounts: tuple[int, legalaid.Yearly], seed: int,
    span: tuple[int, dt.date],
) -> Iterator[Rows]:  # fmt: skip
    """Give legal services, and legal aid, whose cases their people handle."""
    practitioners, yearly = amounts
    working = legalservices.lives_of(lives, seed)
    register = legalservices.register(profile, working, practitioners, *span)
    yield from legalservices.sheets(register, working, *span)
    yield from legalaid.sheets(profile, legalaid.lives_of(lives, seed), register.firms, yearly, span)


def _mediation(
    profile: Profile, lives: Sequence[OfficeLife], size: int, first_year: int, today: dt.date
) -> Iterator[Rows]:
    """Give the registers, then the disputes office by office."""
    for kind, rows in _registers(profile, lives, first_year, today):
        yield Rows(kind, kind, rows)
    per_month = size / MONTHS / sum(life.share for life in lives)
    late: list[Message] = []
    for life in lives:
        in_time, after = _part(life, list(disputes.disputes(life, per_month, first_year, today)))
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


def _part(
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


def _write(path: Path, given: Rows) -> Sheet:
    """Write rows under the headings of the kind's template, leaving out columns that nobody filled."""
    rows = given.rows
    wanted = columns.of_row(cast("Descriptor", rows[0].DESCRIPTOR)) if rows else []
    table = [[column.get(row) for column in wanted] for row in rows]
    used = [i for i, column in enumerate(wanted) if column.required or any(line[i] not in {None, ""} for line in table)]
    headings = [wanted[i].label for i in used]
    write.table(path, given.kind, headings, ([line[i] for i in used] for line in table))
    return Sheet(given.kind, path, len(rows), given.after)
