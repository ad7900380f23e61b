"""Local servers start, survive being killed, and let nobody in without a password."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import asyncpg
import nats
import nats.errors
import psutil
import pytest

from services.chassis.embedded import Nats, Postgres, Secrets, ServerError, bootstrap, free_port
from services.chassis.embedded.bootstrap import with_database
from services.chassis.embedded.process import command_of, end_leftover
from services.chassis.stream import ensure_stream, facts_stream
from services.chassis.testing import Server, eventually
from tests.integration.chassis.messaging.conftest import ignore


async def query(url: str, statement: str) -> object:
    """Ask for one value."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_postgres_survives_being_killed(workspace: Path) -> None:
    """What was committed is there after kill -9 and a second start, on another port too."""
    first = Postgres(workspace / "pg", free_port())
    try:
        await first.start()
        await query(first.admin_url, "CREATE TABLE kept AS SELECT 42 AS n")
        first.kill()
        second = Postgres(workspace / "pg", free_port())
        try:
            await second.start()
            assert await query(second.admin_url, "SELECT n FROM kept") == 42
        finally:
            await second.stop()
        assert second.pid is None
    finally:
        first.kill()


async def test_a_server_left_by_a_killed_parent_is_replaced(workspace: Path) -> None:
    """A second start ends the server that runs on the same folder without its parent."""
    orphan, heir = Postgres(workspace / "pg", free_port()), Postgres(workspace / "pg", free_port())
    try:
        await orphan.start()
        old = orphan.pid
        await heir.start()
        assert await query(heir.admin_url, "SELECT 1") == 1
        assert (orphan.pid, heir.pid is not None and heir.pid != old) == (None, True)
    finally:
        await heir.stop()
        orphan.kill()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")
async def test_postgres_does_not_run_as_root(workspace: Path) -> None:
    """Started as root, the server and its data belong to an account without rights."""
    server = Postgres(workspace / "pg", free_port(), durable=False)
    try:
        await server.start()
        assert psutil.Process(server.pid).username() == "nobody"
        assert (workspace / "pg" / "data").owner() == "nobody"
    finally:
        await server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")
async def test_a_closed_folder_is_named(workspace: Path) -> None:
    """When the account cannot reach the data folder, the error names the folder that bars the way."""
    barrier = workspace / "closed"
    barrier.mkdir(mode=0o700)
    with pytest.raises(ServerError, match=f"cannot enter {barrier} "):
        await Postgres(barrier / "pg", free_port()).start()


async def test_postgres_asks_for_a_password(postgres: Server) -> None:
    """Nobody gets in with a wrong password, and the server listens on 127.0.0.1 only."""
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.admin_url.replace("postgres:", "postgres:wrong", 1))
    assert await query(postgres.admin_url, "SHOW listen_addresses") == "127.0.0.1"


async def test_a_taken_port_is_reported(postgres: Server, workspace: Path) -> None:
    """A server that cannot have its port says so instead of using another's."""
    with pytest.raises(ServerError, match="port"):
        await Postgres(workspace / "pg", postgres.process.port, durable=False).start()


async def test_passwords_are_private_and_lasting(workspace: Path) -> None:
    """A generated password stays the same and can be read by its owner only."""
    path = workspace / "secrets.json"
    assert Secrets(path).get("a") == Secrets(path).get("a") != Secrets(path).get("b")
    assert path.stat().st_mode & 0o777 == 0o600


async def test_nats_keeps_streams_when_killed(workspace: Path) -> None:
    """A confirmed message is there after kill -9 and a second start."""
    server = Nats(workspace / "nats", free_port())
    again = Nats(workspace / "nats", free_port())
    try:
        await server.start()
        client = await nats.connect(server.url, allow_reconnect=False, error_cb=ignore)
        await ensure_stream(client.jetstream(), facts_stream())
        await client.jetstream().publish("geju.facts.a.b.c", b"kept")
        server.kill()
        await client.close()
        await again.start()
        client = await nats.connect(again.url, error_cb=ignore)
        assert (await client.jetstream().get_msg("GEJU_FACTS", 1)).data == b"kept"
        await client.close()
    finally:
        server.kill()
        await again.stop()


async def test_nats_asks_for_a_password(nats_server: Nats) -> None:
    """Nobody gets in without the password; the file that holds it is private."""
    with pytest.raises((nats.errors.Error, OSError)):
        await nats.connect(f"nats://127.0.0.1:{nats_server.port}", allow_reconnect=False, error_cb=ignore)
    assert (nats_server.folder / "nats.conf").stat().st_mode & 0o777 == 0o600
    assert "sync_interval: always" in Nats(nats_server.folder / "other", 1)._config_text()


async def test_a_reused_pid_is_left_alone(workspace: Path) -> None:
    """A pid file that names another program's process is removed, the process stays."""
    pid_file = workspace / "server.pid"
    pid_file.write_text(str(os.getpid()), encoding="ascii")
    end_leftover(pid_file, "no such server", signal.SIGKILL)
    assert (pid_file.exists(), command_of(os.getpid()) != "") == (False, True)


async def test_bootstrap_can_be_repeated(postgres: Server) -> None:
    """A second bootstrap changes passwords and nothing else."""
    first = await bootstrap(postgres.admin_url, "again", lambda role: f"{role}'\"")
    await query(first.owner, "CREATE TABLE kept (n int)")
    second = await bootstrap(postgres.admin_url, "again", lambda role: f"{role}/@:")
    assert await query(second.app, "SELECT count(*) FROM kept") == 0
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(first.app)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (n int)",
        "CREATE SCHEMA mine",
        "DROP TABLE kept",
        "ALTER TABLE kept DISABLE ROW LEVEL SECURITY",
    ],
)
async def test_the_application_defines_nothing(postgres: Server, statement: str) -> None:
    """The application role reads and writes the owner's tables but cannot change what they are."""
    urls = await postgres.database("narrow")
    await query(urls.owner, "CREATE TABLE kept (n int)")
    await query(urls.app, "INSERT INTO kept VALUES (1)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await query(urls.app, statement)
    bypass = "SELECT bool_or(rolbypassrls OR rolsuper) FROM pg_roles WHERE rolname LIKE 'geju_narrow%'"
    assert await query(urls.app, bypass) is False


async def test_services_cannot_enter_each_others_databases(postgres: Server) -> None:
    """The role of one service has no way into the database of another."""
    one, other = await postgres.database("one"), await postgres.database("other")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(with_database(one.app, other.app.rpartition("/")[2]))


async def test_stopping_ends_the_process(workspace: Path) -> None:
    """After stop no process is left."""
    server = Nats(workspace / "nats", free_port(), durable=False)
    await server.start()
    pid = server.pid
    await server.stop()
    assert pid is not None
    await eventually(lambda: not psutil.pid_exists(pid))
