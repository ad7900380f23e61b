"""What mediation does after facts of legal aid: opens the dispute that was referred, knows the case it became.

What another service did twice, or the stream gives again, has one effect: a record that is there is not made again, a
reference that is set is not set again. So two services that tell each other of each other come to rest.
"""

from __future__ import annotations

from geju.legalaid.v1 import facts_pb2

from services.chassis.changes import create
from services.chassis.guards import known
from services.chassis.reactions import Reaction
from services.chassis.stream import FactEvent
from services.chassis.work import Work
from services.mediation.domain.dispute import aid
from services.mediation.kinds import DISPUTE


async def open_dispute(work: Work, event: FactEvent) -> None:
    """Open the dispute of a case that legal aid referred, once. Raises UnknownOffice, …."""
    facts = facts_pb2.AidCaseFacts.FromString(event.facts)
    if not aid.opens(facts):
        return
    await work.lock(f"{DISPUTE.name}|aidCases/{event.record_id}")
    if await work.query(DISPUTE, limit=1, aid_case=str(event.record_id)):
        return
    await create(work, DISPUTE, aid.dispute_of(facts, f"aidCases/{event.record_id}"))


async def note_case(work: Work, event: FactEvent) -> None:
    """Set the case that a dispute became in legal aid."""
    facts = facts_pb2.AidCaseFacts.FromString(event.facts)
    dispute = await known(work, f"disputes/{facts.origin_dispute}" if facts.origin_dispute else "")
    if dispute is None or dispute.aid_case:
        return
    dispute.aid_case = f"aidCases/{event.record_id}"
    work.save(DISPUTE, dispute, "aid_opened")


REACTIONS = (
    Reaction("aid_case", frozenset({"referred"}), open_dispute, service="legalaid"),
    Reaction("aid_case", frozenset({"opened"}), note_case, service="legalaid"),
)
