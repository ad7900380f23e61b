"""`geju explain`: the records a figure is made of, each with its reason."""

# Docstrings of commands are their help, in Chinese; their arguments are the options.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any

import typer
from geju.aggregation.v1 import (
    board_service_pb2,
    board_service_pb2_grpc,
    indicator_pb2,
    member_pb2,
)

from services.chassis.domain.errors import RuleError
from services.chassis.domain.profile import Profile
from services.cli import figures, session
from services.cli.commands.board import AsOf, Period, Unit
from services.cli.failure import Exit, Failure
from services.cli.figures import as_json
from services.cli.output import Form, Head, Output, dump, emit, fields, say
from services.client import Geju

Code = Annotated[
    str,
    typer.Argument(
        help="指标代码,如 mediation.success_rate、resettlement.help_rate;geju indicator 列出全部。", metavar="CODE"
    ),
]
MEMBER_HEADS = [
    Head("record", "记录"),
    Head("office", "司法所"),
    Head("when", "归属日期"),
    Head("part", "计入情况"),
    Head("reason", "原因"),
    Head("n", "n", number=True),
    Head("denominator", "N", number=True),
]


class Part(StrEnum):
    """Which members to list."""

    ALL = "all"
    COUNTED = "counted"
    AGAINST = "against"
    LEFT_OUT = "left-out"


_PARTS = {
    Part.ALL: indicator_pb2.PART_UNSPECIFIED,
    Part.COUNTED: indicator_pb2.PART_COUNTED,
    Part.AGAINST: indicator_pb2.PART_AGAINST,
    Part.LEFT_OUT: indicator_pb2.PART_LEFT_OUT,
}


def explain(
    context: typer.Context,
    code: Code,
    unit: Unit = "",
    period: Period = "",
    key: Annotated[str, typer.Option("--key", help="只看一个分项,如 type=unpaid_wages。")] = "",
    part: Annotated[Part, typer.Option("--part", help="只看计入分子、只计入分母或不计入的。")] = Part.ALL,
    left_out: Annotated[bool, typer.Option("--left-out", help="只看不计入的,等于 --part left-out。")] = False,  # noqa: FBT002
    reason: Annotated[str, typer.Option("--reason", help="只看某一原因,代码或名称,如 behind_pace。")] = "",
    as_of: AsOf = "",
    limit: Annotated[int, typer.Option("--limit", help="最多列出几条;0 为全部。", min=0)] = 50,
    output: Output = Form.TABLE,
) -> None:
    """列出一个数字背后的记录:哪些计入、哪些不计入、各为什么。"""
    current = session.of(context)
    breakdown, _, chosen = key.partition("=")
    if key and not chosen:
        raise Failure("--key 应写作 分项=代码", Exit.USAGE, "如 --key type=unpaid_wages;geju indicator 列出可用的分项")
    request = board_service_pb2.ListMembersRequest(
        indicator=code,
        unit=current.office_code(unit),
        period=period,
        breakdown=breakdown,
        key=chosen,
        part=_PARTS[Part.LEFT_OUT if left_out else part],
    )
    if as_of:
        request.as_of_date.CopyFrom(session.date_of(as_of))
    with current.client() as geju:
        stub = geju.stub(board_service_pb2_grpc.BoardServiceStub)
        head = stub.ListMembers(board_service_pb2.ListMembersRequest.FromString(_one(request)))
        found = geju.records(stub.ListMembers, request)
        members = [one for one in found if reason in {"", one.reason, one.reason_label}]
        if reason and not members:
            _require_reason(geju, code, reason)
    _explain(head.figure, members, limit, output, current.district)
    if head.withheld and output == Form.TABLE:
        say("该分项的明细不公开", "yellow")


def _require_reason(geju: Geju, code: str, reason: str) -> None:
    """Refuse a reason that no record of an indicator can have. Errors: RpcError, Failure."""
    answer = geju.stub(board_service_pb2_grpc.BoardServiceStub).ListIndicators(
        board_service_pb2.ListIndicatorsRequest()
    )
    known = [one for found in answer.indicators if found.indicator == code for one in found.reasons]
    if reason not in {name for one in known for name in (one.reason, one.label)}:
        listed = "、".join(f"{one.reason}({one.label})" for one in known)
        raise Failure(f"没有原因“{reason}”", Exit.RULE, f"可用的原因:{listed}")


def _one(request: board_service_pb2.ListMembersRequest) -> bytes:
    copy = board_service_pb2.ListMembersRequest()
    copy.CopyFrom(request)
    copy.page_size = 1
    return copy.SerializeToString()


def _explain(figure: Any, members: list[member_pb2.Member], limit: int, output: Form, district: Profile | None) -> None:
    shown = list(islice(members, limit)) if limit else members
    if output == Form.JSON:
        dump({"figure": as_json(figure), "members": [as_json(member) for member in shown]})
        return
    if output == Form.TABLE:
        aim = figures.target(figure)
        pairs = [("figure", figure.label, figure.text), ("period", "范围", f"{figure.unit_label} {figure.period}")]
        fields(output, [*pairs, *([("target", "目标", f"{aim}  {figure.attainment_text}")] if aim else [])])
        emit(
            output,
            [Head("part", "计入情况"), Head("reason", "原因"), Head("count", "记录数", number=True)],
            _summary(members),
        )
    emit(output, MEMBER_HEADS, (_member(member, district) for member in shown))
    if output == Form.TABLE and len(members) > len(shown):
        say(f"只列出前 {len(shown)} 条,共 {len(members)} 条;--limit 0 列出全部", "dim")


def _summary(members: list[member_pb2.Member]) -> list[list[Any]]:
    """Return how many records there are for each reason, in the order in which they are listed."""
    counts = Counter((figures.shown(member, "part"), member.reason_label) for member in members)
    return [[part, reason, count] for (part, reason), count in counts.items()]


def _member(member: member_pb2.Member, district: Profile | None) -> list[Any]:
    offices = (member.office_label or member.office, member.second_office_label or member.second_office)
    where = "、".join(office for office in offices if office)
    when = figures.shown(member, "when_date")
    adds = [figures.amount(member.n, member.scale), figures.amount(member.denominator, member.denominator_scale)]
    reason = ":".join(text for text in (member.reason_label, member.detail) if text)
    return [_named(member, district), where, when, figures.shown(member, "part"), reason, *adds]


def _named(member: member_pb2.Member, district: Profile | None) -> str:
    """Return the name of a record; of what the district profile says exists, with what people call it."""
    if member.sealed:
        return figures.SEALED
    if member.kind or district is None:
        return member.record
    code, _, month = member.record.partition("/")[2].partition(":")
    try:
        label = district.office(code).zh if district.has_office(code) else district.place(code).zh
    except RuleError:
        return member.record
    return f"{label} {month}".strip()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)
