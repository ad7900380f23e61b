"""A network namespace of a thread: sockets made in it stay in it, whoever uses them, and its packets can be lost.

The namespace has no name and no address but its own 127.0.0.1; it goes with its thread and its sockets. Nothing of the
machine's network is touched.
"""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

_CLONE_NEWNET = 0x40000000
_LOSS = ("INPUT", "-p", "tcp", "-m", "statistic", "--mode", "random", "--probability")


class Namespace:
    """Pairs of connected sockets between which so many percent of packets are lost."""

    def __init__(self) -> None:
        """Make a namespace. Raises OSError: not root, or no iptables."""
        self._thread = ThreadPoolExecutor(1)
        self._rule: tuple[str, ...] = ()
        try:
            self._thread.submit(self._enter).result()
        except BaseException:
            self.close()
            raise

    def lose(self, percent: int) -> None:
        """Lose so many percent of packets from now on. Raises OSError."""
        self._thread.submit(self._lose, percent).result()

    def pair(self) -> tuple[socket.socket, socket.socket]:
        """Return the two ends of a new connection in the namespace. Raises OSError."""
        return self._thread.submit(self._pair).result()

    def close(self) -> None:
        """End the thread; the namespace ends with the last of its sockets."""
        self._thread.shutdown(wait=False)

    def _enter(self) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_CLONE_NEWNET):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        _run("ip", "link", "set", "lo", "up")

    def _lose(self, percent: int) -> None:
        if self._rule:
            _run("iptables", "-w", "-D", *self._rule)
            self._rule = ()
        if percent:
            rule = (*_LOSS, f"{percent / 100:.2f}", "-j", "DROP")
            _run("iptables", "-w", "-A", *rule)
            self._rule = rule

    def _pair(self) -> tuple[socket.socket, socket.socket]:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            near = socket.create_connection(listening.getsockname(), timeout=60)
            far, _ = listening.accept()
        for end in (near, far):
            end.settimeout(0)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return near, far


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"{command[0]}: {done.stderr.strip()}")
