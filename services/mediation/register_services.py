"""Registers, rounds and warnings over gRPC; what every kind has comes with @records."""

from __future__ import annotations

import math
from typing import Any

from geju.mediation.v1 import (
    breach_service_pb2_grpc,
    building_service_pb2_grpc,
    centre_service_pb2_grpc,
    committee_service_pb2_grpc,
    mediator_service_pb2,
    mediator_service_pb2_grpc,
    premises_service_pb2_grpc,
    rate_scheme_service_pb2_grpc,
    reception_day_service_pb2_grpc,
    screening_service_pb2_grpc,
    warning_pb2,
    warning_service_pb2,
    warning_service_pb2_grpc,
)

from services.chassis.changes import create
from services.chassis.context import current
from services.chassis.crud import records
from services.chassis.domain.dates import from_date
from services.chassis.domain.steps import day
from services.chassis.importing import taking_over
from services.chassis.masks import without_service_fields
from services.chassis.reads import scope
from services.chassis.storage.store import Store
from services.chassis.work import Work, mutation
from services.mediation.domain import breach, warning
from services.mediation.registers import (
    BREACH,
    BUILDING,
    CENTRE,
    COMMITTEE,
    MEDIATOR,
    PREMISES,
    RATE_SCHEME,
    RECEPTION_DAY,
    SCREENING,
    WARNING,
)
from services.mediation.warning_intake import Proposal, proposals


@records(COMMITTEE)
class CommitteeServicer(committee_service_pb2_grpc.CommitteeServiceServicer):
    """Keeps the committees."""


@records(CENTRE)
class CentreServicer(centre_service_pb2_grpc.CentreServiceServicer):
    """Keeps the centres."""


@records(BUILDING)
class BuildingServicer(building_service_pb2_grpc.BuildingServiceServicer):
    """Keeps the buildings."""


@records(PREMISES)
class PremisesServicer(premises_service_pb2_grpc.PremisesServiceServicer):
    """Keeps the premises of the offices."""


@records(RATE_SCHEME)
class RateSchemeServicer(rate_scheme_service_pb2_grpc.RateSchemeServiceServicer):
    """Keeps the piece-rate schemes of the offices."""


@records(SCREENING)
class ScreeningServicer(screening_service_pb2_grpc.ScreeningServiceServicer):
    """Keeps the screening rounds."""


@records(RECEPTION_DAY)
class ReceptionDayServicer(reception_day_service_pb2_grpc.ReceptionDayServiceServicer):
    """Keeps the reception days."""


@records(MEDIATOR)
class MediatorServicer(mediator_service_pb2_grpc.MediatorServiceServicer):
    """Keeps the mediators."""

    @mutation
    async def RecordBreach(
        self, work: Work, request: mediator_service_pb2.RecordBreachRequest
    ) -> mediator_service_pb2.RecordBreachResponse:
        """Record a breach of conduct; with dismissal the appointment ends."""
        mediator = await work.load(MEDIATOR, request.name, request.etag)
        made = await create(work, BREACH, breach.of(mediator, without_service_fields(request.breach)))
        mediator = await work.load(MEDIATOR, request.name)  # as the breach has left it
        return mediator_service_pb2.RecordBreachResponse(mediator=mediator, breach=made)

    ImportMediators = taking_over(MEDIATOR, "committee", COMMITTEE)


@records(BREACH)
class BreachServicer(breach_service_pb2_grpc.BreachServiceServicer):
    """Keeps the breaches of conduct."""

    ImportBreaches = taking_over(BREACH, "mediator", MEDIATOR)


@records(WARNING)
class WarningServicer(warning_service_pb2_grpc.WarningServiceServicer):
    """Keeps the early warnings and proposes them."""

    store: Store

    @mutation
    async def SettleWarning(self, work: Work, request: warning_service_pb2.SettleWarningRequest) -> warning_pb2.Warning:
        """Record that an open warning was settled."""
        record = await work.load(WARNING, request.name, request.etag)
        on = day(work.rules, "settled_date", request.settled_date, record.raised_date)
        warning.settle(record, on, request.settlement)
        return work.save(WARNING, record, "settled", on)

    @mutation
    async def CloseWarning(self, work: Work, request: warning_service_pb2.CloseWarningRequest) -> warning_pb2.Warning:
        """Close an open warning that was not settled."""
        record = await work.load(WARNING, request.name, request.etag)
        on = day(work.rules, "closed_date", request.closed_date, record.raised_date)
        warning.close(record, on)
        return work.save(WARNING, record, "closed", on)

    @mutation
    async def ReportWarningFeedback(
        self, work: Work, request: warning_service_pb2.ReportWarningFeedbackRequest
    ) -> warning_pb2.Warning:
        """Record the answer to whoever raised a warning."""
        record = await work.load(WARNING, request.name, request.etag)
        on = day(work.rules, "feedback_date", request.feedback_date, record.raised_date)
        warning.report_feedback(record, on, request.feedback)
        return work.save(WARNING, record, "answered", on)

    async def ProposeWarnings(
        self, request: warning_service_pb2.ProposeWarningsRequest, context: Any = None
    ) -> warning_service_pb2.ProposeWarningsResponse:
        """Propose warnings from the intake; nothing is written."""
        del context
        rules = self.store.rules()
        if request.office:
            rules.profile.office(request.office)
        as_of = day(rules, "as_of_date", request.as_of_date)
        async with self.store.lend(scope(current())) as loan:
            found = await proposals(loan.connection, request.office, as_of)
        return warning_service_pb2.ProposeWarningsResponse(proposals=map(_proposed, found))


def _proposed(proposal: Proposal) -> warning_service_pb2.WarningProposal:
    rise = proposal.rise
    return warning_service_pb2.WarningProposal(
        office=proposal.office,
        type=proposal.type,  # type: ignore[arg-type]  # an enum value as stored
        level=rise.level,
        observed=rise.observed,
        expected_milli=round(rise.expected * 1000),
        # Rounded up: a rise that chance could explain is not published as impossible.
        probability_ppm=math.ceil(rise.probability * 1_000_000),
        from_date=from_date(proposal.window.first),
        to_date=from_date(proposal.window.last),
    )
