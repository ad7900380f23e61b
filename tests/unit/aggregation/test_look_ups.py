"""What censuses look up is found, not searched for."""

from __future__ import annotations

import pytest

from services.aggregation import catalogue, sql
from services.aggregation.plan import Plan

PLAN = Plan(catalogue.INDICATORS, "p")
LOOKING = [i for i in catalogue.INDICATORS if sql.look_ups(*(e for s in i.sources for e in s.expressions))]


def test_records_of_a_person_are_found_by_an_index() -> None:
    """Ten thousand visits are not read for each of a thousand persons."""
    for table in ("duty", "absconding", "new_offence", "released_visit", "placement", "helping_agreement"):
        assert f'create index on p.f_{table} ("person")' in PLAN.indexes


def test_cases_are_found_by_their_handlers_whether_the_last_or_an_earlier_one() -> None:
    """Every case of a district is not read for each practitioner and year; a set is found by what it holds."""
    assert 'create index on p.f_aid_case ("practitioner")' in PLAN.indexes
    assert 'create index on p.f_aid_case using gin ("former_practitioner")' in PLAN.indexes


def test_what_a_year_adds_up_to_is_found_by_an_index() -> None:
    """Nor all trainings for each practitioner."""
    for table, key in (
        ("training", "practitioner"), ("yearly_assessment", "practitioner"), ("yearly_assessment", "firm"),
        ("firm_status", "firm"), ("counsel_contract", "place"), ("pairing", "office"), ("pairing", "project"),
    ):  # fmt: skip
        assert f'create index on p.f_{table} ("{key}")' in PLAN.indexes


@pytest.mark.parametrize("code", sorted(i.code for i in LOOKING if i.area in {"correction", "resettlement"}))
def test_every_look_up_of_a_persons_records_has_a_key(code: str) -> None:
    """A look-up written so that no index could serve it is seen here."""
    assert {"person"} == {key.name for s in catalogue.BY_CODE[code].sources for key in sql.keys(*s.expressions)}
