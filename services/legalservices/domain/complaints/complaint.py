"""Complaints: what holds of one on every change, and what may be changed how."""

from __future__ import annotations

from collections.abc import Iterable

from services.chassis.domain.errors import ImpossibleTransition, InvalidField
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import put, state_label
from services.legalservices.domain.complaints import agreement, clocks, lifecycle, naming, respondent
from services.legalservices.domain.complaints.errors import DecidedByStep, SamePersonDecides
from services.legalservices.domain.complaints.lifecycle import Complaint

#: What nobody decides alone, and so not by correcting or importing either.
_DECISIONS = ("investigated_date", "concluded_date", "review_decided_date")
#: What belongs to the findings, the conclusion and the review, and who does not change it.
_PARTS = (
    (("investigated_date", "findings"), ("signer", "reviewer")),
    (("concluded_date", "outcome", "decision"), ("investigator", "reviewer")),
    (("review_decided_date", "review_outcome", "review_decision"), ("investigator", "signer")),
)
_ACCOUNTS = {"investigator": "调查人", "signer": "签发人", "reviewer": "复查人"}


def check(new: Complaint, old: Complaint | None, rules: Rules) -> None:
    """Guard a complaint on every change; seal, office, state and limits follow.

    Raises RespondentMismatch, StateMismatch, DateOrder, ComplainantNamed, InvalidField.
    """
    new.sealed = new.respondent_kind in respondent.OWN
    if old is not None and old.sealed != new.sealed:
        raise InvalidField("respondent_kind", expected="不能在本局工作人员、司法所与其他被投诉人之间改变,请重新登记")
    if new.sealed:
        # Not the office concerned, nor any other: whose number it has would say enough.
        new.office, new.place = rules.profile.code, ""
    if not new.HasField("received_date"):
        put(new, "received_date", rules.today)
    check_reference("legal_aid_case", new.legal_aid_case, "aidCases")
    respondent.check(new, rules)
    agreement.check(new)
    naming.check_texts(new)
    new.state = lifecycle.state_of(new)
    _clear_accounts(new)
    clocks.sync(new, rules)


def _clear_accounts(complaint: Complaint) -> None:
    """Forget who took a step that a correction took back."""
    for account, day in (
        ("investigator", "investigating_date"),
        ("investigator_firm", "investigating_date"),
        ("signer", "concluded_date"),
        ("reviewer", "review_decided_date"),
    ):
        if not complaint.HasField(day):  # type: ignore[arg-type]
            complaint.ClearField(account)  # type: ignore[arg-type]


def check_open(old: Complaint) -> None:
    """Refuse to change plainly what has been decided on: it is corrected. Raises ImpossibleTransition."""
    if old.state not in lifecycle.OPEN:
        raise ImpossibleTransition("state", state=state_label(old), action="修改(已有结果的投诉请用更正)")


def check_correction(new: Complaint, old: Complaint, account: str) -> None:
    """Refuse to decide by correcting, and to change what another has to answer for.

    Raises DecidedByStep, SamePersonDecides.
    """
    for field in _DECISIONS:
        if new.HasField(field) and not old.HasField(field):  # type: ignore[arg-type]
            raise DecidedByStep(field)
    for fields, others in _PARTS:
        touched = [field for field in fields if getattr(new, field) != getattr(old, field)]
        who = [label for name, label in _ACCOUNTS.items() if name in others and getattr(old, name) == account]
        if touched and who:
            raise SamePersonDecides(touched[0], who=who[0])


def check_history(new: Complaint, roles: Iterable[str]) -> None:
    """Refuse to take over a decided complaint to all but the district's own. Raises DecidedByStep."""
    decided = [field for field in _DECISIONS if new.HasField(field)]  # type: ignore[arg-type]
    if decided and {"department", "discipline"}.isdisjoint(roles):
        raise DecidedByStep(decided[0])


def transferred_in(complaint: Complaint) -> bool:
    """Tell whether another unit handed a complaint over."""
    return complaint.channel in agreement.HANDED_OVER


def days(complaint: Complaint) -> int:
    """Return the days from receipt to answer without those on which it stood still; 0 without an answer."""
    if not complaint.HasField("answered_date"):
        return 0
    received, answered = (agreement.day(complaint, name) for name in ("received_date", "answered_date"))
    return (answered - received).days - clocks.stopped_days(complaint)
