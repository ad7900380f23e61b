"""What the service does after facts of legal aid: a case ended for its handler's fault proposes a complaint, once."""

from __future__ import annotations

from geju.legalaid.v1 import facts_pb2

from services.chassis.changes import create
from services.chassis.domain.dates import to_date
from services.chassis.reactions import Reaction
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.stream import FactEvent
from services.chassis.work import Work
from services.legalservices.complaints.kinds import COMPLAINT_PROPOSAL
from services.legalservices.domain.complaints import proposal
from services.legalservices.lookups import referred

#: Deleted ones, too: what somebody has thrown away does not come again.
_PROPOSED = "SELECT EXISTS (SELECT FROM complaint_proposal WHERE legal_aid_case = $1)"


async def propose(work: Work, event: FactEvent) -> None:
    """Propose to look into a handler's conduct when a case was ended for the handler's fault.

    Whatever becomes of the case later, there is one proposal of it at most. Raises UnknownReference for a handler who
    is in no register.
    """
    facts = facts_pb2.AidCaseFacts.FromString(event.facts)
    if facts.deleted or not facts.fault_practitioner:
        return
    case = str(event.record_id)
    await work.lock(f"{COMPLAINT_PROPOSAL.name}|{case}")
    async with work.seeing(EVERYTHING) as connection:
        if await connection.fetchval(_PROPOSED, case):
            return
    practitioner = await referred(work, "practitioner", f"practitioners/{facts.fault_practitioner}")
    on = to_date(facts.ended_date) or to_date(facts.occurred)
    await create(work, COMPLAINT_PROPOSAL, proposal.of_aid_case(f"{event.collection}/{case}", practitioner, on))


REACTIONS = (Reaction("aid_case", frozenset({"ended"}), propose, service="legalaid"),)
