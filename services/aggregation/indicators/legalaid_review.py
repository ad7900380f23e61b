"""How applications for legal aid are decided and cases assigned: rightly, and in time (审查、指派)."""

from __future__ import annotations

from geju.legalaid.v1 import aid_case_pb2 as ap

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Task, Work
from services.aggregation.indicators.legalaid_cases import CASE, a
from services.aggregation.sql import earliest, plus

NOTIFIED = (ap.AID_PATH_NOTIFIED_DEFENCE, ap.AID_PATH_NOTIFIED_REPRESENTATION)

left_date = earliest(a.withdrawn_date, a.transferred_date)

application = Condition(a.path.not_in(NOTIFIED), "no_application", "通知案件,不是申请")
# What was decided on an objection is known from that day on: before it, a refusal was no wrongful one.
eligible = Condition(a.eligible & a.granted_date.is_not(None), "not_eligible", "不符合条件,不予援助未被推翻")
not_refused_first = Condition(
    a.objection_decided_date.is_(None) | (a.objection_outcome != ap.OBJECTION_OUTCOME_OVERTURNED),
    "wrongly_refused",
    "先不予援助,经异议改为给予援助",
)
awaited_decision = Condition(
    a.decided_date.is_not(None) | left_date.is_(None) | (left_date > a.review_due),
    "left_in_time",
    "期限内撤回或转出",
)
# Decided while the clock stood still, an application has no last day that could have passed.
decided_in_time = Condition(
    a.decided_date.is_not(None) & (a.review_due.is_(None) | (a.decided_date <= a.review_due)),
    "decided_late",
    "未按期作出决定",
)
awaited_handler = Condition(
    a.first_assigned_date.is_not(None) | a.ended_date.is_(None) | (a.ended_date > a.assign_due),
    "ended_in_time",
    "指派期限内终止援助",
)
# A handler who began before the grant was there when the clock would have started.
assigned_in_time = Condition(
    a.first_assigned_date.is_not(None) & (a.assign_due.is_(None) | (a.first_assigned_date <= a.assign_due)),
    "assigned_late",
    "未按期指派",
)

decided = Condition(a.decided_date.is_not(None) | left_date.is_not(None), "not_decided", "尚未作出决定")
assigned = Condition(
    a.first_assigned_date.is_not(None) | a.ended_date.is_not(None) | left_date.is_not(None), "not_assigned", "尚未指派"
)

GRANT_RATE = Indicator(
    code="legalaid.grant_rate",
    zh="应援尽援率",
    form=Form.RATIO,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.all-eligible", "legalaid.hardship"),
    flows=(Flow(CASE, a.decided_date, over=(application, eligible), of=(not_refused_first,)),),
    unit="%",
    note="按首次作出决定之日计;先不予援助、经异议改为给予的,自改正之日起计入分母而不计入分子。",
)
REVIEW_ON_TIME_RATE = Indicator(
    code="legalaid.review_on_time_rate",
    zh="按期审查率",
    form=Form.RATIO,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.green-channel",),
    flows=(
        Flow(
            CASE,
            when=earliest(a.decided_date, a.review_due),
            # Undecided on its last day, an application is late from the next.
            judged=earliest(a.decided_date, plus(a.review_due, 1)),
            over=(application, awaited_decision),
            of=(decided_in_time,),
        ),
    ),
    unit="%",
    note="补正期间不计入期限;期限内撤回或转出的不计,逾期后才撤回或转出的计为未按期。",
    work=Work(
        "待审查的援助申请",
        "作出决定",
        (Task(Census(CASE, a.received_date, over=(application,), of=(decided,)), a.review_due),),
    ),
)
MEAN_REVIEW_DAYS = Indicator(
    code="legalaid.mean_review_days",
    zh="平均审查天数",
    form=Form.MEAN,
    department="legalaid",
    better=Better.DOWN,
    clauses=("legalaid.green-channel",),
    flows=(
        Flow(
            CASE,
            a.decided_date,
            over=(application,),
            n=a.review_days,
            by={"green_channel": a.through_green_channel},
        ),
    ),
    unit="天",
    note="自收到申请至首次作出决定的日历天数,扣除补正期间。",
)
ASSIGNED_ON_TIME_RATE = Indicator(
    code="legalaid.assigned_on_time_rate",
    zh="按期指派率",
    form=Form.RATIO,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.responsibility",),
    flows=(
        Flow(
            CASE,
            when=earliest(a.first_assigned_date, a.assign_due),
            judged=earliest(a.first_assigned_date, plus(a.assign_due, 1)),
            over=(awaited_handler,),
            of=(assigned_in_time,),
        ),
    ),
    unit="%",
    note="按首次指派计,改派不另计;指派期限内终止援助的不计。",
    work=Work("待指派的援助案件", "指派", (Task(Census(CASE, a.granted_date, of=(assigned,)), a.assign_due),)),
)

INDICATORS = (GRANT_RATE, REVIEW_ON_TIME_RATE, MEAN_REVIEW_DAYS, ASSIGNED_ON_TIME_RATE)
