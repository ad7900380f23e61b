"""Funds of every department, by earmark (经费)."""

from __future__ import annotations

from geju.funds.v1 import fund_entry_pb2 as pb
from geju.funds.v1.facts_pb2 import FundEntryFacts
from sqlalchemy import BigInteger, literal

from services.aggregation.indicator import Better, Condition, Flow, Form, Indicator
from services.aggregation.periods import Level
from services.aggregation.sql import year_start
from services.aggregation.tables import facts_table

ENTRY = facts_table(FundEntryFacts)
e = ENTRY.c
YEARLY = frozenset({Level.YEAR})
CLAUSES = ("work.funds",)
BY = {"earmark": e.earmark}
NOTHING = literal(0, BigInteger)

budgeted = Condition(e.kind == pb.FUND_ENTRY_KIND_BUDGET, "not_budget", "不是预算")
spent = Condition(e.kind == pb.FUND_ENTRY_KIND_SPENDING, "not_spending", "不是支出")

BUDGET = Indicator(
    code="funds.budget",
    zh="经费预算额",
    form=Form.SUM,
    department="every",
    better=Better.NONE,
    clauses=CLAUSES,
    flows=(Flow(ENTRY, year_start(e.year), e.entry_date, over=(budgeted,), n=e.amount_fen, by=BY),),
    unit="元",
    scale=100,
    levels=YEARLY,
)
SPENT = Indicator(
    code="funds.spent",
    zh="经费支出额",
    form=Form.SUM,
    department="every",
    better=Better.NONE,
    clauses=CLAUSES,
    flows=(Flow(ENTRY, e.entry_date, over=(spent,), n=e.amount_fen, by=BY),),
    unit="元",
    scale=100,
)
EXECUTION_RATE = Indicator(
    code="funds.execution_rate",
    zh="预算执行率",
    form=Form.RATIO,
    department="every",
    better=Better.NONE,
    clauses=CLAUSES,
    flows=(
        Flow(ENTRY, year_start(e.year), e.entry_date, over=(spent,), n=e.amount_fen, total=NOTHING, by=BY),
        Flow(ENTRY, year_start(e.year), e.entry_date, over=(budgeted,), n=NOTHING, total=e.amount_fen, by=BY),
    ),
    unit="%",
    scale=100,
    levels=YEARLY,
)
BUDGET_GROWTH = Indicator(
    code="funds.budget_growth",
    zh="经费预算同比增长",
    form=Form.GROWTH,
    department="every",
    better=Better.UP,
    clauses=CLAUSES,
    base="funds.budget",
    by_base=("earmark",),
    unit="%",
    scale=100,
    levels=YEARLY,
)

INDICATORS = (BUDGET, SPENT, EXECUTION_RATE, BUDGET_GROWTH)
