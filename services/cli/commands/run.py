"""`geju run`: everything, in one folder, until Ctrl-C."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from shutil import which
from typing import Annotated

import typer

from services.chassis.embedded import ServerError
from services.chassis.profile_file import ProfileError, load
from services.cli import session
from services.cli.commands.board import show_when_current
from services.cli.failure import Exit, Failure
from services.cli.output import console
from services.cli.session import Session
from services.cli.supervisor import lock
from services.cli.supervisor.plan import DEFAULT_PROFILE, HIGHEST_BASE, PORT_BASE
from services.cli.supervisor.steps import Steps
from services.cli.supervisor.supervisor import Supervisor, planned
from services.client import Home

SHOWN_PROBLEMS = 20

Once = Annotated[bool, typer.Option("--once", help="显示看板后即停止。")]
Demo = Annotated[bool, typer.Option("--demo", help="库中没有记录时载入演示数据。")]
Base = Annotated[
    int,
    typer.Option(
        "--port-base", envvar="GEJU_PORT_BASE", help="端口段的起点;0 为任意空闲端口。", min=0, max=HIGHEST_BASE
    ),
]
Profile = Annotated[Path, typer.Option("--profile", envvar="GEJU_PROFILE", help="区划档案文件夹。")]


def run(
    context: typer.Context,
    once: Once = False,  # noqa: FBT002 - options of a command
    demo: Demo = False,  # noqa: FBT002
    port_base: Base = PORT_BASE,
    profile: Profile = DEFAULT_PROFILE,
) -> None:
    """启动整套系统(PostgreSQL、NATS 与各服务),显示看板,直到 Ctrl-C。"""
    current = session.of(context)
    check_profile(profile)
    with lock.held(current.home):
        code = asyncio.run(_Run(current, once=once, demo=demo).run(port_base, profile.resolve()))
    if code:
        raise typer.Exit(code)


class _Run:
    """One run: bring up, load, show, stay, take down."""

    def __init__(self, current: Session, *, once: bool, demo: bool) -> None:
        self._session, self._once, self._demo = current, once, demo
        self._steps = Steps(console)
        self._stop = asyncio.Event()
        self._loading: asyncio.subprocess.Process | None = None
        self._supervisor: Supervisor | None = None

    async def run(self, base: int, profile: Path) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._on_signal)
        self._supervisor = supervisor = Supervisor(
            await asyncio.to_thread(planned, self._session.home, base, profile), self._steps
        )
        work = asyncio.create_task(self._work(supervisor, profile))
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                return Exit.INTERRUPTED
            work.result()
            if not self._once:
                await self._stop.wait()
        except ServerError as error:
            first, _, rest = str(error).partition("\n")
            raise Failure(first, Exit.UNREACHABLE, rest) from None
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await supervisor.down()
        return Exit.OK

    async def _work(self, supervisor: Supervisor, profile: Path) -> None:
        home = self._session.home
        await supervisor.up()
        if self._demo:
            await self._load_demonstration()
        await asyncio.to_thread(show_when_current, self._session)
        _say_where(home, profile, staying=not self._once)

    async def _load_demonstration(self) -> None:
        """Load the demonstration by the command's own `demo load`, which shows its progress on this terminal."""
        arguments = ["-m", "services.cli", "--home", str(self._session.home.root), "demo", "load", "--if-empty"]
        self._loading = await asyncio.create_subprocess_exec(sys.executable, *arguments)
        code = await self._loading.wait()
        if code:
            raise Failure(
                "演示数据没有载入完",
                Exit(code) if code in set(Exit) else Exit.RULE,
                "再次运行 geju run --demo 会接着载入",
            )

    def _on_signal(self) -> None:
        if not self._stop.is_set():
            self._stop.set()
            self._steps.note("正在停止;再按一次 Ctrl-C 立即结束")
            if self._loading and self._loading.returncode is None:
                self._loading.terminate()
            return
        if self._supervisor:
            self._supervisor.kill()
        os._exit(Exit.INTERRUPTED)


def check_profile(folder: Path) -> None:
    """Refuse a profile with faults before anything is started. Errors: Failure with the first of them."""
    if not (folder / "district.yaml").is_file():
        raise Failure(f"{folder} 不是区划档案文件夹", Exit.USAGE, "请以 --profile 指明含 district.yaml 的文件夹")
    try:
        load(folder)
    except ProfileError as error:
        lines = [f"  {problem}" for problem in error.problems[:SHOWN_PROBLEMS]]
        more = len(error.problems) - len(lines)
        lines += [f"  ……另有 {more} 处"] if more else []
        raise Failure(f"区划档案 {folder} 有 {len(error.problems)} 处错误", Exit.USAGE, "\n".join(lines)) from None


def _say_where(home: Home, profile: Path, *, staying: bool) -> None:
    state = home.running()
    for name, service in state["services"].items():
        console.print(
            f"  {name:<14} gRPC {service['grpc']}   metrics http://{service['metrics']}/metrics", markup=False
        )
    console.print(f"  区划档案       {profile}\n  文件夹         {home.root}(日志在 logs/)", markup=False)
    if staying:
        tries = [
            "geju board --watch",
            "geju board --pattern 大调解",
            "geju assess",
            "geju work",
            "geju verify",
            "geju indicator mediation.success_rate --period 2012-06",
            "geju explain mediation.success_rate",
            "geju explain resettlement.help_rate --left-out",
            "geju list supervised_person --purpose 季度考核",
            "geju template dispute --out 纠纷.xlsx",
            "geju doctor",
        ]
        command = Path(sys.argv[0])
        where = f";geju 即 {command}" if command.name == "geju" and not which("geju") else ""
        lines = (f"\n可以试试(另开一个终端{where}):", *(f"  {line}" for line in tries), "\nCtrl-C 停止。")
        console.print(*lines, sep="\n", markup=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)
