"""Records of supervision -> their facts: what the figures are counted from, nothing personal."""

from __future__ import annotations

from geju.correction.v1 import (
    absconding_pb2,
    duty_pb2,
    facts_pb2,
    help_act_pb2,
    leave_pb2,
    measure_pb2,
    new_offence_pb2,
    positioning_pb2,
    supervised_person_pb2,
)

from services.chassis.domain.references import uuid_of
from services.chassis.facts import copied
from services.correction.domain.supervision import absconding as episodes
from services.correction.domain.supervision import clocks, lifecycle
from services.correction.domain.supervision import measure as measures
from services.correction.domain.supervision.clocks import due_of


def supervised_person(record: supervised_person_pb2.SupervisedPerson) -> facts_pb2.SupervisedPersonFacts:
    """Return the facts of a person under correction: the sentence's course, not the person."""
    facts = facts_pb2.SupervisedPersonFacts(
        released_person=uuid_of(record.released_person),
        term_due=record.term_to_date,
        papers_due=due_of(record.limits, clocks.PAPERS),
        report_due=clocks.report_due_of(record),
    )
    codes = ("sealed", "sentence", "offence_class", "state", "level", "unable_to_work", "end_ground")
    handover = ("notified_date", "papers_date", "taken_over_date", "declared_date", "never_reported_date")
    return copied(record, facts, *codes, *handover, "key_from_date", "key_to_date", "transferred_date", "ended_date")


def duty(record: duty_pb2.Duty) -> facts_pb2.DutyFacts:
    """Return the facts of a duty."""
    facts = facts_pb2.DutyFacts(person=uuid_of(record.person), met_due=record.due_date)
    names = ("sealed", "kind", "month_date", "met_date", "required_hours", "hours", "grade", "stricter", "excuse")
    return copied(record, facts, *names)


def leave(record: leave_pb2.Leave) -> facts_pb2.LeaveFacts:
    """Return the facts of a leave: the days, not where to and why."""
    span = {"leave_due": record.from_date, "back_due": record.to_date}
    facts = facts_pb2.LeaveFacts(person=uuid_of(record.person), **span)
    return copied(record, facts, "sealed", "kind", "state", "asked_date", "decided_date", "back_date")


def absconding(record: absconding_pb2.Absconding) -> facts_pb2.AbscondingFacts:
    """Return the facts of an episode out of supervision."""
    search, unknown = (due_of(record.limits, rule) for rule in (episodes.SEARCH, episodes.UNKNOWN))
    facts = facts_pb2.AbscondingFacts(person=uuid_of(record.person), search_due=search, unknown_due=unknown)
    return copied(record, facts, "sealed", "from_date", "to_date", "searched_date")


def new_offence(record: new_offence_pb2.NewOffence) -> facts_pb2.NewOffenceFacts:
    """Return the facts of a new offence."""
    facts = facts_pb2.NewOffenceFacts(person=uuid_of(record.person), released=lifecycle.is_released(record.person))
    return copied(
        record, facts, "sealed", "second_office", "offence_class", "committed_date", "known_date", "convicted_date"
    )


def measure(record: measure_pb2.Measure) -> facts_pb2.MeasureFacts:
    """Return the facts of a measure; the day of the decision only when it was to take it."""
    due = due_of(record.limits, measures.ANSWER)
    facts = facts_pb2.MeasureFacts(person=uuid_of(record.person), answer_due=due)
    decided = () if record.state == measures.REJECTED else ("decided_date",)
    return copied(
        record, facts, "sealed", "kind", "ground", "state", "proposed_date", "answered_date", "granted", *decided
    )


def positioning(record: positioning_pb2.Positioning) -> facts_pb2.PositioningFacts:
    """Return the facts of a period of positioning."""
    facts = facts_pb2.PositioningFacts(person=uuid_of(record.person), positioning_due=record.to_date)
    return copied(record, facts, "sealed", "approved_date", "from_date")


def help_act(record: help_act_pb2.HelpAct) -> facts_pb2.HelpActFacts:
    """Return the facts of an act of help."""
    facts = facts_pb2.HelpActFacts(person=uuid_of(record.person), released=lifecycle.is_released(record.person))
    return copied(record, facts, "sealed", "second_office", "kind", "given_date", "amount_fen")
