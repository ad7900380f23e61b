"""What is recorded of firms and practitioners year by year: assessments, training, internships."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geju.legalservices.v1 import internship_pb2, training_pb2, yearly_assessment_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span
from services.legalservices.domain.registers.errors import AssessedBefore, OneSubject

Assessment = yearly_assessment_pb2.YearlyAssessment


def check_assessment(new: Assessment, _old: Assessment | None, _rules: Rules) -> None:
    """Guard an assessment on every change. Raises OneSubject, BadReference, DateOrder."""
    if bool(new.firm) == bool(new.practitioner):
        raise OneSubject("firm")
    check_reference("firm", new.firm, "firms")
    check_reference("practitioner", new.practitioner, "practitioners")
    assessed, earliest = to_date(new.assessed_date), date(new.year, 1, 1)
    if assessed is not None and assessed < earliest:
        raise DateOrder("assessed_date", date=assessed, earliest=earliest)


def check_only(new: Assessment, others: Iterable[Assessment]) -> None:
    """Refuse a second assessment of a subject for a year. Raises AssessedBefore."""
    if any(other.year == new.year for other in others):
        raise AssessedBefore("year", year=new.year)


def check_training(new: training_pb2.Training, _old: training_pb2.Training | None, _rules: Rules) -> None:
    """Guard a training on every change. Raises BadReference."""
    check_reference("practitioner", new.practitioner, "practitioners")


def check_internship(new: internship_pb2.Internship, _old: internship_pb2.Internship | None, _rules: Rules) -> None:
    """Guard an internship on every change. Raises BadReference, DateOrder."""
    check_reference("firm", new.firm, "firms")
    check_reference("practitioner", new.practitioner, "practitioners")
    check_span(new)
