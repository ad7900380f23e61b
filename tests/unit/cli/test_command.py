"""The command as a whole: exit codes, words, and no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import grpc
import pytest
from geju.aggregation.v1 import board_service_pb2
from google.rpc import status_pb2

from services.aggregation.errors import PeriodNotBegun
from services.chassis.errors import to_status
from services.cli import app, errors, session
from services.cli.commands.token import seconds
from services.cli.failure import Exit, Failure

PROFILE = Path(__file__).parents[3] / "deploy" / "districts" / "lucheng"
RECORD = "01900000-0000-7000-8000-000000000000"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("GEJU_HOME", "GEJU_TARGETS", "GEJU_TOKEN_FILE", "GEJU_PROFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0), (["version"], 0), (["list", "kinds", "-o", "json"], 0), (["bord"], 2), (["board", "--no"], 2),
        (["board"], 3), (["reconcile"], 3), (["template", "unknown", "--out", "a.xlsx"], 2), (["serve", "none"], 2),
        (["template", "dispute", "--out", "a.pdf"], 2), (["token", "--role", "king"], 2),
        (["token", "--role", "clerk"], 3), (["token", "--role", "sealed_files"], 2),
        (["token", "--role", "clerk", "--role", "sealed_files"], 3),
        (["import", "dispute", "none.xlsx"], 3), (["run", "--profile", "none"], 2), (["doctor"], 3),
        (["list", "supervised_person"], 2), (["list", "duty", "--purpose", " "], 2),
        (["list", "correction_officer"], 3),
        (["export", "released_person", "--out", "a.xlsx"], 2), (["list", "duty", "--purpose", "考核"], 3),
        (["--targets", "nonsense", "board"], 2), (["explain", "a.b", "--key", "type"], 2),
        (["run", "--port-base", "65530"], 2), (["run", "--port-base", "-5"], 2), (["show", "nothing/1"], 2),
    ],
)  # fmt: skip
def test_exit_codes(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs can tell what went wrong by the exit code, people by words."""
    assert code == app.execute(arguments)
    assert "Traceback" not in capsys.readouterr().err


def test_every_command_has_a_module_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    """What the table of commands promises is there."""
    for command in app.COMMANDS:
        assert 0 == app.execute([command, "--help"])
        assert command in capsys.readouterr().out


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever else is said goes to stderr."""
    app.execute(["list", "kinds", "--output", "json"])
    assert "dispute" in [row["kind"] for row in json.loads(capsys.readouterr().out)]


def test_a_missing_purpose_is_named_before_anything_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Who lists or exports persons' files without saying why learns what to add."""
    for arguments in (["list", "归正人员"], ["export", "归正人员", "--out", "a.xlsx"]):
        app.execute(arguments)
        said = capsys.readouterr().err
        assert ("读取「归正人员」须写明目的" in said, "--purpose" in said) == (True, True)


