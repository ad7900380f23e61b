"""Measures of the bureau and sanctions of others: a district orders, admonishes, hands on and proposes, no more."""

from __future__ import annotations

from datetime import date

from geju.legalservices.v1 import sanction_pb2 as pb

from services.chassis.contract import value_label
from services.chassis.domain import steps
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder, InvalidField
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.step_errors import StateMismatch
from services.chassis.domain.steps import put
from services.legalservices.domain.complaints import investigation, naming
from services.legalservices.domain.complaints.errors import (
    BeyondPowers,
    NoProposal,
    OneSubject,
    RespondentMismatch,
    SettledBefore,
)
from services.legalservices.domain.complaints.lifecycle import Complaint

Sanction = pb.Sanction
PROPOSAL = pb.SANCTION_KIND_PENALTY_PROPOSAL
PENDING = pb.PROPOSAL_OUTCOME_PENDING
_DISTRICT = frozenset({pb.SANCTION_AUTHORITY_DISTRICT})
#: Who may decide what.
POWERS = {
    pb.SANCTION_KIND_ORDER_TO_CORRECT: _DISTRICT,
    pb.SANCTION_KIND_ADMONITION: _DISTRICT,
    pb.SANCTION_KIND_TO_ASSOCIATION: _DISTRICT,
    pb.SANCTION_KIND_PENALTY_PROPOSAL: _DISTRICT,
    pb.SANCTION_KIND_ASSOCIATION_SANCTION: frozenset({pb.SANCTION_AUTHORITY_ASSOCIATION}),
    pb.SANCTION_KIND_ADMINISTRATIVE_PENALTY: frozenset({pb.SANCTION_AUTHORITY_CITY, pb.SANCTION_AUTHORITY_PROVINCE}),
}
_FIXED = ("complaint", "kind")


def check(new: Sanction, old: Sanction | None, _rules: Rules) -> None:
    """Guard a sanction on every change. Raises BadReference, BeyondPowers, OneSubject, StateMismatch, DateOrder."""
    for field, collection in (("complaint", "complaints"), ("firm", "firms"), ("practitioner", "practitioners")):
        check_reference(field, getattr(new, field), collection)
    for field in _FIXED:
        if old is not None and getattr(old, field) != getattr(new, field):
            raise InvalidField(field, expected="登记后不能改变,请删除后重新登记")
    if new.firm and new.practitioner:
        raise OneSubject("practitioner")
    check_powers(new.kind, new.authority)
    _check_outcome(new)


def check_powers(kind: pb.SanctionKind.ValueType, authority: pb.SanctionAuthority.ValueType) -> None:
    """Refuse what an authority has no power to do. Raises BeyondPowers."""
    if authority not in POWERS[kind]:
        kinds, authorities = pb.SanctionKind.DESCRIPTOR, pb.SanctionAuthority.DESCRIPTOR
        expected = "或".join(value_label(authorities.values_by_number[one]) for one in sorted(POWERS[kind]))
        raise BeyondPowers("kind", kind=value_label(kinds.values_by_number[kind]), expected=expected)


def _check_outcome(sanction: Sanction) -> None:
    """Keep outcome and its day with proposals; one without is pending. Raises StateMismatch, DateOrder."""
    told, decided = to_date(sanction.outcome_date), to_date(sanction.decided_date)
    if sanction.kind != PROPOSAL:
        if sanction.outcome or told is not None:
            raise StateMismatch("outcome", expected="只有提请市局处罚的建议才有建议结果")
        return
    if not sanction.outcome:
        sanction.outcome = PENDING
    if (sanction.outcome == PENDING) != (told is None):
        raise StateMismatch("outcome_date", expected="已采纳或未采纳的须填结果日期,待市局决定的不填")
    if told is not None and decided is not None and told < decided:
        raise DateOrder("outcome_date", date=told, earliest=decided)


def check_steps(new: Sanction, old: Sanction | None) -> None:
    """Refuse the outcome of a proposal where it is no step. Raises StepFact."""
    before = old or (Sanction(outcome=PENDING) if new.outcome == PENDING else Sanction())
    steps.check_steps(new, before, ("outcome", "outcome_date"))


def follow(sanction: Sanction, complaint: Complaint | None, *, fresh: bool) -> None:
    """Let a sanction follow its complaint: seal, office, whom it concerns; a `fresh` one has its ground in it.

    Raises OneSubject, NotSubstantiated, RespondentMismatch, ComplainantNamed, DateOrder.
    """
    sanction.sealed = complaint is not None and complaint.sealed
    named = sanction.firm or sanction.practitioner
    if complaint is None or not complaint.sealed:
        if not named:
            raise OneSubject("firm")
    elif named:
        raise RespondentMismatch("firm", expected="本局工作人员、司法所的投诉不填机构和执业人员")
    else:
        sanction.office = complaint.office
    if complaint is None:
        return
    if fresh:  # a review may find otherwise later
        investigation.check_substantiated(complaint, "complaint")
    concluded, decided = to_date(complaint.concluded_date), to_date(sanction.decided_date)
    if concluded is not None and decided is not None and decided < concluded:
        raise DateOrder("decided_date", date=decided, earliest=concluded)
    for field in ("firm", "practitioner"):
        if getattr(sanction, field) and getattr(sanction, field) != getattr(complaint, field):
            raise RespondentMismatch(field, expected="须为该投诉的被投诉人或其所在机构")
    naming.check_words(complaint, "content", sanction.content)


def of_complaint(complaint: Complaint, kind: pb.SanctionKind.ValueType, content: str, on: date) -> Sanction:
    """Return the measure of the bureau that follows from a complaint. Raises ImpossibleTransition, BeyondPowers, …."""
    check_powers(kind, pb.SANCTION_AUTHORITY_DISTRICT)
    investigation.check_measure(complaint)
    sanction = Sanction(
        office=complaint.office,
        complaint=complaint.name,
        practitioner=complaint.practitioner,
        firm="" if complaint.practitioner else complaint.firm,
        kind=kind,
        authority=pb.SANCTION_AUTHORITY_DISTRICT,
        content=content,
    )
    put(sanction, "decided_date", on)
    return sanction


def settle(sanction: Sanction, outcome: pb.ProposalOutcome.ValueType, on: date) -> None:
    """Record what the city bureau made of a proposal. Raises NoProposal, SettledBefore, InvalidField."""
    if sanction.kind != PROPOSAL:
        raise NoProposal("kind")
    if sanction.outcome != PENDING:
        raise SettledBefore("outcome", date=to_date(sanction.outcome_date))
    if outcome == PENDING:
        raise InvalidField("outcome", expected="应为已采纳或未采纳")
    sanction.outcome = outcome
    put(sanction, "outcome_date", on)
