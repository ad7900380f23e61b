"""`geju report`: what was published, and what has changed since."""

# Docstrings of commands are their help, in Chinese; their arguments are the options.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from geju.aggregation.v1 import report_pb2, report_service_pb2, report_service_pb2_grpc

from services.chassis.domain.percentages import percent
from services.cli import figures, session
from services.cli.commands.board import Unit
from services.cli.failure import Exit, Failure
from services.cli.figures import as_json
from services.cli.files import Force, require_absent
from services.cli.output import Form, Head, Output, dump, emit, fields, say
from services.cli.sheets import cells, labels

group = typer.Typer(help="封账与更正:当时公布的是什么,此后变了什么、为什么。", no_args_is_help=True)
Report = Annotated[str, typer.Argument(help="期间,如 2012-11(最近一版),或 2012-11.1(第一版)。", metavar="PERIOD")]
AllUnits = Annotated[bool, typer.Option("--all-units", help="全区及各司法所。")]
FORMATS = {".xlsx": report_service_pb2.REPORT_FORMAT_XLSX, ".docx": report_service_pb2.REPORT_FORMAT_DOCX}
HEADS = [
    Head("period", "期间"),
    Head("edition", "版次", number=True),
    Head("closed_time", "封账时间"),
    Head("closed_by", "封账人"),
    Head("figures", "数字数", number=True),
    Head("members", "明细数", number=True),
    Head("digest", "明细摘要"),
    Head("note", "备注"),
]
PATTERN_HEADS = [
    Head("unit", "单位"),
    Head("label", "格局"),
    Head("attainment", "达成度", number=True),
    Head("attainment_text", "构成"),
]
CHANGE_HEADS = [
    Head("label", "指标"),
    Head("unit", "单位"),
    Head("published", "公布值"),
    Head("current", "现值"),
    Head("n_change", "Δn", number=True),
    Head("denominator_change", "ΔN", number=True),
    Head("causes", "涉及记录", number=True),
]
CAUSE_HEADS = [
    Head("label", "指标"),
    Head("record", "记录"),
    Head("cause", "缘由"),
    Head("actor", "录入人"),
    Head("recorded_time", "录入时间"),
    Head("reason", "现判定原因"),
    Head("n_change", "Δn", number=True),
    Head("denominator_change", "ΔN", number=True),
]


