"""`geju plans`: how far the offices have come with their plans of law publicity for a year."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400

from __future__ import annotations

from typing import Annotated, Any

import grpc
import typer
from geju.publicity.v1 import year_plan_service_pb2 as rpc
from geju.publicity.v1 import year_plan_service_pb2_grpc

from services.cli import session
from services.cli.output import Form, Head, Output, emit, say
from services.client import Geju, NoTarget

#: Why the board says nothing of plans: not for this account, or the service is not there. It has figures all the same.
_UNTOLD = {
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
}
_PATIENCE = 5.0
HEADS = [
    Head("office", "司法所"),
    Head("planned", "计划场次", number=True),
    Head("held", "已举办", number=True),
    Head("completion", "完成率"),
    Head("to_come", "待举办", number=True),
    Head("overdue", "其中已过期", number=True),
    Head("cancelled", "已取消", number=True),
]


def plans(
    context: typer.Context,
    office: Annotated[str, typer.Option("--office", help="司法所代码或名称;缺省为全部。")] = "",
    year: Annotated[int, typer.Option("--year", help="年度;缺省为今年。")] = 0,
    output: Output = Form.TABLE,
) -> None:
    """列出各所年度普法计划的完成情况。"""
    current = session.of(context)
    request = rpc.GetPlanCompletionRequest(office=current.office_code(office), year=year)
    with current.client() as geju:
        answer = geju.stub(year_plan_service_pb2_grpc.YearPlanServiceStub).GetPlanCompletion(request)
    rows = [row(line, current.office_label(line.office)) for line in answer.offices]
    count = emit(output, HEADS, rows, f"{answer.year} 年度普法计划完成情况")
    if not count and output == Form.TABLE:
        say("没有年度计划,也没有活动")


def completion_of(geju: Geju, office: str, year: int) -> str:
    """Return how far an office has come with its plan of a year, for its board; empty: no plan, or nobody tells."""
    request = rpc.GetPlanCompletionRequest(office=office, year=year)
    try:
        stub = geju.stub(year_plan_service_pb2_grpc.YearPlanServiceStub)
        lines = stub.GetPlanCompletion(request, timeout=_PATIENCE).offices
    except NoTarget:
        return ""
    except grpc.RpcError as error:
        if isinstance(error, grpc.Call) and error.code() in _UNTOLD:
            return ""
        raise
    planned = [line for line in lines if line.planned]
    return "".join(
        f"{year} 年度普法计划 {line.planned} 场,已举办 {line.held} 场({line.held / line.planned:.0%}),"
        f"待举办 {line.to_come} 场,其中已过期 {line.overdue} 场"
        for line in planned
    )


def row(line: rpc.PlanCompletion, office: str) -> list[Any]:
    """Return the cells of an office; without a plan there is nothing to complete."""
    completed = f"{line.held / line.planned:.0%}" if line.planned else "无计划"
    return [office, line.planned, line.held, completed, line.to_come, line.overdue, line.cancelled]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plans")(plans)
