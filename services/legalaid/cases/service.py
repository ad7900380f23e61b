"""Applications and cases over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from geju.legalaid.v1 import aid_case_service_pb2_grpc

from services.chassis.crud import records
from services.legalaid.cases.kinds import AID_CASE


@records(AID_CASE)
class AidCaseServicer(aid_case_service_pb2_grpc.AidCaseServiceServicer):
    """Keeps the aid case records."""


SERVICERS = (AidCaseServicer,)
