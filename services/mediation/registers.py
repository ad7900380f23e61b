"""The kinds of the registers, rounds and statements."""

from __future__ import annotations

from geju.mediation.v1 import (
    breach_pb2,
    building_pb2,
    centre_pb2,
    committee_pb2,
    facts_pb2,
    mediator_pb2,
    piece_rate_statement_pb2,
    premises_pb2,
    rate_scheme_pb2,
    reception_day_pb2,
    screening_pb2,
    warning_pb2,
)

from services.chassis.domain.dates import to_date
from services.chassis.kinds import Kind
from services.mediation import piece_rates, register_facts, storage
from services.mediation import register_guards as guards
from services.mediation.domain import (
    breach,
    building,
    centre,
    committee,
    mediator,
    piece_rate,
    premises,
    rate_scheme,
    reception_day,
    screening,
    warning,
)
from services.mediation.rounds_owed import rounds_owed

COMMITTEE = Kind(
    name="committee",
    collection="committees",
    message=committee_pb2.Committee,
    facts=facts_pb2.CommitteeFacts,
    row=storage.CommitteeRow,
    to_facts=register_facts.committee,
    check=committee.check,
)

CENTRE = Kind(
    name="centre",
    collection="centres",
    message=centre_pb2.Centre,
    facts=facts_pb2.CentreFacts,
    row=storage.CentreRow,
    to_facts=register_facts.centre,
    check=centre.check,
)

BUILDING = Kind(
    name="building",
    collection="buildings",
    message=building_pb2.Building,
    facts=facts_pb2.BuildingFacts,
    row=storage.BuildingRow,
    to_facts=register_facts.building,
    check=building.check,
)

MEDIATOR = Kind(
    name="mediator",
    collection="mediators",
    message=mediator_pb2.Mediator,
    facts=facts_pb2.MediatorFacts,
    row=storage.MediatorRow,
    to_facts=register_facts.mediator,
    check=mediator.check,
    create_change="appointed",
    guard=guards.guard_mediator,
)

BREACH = Kind(
    name="breach",
    collection="breaches",
    message=breach_pb2.Breach,
    facts=facts_pb2.BreachFacts,
    row=storage.BreachRow,
    to_facts=register_facts.breach,
    check=breach.check,
    guard=guards.guard_breach,
    occurred=lambda record: to_date(record.found_date),
)

SCREENING = Kind(
    name="screening",
    collection="screenings",
    message=screening_pb2.Screening,
    facts=facts_pb2.ScreeningFacts,
    row=storage.ScreeningRow,
    to_facts=register_facts.screening,
    check=screening.check,
    create_change="reported",
    guard=guards.guard_screening,
    occurred=lambda record: to_date(record.reported_date),
    owed=rounds_owed,
)

WARNING = Kind(
    name="warning",
    collection="warnings",
    message=warning_pb2.Warning,
    facts=facts_pb2.WarningFacts,
    row=storage.WarningRow,
    to_facts=register_facts.warning,
    check=warning.check,
    create_change="raised",
    closed=warning.is_closed,
    guard=guards.guard_warning,
    occurred=lambda record: to_date(record.raised_date),
)

RECEPTION_DAY = Kind(
    name="reception_day",
    collection="receptionDays",
    message=reception_day_pb2.ReceptionDay,
    facts=facts_pb2.ReceptionDayFacts,
    row=storage.ReceptionDayRow,
    to_facts=register_facts.reception_day,
    check=reception_day.check,
    create_change="held",
    guard=guards.guard_reception_day,
    occurred=lambda record: to_date(record.held_date),
)

PIECE_RATE_STATEMENT = Kind(
    name="piece_rate_statement",
    collection="pieceRateStatements",
    message=piece_rate_statement_pb2.PieceRateStatement,
    facts=facts_pb2.PieceRateStatementFacts,
    row=storage.PieceRateStatementRow,
    to_facts=register_facts.piece_rate_statement,
    check=piece_rate.check,
    create_change="drafted",
    closed=piece_rate.is_fixed,
    guard=piece_rates.guard_statement,
)

RATE_SCHEME = Kind(
    name="rate_scheme",
    collection="rateSchemes",
    message=rate_scheme_pb2.RateScheme,
    facts=facts_pb2.RateSchemeFacts,
    row=storage.RateSchemeRow,
    to_facts=register_facts.rate_scheme,
    check=rate_scheme.check,
    guard=guards.guard_rate_scheme,
)

PREMISES = Kind(
    name="premises",
    collection="premises",
    message=premises_pb2.Premises,
    facts=facts_pb2.PremisesFacts,
    row=storage.PremisesRow,
    to_facts=register_facts.premises,
    check=premises.check,
    guard=guards.guard_premises,
)

REGISTERS = (
    COMMITTEE,
    CENTRE,
    BUILDING,
    MEDIATOR,
    BREACH,
    SCREENING,
    WARNING,
    RECEPTION_DAY,
    PIECE_RATE_STATEMENT,
    RATE_SCHEME,
    PREMISES,
)
