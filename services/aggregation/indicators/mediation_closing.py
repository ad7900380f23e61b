"""Disputes as they end: success, time limits, major disputes, feedback (办结)."""

from __future__ import annotations

from geju.mediation.v1 import dispute_pb2 as pb

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Task, Work
from services.aggregation.indicators.mediation_intake import DISPUTE, d, referred
from services.aggregation.sql import days_between, earliest, plus

MEDIATED = (pb.DISPUTE_OUTCOME_AGREED, pb.DISPUTE_OUTCOME_FAILED, pb.DISPUTE_OUTCOME_REFUSED_BY_PARTY)

mediated = Condition(d.outcome.in_(MEDIATED), "not_mediated", "非经调解结案(撤回或移交)")
agreed = Condition(d.outcome == pb.DISPUTE_OUTCOME_AGREED, "no_agreement", "未达成协议")
# Without a due date no limit has ended: the clock stood still, or no law set one.
closed_in_time = Condition(
    d.closed_date.is_not(None) & (d.close_due.is_(None) | (d.closed_date <= d.close_due)), "overdue", "超过办结期限"
)
closed = Condition(d.closed_date.is_not(None), "not_closed", "尚未办结")
told_outcome = Condition(d.feedback_date.is_not(None), "no_feedback_yet", "尚未反馈移送单位")
accepted = Condition(d.accepted_date.is_not(None), "not_accepted", "未受理")
major = Condition(d.major, "not_major", "不是重大纠纷")
discussed = Condition(d.discussed_date <= d.closed_date, "not_discussed", "结案前未讨论")
expert = Condition(d.expert_date <= d.closed_date, "no_expert", "未邀请专家或部门参与")
feedback_called_for = Condition(d.feedback_due.is_not(None), "no_feedback_due", "无需反馈")
fed_back = Condition(d.feedback_date <= d.feedback_due, "feedback_late", "未按期反馈移送单位")

SUCCESS_RATE = Indicator(
    code="mediation.success_rate",
    zh="调解成功率",
    form=Form.RATIO,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.rates",),
    flows=(Flow(DISPUTE, d.closed_date, over=(mediated,), of=(agreed,), by={"type": d.type}),),
    unit="%",
)
ON_TIME_RATE = Indicator(
    code="mediation.on_time_rate",
    zh="限期办结率",
    form=Form.RATIO,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.procedure",),
    flows=(
        Flow(
            DISPUTE,
            when=earliest(d.closed_date, d.close_due),
            # Still open on its last day, a dispute is late from the next.
            judged=earliest(d.closed_date, plus(d.close_due, 1)),
            over=(accepted,),
            of=(closed_in_time,),
        ),
    ),
    unit="%",
    work=Work("在办的纠纷", "办结", (Task(Census(DISPUTE, d.accepted_date, of=(closed,)), d.close_due),)),
)
MEAN_DAYS = Indicator(
    code="mediation.mean_days",
    zh="平均调解天数",
    form=Form.MEAN,
    department="mediation",
    better=Better.DOWN,
    flows=(Flow(DISPUTE, d.closed_date, over=(accepted,), n=days_between(d.closed_date, d.accepted_date)),),
    unit="天",
)
MAJOR_DISCUSSION_RATE = Indicator(
    code="mediation.major_discussion_rate",
    zh="重大纠纷讨论率",
    form=Form.RATIO,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.duty-discussion-visit",),
    flows=(Flow(DISPUTE, d.closed_date, over=(major,), of=(discussed,)),),
    unit="%",
)
EXPERT_PARTICIPATION_RATE = Indicator(
    code="mediation.expert_participation_rate",
    zh="专家参与率",
    form=Form.RATIO,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.experts",),
    flows=(Flow(DISPUTE, d.closed_date, over=(major,), of=(expert,)),),
    unit="%",
)
FEEDBACK_RATE = Indicator(
    code="mediation.feedback_rate",
    zh="移交反馈率",
    form=Form.RATIO,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.police", "mediation.petition"),
    flows=(
        Flow(
            DISPUTE,
            when=d.closed_date,
            judged=earliest(d.feedback_date, plus(d.feedback_due, 1)),
            over=(referred, feedback_called_for),
            of=(fed_back,),
            by={"channel": d.channel},
        ),
    ),
    unit="%",
    work=Work(
        "尚未反馈移送单位的纠纷",
        "反馈处理结果",
        (Task(Census(DISPUTE, d.closed_date, over=(referred,), of=(told_outcome,)), d.feedback_due),),
    ),
)

INDICATORS = (
    SUCCESS_RATE,
    ON_TIME_RATE,
    MEAN_DAYS,
    MAJOR_DISCUSSION_RATE,
    EXPERT_PARTICIPATION_RATE,
    FEEDBACK_RATE,
)
