"""`geju doctor`: looks at each part and says what to do."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import typer
from rich.text import Text

from services.cli import session
from services.cli.doctor import checks, live, silences
from services.cli.doctor.finding import Finding, Level
from services.cli.failure import Exit
from services.cli.output import Form, Head, Output, emit
from services.cli.session import Session
from services.client import NotRunning

HEADS = [Head("level", ""), Head("part", "部分"), Head("found", "情况"), Head("advice", "怎么办")]
_MARKS = {Level.OK: ("✓", "green"), Level.WARNING: ("!", "yellow"), Level.BAD: ("✗", "red")}


def doctor(context: typer.Context, output: Output = Form.TABLE) -> None:
    """逐一检查各部分,说明问题和处理办法。"""
    current = session.of(context)
    findings = list(_findings(current))
    marks = [Text(*_MARKS[f.level]) if output == Form.TABLE else f.level.value for f in findings]
    emit(output, HEADS, [(mark, f.part, f.found, f.advice) for mark, f in zip(marks, findings, strict=True)])
    if any(f.level == Level.BAD for f in findings):
        unreachable = any(f.level == Level.BAD and f.unreachable for f in findings)
        raise typer.Exit(Exit.UNREACHABLE if unreachable else Exit.RULE)


def _findings(current: Session) -> Iterator[Finding]:
    home = current.home
    yield checks.python(sys.version_info[:3])
    yield checks.folder(home.root)
    yield checks.disk(home.root)
    yield from checks.keys(home)
    try:
        state = home.running()
    except NotRunning:
        state = None
    profile = current.profile
    if profile:
        yield checks.profile(profile)
    if state is not None:
        yield checks.clock(float(state.get("clock_offset_seconds", 0)))
        yield from asyncio.run(live.local(home, state))
    elif not current.targets:
        yield from checks.idle_ports()
        yield Finding(Level.BAD, "运行", "没有运行", "运行 geju run", unreachable=True)
    if current.targets:
        yield from asyncio.run(live.services(current.targets))
    if state is not None or current.targets:
        yield from silences.findings(current)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)
