"""The kinds of outreach to villages and state."""

from __future__ import annotations

from geju.legalservices.v1 import (
    advice_group_pb2,
    advised_matter_pb2,
    card_handout_pb2,
    counsel_contract_pb2,
    counsel_service_pb2,
    facts_pb2,
    key_project_pb2,
    leader_visit_pb2,
    liaison_meeting_pb2,
    liaison_rule_pb2,
    pairing_pb2,
    service_event_pb2,
    suggestion_pb2,
    symposium_pb2,
)

from services.chassis.domain.dates import to_date
from services.chassis.kinds import Kind
from services.legalservices.domain.outreach import activity, advice, counsel, pairing, spans
from services.legalservices.outreach import facts, guards, storage

COUNSEL_CONTRACT = Kind(
    name="counsel_contract",
    collection="counselContracts",
    message=counsel_contract_pb2.CounselContract,
    facts=facts_pb2.CounselContractFacts,
    row=storage.CounselContractRow,
    to_facts=facts.counsel_contract,
    check=counsel.check,
    create_change="signed",
    guard=guards.guard_contract,
    occurred=lambda record: to_date(record.from_date),
)

COUNSEL_SERVICE = Kind(
    name="counsel_service",
    collection="counselServices",
    message=counsel_service_pb2.CounselService,
    facts=facts_pb2.CounselServiceFacts,
    row=storage.CounselServiceRow,
    to_facts=facts.counsel_service,
    check=counsel.check_service,
    create_change="given",
    guard=guards.guard_service,
    occurred=lambda record: to_date(record.given_date),
)

PAIRING = Kind(
    name="pairing",
    collection="pairings",
    message=pairing_pb2.Pairing,
    facts=facts_pb2.PairingFacts,
    row=storage.PairingRow,
    to_facts=facts.pairing,
    check=pairing.check,
    create_change="paired",
    guard=guards.guard_pairing,
    occurred=lambda record: to_date(record.from_date),
)

KEY_PROJECT = Kind(
    name="key_project",
    collection="keyProjects",
    message=key_project_pb2.KeyProject,
    facts=facts_pb2.KeyProjectFacts,
    row=storage.KeyProjectRow,
    to_facts=facts.key_project,
    check=spans.check,
    guard=guards.guard_project,
    occurred=lambda record: to_date(record.from_date),
)

ADVICE_GROUP = Kind(
    name="advice_group",
    collection="adviceGroups",
    message=advice_group_pb2.AdviceGroup,
    facts=facts_pb2.AdviceGroupFacts,
    row=storage.AdviceGroupRow,
    to_facts=facts.advice_group,
    check=advice.check,
    guard=guards.guard_group,
    occurred=lambda record: to_date(record.from_date),
)

ADVISED_MATTER = Kind(
    name="advised_matter",
    collection="advisedMatters",
    message=advised_matter_pb2.AdvisedMatter,
    facts=facts_pb2.AdvisedMatterFacts,
    row=storage.AdvisedMatterRow,
    to_facts=facts.advised_matter,
    check=advice.check_matter,
    create_change="advised",
    guard=guards.guard_matter,
    occurred=lambda record: to_date(record.advised_date),
)

LEADER_VISIT = Kind(
    name="leader_visit",
    collection="leaderVisits",
    message=leader_visit_pb2.LeaderVisit,
    facts=facts_pb2.LeaderVisitFacts,
    row=storage.LeaderVisitRow,
    to_facts=facts.leader_visit,
    check=spans.check_practitioners,
    create_change="held",
    guard=guards.guard_visit,
    occurred=lambda record: to_date(record.held_date),
)

SERVICE_EVENT = Kind(
    name="service_event",
    collection="serviceEvents",
    message=service_event_pb2.ServiceEvent,
    facts=facts_pb2.ServiceEventFacts,
    row=storage.ServiceEventRow,
    to_facts=facts.service_event,
    check=spans.check_practitioners,
    create_change="held",
    guard=guards.guard_event,
    occurred=lambda record: to_date(record.held_date),
)

CARD_HANDOUT = Kind(
    name="card_handout",
    collection="cardHandouts",
    message=card_handout_pb2.CardHandout,
    facts=facts_pb2.CardHandoutFacts,
    row=storage.CardHandoutRow,
    to_facts=facts.card_handout,
    create_change="handed_out",
    occurred=lambda record: to_date(record.handed_out_date),
)

SYMPOSIUM = Kind(
    name="symposium",
    collection="symposia",
    message=symposium_pb2.Symposium,
    facts=facts_pb2.SymposiumFacts,
    row=storage.SymposiumRow,
    to_facts=facts.symposium,
    create_change="held",
    guard=guards.guard_symposium,
    occurred=lambda record: to_date(record.held_date),
)

SUGGESTION = Kind(
    name="suggestion",
    collection="suggestions",
    message=suggestion_pb2.Suggestion,
    facts=facts_pb2.SuggestionFacts,
    row=storage.SuggestionRow,
    to_facts=facts.suggestion,
    check=activity.check_suggestion,
    create_change="handed_in",
    guard=guards.guard_suggestion,
    occurred=lambda record: to_date(record.handed_in_date),
)

LIAISON_MEETING = Kind(
    name="liaison_meeting",
    collection="liaisonMeetings",
    message=liaison_meeting_pb2.LiaisonMeeting,
    facts=facts_pb2.LiaisonMeetingFacts,
    row=storage.LiaisonMeetingRow,
    to_facts=facts.liaison_meeting,
    create_change="held",
    occurred=lambda record: to_date(record.held_date),
)

LIAISON_RULE = Kind(
    name="liaison_rule",
    collection="liaisonRules",
    message=liaison_rule_pb2.LiaisonRule,
    facts=facts_pb2.LiaisonRuleFacts,
    row=storage.LiaisonRuleRow,
    to_facts=facts.liaison_rule,
    check=spans.check,
    occurred=lambda record: to_date(record.from_date),
)

KINDS = (
    COUNSEL_CONTRACT,
    COUNSEL_SERVICE,
    PAIRING,
    KEY_PROJECT,
    ADVICE_GROUP,
    ADVISED_MATTER,
    LEADER_VISIT,
    SERVICE_EVENT,
    CARD_HANDOUT,
    SYMPOSIUM,
    SUGGESTION,
    LIAISON_MEETING,
    LIAISON_RULE,
)
