"""The sessions of imported disputes: made with them, and made to agree when a line is imported again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from geju.common.v1 import import_pb2
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import session_pb2
from geju.mediation.v1.dispute_service_pb2 import DisputeImportRow as Row

from services.chassis.domain.dates import from_date, to_date
from services.chassis.domain.references import uuid_of
from services.chassis.work import Work
from services.mediation.import_rows import session_days
from services.mediation.kinds import DISPUTE, MANY, SESSION
from services.mediation.row_cells import split_names

_WRITTEN = (import_pb2.ROW_OUTCOME_CREATED, import_pb2.ROW_OUTCOME_UPDATED)


async def write_sessions(work: Work, rows: Iterable[Row], verdicts: Iterable[import_pb2.RowVerdict]) -> None:
    """Write the sessions of the rows that were taken; a later row of the same dispute has the last word."""
    taken = {v.name: (row, v.outcome) for row, v in zip(rows, verdicts, strict=True) if v.outcome in _WRITTEN}
    stored = await sessions_of(work, [name for name, (_, outcome) in taken.items() if outcome != _WRITTEN[0]])
    for name, (row, _) in taken.items():
        dispute = await work.load(DISPUTE, name)
        _agree(work, dispute, row, stored.get(name, []))


async def sessions_of(work: Work, names: list[str]) -> dict[str, list[session_pb2.Session]]:
    """Return the sessions of disputes by their names."""
    found: dict[str, list[session_pb2.Session]] = {}
    if names:
        uuids = [uuid_of(name) for name in names]
        for session in await work.query(SESSION, limit=MANY * len(names), dispute=uuids):
            found.setdefault(session.dispute, []).append(session)
    return found


def _agree(work: Work, dispute: pb.Dispute, row: Row, stored: list[session_pb2.Session]) -> None:
    """Delete the sessions that the row does not know, make those that are not there yet."""
    missing = Counter(held for held, _ in session_days(row))
    for session in stored:
        held = to_date(session.held_date)
        if held is not None and missing[held] > 0:
            missing[held] -= 1
        else:
            work.delete(SESSION, session, "导入的台账中没有此场次")
    days = session_days(row)
    for index, (held, invited) in enumerate(days):
        if missing[held] > 0:
            missing[held] -= 1
            last = index == len(days) - 1
            work.create(SESSION, _session(dispute, row, held, invited=invited, last=last), occurred=held)


def _session(dispute: pb.Dispute, row: Row, held: date, *, invited: bool, last: bool) -> session_pb2.Session:
    agreed = last and row.outcome == pb.DISPUTE_OUTCOME_AGREED
    return session_pb2.Session(
        office=dispute.office,
        place=dispute.place,
        dispute=dispute.name,
        held_date=from_date(held),
        venue=row.venue or session_pb2.SESSION_VENUE_COMMITTEE_ROOM,
        mediators=[dispute.mediator, *dispute.co_mediators],
        invited=[session_pb2.Invited(department=name) for name in split_names(row.invited)] if invited else [],
        outcome=session_pb2.SESSION_OUTCOME_AGREED if agreed else session_pb2.SESSION_OUTCOME_CONTINUED,
    )
