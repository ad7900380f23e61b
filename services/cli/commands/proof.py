"""`geju reconcile` and `geju rebuild`: figures proven against the records, and built anew from them."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400

from __future__ import annotations

from typing import Annotated, Any

import typer
from geju.aggregation.v1 import proof_service_pb2, proof_service_pb2_grpc
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from services.cli import figures, session
from services.cli.failure import Exit
from services.cli.figures import as_json
from services.cli.output import Form, Head, Output, dump, emit, fields, notes
from services.cli.sheets import cells

HEADS = [
    Head("source", "来源"),
    Head("equal", "结论"),
    Head("compared", "已核对", number=True),
    Head("differing", "有差异", number=True),
    Head("repaired", "已修复", number=True),
    Head("seconds", "用时(秒)", number=True),
    Head("proven_time", "核对时间"),
    Head("problem", "问题"),
]


def reconcile(
    context: typer.Context,
    source: Annotated[str, typer.Option("--source", help="只核对一个服务,如 mediation、correction。")] = "",
    output: Output = Form.TABLE,
) -> None:
    """立即核对看板与各服务的记录,有差异即修复;不一致则退出代码为 4。"""
    with session.of(context).client(timeout=600) as geju:
        stub = geju.stub(proof_service_pb2_grpc.ProofServiceStub)
        results = stub.Reconcile(proof_service_pb2.ReconcileRequest(source=source)).results
    if output == Form.JSON:
        dump([as_json(result) for result in results])
    else:
        emit(output, HEADS, (_row(result) for result in results))
    if not all(result.equal for result in results):
        raise typer.Exit(Exit.UNPROVEN)


def rebuild(context: typer.Context, output: Output = Form.TABLE) -> None:
    """从消息流重建全部数字并切换;与原有数字不同则退出代码为 4。"""
    last = proof_service_pb2.RebuildResponse()
    with session.of(context).client() as geju, _bar() as progress:
        task = progress.add_task("准备", total=None)
        stub = geju.stub(proof_service_pb2_grpc.ProofServiceStub)
        for last in stub.Rebuild(proof_service_pb2.RebuildRequest()):
            step = cells.shown_field(last, last.DESCRIPTOR.fields_by_name["step"])
            progress.update(task, description=str(step or ""), completed=last.loaded, total=last.total or None)
    pairs: list[tuple[str, str, Any]] = [
        ("loaded", "已读取", last.loaded),
        ("projection", "投影", last.projection),
        ("differing_figures", "与原有不同的数字", last.differing_figures),
    ]
    fields(output, pairs)
    if last.step != proof_service_pb2.REBUILD_STEP_DONE or last.differing_figures:
        raise typer.Exit(Exit.UNPROVEN)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal)


def _row(result: proof_service_pb2.ProofResult) -> list[Any]:
    verdict = Text("✓ 一致", style="green") if result.equal else Text("✗ 不一致", style="red")
    seconds = f"{result.duration.ToTimedelta().total_seconds():.2f}"
    counts = [result.compared, result.differing, result.repaired, seconds]
    return [result.source, verdict, *counts, figures.shown(result, "proven_time"), result.problem]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("reconcile")(reconcile)
    app.command("rebuild")(rebuild)
