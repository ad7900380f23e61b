"""The machine's clock of one service, as its code sees it: moved while it runs, by what a file says.

All that the product reads it by is moved: the time of day, the clock of the records, ids made of the time, the clock
that tokens are checked by. What only measures how long something takes is not.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.chaos.inside import hooks

HOOK = "clock"
LOOK = 0.2
_time, _time_ns = time.time, time.time_ns


class _Step:
    """By how many seconds the clock is off."""

    seconds = 0.0


class _Moved(dt.datetime):
    """The present as the moved clock has it."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        """Return the moved present."""
        return dt.datetime.fromtimestamp(time.time(), tz)


def enter(folder: Path) -> None:
    """Watch for the file of this service, and move the clock when it comes."""
    if hooks.service():
        file = hooks.path(folder, HOOK, hooks.service())
        threading.Thread(target=_watch, args=(file,), daemon=True).start()


def _watch(file: Path) -> None:
    moved = False
    while True:
        with suppress(ValueError):  # being written
            _Step.seconds = float(hooks.asked(file) or 0)
        if _Step.seconds and not moved:
            _take_over()
            moved = True
        time.sleep(LOOK)


def _take_over() -> None:
    import jwt.api_jwt  # noqa: PLC0415 (a service's alone)
    import uuid_utils  # noqa: PLC0415

    from services.chassis import clock, facts_source  # noqa: PLC0415 (the same)

    plain, compatible = uuid_utils.uuid7, facts_source.uuid7

    def later() -> int:
        return plain().int + (round(_Step.seconds * 1000) << 80)

    time.time = lambda: _time() + _Step.seconds
    time.time_ns = lambda: _time_ns() + round(_Step.seconds * 1e9)
    clock.datetime = jwt.api_jwt.datetime = _Moved  # type: ignore[misc,attr-defined]
    uuid_utils.uuid7 = lambda: uuid_utils.UUID(int=later())
    facts_source.uuid7 = lambda: type(compatible())(int=later())
