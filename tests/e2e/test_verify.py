"""`geju verify` on the demonstration: nothing differs, and what was tampered with is named."""

from __future__ import annotations

import json
import signal
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from services.aggregation.database import read_current
from services.aggregation.live import Current
from services.aggregation.measure import measure_all
from services.aggregation.plans import plan_of
from services.aggregation.projection import CONNECTION, Projection
from services.chassis import testing
from services.cli.registry import SERVICES
from services.cli.supervisor.parts import end_leftovers
from tests.support import district
from tests.support.installation import FEW, Installation
from tests.support.system import System

pytestmark = pytest.mark.timeout(300)
FIGURE = ("mediation.accepted", "", "", "yangyi", "2012")
#: Nothing is repaired unless a test asks for it.
SETTINGS = {"GEJU_DEMO_SIZE": "12", "GEJU_RECONCILE_SECONDS": "86400", **FEW}


@pytest.fixture(scope="module")
async def demonstration() -> AsyncIterator[System]:
    """Run a small demonstration: a dozen disputes and eight persons a year."""
    with testing.workspace() as folder:
        installation = Installation(folder, district.write(folder / "district"), SETTINGS)
        try:
            installation.begin("--demo")
            await testing.eventually(lambda: "Ctrl-C 停止" in installation.said(), 240)
            running = System(installation)
            yield running
            await running.close()
        finally:
            if installation.alive():
                installation.stop(signal.SIGKILL)
            end_leftovers(installation.home, list(SERVICES))


def verified(system: System, code: int, *options: str) -> Any:
    """Run the command, hold its exit code and return what it says."""
    done = system.installation.geju("verify", *options, "-o", "json")
    assert code == done.returncode, done.stderr
    return json.loads(done.stdout)


def test_nothing_differs(demonstration: System) -> None:
    """Every figure of every indicator, unit, period and breakdown equals a recount through the services' own RPCs."""
    said = verified(demonstration, 0)
    assert (0, [], False) == (said["differing"], said["differences"], said["changed_meanwhile"])
    assert 1000 < said["records"]
    assert 10_000 < said["compared"]
    done = demonstration.installation.geju("verify", "--unit", "仰义司法所", "--period", "2012", "--pattern", "大帮教")
    assert "个数字(指标×单位×期间×分项),0 处不同" in done.stdout
    assert ["✓ 读取记录", "✓ 读取看板", "✓ 重新清点"] == [line[:6] for line in done.stderr.splitlines()]


async def test_a_figure_changed_by_hand_is_named(demonstration: System) -> None:
    """With what the board says and what the recount does, and how to look further; not where nobody asked for it."""
    current = await _current(demonstration)
    change = f"UPDATE {current.schema}.figure SET n = n + $1 WHERE (indicator, breakdown, key, unit, period) = ($2, $3, $4, $5, $6)"  # noqa: E501, S608
    await demonstration.rows("aggregation", change, 7, *FIGURE)
    [found] = verified(demonstration, 4)["differences"]
    assert [FIGURE[0], "仰义司法所", "2012", ""] == [found[key] for key in ("indicator", "unit", "period", "key")]
    assert 7 == found["board_n"] - found["recount_n"]
    assert 0 == verified(demonstration, 0, "--indicator", "mediation.sessions", "--period", "2012")["differing"]
    told = demonstration.installation.geju("verify", "--pattern", "mediation", "--unit", "yangyi")
    assert 4 == told.returncode
    assert "1 处不同" in told.stdout
    assert "geju explain mediation.accepted --unit yangyi --period 2012" in told.stderr
    await demonstration.rows("aggregation", change, -7, *FIGURE)


async def test_a_record_missing_from_the_facts_is_named(demonstration: System) -> None:
    """The board counts what it holds; what it lost shows until it is repaired, as the command advises."""
    lost = await _lose_a_dispute(demonstration)
    named = {one["indicator"] for one in verified(demonstration, 4, "--limit", "0")["differences"]}
    assert "mediation.accepted" in named, lost
    assert 1 == len(verified(demonstration, 4, "--limit", "1")["differences"])
    assert 0 == demonstration.installation.geju("reconcile").returncode
    assert 0 == verified(demonstration, 0)["differing"]


def test_who_does_not_see_everything_compares_nothing(demonstration: System, tmp_path: Any) -> None:
    """The missing role is named: sealed records that one may not see must not look like errors."""
    token = tmp_path / "token"
    for roles, offices, words in (
        (("department", "discipline"), ("*",), "sealed_files(封存档案)"),
        (("auditor", "sealed_files"), ("*",), "department(业务部门)、discipline(纪检监察)"),
        (("department", "discipline", "sealed_files"), ("yangyi",), "只可见部分司法所"),
    ):
        token.write_text(demonstration.token(*roles, offices=offices), "ascii")
        done = demonstration.installation.geju("--token-file", str(token), "verify")
        assert (1, True) == (done.returncode, words in done.stderr), done.stderr


async def _current(system: System) -> Current:
    conn = await asyncpg.connect(system.admin_url("aggregation"))
    try:
        found = await read_current(conn)
    finally:
        await conn.close()
    assert found is not None
    return found


async def _lose_a_dispute(system: System) -> Any:
    """Delete an accepted dispute from the facts and count everything anew, as the service's own account."""
    current = await _current(system)
    conn = await asyncpg.connect(system.admin_url("aggregation"), **CONNECTION)
    try:
        owner = await conn.fetchval(
            "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = $1", current.schema
        )
        await conn.execute(f"SET ROLE {owner}")
        projection = await Projection.open(conn, plan_of(current.schema), system.profile)
        one = f"SELECT _id FROM {current.schema}.f_dispute WHERE accepted_date IS NOT NULL LIMIT 1"  # noqa: S608
        delete = f"DELETE FROM {current.schema}.f_dispute WHERE _id = ({one}) RETURNING _id"  # noqa: S608
        lost = await conn.fetchval(delete)
        await measure_all(conn, projection, current.as_of)
    finally:
        await conn.close()
    return lost
