"""`geju run`: one folder, everything in it, and it survives what happens to processes."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from services.client import Home
from tests.support.installation import FEW, Installation, eventually, geju

COMMITTEE = "司法所,编号,名称,类别,层级,起始日期\nwuma,TW-1,测试甲调委会,物业管理小区,街道级,2010-01-01\n"


def _pid(installation: Installation, service: str) -> int:
    return int((installation.home.pids / f"{service}.pid").read_text())


def test_nothing_running_is_exit_code_three(tmp_path: Path) -> None:
    """A command that finds nothing to speak to says so and what to do."""
    done = geju(Home(tmp_path), "board")
    assert (3, True) == (done.returncode, "geju run" in done.stderr)


def test_a_second_run_says_that_the_first_runs(installation: Installation) -> None:
    """Two supervisors never share a folder."""
    done = installation.geju("run", "--once")
    assert (1, True) == (done.returncode, "已在运行" in done.stderr)


def test_the_doctor_finds_every_part_well(installation: Installation) -> None:
    """Each part is named, and none is bad."""
    done = installation.geju("doctor", "--output", "json")
    found = json.loads(done.stdout)
    assert 0 == done.returncode, found
    assert {"PostgreSQL", "NATS", "mediation", "correction", "aggregation"} <= {row["part"] for row in found}


def test_a_killed_service_is_started_again(installation: Installation) -> None:
    """A crash of one service costs seconds and nothing else."""
    before = _pid(installation, "mediation")
    os.kill(before, signal.SIGKILL)
    eventually(lambda: _pid(installation, "mediation") != before)
    eventually(lambda: installation.geju("doctor").returncode == 0)


def test_a_killed_database_is_started_again(installation: Installation) -> None:
    """A crash of PostgreSQL is mended; what was stored is there."""
    pid_file = installation.home.postgres / "data" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    eventually(lambda: "PostgreSQL 已重新启动" in installation.said())
    eventually(lambda: installation.geju("limits").returncode == 0)


def test_a_token_opens_the_services(installation: Installation, tmp_path: Path) -> None:
    """A token made by the command is accepted; one for another role is refused what that role may not do."""
    token = tmp_path / "token"
    token.write_text(installation.geju("token", "--role", "auditor", "--ttl", "5m").stdout)
    assert 0 == installation.geju("--token-file", str(token), "board").returncode
    refused = installation.geju("--token-file", str(token), "reconcile")
    assert (1, True) == (refused.returncode, "Traceback" not in refused.stderr)


@pytest.mark.timeout(300)
def test_a_killed_run_leaves_nothing_that_the_next_one_cannot_end(fresh: Installation, tmp_path: Path) -> None:
    """After kill -9 of the supervisor its services end, and the next run finds the data of the one before."""
    fresh.start()
    file = tmp_path / "committee.csv"
    file.write_text(COMMITTEE)
    assert 0 == fresh.geju("import", "committee", str(file)).returncode
    service = _pid(fresh, "mediation")
    fresh.stop(signal.SIGKILL)
    eventually(lambda: not Path(f"/proc/{service}").exists())
    fresh.start()
    listed = json.loads(fresh.geju("list", "committee", "-o", "json").stdout)
    assert ["TW-1"] == [row["key"] for row in listed]
    assert 0 == fresh.stop()
    assert not fresh.home.run_file.exists()


@pytest.mark.timeout(300)
def test_once_loads_the_demonstration_shows_the_board_and_stops(fresh: Installation) -> None:
    """One command on an empty folder ends with a board that is proven, and the next one loads nothing again."""
    options = ("run", "--once", "--demo", "--port-base", "0")
    first = geju(fresh.home, *options, settings={"GEJU_DEMO_DISPUTES": "40", **FEW}, patience=240)
    assert 0 == first.returncode, first
    assert {True} == {pattern in first.stdout for pattern in ("大调解", "大法援", "大普法", "大服务", "大帮教")}, first
    assert {True} == {
        sheet in first.stdout
        for sheet in ("dispute-late.xlsx", "duty-2012.xlsx", "placement.xlsx", "consultation-2012.csv")
    }
    assert "没有导入" not in first.stdout + first.stderr
    second = fresh.geju(*options)
    assert (0, True, False) == (second.returncode, "大调解" in second.stdout, ".xlsx" in second.stdout), second
