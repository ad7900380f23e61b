"""The correction service: kinds and servicers of both sides, wired."""

from __future__ import annotations

from services.chassis.domain_service import domain_app
from services.chassis.server import App
from services.correction.supervision import kinds as supervision_kinds
from services.correction.supervision import service as supervision_service

# Resettlement joins here: its KINDS and SERVICERS, and its reaction to the end of correction.
KINDS = (*supervision_kinds.KINDS,)
SERVICERS = (*supervision_service.SERVICERS,)


def app() -> App:
    """Return the service."""
    return domain_app("correction", KINDS, SERVICERS)
