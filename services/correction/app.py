"""The correction service: kinds, servicers and reactions of both sides, wired."""

from __future__ import annotations

from services.chassis.domain_service import domain_app
from services.chassis.server import App
from services.correction.out_of_contact import export_contacts
from services.correction.resettlement import kinds as resettlement_kinds
from services.correction.resettlement import reaction as resettlement_reaction
from services.correction.resettlement import service as resettlement_service
from services.correction.supervision import kinds as supervision_kinds
from services.correction.supervision import reaction as supervision_reaction
from services.correction.supervision import service as supervision_service

KINDS = (*supervision_kinds.KINDS, *resettlement_kinds.KINDS)
SERVICERS = (*supervision_service.SERVICERS, *resettlement_service.SERVICERS)
REACTIONS = (*supervision_reaction.REACTIONS, *resettlement_reaction.REACTIONS)


def app() -> App:
    """Return the service."""
    return domain_app("correction", KINDS, SERVICERS, REACTIONS, beside=(export_contacts,))
