"""Declarations that could not be counted rightly are refused when they are imported."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func

from services.aggregation import catalogue, plan_census, sql
from services.aggregation.catalogue import CatalogueError
from services.aggregation.indicator import Condition, Flow, Form
from services.aggregation.indicators.mediation_intake import ACCEPTED, DISPUTE, d
from services.aggregation.indicators.mediation_registers import CENTRES, COMMITTEES, MEDIATORS
from services.aggregation.indicators.mediation_rounds import SCREENING_RATE
from services.aggregation.plan import Plan
from services.aggregation.sql import covered_in_period


def test_a_wrong_column_fails_at_once() -> None:
    """A field that the facts do not have is no attribute."""
    with pytest.raises(AttributeError):
        _ = d.accepted_on


def test_a_code_is_given_once() -> None:
    """Two indicators of one code are refused."""
    with pytest.raises(CatalogueError, match="taken"):
        catalogue.check([ACCEPTED, ACCEPTED])


def test_a_clause_must_be_known() -> None:
    """A clause that the plan does not have is refused."""
    with pytest.raises(CatalogueError, match="no such clause"):
        catalogue.check([replace(ACCEPTED, clauses=("mediation.nothing",))])


def test_a_form_has_its_declaration() -> None:
    """A stock is declared by a census."""
    with pytest.raises(CatalogueError, match="census"):
        catalogue.check([replace(ACCEPTED, form=Form.STOCK)])


def test_censuses_that_share_an_indicator_are_one_part() -> None:
    """Two tables that add up to one figure are counted, rewritten and cleared together, with what shares a table."""
    of_committees, of_centres = COMMITTEES.censuses[0], CENTRES.censuses[0]
    both = replace(COMMITTEES, code="test.both", censuses=(replace(of_committees, by={}), replace(of_centres, by={})))
    parts = plan_census.parts_of([COMMITTEES, CENTRES, MEDIATORS, both])
    codes = {"mediation.centres", "mediation.committees", "test.both"}
    assert [sorted(codes), ["mediation.mediators"]] == [part.codes for part in parts]


def test_a_flow_has_no_period_to_look_into() -> None:
    """What happened on any day of the period is asked by a census."""
    happened = covered_in_period((d.closed_date, d.closed_date), where=())
    flow = replace(ACCEPTED.flows[0], over=(Condition(happened, "never", "无"),))
    with pytest.raises(CatalogueError, match="within a period"):
        catalogue.check([replace(ACCEPTED, flows=(flow,))])


def test_a_flow_is_not_settled_after_its_period() -> None:
    """What settles a period after its end is asked by a census: a flow knows the date asked for alone."""
    flow = replace(ACCEPTED.flows[0], over=(Condition(d.closed_date <= sql.KNOWN, "open", "未结"),))
    with pytest.raises(CatalogueError, match="within a period"):
        catalogue.check([replace(ACCEPTED, flows=(flow,))])


def test_a_date_that_may_lie_after_the_period_is_held_against_the_date_asked_for() -> None:
    """It is not masked by the period's end; every other date is."""
    rendered = sql.at((d.closed_date <= sql.KNOWN) & (d.accepted_date <= sql.AS_OF), "p.at", "p.start", "p.known")
    assert "f_dispute.closed_date <= p.known" in rendered
    assert "f_dispute.accepted_date <= p.at" in rendered
    assert frozenset({d.closed_date}) == sql.late(d.closed_date <= sql.KNOWN, d.accepted_date <= sql.AS_OF)


def test_what_happened_in_a_period_may_be_held_against_what_is_in_force_at_its_end() -> None:
    """A ratio may be made of both; a mean or a count of what is in force may not."""
    centres = CENTRES.censuses[0]
    happened = replace(centres, until=centres.since, window=True)
    catalogue.check([replace(CENTRES, form=Form.RATIO, censuses=(happened, centres))])
    for wrong in (Form.COUNT, Form.MEAN, Form.QUOTA):
        with pytest.raises(CatalogueError, match=r"declared by|any day"):
            catalogue.check([replace(CENTRES, form=wrong, censuses=(happened, centres))])


