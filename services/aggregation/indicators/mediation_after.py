"""What follows an agreement, and what mediation failed or managed to keep from happening (履行、回访、激化)."""

from __future__ import annotations

from datetime import date

from geju.mediation.v1 import dispute_pb2 as pb
from sqlalchemy import ColumnElement, Date, Text, case, cast, literal

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Task, Work
from services.aggregation.indicators.mediation_intake import DISPUTE, d
from services.aggregation.sql import plus, value_code

fulfilled = Condition(d.fulfilled_date.is_not(None), "not_fulfilled", "未履行")


def once_due(act: ColumnElement[date], due: ColumnElement[date]) -> ColumnElement[date]:
    """Return the day an act can be judged: its due date when it was done by then, else the day after."""
    return case((act <= due, due), else_=plus(due, 1)).cast(Date)


def visit(number: int) -> Flow:
    """Return the first or second return visit of each dispute."""
    due, made = d[f"visit{number}_due"], d[f"visit{number}_date"]
    in_time = Condition(made <= due, f"visit{number}_late", f"第{'一二'[number - 1]}次回访未按期进行")
    return Flow(DISPUTE, when=due, judged=once_due(made, due), of=(in_time,))


def visit_to_make(number: int) -> Task:
    """Return the first or second return visits that are not made yet."""
    made = Condition(
        d[f"visit{number}_date"].is_not(None), f"visit{number}_to_make", f"第{'一二'[number - 1]}次回访未进行"
    )
    return Task(Census(DISPUTE, d.closed_date, of=(made,)), d[f"visit{number}_due"])


def prevented(kind: int, day: ColumnElement[date]) -> Flow:
    """Return escalations of one kind that were prevented."""
    return Flow(DISPUTE, when=day, by={"kind": cast(literal(value_code(PREVENTION_KIND, kind)), Text)})


PREVENTION_KIND = pb.PreventionKind.DESCRIPTOR

FULFILMENT_RATE = Indicator(
    code="mediation.fulfilment_rate",
    zh="协议履行率",
    form=Form.RATIO,
    department="mediation",
    better=Better.UP,
    flows=(
        Flow(
            DISPUTE,
            when=d.fulfilment_due,
            judged=once_due(d.fulfilled_date, d.fulfilment_due),
            of=(fulfilled,),
        ),
    ),
    unit="%",
    work=Work("尚未履行的协议", "督促履行", (Task(Census(DISPUTE, d.closed_date, of=(fulfilled,)), d.fulfilment_due),)),
)
JUDICIAL_CONFIRMATIONS = Indicator(
    code="mediation.judicial_confirmations",
    zh="司法确认数",
    form=Form.COUNT,
    department="mediation",
    better=Better.NONE,
    flows=(Flow(DISPUTE, d.confirmed_date),),
)
RETURN_VISIT_RATE = Indicator(
    code="mediation.return_visit_rate",
    zh="回访率",
    form=Form.RATIO,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.duty-discussion-visit",),
    flows=(visit(1), visit(2)),
    unit="%",
    work=Work("待回访的纠纷", "回访", (visit_to_make(1), visit_to_make(2))),
)
ESCALATED_TO_CRIME = Indicator(
    code="mediation.escalated_to_crime",
    zh="民转刑案件数",
    form=Form.COUNT,
    department="mediation",
    better=Better.DOWN,
    clauses=("mediation.no-escalation",),
    flows=(Flow(DISPUTE, d.escalated_crime_date),),
)
MASS_INCIDENTS = Indicator(
    code="mediation.mass_incidents",
    zh="群体性事件数",
    form=Form.COUNT,
    department="mediation",
    better=Better.DOWN,
    clauses=("mediation.no-escalation",),
    flows=(Flow(DISPUTE, d.escalated_mass_date),),
)
ESCALATIONS_PREVENTED = Indicator(
    code="mediation.escalations_prevented",
    zh="防止激化数",
    form=Form.COUNT,
    department="mediation",
    better=Better.NONE,
    clauses=("mediation.no-escalation",),
    flows=(
        prevented(pb.PREVENTION_KIND_CRIME, d.prevented_crime_date),
        prevented(pb.PREVENTION_KIND_MASS_INCIDENT, d.prevented_mass_date),
        prevented(pb.PREVENTION_KIND_SUICIDE, d.prevented_suicide_date),
        prevented(pb.PREVENTION_KIND_ARMED_FIGHT, d.prevented_fight_date),
    ),
    key_enum={"kind": PREVENTION_KIND},
)

INDICATORS = (
    FULFILMENT_RATE,
    JUDICIAL_CONFIRMATIONS,
    RETURN_VISIT_RATE,
    ESCALATED_TO_CRIME,
    MASS_INCIDENTS,
    ESCALATIONS_PREVENTED,
)
