"""An installation to set on fire: prepared, started, with tellers that have laid their ground; gone with the block."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import date
from types import ModuleType

from services.chassis import testing
from services.chassis.stream import DUPLICATE_WINDOW
from services.cli.registry import SERVICES
from services.cli.supervisor.parts import end_leftovers
from services.client import Home
from tests.chaos.arena import Arena, Ground
from tests.chaos.entry import COMMAND, FOLDER
from tests.chaos.fault import Fault
from tests.chaos.faults import MODULES
from tests.chaos.hotline import Hotline
from tests.chaos.inside import hooks, window
from tests.support import district
from tests.support.installation import Installation
from tests.support.load import beginners
from tests.support.system import System, set_today

TODAY = date(2012, 6, 20)
TELLERS = 2
#: Seconds between two proofs: what only a proof finds is found in the time of a round.
PROOFS = "5"
#: Seconds for which the broker knows a repeat: the product's own, or so few that most outages are longer.
WINDOWS = (4.0, 4.0, DUPLICATE_WINDOW)
PATIENCE = 600.0


@asynccontextmanager
async def site(
    seed: int, faults: Sequence[Fault], begun: float, windows: Sequence[float] = WINDOWS
) -> AsyncIterator[Arena]:
    """Run an installation for the length of the block, ready for some faults; the log counts from `begun`."""
    rng = random.Random(seed)
    with testing.workspace() as folder:
        async with AsyncExitStack() as stack:
            ground = Ground(folder, Home(folder / "home"), district.write(folder / "district"), stack)
            ground.settings |= {"GEJU_RECONCILE_SECONDS": PROOFS, FOLDER: str(folder)}
            ground.window = rng.choice(windows)
            hooks.path(folder, window.HOOK, "").write_text(str(ground.window), "ascii")
            for module in _modules(faults):
                await module.prepare(ground)
            installation = Installation(folder, ground.profile, ground.settings, COMMAND)
            set_today(installation, TODAY)
            try:
                installation.start()
                arena = Arena(System(installation), ground, rng, begun=begun)
                arena.note(f"an installation is up; the broker knows a repeat for {ground.window:g} s")
                arena.tellers = await beginners(arena.system, *(rng.getrandbits(32) for _ in range(TELLERS)))
                for teller in arena.tellers:
                    teller.patience = PATIENCE
                arena.hotline = Hotline(arena.system, rng.getrandbits(32))
                yield arena
                await arena.system.close()
            finally:
                if installation.alive():
                    with suppress(Exception):
                        installation.stop()
                end_leftovers(installation.home, list(SERVICES))


def _modules(faults: Sequence[Fault]) -> Sequence[ModuleType]:
    """Return the modules of some faults that have ground to prepare."""
    return [
        module for module in MODULES if hasattr(module, "prepare") and any(fault in module.FAULTS for fault in faults)
    ]
