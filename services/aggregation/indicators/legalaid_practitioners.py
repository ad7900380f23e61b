"""What practitioners and firms do for legal aid: a case a year, fees reduced or waived (人均一件、减免)."""

from __future__ import annotations

from datetime import date

from geju.legalaid.v1.facts_pb2 import FeeReliefFacts
from geju.legalservices.v1 import practitioner_pb2 as pp
from sqlalchemy import ColumnElement, Date, Integer, Text, case, cast, column, exists, func, literal

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Steps, Work
from services.aggregation.indicators.legalaid_cases import a
from services.aggregation.indicators.legalservices_complaints import PRACTITIONER, p
from services.aggregation.periods import Level
from services.aggregation.sql import AS_OF, KNOWN, START, earliest, happened, holding, outer
from services.aggregation.tables import facts_table

RELIEF = facts_table(FeeReliefFacts)
OWING = (pp.PRACTITIONER_KIND_LAWYER, pp.PRACTITIONER_KIND_GRASSROOTS)

me = cast(outer(p["_id"]), Text)
# Aid may begin before the grant; then its first day is no day of assignment.
first_day = earliest(a.provided_date, a.first_assigned_date)
own_first_day = case((func.cardinality(a.former_practitioner) == 0, first_day), else_=a.assigned_date)
last_day = earliest(a.closed_date, a.ended_date)


def in_year(since: ColumnElement[date], until: ColumnElement[date]) -> ColumnElement[bool]:
    """Tell whether a time, to this day where it has no end, has a day of the year."""
    return (since <= AS_OF) & (until.is_(None) | (until >= START))


def held(*mine: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tell whether a case that aid is granted in, by now, was the practitioner's on a day of the year."""
    return happened(literal(1, Integer), (*mine, a.granted_date <= KNOWN, ~a.deleted)) > 0


# One handler at a time: each of the former ones has days of the own.
terms = func.unnest(a.former_practitioner, a.former_from_date, a.former_until_date).table_valued(
    column("who", Text), column("since", Date), column("until", Date)
)
term = terms.render_derived("term").c
was_mine = exists().where(term.who == me, in_year(term.since, term.until))
reached = held(a.practitioner == me, in_year(own_first_day, last_day)) | held(
    holding(a.former_practitioner, me), was_mine
)
owes = Condition(p.kind.in_(OWING), "owes_none", "不是律师或基层法律服务工作者")
# Both are failed by whoever has none; which is said tells whether one can still come.
not_waiting = Condition(
    (KNOWN > AS_OF) | (p.licensed_to_date < AS_OF) | reached, "no_case_yet", "年度未结束,尚未承办援助案件"
)
has_case = Condition(reached, "no_case", "当年未承办援助案件")

PRACTITIONER_DUTY_RATE = Indicator(
    code="legalaid.practitioner_duty_rate",
    zh="人均一件达标率",
    form=Form.QUOTA,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.duty",),
    censuses=(
        Census(
            PRACTITIONER,
            p.licensed_from_date,
            p.licensed_to_date,
            over=(owes,),
            of=(not_waiting, has_case),
            window=True,
        ),
    ),
    unit="%",
    levels=frozenset({Level.YEAR}),
    note="当年任何一天在执业的律师和基层法律服务工作者,按现所在机构的单位计;有一件给予援助的案件当年某日由其承办的为达标,"
    "改派前的承办人也计;年度未结束时,尚未达标的也计入总数。",
    work=Work(
        "今年尚未承办援助案件的执业人员",
        "承办一件援助案件",
        steps=(Steps(cast(reached, Integer), 1, "人"),),
    ),
)
FEE_RELIEF_CASES = Indicator(
    code="legalaid.fee_relief_cases",
    zh="减免服务费数",
    form=Form.COUNT,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.fee-relief",),
    flows=(Flow(RELIEF, RELIEF.c.granted_date),),
)

INDICATORS = (PRACTITIONER_DUTY_RATE, FEE_RELIEF_CASES)
