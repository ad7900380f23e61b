"""Closes periods: freezes their figures and every record behind them, and reads what was published."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.aggregation import catalogue, standards
from services.aggregation.definitions import definition
from services.aggregation.errors import MembersDisagree, NoSuchReport, PeriodNotEnded
from services.aggregation.figures import nothing
from services.aggregation.indicator import Form, Indicator
from services.aggregation.members import Member, Question, every_member
from services.aggregation.periods import Period
from services.aggregation.plans import fingerprint
from services.aggregation.projection import Projection
from services.aggregation.provenance import kind_name, record_name
from services.aggregation.reader import Reader
from services.aggregation.rollup import DISTRICT, Stored
from services.chassis.domain.errors import RequestIdReused
from services.chassis.domain.profile import Profile

#: One closing at a time, whichever replica does it.
LOCK = 0x67656A75_72657074
_COLUMNS = (
    "period, edition, as_of, closed, sealed, closed_by, note, catalogue, definitions, digest, "
    "figures, members, request_id, standards"
)
_BY_REQUEST = f"select {_COLUMNS} from report where request_id = $1"  # noqa: S608
_EDITION = "select coalesce(max(edition), 0) + 1 from report where period = $1"
_INSERT = f"""
insert into report ({_COLUMNS})
values ($1, $2, $3, $4, clock_timestamp(), $5, $6, $7, $8::jsonb, $9, $10, $11, $12, $13::jsonb)
returning {_COLUMNS}"""  # noqa: S608
_ONE = f"select {_COLUMNS} from report where period = $1 and ($2 = 0 or edition = $2) order by edition desc limit 1"  # noqa: S608
_PAGE = f"""
select {_COLUMNS} from report where $1::timestamptz is null or (sealed, period) < ($1, $2)
order by sealed desc, period desc limit $3"""  # noqa: S608
_FIGURES = """
select period, unit, indicator, breakdown, key, n, total from report_figure
where period = $1 and edition = $2 and ($3::text[] is null or unit = any($3))
order by indicator, unit, breakdown, key"""
_MEMBER = (
    "period",
    "edition",
    "indicator",
    "office",
    "second_office",
    "kind",
    "record",
    "revision",
    "part",
    "reason",
    "keys",
    "n",
    "total",
)
NAME = "reports/"


@dataclass(frozen=True, slots=True)
class Report:
    """A closed period.

    `definitions` are the fingerprints of the indicators as they were declared, `standards` what they were judged by.
    """

    period: str
    edition: int
    as_of: date
    closed: datetime
    sealed: datetime
    closed_by: str
    note: str
    catalogue: str
    definitions: dict[str, str]
    digest: bytes
    figures: int
    members: int
    request_id: UUID
    standards: dict[str, Any]

    @property
    def name(self) -> str:
        """Resource name."""
        return f"{NAME}{self.period}.{self.edition}"


@dataclass(frozen=True, slots=True)
class Closing:
    """Who closes which period, when."""

    period: Period
    by: str
    at: datetime
    note: str
    request_id: UUID
    validate_only: bool = False


class _Undo(Exception):  # noqa: N818 (not an error)
    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


class Reports:
    """Closed periods in the database."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._closing = asyncio.Lock()

    async def close(self, closing: Closing) -> Report:
        """Close a period in one snapshot. Raises PeriodNotEnded, RequestIdReused, NotMeasured, MembersDisagree."""
        if closing.period.end >= self._reader.live.current.as_of:
            raise PeriodNotEnded("period", period=closing.period.code, end=closing.period.end)
        async with self._closing, self._reader.pool.acquire() as guard:
            # Before the snapshot is taken: an edition that another closing is making must be in it.
            await guard.execute("select pg_advisory_lock($1)", LOCK)
            try:
                async with self._reader.projection(readonly=False) as (conn, projection):
                    return await self._close(conn, projection, closing)
            except _Undo as undo:
                return undo.report
            finally:
                await guard.execute("select pg_advisory_unlock($1)", LOCK)

    async def _close(self, conn: asyncpg.Connection, projection: Projection, closing: Closing) -> Report:
        known = await conn.fetchrow(_BY_REQUEST, closing.request_id)
        if known is not None:
            report = _report(known)
            if (report.period, report.closed_by, report.note) != (closing.period.code, closing.by, closing.note):
                raise RequestIdReused("request_id")
            return report
        assert projection.as_of is not None, "a projection that is read is measured"
        period, edition = closing.period.code, await conn.fetchval(_EDITION, closing.period.code)
        figures = [*_completed(await _figures(conn, projection, period), projection.profile, closing.period)]
        await _copy(conn, "report_figure", _FIGURE, [(f.period, edition, f.unit, *_rest(f)) for f in figures])
        count, digest = await _freeze(conn, projection, closing.period, edition, figures)
        definitions = json.dumps({i.code: definition(i) for i in catalogue.INDICATORS})
        judged_by = json.dumps(standards.freeze(projection.profile, closing.period.start.year))
        row = await conn.fetchrow(
            _INSERT, period, edition, projection.as_of, closing.at, closing.by, closing.note,
            fingerprint(), definitions, digest, len(figures), count, closing.request_id, judged_by,
        )  # fmt: skip
        report = _report(row)
        if closing.validate_only:
            raise _Undo(report)
        return report

    async def get(self, name: str) -> Report:
        """Return the report of a name; the latest edition when it names none. Raises NoSuchReport."""
        period, _, edition = name.removeprefix(NAME).partition(".")
        if not name.startswith(NAME) or not (edition or "1").isascii() or not (edition or "1").isdigit():
            raise NoSuchReport("name", report=name)
        row = await self._reader.pool.fetchrow(_ONE, period, min(int(edition or 0), 2**31 - 1))
        if row is None:
            raise NoSuchReport("name", report=name)
        return _report(row)

    async def page(self, after: tuple[datetime, str] | None, size: int) -> list[Report]:
        """Return reports, newest closing first."""
        sealed, period = after or (None, "")
        return [_report(row) for row in await self._reader.pool.fetch(_PAGE, sealed, period, size)]

    async def figures(self, report: Report, units: Sequence[str] | None) -> list[Stored]:
        """Return the figures as published; of every unit for None."""
        rows = await self._reader.pool.fetch(_FIGURES, report.period, report.edition, units)
        return [Stored(*row) for row in rows]


