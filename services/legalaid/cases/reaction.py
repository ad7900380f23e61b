"""What legal aid does after facts of mediation: opens the application that was referred, knows the dispute it became.

What another service did twice, or the stream gives again, has one effect: a record that is there is not made again, a
reference that is set is not set again. So two services that tell each other of each other come to rest.
"""

from __future__ import annotations

from geju.mediation.v1 import facts_pb2

from services.chassis.changes import create
from services.chassis.guards import known
from services.chassis.reactions import Reaction
from services.chassis.stream import FactEvent
from services.chassis.work import Work
from services.legalaid.cases.kinds import AID_CASE
from services.legalaid.domain.cases import referral


async def open_case(work: Work, event: FactEvent) -> None:
    """Open the application of a dispute that was handed on to legal aid, once. Raises UnknownOffice, …."""
    facts = facts_pb2.DisputeFacts.FromString(event.facts)
    if not referral.opens(facts):
        return
    await work.lock(f"{AID_CASE.name}|disputes/{event.record_id}")
    if await work.query(AID_CASE, limit=1, origin_dispute=str(event.record_id)):
        return
    await create(work, AID_CASE, referral.case_of(facts, f"disputes/{event.record_id}"))


async def note_dispute(work: Work, event: FactEvent) -> None:
    """Set the dispute that a case became in mediation."""
    facts = facts_pb2.DisputeFacts.FromString(event.facts)
    case = await known(work, f"aidCases/{facts.aid_case}" if facts.aid_case else "")
    if case is None or case.mediation_dispute or not case.HasField("referred_date"):
        return
    case.mediation_dispute = f"disputes/{event.record_id}"
    work.save(AID_CASE, case, "mediation_opened")


REACTIONS = (
    Reaction("dispute", frozenset({"referred"}), open_case, service="mediation"),
    Reaction("dispute", frozenset({"taken_from_aid"}), note_dispute, service="mediation"),
)
