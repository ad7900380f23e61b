"""One supervisor per folder."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from services.cli.failure import Exit, Failure
from services.client import Home

_ATTEMPTS = 5
_PAUSE = 0.05


@contextmanager
def held(home: Home) -> Iterator[None]:
    """Hold the folder's lock for as long as the block lasts; it goes with the process, however that ends.

    Errors: Failure when another process holds it.
    """
    try:
        home.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        advice = "用 geju --home 或 GEJU_HOME 换一个可写的文件夹"
        raise Failure(f"文件夹 {home.root} 不可写:{error.strerror}", Exit.USAGE, advice) from None
    try:
        if not _taken(descriptor):
            pid = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            advice = "看板:geju board;状态:geju doctor;停止:在它的终端按 Ctrl-C"
            raise Failure(f"{home.root} 已在运行(进程 {pid})", Exit.RULE, advice)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    """Take the lock; a command that only looks whether someone holds it has it for an instant, so ask again."""
    for _ in range(_ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        else:
            return True
    return False
