"""`geju permissions`: the accounts of an installation at PostgreSQL and NATS, for whoever sets one up."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from services.cli.accounts import ROLES, broker_users
from services.cli.failure import Exit, Failure
from services.cli.output import say
from services.cli.postgres import speaking

POSTGRES_HEAD = """\
-- Databases and roles of geju, made by `geju permissions postgres`; may be run again at any time.
-- PostgreSQL 16 or newer.
-- Each role's password is a variable of psql:
--   psql -X -v ON_ERROR_STOP=1 -v geju_mediation_owner="$PG_PASSWORD_GEJU_MEDIATION_OWNER" ... -f postgres.sql
-- What a role may do with each table is put in order by `geju migrate`.
"""
NATS_HEAD = """\
# Users of NATS, made by `geju permissions nats`: include it in the server's configuration.
# Passwords come from the server's environment.
"""
ADMIN, GRAFANA = "PG_PASSWORD_ADMIN", "GRAFANA_PASSWORD"
NATS_VALUES_HEAD = """\
# Values of NATS's official Helm chart (nats/nats), made by `geju permissions nats --helm`: three servers that
# acknowledge what is on disk, the users of geju, and probes that see a frozen stream. The Secret geju-nats has the
# passwords.
"""
#: The least that the product works with: its own chart may be behind.
NATS_TAG = "2.15-alpine"
group = typer.Typer(no_args_is_help=True, help="PostgreSQL 角色与 NATS 用户:生成脚本、口令,或直接建立。")


def password_variable(account: str, *, of: str) -> str:
    """Return the environment variable that holds an account's password; `of` is "PG" or "NATS"."""
    return f"{of}_PASSWORD_{account.upper()}"


def variables() -> Iterator[str]:
    """Give the variables of every account."""
    from services.chassis.rights.broker import OPERATOR  # noqa: PLC0415 - help and completion start without it
    from services.chassis.rights.roles import role_name  # noqa: PLC0415 - the same

    for service, roles in ROLES.items():
        yield from (password_variable(role_name(service, role), of="PG") for role in roles)
    yield from (password_variable(user, of="NATS") for user in (OPERATOR, *broker_users()))
    # Of servers that are installed along with the services: who makes the roles, and the first account of Grafana.
    yield from (ADMIN, GRAFANA)


@group.command("passwords")
def passwords() -> None:
    """为每个角色和用户各生成一个口令,以环境变量的形式写到标准输出;请只存放在保密之处。"""
    for name in variables():
        # A letter first: NATS would read digits as a number.
        sys.stdout.write(f"{name}=p{secrets.token_hex(20)}\n")


@group.command("keys")
def keys(
    folder: Annotated[Path, typer.Argument(help="文件夹;已有的密钥保持不变。", metavar="DIR")],
    add: Annotated[str, typer.Option("--add", help="为记录另加一把新密钥,以此为名;还不用它加密。")] = "",
    use: Annotated[str, typer.Option("--use", help="从此用这把已加入的密钥加密;须先让各服务都换上含它的文件。")] = "",
) -> None:
    """在一个文件夹中生成记录密钥、签发凭证的密钥对和服务凭证;请只存放在保密之处。"""
    from services.chassis.crypto import CryptoError, RecordKeys  # noqa: PLC0415 - other commands start without it
    from services.cli.supervisor.keys import prepare  # noqa: PLC0415 - the same
    from services.client import Home  # noqa: PLC0415 - the same

    if add and use:
        raise Failure("--add 与 --use 不能一次做完", Exit.USAGE, "先加入,换上各服务的文件,再使用")
    home = Home.find(folder)
    prepare(home)
    try:
        if add:
            RecordKeys.load(home.record_keys).with_key(add).save(home.record_keys)
        if use:
            RecordKeys.load(home.record_keys).using(use).save(home.record_keys)
    except CryptoError as error:
        raise Failure(f"不能更换密钥:{error}", Exit.RULE) from None
    say(f"密钥在 {home.record_keys.parent}")


