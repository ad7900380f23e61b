"""Checks of what runs: PostgreSQL, NATS, the services."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import asyncpg
import nats
from nats.errors import Error as NatsError

from services.chassis.embedded import Nats, Postgres
from services.cli.doctor import reactions
from services.cli.doctor.finding import Finding, Level
from services.cli.supervisor.parts import serving
from services.client import Home

_SECONDS = 3.0


async def local(home: Home, state: Mapping[str, Any]) -> list[Finding]:
    """Check every part of a local installation."""
    found = [Finding(Level.OK, "运行", f"进程 {state['pid']},自 {str(state['started'])[:19]} UTC")]
    if state.get("postgres"):
        found.append(await postgres(Postgres(home.postgres, _port(state["postgres"])).admin_url))
    if state.get("nats"):
        found.append(await stream(Nats(home.nats, _port(state["nats"])).url))
    targets = {name: str(service["grpc"]) for name, service in state["services"].items()}
    return found + await services(targets) + await reactions.local(state["services"])


async def postgres(url: str) -> Finding:
    """Check that PostgreSQL answers a query."""
    advice = "查看 postgres/postgres.log;geju run 会自动重启它"
    try:
        connection = await asyncpg.connect(url, timeout=_SECONDS)
        try:
            version = await connection.fetchval("SHOW server_version", timeout=_SECONDS)
        finally:
            await connection.close(timeout=_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        return Finding(Level.BAD, "PostgreSQL", f"没有应答({type(error).__name__})", advice, unreachable=True)
    return Finding(Level.OK, "PostgreSQL", str(version))


async def stream(url: str) -> Finding:
    """Check that NATS answers and JetStream stores."""
    advice = "查看 nats/nats.log;geju run 会自动重启它"
    try:
        client = await nats.connect(url, allow_reconnect=False, connect_timeout=int(_SECONDS), error_cb=_ignore)
        try:
            account = await client.jetstream(timeout=_SECONDS).account_info()
        finally:
            await client.close()
    except (OSError, TimeoutError, NatsError) as error:
        return Finding(Level.BAD, "NATS", f"没有应答({type(error).__name__})", advice, unreachable=True)
    return Finding(Level.OK, "NATS", f"{account.streams} 个流,{account.storage // 2**20} MB")


async def services(targets: Mapping[str, str]) -> list[Finding]:
    """Check the health of each service."""
    states = await asyncio.gather(*(serving(target) for target in targets.values()))
    advice = "查看 logs/ 中该服务的日志;geju run 会自动重启它"
    return [
        Finding(Level.OK, name, f"{target} 正常")
        if up
        else Finding(Level.BAD, name, f"{target} 没有就绪", advice, unreachable=True)
        for (name, target), up in zip(targets.items(), states, strict=True)
    ]


async def _ignore(_error: Exception) -> None:
    """Failures to connect are what is looked for."""


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])
