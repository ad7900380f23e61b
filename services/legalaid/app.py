"""The legalaid service: kinds, servicers and reactions, wired."""

from __future__ import annotations

from services.chassis.domain_service import domain_app
from services.chassis.server import App
from services.legalaid.cases import kinds as cases_kinds
from services.legalaid.cases import reaction as cases_reaction
from services.legalaid.cases import service as cases_service
from services.legalaid.stations import kinds as stations_kinds
from services.legalaid.stations import service as stations_service

KINDS = (*cases_kinds.KINDS, *stations_kinds.KINDS)
SERVICERS = (*cases_service.SERVICERS, *stations_service.SERVICERS)
REACTIONS = cases_reaction.REACTIONS
#: What other services react to.
TOLD = (("aid_case", "ended"), ("aid_case", "opened"), ("aid_case", "referred"))


def app() -> App:
    """Return the service."""
    return domain_app("legalaid", KINDS, SERVICERS, REACTIONS, told=TOLD)
