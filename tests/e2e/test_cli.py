"""The command as people use it: the first run, the second, and a street's spreadsheet on its way to the board."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from geju.aggregation.v1.board_service_pb2 import ListMembersRequest
from geju.aggregation.v1.board_service_pb2_grpc import BoardServiceStub

from services.aggregation import catalogue
from services.chassis import testing
from services.cli.app import execute
from services.cli.registry import SERVICES
from services.cli.session import Session
from services.cli.supervisor.parts import end_leftovers
from services.client import Home
from tests.support import district
from tests.support.installation import FEW, PROFILE, Installation, geju
from tests.support.sheets import fill
from tests.support.system import System

pytestmark = pytest.mark.timeout(300)
UNIT, PERIOD = "yangyi", "2012-03"
FIGURE = ("explain", "mediation.accepted", "--unit", UNIT, "--period", PERIOD, "--limit", "0", "-o", "json")


@pytest.fixture(scope="module")
def demonstration() -> Iterator[Installation]:
    """Give a folder in which the demonstration is to run; a dozen disputes and eight persons a year."""
    with testing.workspace() as folder:
        found = Installation(folder, district.write(folder / "district"), {"GEJU_DEMO_DISPUTES": "12", **FEW})
        try:
            yield found
        finally:
            if found.alive():
                found.stop(signal.SIGKILL)
            end_leftovers(found.home, list(SERVICES))


def test_ctrl_c_while_loading_drains_and_says_so(demonstration: Installation) -> None:
    """Interrupted in the middle of its work, the run stops every process in order and ends with code 130."""
    demonstration.start("--once", "--demo", until="[2/")
    pids = [int(path.read_text("ascii")) for path in demonstration.home.pids.iterdir()]
    assert 130 == demonstration.stop()
    assert len(SERVICES) == len(pids)
    assert [] == [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert not demonstration.home.run_file.exists()


def test_the_next_run_goes_on_and_shows_the_pattern(demonstration: Installation) -> None:
    """A run over what an interrupted one has left completes it, shows the patterns and ends with code 0."""
    demonstration.begin("--once", "--demo")
    assert 0 == demonstration.wait(200), demonstration.said()
    said = demonstration.said()
    assert "[1/" not in said
    for words in (
        "大调解",
        "大普法",
        "大帮教",
        "大服务",
        "大法援",
        "总达成度",
        "失分多的在前",
        "试试 geju board --pattern",
        "gRPC 127.0.0.1:",
        "/metrics",
    ):
        assert words in said
    assert "没有导入" not in said


def test_a_further_run_finds_its_data(demonstration: Installation) -> None:
    """Nothing is loaded twice; the board is the same."""
    before = _board(demonstration.said())
    demonstration.start("--demo")
    assert "行" not in [line[-1:] for line in demonstration.said().splitlines() if line.startswith("  [")]
    assert "演示数据已在库中,没有再次导入" in demonstration.said()
    assert before == _board(demonstration.said())


def test_every_figure_is_explained_by_its_records(demonstration: Installation) -> None:
    """Of all 143 the members add up to n and N, each with a reason; most of them count something here."""
    counted, wrong = 0, []
    with Session(demonstration.home, {}, None).client() as geju:
        stub = geju.stub(BoardServiceStub)
        for code in catalogue.BY_CODE:
            request = ListMembersRequest(indicator=code, page_size=1)
            figure = stub.ListMembers(request).figure
            members = list(geju.records(stub.ListMembers, ListMembersRequest(indicator=code)))
            sums = sum(member.n for member in members), sum(member.denominator for member in members)
            counted += any(sums)
            if (figure.n, figure.denominator) != sums or not all(member.reason_label for member in members):
                wrong.append((code, figure.text, sums))
    assert ([], True) == (wrong, counted > 110), counted


@pytest.mark.parametrize("code", ["mediation.success_rate", "legalaid.accepted_growth", "publicity.cadre_study_rate"])
def test_a_figure_is_explained_in_words(
    demonstration: Installation, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it is, what for, and how many records there are for each reason; `indicator` shows how it moves."""
    home = ["--home", str(demonstration.home.root)]
    label = catalogue.BY_CODE[code].zh
    assert 0 == execute([*home, "explain", code])
    said = capsys.readouterr().out
    assert (True, True) == (label in said, "记录数" in said)
    assert 0 == execute([*home, "indicator", code])
    said = capsys.readouterr().out
    assert [True] * 3 == [words in said for words in (label, "规划条款", "走势")]


