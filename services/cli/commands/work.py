"""`geju work`: work lists, and how the year's targets stand against time."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated, Any

import typer
from geju.aggregation.v1 import work_pb2, work_service_pb2, work_service_pb2_grpc
from rich.text import Text

from services.cli import figures, session
from services.cli.commands.board import Unit
from services.cli.figures import as_json
from services.cli.output import Form, Head, Output, console, dump, emit, say

LIST_HEADS = [
    Head("label", "清单"),
    Head("items", "待办", number=True),
    Head("overdue", "已逾期", number=True),
    Head("due_soon", "3日内到期", number=True),
    Head("most", "最多的单位"),
    Head("list", "代码"),
]
OFFICE_HEADS = [
    Head("list", "代码"),
    Head("label", "清单"),
    Head("unit", "单位"),
    *LIST_HEADS[1:4],
]
PACE_HEADS = [
    Head("label", "指标"),
    Head("unit", "单位"),
    Head("done", "已完成", number=True),
    Head("needed_now", "按进度应完成", number=True),
    Head("needed", "全年应完成", number=True),
    Head("measure", "计量单位"),
    Head("state", "状态"),
]
ITEM_HEADS = [
    Head("due", "最后一日"),
    Head("state", "状态"),
    Head("office", "司法所"),
    Head("record", "记录"),
    Head("act", "要做的事"),
    Head("reason", "原因"),
]
#: So many offices are named beside a list, those with the most entries.
_NAMED = 3
#: What the names of offices end in: beside each other they are known without it.
_OFFICE = "司法所"
#: On a narrower terminal the codes are left out: lists go by their names too.
_WIDE = 110


def work(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="清单代码或名称;缺省列出全部清单。", metavar="[LIST]")] = "",
    unit: Unit = "",
    pattern: Annotated[
        list[str] | None, typer.Option("--pattern", help="只看某个格局的清单,代码或名称;可重复。")
    ] = None,
    offices: Annotated[bool, typer.Option("--offices", help="按司法所逐一列出。")] = False,  # noqa: FBT002
    limit: Annotated[int, typer.Option("--limit", help="最多列出几条;0 为全部。", min=0)] = 50,
    output: Output = Form.TABLE,
) -> None:
    """列出各项工作还有哪些待办、由哪个所办、何时到期,以及全年目标的时间进度。"""
    current = session.of(context)
    request = work_service_pb2.ListWorkListsRequest(
        unit=current.office_code(unit), patterns=current.pattern_codes(pattern or [])
    )
    with current.client() as geju:
        stub = geju.stub(work_service_pb2_grpc.WorkServiceStub)
        if not name:
            _show_lists(stub.ListWorkLists(request), offices, output)
            return
        code = name if "." in name else code_of(stub.ListWorkLists(request).lists, name)
        found = list(
            geju.records(stub.ListWorkItems, work_service_pb2.ListWorkItemsRequest(list=code, unit=request.unit))
        )
    _show_items(found, limit, output)


def code_of(lists: Iterable[work_pb2.WorkList], name: str) -> str:
    """Return the code of the list that people call so; the name itself when none is."""
    return next((found.list for found in lists if name in {found.label, found.indicator_label}), name)


def _show_lists(answer: work_service_pb2.ListWorkListsResponse, offices: bool, output: Form) -> None:  # noqa: FBT001
    if output == Form.JSON:
        dump(as_json(answer))
    elif output == Form.CSV:
        emit(output, OFFICE_HEADS, by_office(answer.lists))
    else:
        _tables(answer, offices)


def _tables(answer: work_service_pb2.ListWorkListsResponse, offices: bool) -> None:  # noqa: FBT001
    title = f"截至 {figures.shown(answer, 'as_of_date')} 的待办"
    if offices:
        emit(Form.TABLE, OFFICE_HEADS, by_office(answer.lists), title)
    else:
        width = len(LIST_HEADS) - (console.width < _WIDE)
        emit(Form.TABLE, LIST_HEADS[:width], (row(found)[:width] for found in answer.lists if found.items), title)
    done = sum(not found.items for found in answer.lists)
    paces = [pace for pace in answer.paces if offices or pace.unit == answer.paces[0].unit]
    if paces:
        emit(Form.TABLE, PACE_HEADS, map(pace_row, paces), "全年目标的时间进度")
    if done:
        say(f"另有 {done} 个清单没有待办", "dim")
    more = "" if offices else ",--offices 按司法所列出"
    say(f"geju work 清单(名称或代码) 列出清单中的每一条{more};--unit 只看一个司法所", "dim")


def row(found: work_pb2.WorkList) -> list[Any]:
    """Return the cells of a list."""
    named = ((office.unit_label.removesuffix(_OFFICE), office.items) for office in islice(found.offices, _NAMED))
    most = "、".join(f"{label} {items}" for label, items in named)
    late = Text(str(found.overdue), style="red" if found.overdue else "dim") if found.has_due else ""
    return [found.label, found.items, late, found.due_soon if found.has_due else "", most, found.list]


def by_office(lists: Iterable[work_pb2.WorkList]) -> Iterator[Sequence[Any]]:
    """Give the cells of every office of every list."""
    for found in lists:
        for office in found.offices:
            due = [office.overdue, office.due_soon] if found.has_due else ["", ""]
            yield [found.list, found.label, office.unit_label, office.items, *due]


def pace_row(pace: work_pb2.Pace) -> list[Any]:
    """Return the cells of a pace."""
    state = Text("落后", style="red") if pace.behind else Text("未落后", style="green")
    return [pace.label, pace.unit_label, pace.done, pace.needed_now, pace.needed, pace.measure, state]


def _show_items(found: Sequence[work_pb2.WorkItem], limit: int, output: Form) -> None:
    shown = found[:limit] if limit else found
    if output == Form.JSON:
        dump([as_json(item) for item in shown])
        return
    late = sum(item.overdue for item in found)
    emit(output, ITEM_HEADS, map(item_row, shown), f"待办 {len(found)} 条,其中已逾期 {late} 条")
    if output == Form.TABLE and len(found) > len(shown):
        say(f"只列出前 {len(shown)} 条,共 {len(found)} 条;--limit 0 列出全部", "dim")


def item_row(item: work_pb2.WorkItem) -> list[Any]:
    """Return the cells of an entry."""
    offices = "、".join(label for label in (item.office_label, item.second_office_label) if label)
    reason = ":".join(text for text in (item.reason_label, item.detail) if text)
    due: dt.date | str = figures.shown(item, "due_date")
    state = Text("已逾期", style="red") if item.overdue else Text("待办" if due else "")
    return [due, state, offices, item.label or item.record, item.act, reason]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("work")(work)
