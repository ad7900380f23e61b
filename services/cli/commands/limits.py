"""`geju limits`: time limits that are overdue or end soon."""

# Docstrings of commands are their help, in Chinese; their arguments are the options.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer
from geju.common.v1 import limit_pb2, limit_service_pb2, limit_service_pb2_grpc
from rich.text import Text

from services.cli import session
from services.cli.output import Form, Head, Output, emit, say
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
    pattern: Annotated[
        list[str] | None,
        typer.Option("--pattern", help="只看某个格局,代码或名称,如 mediation 或 大调解;可重复。"),
    ] = None,
    within: Annotated[int, typer.Option("--within", help="多少天之内届满;0 只列已超期的。", min=0, max=366)] = 7,
    most: Annotated[int, typer.Option("--limit", help="最多列出几条。", min=1)] = 200,
    output: Output = Form.TABLE,
) -> None:
    """列出已超期和即将届满的时限。"""
    current = session.of(context)
    code, patterns = current.office_code(office), current.pattern_codes(pattern or [])
    request = limit_service_pb2.ListLimitsRequest(office=code, due_within_days=within)
    found: list[limit_service_pb2.RecordLimit] = []
    with current.client() as geju:
        # Every pattern's limits are those of the service of the same name.
        for service in (name for name in DOMAIN if not patterns or name in patterns):
            found += geju.records(geju.stub(limit_service_pb2_grpc.LimitServiceStub, service).ListLimits, request)
    late = sum(map(_is_overdue, found))
    shown = ordered(found)[:most]
    title = f"{within} 天内届满 {len(found) - late} 项,已超期 {late} 项" if within else f"已超期 {late} 项"
    emit(output, HEADS, [_row(item, current) for item in shown], title)
    if output == Form.TABLE and len(shown) < len(found):
        say(f"只列出前 {len(shown)} 项,共 {len(found)} 项;--limit 可列出更多,--office 只看一个司法所", "dim")


def ordered(found: Iterable[limit_service_pb2.RecordLimit]) -> list[limit_service_pb2.RecordLimit]:
    """Return limits in the order in which people need them: what can still be met, soonest first; then the overdue."""
    by_day = sorted(found, key=_day)
    return [*(item for item in by_day if not _is_overdue(item)), *reversed([*filter(_is_overdue, by_day)])]


def _is_overdue(item: limit_service_pb2.RecordLimit) -> bool:
    return item.limit.state == limit_pb2.LIMIT_STATE_OVERDUE


def _day(item: limit_service_pb2.RecordLimit) -> tuple[int, int, int]:
    due = item.limit.due
    return due.year, due.month, due.day


def _row(item: limit_service_pb2.RecordLimit, current: session.Session) -> list[object]:
    described = item.limit.DESCRIPTOR.fields_by_name
    state = cells.shown_field(item.limit, described["state"])
    shown = Text(str(state or ""), style="red" if _is_overdue(item) else "")
    district = current.district
    rule = item.label or (district.limit_label(item.limit.rule) if district else item.limit.rule)
    due = cells.shown_field(item.limit, described["due"])
    return [due, shown, rule, current.office_label(item.office), item.key, item.record]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("limits")(limits)
