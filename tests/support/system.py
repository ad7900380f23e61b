"""The whole product as it runs, and every way into it: gRPC, its databases, its stream, its processes."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import asyncpg
import nats
from nats.aio.client import Client

from services.aggregation.database import read_current
from services.chassis import profile_file
from services.chassis.client import Channel, connect
from services.chassis.crypto import RecordKeys
from services.chassis.domain import dates
from services.chassis.embedded import Nats, Postgres
from services.chassis.embedded.bootstrap import with_database
from services.chassis.funds.service import fund_entry_kind
from services.chassis.kinds import Kind
from services.chassis.storage.codec import unseal
from services.chassis.testing import eventually
from services.client.home import OWNER_ROLES
from services.correction.resettlement.kinds import KINDS as OF_RESETTLEMENT
from services.correction.supervision.kinds import KINDS as OF_SUPERVISION
from services.legalaid.app import KINDS as OF_LEGALAID
from services.legalservices.app import KINDS as OF_LEGALSERVICES
from services.mediation.kinds import DISPUTE, SESSION
from services.mediation.registers import REGISTERS
from services.publicity.app import KINDS as OF_PUBLICITY
from services.recount.comparing import Difference, differences
from services.recount.counting import Figures, Store
from services.recount.recount import recount
from tests.support.calls import Caller
from tests.support.installation import Installation

_STORED = "SELECT id, body, revision, occurred, recorded FROM {} WHERE NOT deleted"
#: The kinds of record that a service keeps.
KINDS: Mapping[str, Sequence[Kind[Any]]] = {
    "mediation": (DISPUTE, SESSION, *REGISTERS, fund_entry_kind("mediation")),
    "correction": (*OF_SUPERVISION, *OF_RESETTLEMENT, fund_entry_kind("correction")),
    "legalservices": (*OF_LEGALSERVICES, fund_entry_kind("legalservices")),
    "legalaid": (*OF_LEGALAID, fund_entry_kind("legalaid")),
    "publicity": (*OF_PUBLICITY, fund_entry_kind("publicity")),
}
TABLES = """SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"""
DOMAIN = tuple(KINDS)
SERVICES = (*DOMAIN, "aggregation")


def traces_of(service: str) -> str:
    """Return the query for everything that a change writes.

    Rows, revisions, search hashes, audit, remembered requests, events made so far.
    """
    return " UNION ALL ".join([
        *(f"SELECT '{k.name}', count(*) + coalesce(sum(revision), 0) FROM {k.row.__tablename__}" for k in KINDS[service]),  # noqa: E501, S608
        *(f"SELECT '{table}', count(*) FROM {table}" for table in ("search_hash", "request")),  # noqa: S608
        "SELECT 'audit', count(*) FROM audit WHERE change <> 'read'",
        "SELECT 'event', (SELECT coalesce(sum(sequence), 0) FROM source) + count(*) FROM outbox WHERE seq IS NULL",
    ])  # fmt: skip


class System:
    """One running installation."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.home = installation, installation.home
        self.profile = profile_file.load(installation.profile)
        self._channels: list[Channel] = []

    @property
    def today(self) -> date:
        """The business date of the installation."""
        return dates.today(datetime.now(UTC) + timedelta(seconds=self.home.running()["clock_offset_seconds"]))

    def token(self, *roles: str, offices: tuple[str, ...] = ("*",), subject: str = "tester") -> str:
        """Return a token of somebody with these roles; of the owner without any."""
        return self.home.signer().mint(subject, roles or OWNER_ROLES, offices, 3600)

    def caller(
        self, *roles: str, offices: tuple[str, ...] = ("*",), service: str = "mediation", subject: str = "tester"
    ) -> Caller:
        """Return somebody with these roles who calls a service; the owner without any."""
        return self.bearer(self.token(*roles, offices=offices, subject=subject), service)

    def owner(self, subject: str = "tester") -> Caller:
        """Return somebody of every role who calls all domain services."""
        token = self.token(subject=subject)
        return Caller(*self.channels(token))

    def channels(self, token: str) -> tuple[Channel, Mapping[str, Channel]]:
        """Open channels for whoever shows a token: to mediation, and to the other domain services by name."""
        first, *others = DOMAIN
        return self.channel(token, first), {service: self.channel(token, service) for service in others}

    def bearer(self, token: str, service: str = "mediation") -> Caller:
        """Return whoever shows a token."""
        return Caller(self.channel(token, service))

    def channel(self, token: str, service: str = "mediation") -> Channel:
        """Open a channel for whoever shows a token; closed with this."""
        channel = connect(self.home.targets()[service], token, seconds=20)
        self._channels.append(channel)
        return channel

    async def close(self) -> None:
        """Close every channel."""
        while self._channels:
            await self._channels.pop().close()

    async def rows(self, service: str, sql: str, *params: Any) -> list[Any]:
        """Read a service's database as superuser: everything, whatever row-level security says."""
        connection = await asyncpg.connect(self.admin_url(service))
        try:
            return await connection.fetch(sql, *params)  # type: ignore[no-any-return]
        finally:
            await connection.close()

    def admin_url(self, service: str) -> str:
        """Return the URL of a service's database as superuser."""
        return with_database(Postgres(self.home.postgres, self.port("postgres")).admin_url, f"geju_{service}")

    async def nats(self) -> Client:
        """Connect to NATS."""
        return await nats.connect(Nats(self.home.nats, self.port("nats")).url)

    def port(self, server: str) -> int:
        """Return the port of "postgres" or "nats"."""
        return int(self.home.running()[server].rpartition(":")[2])

    def metrics(self, service: str) -> str:
        """Return what a service tells Prometheus."""
        with urlopen(f"http://{self.home.running()['services'][service]['metrics']}/metrics", timeout=10) as answer:
            return str(answer.read().decode())

    async def traces(self) -> Mapping[str, int]:
        """Count everything that changes leave in the databases."""
        return {
            f"{service} {name}": int(count)
            for service in DOMAIN
            for name, count in await self.rows(service, traces_of(service))
        }

    async def store(self) -> Store:
        """Return every record as it is stored, so that the recount works out by itself what the service told of it.

        Funds are kept by every service.
        """
        found: dict[str, dict[str, Any]] = {}
        for service, kinds in KINDS.items():
            for kind in kinds:
                rows = await self.rows(service, _STORED.format(kind.row.__tablename__))
                records = {str(row["id"]): self._record(kind, row) for row in rows}
                for name in (kind.name, f"{kind.name} of geju/{service}"):
                    found.setdefault(name, {}).update(records)
        return found

    async def records(self, service: str) -> list[Any]:
        """Return every record of a service, deleted ones too, in the clear."""
        return [
            self._record(kind, row)
            for kind in KINDS[service]
            for row in await self.rows(service, f"SELECT * FROM {kind.row.__tablename__}")  # noqa: S608
        ]

    def _record(self, kind: Kind[Any], row: Any) -> Any:
        return unseal(kind, row, row["id"], self._keys)

    @cached_property
    def _keys(self) -> RecordKeys:
        return RecordKeys.load(self.home.record_keys)

    async def recounted(self) -> Figures:
        """Count every figure from the records, naively."""
        return recount(await self.store(), self.profile, self.today)

    async def figures(self) -> Figures:
        """Return every figure as the aggregation service shows it."""
        connection = await asyncpg.connect(self.admin_url("aggregation"))
        try:
            current = await read_current(connection)
            assert current is not None, "nothing was measured yet"
            rows = await connection.fetch(f"SELECT * FROM {current.schema}.figure WHERE n <> 0 OR total <> 0")  # noqa: S608
        finally:
            await connection.close()
        return {(r["indicator"], r["breakdown"], r["key"], r["unit"], r["period"]): (r["n"], r["total"]) for r in rows}

    async def differences(self) -> list[Difference]:
        """Compare every figure with a recount."""
        return differences(await self.recounted(), await self.figures())

    async def until_equal(self, patience: float = 30) -> None:
        """Wait until the board equals a recount, by itself: nobody asks for a comparison or a repair."""
        found: list[Difference] = []

        async def equal() -> bool:
            found[:] = await self.differences()
            return not found

        with suppress(AssertionError):
            await eventually(equal, patience)
        assert [] == found, f"{len(found)} figures differ from a recount: {found[:5]}"

    def pid(self, part: str) -> int:
        """Return the process id of a part: NATS, PostgreSQL or a service."""
        files = {"NATS": self.home.nats / "nats.pid", "PostgreSQL": self.home.postgres / "data" / "postmaster.pid"}
        path = files.get(part, self.home.pids / f"{part}.pid")
        return int(path.read_text("ascii").split()[0])

    def signal(self, part: str, number: signal.Signals) -> int:
        """Send a part a signal, unless it has ended; returns its process id."""
        pid = self.pid(part)
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        return pid

    async def until_restarted(self, part: str, before: int) -> None:
        """Wait until the supervisor has started a part anew."""
        await eventually(lambda: _pid(self, part) not in {0, before}, 60)


def read(path: Path) -> bytes:
    """Return what is in a file; nothing when it was rotated away meanwhile."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _pid(system: System, part: str) -> int:
    try:
        return system.pid(part)
    except (OSError, ValueError, IndexError):
        return 0  # just being written, or not there yet


def set_today(installation: Installation, day: date) -> None:
    """Have business time begin at noon of a day, Shanghai's, when an installation first starts."""
    business = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    path: Path = installation.home.clock_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"real": datetime.now(UTC).isoformat(), "business": business.isoformat()}), "utf-8")
