"""Which ports are free, and who holds those that are not."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

from services.chassis.embedded.process import command_of

_LISTEN = "0A"


def is_free(port: int) -> bool:
    """Say whether nobody listens on a port of 127.0.0.1: the system is asked, by taking it for a moment."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(host: str, port: int, seconds: float = 1) -> bool:
    """Say whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=seconds):
            return True
    except OSError:
        return False


def holder(port: int) -> str:
    """Return ", held by process …" in Chinese; empty where the system does not say (others' processes, no /proc)."""
    inodes = _inodes(port)
    for process in Path("/proc").glob("[0-9]*") if inodes else ():
        with contextlib.suppress(OSError):
            for descriptor in (process / "fd").iterdir():
                if str(descriptor.readlink()) in inodes:
                    return f",占用者:进程 {process.name} {command_of(int(process.name))[:60].strip()}"
    return ""


def _inodes(port: int) -> set[str]:
    """Return the sockets that listen on a port, as /proc names them."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                columns = line.split()
                if columns[3] == _LISTEN and int(columns[1].rpartition(":")[2], 16) == port:
                    found.add(f"socket:[{columns[9]}]")
    return found
