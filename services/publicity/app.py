"""The publicity service: kinds and servicers, wired."""

from __future__ import annotations

from services.chassis.domain_service import domain_app
from services.chassis.server import App
from services.publicity.activities import kinds as activities_kinds
from services.publicity.activities import service as activities_service
from services.publicity.places import kinds as places_kinds
from services.publicity.places import service as places_service

KINDS = (*activities_kinds.KINDS, *places_kinds.KINDS)
SERVICERS = (*activities_service.SERVICERS, *places_service.SERVICERS)


def app() -> App:
    """Return the service."""
    return domain_app("publicity", KINDS, SERVICERS)
