"""Rating a file (案件质量评查): by two who did not handle it, by a third where they disagree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from geju.legalaid.v1 import aid_case_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.step_errors import StateMismatch
from services.chassis.domain.steps import day, permit, put
from services.legalaid.domain.cases.errors import HandlerRates, RatedBefore
from services.legalaid.domain.cases.lifecycle import TRANSITIONS

Case = pb.AidCase


class Given(NamedTuple):
    """What a reviewer says of a file."""

    grade: pb.FileGrade.ValueType
    reviewer_practitioner: str
    rated_date: Date
    remark: str


def rate(case: Case, given: Given, reviewer: str, rules: Rules) -> date:
    """Record a reviewer's rating; return the day. Raises ImpossibleTransition, RatedBefore, HandlerRates, DateOrder."""
    permit(case, TRANSITIONS, "rate")
    earlier = [one.rated_date for one in case.ratings]
    on = day(rules, "rated_date", given.rated_date, case.file_returned_date, *earlier)
    check_reference("reviewer_practitioner", given.reviewer_practitioner, "practitioners")
    if given.reviewer_practitioner in _handlers(case):
        raise HandlerRates("reviewer_practitioner")
    if any(one.reviewer == reviewer for one in case.ratings):
        raise RatedBefore("reviewer")
    if given.reviewer_practitioner and any(
        one.reviewer_practitioner == given.reviewer_practitioner for one in case.ratings
    ):
        raise RatedBefore("reviewer_practitioner")
    made = case.ratings.add(
        reviewer=reviewer,
        reviewer_practitioner=given.reviewer_practitioner,
        grade=given.grade,
        remark=given.remark,
    )
    put(made, "rated_date", on)
    return on


def final(grades: Sequence[pb.FileGrade.ValueType]) -> pb.FileGrade.ValueType | None:
    """Return the grade that ratings come to: of two that agree, else the middle of three; None: not yet."""
    if len(grades) == 2 and grades[0] == grades[1]:
        return grades[0]
    return sorted(grades)[1] if len(grades) == 3 else None


def derive(case: Case) -> None:
    """Set the final grade and its day by the ratings; a file taken over without them keeps what it says."""
    if not case.ratings:
        return
    grade = final([one.grade for one in case.ratings])
    case.ClearField("grade")
    case.ClearField("rated_date")
    if grade is not None:
        case.grade = grade
        put(case, "rated_date", max(found for one in case.ratings if (found := to_date(one.rated_date)) is not None))


def check_ratings(case: Case) -> None:
    """Refuse ratings by a handler, by one person twice, before the file was in, and a third where two agreed.

    Raises HandlerRates, RatedBefore, DateOrder, StateMismatch, BadReference.
    """
    returned = to_date(case.file_returned_date)
    for index, one in enumerate(case.ratings):
        path = f"ratings[{index}]"
        check_reference(f"{path}.reviewer_practitioner", one.reviewer_practitioner, "practitioners")
        if one.reviewer_practitioner in _handlers(case):
            raise HandlerRates(f"{path}.reviewer_practitioner")
        for other in case.ratings[:index]:
            if one.reviewer == other.reviewer:
                raise RatedBefore(f"{path}.reviewer")
            if one.reviewer_practitioner and one.reviewer_practitioner == other.reviewer_practitioner:
                raise RatedBefore(f"{path}.reviewer_practitioner")
        rated = to_date(one.rated_date)
        if rated is not None and returned is not None and rated < returned:
            raise DateOrder(f"{path}.rated_date", date=rated, earliest=returned)
    if len(case.ratings) == 3 and final([one.grade for one in case.ratings[:2]]) is not None:
        raise StateMismatch("ratings", expected="前两次评查等次一致的,不再有第三次")


def _handlers(case: Case) -> frozenset[str]:
    former = (one.practitioner for one in case.former_handlers)
    return frozenset(name for name in (case.practitioner, *former) if name)
