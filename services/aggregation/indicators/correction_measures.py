"""What was decided against violations, and the help given to persons under correction (违规处理、帮困解难)."""

from __future__ import annotations

from geju.correction.v1 import measure_pb2 as pb
from geju.correction.v1.facts_pb2 import HelpActFacts, MeasureFacts

from services.aggregation.indicator import Better, Condition, Flow, Form, Indicator
from services.aggregation.tables import facts_table

MEASURE = facts_table(MeasureFacts)
HELP = facts_table(HelpActFacts)
m, h = MEASURE.c, HELP.c

AGAINST_VIOLATIONS = (
    pb.MEASURE_KIND_REPRIMAND,
    pb.MEASURE_KIND_WARNING,
    pb.MEASURE_KIND_PROPOSE_PENALTY,
    pb.MEASURE_KIND_PROPOSE_REVOKE,
    pb.MEASURE_KIND_PROPOSE_RETURN,
)
TAKEN = (pb.Measure.STATE_DECIDED, pb.Measure.STATE_ANSWERED)

against_violation = Condition(m.kind.in_(AGAINST_VIOLATIONS), "no_violation", "表扬或减刑,不是违规处理")
taken = Condition(m.state.in_(TAKEN), "not_decided", "未决定采取")
under_correction = Condition(~h.released, "released_person", "帮扶的是归正人员")

VIOLATIONS = Indicator(
    code="correction.violations",
    zh="违规处理数",
    form=Form.COUNT,
    department="correction",
    better=Better.DOWN,
    clauses=("correction.supervision",),
    flows=(Flow(MEASURE, m.decided_date, over=(against_violation, taken), by={"kind": m.kind}),),
    sensitive=frozenset({"kind"}),
)
HELP_GIVEN = Indicator(
    code="correction.help_given",
    zh="帮困解难数",
    form=Form.COUNT,
    department="correction",
    better=Better.UP,
    clauses=("correction.education",),
    flows=(Flow(HELP, h.given_date, over=(under_correction,), by={"kind": h.kind}),),
    sensitive=frozenset({"kind"}),
)

INDICATORS = (VIOLATIONS, HELP_GIVEN)