def test_limits_are_listed_of_every_service(demonstration: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    """Of each pattern alone and of all together, with rule and day; nothing is listed twice."""
    asked = ["--home", str(demonstration.home.root), "limits", "--within", "366", "--limit", "100000", "-o", "json"]
    found = {}
    for pattern in ("mediation", "legalaid", "publicity", "legalservices", "correction"):
        assert 0 == execute([*asked, "--pattern", pattern])
        found[pattern] = json.loads(capsys.readouterr().out)
    assert 0 == execute(asked)
    every = json.loads(capsys.readouterr().out)
    assert sum(map(len, found.values())) == len(every)
    assert set() == {pattern for pattern, limits in found.items() if not limits}
    assert all(limit["rule"] and limit["due"] and limit["state"] for limit in every)


def _board(said: str) -> list[str]:
    """Return the lines of the one screen that hold a pattern or a figure that costs it points."""
    lines = said.splitlines()
    first = next(i for i, line in enumerate(lines) if "失分多的在前" in line)
    found = [line for line in lines[first:] if any(glyph in line for glyph in "●◐○")]
    assert len(found) > 10
    return found


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    """Who cannot have a port is told which, for what, and what to do."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        done = geju(Home(tmp_path / "home"), "run", "--once", "--port-base", str(port), "--profile", str(PROFILE))
    assert 1 == done.returncode
    assert f"{port}(PostgreSQL)" in done.stderr
    assert "--port-base" in done.stderr
    assert "Traceback" not in done.stderr


WRONG: dict[str, tuple[tuple[str, ...], int, str]] = {
    "kind": (("import", "不存在", "x.csv"), 2, "没有名为 不存在 的记录种类"),
    "file": (("import", "dispute", "x.csv"), 2, "读不了文件 x.csv"),
    "indicator": (("explain", "mediation.nothing"), 1, "mediation.nothing"),
    "unit": (("board", "--unit", "不存在"), 1, "不存在"),
    "period": (("board", "--period", "2012-13"), 1, "期间"),
    "day": (("board", "--as-of", "2012-02-30"), 2, "2012-02-30"),
    "watched day": (("board", "--watch", "--as-of", "2012-06-30"), 2, "--as-of"),
    "reason": (("explain", "mediation.success_rate", "--reason", "不存在"), 1, "no_agreement(未达成协议)"),
    "counted again": (("verify", "--period", "2099"), 1, "尚未开始"),
    "report": (("report", "restatements", "1999"), 1, "1999"),
    "format": (("report", "export", "2012-03", "--out", "x.pdf"), 2, ".xlsx 或 .docx"),
    "profile": (("run", "--profile", "/nowhere"), 2, "不是区划档案文件夹"),
    "option": (("board", "--nothing"), 2, "--nothing"),
    "weight": (("assess", "--weight", "大调解=x"), 2, "不是整数"),
    "target": (("assess", "--target", "mediation.success_rate=98"), 1, "应在 0 与 1 之间"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_said_in_chinese(system: System, wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every mistake on the command line ends with its exit code and words, never with a traceback."""
    arguments, code, words = WRONG[wrong]
    ended = execute(["--home", str(system.home.root), *arguments])
    said = capsys.readouterr()
    assert (code, True) == (ended, words in said.err), said.err
    assert "Traceback" not in said.out + said.err


def test_a_wrong_spreadsheet_is_said_to_be_one(system: System, tmp_path: Path) -> None:
    """A sheet of another kind is recognised, and which command takes it is told."""
    path = tmp_path / "committees.csv"
    path.write_text("司法所,编号,名称,类别,层级,起始日期\nwuma,T,测试,村,村居级,2010-01-01\n", "utf-8")
    done = system.installation.geju("import", "dispute", str(path))
    assert 1 == done.returncode
    assert "geju import committee" in done.stderr
    assert "Traceback" not in done.stderr


def test_offices_are_assessed_by_what_their_boards_say(system: System) -> None:
    """Every office has its score; what is tried is told beside how things are, which stay so."""
    run = system.installation.geju
    plain, tried, again = (
        json.loads(run("assess", *options, "-o", "json").stdout) for options in ((), ("--weight", "大帮教=9"), ())
    )
    [yangyi] = (one for one in plain["offices"] if one["unit"] == UNIT)
    shown = json.loads(run("board", "--unit", UNIT, "-o", "json").stdout)
    assert float(yangyi["standing"]["score"]) == pytest.approx(shown["attainment"] * 100, abs=0.005)
    assert {one["unit"]: one["standing"] for one in plain["offices"]} == {
        one["unit"]: one["standing_now"] for one in tried["offices"]
    }
    assert (plain["offices"], True, False) == (again["offices"], tried["hypothetical"], again["hypothetical"])
    explained = run("assess", "--unit", "仰义司法所")
    assert (0, True) == (explained.returncode, "仰义司法所  2012 考核" in explained.stdout), explained.stderr


async def test_from_the_template_to_the_restatement(system: System, tmp_path: Path) -> None:
    """A filled template goes in and is counted and explained; what comes after the report is closed restates it."""
    run = system.installation.geju
    first, late = tmp_path / "first.xlsx", tmp_path / "late.xlsx"
    for path, key, accepted in ((first, "F-1", "2012-03-05"), (late, "F-2", "2012-03-09")):
        assert 0 == run("template", "dispute", "--out", str(path)).returncode
        _fill(path, key, accepted)
    assert 1 == json.loads(run("import", "dispute", str(first), "--dry-run", "-o", "json").stdout)["created"]
    assert 1 == json.loads(run("import", "dispute", str(first), "-o", "json").stdout)["created"]
    await system.until_equal(60)
    record = await _record(system, "F-1")
    explained = json.loads(run(*FIGURE).stdout)
    shown = next(f for p in json.loads(run("board", "--unit", "仰义司法所", "--period", PERIOD, "-o", "json").stdout)[
        "patterns"] for f in p["figures"] if f["indicator"] == "mediation.accepted")  # fmt: skip
    assert record in {member["record"] for member in explained["members"]}
    assert int(shown["n"]) == int(explained["figure"]["n"])
    closed = run("report", "close", PERIOD, "--note", "首次封账", "-o", "json")
    assert 0 == closed.returncode, closed.stderr
    assert 0 == run("import", "dispute", str(late)).returncode
    await system.until_equal(60)
    restated = json.loads(run("report", "restatements", PERIOD, "--unit", UNIT, "-o", "json").stdout)
    causes = {
        cause["record"]
        for found in restated["restatements"]
        if found["published"]["indicator"] == "mediation.accepted"
        for cause in found["causes"]
    }
    assert {await _record(system, "F-2")} == causes
    published = json.loads(run("report", "show", PERIOD, "--unit", UNIT, "-o", "json").stdout)
    kept = next(f for f in published["figures"] if f["indicator"] == "mediation.accepted" and not f.get("key"))
    assert shown["n"] == kept["n"]
    assert "公布时的达成度" in run("report", "show", PERIOD, "--unit", UNIT).stdout
    for name in ("报告.xlsx", "报告.docx"):
        path = tmp_path / name
        done = run("report", "export", PERIOD, "--unit", "仰义司法所", "--out", str(path))
        assert 0 == done.returncode, done.stderr
        assert path.read_bytes().startswith(b"PK")
        assert 2 == run("report", "export", PERIOD, "--out", str(path)).returncode
        assert 0 == run("report", "export", PERIOD, "--out", str(path), "--force").returncode


def _fill(path: Path, key: str, accepted: str) -> None:
    """Fill the first line of a template as a clerk would."""
    line = {
        "司法所": "仰义司法所", "编号": key, "纠纷类型": "邻里", "来源渠道": "当事人申请", "申请人": "张某某",
        "被申请人": "测试甲、测试乙", "登记日期": accepted, "受理日期": accepted,
    }  # fmt: skip
    fill(path, [line])


async def _record(system: System, key: str) -> Any:
    """Return the resource name of a dispute by its number."""
    rpc_filter = {"office": UNIT, "key": key}
    [found] = (await system.caller("clerk")("DisputeService/ListDisputes", filter=rpc_filter)).disputes
    return found.name
