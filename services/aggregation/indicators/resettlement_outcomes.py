"""What comes of resettlement: linked up with in time, work kept, no new offence; grants paid, surveys (成效)."""

from __future__ import annotations

from geju.correction.v1 import placement_pb2 as pb
from geju.correction.v1.facts_pb2 import SituationSurveyFacts, TransitionGrantFacts

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Task, Work
from services.aggregation.indicators.resettlement_persons import PERSON, PLACEMENT, placement, r
from services.aggregation.periods import Level
from services.aggregation.sql import earliest, plus
from services.aggregation.tables import facts_table

GRANT = facts_table(TransitionGrantFacts)
SURVEY = facts_table(SituationSurveyFacts)
grant, survey = GRANT.c, SURVEY.c

linked_in_time = Condition(r.linked_date <= r.link_due, "linked_late", "未在期限内衔接")
linked = Condition(r.linked_date.is_not(None) | r.closed_date.is_not(None), "not_linked", "尚未衔接")
convicted = Condition(r.convicted_date.is_not(None), "not_convicted", "五年内未因新罪被判刑")
employed = Condition(placement.kind == pb.PLACEMENT_KIND_JOB, "no_job", "不是就业安置")
still_held = Condition(
    placement.to_date.is_(None) | (placement.to_date >= placement.six_months_due), "job_lost", "未满六个月即离职"
)

HANDOVER_RATE = Indicator(
    code="resettlement.handover_rate",
    zh="衔接率",
    form=Form.RATIO,
    department="correction",
    better=Better.UP,
    flows=(
        Flow(
            PERSON,
            when=r.released_date,
            judged=earliest(r.linked_date, plus(r.link_due, 1)),
            of=(linked_in_time,),
        ),
    ),
    unit="%",
    work=Work("待衔接的归正人员", "衔接", (Task(Census(PERSON, r.released_date, of=(linked,)), r.link_due),)),
)
REOFFENDING_RATE = Indicator(
    code="resettlement.reoffending_rate",
    zh="归正人员重新犯罪率",
    form=Form.RATIO,
    department="correction",
    better=Better.DOWN,
    clauses=("correction.reoffending",),
    flows=(Flow(PERSON, r.released_date, of=(convicted,)),),
    office_sensitive=True,
    unit="%",
    # A cohort is everybody released in one year; what becomes of it is known late and restated.
    levels=frozenset({Level.YEAR}),
)
TRANSITION_GRANTS = Indicator(
    code="resettlement.transition_grants",
    zh="过渡性安置补助额",
    form=Form.SUM,
    department="correction",
    better=Better.NONE,
    clauses=("resettlement.three-none",),
    flows=(Flow(GRANT, grant.paid_date, n=grant.amount_fen),),
    unit="元",
    scale=100,
)
EMPLOYMENT_RATE = Indicator(
    code="resettlement.employment_rate",
    zh="就业稳定率",
    form=Form.RATIO,
    department="correction",
    better=Better.UP,
    clauses=("resettlement.employment",),
    flows=(Flow(PLACEMENT, placement.six_months_due, over=(employed,), of=(still_held,)),),
    unit="%",
)
SURVEY_COVERAGE = Indicator(
    code="resettlement.survey_coverage",
    zh="监测调查覆盖率",
    form=Form.RATIO,
    department="correction",
    better=Better.UP,
    clauses=("resettlement.survey",),
    flows=(Flow(SURVEY, survey.closed_date, n=survey.answers, total=survey.sample),),
    unit="%",
)

INDICATORS = (HANDOVER_RATE, REOFFENDING_RATE, TRANSITION_GRANTS, EMPLOYMENT_RATE, SURVEY_COVERAGE)
