"""The page of metrics."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.aggregation import catalogue
from services.aggregation.gauges import Gauges, current_periods
from services.aggregation.live import Current
from services.aggregation.rollup import Stored
from services.chassis.metrics import Metrics
from services.chassis.profile_file import load

PROFILE = load(Path(__file__).parents[3] / "deploy" / "districts" / "lucheng")
AS_OF = date(2012, 6, 1)
RATE = "mediation.success_rate"


class Table:
    """Stands for a connection: gives the stored figures it was made with."""

    def __init__(self, *rows: Stored) -> None:
        self.rows = rows

    async def fetch(self, *_: object) -> list[tuple[Any, ...]]:
        """Return every row."""
        return [(r.period, r.unit, r.indicator, r.breakdown, r.key, r.n, r.total) for r in self.rows]


@pytest.fixture
async def gauges() -> Gauges:
    """Load one figure."""
    gauges = Gauges(PROFILE, Metrics(process=False))
    row = Stored("2012-Q2", "wuma", RATE, "", "", 9, 10)
    await gauges.load(Table(row), Current("p_1", "1", AS_OF, datetime(2012, 6, 1, tzinfo=UTC)))  # type: ignore[arg-type]
    return gauges


def samples(page: bytes) -> dict[tuple[str, str, str, str], float]:
    """Read a page as Prometheus does."""
    return {
        (s.name, s.labels.get("indicator", s.labels.get("pattern", "")), s.labels["unit"], s.labels["period"]): s.value
        for family in text_string_to_metric_families(page.decode())
        for s in family.samples
    }


async def test_the_page_is_valid_and_its_labels_are_closed(gauges: Gauges) -> None:
    """Every label is a code of a list known beforehand, and each family stands in one piece."""
    page = gauges.render()
    found = samples(page)
    patterns = {p.code for p in PROFILE.patterns}
    units = {"district", PROFILE.code, *(o.code for o in PROFILE.offices)}
    periods = {"month", "quarter", "year", "month_before", "quarter_before", "year_before"}
    assert {code for _, code, _, _ in found} <= {i.code for i in catalogue.INDICATORS} | patterns | {""}
    assert units == {unit for _, _, unit, _ in found}
    assert periods == {period for _, _, _, period in found}
    types = re.findall(r"# TYPE (\S+)", page.decode())
    assert len(types) == len(set(types)) == 7


async def test_a_figure_shows_value_counts_target_and_attainment(gauges: Gauges) -> None:
    """A rate has all five series; nothing to divide by leaves out value and attainment, never n and N."""
    found = samples(gauges.render())
    assert [0.9, 9, 10, 0.97] == [
        found[f"geju_indicator_{name}", RATE, "wuma", "quarter"] for name in ("value", "n", "denominator", "target")
    ]
    assert found["geju_indicator_attainment", RATE, "wuma", "quarter"] == pytest.approx(0.9 / 0.97)
    assert found["geju_indicator_n", RATE, "guanghua", "quarter"] == 0
    assert ("geju_indicator_value", RATE, "guanghua", "quarter") not in found
    assert ("geju_indicator_denominator", "mediation.accepted", "wuma", "quarter") not in found
    mediation = found["geju_pattern_attainment", "mediation", "wuma", "quarter"]
    shares = [found.get(("geju_pattern_attainment", p.code, "wuma", "quarter")) for p in PROFILE.patterns]
    judged = [share for share in shares if share is not None]
    assert 0 < mediation < 1
    assert found["geju_overall_attainment", "", "wuma", "quarter"] == pytest.approx(sum(judged) / len(judged))


async def test_a_change_moves_its_own_lines_only(gauges: Gauges) -> None:
    """Figures of other periods, breakdowns and unknown units leave the page as it is."""
    before = gauges.render()
    gauges.update([
        Stored("2010-05", "wuma", RATE, "", "", 1, 1),
        Stored("2012-Q2", "wuma", RATE, "type", "wages", 1, 1),
        Stored("2012-Q2", "atlantis", RATE, "", "", 1, 1),
        Stored("2012-Q2", "wuma", RATE, "", "", 9, 10),
    ])  # fmt: skip
    assert before is gauges.render()
    gauges.update([Stored("2012-Q2", "wuma", RATE, "", "", 10, 11)])
    old, new = samples(before), samples(gauges.render())
    changed = {key for key in old if old[key] != new[key]}
    assert {("wuma", "quarter")} == {(unit, period) for _, _, unit, period in changed}
    assert {RATE, "mediation", ""} == {code for _, code, _, _ in changed}


async def test_small_figures_of_offices_are_not_on_the_page(gauges: Gauges) -> None:
    """Nor what would tell them; they are again once they are no longer small. The district's always is."""
    lost, period = "correction.out_of_control", "2012-Q2"

    def shown(**counts: int) -> set[str]:
        gauges.update(Stored(period, unit, lost, "", "", n, 0) for unit, n in counts.items())
        place = ("geju_indicator_n", lost, "quarter")
        found = samples(gauges.render())
        return {unit for name, code, unit, when in found if (name, code, when) == place} & {"district", *counts}

    assert {"guanghua", "district"} == shown(wuma=2, guanghua=30, nanmen=11)
    assert {"wuma", "guanghua", "nanmen", "district"} == shown(wuma=10, guanghua=30, nanmen=11)
    assert {"district"} == shown(wuma=3, nanmen=4)


def test_six_periods_are_exported() -> None:
    """Month, quarter and year of the day, and the same of the year before."""
    expected = {
        "2012-06": "month",
        "2012-Q2": "quarter",
        "2012": "year",
        "2011-06": "month_before",
        "2011-Q2": "quarter_before",
        "2011": "year_before",
    }
    assert expected == current_periods(AS_OF)
