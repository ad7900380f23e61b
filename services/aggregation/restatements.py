"""What was published against what is known today: every figure that differs, and the records that make it differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

import asyncpg

from services.aggregation import catalogue
from services.aggregation.definitions import definition
from services.aggregation.disclosure import Disclosure, both, live, needed, published
from services.aggregation.evidence import evidence
from services.aggregation.indicator import Form
from services.aggregation.members import Question, members
from services.aggregation.projection import Projection
from services.aggregation.provenance import Origin, made_at, origins, record_name
from services.aggregation.reader import Reader
from services.aggregation.reports import Report, Reports
from services.aggregation.rollup import DISTRICT, Stored
from services.chassis.context import Caller

MOST_CAUSES = 200
_FROZEN = """
select office, second_office, record, revision, n, total, keys from report_member
where period = $1 and edition = $2 and indicator = $3"""


class CauseKind(StrEnum):
    """What became of a record."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"
    JUDGED = "judged"


class Share(NamedTuple):
    """What a record adds to a figure of its office."""

    revision: int
    n: int
    total: int
    zh: str = ""


NOTHING = Share(0, 0, 0)
Shares = dict[tuple[str, str], Share]


class Part(NamedTuple):
    """What one branch of an indicator makes of a record, and where it stands in the breakdowns."""

    office: str
    second: str
    record: str
    share: Share
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """One record that makes a figure differ; `origin` is None for what the district profile says exists.

    `evidence` are records entered since by which it is judged, when it is itself as it was.
    """

    record: str
    kind: CauseKind
    then: Share
    now: Share
    origin: Origin | None
    evidence: Sequence[tuple[str, Origin]] = ()


@dataclass(slots=True)
class Restatement:
    """A figure as published and as known today, with its causes, newest entry first."""

    published: Stored
    current: Stored
    causes: list[Cause] = field(default_factory=list)


class Restatements:
    """Compares reports with the present."""

    def __init__(self, reader: Reader, reports: Reports) -> None:
        self._reader, self._reports = reader, reports

    async def of(self, report: Report, unit: str | None, caller: Caller) -> tuple[list[Restatement], Disclosure]:
        """Return the figures of a unit (None: all) that would differ today, and what the caller is shown of them.

        A figure withheld then or now is left out: what changed tells what it is. So are all sensitive breakdowns: what
        is known now is not shown. Raises NotMeasured.
        """
        units = needed(caller, unit)
        then = await self._reports.figures(report, units)
        now = await self._reader.figures(units, [report.period])
        profile = self._reader.profile
        shown = both(
            published(caller, then, profile, report.period, report.edition), live(caller, now, profile, [report.period])
        )
        differing = [
            restatement
            for restatement in _differing(then, now)
            if unit in {None, restatement.published.unit} and not shown.hides(restatement.current)
        ]
        async with self._reader.projection() as (conn, projection):
            for code in sorted({r.published.indicator for r in differing}):
                await _explain(conn, projection, report, [r for r in differing if r.published.indicator == code])
        return differing, shown

    @staticmethod
    def redefined(report: Report) -> list[str]:
        """Return the indicators whose definition is not what it was."""
        now = {indicator.code: definition(indicator) for indicator in catalogue.INDICATORS}
        codes = sorted(now.keys() | report.definitions.keys())
        return [code for code in codes if now.get(code) != report.definitions.get(code)]


def _differing(published: Iterable[Stored], current: Iterable[Stored]) -> Iterator[Restatement]:
    before, after = ({_key(f): f for f in figures} for figures in (published, current))
    period = next((f.period for f in (*before.values(), *after.values())), "")
    for key in sorted(before.keys() | after.keys()):
        nothing = Stored(period, key[1], key[0], key[2], key[3], 0, 0)
        then, now = before.get(key, nothing), after.get(key, nothing)
        if (then.n, then.total) != (now.n, now.total) and key[0] in catalogue.BY_CODE:
            yield Restatement(then, now)


