"""Outreach to villages and state over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from geju.legalservices.v1 import (
    advice_group_service_pb2_grpc,
    advised_matter_service_pb2_grpc,
    card_handout_service_pb2_grpc,
    counsel_contract_service_pb2_grpc,
    counsel_service_service_pb2_grpc,
    key_project_service_pb2_grpc,
    leader_visit_service_pb2_grpc,
    liaison_meeting_service_pb2_grpc,
    liaison_rule_service_pb2_grpc,
    pairing_service_pb2_grpc,
    service_event_service_pb2_grpc,
    suggestion_service_pb2_grpc,
    symposium_service_pb2_grpc,
)

from services.chassis.crud import records
from services.legalservices import imports
from services.legalservices.outreach.kinds import (
    ADVICE_GROUP,
    ADVISED_MATTER,
    CARD_HANDOUT,
    COUNSEL_CONTRACT,
    COUNSEL_SERVICE,
    KEY_PROJECT,
    LEADER_VISIT,
    LIAISON_MEETING,
    LIAISON_RULE,
    PAIRING,
    SERVICE_EVENT,
    SUGGESTION,
    SYMPOSIUM,
)


@records(COUNSEL_CONTRACT)
class CounselContractServicer(counsel_contract_service_pb2_grpc.CounselContractServiceServicer):
    """Keeps the counsel contracts."""

    ImportCounselContracts = imports.taking_over(COUNSEL_CONTRACT, *imports.firm(), *imports.practitioner())


@records(COUNSEL_SERVICE)
class CounselServiceServicer(counsel_service_service_pb2_grpc.CounselServiceServiceServicer):
    """Keeps the services of village counsels."""

    ImportCounselServices = imports.taking_over(COUNSEL_SERVICE, *imports.record("contract", COUNSEL_CONTRACT))


@records(PAIRING)
class PairingServicer(pairing_service_pb2_grpc.PairingServiceServicer):
    """Keeps the pairings."""

    ImportPairings = imports.taking_over(
        PAIRING, *imports.firm(), *imports.firm("grassroots_firm"), *imports.record("project", KEY_PROJECT)
    )


@records(KEY_PROJECT)
class KeyProjectServicer(key_project_service_pb2_grpc.KeyProjectServiceServicer):
    """Keeps the key projects."""


@records(ADVICE_GROUP)
class AdviceGroupServicer(advice_group_service_pb2_grpc.AdviceGroupServiceServicer):
    """Keeps the advice groups."""

    ImportAdviceGroups = imports.taking_over(ADVICE_GROUP, *imports.practitioner("members.practitioner"))


@records(ADVISED_MATTER)
class AdvisedMatterServicer(advised_matter_service_pb2_grpc.AdvisedMatterServiceServicer):
    """Keeps the matters advised on."""

    ImportAdvisedMatters = imports.taking_over(
        ADVISED_MATTER, *imports.record("group", ADVICE_GROUP), *imports.practitioner("practitioners")
    )


@records(LEADER_VISIT)
class LeaderVisitServicer(leader_visit_service_pb2_grpc.LeaderVisitServiceServicer):
    """Keeps the visits of leaders."""

    ImportLeaderVisits = imports.taking_over(LEADER_VISIT, *imports.practitioner("practitioners"))


@records(SERVICE_EVENT)
class ServiceEventServicer(service_event_service_pb2_grpc.ServiceEventServiceServicer):
    """Keeps the service events."""

    ImportServiceEvents = imports.taking_over(SERVICE_EVENT, *imports.practitioner("practitioners"))


@records(CARD_HANDOUT)
class CardHandoutServicer(card_handout_service_pb2_grpc.CardHandoutServiceServicer):
    """Keeps the handouts of contact cards."""


@records(SYMPOSIUM)
class SymposiumServicer(symposium_service_pb2_grpc.SymposiumServiceServicer):
    """Keeps the symposia."""


@records(SUGGESTION)
class SuggestionServicer(suggestion_service_pb2_grpc.SuggestionServiceServicer):
    """Keeps the suggestions."""

    ImportSuggestions = imports.taking_over(
        SUGGESTION, *imports.practitioner(), *imports.record("symposium", SYMPOSIUM)
    )


@records(LIAISON_MEETING)
class LiaisonMeetingServicer(liaison_meeting_service_pb2_grpc.LiaisonMeetingServiceServicer):
    """Keeps the meetings of the liaison group."""


@records(LIAISON_RULE)
class LiaisonRuleServicer(liaison_rule_service_pb2_grpc.LiaisonRuleServiceServicer):
    """Keeps the rules of the liaison group."""


SERVICERS = (
    CounselContractServicer,
    CounselServiceServicer,
    PairingServicer,
    KeyProjectServicer,
    AdviceGroupServicer,
    AdvisedMatterServicer,
    LeaderVisitServicer,
    ServiceEventServicer,
    CardHandoutServicer,
    SymposiumServicer,
    SuggestionServicer,
    LiaisonMeetingServicer,
    LiaisonRuleServicer,
)
