"""Persons under community correction (社区矫正对象): who is, came, left, and whether the handover was in time."""

from __future__ import annotations

from geju.correction.v1.facts_pb2 import SupervisedPersonFacts

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Task, Work
from services.aggregation.sql import earliest, plus
from services.aggregation.tables import facts_table

PERSON = facts_table(SupervisedPersonFacts)
p = PERSON.c
# Whoever has not been taken over so many days after the day to report has been lost at the handover.
MISSED_DAYS = 30

reported_in_time = Condition(p.taken_over_date <= p.report_due, "reported_late", "未按期报到")
missed = Condition(
    p.taken_over_date.is_(None) | (p.taken_over_date > plus(p.report_due, MISSED_DAYS)),
    "taken_over",
    "应报到之日起30日内已接收",
)

taken_over = Condition(p.taken_over_date.is_not(None) | p.ended_date.is_not(None), "not_taken_over", "尚未报到接收")

SUPERVISED = Indicator(
    code="correction.supervised",
    zh="在册社区矫正对象数",
    form=Form.STOCK,
    department="correction",
    better=Better.NONE,
    clauses=("correction.network",),
    censuses=(Census(PERSON, p.taken_over_date, p.ended_date, by={"sentence": p.sentence}),),
    sensitive=frozenset({"sentence"}),
    unit="人",
)
RECEIVED = Indicator(
    code="correction.received",
    zh="新接收数",
    form=Form.COUNT,
    department="correction",
    better=Better.NONE,
    flows=(Flow(PERSON, p.taken_over_date, by={"sentence": p.sentence}),),
    sensitive=frozenset({"sentence"}),
    unit="人",
)
ENDED = Indicator(
    code="correction.ended",
    zh="解除终止数",
    form=Form.COUNT,
    department="correction",
    better=Better.NONE,
    flows=(Flow(PERSON, p.ended_date, by={"ground": p.end_ground}),),
    sensitive=frozenset({"ground"}),
    unit="人",
)
HANDOVER_ON_TIME_RATE = Indicator(
    code="correction.handover_on_time_rate",
    zh="按期报到率",
    form=Form.RATIO,
    department="correction",
    better=Better.UP,
    clauses=("correction.handover",),
    flows=(
        Flow(
            PERSON,
            when=p.report_due,
            judged=earliest(p.taken_over_date, plus(p.report_due, 1)),
            of=(reported_in_time,),
        ),
    ),
    unit="%",
    work=Work(
        "待报到的矫正对象", "查找并接收", (Task(Census(PERSON, p.notified_date, of=(taken_over,)), p.report_due),)
    ),
)
MISSED_HANDOVER_RATE = Indicator(
    code="correction.missed_handover_rate",
    zh="漏管率",
    form=Form.RATIO,
    department="correction",
    better=Better.DOWN,
    clauses=("correction.no-loss",),
    flows=(
        Flow(
            PERSON,
            when=p.report_due,
            judged=earliest(p.taken_over_date, plus(p.report_due, MISSED_DAYS + 1)),
            of=(missed,),
        ),
    ),
    unit="%",
)

INDICATORS = (SUPERVISED, RECEIVED, ENDED, HANDOVER_ON_TIME_RATE, MISSED_HANDOVER_RATE)
