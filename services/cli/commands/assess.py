"""`geju assess`: how far every office has come, ranked, and what every point is made of."""

# Docstrings of commands are their help, in Chinese; their arguments are the options.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer
from geju.aggregation.v1 import assessment_pb2, assessment_service_pb2, assessment_service_pb2_grpc

from services.cli import assessments, session
from services.cli.commands.board import AsOf, Period
from services.cli.failure import Exit, Failure
from services.cli.figures import as_json
from services.cli.output import Form, Output, console, dump, emit
from services.cli.session import Session

_WEIGHT = "--weight 应写作 代码=整数"
_TARGET = "--target 应写作 代码=目标"


def assess(
    context: typer.Context,
    period: Period = "",
    as_of: AsOf = "",
    pattern: Annotated[
        list[str] | None,
        typer.Option("--pattern", help="只考核某个格局,代码或名称;可重复,总分按所选的格局算。"),
    ] = None,
    unit: Annotated[str, typer.Option("--unit", "-u", help="一个司法所的代码或名称:逐项列出每一分的来历。")] = "",
    weight: Annotated[
        list[str] | None,
        typer.Option("--weight", metavar="CODE=N", help="假设的权重:指标代码,或格局的代码或名称,如 大调解=2;可重复。"),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            metavar="CODE=VALUE",
            help="假设的目标,如 mediation.success_rate=98%(或 0.98),须超过写作 =>98%;可重复。",
        ),
    ] = None,
    output: Output = Form.TABLE,
) -> None:
    """年度考核:各司法所按格局和总分排名,每一分都有来历;权重和目标可以假设,假设不会存下来。"""
    current = session.of(context)
    request = assessment_service_pb2.AssessOfficesRequest(
        period=period,
        unit=current.office_code(unit),
        patterns=current.pattern_codes(pattern or []),
        what_if=what_if(current, weight or [], target or []),
    )
    if as_of:
        request.as_of_date.CopyFrom(session.date_of(as_of))
    with current.client() as geju:
        found = geju.stub(assessment_service_pb2_grpc.AssessmentServiceStub).AssessOffices(request)
    if output == Form.JSON:
        dump(as_json(found))
    elif output == Form.CSV:
        emit(output, *(assessments.listed_points(found) if unit else assessments.listed(found)))
    elif unit:
        console.print(assessments.explained(found))
    else:
        console.print(assessments.ranking(found))


def what_if(current: Session, weights: Sequence[str], targets: Sequence[str]) -> assessment_pb2.WhatIf:
    """Read the options of a what-if. Errors: Failure."""
    found = assessment_pb2.WhatIf()
    for given in weights:
        code, number = _pair(given, _WEIGHT, "如 mediation.success_rate=8 或 大调解=2")
        if not number.isascii() or not number.isdigit() or len(number) > 4:
            raise Failure(
                f"{_WEIGHT}:“{number}”不是整数,或不在 0 到 1000 之间", Exit.USAGE, "权重应为 0 到 1000 的整数;0 为不计"
            )
        if "." in code:
            found.indicator_weights.add(indicator=code, weight=int(number))
        else:
            found.pattern_weights.add(pattern=current.pattern_codes([code])[0], weight=int(number))
    for given in targets:
        code, text = _pair(given, _TARGET, "如 mediation.success_rate=98% 或 mediation.success_rate=0.98")
        aim = found.targets.add(indicator=code, value=decimal(text.lstrip("<>≥≤")))
        if text[0] in "<>≥≤":
            aim.strict = text[0] in "<>"
    return found


def decimal(text: str) -> str:
    """Return a target as the contract has it: 98% is 0.98. Errors: Failure."""
    text = text.strip()
    try:
        value = Decimal(text.removesuffix("%"))
        return f"{value / 100 if text.endswith('%') else value:f}"
    except InvalidOperation:
        raise Failure(f"{_TARGET}:“{text}”不是数", Exit.USAGE, "目标应为小数或百分数,如 0.98 或 98%") from None


def _pair(given: str, expected: str, example: str) -> tuple[str, str]:
    code, _, value = (part.strip() for part in given.partition("="))
    if not code or not value:
        raise Failure(f"{expected}:“{given}”", Exit.USAGE, example)
    return code, value


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("assess")(assess)
