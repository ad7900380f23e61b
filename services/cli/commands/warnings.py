"""`geju warnings`: rises of disputes that chance does not explain, for a person to decide on."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import typer
from geju.mediation.v1 import warning_service_pb2, warning_service_pb2_grpc

from services.cli import session
from services.cli.output import Form, Head, Output, emit, say
from services.cli.sheets import cells

HEADS = [
    Head("office", "司法所"),
    Head("type", "纠纷类型"),
    Head("level", "建议级别"),
    Head("observed", "近28天受理", number=True),
    Head("expected", "往年同期平均", number=True),
    Head("probability", "偶然概率上限", number=True),
    Head("from", "自"),
    Head("to", "至"),
]


def warnings(
    context: typer.Context,
    office: Annotated[str, typer.Option("--office", help="司法所代码或名称;缺省为全部。")] = "",
    date: Annotated[str, typer.Option("--date", help="截至哪一天;缺省为今天。")] = "",
    output: Output = Form.TABLE,
) -> None:
    """列出系统研判建议的预警:近 28 天受理异常增多的纠纷类型。是否发出预警由人决定。"""
    current = session.of(context)
    request = warning_service_pb2.ProposeWarningsRequest(office=current.office_code(office))
    if date:
        request.as_of_date.CopyFrom(session.date_of(date))
    with current.client() as geju:
        found = geju.stub(warning_service_pb2_grpc.WarningServiceStub).ProposeWarnings(request).proposals
    count = emit(output, HEADS, [_row(proposal, current) for proposal in found], "建议的预警")
    if not count and output == Form.TABLE:
        say("没有建议的预警")


def _row(proposal: warning_service_pb2.WarningProposal, current: session.Session) -> list[Any]:
    shown = {field.name: cells.shown_field(proposal, field) for field in proposal.DESCRIPTOR.fields}
    probability = Decimal(proposal.probability_ppm) / 1_000_000
    counts = [proposal.observed, Decimal(proposal.expected_milli) / 1000, probability]
    days = [shown["from_date"], shown["to_date"]]
    return [current.office_label(proposal.office), shown["type"], shown["level"], *counts, *days]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("warnings")(warnings)
