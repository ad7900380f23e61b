"""`geju limits`: time limits that are overdue or end soon."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400

from __future__ import annotations

from typing import Annotated

import typer
from geju.common.v1 import limit_pb2, limit_service_pb2, limit_service_pb2_grpc
from rich.text import Text

from services.cli import session
from services.cli.output import Form, Head, Output, emit
from services.cli.registry import DOMAIN
from services.cli.sheets import cells

HEADS = [
    Head("due", "届满日"),
    Head("state", "状态"),
    Head("rule", "时限"),
    Head("office", "司法所"),
    Head("key", "编号"),
    Head("record", "记录"),
]


def limits(
    context: typer.Context,
    office: Annotated[str, typer.Option("--office", help="司法所代码或名称;缺省为全部。")] = "",
    within: Annotated[int, typer.Option("--within", help="多少天之内届满;0 只列已超期的。", min=0, max=366)] = 7,
    most: Annotated[int, typer.Option("--limit", help="最多列出几条。", min=1)] = 200,
    output: Output = Form.TABLE,
) -> None:
    """列出已超期和即将届满的时限。"""
    current = session.of(context)
    code = current.office_code(office)
    request = limit_service_pb2.ListLimitsRequest(office=code, due_within_days=within)
    found = []
    with current.client() as geju:
        for service in DOMAIN:
            stub = geju.stub(limit_service_pb2_grpc.LimitServiceStub, service)
            found += [item for item, _ in zip(geju.records(stub.ListLimits, request), range(most), strict=False)]
    rows = sorted((_row(item, current) for item in found), key=lambda row: str(row[0]))
    title = f"已超期或 {within} 天内届满的时限" if within else "已超期的时限"
    emit(output, HEADS, rows[:most], title)


def _row(item: limit_service_pb2.RecordLimit, current: session.Session) -> list[object]:
    described = item.limit.DESCRIPTOR.fields_by_name
    state = cells.shown_field(item.limit, described["state"])
    overdue = item.limit.state == limit_pb2.LIMIT_STATE_OVERDUE
    shown = Text(str(state or ""), style="red" if overdue else "")
    district = current.district
    rule = district.limit_label(item.limit.rule) if district else item.limit.rule
    due = cells.shown_field(item.limit, described["due"])
    return [due, shown, rule, current.office_label(item.office), item.key, item.record]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("limits")(limits)
