"""Facts of the registers say what counts, and nothing of the person."""

from __future__ import annotations

from typing import Any

import pytest
from geju.common.v1.limit_pb2 import Limit
from geju.mediation.v1 import (
    breach_pb2,
    building_pb2,
    centre_pb2,
    committee_pb2,
    facts_pb2,
    mediator_pb2,
    piece_rate_statement_pb2,
    premises_pb2,
    rate_scheme_pb2,
    reception_day_pb2,
    screening_pb2,
    warning_pb2,
)

from services.mediation import register_facts
from tests.unit.mediation.district import UUID, on, ref

FROM, TO = on(2010, 1, 1), on(2012, 3, 1)
CASES = [
    (
        register_facts.committee,
        committee_pb2.Committee(
            title="北一村调委会",
            kind=committee_pb2.COMMITTEE_KIND_VILLAGE,
            level=committee_pb2.COMMITTEE_LEVEL_VILLAGE,
            places=["north-1"],
            from_date=FROM,
        ),
        facts_pb2.CommitteeFacts(
            kind=committee_pb2.COMMITTEE_KIND_VILLAGE,
            level=committee_pb2.COMMITTEE_LEVEL_VILLAGE,
            places=["north-1"],
            from_date=FROM,
        ),
    ),
    (
        register_facts.centre,
        centre_pb2.Centre(title="示例中心", level=centre_pb2.CENTRE_LEVEL_STREET, from_date=FROM, to_date=TO),
        facts_pb2.CentreFacts(level=centre_pb2.CENTRE_LEVEL_STREET, from_date=FROM, to_date=TO),
    ),
    (
        register_facts.building,
        building_pb2.Building(households=120, officer_name="张某某", officer_from_date=TO, from_date=FROM),
        facts_pb2.BuildingFacts(households=120, officer_from_date=TO, from_date=FROM),
    ),
    (
        register_facts.mediator,
        mediator_pb2.Mediator(
            full_name="测试甲",
            committee=ref("committees"),
            employment=mediator_pb2.MEDIATOR_EMPLOYMENT_FULL_TIME,
            background=mediator_pb2.MEDIATOR_BACKGROUND_LAWYER,
            training_hours=12,
            from_date=FROM,
            to_date=TO,
            ending=mediator_pb2.MEDIATOR_ENDING_TERM,
        ),
        facts_pb2.MediatorFacts(
            committee=UUID.format(1),
            employment=mediator_pb2.MEDIATOR_EMPLOYMENT_FULL_TIME,
            background=mediator_pb2.MEDIATOR_BACKGROUND_LAWYER,
            training_hours=12,
            from_date=FROM,
            to_date=TO,
            ending=mediator_pb2.MEDIATOR_ENDING_TERM,
        ),
    ),
    (
        register_facts.breach,
        breach_pb2.Breach(
            mediator=ref("mediators"),
            kind=breach_pb2.BREACH_KIND_LEAK,
            measure=breach_pb2.BREACH_MEASURE_CORRECTION,
            found_date=TO,
            note="示例",
        ),
        facts_pb2.BreachFacts(
            mediator=UUID.format(1),
            kind=breach_pb2.BREACH_KIND_LEAK,
            measure=breach_pb2.BREACH_MEASURE_CORRECTION,
            found_date=TO,
        ),
    ),
    (
        register_facts.screening,
        screening_pb2.Screening(
            month_date=on(2012, 2, 1),
            reported_date=TO,
            disputes_found=3,
            unstable_factors=1,
            note="示例",
            limits=[Limit(due=on(2012, 3, 5))],
        ),
        facts_pb2.ScreeningFacts(
            month_date=on(2012, 2, 1),
            reported_date=TO,
            report_due=on(2012, 3, 5),
            disputes_found=3,
            unstable_factors=1,
        ),
    ),
    (
        register_facts.warning,
        warning_pb2.Warning(
            level=warning_pb2.WARNING_LEVEL_RED,
            people=30,
            source=warning_pb2.WARNING_SOURCE_MEDIATOR,
            state=warning_pb2.Warning.STATE_SETTLED,
            raised_by="张某某",
            raised_date=FROM,
            settled_date=TO,
            limits=[Limit(due=TO)],
        ),
        facts_pb2.WarningFacts(
            level=warning_pb2.WARNING_LEVEL_RED,
            people=30,
            source=warning_pb2.WARNING_SOURCE_MEDIATOR,
            state=warning_pb2.Warning.STATE_SETTLED,
            raised_date=FROM,
            settled_date=TO,
            settle_due=TO,
        ),
    ),
    (
        register_facts.reception_day,
        reception_day_pb2.ReceptionDay(
            kind=reception_day_pb2.RECEPTION_KIND_PETITION,
            held_date=TO,
            lawyers=[ref("practitioners", 1), ref("practitioners", 2)],
            visitors=7,
            disputes_taken_in=2,
        ),
        facts_pb2.ReceptionDayFacts(
            kind=reception_day_pb2.RECEPTION_KIND_PETITION,
            held_date=TO,
            lawyers_present=2,
            visitors=7,
            disputes_taken_in=2,
        ),
    ),
    (
        register_facts.piece_rate_statement,
        piece_rate_statement_pb2.PieceRateStatement(
            mediator=ref("mediators"),
            month_date=FROM,
            state=piece_rate_statement_pb2.PieceRateStatement.STATE_PAID,
            lines=[piece_rate_statement_pb2.StatementLine(dispute=ref("disputes"))],
            gross_fen=9000,
            amount_fen=8000,
            approved_date=TO,
            paid_date=TO,
        ),
        facts_pb2.PieceRateStatementFacts(
            mediator=UUID.format(1),
            month_date=FROM,
            state=piece_rate_statement_pb2.PieceRateStatement.STATE_PAID,
            disputes=1,
            amount_fen=8000,
            approved_date=TO,
            paid_date=TO,
        ),
    ),
    (
        register_facts.rate_scheme,
        rate_scheme_pb2.RateScheme(title="示例文件", from_date=FROM, to_date=TO),
        facts_pb2.RateSchemeFacts(from_date=FROM, to_date=TO),
    ),
    (
        register_facts.premises,
        premises_pb2.Premises(reached_date=FROM, area=200, standard="示例"),
        facts_pb2.PremisesFacts(reached_date=FROM, area=200),
    ),
]


@pytest.mark.parametrize(("to_facts", "record", "expected"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_facts_hold_what_counts(to_facts: Any, record: Any, expected: Any) -> None:
    """The facts of a record are its codes, days and numbers; what is unset stays unset."""
    assert expected == to_facts(record)


@pytest.mark.parametrize(("to_facts", "record", "expected"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_facts_fill_every_field_that_the_record_has(to_facts: Any, record: Any, expected: Any) -> None:
    """No field of the facts is left to chance: each is copied, referred to, or computed."""
    own = {f.name for f in expected.DESCRIPTOR.fields if f.number >= 10}
    shared = {name for name in own if name in record.DESCRIPTOR.fields_by_name}
    full = type(record)()
    for name in shared:
        _set_something(full, name)
    assert shared <= {field.name for field, _ in to_facts(full).ListFields()}


def _set_something(record: Any, name: str) -> None:
    field = record.DESCRIPTOR.fields_by_name[name]
    if field.message_type is not None:
        getattr(record, name).CopyFrom(FROM)
    elif field.is_repeated:
        getattr(record, name).append("north-1")
    elif field.type == field.TYPE_STRING:
        setattr(record, name, ref("committees"))
    else:
        setattr(record, name, 1)
