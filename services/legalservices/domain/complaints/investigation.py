"""The investigation of a complaint: by somebody without a tie to the respondent, and signed by somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geju.legalservices.v1 import complaint_pb2 as pb

from services.chassis.contract import value_label
from services.chassis.domain.dates import set_date
from services.chassis.domain.errors import AlreadyRecorded, LimitNotRunning
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import move, permit, put
from services.legalservices.domain.complaints import clocks, lifecycle
from services.legalservices.domain.complaints.agreement import GIVEN_UP, SUBSTANTIATED
from services.legalservices.domain.complaints.errors import (
    ExtendedBefore,
    NoFindings,
    NoTieDeclaration,
    NotSubstantiated,
    NotTheInvestigator,
    SamePersonDecides,
    TiedInvestigator,
    TimeOver,
)
from services.legalservices.domain.complaints.lifecycle import TRANSITIONS, Complaint


def assign(complaint: Complaint, account: str, firm: str, on: date, *, no_tie: bool) -> None:
    """Name who investigates. Raises ImpossibleTransition, AlreadyRecorded, NoTieDeclaration, BadReference."""
    permit(complaint, TRANSITIONS, "assign")
    if complaint.HasField("investigated_date"):
        raise AlreadyRecorded("investigator")
    if not no_tie:
        raise NoTieDeclaration("no_tie")
    check_reference("investigator_firm", firm, "firms")
    complaint.investigator, complaint.investigator_firm = account, firm
    if not complaint.HasField("investigating_date"):
        put(complaint, "investigating_date", on)
    move(complaint, TRANSITIONS, "assign")


def check_tie(complaint: Complaint, firms: Iterable[str]) -> None:
    """Refuse an investigator of a firm that the respondent is, was or belongs to. Raises TiedInvestigator."""
    if complaint.investigator_firm and complaint.investigator_firm in firms:
        raise TiedInvestigator("investigator_firm")


def record(complaint: Complaint, findings: str, on: date, account: str) -> None:
    """Record what was found. Raises ImpossibleTransition, NotTheInvestigator, AlreadyRecorded."""
    permit(complaint, TRANSITIONS, "investigate")
    if complaint.investigator != account:
        raise NotTheInvestigator("investigator")
    if complaint.HasField("investigated_date"):
        raise AlreadyRecorded("findings")
    complaint.findings = findings
    put(complaint, "investigated_date", on)


def extend(complaint: Complaint, on: date, rules: Rules) -> None:
    """Extend the time to conclude, once. Raises ImpossibleTransition, ExtendedBefore, LimitNotRunning, TimeOver."""
    permit(complaint, TRANSITIONS, "extend")
    if complaint.HasField("extended_date"):
        raise ExtendedBefore("extended_date")
    due = clocks.due_of(complaint.limits, clocks.CONCLUDE)
    if due is None or rules.profile.limit_rule(clocks.EXTENSION, on) is None:
        raise LimitNotRunning("extended_date", rule=rules.profile.limit_label(clocks.CONCLUDE))
    if on > due:
        raise TimeOver("extended_date", last=due)
    put(complaint, "extended_date", on)


def conclude(
    complaint: Complaint, outcome: pb.ComplaintOutcome.ValueType, decision: str, on: date, account: str
) -> None:
    """Decide a complaint; whoever decides signs. Raises ImpossibleTransition, SamePersonDecides, NoFindings."""
    step = "withdraw" if outcome in GIVEN_UP else "conclude"
    permit(complaint, TRANSITIONS, step)
    if complaint.investigator == account:
        raise SamePersonDecides("signer", who="调查人")
    if step == "conclude" and not complaint.HasField("investigated_date"):
        raise NoFindings("outcome")
    if lifecycle.waiting(complaint):
        set_date(complaint.pauses[-1].to_date, on)
    complaint.outcome, complaint.decision, complaint.signer = outcome, decision, account
    put(complaint, "concluded_date", on)
    move(complaint, TRANSITIONS, step)


def check_measure(complaint: Complaint, field: str = "outcome") -> None:
    """Refuse a measure that a complaint gives no ground for. Raises ImpossibleTransition, NotSubstantiated."""
    permit(complaint, TRANSITIONS, "measure")
    check_substantiated(complaint, field)


def check_substantiated(complaint: Complaint, field: str) -> None:
    """Refuse what follows only from a complaint found true in whole or part. Raises NotSubstantiated."""
    if complaint.outcome not in SUBSTANTIATED:
        values = pb.ComplaintOutcome.DESCRIPTOR.values_by_number
        outcome = "尚无结论" if not complaint.outcome else value_label(values[complaint.outcome])
        raise NotSubstantiated(field, outcome=outcome)
