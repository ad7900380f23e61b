"""What persons under correction owe by a day, and whether it was done: reports, hours, assessments (监管任务)."""

from __future__ import annotations

from datetime import date

from geju.correction.v1 import duty_pb2 as pb
from geju.correction.v1.facts_pb2 import DutyFacts
from sqlalchemy import ColumnElement, Text, cast, false, func

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Task, Work
from services.aggregation.indicators.correction_persons import PERSON, p
from services.aggregation.sql import covered, earliest, in_force, outer, plus
from services.aggregation.tables import facts_table

DUTY = facts_table(DutyFacts)
d = DUTY.c
# A contact that was missed is held against a key person for so many days, unless it is made up for.
MISSING_DAYS = 30

owed = Condition(d.excuse == pb.DUTY_EXCUSE_UNSPECIFIED, "excused", "已免除")
met_in_time = Condition(d.met_date <= d.met_due, "duty_not_met", "未按期完成")
key_person = Condition(in_force(p.key_from_date, p.key_to_date), "no_key_person", "该日不是重点对象")
missing = covered(
    (plus(d.met_due, 1), earliest(plus(d.met_date, -1), plus(d.met_due, MISSING_DAYS))),
    where=(
        d.person == cast(outer(p["_id"]), Text),
        d.stricter,
        d.excuse == pb.DUTY_EXCUSE_UNSPECIFIED,
        ~d.deleted,
    ),
)
every_contact_made = Condition(~func.coalesce(missing, false()), "contact_missing", "重点管控任务未完成")


done = Condition(d.met_date.is_not(None), "not_done", "尚未完成")


def to_do(kind: int, zh: str, act: str) -> Work:
    """Return the duties of one kind that are not done yet."""
    of_kind = Condition(d.kind == kind, "other_duty", "不是此类任务")
    return Work(zh, act, (Task(Census(DUTY, d.month_date, over=(of_kind, owed), of=(done,)), d.met_due),))


def duties(kind: int, reason: str, zh: str, when: ColumnElement[date]) -> tuple[Flow, ...]:
    """Return the duties of one kind that are owed, in the period of `when`; judged once done, else when overdue."""
    of_kind = Condition(d.kind == kind, reason, zh)
    return (Flow(DUTY, when, judged=earliest(d.met_date, plus(d.met_due, 1)), over=(of_kind, owed), of=(met_in_time,)),)


REPORTING_RATE = Indicator(
    code="correction.reporting_rate",
    zh="定期报告率",
    form=Form.RATIO,
    department="correction",
    better=Better.UP,
    clauses=("correction.supervision",),
    flows=duties(pb.DUTY_KIND_REPORT, "no_report", "不是定期报告", d.met_due),
    unit="%",
    work=to_do(pb.DUTY_KIND_REPORT, "未完成的定期报告", "听取报告"),
)
EDUCATION_RATE = Indicator(
    code="correction.education_rate",
    zh="教育学习达标率",
    form=Form.RATIO,
    department="correction",
    better=Better.UP,
    clauses=("correction.education",),
    flows=duties(pb.DUTY_KIND_EDUCATION, "no_education", "不是教育学习", d.month_date),
    unit="%",
    work=to_do(pb.DUTY_KIND_EDUCATION, "未完成的教育学习", "组织教育学习"),
)
COMMUNITY_WORK_RATE = Indicator(
    code="correction.community_work_rate",
    zh="公益劳动达标率",
    form=Form.RATIO,
    department="correction",
    better=Better.UP,
    clauses=("correction.education",),
    flows=duties(pb.DUTY_KIND_COMMUNITY_WORK, "no_community_work", "不是公益劳动", d.month_date),
    unit="%",
    work=to_do(pb.DUTY_KIND_COMMUNITY_WORK, "未完成的公益劳动", "组织公益劳动"),
)
ASSESSMENT_RATE = Indicator(
    code="correction.assessment_rate",
    zh="矫正考核率",
    form=Form.RATIO,
    department="correction",
    better=Better.UP,
    clauses=("correction.supervision",),
    flows=duties(pb.DUTY_KIND_ASSESSMENT, "no_assessment", "不是季度考核", d.met_due),
    unit="%",
    work=to_do(pb.DUTY_KIND_ASSESSMENT, "未完成的季度考核", "考核"),
)
KEY_PERSON_CONTROL_RATE = Indicator(
    code="correction.key_person_control_rate",
    zh="重点对象管控到位率",
    form=Form.SHARE,
    department="correction",
    better=Better.UP,
    clauses=("correction.key-persons",),
    censuses=(Census(PERSON, p.taken_over_date, p.ended_date, over=(key_person,), of=(every_contact_made,)),),
    office_sensitive=True,
    unit="%",
    work=Work("管控未到位的重点对象", "补做重点管控任务"),
)

INDICATORS = (
    REPORTING_RATE,
    EDUCATION_RATE,
    COMMUNITY_WORK_RATE,
    ASSESSMENT_RATE,
    KEY_PERSON_CONTROL_RATE,
)
