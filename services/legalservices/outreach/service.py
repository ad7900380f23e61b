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


@records(COUNSEL_SERVICE)
class CounselServiceServicer(counsel_service_service_pb2_grpc.CounselServiceServiceServicer):
    """Keeps the services of village counsels."""


@records(PAIRING)
class PairingServicer(pairing_service_pb2_grpc.PairingServiceServicer):
    """Keeps the pairings."""


@records(KEY_PROJECT)
class KeyProjectServicer(key_project_service_pb2_grpc.KeyProjectServiceServicer):
    """Keeps the key projects."""


@records(ADVICE_GROUP)
class AdviceGroupServicer(advice_group_service_pb2_grpc.AdviceGroupServiceServicer):
    """Keeps the advice groups."""


@records(ADVISED_MATTER)
class AdvisedMatterServicer(advised_matter_service_pb2_grpc.AdvisedMatterServiceServicer):
    """Keeps the matters advised on."""


@records(LEADER_VISIT)
class LeaderVisitServicer(leader_visit_service_pb2_grpc.LeaderVisitServiceServicer):
    """Keeps the visits of leaders."""


@records(SERVICE_EVENT)
class ServiceEventServicer(service_event_service_pb2_grpc.ServiceEventServiceServicer):
    """Keeps the service events."""


@records(CARD_HANDOUT)
class CardHandoutServicer(card_handout_service_pb2_grpc.CardHandoutServiceServicer):
    """Keeps the handouts of contact cards."""


@records(SYMPOSIUM)
class SymposiumServicer(symposium_service_pb2_grpc.SymposiumServiceServicer):
    """Keeps the symposia."""


@records(SUGGESTION)
class SuggestionServicer(suggestion_service_pb2_grpc.SuggestionServiceServicer):
    """Keeps the suggestions."""


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
