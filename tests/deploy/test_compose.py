"""deploy/compose.yaml starts the same product with the same settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from services.chassis.settings import describe
from services.cli.accounts import ROLES
from services.cli.commands.permissions import variables
from services.cli.registry import DOMAIN, SERVICES
from services.cli.session import TARGETS, TOKEN_FILE

DEPLOY = Path(__file__).parents[2] / "deploy"
TEXT = (DEPLOY / "compose.yaml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
PARTS: dict[str, Any] = COMPOSE["services"]


def test_every_service_runs_behind_its_migration() -> None:
    """Each service waits for its own migration, and every migration for the accounts."""
    for service in SERVICES:
        assert ["serve", service] == PARTS[service]["command"]
        assert {f"migrate-{service}": {"condition": "service_completed_successfully"}} == PARTS[service]["depends_on"]
        migration = PARTS[f"migrate-{service}"]
        assert (["migrate", service], ["accounts"]) == (migration["command"], list(migration["depends_on"]))


def test_every_variable_is_a_setting() -> None:
    """GEJU_ variables are the product's settings, and every password is one that `geju permissions passwords` makes."""
    names = {name for part in PARTS.values() for name in part.get("environment", {}) if name.startswith("GEJU_")}
    assert names <= {row.variable for row in describe()} | {TARGETS, TOKEN_FILE}
    assert set(re.findall(r"\$\{([A-Z_]+)", TEXT)) <= set(variables())


def test_each_service_has_its_own_accounts() -> None:
    """No service is given the password of another's role, and only sources have a relay."""
    for service in SERVICES:
        given = str(PARTS[service]["environment"])
        own = {f"PG_PASSWORD_GEJU_{service.upper()}", f"NATS_PASSWORD_{service.upper()}"}
        relay = {f"PG_PASSWORD_GEJU_{service.upper()}_RELAY"} if service in DOMAIN else set()
        assert own | relay == set(re.findall(r"\$\{([A-Z_]+)", given))
        assert "env_file" not in PARTS[service]
    assert set(ROLES) == set(SERVICES)


def test_services_change_no_key() -> None:
    """They read keys and never write them; the token for calls to the sources is the board's alone."""
    for service in SERVICES:
        assert ["keys:/var/lib/geju:ro"] == PARTS[service]["volumes"]
        assert ("GEJU_SERVICE_TOKEN" in PARTS[service]["environment"]) == (service not in DOMAIN)


def test_every_image_has_a_version() -> None:
    """No part follows whatever is newest."""
    for name, part in PARTS.items():
        _, _, tag = part["image"].rpartition(":")
        assert re.match(r"v?\d", tag), name


def test_our_containers_have_no_rights() -> None:
    """Every container of the product is read-only, without capabilities, under the image's account."""
    ours = [part for part in PARTS.values() if part["image"].startswith("geju:")]
    assert 3 + 2 * len(SERVICES) == len(ours)
    for part in ours:
        assert (True, ["ALL"], "10001:10001") == (part["read_only"], part["cap_drop"], part["user"])


def test_only_this_machine_is_served() -> None:
    """Whatever listens outside the network of the containers listens on 127.0.0.1."""
    ports = [port for part in PARTS.values() for port in part.get("ports", ())]
    assert [] == [port for port in ports if not port.startswith("127.0.0.1:")]


def test_every_file_that_is_mounted_is_there() -> None:
    """What containers are given from the repository exists."""
    mounts = [one.split(":")[0] for part in PARTS.values() for one in part.get("volumes", ()) if one.startswith(".")]
    assert [] == [path for path in mounts if not (DEPLOY / path).exists()]


def test_prometheus_scrapes_every_service() -> None:
    """Under the name that dashboards and alerts have for it."""
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text("utf-8"))
    jobs = config["scrape_configs"][0]["static_configs"]
    assert {service: [f"{service}:9464"] for service in SERVICES} == {
        job["labels"]["component"]: job["targets"] for job in jobs
    }


def test_prometheus_scrapes_the_broker() -> None:
    """By the exporter, under the prefix that the alert of the stream's disk has."""
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text("utf-8"))
    assert ["nats-exporter:7777"] == config["scrape_configs"][1]["static_configs"][0]["targets"]
    assert ["-varz", "-prefix", "nats", "http://nats:8222"] == PARTS["nats-exporter"]["command"]
    alert = (DEPLOY.parent / "charts" / "geju" / "alerts" / "StreamDiskFilling.yaml").read_text("utf-8")
    assert "nats_varz_jetstream_stats_storage / nats_varz_jetstream_config_max_storage" in alert


def test_prometheus_has_the_alerts_of_the_chart() -> None:
    """Whoever runs it with Docker is told the same as on a cluster."""
    made = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
    files = sorted((DEPLOY.parent / "charts" / "geju" / "alerts").glob("*.yaml"))
    assert [yaml.safe_load(path.read_text("utf-8")) for path in files] == made
