"""The command as a whole: its options, its groups, and how it ends."""

from __future__ import annotations

import datetime as dt
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import grpc
import typer
from rich.text import Text
from typer.main import get_command

from services.cli import session
from services.cli.errors import to_failure
from services.cli.failure import Exit, Failure
from services.cli.output import notes
from services.client import Home, NoTarget

HELP = """格局:区县司法局的日常工作与「五大格局」指标,每个数字都等于对记录的重新清点。

退出代码:0 正常;1 违反规则或有错误的行;2 用法错误;3 服务连接不上或没有运行;4 核对不一致;130 被 Ctrl-C 中断。
"""

HomeOption = Annotated[
    Path | None, typer.Option("--home", envvar="GEJU_HOME", help="本地系统的文件夹,缺省为 .geju。", show_envvar=True)
]
Targets = Annotated[
    str,
    typer.Option(
        "--targets",
        envvar=session.TARGETS,
        help="别处的服务:mediation=host:port,correction=host:port,aggregation=host:port。",
    ),
]
TokenFile = Annotated[Path | None, typer.Option("--token-file", envvar=session.TOKEN_FILE, help="身份凭证文件。")]

# Command -> module of services.cli.commands. Only the one that is called is loaded: a service that runs for months
# need not carry the spreadsheets in its memory.
COMMANDS = {
    "run": "run",
    "serve": "serve",
    "migrate": "serve",
    "permissions": "permissions",
    "board": "board",
    "assess": "assess",
    "indicator": "indicator",
    "explain": "explain",
    "template": "records",
    "import": "records",
    "export": "records",
    "list": "records",
    "show": "records",
    "report": "report",
    "limits": "limits",
    "warnings": "warnings",
    "plans": "plans",
    "work": "work",
    "verify": "verify",
    "audit": "audit",
    "drill": "drill",
    "reconcile": "proof",
    "rebuild": "proof",
    "demo": "demo",
    "token": "token",
    "version": "token",
    "doctor": "doctor",
}


# Options before the command whose value may well be spelt like a command.
VALUED = frozenset({"--home", "--targets", "--token-file"})


def options(
    context: typer.Context, home: HomeOption = None, targets: Targets = "", token_file: TokenFile = None
) -> None:
    """Keep what every command needs."""
    context.obj = session.Session(Home.find(home), session.parse_targets(targets) if targets else {}, token_file)


def build(arguments: Sequence[str]) -> typer.Typer:
    """Return the command with the group that the arguments call for, or with all of them (help, completion)."""
    words = (word for before, word in zip(["", *arguments], arguments, strict=False) if before not in VALUED)
    called = next((word for word in words if word in COMMANDS), None)
    modules = [COMMANDS[called]] if called else list(dict.fromkeys(COMMANDS.values()))
    app = typer.Typer(name="geju", help=HELP, no_args_is_help=True, rich_markup_mode="rich")
    app.callback(help=HELP)(options)
    for module in modules:
        import_module(f"services.cli.commands.{module}").register(app)
    return app


def execute(arguments: list[str] | None = None) -> int:  # noqa: PLR0911 - each way to end is one
    """Run the command and return its exit code; nothing that goes wrong shows a traceback."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        get_command(build(given))(given, prog_name="geju")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Failure as failure:
        return _tell(failure)
    except grpc.RpcError as error:
        return _tell(to_failure(error))
    except NoTarget as missing:
        advice = f"在 --targets 或 {session.TARGETS} 中补上 {missing}=host:port"
        return _tell(Failure(f"没有给出服务 {missing} 的地址", Exit.USAGE, advice))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough; stdout must not be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except Exception as error:  # noqa: BLE001 - the last resort of a program for people
        return _tell(_unknown(error))
    return Exit.OK


def _tell(failure: Failure) -> int:
    notes.print(Text.assemble(("错误:", "bold red"), failure.message))
    if failure.advice:
        notes.print(Text(failure.advice, style="dim"))
    return int(failure.code)


def _unknown(error: Exception) -> Failure:
    """Keep the traceback in a file, for whoever mends the program, and say where it is."""
    home = Home.find()
    folder = home.logs if home.root.is_dir() else Path.cwd()
    path = folder / f"geju-error-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return Failure(f"程序出错({type(error).__name__})", Exit.RULE)
    return Failure(f"程序出错({type(error).__name__})", Exit.RULE, f"详情已写入 {path},请转交运维人员")
