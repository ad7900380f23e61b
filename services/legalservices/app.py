"""The legalservices service: kinds and servicers, wired."""

from __future__ import annotations

from services.chassis.domain_service import domain_app
from services.chassis.server import App
from services.legalservices.complaints import kinds as complaints_kinds
from services.legalservices.complaints import service as complaints_service
from services.legalservices.complaints.status import ComplaintStatusServicer
from services.legalservices.outreach import kinds as outreach_kinds
from services.legalservices.outreach import service as outreach_service
from services.legalservices.registers import kinds as registers_kinds
from services.legalservices.registers import service as registers_service

KINDS = (*complaints_kinds.KINDS, *registers_kinds.KINDS, *outreach_kinds.KINDS)
SERVICERS = (
    *complaints_service.SERVICERS,
    ComplaintStatusServicer,
    *registers_service.SERVICERS,
    *outreach_service.SERVICERS,
)


def app() -> App:
    """Return the service."""
    return domain_app("legalservices", KINDS, SERVICERS)