def _key(figure: Stored) -> tuple[str, str, str, str]:
    return figure.indicator, figure.unit, figure.breakdown, figure.key


async def _explain(
    conn: asyncpg.Connection, projection: Projection, report: Report, differing: Iterable[Restatement]
) -> None:
    """Add the causes to the differing figures of one indicator."""
    restated = list(differing)
    indicator = catalogue.BY_CODE[restated[0].published.indicator]
    # A growth compares counts of its base: what moved them moved it.
    code = indicator.base if indicator.form is Form.GROWTH else indicator.code
    frozen = await _frozen(conn, report, code)
    present = await _present(conn, projection, report, code)
    moved = {part._replace(share=part.share._replace(zh="")) for part in present} ^ {*frozen}
    known = await origins(conn, projection.schema, {part.record for part in moved})
    for restatement in restated:
        figure = restatement.published
        before, after = _shares(frozen, figure), _shares(present, figure)
        for place in before.keys() | after.keys():
            (_, record), then, now = place, before.get(place, NOTHING), after.get(place, NOTHING)
            if then[1:3] != now[1:3]:
                origin = known.get(record)
                kind = cause_kind(record, report, then, origin)
                restatement.causes.append(Cause(record, kind, then, now, origin))
        restatement.causes.sort(
            key=lambda c: (c.origin is None, -(c.origin.recorded.timestamp() if c.origin else 0), c.record)
        )
    judged = {c.record for r in restated for c in r.causes[:MOST_CAUSES] if c.kind == CauseKind.JUDGED}
    told = await evidence(conn, projection.schema, catalogue.BY_CODE[code], judged, report.closed)
    for restatement in restated:
        restatement.causes = [
            replace(c, evidence=told.get(c.record, ())) if c.record in judged else c for c in restatement.causes
        ]


def cause_kind(record: str, report: Report, then: Share, origin: Origin | None) -> CauseKind:
    """Tell what became of a record since a report; `then` is NOTHING when the report has it nowhere."""
    if origin is None or origin.revision == then.revision:
        return CauseKind.JUDGED
    if origin.deleted:
        return CauseKind.DELETED
    made = made_at(record)
    return CauseKind.ADDED if then == NOTHING and made is not None and made > report.sealed else CauseKind.CHANGED


def _shares(parts: Iterable[Part], figure: Stored) -> Shares:
    """Add up what every record gives to a figure of its offices or the district, in its key of the breakdown."""
    wanted = f"{figure.breakdown}={figure.key}" if figure.breakdown else ""
    found: Shares = defaultdict(lambda: NOTHING)
    for part in parts:
        share = _share(part, wanted)
        if share is not None and figure.unit in {DISTRICT, part.office, part.second}:
            place = (part.office if figure.unit == DISTRICT else figure.unit, part.record)
            held = found[place]
            found[place] = Share(share.revision, held.n + share.n, held.total + share.total, share.zh)
    return dict(found)


def _share(part: Part, wanted: str) -> Share | None:
    """Return what a record gives to a key, its own amount where it is split; None when it does not stand there."""
    if not wanted or wanted in part.keys:
        return part.share
    amounts = (key.removeprefix(f"{wanted}:") for key in part.keys if key.startswith(f"{wanted}:"))
    return next((part.share._replace(n=int(amount)) for amount in amounts), None)


async def _frozen(conn: asyncpg.Connection, report: Report, code: str) -> list[Part]:
    rows = await conn.fetch(_FROZEN, report.period, report.edition, code)
    return [
        Part(row["office"], row["second_office"], row["record"], Share(*row[3:6]), tuple(row["keys"])) for row in rows
    ]


async def _present(conn: asyncpg.Connection, projection: Projection, report: Report, code: str) -> list[Part]:
    assert projection.as_of is not None, "a projection that is read is measured"
    return [
        Part(m.office, m.second, record_name(m.collection, m.id), Share(m.revision, m.n, m.total, m.zh), tuple(m.keys))
        for m in await members(conn, projection, Question(code, "", report.period), projection.as_of)
    ]
