"""Registers of resettlement over gRPC that have no steps of their own."""

from __future__ import annotations

from geju.correction.v1 import (
    correction_officer_service_pb2_grpc,
    correction_volunteer_service_pb2_grpc,
    emergency_plan_service_pb2_grpc,
    member_unit_meeting_service_pb2_grpc,
    resettlement_base_service_pb2_grpc,
)

from services.chassis.crud import records
from services.correction.resettlement.kinds import (
    CORRECTION_OFFICER,
    CORRECTION_VOLUNTEER,
    EMERGENCY_PLAN,
    MEMBER_UNIT_MEETING,
    RESETTLEMENT_BASE,
)


@records(RESETTLEMENT_BASE)
class ResettlementBaseServicer(resettlement_base_service_pb2_grpc.ResettlementBaseServiceServicer):
    """Keeps the bases."""


@records(CORRECTION_VOLUNTEER)
class CorrectionVolunteerServicer(correction_volunteer_service_pb2_grpc.CorrectionVolunteerServiceServicer):
    """Keeps the volunteers."""


@records(CORRECTION_OFFICER)
class CorrectionOfficerServicer(correction_officer_service_pb2_grpc.CorrectionOfficerServiceServicer):
    """Keeps the officers."""


@records(MEMBER_UNIT_MEETING)
class MemberUnitMeetingServicer(member_unit_meeting_service_pb2_grpc.MemberUnitMeetingServiceServicer):
    """Keeps the meetings of the member units."""


@records(EMERGENCY_PLAN)
class EmergencyPlanServicer(emergency_plan_service_pb2_grpc.EmergencyPlanServiceServicer):
    """Keeps the emergency plans."""


REGISTERS = (
    ResettlementBaseServicer,
    CorrectionVolunteerServicer,
    CorrectionOfficerServicer,
    MemberUnitMeetingServicer,
    EmergencyPlanServicer,
)
