"""The kind of legal-aid applications and the cases they become."""

from __future__ import annotations

from geju.legalaid.v1 import aid_case_pb2, facts_pb2

from services.chassis.kinds import Dues, Kind
from services.legalaid.cases import facts, guards, storage
from services.legalaid.domain.cases import clocks, consistency, lifecycle

AID_CASE = Kind(
    name="aid_case",
    collection="aidCases",
    message=aid_case_pb2.AidCase,
    facts=facts_pb2.AidCaseFacts,
    row=storage.AidCaseRow,
    to_facts=facts.aid_case,
    check=consistency.check,
    create_change="received",
    closed=lifecycle.is_over,
    guard=guards.guard_case,
    occurred=lifecycle.happened,
    transition=lifecycle.transition,
    dues=Dues(clocks.dues, clocks.DUE_LABELS),
)

KINDS = (AID_CASE,)