@pytest.mark.parametrize("arguments", [["import", "dispute", "none.xlsx"], ["list", "dispute"], ["limits"]])
def test_an_office_is_looked_up_once(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An office that the district does not have is refused before anything is asked, with those it has."""
    monkeypatch.setenv("GEJU_PROFILE", str(PROFILE))
    assert 1 == app.execute([*arguments, "--office", "无此所"])
    said = capsys.readouterr().err.replace("\n", "")
    assert "没有司法所“无此所”" in said
    assert "wuma(五马司法所)" in said


def test_a_template_is_not_overwritten_unasked(tmp_path: Path) -> None:
    """A filled-in sheet is not lost to a slip."""
    assert [0, 2, 0] == [
        app.execute(["template", "dispute", "--out", "a.xlsx", *force]) for force in ([], [], ["--force"])
    ]


def test_a_fault_of_the_program_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The traceback goes to a file for whoever mends it."""

    def broken(_arguments: object) -> None:
        raise RuntimeError("inner")

    monkeypatch.setattr(app, "build", broken)
    assert 1 == app.execute(["version"])
    said = capsys.readouterr().err
    assert "inner" not in said
    assert "inner" in next(tmp_path.glob("geju-error-*.txt")).read_text()


def test_an_interrupt_ends_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C is exit code 130 and not a word."""

    def interrupted(_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "build", interrupted)
    assert 130 == app.execute(["version"])
    assert "" == capsys.readouterr().err


def test_addresses_are_read_in_both_spellings() -> None:
    """JSON and name=address mean the same."""
    expected = {"mediation": "a:1", "aggregation": "b:2"}
    assert expected == session.parse_targets("mediation=a:1,aggregation=b:2")
    assert expected == session.parse_targets(json.dumps(expected))


@pytest.mark.parametrize(("text", "span"), [("30m", 1800), ("8h", 28800), ("7d", 604800), ("90", 90)])
def test_spans_of_time(text: str, span: float) -> None:
    """A span is read with its unit."""
    assert span == seconds(text)


@pytest.mark.parametrize("text", ["0", "-1h", "1y", "", "400d"])
def test_doubtful_spans_are_refused(text: str) -> None:
    """A token lives for a span that makes sense."""
    with pytest.raises(Failure):
        seconds(text)


def test_a_service_without_an_address_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Whoever gives addresses and forgets one is told which."""
    (tmp_path / "token").write_text("x", encoding="utf-8")
    given = ["--targets", "aggregation=127.0.0.1:1", "--token-file", "token", "show", f"disputes/{RECORD}"]
    assert 2 == app.execute(given)
    assert "没有给出服务 mediation 的地址" in capsys.readouterr().err


def test_a_faulty_profile_is_refused_before_anything_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`geju run` names the first faults of a profile, one a line, and starts nothing."""
    (tmp_path / "district.yaml").write_text("code: 鹿城\n", encoding="utf-8")
    assert 2 == app.execute(["run", "--profile", str(tmp_path)])
    said = capsys.readouterr().err
    assert "处错误" in said
    assert "district.yaml" in said
    assert not (tmp_path / ".geju" / "postgres").exists()


class Refused(grpc.RpcError, grpc.Call):  # type: ignore[misc]
    """A call that a service has refused with a rich status."""

    def __init__(self, status: status_pb2.Status) -> None:
        self._status = status

    def code(self) -> grpc.StatusCode:
        """Return the code."""
        return grpc.StatusCode.INVALID_ARGUMENT

    def details(self) -> str:
        """Return the message."""
        return str(self._status.message)

    def trailing_metadata(self) -> tuple[tuple[str, bytes], ...]:
        """Return the status as it travels."""
        return (("grpc-status-details-bin", self._status.SerializeToString()),)


Refused.__abstractmethods__ = frozenset()  # type: ignore[attr-defined]


def test_a_refusal_is_said_once() -> None:
    """A refused field is said with its label and how to fill it in, and not a second time without."""
    request = board_service_pb2.GetBoardRequest.DESCRIPTOR
    status = to_status(PeriodNotBegun("period", period="2013"), request)
    status.code = grpc.StatusCode.INVALID_ARGUMENT.value[0]
    failure = errors.to_failure(Refused(status))
    assert (True, 1, "") == (
        failure.message.startswith("期间:"),
        failure.message.count("尚未开始"),
        failure.advice,
    )


def test_an_error_without_details_is_said_in_chinese() -> None:
    """A service that cannot be reached has said nothing; the command says it instead."""

    class Lost(grpc.RpcError, grpc.Call):  # type: ignore[misc]
        def code(self) -> grpc.StatusCode:
            return grpc.StatusCode.UNAVAILABLE

        def details(self) -> str:
            return "failed to connect to all addresses"

        def trailing_metadata(self) -> tuple[()]:
            return ()

    Lost.__abstractmethods__ = frozenset()  # type: ignore[attr-defined]
    failure = errors.to_failure(Lost())
    assert (Exit.UNREACHABLE, "服务连接不上") == (failure.code, failure.message)
