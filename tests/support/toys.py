"""A small catalogue of what is in force, declared in every way that it can be; its facts are those of correction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from geju.correction.v1.facts_pb2 import (
    AbscondingFacts,
    BaseStayFacts,
    CorrectionOfficerFacts,
    HelpingAgreementFacts,
    ReleasedPersonFacts,
    ResettlementBaseFacts,
    SupervisedPersonFacts,
)
from sqlalchemy import BigInteger, Text, cast, literal

from services.aggregation import board, catalogue, plans
from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator
from services.aggregation.sql import covered, covered_in_period, earliest, outer
from services.aggregation.tables import facts_table

PERSON, ABSCONDING = facts_table(SupervisedPersonFacts), facts_table(AbscondingFacts)
OFFICER = facts_table(CorrectionOfficerFacts)
BASE, STAY = facts_table(ResettlementBaseFacts), facts_table(BaseStayFacts)
RELEASED, AGREEMENT = facts_table(ReleasedPersonFacts), facts_table(HelpingAgreementFacts)
NOTHING = literal(0, BigInteger)
away = Condition(
    covered_in_period(
        (ABSCONDING.c.from_date, ABSCONDING.c.to_date),
        where=(ABSCONDING.c.person == cast(outer(PERSON.c["_id"]), Text), ~ABSCONDING.c.deleted),
    ),
    "never_away",
    "期间内未脱管",
)
helped = Condition(
    covered(
        (AGREEMENT.c.from_date, AGREEMENT.c.to_date),
        where=(AGREEMENT.c.person == cast(outer(RELEASED.c["_id"]), Text), ~AGREEMENT.c.deleted),
    ),
    "no_agreement",
    "无在期帮教协议",
)


def toy(name: str, form: Form, *censuses: Census) -> Indicator:
    """Return an indicator of the toy catalogue."""
    return Indicator(f"toy.{name}", "测试", form, "correction", Better.NONE, censuses=censuses)


def held(table: Any, **options: Any) -> Census:
    """Return a census of what is in force from one date to another."""
    return Census(table, table.c.from_date, table.c.to_date, **options)


def released(name: str, form: Form, sensitive: frozenset[str] = frozenset(), **options: Any) -> Indicator:
    """Return an indicator of released persons, each with up to two offices."""
    until = earliest(RELEASED.c.closed_date, RELEASED.c.five_years_due)
    census = Census(RELEASED, RELEASED.c.registered_date, until, second=RELEASED.c.second_office, **options)
    return replace(toy(name, form, census), sensitive=sensitive)


TOYS = (
    # n from one table, N from another; two of them share a table, and so must be counted together.
    toy(
        "officers",
        Form.SHARE,
        held(OFFICER, n=literal(100, BigInteger), total=NOTHING),
        Census(PERSON, PERSON.c.taken_over_date, PERSON.c.ended_date, n=NOTHING),
    ),
    toy(
        "places",
        Form.SHARE,
        held(STAY, total=NOTHING, by={"kind": STAY.c.kind}),
        held(BASE, n=NOTHING, total=BASE.c.places, by={"kind": BASE.c.kind}),
    ),
    toy("bases", Form.STOCK, held(BASE, by={"kind": BASE.c.kind})),
    # Two offices: once in the district, at both ends in their own figures; with a look-up, and beside a single office.
    released("registered", Form.STOCK, frozenset({"household"}), by={"household": RELEASED.c.household}),
    released("helped", Form.SHARE, of=(helped,)),
    toy(
        "everybody",
        Form.STOCK,
        Census(RELEASED, RELEASED.c.linked_date, RELEASED.c.closed_date, second=RELEASED.c.second_office),
        Census(PERSON, PERSON.c.taken_over_date, PERSON.c.ended_date),
    ),
    # Distinct persons over a period, not a sum of its months.
    toy("away", Form.RATIO, Census(PERSON, PERSON.c.taken_over_date, PERSON.c.ended_date, of=(away,), window=True)),
)
# What must not point at a person: a count with its growth, and what counts at two offices.
RECEIVED = Indicator(
    "toy.received",
    "测试接收",
    Form.COUNT,
    "correction",
    Better.NONE,
    flows=(Flow(PERSON, PERSON.c.taken_over_date, by={"sentence": PERSON.c.sentence}),),
    sensitive=frozenset({"sentence"}),
)
RECEIVED_GROWTH = Indicator(
    "toy.received_growth",
    "测试接收增长",
    Form.GROWTH,
    "correction",
    Better.NONE,
    base="toy.received",
    by_base=("sentence",),
)
# The same where the sum of two keys is shown elsewhere.
TOLD = replace(RECEIVED, code="toy.told", told={"sentence": frozenset({"control", "parole"})})
SENSITIVE = (RECEIVED, RECEIVED_GROWTH, TOLD)


def install(patch: pytest.MonkeyPatch) -> None:
    """Put the toys into the catalogue of a service that is not started yet, until the patch is undone."""
    every = (*catalogue.INDICATORS, *TOYS, *SENSITIVE)
    catalogue.check(every)
    patch.setattr(catalogue, "INDICATORS", tuple(sorted(every, key=lambda indicator: indicator.code)))
    patch.setattr(catalogue, "BY_CODE", {indicator.code: indicator for indicator in every})
    forget()


def forget() -> None:
    """Have everything compiled anew from the catalogue."""
    for compiled in (plans.fingerprint, plans.plan_of, board._homes):
        compiled.cache_clear()
