"""`geju drill`: a backup is worth what its restore has shown."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from services.chassis.embedded import ServerError
from services.cli.commands.run import Profile, check_profile
from services.cli.drill.drill import Drill, Result
from services.cli.failure import Exit, Failure
from services.cli.output import Form, Head, Output, console, dump, emit, say
from services.cli.supervisor.plan import DEFAULT_PROFILE

HEADS = [Head("step", "步骤"), Head("seconds", "用时(秒)", number=True)]


def drill(
    backup: Annotated[
        Path | None,
        typer.Option(
            "--backup",
            help="以已有的备份演练:<服务>.dump、records.json,可有 heads/ 与 audit/;缺省先造一份演示数据并备份。",
            metavar="DIR",
            exists=True,
            file_okay=False,
            resolve_path=True,
        ),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="演练所用的空文件夹;缺省为临时文件夹,演练后删除。", metavar="DIR")
    ] = None,
    profile: Profile = DEFAULT_PROFILE,
    output: Output = Form.TABLE,
) -> None:
    """演练恢复:备份、销毁、恢复、证明,逐步计时;证明不了则退出代码为 4。

    只在自己的临时系统中进行,不碰任何现有数据。
    """
    check_profile(profile)
    with _place(folder) as place:
        try:
            result = asyncio.run(_go(Drill(place, profile.resolve(), backup)))
        except ServerError as error:
            first, _, rest = str(error).partition("\n")
            raise Failure(first, Exit.UNREACHABLE, rest) from None
    _show(result, output)
    if not result.good:
        raise typer.Exit(Exit.UNPROVEN)


@contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    """Give an empty folder that the account of a server run as root can enter; a temporary one goes with the block."""
    if folder is not None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Failure(f"{folder} 不是空文件夹", Exit.USAGE, "演练不在已有内容的文件夹中进行")
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()
        return
    made = Path(tempfile.mkdtemp(prefix="geju-drill-")).resolve()
    made.chmod(0o711)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


async def _go(one: Drill) -> Result:
    """Run the drill; a request to end takes down what it has started, as Ctrl-C does."""
    task = asyncio.ensure_future(one.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _show(result: Result, output: Form) -> None:
    compared, differing = (result.figures.compared, len(result.figures.found)) if result.figures else (0, 0)
    entries, heads = sum(one.answer.entries for one in result.trails), sum(one.heads for one in result.trails)
    wrong = [f"{one.service}:{one.words}" for one in result.trails if not one.good]
    if output == Form.JSON:
        dump({
            "good": result.good, "restore_seconds": round(result.restore_seconds, 1),
            "steps": [{"step": name, "seconds": round(seconds, 1)} for name, seconds in result.steps],
            "tables": result.tables, "tables_compared": result.compared_tables, "rows": result.rows,
            "lost": list(result.lost), "figures_compared": compared,
            "figures_differing": differing, "audit_entries": entries, "audit_heads": heads, "audit_problems": wrong,
        })  # fmt: skip
        return
    emit(output, HEADS, [[name, f"{seconds:.1f}"] for name, seconds in result.steps])
    tell = console.print if output == Form.TABLE else say
    held = f",{len(result.lost)} 张表与备份时不同" if result.compared_tables else ""
    tell(f"恢复 {result.rows:,} 行({result.tables} 张表){held}")
    tell(f"比较了 {compared:,} 个数字,{differing:,} 处不同")
    tell(f"审计链 {entries:,} 条,留存的链头 {heads} 个,{len(wrong)} 个服务不符")
    tell(f"从开始恢复到证明完毕 {result.restore_seconds:.1f} 秒")
    for problem in [*result.lost, *wrong]:
        say(f"✗ {problem}", "red")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("drill")(drill)
