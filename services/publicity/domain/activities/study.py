"""Collective studies of law (集中学法), exams for officials (学法考试), and plans for a year (年度计划)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from geju.publicity.v1 import exam_pb2, study_session_pb2, year_plan_pb2

from services.chassis.contract import value_label
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.rules import Rules
from services.publicity.domain.errors import PlaceKindMismatch, PlaceRequired, YearTaken
from services.publicity.domain.numbers import check_part

Study = study_session_pb2.StudySession
Plan = year_plan_pb2.YearPlan
#: The kind of place whose study it is; a street's or township's is its office's.
_PLACES = {
    study_session_pb2.STUDY_ORGANISATION_VILLAGE: ("village", "村"),
    study_session_pb2.STUDY_ORGANISATION_COMMUNITY: ("community", "社区"),
}


def check_study(new: Study, old: Study | None, rules: Rules) -> None:
    """Guard a study: it is of one organisation that was there on the day.

    Raises PlaceRequired, PlaceKindMismatch, InvalidField, UnknownOffice, UnknownPlace.
    """
    held = to_date(new.held_date)
    if old is None or (new.office, new.place, new.held_date) != (old.office, old.place, old.held_date):
        rules.check_office(new.office, new.place, held)
    kind, zh = _PLACES.get(new.organisation, ("", ""))
    whose = value_label(study_session_pb2.StudyOrganisation.DESCRIPTOR.values_by_number[new.organisation])
    if not kind:
        if new.place:
            raise PlaceKindMismatch("place", kind=whose, expected="街道(乡镇)的学法不填村居")
        if new.office == rules.profile.code:
            raise InvalidField("office", expected="学法单位为街道(乡镇)的,应填该街道(乡镇)的司法所")
        return
    if not new.place:
        raise PlaceRequired("place", kind=whose)
    if rules.profile.place(new.place).kind != kind:
        raise PlaceKindMismatch("place", kind=whose, expected=f"应填{zh}的代码")


def check_exam(new: exam_pb2.Exam, _old: exam_pb2.Exam | None, _rules: Rules) -> None:
    """Guard an exam: who passed sat it, who sat it had to. Raises NumbersMismatch."""
    check_part(new, "sat", "had_to_sit")
    check_part(new, "passed", "sat")


def check_plan(new: Plan, _old: Plan | None, rules: Rules) -> None:
    """Guard a plan: of a year that is at hand, adopted before its end. Raises InvalidField."""
    if new.year > rules.today.year + 1:
        raise InvalidField("year", expected="不晚于明年的年度")
    adopted = to_date(new.adopted_date)
    if adopted is not None and not date(new.year - 1, 1, 1) <= adopted <= date(new.year, 12, 31):
        raise InvalidField("adopted_date", expected="应在计划年度或上一年度之内")


def check_only_plan(new: Plan, others: Sequence[Plan]) -> None:
    """Refuse a second plan of an office for a year. Raises YearTaken."""
    if any(other.year == new.year for other in others):
        raise YearTaken("year", year=new.year)
