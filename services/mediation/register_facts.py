"""Records of the registers and rounds -> their facts: what the figures are counted from, nothing personal."""

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

from services.chassis.domain.references import uuid_of
from services.chassis.facts import copied


def committee(record: committee_pb2.Committee) -> facts_pb2.CommitteeFacts:
    """Return the facts of a committee."""
    return copied(record, facts_pb2.CommitteeFacts(), "kind", "level", "host", "places", "from_date", "to_date")


def centre(record: centre_pb2.Centre) -> facts_pb2.CentreFacts:
    """Return the facts of a centre."""
    return copied(record, facts_pb2.CentreFacts(), "level", "from_date", "to_date")


def building(record: building_pb2.Building) -> facts_pb2.BuildingFacts:
    """Return the facts of a building: that it has a group or officer, not who that is."""
    spans = ("group_from_date", "group_to_date", "officer_from_date", "officer_to_date", "from_date", "to_date")
    return copied(record, facts_pb2.BuildingFacts(), "households", *spans)


def mediator(record: mediator_pb2.Mediator) -> facts_pb2.MediatorFacts:
    """Return the facts of a mediator: the appointment, not the person."""
    facts = facts_pb2.MediatorFacts(committee=uuid_of(record.committee))
    return copied(record, facts, "employment", "background", "training_hours", "ending", "from_date", "to_date")


def breach(record: breach_pb2.Breach) -> facts_pb2.BreachFacts:
    """Return the facts of a breach."""
    facts = facts_pb2.BreachFacts(mediator=uuid_of(record.mediator))
    return copied(record, facts, "kind", "found_date", "measure")


def screening(record: screening_pb2.Screening) -> facts_pb2.ScreeningFacts:
    """Return the facts of a screening round, with the day its report was due."""
    names = ("month_date", "reported_date", "key_period", "disputes_found", "unstable_factors")
    facts = copied(record, facts_pb2.ScreeningFacts(), *names)
    for limit in record.limits:
        facts.report_due.CopyFrom(limit.due)
    return facts


def warning(record: warning_pb2.Warning) -> facts_pb2.WarningFacts:
    """Return the facts of a warning, with the day by which it was to be settled."""
    dates = ("raised_date", "feedback_date", "settled_date", "closed_date")
    facts = copied(record, facts_pb2.WarningFacts(), "level", "type", "source", "people", "state", *dates)
    for limit in record.limits:
        facts.settle_due.CopyFrom(limit.due)
    return facts


def reception_day(record: reception_day_pb2.ReceptionDay) -> facts_pb2.ReceptionDayFacts:
    """Return the facts of a reception day: how many lawyers came, not who."""
    facts = facts_pb2.ReceptionDayFacts(lawyers_present=len(record.lawyers))
    return copied(record, facts, "kind", "held_date", "visitors", "disputes_taken_in")


def piece_rate_statement(record: piece_rate_statement_pb2.PieceRateStatement) -> facts_pb2.PieceRateStatementFacts:
    """Return the facts of a piece-rate statement."""
    disputes = sum(not line.supplement for line in record.lines)  # a supplement is of a dispute that was paid before
    facts = facts_pb2.PieceRateStatementFacts(mediator=uuid_of(record.mediator), disputes=disputes)
    return copied(record, facts, "month_date", "state", "amount_fen", "approved_date", "paid_date")


def rate_scheme(record: rate_scheme_pb2.RateScheme) -> facts_pb2.RateSchemeFacts:
    """Return the facts of a piece-rate scheme."""
    return copied(record, facts_pb2.RateSchemeFacts(), "from_date", "to_date")


def premises(record: premises_pb2.Premises) -> facts_pb2.PremisesFacts:
    """Return the facts of an office's premises."""
    return copied(record, facts_pb2.PremisesFacts(), "reached_date", "to_date", "area")
