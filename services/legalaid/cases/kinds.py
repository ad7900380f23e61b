"""The kinds of applications and cases."""

from __future__ import annotations

from geju.legalaid.v1 import aid_case_pb2, facts_pb2

from services.chassis.kinds import Kind
from services.legalaid.cases import facts, storage

AID_CASE = Kind(
    name="aid_case",
    collection="aidCases",
    message=aid_case_pb2.AidCase,
    facts=facts_pb2.AidCaseFacts,
    row=storage.AidCaseRow,
    to_facts=facts.aid_case,
)

KINDS = (AID_CASE,)
