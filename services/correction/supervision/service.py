"""Persons under correction over gRPC; what every kind has comes with @records."""

from __future__ import annotations

from geju.correction.v1 import (
    absconding_service_pb2_grpc,
    duty_service_pb2_grpc,
    help_act_service_pb2_grpc,
    leave_service_pb2_grpc,
    measure_service_pb2_grpc,
    new_offence_service_pb2_grpc,
    positioning_service_pb2_grpc,
    supervised_person_service_pb2_grpc,
)

from services.chassis.crud import records
from services.correction.supervision.kinds import (
    ABSCONDING,
    DUTY,
    HELP_ACT,
    LEAVE,
    MEASURE,
    NEW_OFFENCE,
    POSITIONING,
    SUPERVISED_PERSON,
)


@records(SUPERVISED_PERSON)
class SupervisedPersonServicer(supervised_person_service_pb2_grpc.SupervisedPersonServiceServicer):
    """Takes persons through correction."""


@records(DUTY)
class DutyServicer(duty_service_pb2_grpc.DutyServiceServicer):
    """Keeps the duties."""


@records(LEAVE)
class LeaveServicer(leave_service_pb2_grpc.LeaveServiceServicer):
    """Keeps the leaves."""


@records(ABSCONDING)
class AbscondingServicer(absconding_service_pb2_grpc.AbscondingServiceServicer):
    """Keeps the episodes out of supervision."""


@records(NEW_OFFENCE)
class NewOffenceServicer(new_offence_service_pb2_grpc.NewOffenceServiceServicer):
    """Keeps the new offences."""


@records(MEASURE)
class MeasureServicer(measure_service_pb2_grpc.MeasureServiceServicer):
    """Keeps the measures."""


@records(POSITIONING)
class PositioningServicer(positioning_service_pb2_grpc.PositioningServiceServicer):
    """Keeps the periods of electronic positioning."""


@records(HELP_ACT)
class HelpActServicer(help_act_service_pb2_grpc.HelpActServiceServicer):
    """Keeps the acts of help."""


SERVICERS = (
    SupervisedPersonServicer,
    DutyServicer,
    LeaveServicer,
    AbscondingServicer,
    NewOffenceServicer,
    MeasureServicer,
    PositioningServicer,
    HelpActServicer,
)
