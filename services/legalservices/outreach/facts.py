"""Records of outreach to villages and state -> their facts: what the figures are counted from, nothing personal."""

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

from services.chassis.domain.references import uuid_of
from services.chassis.facts import copied


def counsel_contract(record: counsel_contract_pb2.CounselContract) -> facts_pb2.CounselContractFacts:
    """Return the facts of a counsel contract of a village."""
    facts = facts_pb2.CounselContractFacts(firm=uuid_of(record.firm), practitioner=uuid_of(record.practitioner))
    return copied(record, facts, "from_date", "to_date")


def counsel_service(record: counsel_service_pb2.CounselService) -> facts_pb2.CounselServiceFacts:
    """Return the facts of a service that a village counsel gave."""
    facts = facts_pb2.CounselServiceFacts(contract=uuid_of(record.contract))
    return copied(record, facts, "kind", "given_date", "people")


def pairing(record: pairing_pb2.Pairing) -> facts_pb2.PairingFacts:
    """Return the facts of a pairing of a firm."""
    facts = facts_pb2.PairingFacts(
        firm=uuid_of(record.firm), grassroots_firm=uuid_of(record.grassroots_firm), project=uuid_of(record.project)
    )
    return copied(record, facts, "partner", "from_date", "to_date")


def key_project(record: key_project_pb2.KeyProject) -> facts_pb2.KeyProjectFacts:
    """Return the facts of a key project of the district."""
    return copied(record, facts_pb2.KeyProjectFacts(), "from_date", "to_date")


def advice_group(record: advice_group_pb2.AdviceGroup) -> facts_pb2.AdviceGroupFacts:
    """Return the facts of a group of lawyers that advises the government or petitioners."""
    return copied(record, facts_pb2.AdviceGroupFacts(), "kind", "from_date", "to_date")


def advised_matter(record: advised_matter_pb2.AdvisedMatter) -> facts_pb2.AdvisedMatterFacts:
    """Return the facts of a matter that an advice group advised on."""
    facts = facts_pb2.AdvisedMatterFacts(group=uuid_of(record.group), lawyers=len(record.practitioners))
    return copied(record, facts, "kind", "advised_date")


def leader_visit(record: leader_visit_pb2.LeaderVisit) -> facts_pb2.LeaderVisitFacts:
    """Return the facts of a leader's reception visit."""
    facts = facts_pb2.LeaderVisitFacts(lawyers=len(record.practitioners))
    return copied(record, facts, "rank", "held_date", "visitors")


def service_event(record: service_event_pb2.ServiceEvent) -> facts_pb2.ServiceEventFacts:
    """Return the facts of a service event."""
    facts = facts_pb2.ServiceEventFacts(practitioners=len(record.practitioners))
    return copied(record, facts, "kind", "held_date", "people_served")


def card_handout(record: card_handout_pb2.CardHandout) -> facts_pb2.CardHandoutFacts:
    """Return the facts of contact cards handed out."""
    return copied(record, facts_pb2.CardHandoutFacts(), "kind", "group", "handed_out_date", "copies")


def symposium(record: symposium_pb2.Symposium) -> facts_pb2.SymposiumFacts:
    """Return the facts of a symposium with deputies and members."""
    return copied(record, facts_pb2.SymposiumFacts(), "held_date", "deputies", "members")


def suggestion(record: suggestion_pb2.Suggestion) -> facts_pb2.SuggestionFacts:
    """Return the facts of a proposal or suggestion that a lawyer handed in as deputy or member."""
    facts = facts_pb2.SuggestionFacts(practitioner=uuid_of(record.practitioner), symposium=uuid_of(record.symposium))
    return copied(record, facts, "kind", "handed_in_date")


def liaison_meeting(record: liaison_meeting_pb2.LiaisonMeeting) -> facts_pb2.LiaisonMeetingFacts:
    """Return the facts of a meeting of the liaison group of the lawyers' association."""
    return copied(record, facts_pb2.LiaisonMeetingFacts(), "held_date", "attendance")


def liaison_rule(record: liaison_rule_pb2.LiaisonRule) -> facts_pb2.LiaisonRuleFacts:
    """Return the facts of a rule of the liaison group."""
    return copied(record, facts_pb2.LiaisonRuleFacts(), "from_date", "to_date")
