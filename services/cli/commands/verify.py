"""`geju verify`: every figure against an independent recount of the records."""

# Docstrings of commands are their help, in Chinese; their arguments are the options.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer
from geju.aggregation.v1 import board_service_pb2, board_service_pb2_grpc

from services.cli import session
from services.cli.failure import Exit, Failure
from services.cli.output import Form, Head, Output, console, dump, emit, say
from services.cli.session import Session
from services.cli.verifying import Outcome, verify
from services.client import Geju
from services.recount.comparing import Difference, Wanted

#: Whoever reads less than everything would find differences where there are none.
NEEDED: Mapping[str, str] = {"department": "业务部门", "sealed_files": "封存档案", "discipline": "纪检监察"}
HEADS = [
    Head("label", "指标"),
    Head("indicator", "代码"),
    Head("unit", "单位"),
    Head("period", "期间"),
    Head("key", "分项"),
    Head("board_n", "看板 n", number=True),
    Head("board_denominator", "看板 N", number=True),
    Head("recount_n", "清点 n", number=True),
    Head("recount_denominator", "清点 N", number=True),
]


def run(
    context: typer.Context,
    unit: Annotated[list[str] | None, typer.Option("--unit", "-u", help="只比较这个司法所,代码或名称;可重复。")] = None,
    period: Annotated[
        list[str] | None, typer.Option("--period", "-p", help="只比较这个期间:2012-03、2012-Q1 或 2012;可重复。")
    ] = None,
    pattern: Annotated[
        list[str] | None, typer.Option("--pattern", help="只比较某个格局,代码或名称,如 大调解;可重复。")
    ] = None,
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", help="只比较某项指标,代码;可重复。", metavar="CODE")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="最多列出几处不同;0 为全部。", min=0)] = 50,
    output: Output = Form.TABLE,
) -> None:
    """经 gRPC 读取全部记录,用另一套程序重新清点,与看板的每个数字比较;有不同则退出代码为 4。

    凭证须有 department、sealed_files、discipline 三种角色并可见全部司法所:看不全记录就比不准。
    """
    current = session.of(context)
    with current.client(timeout=120) as geju:
        _require_sight(current.claims())
        profile = current.district
        if profile is None:
            raise Failure("清点需要区划档案,这里没有", Exit.USAGE, "请以 GEJU_PROFILE 指明区划档案的文件夹")
        units = [current.office_code(name) for name in unit or []]
        labels = _indicators(geju, [""])
        codes = [*(indicator or []), *_indicators(geju, current.pattern_codes(pattern or []))]
        outcome = verify(geju, profile, Wanted(codes, units, period or []))
    _show(current, outcome, labels, limit, output)
    if outcome.found:
        raise typer.Exit(Exit.UNPROVEN)


def _require_sight(claims: Mapping[str, Any]) -> None:
    """Refuse to compare what the bearer of a token does not see. Errors: Failure."""
    if not claims:  # no token that can be read here: the services will say so
        return
    missing = [f"{role}({zh})" for role, zh in NEEDED.items() if role not in claims.get("roles", ())]
    if missing:
        advice = "须由这些角色读取全部记录,封存的也在内,否则会把看不到的记录当作差错:\n" + _token_command()
        raise Failure("凭证缺少角色:" + "、".join(missing), Exit.RULE, advice)
    if "*" not in claims.get("offices", ()):
        raise Failure("凭证只可见部分司法所,看不全记录就比不准", Exit.RULE, _token_command())


def _token_command() -> str:
    return "geju token " + " ".join(f"--role {role}" for role in NEEDED)


def _indicators(geju: Geju, patterns: Iterable[str]) -> Mapping[str, str]:
    """Return the labels of the indicators of patterns by code; the pattern "" is all of them."""
    stub = geju.stub(board_service_pb2_grpc.BoardServiceStub)
    answers = (stub.ListIndicators(board_service_pb2.ListIndicatorsRequest(pattern=code)) for code in patterns)
    return {one.indicator: one.label for answer in answers for one in answer.indicators}


def _show(current: Session, outcome: Outcome, labels: Mapping[str, str], limit: int, output: Form) -> None:
    shown = outcome.found[: limit or None]
    rows = [_row(current, labels, difference) for difference in shown]
    if output == Form.JSON:
        differing = [{head.key: cell for head, cell in zip(HEADS, row, strict=True)} for row in rows]
        dump({
            "as_of_date": outcome.as_of.isoformat(), "records": outcome.records, "compared": outcome.compared,
            "differing": len(outcome.found), "changed_meanwhile": outcome.moved, "differences": differing,
        })  # fmt: skip
        return
    if rows or output == Form.CSV:
        emit(output, HEADS, rows)
    if len(shown) < len(outcome.found):
        say(f"只列出前 {len(shown)} 处,共 {len(outcome.found)} 处;--limit 0 列出全部", "dim")
    tell = console.print if output == Form.TABLE else say
    tell(f"比较了 {outcome.compared:,} 个数字(指标×单位×期间×分项),{len(outcome.found):,} 处不同")
    if not outcome.compared:
        say("所选的范围里没有数字,什么也没有核对", "yellow")
    if outcome.moved:
        say("每次读取期间记录都有变动,上列不同可能由此而来:请在无人录入时再试", "yellow")
    if outcome.found:
        say("接下来:\n" + "\n".join(_advice(outcome.found)), "dim")


def _row(current: Session, labels: Mapping[str, str], difference: Difference) -> list[Any]:
    code, breakdown, key, unit, period = difference.key
    office = current.office_label(unit) if unit else "全区"
    part = f"{breakdown}={key}" if breakdown else ""
    board, recounted = difference.stored or (0, 0), difference.recounted or (0, 0)
    return [labels.get(code, code), code, office, period, part, *board, *recounted]


def _advice(found: Sequence[Difference]) -> Iterable[str]:
    """Return the commands that show the records behind the first difference, and that repair lost ones."""
    code, breakdown, key, unit, period = next((one for one in found if one.key[3]), found[0]).key
    place = f" --unit {unit}" if unit else ""
    part = f" --key {breakdown}={key}" if breakdown and key else ""
    yield f"  geju explain {code}{place} --period {period}{part}"
    yield "  geju reconcile"
    yield "  geju rebuild"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(run)
