"""A shorter window in which the broker knows a repeat, so that many stops are longer than it."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.inside import hooks

HOOK = "window"


def enter(folder: Path) -> None:
    """Take the seconds that stand in the folder's file, if there is one."""
    if seconds := hooks.asked(hooks.path(folder, HOOK, "")):
        from services.chassis import stream  # noqa: PLC0415 - the supervisor has no need of it

        stream.DUPLICATE_WINDOW = float(seconds)
