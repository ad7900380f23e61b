"""The kinds dispute and session, and what ties their records together."""

from __future__ import annotations

from datetime import date
from typing import Any

from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import facts_pb2, session_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField, NotFound, UnknownReference
from services.chassis.domain.references import uuid_of
from services.chassis.guards import calls, may_correct
from services.chassis.kinds import Kind
from services.chassis.work import Work
from services.mediation.domain.dispute import aid, attendance, consistency
from services.mediation.domain.dispute.attendance import Attended
from services.mediation.facts import dispute_facts, session_facts
from services.mediation.import_rows import import_row
from services.mediation.staff import check_mediators, check_staff
from services.mediation.storage import DisputeRow, SessionRow

#: A dispute has at most so many sessions.
MANY = 1000


async def guard_dispute(work: Work, new: pb.Dispute | None, old: pb.Dispute | None) -> None:
    """Check a dispute against other records; with a deleted one its sessions go."""
    if new is None:
        assert old is not None, "nothing is made of nothing"
        for session in await work.query(SESSION, limit=MANY, dispute=uuid_of(old.name)):
            work.delete(SESSION, session)
        return
    if old is not None and calls(work, "Update"):
        consistency.check_update(new, old)
    if old is not None and calls(work, "Import") and not may_correct(work):
        consistency.check_import(new, old)
    await check_staff(work, new, old)


def _happened(dispute: pb.Dispute) -> date | None:
    """Return the day a new dispute speaks of: of the last step an imported one has taken."""
    if dispute.revision:
        return None
    steps = (dispute.registered_date, dispute.accepted_date, dispute.refused_date, dispute.withdrawn_date)
    known = [to_date(step) for step in (*steps, dispute.closed_date, dispute.feedback_date)]
    return max((step for step in known if step is not None), default=None)


DISPUTE = Kind(
    name="dispute",
    collection="disputes",
    message=pb.Dispute,
    facts=facts_pb2.DisputeFacts,
    row=DisputeRow,
    to_facts=dispute_facts,
    check=consistency.check,
    import_row=import_row,
    create_change="registered",
    guard=guard_dispute,
    occurred=_happened,
    transition=aid.transition,
)


async def guard_session(work: Work, new: session_pb2.Session | None, old: session_pb2.Session | None) -> None:
    """Keep the dispute in step with a session that is made, changed or deleted. Raises UnknownReference, …."""
    reference = (new or old or session_pb2.Session()).dispute
    if new is not None and old is not None and new.dispute != old.dispute:
        raise InvalidField("dispute", expected="场次所属纠纷不能改动,请删除后重新登记")
    if new is not None and old is not None and new.office != old.office:
        raise InvalidField("office", expected="须与纠纷所属司法所相同")
    try:
        dispute = await work.load(DISPUTE, reference)
    except NotFound as error:
        raise UnknownReference("dispute", name=reference) from error
    if old is None:
        assert new is not None, "nothing is made of nothing"
        await hold(work, new, dispute)
        return
    attendance.recount(dispute, await _sessions(work, dispute, old, new), work.rules)
    work.save(DISPUTE, dispute, "session_corrected")


async def hold(work: Work, session: session_pb2.Session, dispute: pb.Dispute) -> None:
    """Move the dispute of a new session and save it; the session gets what it has from it. Raises as the domain."""
    if session.office != dispute.office:
        raise InvalidField("office", expected="须与纠纷所属司法所相同")
    on = attendance.record(dispute, session.held_date, work.rules, invited=bool(session.invited))
    await check_mediators(work, session.mediators, "mediators", on)
    if not session.mediators:
        session.mediators.extend([dispute.mediator, *dispute.co_mediators])
    work.save(DISPUTE, dispute, "session_held", on)
    made: dict[str, list[Attended]] = work.memo.setdefault("held", {})
    made.setdefault(dispute.name, []).append(attendance.attended(session))


async def _sessions(work: Work, dispute: pb.Dispute, old: session_pb2.Session, new: Any) -> list[Attended]:
    """Return a dispute's sessions with `old` replaced by `new`, or left out."""
    stored = await work.query(SESSION, limit=MANY, dispute=uuid_of(dispute.name))
    made: dict[str, list[Attended]] = work.memo.get("held", {})
    kept = [attendance.attended(other) for other in stored if other.name != old.name]
    return [*kept, *made.get(dispute.name, ()), *([attendance.attended(new)] if new is not None else [])]


SESSION = Kind(
    name="session",
    collection="sessions",
    message=session_pb2.Session,
    facts=facts_pb2.SessionFacts,
    row=SessionRow,
    to_facts=session_facts,
    check=attendance.check_session,
    create_change="held",
    guard=guard_session,
    occurred=lambda session: to_date(session.held_date),
)
