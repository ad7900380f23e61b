"""`geju token` and `geju version`."""

# Docstrings of commands are their help, in Chinese.
# ruff: noqa: D400

from __future__ import annotations

import platform
import re
import sys
from importlib.metadata import version as installed
from typing import Annotated

import typer
from geju.options.v1 import options_pb2

from services.cli import session
from services.cli.failure import Exit, Failure
from services.cli.output import Form, Output, fields, say

ROLES = tuple(name.removeprefix("ROLE_").lower() for name, number in options_pb2.Role.items() if number)
#: Opens sealed files to who has another role already.
BESIDE = "sealed_files"
_SPAN = re.compile(r"(\d+)([smhd]?)$")
_SECONDS = {"s": 1, "": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 366 * 86400


def token(
    context: typer.Context,
    role: Annotated[
        list[str],
        typer.Option(
            "--role",
            help="角色,可重复:" + "、".join(ROLES) + ";"
            "sealed_files 附加于其他角色,可见封存档案;discipline 为纪检监察,可见对本局人员及司法所的投诉。",
        ),
    ],
    office: Annotated[list[str], typer.Option("--office", help="司法所代码或名称,可重复;* 为全部。")] = ["*"],  # noqa: B006
    subject: Annotated[str, typer.Option("--subject", help="账号。")] = "cli",
    ttl: Annotated[str, typer.Option("--ttl", help="有效期,如 30m、8h、7d。")] = "8h",
) -> None:
    """用本地密钥签发身份凭证,写到标准输出。"""
    unknown = [name for name in role if name not in ROLES]
    if unknown:
        raise Failure("没有这样的角色:" + "、".join(unknown), Exit.USAGE, "可用的角色:" + "、".join(ROLES))
    if set(role) == {BESIDE}:
        raise Failure(f"{BESIDE} 只是附加的权限", Exit.USAGE, f"请与另一角色同时给出,如 --role clerk --role {BESIDE}")
    home = session.of(context).home
    try:
        signer = home.signer()
    except OSError:
        raise Failure(f"{home.root} 中没有签发凭证的密钥", Exit.UNREACHABLE, "先运行一次 geju run") from None
    codes = [_known(session.of(context), name) for name in office]
    sys.stdout.write(signer.mint(subject, role, codes, seconds(ttl)) + "\n")


def _known(current: session.Session, name: str) -> str:
    """Return the code of an office; one that the district does not have (yet) is issued for, with a warning."""
    if name == "*":
        return name
    try:
        return current.office_code(name)
    except Failure as failure:
        say(f"注意:{failure.message},凭此凭证看不到任何记录", "yellow")
        return name


def seconds(text: str) -> float:
    """Read a span of time such as 8h. Errors: Failure."""
    match = _SPAN.match(text.strip().lower())
    span = int(match[1]) * _SECONDS[match[2]] if match else 0
    if not 0 < span <= _LONGEST:
        raise Failure(f"有效期 {text} 无法识别", Exit.USAGE, "写作 30m、8h 或 7d,最长 366d")
    return float(span)


def version(output: Output = Form.TABLE) -> None:
    """显示版本。"""
    pairs = [("geju", "geju", installed("geju")), ("python", "Python", platform.python_version())]
    fields(output, [*pairs, *((name, name, installed(name)) for name in ("grpcio", "protobuf"))])


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("token")(token)
    app.command("version")(version)
