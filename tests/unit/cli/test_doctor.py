"""What the doctor reads out of a service's metrics."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry, Counter, generate_latest

from services.cli.doctor import reactions
from services.cli.doctor.finding import Level


def page(*outcomes: str) -> str:
    """Return the metrics of a service that has reacted with these outcomes."""
    registry = CollectorRegistry()
    counter = Counter("geju_reactions", "示例", ("service", "kind", "change", "outcome"), registry=registry)
    for outcome in outcomes:
        counter.labels("correction", "supervised_person", "ended", outcome).inc()
    return generate_latest(registry).decode()


@pytest.mark.parametrize(("outcomes", "level"), [((), Level.OK), (("done", "retried"), Level.OK)])
def test_reactions_that_were_made_are_well(outcomes: tuple[str, ...], level: Level) -> None:
    """What was done, or is tried again, needs nobody."""
    found = reactions.finding("correction", page(*outcomes))
    assert found is not None
    assert level == found.level


def test_a_refused_reaction_is_named_with_what_to_do() -> None:
    """It is bad: what should have followed has not, and nobody was told."""
    found = reactions.finding("correction", page("done", "refused", "refused"))
    assert found is not None
    assert (Level.BAD, "被规则拒绝:supervised_person/ended 2 次") == (found.level, found.found)
    assert "logs/correction.log" in found.advice


def test_a_service_without_reactions_is_left_out() -> None:
    """Nothing is said of what a service does not do."""
    assert None is reactions.finding("mediation", "")
