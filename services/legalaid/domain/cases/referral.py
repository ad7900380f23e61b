"""Referrals between mediation and legal aid: the application that a dispute becomes."""

from __future__ import annotations

from collections.abc import Mapping

from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.mediation.v1 import dispute_pb2, facts_pb2

_MATTERS: Mapping[int, pb.AidMatter.ValueType] = {
    dispute_pb2.DISPUTE_TYPE_UNPAID_WAGES: pb.AID_MATTER_UNPAID_WAGES,
    dispute_pb2.DISPUTE_TYPE_TRAFFIC: pb.AID_MATTER_TRAFFIC,
    dispute_pb2.DISPUTE_TYPE_MEDICAL: pb.AID_MATTER_MEDICAL,
    dispute_pb2.DISPUTE_TYPE_MARRIAGE: pb.AID_MATTER_FAMILY,
    dispute_pb2.DISPUTE_TYPE_FAMILY: pb.AID_MATTER_SUPPORT,
}


def opens(facts: facts_pb2.DisputeFacts) -> bool:
    """Tell whether a dispute that was handed on becomes an application; one that legal aid has already does not."""
    return facts.referred_to_aid and not facts.aid_case and not facts.deleted


def case_of(facts: facts_pb2.DisputeFacts, dispute: str) -> pb.AidCase:
    """Return the application of a dispute that mediation handed on, received on that day.

    Facts say nothing of who somebody is: the name is filled in when the applicant comes, before aid is granted.
    """
    return pb.AidCase(
        office=facts.office,
        place=facts.place,
        path=pb.AID_PATH_APPLICATION,
        kind=pb.AID_KIND_CIVIL,
        matter=_MATTERS.get(facts.type, pb.AID_MATTER_OTHER),
        received_date=facts.closed_date,
        origin_dispute=dispute,
    )
