"""Bases for transitional resettlement and for public-benefit work, and how full they are (基地)."""

from __future__ import annotations

from geju.correction.v1.facts_pb2 import BaseStayFacts, ResettlementBaseFacts
from sqlalchemy import BigInteger, literal

from services.aggregation.indicator import Better, Census, Form, Indicator
from services.aggregation.tables import facts_table

BASE = facts_table(ResettlementBaseFacts)
STAY = facts_table(BaseStayFacts)
base, stay = BASE.c, STAY.c
NOTHING = literal(0, BigInteger)

BASES = Indicator(
    code="resettlement.bases",
    zh="安置及公益劳动基地数",
    form=Form.STOCK,
    department="correction",
    better=Better.UP,
    clauses=("resettlement.bases",),
    censuses=(Census(BASE, base.from_date, base.to_date, by={"kind": base.kind}),),
    unit="个",
)
BASE_PLACES = Indicator(
    code="resettlement.base_places",
    zh="基地容量利用率",
    form=Form.SHARE,
    department="correction",
    better=Better.NONE,
    clauses=("resettlement.bases",),
    censuses=(
        Census(STAY, stay.from_date, stay.to_date, total=NOTHING, by={"kind": stay.kind}),
        Census(BASE, base.from_date, base.to_date, n=NOTHING, total=base.places, by={"kind": base.kind}),
    ),
    sensitive=frozenset({"kind"}),
    unit="%",
)

INDICATORS = (BASES, BASE_PLACES)
