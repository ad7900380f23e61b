"""`geju audit`: heads of the audit trails, to be kept outside, and the trails held against them."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from services.chassis.audit_heads import Keys
from services.cli import audits, session
from services.cli.audits import Checked, Kept
from services.cli.failure import Exit, Failure
from services.cli.output import Form, Head, Output, dump, emit, say
from services.cli.registry import DOMAIN
from services.cli.session import Session

group = typer.Typer(no_args_is_help=True, help="审计链:给出可留存在外的链头,核对审计记录有无改动。")
Services = Annotated[
    list[str] | None, typer.Option("--service", "-s", help="只看这个服务,可重复:" + "、".join(DOMAIN) + "。")
]
HEADS = [
    Head("service", "服务"),
    Head("sequence", "条数", number=True),
    Head("hash", "链头摘要"),
    Head("time", "时间"),
    Head("key_id", "密钥"),
]
VERDICTS = [
    Head("service", "服务"),
    Head("verdict", "结论"),
    Head("entries", "已核对", number=True),
    Head("heads", "留存链头"),
    Head("broken_at", "第几条", number=True),
    Head("fault", "被如何"),
    Head("unlinked", "未入链", number=True),
    Head("problem", "问题"),
]


@group.command("head")
def head(
    context: typer.Context,
    service: Services = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-O", help="文件夹:每个链头写成一个文件,已有的不改写。", metavar="DIR")
    ] = None,
    output: Output = Form.TABLE,
) -> None:
    """给出各服务审计链此刻的链头,由服务签名;请存放在数据库管理员够不到的地方。"""
    names = _known(service or DOMAIN)
    with session.of(context).client() as geju:
        heads = [audits.head(geju, name) for name in names]
    if output == Form.JSON:
        dump([audits.as_json(one) for one in heads])
    else:
        rows = zip(names, heads, strict=True)
        emit(output, HEADS, ([name, h.sequence, h.hash, h.time, h.key_id or "未签名"] for name, h in rows))
    if not all(one.signature for one in heads):
        say("服务没有签名的密钥(GEJU_AUDIT_KEY),链头是真是假只能凭存放之处", "yellow")
    if out:
        written = audits.keep(out, heads)
        say(
            f"已写入 {len(written)} 个链头,在 {out}" + ("" if len(written) == len(heads) else ";其余自上次以来没有变化")
        )


@group.command("verify")
def verify(
    context: typer.Context,
    service: Services = None,
    against: Annotated[
        list[Path] | None,
        typer.Option("--against", "-a", help="留存的链头:文件或文件夹,可重复。", metavar="FILE", exists=True),
    ] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="核对链头签名的公钥所在文件夹;缺省为本地系统的。", metavar="DIR")
    ] = None,
    output: Output = Form.TABLE,
) -> None:
    """重新计算各服务的审计链,并核对留存的链头都在其中;不符则退出代码为 4。"""
    current = session.of(context)
    kept = audits.read(against or [])
    _known(one.service for one in kept)
    known = _keys(current, keys, kept)
    with current.client(timeout=600) as geju:
        found = [audits.verify(geju, name, kept, known) for name in _known(service or DOMAIN)]
    if output == Form.JSON:
        dump([dict(zip([head.key for head in VERDICTS], _plain(one), strict=True)) for one in found])
    else:
        emit(output, VERDICTS, map(_row, found))
    late = sum(one.answer.unlinked for one in found)
    if late:
        say(f"有 {late} 条审计记录超过一分钟没有入链:请看 relay 是否在运行(geju doctor)", "yellow")
    if not all(one.good for one in found):
        raise typer.Exit(Exit.UNPROVEN)


def _keys(current: Session, folder: Path | None, kept: Sequence[Kept]) -> Keys | None:
    """Return the keys that signatures are checked with; None, and a word about it, where there are none."""
    if not kept:
        return None
    local = current.home.audit_public
    if folder is None and not (local.is_dir() and not current.targets):
        say("没有给出公钥(--keys),链头的签名没有核对", "yellow")
        return None
    return audits.keys(folder or local)


def _known(names: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(names))
    unknown = [name for name in found if name not in DOMAIN]
    if unknown:
        raise Failure("没有审计链的服务:" + "、".join(unknown), Exit.USAGE, "可用的服务:" + "、".join(DOMAIN))
    return found


def _row(one: Checked) -> list[Any]:
    verdict = Text("✓ 完好", style="green") if one.good else Text("✗ 不符", style="red")
    _, _, entries, contained, broken_at, *rest = _plain(one)
    return [one.service, verdict, entries, f"{contained}/{one.heads}" if one.heads else "", broken_at or "", *rest]


def _plain(one: Checked) -> list[Any]:
    answer = one.answer
    counts = answer.entries, answer.heads_contained, answer.broken_at
    return [one.service, one.good, *counts, one.fault, answer.unlinked, one.words]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="audit")
