"""Screening rounds, early warnings, reception days, conduct (排查、预警、接待日、行为规范)."""

from __future__ import annotations

from geju.mediation.v1.facts_pb2 import BreachFacts, ReceptionDayFacts, ScreeningFacts, WarningFacts
from sqlalchemy import func, select

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Link, Task, Work
from services.aggregation.sql import earliest, outer, plus
from services.aggregation.tables import OFFICE_MONTHS, facts_table

SCREENING = facts_table(ScreeningFacts)
WARNING = facts_table(WarningFacts)
RECEPTION_DAY = facts_table(ReceptionDayFacts)
BREACH = facts_table(BreachFacts)
r, w, day, b = SCREENING.c, WARNING.c, RECEPTION_DAY.c, BREACH.c
month = OFFICE_MONTHS.c

# Day on which the office first reported its monthly round of the month; rounds of key periods come beside it.
reported = (
    select(func.min(r.reported_date))
    .where(r.office == outer(month.office), r.month_date == outer(month.month), ~r.key_period, ~r.deleted)
    .scalar_subquery()
)
in_time = Condition(reported <= month.report_due, "not_reported", "未按期上报当月排查")
reported_at_all = Condition(reported.is_not(None), "not_reported_yet", "尚未上报当月排查")
seen_to = Condition(w.settled_date.is_not(None) | w.closed_date.is_not(None), "not_settled_yet", "尚未化解")
settled = Condition(w.settled_date.is_not(None), "not_settled", "未化解")
lawyer_present = Condition(day.lawyers_present > 0, "no_lawyer", "无律师参与")

SCREENING_RATE = Indicator(
    code="mediation.screening_rate",
    zh="每月排查完成率",
    form=Form.RATIO,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.screening",),
    flows=(
        Flow(
            OFFICE_MONTHS,
            when=month.month,
            # Not before the month has ended; then by the report, else once its last day has passed.
            judged=func.greatest(plus(month.ended, 1), earliest(reported, plus(month.report_due, 1))),
            of=(in_time,),
            links=(Link(SCREENING, r.month_date),),
        ),
    ),
    unit="%",
    work=Work(
        "尚未上报的每月排查",
        "上报当月排查",
        # From the first day of the month, whose report is due in the next.
        (Task(Census(OFFICE_MONTHS, month.month, of=(reported_at_all,)), month.report_due, ahead=40),),
    ),
)
SCREENED_DISPUTES = Indicator(
    code="mediation.screened_disputes",
    zh="排查发现纠纷数",
    form=Form.SUM,
    department="mediation",
    better=Better.NONE,
    clauses=("mediation.screening",),
    flows=(Flow(SCREENING, when=r.month_date, judged=r.reported_date, n=r.disputes_found),),
)
EARLY_WARNINGS = Indicator(
    code="mediation.early_warnings",
    zh="预警数",
    form=Form.COUNT,
    department="mediation",
    better=Better.NONE,
    clauses=("mediation.early-warning",),
    flows=(Flow(WARNING, w.raised_date, by={"level": w.level}),),
)
WARNING_SETTLED_RATE = Indicator(
    code="mediation.warning_settled_rate",
    zh="预警化解率",
    form=Form.RATIO,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.early-warning",),
    flows=(
        Flow(
            WARNING,
            when=w.raised_date,
            judged=earliest(w.settled_date, w.closed_date, plus(w.settle_due, 1)),
            of=(settled,),
        ),
    ),
    unit="%",
    work=Work("尚未化解的预警", "化解", (Task(Census(WARNING, w.raised_date, of=(seen_to,)), w.settle_due),)),
)
CONDUCT_BREACHES = Indicator(
    code="mediation.conduct_breaches",
    zh="违反行为规范数",
    form=Form.COUNT,
    department="mediation",
    better=Better.DOWN,
    clauses=("mediation.conduct",),
    flows=(Flow(BREACH, b.found_date),),
)
RECEPTION_DAYS = Indicator(
    code="mediation.reception_days",
    zh="接待日数",
    form=Form.COUNT,
    department="mediation",
    better=Better.NONE,
    clauses=("mediation.reception-day",),
    flows=(Flow(RECEPTION_DAY, day.held_date),),
    unit="天",
)
RECEPTION_DAY_LAWYER_RATE = Indicator(
    code="mediation.reception_day_lawyer_rate",
    zh="接待日律师参与率",
    form=Form.RATIO,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.reception-day",),
    flows=(Flow(RECEPTION_DAY, day.held_date, of=(lawyer_present,)),),
    unit="%",
)

INDICATORS = (
    SCREENING_RATE,
    SCREENED_DISPUTES,
    EARLY_WARNINGS,
    WARNING_SETTLED_RATE,
    CONDUCT_BREACHES,
    RECEPTION_DAYS,
    RECEPTION_DAY_LAWYER_RATE,
)
