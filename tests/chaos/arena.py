"""Where faults happen: an installation under load, chance from a seed, and a log of what was done when."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.client import Home
from tests.support.story import Teller
from tests.support.system import System


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


@dataclass
class Arena:
    """One installation under fire."""

    system: System
    ground: Ground
    rng: random.Random
    tellers: Sequence[Teller] = ()
    #: When the run began; the log counts from there.
    begun: float = field(default_factory=time.monotonic)
    log: list[str] = field(default_factory=list)
    #: Business instants to which services were set back by decision of the operator: what was accepted there since may
    #: be gone, by service.
    set_back: dict[str, float] = field(default_factory=dict)

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

    def seconds(self, least: float, most: float) -> float:
        """Choose a length."""
        return self.rng.uniform(least, most)

    def forget_since(self, service: str, monotonic: float) -> None:
        """Say that a service was set back, on purpose, to how it was then (`time.monotonic()`).

        Changes that it accepted since may be gone, and are not called lost.
        """
        self.set_back[service] = min(monotonic, self.set_back.get(service, monotonic))
