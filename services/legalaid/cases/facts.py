"""Records of applications and cases -> their facts: what the figures are counted from, nothing personal."""

from __future__ import annotations

from geju.legalaid.v1 import aid_case_pb2, facts_pb2

from services.chassis.domain.references import uuid_of
from services.chassis.facts import copied
from services.legalaid.domain.cases import clocks, handling

_AS_THEY_ARE = (
    "received_date",
    "path",
    "groups",
    "kind",
    "matter",
    "green_channel",
    "hardship",
    "gravest_penalty",
    "limitation_date",
    "provide_first",
    "provided_date",
    "decided_date",
    "granted_date",
    "withdrawn_date",
    "refusal_ground",
    "objected_date",
    "objection_decided_date",
    "objection_outcome",
    "answered_date",
    "transferred_date",
    "assigned_date",
    "first_assigned_date",
    "begun_date",
    "referred_date",
    "closed_date",
    "result",
    "recovered_fen",
    "settled_before_litigation",
    "ended_date",
    "end_ground",
    "handler_fault",
    "file_returned_date",
    "rated_date",
    "grade",
    "subsidy_fen",
    "subsidy_date",
    "state",
)


def aid_case(record: aid_case_pb2.AidCase) -> facts_pb2.AidCaseFacts:
    """Return the facts of a legal-aid application and the case it becomes."""
    former = handling.former_terms(record)
    facts = facts_pb2.AidCaseFacts(
        origin_dispute=uuid_of(record.origin_dispute),
        practitioner=uuid_of(record.practitioner),
        former_practitioner=[uuid_of(term.practitioner) for term in former],
        former_from_date=[term.since for term in former],
        former_until_date=[term.until for term in former],
        fault_practitioner=uuid_of(handling.at_fault(record)),
        mediation_dispute=uuid_of(record.mediation_dispute),
        review_due=clocks.review_due(record),
        assign_due=clocks.assign_due(record),
        file_due=clocks.file_due(record),
        review_days=clocks.review_days(record),
        eligible=record.HasField("granted_date"),
        through_green_channel=bool(record.green_channel),
    )
    return copied(record, facts, *_AS_THEY_ARE)
