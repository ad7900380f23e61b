"""What counts as a sign of a fault."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.chaos.watch import Watch


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    """Watch an installation that has a log and has said something."""
    (tmp_path / "logs").mkdir()
    installation = SimpleNamespace(output=tmp_path / "output.txt")
    system: Any = SimpleNamespace(home=SimpleNamespace(logs=tmp_path / "logs"), installation=installation)
    return Watch(system)


def test_a_counter_that_moves_and_a_gauge_out_of_its_usual_place_are_signs(watch: Watch) -> None:
    """What is there at the first look is usual; a leader that is none, and an old outbox, are not."""
    usual = {'geju_relay_failures_total{of="nats"}': 3.0, "geju_relay_leader": 1.0, "geju_outbox_oldest_seconds": 1.0}
    assert [] == list(watch._unusual("mediation", usual))
    assert [] == list(watch._unusual("mediation", usual))
    worse = {'geju_relay_failures_total{of="nats"}': 4.0, "geju_relay_leader": 0.0, "geju_outbox_oldest_seconds": 9.0}
    assert 3 == len(list(watch._unusual("mediation", worse)))


def test_only_new_warnings_of_the_log_are_signs(watch: Watch, tmp_path: Path) -> None:
    """A line is read once; what is no entry, or no warning, is passed over."""
    log = tmp_path / "logs" / "mediation.log"
    log.write_text('{"level": "warning", "event": "nats"}\nnonsense\n{"level": "info", "event": "leads"}\n', "utf-8")
    assert ["mediation: log nats"] == list(watch._logged())
    assert [] == list(watch._logged())
    with log.open("a", encoding="utf-8") as file:
        file.write('{"level": "error", "event": "call_failed"}\n{"level": "info", "event": "consumer_restarts"}\n')
    assert ["mediation: log call_failed", "mediation: log consumer_restarts"] == list(watch._logged())


def test_a_sign_that_was_there_before_is_not_the_faults(watch: Watch) -> None:
    """The first new sign since the beginning counts."""
    watch.signs = [(99.0, "old"), (101.0, "old"), (102.5, "new"), (103.0, "newer")]
    assert (2.5, "new") == watch.first(100.0)
    assert None is watch.first(104.0)
