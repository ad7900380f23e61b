"""Referrals between legal aid and mediation: the dispute that a legal-aid case becomes."""

from __future__ import annotations

from collections.abc import Mapping

from geju.legalaid.v1 import aid_case_pb2, facts_pb2
from geju.mediation.v1 import dispute_pb2 as pb

#: Who sent what legal aid refers.
_UNIT = "法律援助机构"
_TYPES: Mapping[int, pb.DisputeType.ValueType] = {
    aid_case_pb2.AID_MATTER_WORK_INJURY: pb.DISPUTE_TYPE_LABOUR,
    aid_case_pb2.AID_MATTER_UNPAID_WAGES: pb.DISPUTE_TYPE_UNPAID_WAGES,
    aid_case_pb2.AID_MATTER_SUPPORT: pb.DISPUTE_TYPE_FAMILY,
    aid_case_pb2.AID_MATTER_TRAFFIC: pb.DISPUTE_TYPE_TRAFFIC,
    aid_case_pb2.AID_MATTER_MEDICAL: pb.DISPUTE_TYPE_MEDICAL,
    aid_case_pb2.AID_MATTER_FAMILY: pb.DISPUTE_TYPE_MARRIAGE,
}


def opens(facts: facts_pb2.AidCaseFacts) -> bool:
    """Tell whether a case that was referred becomes a dispute; one that mediation had already does not."""
    return facts.HasField("referred_date") and not facts.origin_dispute and not facts.deleted


def dispute_of(facts: facts_pb2.AidCaseFacts, case: str) -> pb.Dispute:
    """Return the dispute of a case that legal aid referred, registered on that day; the clerk adds the parties."""
    return pb.Dispute(
        office=facts.office,
        place=facts.place,
        type=_TYPES.get(facts.matter, pb.DISPUTE_TYPE_OTHER),
        channel=pb.DISPUTE_CHANNEL_LEGAL_AID,
        referrer=pb.Referrer(unit=_UNIT),
        registered_date=facts.referred_date,
        aid_case=case,
    )


def transition(new: pb.Dispute, old: pb.Dispute | None) -> str:
    """Name what legal aid has to know of: that its referral has become a dispute; empty: nothing of the kind."""
    return "taken_from_aid" if old is None and new.aid_case else ""
