"""The mediation service: its kinds, servicers and reactions, wired."""

from __future__ import annotations

from services.chassis.domain_service import domain_app
from services.chassis.server import App
from services.mediation import register_services as registers
from services.mediation.kinds import DISPUTE, SESSION
from services.mediation.piece_rate_service import PieceRateStatementServicer
from services.mediation.reaction import REACTIONS
from services.mediation.registers import REGISTERS
from services.mediation.service import DisputeServicer, SessionServicer
from services.mediation.warning_gauge import export_proposals

SERVICERS = (
    DisputeServicer,
    SessionServicer,
    registers.CommitteeServicer,
    registers.CentreServicer,
    registers.BuildingServicer,
    registers.MediatorServicer,
    registers.BreachServicer,
    registers.ScreeningServicer,
    registers.WarningServicer,
    registers.ReceptionDayServicer,
    PieceRateStatementServicer,
    registers.RateSchemeServicer,
    registers.PremisesServicer,
)
#: What other services react to.
TOLD = (("dispute", "referred"), ("dispute", "taken_from_aid"))


def app() -> App:
    """Return the service."""
    kinds = (DISPUTE, SESSION, *REGISTERS)
    return domain_app("mediation", kinds, SERVICERS, REACTIONS, beside=(export_proposals,), told=TOLD)
