"""The scripts and commands that set an installation up make the same accounts as `geju run`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import nats
import psutil
import pytest
from nats.errors import Error as NatsError

from services.chassis import migrations, testing
from services.chassis.crypto import RecordKeys
from services.chassis.embedded import free_port
from services.chassis.embedded.nats import binary
from services.chassis.embedded.postgres import binaries
from services.chassis.embedded.process import spawn
from services.chassis.rights.roles import role_name
from services.cli.accounts import ROLES
from services.cli.commands.permissions import password_variable, variables

ROOT = Path(__file__).parents[2]
PASSWORDS = {name: f"p{place}secret" for place, name in enumerate(variables())}


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[testing.Server]:
    """Run a PostgreSQL server in which nothing has been made yet."""
    async with testing.postgres() as found:
        yield found


@pytest.fixture(scope="module")
async def manager(server: testing.Server) -> str:
    """Give the URL of a role that may make roles and databases and is no superuser, as a managed server has it."""
    connection = await asyncpg.connect(server.admin_url)
    await connection.execute("CREATE ROLE manager LOGIN CREATEROLE CREATEDB PASSWORD 'manager'")
    await connection.close()
    return as_user(server.admin_url, "manager", "manager")


def as_user(url: str, user: str, password: str, database: str = "postgres") -> str:
    """Return a URL of the same server for another user and database."""
    parts = urlsplit(url)
    netloc = f"{user}:{password}@{parts.hostname}:{parts.port}"
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{database}"))


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    env = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True, timeout=100)


async def require_all_made(url: str) -> None:
    """Migrate every service and look in under every role."""
    for service, roles in ROLES.items():
        urls = {
            role: as_user(url, name, PASSWORDS[password_variable(name, of="PG")], f"geju_{service}")
            for role in roles
            for name in [role_name(service, role)]
        }
        await migrations.upgrade(urls[roles[0]], migrations.schema_of(service))
        for there in urls.values():
            connection = await asyncpg.connect(there)
            assert 1 == await connection.fetchval("SELECT 1")
            await connection.close()


async def test_whoever_may_make_roles_applies_them_twice(manager: str) -> None:
    """`geju permissions postgres --apply` needs no superuser, and a second run changes nothing."""
    # As the chart gives them: the password of whoever makes the roles beside the URL.
    url = manager.replace("manager:manager@", "manager@")
    for _ in range(2):
        done = run(
            sys.executable, "-m", "services.cli", "permissions", "postgres", "--apply",
            GEJU_DATABASE_ADMIN_URL=url, PGPASSWORD="manager", PYTHONPATH="proto/gen", **PASSWORDS,
        )  # fmt: skip
        assert 0 == done.returncode, done.stderr
    await require_all_made(manager)


async def test_the_script_for_psql_may_follow(server: testing.Server) -> None:
    """The committed script runs through, also over what is there, and sets the passwords it is given."""
    given = [
        f"-v{name}={PASSWORDS[password_variable(name, of='PG')]}"
        for service, roles in ROLES.items()
        for name in (role_name(service, role) for role in roles)
    ]
    script = ROOT / "deploy" / "permissions" / "postgres.sql"
    program = str(binaries() / "psql")
    done = run(program, "-X", "-q", "-vON_ERROR_STOP=1", *given, "-f", str(script), server.admin_url)
    assert (0, "") == (done.returncode, done.stderr)
    await require_all_made(server.admin_url)


def test_a_missing_password_is_named() -> None:
    """Nothing is made before every password is there; the message names what is missing."""
    done = run(
        sys.executable, "-m", "services.cli", "permissions", "postgres", "--apply",
        GEJU_DATABASE_ADMIN_URL="postgresql://nobody@127.0.0.1:1/postgres", PYTHONPATH="proto/gen",
    )  # fmt: skip
    assert 2 == done.returncode
    assert "PG_PASSWORD_GEJU_MEDIATION_OWNER 未设置" in done.stderr


async def test_a_server_that_is_away_or_refuses_is_named(server: testing.Server) -> None:
    """The log of a job is all that its reader has: it says which server, who asked, and the server's own words."""
    away = "postgresql://geju_mediation_owner:p0secret@127.0.0.1:1/geju_mediation"
    commands = {
        ("migrate", "mediation"): "GEJU_DATABASE_OWNER_URL",
        ("permissions", "postgres", "--apply"): "GEJU_DATABASE_ADMIN_URL",
    }
    stranger = as_user(server.admin_url, "stranger", "p0secret", "nowhere")
    for command, setting in commands.items():
        for url, said in ((away, "127.0.0.1:1/geju_mediation"), (stranger, "stranger")):
            given = {**PASSWORDS, setting: url, "PYTHONPATH": "proto/gen"}
            done = run(sys.executable, "-m", "services.cli", *command, **given)
            assert 3 == done.returncode, done.stderr
            assert said in done.stderr
            assert setting in done.stderr
            assert "p0secret" not in done.stderr


def test_a_key_is_added_before_it_is_used(tmp_path: Path) -> None:
    """Two steps: between them every process is given the file; both at once, or a key that is not there, is refused."""

    def keys(*options: str) -> tuple[int, str]:
        done = run(sys.executable, "-m", "services.cli", "permissions", "keys", str(tmp_path), *options,
                   PYTHONPATH="proto/gen")  # fmt: skip
        return done.returncode, RecordKeys.load(tmp_path / "keys" / "records.json").current

    code, first = keys()
    assert (0, first) == (code, first)
    assert (1, first) == keys("--use", "k2")
    assert (2, first) == keys("--add", "k2", "--use", "k2")
    assert (0, first) == keys("--add", "k2")
    assert (1, first) == keys("--add", "k2")
    assert (0, "k2") == keys("--use", "k2")


async def _ignore(_error: Exception) -> None:
    """Failures to connect are expected while the server starts."""


async def test_nats_takes_the_committed_users(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that includes the file knows every user by the password in its environment."""
    port = free_port()
    (workspace / "users.conf").write_text((ROOT / "deploy" / "permissions" / "nats.conf").read_text("utf-8"), "utf-8")
    config = workspace / "nats.conf"
    config.write_text(f'listen: "127.0.0.1:{port}"\ninclude users.conf\n', "utf-8")
    secrets = {name: word for name, word in PASSWORDS.items() if name.startswith("NATS")}
    started = spawn(["/usr/bin/env", *(f"{k}={v}" for k, v in secrets.items()), str(binary()), "-c", str(config)],
                    workspace / "log")  # fmt: skip
    try:

        async def answers() -> bool:
            try:
                for name, word in secrets.items():
                    user = name.removeprefix("NATS_PASSWORD_").lower()
                    url = f"nats://{user}:{word}@127.0.0.1:{port}"
                    client = await nats.connect(url, allow_reconnect=False, error_cb=_ignore)
                    await client.close()
            except (OSError, NatsError):
                return False
            return True

        await testing.eventually(answers)
        assert psutil.pid_exists(started.pid)
    finally:
        started.terminate()
        started.wait(10)
