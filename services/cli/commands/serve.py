"""`geju serve` and `geju migrate`: one service as a process, and its database brought to the newest schema."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Annotated

import typer

from services.cli.failure import Exit, Failure
from services.cli.postgres import speaking
from services.cli.registry import SERVICES
from services.cli.supervisor import leash

Name = Annotated[
    str,
    typer.Argument(help="服务:" + "、".join(SERVICES) + "。", metavar="SERVICE", autocompletion=lambda: list(SERVICES)),
]


def serve(service: Name) -> None:
    """运行一个服务,直到收到 SIGTERM;设置取自 GEJU_* 环境变量。"""
    _require_known(service)
    leash.attach()
    from services.chassis import server  # noqa: PLC0415 - other commands start without it

    raise typer.Exit(server.main(import_module(SERVICES[service]).app()))


def migrate(service: Name) -> None:
    """把一个服务的数据库升级到最新结构(以 GEJU_DATABASE_OWNER_URL 连接)。"""
    _require_known(service)
    from services.chassis import migrations  # noqa: PLC0415 - the same
    from services.chassis.settings import Settings  # noqa: PLC0415 - the same

    url = Settings().database_owner_url
    if not url:
        raise Failure("GEJU_DATABASE_OWNER_URL 未设置", Exit.USAGE, "须为数据库属主的 PostgreSQL 地址")
    with speaking(url, "GEJU_DATABASE_OWNER_URL"):
        asyncio.run(migrations.upgrade(url, migrations.schema_of(service)))


def _require_known(service: str) -> None:
    if service not in SERVICES:
        raise Failure(f"没有名为 {service} 的服务", Exit.USAGE, "可用的服务:" + "、".join(SERVICES))


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve")(serve)
    app.command("migrate")(migrate)
