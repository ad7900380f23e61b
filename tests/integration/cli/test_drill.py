"""The restore drill: what was destroyed is there again, and proven; nothing of anybody else's is touched."""

from __future__ import annotations

import json
from pathlib import Path

import asyncpg
import pytest

from services.chassis import testing
from services.chassis.embedded.bootstrap import with_database
from services.cli.drill import dumps
from services.client import Home
from tests.support import district
from tests.support.installation import FEW, geju

SETTINGS = {
    "GEJU_DEMO_DISPUTES": "4",
    **FEW,
    # Servers and services that the environment names are not for the drill: nobody answers there.
    "GEJU_DATABASE_ADMIN_URL": "postgresql://nobody@127.0.0.1:1/none",
    "GEJU_NATS_URL": "nats://127.0.0.1:1",
    "GEJU_TARGETS": "mediation=127.0.0.1:1",
}


@pytest.mark.timeout(600)
def test_what_was_destroyed_is_there_again(workspace: Path) -> None:
    """Every table holds what it held, every figure equals a recount, every trail contains its head; and it is timed."""
    profile, folder = district.write(workspace / "district"), workspace / "drill"
    options = ("drill", "--profile", str(profile), "--folder", str(folder), "-o", "json")
    done = geju(Home(workspace / "home"), *options, settings=SETTINGS, patience=540)
    assert 0 == done.returncode, done.stderr
    said = json.loads(done.stdout)
    assert (True, [], 0, []) == (said["good"], said["lost"], said["figures_differing"], said["audit_problems"])
    assert said["tables"] == said["tables_compared"]
    assert 5 == said["audit_heads"]
    assert min(said["rows"], said["figures_compared"], said["audit_entries"]) > 1000
    assert [step for step in said["steps"] if step["step"] == "恢复数据库"]
    assert said["restore_seconds"] > 0
    assert ["backup", "restored"] == sorted(path.name for path in folder.iterdir()), "the original is gone"
    assert not Home(workspace / "home").root.exists(), "nothing ran where the command would have looked"


def test_what_cannot_be_drilled_is_refused_at_once(workspace: Path) -> None:
    """A folder that holds something, and a backup without its keys or a dump: exit code 2, what is missing by name."""
    (workspace / "mediation.dump").touch()
    done = geju(Home(workspace / "home"), "drill", "--folder", str(workspace))
    assert (2, True) == (done.returncode, "不是空文件夹" in done.stderr)
    done = geju(Home(workspace / "home"), "drill", "--backup", str(workspace))
    assert (2, True) == (done.returncode, "缺少 aggregation.dump、" in done.stderr), done.stderr
    assert "records.json" in done.stderr


async def test_a_difference_of_one_cell_is_told(postgres: testing.Server, tmp_path: Path) -> None:
    """A dump is of one snapshot with the content it is compared by; a cell, a row or a table more or less shows."""
    names = [(await postgres.database("publicity")).app.rpartition("/")[2] for _ in range(2)]
    kept, fresh = (with_database(postgres.admin_url, name) for name in names)
    connection = await asyncpg.connect(kept)
    await connection.execute("CREATE TABLE kept (id int, text text); INSERT INTO kept VALUES (1, 'a'), (2, 'b')")
    before = await dumps.dump(kept, tmp_path / "one.dump")
    assert (2, 2) == (before["public.kept"].rows, dumps.rows([before]))
    assert before == await dumps.restore(fresh, tmp_path / "one.dump")
    changed = []
    for change in (
        "UPDATE kept SET text = 'c' WHERE id = 2",
        "DELETE FROM kept WHERE id = 2",
        "CREATE TABLE more (id int)",
        "DROP TABLE kept",
    ):
        await connection.execute(change)
        changed.append(dumps.differing(before, await dumps.dump(kept, tmp_path / "two.dump")))
    await connection.close()
    assert [["public.kept"], ["public.kept"], ["public.kept", "public.more"], ["public.kept", "public.more"]] == changed