def test_numbers_become_keys() -> None:
    """A key stands for a number; one that none stands for is unspecified."""
    rendered = sql.render(sql.keyed(d.type, {1: "one"}))
    assert "THEN CAST('one' AS TEXT) ELSE CAST('unspecified' AS TEXT)" in rendered


def test_a_sensitive_breakdown_can_be_withheld() -> None:
    """Its keys are known, so that an empty cell can go with a small one; a sum of amounts has no small cells."""
    catalogue.check([replace(ACCEPTED, sensitive=frozenset({"type"}))])
    paid = catalogue.BY_CODE["funds.spent"]
    for wrong in (
        replace(ACCEPTED, sensitive=frozenset({"office"})),
        replace(paid, form=Form.COUNT, sensitive=frozenset({"earmark"})),
        replace(paid, sensitive=frozenset({"earmark"})),
    ):
        with pytest.raises(CatalogueError, match="cell"):
            catalogue.check([wrong])


def test_a_sum_of_keys_that_is_told_leaves_more_than_one_on_either_side() -> None:
    """Of a single key, or of all but one, the sum would be the cell."""
    keys = catalogue.closed_keys(ACCEPTED, "type")
    sensitive = replace(ACCEPTED, sensitive=frozenset({"type"}))
    catalogue.check([replace(sensitive, told={"type": frozenset(keys[:2])})])
    for wrong in (keys[:1], keys[1:], keys):
        with pytest.raises(CatalogueError, match="would tell"):
            catalogue.check([replace(sensitive, told={"type": frozenset(wrong)})])


def test_a_look_up_of_a_flow_is_seen_in_a_breakdown_too() -> None:
    """A key read from another table would not follow its changes."""
    key = sql.looked_up(COMMITTEES.censuses[0].table.c.kind, where=())
    flow = replace(ACCEPTED.flows[0], by={"type": key, "channel": d.channel})
    with pytest.raises(CatalogueError, match="link"):
        catalogue.check([replace(ACCEPTED, flows=(flow,))])


def test_a_bucket_date_must_be_the_same_with_and_without_the_future() -> None:
    """A coalesce would move a record to another month once a date has come; it is refused."""
    flow = Flow(DISPUTE, func.coalesce(d.closed_date, d.accepted_date))
    with pytest.raises(TypeError, match="earliest"):
        catalogue.check([replace(ACCEPTED, flows=(flow,))])


def test_a_look_up_must_say_which_cells_it_touches() -> None:
    """A flow that reads another table without a link would miss its changes."""
    flow = replace(SCREENING_RATE.flows[0], links=())
    with pytest.raises(CatalogueError, match="link"):
        catalogue.check([replace(SCREENING_RATE, flows=(flow,))])


def test_what_has_not_happened_yet_is_unknown_and_due_dates_are_known() -> None:
    """Dates of events are masked by the moment, due dates and months are not."""
    assert "CASE" in sql.at(d.closed_date, "$1::date")
    assert "CASE" not in sql.at(d.close_due, "$1::date")


def test_the_fingerprint_follows_the_declarations() -> None:
    """Another condition is another projection; the same catalogue is the same."""
    plan = Plan(catalogue.INDICATORS)
    changed = [
        replace(i, flows=(replace(i.flows[0], judged=d.closed_date),)) if i is ACCEPTED else i for i in plan.indicators
    ]
    assert plan.fingerprint == Plan(catalogue.INDICATORS).fingerprint
    assert plan.fingerprint != Plan(changed).fingerprint


def test_keys_have_the_labels_of_the_contract() -> None:
    """A breakdown's keys are short names of enum values, shown by their Chinese label."""
    prevented = catalogue.BY_CODE["mediation.escalations_prevented"]
    assert ["拖欠工资", "防止自杀", "x"] == [
        catalogue.key_label(ACCEPTED, "type", "unpaid_wages"),
        catalogue.key_label(prevented, "kind", "suicide"),
        catalogue.key_label(catalogue.BY_CODE["funds.budget_growth"], "earmark", "x"),
    ]
