"""Surveys of released persons (监测调查): the sample and the answers received."""

from __future__ import annotations

from datetime import date

from geju.correction.v1 import situation_survey_pb2 as pb

from services.chassis.domain.dates import set_date
from services.chassis.domain.errors import AlreadyRecorded, InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span


def check(new: pb.SituationSurvey, _old: pb.SituationSurvey | None, _rules: Rules) -> None:
    """Guard a survey on every change. Raises DateOrder, InvalidField."""
    check_span(new, "opened_date", "closed_date")
    if new.answers > new.sample:
        raise InvalidField("answers", expected="有效答卷不能多于样本人数")


def is_closed(survey: pb.SituationSurvey) -> bool:
    """Tell whether a survey is closed: it is corrected from then on, not updated."""
    return survey.HasField("closed_date")


def close(survey: pb.SituationSurvey, on: date, answers: int, rules: Rules) -> None:
    """Close a survey with the answers received. Raises AlreadyRecorded, InvalidField."""
    if is_closed(survey):
        raise AlreadyRecorded("closed_date")
    survey.answers = answers
    set_date(survey.closed_date, on)
    check(survey, None, rules)
