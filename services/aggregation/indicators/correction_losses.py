"""What must not happen under correction: absconding, whereabouts unknown, a new offence (脱管、失控、重新犯罪)."""

from __future__ import annotations

from dataclasses import replace

from geju.correction.v1.facts_pb2 import AbscondingFacts, NewOffenceFacts
from sqlalchemy import Text, cast

from services.aggregation.indicator import Better, Census, Condition, Form, Indicator
from services.aggregation.indicators.correction_persons import PERSON, p
from services.aggregation.sql import covered_in_period, outer, plus
from services.aggregation.tables import facts_table

ABSCONDING = facts_table(AbscondingFacts)
OFFENCE = facts_table(NewOffenceFacts)
a, o = ABSCONDING.c, OFFENCE.c
# Whoever was under correction on any day of a period counts once in it, however often or long.
SOME_DAY = Census(PERSON, p.taken_over_date, p.ended_date, window=True)

absconded = Condition(
    covered_in_period((a.from_date, a.to_date), where=(a.person == cast(outer(p["_id"]), Text), ~a.deleted)),
    "not_absconded",
    "本期内无脱管",
)
offended = Condition(
    covered_in_period(
        (o.committed_date, o.committed_date),
        where=(o.person == cast(outer(p["_id"]), Text), ~o.released, ~o.deleted),
    ),
    "no_new_offence",
    "本期内未重新犯罪",
)

ABSCONDING_RATE = Indicator(
    code="correction.absconding_rate",
    zh="脱管率",
    form=Form.RATIO,
    department="correction",
    better=Better.DOWN,
    clauses=("correction.no-loss",),
    censuses=(replace(SOME_DAY, of=(absconded,)),),
    office_sensitive=True,
    unit="%",
)
OUT_OF_CONTROL = Indicator(
    code="correction.out_of_control",
    zh="失控数",
    form=Form.STOCK,
    department="correction",
    better=Better.DOWN,
    clauses=("correction.no-loss",),
    censuses=(Census(ABSCONDING, plus(a.unknown_due, 1), a.to_date, ended=("found", "已找到")),),
    office_sensitive=True,
    unit="人",
)
REOFFENDING_RATE = Indicator(
    code="correction.reoffending_rate",
    zh="矫正期间重新犯罪率",
    form=Form.RATIO,
    department="correction",
    better=Better.DOWN,
    clauses=("correction.reoffending",),
    censuses=(replace(SOME_DAY, of=(offended,)),),
    office_sensitive=True,
    unit="%",
)

INDICATORS = (ABSCONDING_RATE, OUT_OF_CONTROL, REOFFENDING_RATE)
