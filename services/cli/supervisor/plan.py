"""What is started where: ports, settings of the services, business time."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from services.chassis.embedded import Urls
from services.chassis.embedded.process import free_ports
from services.chassis.files import write_private
from services.cli.failure import Exit, Failure
from services.cli.registry import DOMAIN, SERVICES
from services.cli.supervisor.ports import holder, is_free
from services.client import Home

PORT_BASE = 7400
DEFAULT_PROFILE = Path(__file__).parents[3] / "deploy" / "districts" / "lucheng"
#: Above it the last port of the range would be none.
HIGHEST_BASE = 65535 - 10 * len(SERVICES) - 1
# A PostgreSQL that runs already: URL of a role that may create roles and databases. Then none is started.
ADMIN_URL = "GEJU_DATABASE_ADMIN_URL"
NATS_URL = "GEJU_NATS_URL"
_NOON = 12
# Settings of the user's own that services get as they are.
_PASSED = ("GEJU_LOG_LEVEL", "GEJU_OTLP_ENDPOINT", "GEJU_RECONCILE_SECONDS", "GEJU_NATS_CREDS", "GEJU_NATS_CA",
           "GEJU_NATS_REPLICAS", "GEJU_DATABASE_POOL", "PATH", "LANG", "LC_ALL", "TMPDIR")  # fmt: skip


@dataclass(frozen=True)
class Ports:
    """The ports of one installation, all on 127.0.0.1."""

    postgres: int
    nats: int
    grpc: Mapping[str, int]
    metrics: Mapping[str, int]

    @classmethod
    def plan(cls, base: int) -> Ports:
        """Lay ports out from `base`: PostgreSQL, NATS, then gRPC and metrics ten apart; 0 asks the system for any."""
        if base == 0:
            free = iter(free_ports(2 + 2 * len(SERVICES)))
            return cls(next(free), next(free), {s: next(free) for s in SERVICES}, {s: next(free) for s in SERVICES})
        tens = {service: base + 10 * (index + 1) for index, service in enumerate(SERVICES)}
        return cls(base, base + 1, tens, {service: port + 1 for service, port in tens.items()})

    def named(self, *, postgres: bool, nats: bool) -> dict[str, int]:
        """Return what each port is for, for those parts that are to be started here."""
        own = {"PostgreSQL": self.postgres} if postgres else {}
        own |= {"NATS": self.nats} if nats else {}
        for service in SERVICES:
            own |= {f"{service} gRPC": self.grpc[service], f"{service} metrics": self.metrics[service]}
        return own


def require_free(ports: Mapping[str, int]) -> None:
    """Refuse to start when a port is taken. Errors: Failure naming port, purpose and, where known, the holder."""
    taken = [f"{port}({use}){holder(port)}" for use, port in ports.items() if not is_free(port)]
    if taken:
        advice = "停掉占用它的程序,或用 geju run --port-base 另选一段端口(0 为任意空闲端口)"
        raise Failure("端口已被占用:" + "、".join(taken), Exit.RULE, advice)


@dataclass(frozen=True)
class Plan:
    """One installation as it is to run."""

    home: Home
    profile: Path
    ports: Ports
    offset: dt.timedelta
    admin_url: str = field(default_factory=lambda: os.environ.get(ADMIN_URL, ""))
    nats_url: str = field(default_factory=lambda: os.environ.get(NATS_URL, ""))

    def settings(self, service: str, database: Urls, nats_url: str) -> dict[str, str]:
        """Return the environment of a service; `database` holds its URLs."""
        home = self.home
        sources = {name: f"127.0.0.1:{self.ports.grpc[name]}" for name in DOMAIN}
        own = {
            "GEJU_PROFILE": str(self.profile),
            **{f"GEJU_{name.upper()}": url for name, url in database.settings().items()},
            "GEJU_NATS_URL": nats_url,
            "GEJU_GRPC_LISTEN": f"127.0.0.1:{self.ports.grpc[service]}",
            "GEJU_METRICS_LISTEN": f"127.0.0.1:{self.ports.metrics[service]}",
            "GEJU_RECORD_KEYS": str(home.record_keys),
            "GEJU_AUDIT_KEY": str(home.audit_private),
            "GEJU_JWT_KEYS": str(home.jwt_public),
            "GEJU_SERVICE_TOKEN": str(home.service_token),
            "GEJU_SOURCES": json.dumps(sources),
            # Nobody balances load here: there is no one to wait for before refusing calls.
            "GEJU_DRAIN_SECONDS": "0",
            "GEJU_CLOCK_OFFSET_SECONDS": str(self.offset.total_seconds()),
            "GEJU_HOME": str(home.root),
            "PYTHONUNBUFFERED": "1",
        }
        return {name: os.environ[name] for name in _PASSED if name in os.environ} | own

    def state(self, started: dt.datetime) -> dict[str, object]:
        """Return what the run file says."""
        services = {
            name: {"grpc": f"127.0.0.1:{self.ports.grpc[name]}", "metrics": f"127.0.0.1:{self.ports.metrics[name]}"}
            for name in SERVICES
        }
        return {
            "pid": os.getpid(),
            "started": started.isoformat(),
            "profile": str(self.profile),
            "services": services,
            "postgres": "" if self.admin_url else f"127.0.0.1:{self.ports.postgres}",
            "nats": "" if self.nats_url else f"127.0.0.1:{self.ports.nats}",
            "clock_offset_seconds": self.offset.total_seconds(),
        }


def business_offset(home: Home, profile: Path, now: dt.datetime) -> dt.timedelta:
    """Return by how much business time differs here: set once, at the first start, so that it runs on from there.

    A demonstration says in district.yaml which day it starts at (`demonstration_today`); any other district lives now.
    """
    try:
        anchor = json.loads(home.clock_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        business = _demonstration_day(profile) or now
        anchor = {"real": now.isoformat(), "business": business.isoformat()}
        write_private(home.clock_file, json.dumps(anchor, indent=2))
    return dt.datetime.fromisoformat(anchor["business"]) - dt.datetime.fromisoformat(anchor["real"])


def _demonstration_day(profile: Path) -> dt.datetime | None:
    try:
        district = yaml.safe_load((profile / "district.yaml").read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError):
        return None  # the services say what is wrong with the profile
    day = district.get("demonstration_today") if isinstance(district, dict) else None
    if not isinstance(day, dt.date):
        return None
    from services.cli.sheets.cells import SHANGHAI  # noqa: PLC0415 - keeps start-up free of the spreadsheets

    return dt.datetime.combine(day, dt.time(_NOON), SHANGHAI).astimezone(dt.UTC)
