"""Checks that need nothing to run: the machine, the folder, keys, profile, clock."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from services.chassis.crypto import CryptoError, RecordKeys
from services.chassis.profile_file import ProfileError, load
from services.chassis.tokens import load_private_key
from services.cli.doctor.finding import Finding, Level
from services.cli.supervisor.plan import PORT_BASE, Ports
from services.cli.supervisor.ports import holder, is_free
from services.client import Home
from services.client.home import KEY_ID

LEAST_PYTHON = (3, 11)
_MB = 2**20
LEAST_DISK, GOOD_DISK = 200 * _MB, 2048 * _MB
_OTHERS = 0o077


def python(version: tuple[int, int, int]) -> Finding:
    """Check the interpreter."""
    shown = ".".join(str(part) for part in version)
    if version >= LEAST_PYTHON:
        return Finding(Level.OK, "Python", shown)
    return Finding(Level.BAD, "Python", f"{shown},过旧", "安装 Python 3.11 或更新的版本后重建 .venv(make run)")


def folder(root: Path) -> Finding:
    """Check that the folder can be written."""
    place = root if root.exists() else next(parent for parent in root.parents if parent.exists())
    if not os.access(place, os.W_OK | os.X_OK):
        return Finding(Level.BAD, "文件夹", f"{place} 不可写", "修正权限,或用 --home 换一个文件夹")
    return Finding(Level.OK, "文件夹", str(root) + ("" if root.exists() else "(尚未建立)"))


def disk(root: Path) -> Finding:
    """Check the space left: a full disk stops PostgreSQL and freezes the stream."""
    place = root if root.exists() else next(parent for parent in root.parents if parent.exists())
    left = shutil.disk_usage(place).free
    shown = f"剩余 {left // _MB} MB"
    if left < LEAST_DISK:
        return Finding(Level.BAD, "磁盘", shown, "磁盘将满,数据库与消息流会停写:请腾出空间")
    return Finding(
        Level.OK if left >= GOOD_DISK else Level.WARNING, "磁盘", shown, "" if left >= GOOD_DISK else "建议腾出空间"
    )


def keys(home: Home) -> Iterator[Finding]:
    """Check that the keys are there, whole and private."""
    if not home.record_keys.exists() and not home.jwt_private.exists():
        fresh = not home.root.exists() or not home.postgres.exists()
        advice = "首次 geju run 时生成" if fresh else "从备份恢复 keys/:没有原来的密钥,个人信息无法解密"
        yield Finding(Level.WARNING if fresh else Level.BAD, "密钥", "尚未生成" if fresh else "缺失", advice)
        return
    yield _record_keys(home)
    yield _token_keys(home)
    exposed = [path.name for path in (home.record_keys, home.jwt_private, home.service_token) if _exposed(path)]
    if exposed:
        yield Finding(Level.BAD, "密钥权限", "他人可读:" + "、".join(exposed), f"chmod 600 {home.record_keys.parent}/*")


def profile(folder: Path) -> Finding:
    """Check that the district profile is whole."""
    try:
        found = load(folder)
    except ProfileError as error:
        return Finding(Level.BAD, "区划档案", str(error), "按提示改正后重新启动")
    return Finding(Level.OK, "区划档案", f"{found.zh},{len(found.offices)} 个司法所,{len(found.places)} 个村居")


def clock(offset_seconds: float) -> Finding:
    """Check whether business time is real time."""
    if abs(offset_seconds) < 1:
        return Finding(Level.OK, "业务时钟", "与实际时间一致")
    today = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=offset_seconds)
    return Finding(Level.WARNING, "业务时钟", f"演示时间 {today:%Y-%m-%d}", "演示专用;正式使用须为零偏移(另建文件夹)")


def idle_ports() -> Iterator[Finding]:
    """Check that the usual ports are free while nothing runs here."""
    taken = {
        use: port for use, port in Ports.plan(PORT_BASE).named(postgres=True, nats=True).items() if not is_free(port)
    }
    for use, port in taken.items():
        yield Finding(
            Level.WARNING, "端口", f"{port}({use})被占用{holder(port)}", "停掉占用它的程序,或用 --port-base 另选"
        )
    if not taken:
        yield Finding(Level.OK, "端口", f"{PORT_BASE} 起的端口空闲")


def _record_keys(home: Home) -> Finding:
    try:
        RecordKeys.load(home.record_keys)
    except (OSError, ValueError, KeyError, CryptoError) as error:
        return Finding(
            Level.BAD, "记录密钥", f"{home.record_keys.name} 读不出:{type(error).__name__}", "从备份恢复该文件"
        )
    return Finding(Level.OK, "记录密钥", "完好")


def _token_keys(home: Home) -> Finding:
    try:
        private = load_private_key(home.jwt_private).public_key()
        public = load_pem_public_key((home.jwt_public / f"{KEY_ID}.pem").read_bytes())
    except (OSError, ValueError) as error:
        return Finding(
            Level.BAD,
            "凭证密钥",
            f"读不出:{type(error).__name__}",
            "删去 keys/tokens.key 与 keys/public 后重新 geju run",
        )
    if private != public:
        return Finding(Level.BAD, "凭证密钥", "公钥与私钥不是一对", "重新 geju run 会写回配对的公钥")
    return Finding(Level.OK, "凭证密钥", "完好")


def _exposed(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & _OTHERS)