@group.command("postgres")
def postgres(
    *,
    apply: Annotated[
        bool,
        typer.Option("--apply", help="直接建立:以 GEJU_DATABASE_ADMIN_URL 连接,口令取自 PG_PASSWORD_* 环境变量。"),
    ] = False,
) -> None:
    """写出建立数据库和角色的 psql 脚本,或直接建立;可以重复执行。"""
    from services.chassis.rights.roles import script  # noqa: PLC0415 - other commands start without it

    if apply:
        asyncio.run(_apply())
        return
    parts = [f"\n-- {service}\n\\connect postgres\n{script(service, roles)}" for service, roles in ROLES.items()]
    sys.stdout.write(POSTGRES_HEAD + "".join(parts))


@group.command("nats")
def nats(
    *,
    helm: Annotated[bool, typer.Option("--helm", help="写成 NATS 官方 Helm chart 的 values。")] = False,
) -> None:
    """写出 NATS 服务器配置中的用户及其权限;口令取自服务器的 NATS_PASSWORD_* 环境变量。"""
    sys.stdout.write(nats_values() if helm else nats_configuration())


def nats_values() -> str:
    """Return the users, and what else the broker must be told, as values of its official chart."""
    import yaml  # noqa: PLC0415 - other commands start without it

    from services.chassis.rights.broker import OPERATOR, users  # noqa: PLC0415 - the same

    rights = broker_users()
    secret = {"name": "geju-nats"}
    names = [password_variable(user, of="NATS") for user in (OPERATOR, *rights)]
    env = {name: {"valueFrom": {"secretKeyRef": {**secret, "key": name}}} for name in names}
    # Plain /healthz is the one that says 503 when a full disk has frozen a stream.
    probe = {"httpGet": {"path": "/healthz", "port": "monitor"}}
    merged = {
        "readinessProbe": probe,
        # A restart thaws it; a server that is still catching up with the others is given five minutes.
        "livenessProbe": {**probe, "failureThreshold": 10},
        "resources": {"requests": {"cpu": "250m", "memory": "512Mi"}, "limits": {"memory": "1Gi"}},
    }
    accounts = users(rights, lambda user: f"<< ${password_variable(user, of='NATS')} >>")
    values = {
        "config": {
            "cluster": {"enabled": True, "replicas": 3},
            "jetstream": {
                "enabled": True,
                "fileStore": {"pvc": {"size": "20Gi"}},
                "merge": {"sync_interval": "always"},
            },
            "monitor": {"enabled": True},
            "merge": {
                "max_payload": "<< 8MB >>",
                "authorization": {"users": accounts},
            },
        },
        "container": {"image": {"tag": NATS_TAG}, "env": env, "merge": merged},
        # Copies on one host are lost together.
        "podTemplate": {
            "topologySpreadConstraints": {
                "kubernetes.io/hostname": {"maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"}
            }
        },
        "promExporter": {"enabled": True},
        "natsBox": {"enabled": False},
    }
    # By way of JSON: what is there twice is written twice, without YAML's anchors.
    return NATS_VALUES_HEAD + yaml.safe_dump(json.loads(json.dumps(values)), sort_keys=False, width=120)


def nats_configuration() -> str:
    """Return the block of NATS's configuration, passwords as variables."""
    from services.chassis.rights.broker import configuration  # noqa: PLC0415 - other commands start without it

    text = configuration(broker_users(), lambda user: f"${password_variable(user, of='NATS')}")
    lines = [line.replace('"$NATS', "$NATS").rstrip('",') if '"$NATS' in line else line for line in text.splitlines()]
    return NATS_HEAD + "\n".join(lines) + "\n"


async def _apply() -> None:
    from services.chassis.embedded import bootstrap  # noqa: PLC0415 - other commands start without it
    from services.chassis.settings import Settings  # noqa: PLC0415 - the same

    url = Settings().database_admin_url
    if not url:
        raise Failure("GEJU_DATABASE_ADMIN_URL 未设置", Exit.USAGE, "须为有权建立角色和数据库的 PostgreSQL 地址")
    for service, roles in ROLES.items():
        with speaking(url, "GEJU_DATABASE_ADMIN_URL"):
            await bootstrap(url, service, _password, roles=roles)
        say(f"{service}:数据库与 {len(roles)} 个角色已就绪")


def _password(role: str) -> str:
    name = password_variable(role, of="PG")
    if not (found := os.environ.get(name)):
        raise Failure(f"{name} 未设置", Exit.USAGE, "口令可由 geju permissions passwords 生成")
    return found


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="permissions")
