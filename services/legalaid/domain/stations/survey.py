"""Answers about satisfaction (满意度回访): anonymous, of no case."""

from __future__ import annotations

from geju.legalaid.v1 import aid_survey_answer_pb2 as pb

from services.chassis.domain.errors import InvalidField
from services.chassis.domain.rules import Rules


def check(new: pb.AidSurveyAnswer, _old: pb.AidSurveyAnswer | None, _rules: Rules) -> None:
    """Guard an answer on every change. Raises InvalidField.

    A village is small enough to point at the one case that it had.
    """
    if new.place:
        raise InvalidField("place", expected="回访不记名,不填村居")


def refuse_case_number() -> None:
    """Refuse the number of a case as that of an answer: it would name the case. Raises InvalidField."""
    raise InvalidField("key", expected="回访不记名,须另行编号,不能用案件的编号")
