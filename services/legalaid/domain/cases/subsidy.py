"""The handler's subsidy (办案补贴): paid once, from an earmark; the case and its spending say the same."""

from __future__ import annotations

from datetime import date

from geju.funds.v1 import fund_entry_pb2
from geju.legalaid.v1 import aid_case_pb2 as pb

from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.step_errors import StepFact
from services.chassis.domain.steps import permit, put
from services.chassis.funds.rules import spending
from services.legalaid.domain.cases.errors import PaidBefore, PaidCase
from services.legalaid.domain.cases.lifecycle import TRANSITIONS

Case = pb.AidCase
#: What a subsidy's spending is for, by the earmarks of the profile.
PURPOSE = "case_subsidy"


def is_paid(case: Case) -> bool:
    """Tell whether the subsidy was paid."""
    return case.HasField("subsidy_date")


def check_payable(case: Case) -> None:
    """Refuse to pay twice, too early, or nobody. Raises PaidBefore, ImpossibleTransition, InvalidField."""
    permit(case, TRANSITIONS, "pay")
    if is_paid(case):
        raise PaidBefore("subsidy_date", paid=to_date(case.subsidy_date))
    if not case.practitioner:
        raise InvalidField("practitioner", expected="本案没有指派过承办人,无从发放办案补贴")


def pay(case: Case, on: date, amount_fen: int, earmark: str) -> fund_entry_pb2.FundEntry:
    """Record the payment and return the spending to enter."""
    case.subsidy_fen = amount_fen
    put(case, "subsidy_date", on)
    entry = spending(case, earmark, PURPOSE)
    follow(entry, case)
    return entry


def follow(entry: fund_entry_pb2.FundEntry, case: Case) -> None:
    """Make the spending say what the case says: amount, day and so its year."""
    entry.amount_fen = case.subsidy_fen
    set_date(entry.entry_date, to_date(case.subsidy_date))
    entry.year = case.subsidy_date.year


def payment(case: Case) -> tuple[str, int, date | None]:
    """Return what a case's spending says of it."""
    return case.office, case.subsidy_fen, to_date(case.subsidy_date)


def check_payment(new: Case, old: Case | None) -> None:
    """Refuse a payment that no step made, and another office for a case that was paid. Raises StepFact, …."""
    if is_paid(new) and (old is None or not is_paid(old)):
        raise StepFact("subsidy_date")
    if old is not None and is_paid(old) and is_paid(new) and new.office != old.office:
        raise InvalidField("office", expected="已发放办案补贴的案件不能改属其他司法所")


def check_deletion(case: Case) -> None:
    """Refuse to delete a case whose subsidy was paid. Raises PaidCase."""
    if is_paid(case):
        raise PaidCase("subsidy_date")