@group.command("close")
def close(
    context: typer.Context,
    period: Annotated[str, typer.Argument(help="已结束的期间:2012-03、2012-Q1 或 2012。", metavar="PERIOD")],
    note: Annotated[str, typer.Option("--note", help="备注。")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只计算,不封账。")] = False,  # noqa: FBT002
    output: Output = Form.TABLE,
) -> None:
    """封账:把一个期间的全部数字及其明细固定下来。"""
    with session.of(context).client(timeout=300) as geju:
        stub = geju.stub(report_service_pb2_grpc.ReportServiceStub)
        request = report_service_pb2.ClosePeriodRequest(period=period, note=note, validate_only=dry_run)
        _describe(stub.ClosePeriod(request).report, output)


@group.command("list")
def listing(context: typer.Context, output: Output = Form.TABLE) -> None:
    """列出已封账的期间。"""
    with session.of(context).client() as geju:
        stub = geju.stub(report_service_pb2_grpc.ReportServiceStub)
        found = list(geju.records(stub.ListReports, report_service_pb2.ListReportsRequest()))
    emit(output, HEADS, (_row(report) for report in found))


@group.command("show")
def show(
    context: typer.Context,
    period: Report,
    unit: Unit = "",
    all_units: AllUnits = False,  # noqa: FBT002
    output: Output = Form.TABLE,
) -> None:
    """显示公布时的数字。"""
    current = session.of(context)
    request = report_service_pb2.GetReportRequest(
        name=name_of(period), unit=current.office_code(unit), all_units=all_units
    )
    with current.client() as geju:
        answer = geju.stub(report_service_pb2_grpc.ReportServiceStub).GetReport(request)
    if output == Form.JSON:
        dump(as_json(answer))
        return
    if output == Form.TABLE:
        _describe(answer.report, output)
        emit(output, PATTERN_HEADS, (_pattern(judged) for judged in answer.patterns), "公布时的达成度")
    heads = [Head("unit", "单位"), Head("key", "分项"), *figures.HEADS]
    emit(output, heads, ([f.unit_label, f.key_label or f.key, *figures.row(f)] for f in answer.figures))


@group.command("export")
def export(
    context: typer.Context,
    period: Report,
    unit: Unit = "",
    all_units: AllUnits = False,  # noqa: FBT002
    out: Annotated[
        Path | None, typer.Option("--out", "-O", help="要写的 .xlsx 或 .docx 文件;不写则为当前文件夹中的 .xlsx。")
    ] = None,
    force: Force = False,  # noqa: FBT002
) -> None:
    """导出公布的报告:工作簿(.xlsx)或供签字的文档(.docx),每个比率旁都有 n 和 N。"""
    suffix = out.suffix.lower() if out else ".xlsx"
    if suffix not in FORMATS:
        raise Failure(f"不会写 {suffix or '没有后缀的'} 文件", Exit.USAGE, "文件名请以 .xlsx 或 .docx 结尾")
    if out:
        require_absent(out, force=force)
    current = session.of(context)
    request = report_service_pb2.ExportReportRequest(
        name=name_of(period), unit=current.office_code(unit), all_units=all_units, format=FORMATS[suffix]
    )
    with current.client(timeout=300) as geju:
        document = geju.stub(report_service_pb2_grpc.ReportServiceStub).ExportReport(request).document
    target = out or Path(Path(document.file_name).name)
    require_absent(target, force=force)
    target.write_bytes(document.content)
    say(f"已导出 {target},{len(document.content):,} 字节")


@group.command("restatements")
def restatements(
    context: typer.Context,
    period: Report,
    unit: Unit = "",
    all_units: AllUnits = False,  # noqa: FBT002
    output: Output = Form.TABLE,
) -> None:
    """列出公布后发生变化的数字:差多少,由哪些记录引起,谁在何时录入。"""
    current = session.of(context)
    request = report_service_pb2.ListRestatementsRequest(
        name=name_of(period), unit=current.office_code(unit), all_units=all_units
    )
    with current.client(timeout=300) as geju:
        answer = geju.stub(report_service_pb2_grpc.ReportServiceStub).ListRestatements(request)
    if output == Form.JSON:
        dump(as_json(answer))
        return
    title = f"{answer.report.period} 第 {answer.report.edition} 版公布之后的变化"
    if output == Form.TABLE and not answer.restatements:
        say(f"{title}:目前没有与公布不同的数字")
        _remarks(answer)
        return
    emit(output, CHANGE_HEADS, (_change(found) for found in answer.restatements), title)
    if output == Form.TABLE:
        emit(output, CAUSE_HEADS, [row for found in answer.restatements for row in _causes(found)], "缘由")
        _remarks(answer)


def _remarks(answer: report_service_pb2.ListRestatementsResponse) -> None:
    """Say what more there is to know of restatements."""
    if answer.redefined:
        say("口径有变的指标:" + "、".join(answer.redefined), "yellow")
    if answer.withheld:
        say("敏感分项及不公开的数字未列入", "yellow")
    if any(found.causes_withheld for found in answer.restatements):
        say("部分敏感数字涉及的记录不公开", "yellow")


def name_of(period: str) -> str:
    """Return the resource name of a report: of the latest edition when none is named."""
    return period if period.startswith("reports/") else f"reports/{period}"


def _describe(report: report_pb2.Report, output: Form) -> None:
    """Show everything that identifies a report, its digest and fingerprint in full."""
    if output == Form.JSON:
        dump(as_json(report))
        return
    described: Any = report.DESCRIPTOR.fields
    fields(output, [(f.name, labels.label(f), cells.shown_field(report, f)) for f in described])


def _row(report: report_pb2.Report) -> list[Any]:
    closed = figures.shown(report, "closed_time")
    digest = report.digest[:16]
    counts = [report.figures, report.members]
    return [report.period, report.edition, closed, report.closed_by, *counts, digest, report.note]


def _pattern(judged: report_pb2.ReportPattern) -> list[Any]:
    share = percent(judged.attainment) if judged.HasField("attainment") else "不评"
    return [judged.unit_label, judged.label, share, judged.attainment_text]


def _change(found: report_pb2.Restatement) -> list[Any]:
    was, now = found.published, found.current
    label = f"{was.label} {was.key_label}".strip()
    changes = [f"{found.n_change:+d}", f"{found.denominator_change:+d}", found.cause_count]
    return [label, was.unit_label, was.text, now.text, *changes]


def _causes(found: report_pb2.Restatement) -> Iterator[list[Any]]:
    described = report_pb2.Cause.DESCRIPTOR.fields_by_name
    label = f"{found.published.label} {found.published.key_label}".strip()
    for cause in found.causes:
        record = figures.SEALED if cause.sealed else cause.record
        what, entered = cells.shown_field(cause, described["cause"]), figures.shown(cause, "recorded_time")
        changes = [f"{cause.n_change:+d}", f"{cause.denominator_change:+d}"]
        yield [label, record, what, cause.actor, entered, cause.reason_label, *changes]
        for one in cause.evidence:
            yield [label, f"└ {one.record}", "依据", one.actor, figures.shown(one, "recorded_time"), "", "", ""]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="report")
