"""Piece rates: offices that pay by them, and what was paid (以奖代补)."""

from __future__ import annotations

from geju.mediation.v1.facts_pb2 import PieceRateStatementFacts, RateSchemeFacts

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Work
from services.aggregation.sql import covered, outer
from services.aggregation.tables import OFFICES, facts_table

STATEMENT = facts_table(PieceRateStatementFacts)
SCHEME = facts_table(RateSchemeFacts)
statement, scheme = STATEMENT.c, SCHEME.c

has_scheme = Condition(
    covered((scheme.from_date, scheme.to_date), where=(scheme.office == outer(OFFICES.c["_id"]), ~scheme.deleted)),
    "no_scheme",
    "未实施以奖代补",
)

PIECE_RATE_COVERAGE = Indicator(
    code="mediation.piece_rate_coverage",
    zh="以奖代补实施率",
    form=Form.SHARE,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.rewards",),
    censuses=(Census(OFFICES, OFFICES.c.since, OFFICES.c.last_day, of=(has_scheme,)),),
    unit="%",
    work=Work("未实施以奖代补的司法所", "制定以奖代补办法"),
)
SUBSIDY_PAID = Indicator(
    code="mediation.subsidy_paid",
    zh="调解补贴发放额",
    form=Form.SUM,
    department="mediation",
    better=Better.NONE,
    clauses=("mediation.rewards",),
    flows=(Flow(STATEMENT, statement.paid_date, n=statement.amount_fen),),
    unit="元",
    scale=100,
)

INDICATORS = (PIECE_RATE_COVERAGE, SUBSIDY_PAID)
