"""A real Prometheus scrapes the running demonstration; every panel and every alert asks it what there is to ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from services.chassis import profile_file, testing
from services.cli.registry import SERVICES
from services.cli.supervisor.parts import end_leftovers
from tests.support import district
from tests.support.dashboards import Asked, boards, queries
from tests.support.installation import FEW, READY, Installation, eventually
from tests.support.installation import PROFILE as DEMONSTRATED
from tests.support.prometheus import ROOT, Prometheus, metrics, running

pytestmark = pytest.mark.timeout(600)

#: What is not told where nothing but geju runs and all is well, and by whom or when it is.
ABSENT = {
    "nats_varz_jetstream_stats_storage": "the exporter of the NATS chart",
    "nats_varz_jetstream_config_max_storage": "the exporter of the NATS chart",
    "kubelet_volume_stats_used_bytes": "the kubelet",
    "kubelet_volume_stats_capacity_bytes": "the kubelet",
    "cnpg_backends_total": "CloudNativePG",
    "cnpg_pg_database_size_bytes": "CloudNativePG",
    "cnpg_pg_replication_lag": "CloudNativePG",
    "geju_certificate_expiry_timestamp_seconds": "geju itself, with TLS",
    "geju_open_calls_refused_total": "geju itself, once somebody without a token calls too often",
}
#: Panels that may have nothing to show, and why.
EMPTY = {"失败的调用(一小时)": "no call has failed"}
OFFICE, YEAR = "yangyi", 2012
# Proofs come every second, so that there are calls to show.
SETTINGS = {"GEJU_RECONCILE_SECONDS": "1", "GEJU_DEMO_DISPUTES": "12", **FEW}
PROFILE = profile_file.load(DEMONSTRATED)
BOARDS = boards()
ALERTS = sorted((ROOT / "charts" / "geju" / "alerts").glob("*.yaml"))


@pytest.fixture(scope="module")
def prometheus() -> Iterator[Prometheus]:
    """Scrape a small demonstration until everything has been told some times."""
    with testing.workspace() as folder:
        found = Installation(folder, district.write(folder / "district"), SETTINGS)
        try:
            found.begin("--demo")
            eventually(lambda: READY in found.said() or not found.alive(), 400)
            assert found.alive(), found.said()
            addresses = found.home.running()["services"]
            with running(folder, {name: addresses[name]["metrics"] for name in SERVICES}) as server:
                eventually(lambda: _told(server), 120)
                yield server
        finally:
            if found.alive():
                found.stop()
            end_leftovers(found.home, list(SERVICES))


def _told(server: Prometheus) -> bool:
    """Say whether every service was scraped some times, all figures and proofs among it."""
    scraped = len(server.ask("count_over_time(up[30s]) >= 8 and up == 1")) == len(SERVICES)
    proven = len(server.ask("count by (source) (geju_proven_timestamp_seconds)")) == len(SERVICES) - 1
    # Limits are counted once a minute: what was counted before the demonstration was there is no answer.
    states = (f'geju_limits{{kind="duty",state="{state}"}}' for state in ("running", "due_soon", "overdue"))
    measured = 'geju_pattern_attainment{unit="district",period="year"}'
    return scraped and proven and all(server.ask(query) for query in (measured, *states))


def filled(asked: Asked) -> str:
    """Return a query as Grafana would send it: with what a board shows at first, and one of the offices."""
    variables = BOARDS[asked.board]["templating"]["list"]
    chosen = {one["name"]: one.get("current", {}).get("value", OFFICE) for one in variables}
    chosen |= {"__rate_interval": "10s", "namespace": ".*"}
    return re.sub(r"\$\{?([a-z_]\w*)\}?", lambda found: chosen[found[1]], asked.query)


def may_be_empty(asked: Asked, query: str, server: Prometheus) -> bool:
    """Say whether a query may give nothing: for a stated reason, or as a figure has no N or no target to show."""
    if asked.panel in EMPTY or metrics(query) & ABSENT.keys():
        return True
    if "geju_limits{" in query and OFFICE in query:
        # Nothing need be due soon at one office; somewhere it is.
        return bool(server.ask(query.replace(f'office="{OFFICE}",', "")))
    about = re.fullmatch(r"max by \(indicator\) \(geju_indicator_(value|target|attainment)(\{.*\})\)", query)
    if about is None:
        return False
    what, figures = about.groups()
    if what == "value":
        nothing = server.ask(f"geju_indicator_denominator{figures} == 0")
        return bool(nothing) or not server.ask(f"geju_indicator_n{figures}")
    if what == "attainment":
        return not server.ask(f"geju_indicator_target{figures} and geju_indicator_value{figures}")
    # Targets of the district are not held against an office.
    codes = re.findall(r"[a-z0-9_]+\.[a-z0-9_]+", figures)
    return OFFICE in figures or not any(PROFILE.target(code, YEAR) for code in codes)


def test_every_panel_has_something_to_show(prometheus: Prometheus) -> None:
    """Every query of every panel parses and gives data, with a closed list of reasons not to."""
    bare = []
    for asked in queries():
        query = filled(asked)
        if not prometheus.ask(query) and not may_be_empty(asked, query, prometheus):
            bare.append((asked.board, asked.panel, query[:200]))
    assert [] == bare


def test_panels_and_alerts_ask_for_metrics_that_exist(prometheus: Prometheus) -> None:
    """Whatever is asked for is told by geju, or on the list of what others tell and geju does not."""
    asked = set().union(*(metrics(filled(one)) for one in queries()), *(metrics(_expr(path)) for path in ALERTS))
    told = prometheus.names()
    assert set() == asked - told - ABSENT.keys()
    assert set() == ABSENT.keys() & told
    assert set() == ABSENT.keys() - asked


def test_nothing_wakes_operations_while_all_is_well(prometheus: Prometheus) -> None:
    """Every alert can be evaluated, and those of operations have nothing to say about a sound installation."""
    firing = {path.stem: prometheus.ask(_expr(path)) for path in ALERTS}
    area = {path.stem: _rule(path)["labels"]["area"] for path in ALERTS}
    assert {} == {name: found for name, found in firing.items() if found and area[name] == "operations"}
    assert firing["LimitPassed"]


def test_units_are_chosen_by_name(prometheus: Prometheus) -> None:
    """The variable of units finds every unit with its name in what Prometheus answers."""
    variables = [one for board in BOARDS.values() for one in board["templating"]["list"] if one["name"] == "unit"]
    for variable in variables:
        asked = variable["query"]["query"].removeprefix("query_result(").removesuffix(")").replace("$namespace", ".*")
        wanted = re.compile(variable["regex"].strip("/").replace("(?<", "(?P<"))
        answers = [_as_grafana(series) for series in prometheus.ask(asked)]
        found = {match["value"]: match["text"] for match in map(wanted.search, answers) if match}
        assert len(answers) == len(found)
        assert OFFICE in found


def _as_grafana(series: dict[str, Any]) -> str:
    labels = ",".join(f'{name}="{value}"' for name, value in sorted(series["metric"].items()))
    return f"{{{labels}}} {series['value'][1]} {series['value'][0]}"


def _rule(path: Any) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text("utf-8")))


def _expr(path: Any) -> str:
    return str(_rule(path)["expr"])
