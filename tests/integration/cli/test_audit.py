"""Heads of the audit trails are kept in files, and convict whoever changes the trails afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from services.chassis.testing import eventually
from services.chassis.tokens import make_key
from tests.support.installation import Installation
from tests.support.system import System

SERVICE = "legalservices"
READ = ("list", "firm", "--purpose", "季度考核")


async def linked(installation: Installation) -> int:
    """Return how many entries the trail has."""
    return int((await System(installation).rows(SERVICE, "SELECT count(*) FROM audit_link"))[0][0])


async def read_once(installation: Installation) -> int:
    """Read something that is audited, wait until its entry is linked, and return how many there are then."""
    before = await linked(installation)
    assert 0 == installation.geju(*READ).returncode

    async def there() -> bool:
        return await linked(installation) > before

    await eventually(there)
    return await linked(installation)


def verified(installation: Installation, code: int, *options: Any) -> Any:
    """Verify the trail of the service, hold the exit code and return what is said."""
    done = installation.geju("audit", "verify", "-s", SERVICE, *map(str, options), "-o", "json")
    assert code == done.returncode, done.stdout + done.stderr
    return json.loads(done.stdout)[0]


async def test_a_tail_that_was_cut_is_found_by_the_files(installation: Installation, tmp_path: Path) -> None:
    """Heads of every service go into files; a cut that the database agrees with contradicts them, with exit code 4."""
    kept, sequences = tmp_path / "kept", []
    for _ in range(2):
        sequences.append(await read_once(installation))
        done = installation.geju("audit", "head", "--out", str(kept))
        assert 0 == done.returncode, done.stderr
    assert 2 == len(list(kept.glob(f"{SERVICE}-*.json")))
    said = verified(installation, 0, "--against", kept)
    assert (True, 2, "") == (said["verdict"], said["heads"], said["problem"])
    await _cut(installation, sequences[0])
    assert verified(installation, 0)["verdict"], "nothing inside tells"
    said = verified(installation, 4, "--against", kept)
    found = (said["verdict"], said["heads"], said["broken_at"], said["fault"])
    assert (False, 1, sequences[0] + 1, "截断链尾") == found
    table = installation.geju("audit", "verify", "--against", str(kept))
    assert (4, True) == (table.returncode, "✗ 不符" in table.stdout)


def test_a_forged_head_is_refused(installation: Installation, tmp_path: Path) -> None:
    """A head that was changed, one without its signature and one of an unknown key are named by their files."""
    done = installation.geju("audit", "head", "-s", "publicity", "-o", "json")
    [head] = json.loads(done.stdout)
    ways = {"time.json": {"time": "x"}, "bare.json": {"signature": ""}, "key.json": {"key_id": "0" * 16}}
    for name, change in ways.items():
        (tmp_path / name).write_text(json.dumps({**head, **change}), "utf-8")
    options = ("audit", "verify", "-s", "publicity", "-o", "json", "--against", str(tmp_path))
    done = installation.geju(*options)
    assert 4 == done.returncode
    words = f"bare.json:没有签名;key.json:没有密钥 {'0' * 16} 的公钥;time.json:签名不符:链头被改动"
    assert words == json.loads(done.stdout)[0]["problem"]
    make_key(tmp_path / "other.key", tmp_path / "others", "other")
    for name in ways:
        (tmp_path / name).unlink()
    (tmp_path / "head.json").write_text(json.dumps(head), "utf-8")
    assert 0 == installation.geju(*options).returncode
    assert 4 == installation.geju(*options, "--keys", str(tmp_path / "others")).returncode


def test_what_is_no_head_is_a_mistake_of_usage(installation: Installation, tmp_path: Path) -> None:
    """A file of something else, an empty folder, a service without a trail and a folder without keys: exit code 2."""
    other, empty = tmp_path / "other.json", tmp_path / "empty"
    other.write_text("[1]", "utf-8")
    empty.mkdir()
    head = tmp_path / "head.json"
    head.write_text(json.dumps({"source": "geju/publicity"}), "utf-8")
    for options in (
        ("--against", other),
        ("--against", empty),
        ("--service", "aggregation"),
        ("--against", head, "--keys", empty),
    ):
        assert 2 == installation.geju("audit", "verify", *map(str, options)).returncode, options


async def _cut(installation: Installation, last: int) -> None:
    """Take everything behind an entry away, and have the source say that it was all."""
    system = System(installation)
    for sql in (
        "DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_link WHERE seq > $1)",
        "DELETE FROM audit_link WHERE seq > $1",
        "UPDATE source SET audit_sequence = $1, audit_head = (SELECT hash FROM audit_link WHERE seq = $1)",
    ):
        await system.rows(SERVICE, sql, last)
