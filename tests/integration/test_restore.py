"""The drill of docs/operations/backup.md as far as one server carries it: dump, restore, migrate, look."""

from __future__ import annotations

import subprocess
from pathlib import Path

import asyncpg

from services.chassis import migrations, testing
from services.chassis.embedded.bootstrap import with_database
from services.chassis.embedded.postgres import binaries

NOTE = """
INSERT INTO audit (id, at, actor, roles, method, kind, revision, office, change, purpose, reason, digest)
VALUES (gen_random_uuid(), now(), 'clerk', 'clerk', '/x/Get', 'news_item', 1, 'wuma', 'read', '查询', '', '')
"""
RECORD = """
INSERT INTO news_item (id, office, place, revision, deleted, occurred, recorded, actor, body, facts, digest, hashes,
    next_rule, medium, kind, published_date)
VALUES (gen_random_uuid(), 'wuma', '', 1, false, now(), now(), '', '', '', '', '{}', '', 1, 1, now())
"""


async def seen(url: str, offices: str) -> int:
    """Count the records that a session of this scope sees."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SELECT set_config('geju.offices', $1, false)", offices)
        return int(await connection.fetchval("SELECT count(*) FROM news_item"))
    finally:
        await connection.close()


def run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL to its end."""
    subprocess.run([str(binaries() / program), *arguments], check=True, capture_output=True, timeout=60)


async def test_a_restored_database_keeps_records_and_rules(postgres: testing.Server, tmp_path: Path) -> None:
    """Rows are back, seen by whom they were seen before, and the trail can be added to and not be touched."""
    schema, dump = migrations.schema_of("publicity"), str(tmp_path / "publicity.dump")
    urls, fresh = await postgres.database("publicity"), await postgres.database("publicity")
    await migrations.upgrade(urls.owner, schema)
    connection = await asyncpg.connect(urls.app)
    await connection.execute("SET geju.offices = '*'")
    for statement in (RECORD, NOTE):
        await connection.execute(statement)
    await connection.close()
    run("pg_dump", "-Fc", "-f", dump, "-d", with_database(postgres.admin_url, urls.app.rpartition("/")[2]))
    run("pg_restore", "--exit-on-error", "-d", with_database(postgres.admin_url, fresh.app.rpartition("/")[2]), dump)
    await migrations.upgrade(fresh.owner, schema)
    await migrations.check(fresh.owner, schema)
    assert [1, 1, 0, 0] == [await seen(fresh.app, offices) for offices in ("*", "wuma", "lucheng", "")]
    assert 1 == await seen(fresh.reader, "")
    connection = await asyncpg.connect(fresh.app)
    try:
        await connection.execute(NOTE)
        for statement in ("DELETE FROM audit", "UPDATE audit SET actor = ''", "DELETE FROM outbox", "DROP TABLE exam"):
            try:
                await connection.execute(statement)
            except asyncpg.InsufficientPrivilegeError:
                continue
            raise AssertionError(statement)
    finally:
        await connection.close()
