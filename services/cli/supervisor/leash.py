"""Ends a service when its supervisor has gone, even by kill -9.

The child asks the kernel for it itself, right after its start: doing so between fork and exec in the parent
(`preexec_fn`) is not safe in a process with threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

PARENT = "GEJU_SUPERVISOR_PID"
_PR_SET_PDEATHSIG = 1


def attach() -> None:
    """Have this process told to end (SIGTERM) when the supervisor named in the environment has gone."""
    supervisor = os.environ.get(PARENT)
    if not supervisor:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    else:
        threading.Thread(target=_watch, args=(int(supervisor),), daemon=True).start()
    if os.getppid() != int(supervisor):  # it went before the kernel knew
        os.kill(os.getpid(), signal.SIGTERM)


def _watch(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
