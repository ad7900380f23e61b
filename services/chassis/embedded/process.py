"""Child processes: start as the right account, wait, end, and deal with what an earlier run left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import secrets
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = "nobody"
TAIL = 2000
_PORTS = range(15_000, 32_000)

# A child that takes another account is made by fork. gRPC would start its threads again in it, before the program is
# there, on descriptors that are closed already; now and then the child died of that. Every child here is a new program.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")


class ServerError(RuntimeError):
    """A local server cannot run; the message says what to do about it."""


@dataclass(frozen=True)
class Account:
    """The account a child runs as."""

    uid: int
    gid: int

    @classmethod
    def unprivileged(cls) -> Account | None:
        """Return the account to change to when running as root; None when there is nothing to change."""
        if os.geteuid() != 0:
            return None
        entry = pwd.getpwnam(UNPRIVILEGED)
        return cls(entry.pw_uid, entry.pw_gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether the account may pass through a folder."""
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)

    def require_way_to(self, path: Path) -> None:
        """Raise ServerError naming the first folder on the way to a path that the account cannot enter."""
        for folder in reversed(path.resolve().parents):
            if folder.exists() and not self.can_enter(folder):
                raise ServerError(
                    f"PostgreSQL refuses to run as root, and the account '{UNPRIVILEGED}' cannot enter {folder} "
                    f"on the way to {path}: run `chmod o+x {folder}`, use another folder, or run as an ordinary user"
                )


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on at the moment."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Return so many TCP ports of 127.0.0.1 that nobody listens on at the moment, each another one. Raises ServerError.

    The system gives none of these to an outgoing connection (Linux from 32768 on, macOS from 49152 on), so that none is
    gone before it is listened on; they lie together, so that others who look at the same time hardly find the same.
    """
    span = len(_PORTS)
    start, found = secrets.randbelow(span), list[int]()
    for offset in range(span):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", _PORTS[(start + offset) % span]))
            found.append(int(probe.getsockname()[1]))
        if len(found) == count:
            return found
    raise ServerError(f"only {len(found)} of {count} ports are free")


def spawn(command: Sequence[str], log: Path, account: Account | None = None) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (a Ctrl-C in the terminal is the parent's to handle)."""
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - the commands are this package's own
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


async def end(process: subprocess.Popen[bytes], how: signal.Signals, patience: float) -> None:
    """Signal a child and wait for its end; kill it when it takes longer than `patience` seconds."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            await asyncio.to_thread(process.wait, patience)
        except subprocess.TimeoutExpired:
            process.kill()
    await asyncio.to_thread(process.wait)


def command_of(pid: int) -> str:
    """Return the command line of a process; empty when there is none."""
    path = Path(f"/proc/{pid}/cmdline")
    if path.parent.parent.joinpath("self").exists():
        with contextlib.suppress(OSError):
            return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    listing = subprocess.run(  # noqa: S603 - systems without /proc
        ["/bin/ps", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True
    )
    return listing.stdout.strip()


def end_leftover(pid_file: Path, mark: str, how: signal.Signals, patience: float = 20) -> None:
    """End the server that an earlier, killed parent left running, and remove its pid file.

    `mark` must occur in the command line: a pid that was given to another program since is left alone.
    """
    try:
        pid = int(pid_file.read_text(encoding="ascii").split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        pid_file.unlink(missing_ok=True)
        return
    deadline = time.monotonic() + patience
    while mark in command_of(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.1)
    pid_file.unlink(missing_ok=True)


def tail(log: Path) -> str:
    """Return the last lines of a log file."""
    return log.read_text(encoding="utf-8", errors="replace")[-TAIL:] if log.exists() else ""
