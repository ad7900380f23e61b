"""Where faults happen: an installation under load, chance from a seed, and a log of what was done when."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.chassis.stream import DUPLICATE_WINDOW
from services.client import Home
from tests.chaos.fault import Skipped
from tests.chaos.hotline import Hotline
from tests.support.load import count
from tests.support.story import Teller
from tests.support.system import System

#: Takes the moment at which the fault of this task begins.
MOMENT: ContextVar[Callable[[], None]] = ContextVar("moment")


@dataclass
class Ground:
    """What an installation is prepared with before it starts; `stack` is undone after its end.

    A module of faults prepares it in `async def prepare(ground)`: a mount at `home.nats`, links between parts, settings
    of `geju run`. Supervisor and services are started by tests.chaos.entry, which calls `enter(folder)` of the modules
    in tests.chaos.inside within each of these processes before it begins; `folder` is this one's.
    """

    folder: Path
    home: Home
    profile: Path
    stack: AsyncExitStack
    #: Environment of `geju run`, and of the services where the supervisor passes it on.
    settings: dict[str, str] = field(default_factory=dict)
    #: By the names of the links that there are.
    proxies: dict[str, Any] = field(default_factory=dict)
    #: Seconds for which the broker knows a repeat.
    window: float = DUPLICATE_WINDOW


@dataclass
class Arena:
    """One installation under fire."""

    system: System
    ground: Ground
    rng: random.Random
    tellers: Sequence[Teller] = ()
    hotline: Hotline | None = None
    #: When the run began; the log counts from there.
    begun: float = field(default_factory=time.monotonic)
    log: list[str] = field(default_factory=list)
    #: Heads of the audit trails after the round before, by service.
    heads: dict[str, list[Any]] = field(default_factory=dict)
    #: Instants (`time.monotonic()`) to which services were set back by decision of the operator, by service: what was
    #: accepted there since may be gone.
    set_back: dict[str, float] = field(default_factory=dict)

    @property
    def window(self) -> float:
        """Seconds for which the broker knows a repeat."""
        return self.ground.window

    def accepted(self) -> int:
        """Return how many changes were accepted so far."""
        return count(self.tellers) + len(self.hotline.accepted if self.hotline else ())

    @property
    def proxies(self) -> dict[str, Any]:
        """Links between the parts by their names; empty when there are none."""
        return self.ground.proxies

    @property
    def folder(self) -> Path:
        """Scratch space, gone with the installation."""
        return self.ground.folder

    @property
    def settings(self) -> dict[str, str]:
        """What `geju run` was started with."""
        return self.ground.settings

    def note(self, text: str) -> None:
        """Put down what was done, with the seconds since the run began."""
        line = f"{time.monotonic() - self.begun:8.1f} s  {text}"
        self.log.append(line)
        print(line, file=sys.stderr, flush=True)  # noqa: T201

    def pid(self, part: str) -> int:
        """Return the process id of a part. Raises Skipped while it is down."""
        try:
            return self.system.pid(part)
        except (OSError, ValueError, IndexError):
            raise Skipped(f"{part} is down at the moment") from None

    def signal(self, part: str, number: signal.Signals) -> int:
        """Send a part a signal; returns its process id. Raises Skipped while it is down."""
        pid = self.pid(part)
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        return pid

    def strikes(self) -> None:
        """Say that the fault of this task begins only now: what came before was waiting for its moment."""
        if moment := MOMENT.get(None):
            moment()

    def seconds(self, least: float, most: float) -> float:
        """Choose a length."""
        return self.rng.uniform(least, most)

    def forget_since(self, service: str, monotonic: float) -> None:
        """Say that a service was set back, on purpose, to how it was then (`time.monotonic()`).

        Changes that it accepted since may be gone, and are not called lost.
        """
        self.set_back[service] = min(monotonic, self.set_back.get(service, monotonic))
        for teller in self.tellers:
            teller.set_back = True

    def forgotten(self, service: str, accepted: float) -> bool:
        """Tell whether what a service accepted at an instant may be gone because it was set back."""
        return service in self.set_back and accepted > self.set_back[service]
