"""What needs a second person or a higher one: neither correcting nor importing stands in for the step."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from geju.legalaid.v1 import aid_case_pb2 as pb

from services.chassis.domain.step_errors import StepFact
from services.legalaid.domain.cases import eligibility
from services.legalaid.domain.cases.errors import DecidedByStep
from services.legalaid.domain.cases.lifecycle import STEP_FIELDS

Case = pb.AidCase


def check_decided(new: Case, old: Case | None, roles: Collection[str]) -> None:
    """Refuse a decision on an objection or a rating that is no step: it would need no second person.

    What was decided before there was a record of it is taken over by the department. Raises DecidedByStep.
    """
    for field in _decided_anew(new, old):
        if old is not None or "department" not in roles:
            raise DecidedByStep(field)


def check_ordinary(new: Case, old: Case) -> None:
    """Refuse a row of somebody who corrects nothing that ends aid, changes the handler, or more. Raises DecidedByStep.

    A case of life or death needs years of practice, which nothing but the step asks for.
    """
    grave = ("practitioner",) if eligibility.is_grave(new) else ()
    for field in ("ended_date", "former_handlers", *grave):
        if getattr(new, field) != getattr(old, field):
            raise DecidedByStep(field)


def _decided_anew(new: Case, old: Case | None) -> Iterator[str]:
    before = old or Case()
    if new.objection_outcome and new.objection_outcome != before.objection_outcome:
        yield "objection_outcome"
    known = {_said(one) for one in before.ratings}
    if any(_said(one) not in known for one in new.ratings):
        yield "ratings"
    if not new.ratings and new.grade and new.grade != before.grade:
        yield "grade"


def _said(one: pb.FileRating) -> tuple[str, str, int]:
    return one.reviewer, one.reviewer_practitioner, one.grade


def check_kept(new: Case, old: Case) -> None:
    """Refuse an import that changes what a step has recorded; it may add to it. Raises StepFact."""
    for name in STEP_FIELDS:
        before = getattr(old, name)
        present = bool(before.ByteSize()) if hasattr(before, "ByteSize") else bool(before)
        if present and getattr(new, name) != before:
            raise StepFact(name)