_FIGURE = ("period", "edition", "unit", "indicator", "breakdown", "key", "n", "total")


def _rest(figure: Stored) -> tuple[Any, ...]:
    return figure.indicator, figure.breakdown, figure.key, figure.n, figure.total


async def _copy(
    conn: asyncpg.Connection, table: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    await conn.copy_records_to_table(table, schema_name="public", columns=columns, records=rows)


async def _figures(conn: asyncpg.Connection, projection: Projection, period: str) -> list[Stored]:
    columns = "period, unit, indicator, breakdown, key, n, total"
    rows = await conn.fetch(f"select {columns} from {projection.schema}.figure where period = $1", period)  # noqa: S608
    return [Stored(*row) for row in rows]


def _completed(found: Sequence[Stored], profile: Profile, period: Period) -> Iterator[Stored]:
    """Give figures with those that nothing came under: none of this is judged as well, and is as much a statement."""
    yield from found
    offices = [
        o.code for o in profile.offices if o.valid_from <= period.end and (o.valid_to or date.max) >= period.start
    ]
    known = {(f.unit, f.indicator) for f in found if not f.breakdown}
    for indicator in catalogue.INDICATORS:
        if period.level in indicator.levels:
            yield from (nothing(indicator, u, period) for u in (DISTRICT, *offices) if (u, indicator.code) not in known)


async def _freeze(
    conn: asyncpg.Connection, projection: Projection, period: Period, edition: int, figures: Sequence[Stored]
) -> tuple[int, bytes]:
    """Write the members of every figure; return how many and a digest over them. Raises MembersDisagree."""
    assert projection.as_of is not None, "a projection that is read is measured"
    stored = {(f.indicator, f.unit): (f.n, f.total) for f in figures if not f.breakdown}
    count, digest = 0, hashlib.sha256()
    for indicator in catalogue.INDICATORS:
        if indicator.form is Form.GROWTH or period.level not in indicator.levels:
            continue
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        question = Question(indicator.code, "", period.code)
        async for page in every_member(conn, projection, question, projection.as_of):
            rows = [_row(period.code, edition, indicator, member) for member in page]
            for row, member in zip(rows, page, strict=True):
                digest.update("|".join(map(str, row[2:])).encode() + b"\n")
                for unit in {member.office, member.second, DISTRICT}:
                    sums[unit][0] += member.n
                    sums[unit][1] += member.total
            await _copy(conn, "report_member", _MEMBER, rows)
            count += len(rows)
        for unit, (n, total) in sums.items():
            if stored.get((indicator.code, unit), (0, 0)) != (n, total):
                raise MembersDisagree(f"{indicator.code} {unit} {period.code}: {n}/{total}")
    return count, digest.digest()


def _row(period: str, edition: int, indicator: Indicator, member: Member) -> tuple[Any, ...]:
    record = record_name(member.collection, member.id)
    part = 1 if member.in_n else 2 if member.in_total else 3
    head = (period, edition, indicator.code, member.office, member.second, kind_name(record), record)
    return (*head, member.revision, part, member.reason, member.keys, member.n, member.total)


def _report(row: asyncpg.Record) -> Report:
    report = Report(*row)
    definitions, judged_by = json.loads(row["definitions"]), json.loads(row["standards"])
    return replace(report, definitions=definitions, standards=judged_by, digest=bytes(report.digest))
