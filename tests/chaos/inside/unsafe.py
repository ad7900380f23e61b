"""NATS as it is where nobody says how often it is to wait for the disk."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.inside import hooks

HOOK = "unsafe"


def enter(folder: Path) -> None:
    """Have the supervisor leave it out for as long as the folder's file is there."""
    if hooks.service():
        return
    from services.chassis.embedded.nats import Nats  # noqa: PLC0415 - services have no need of it

    said, file = Nats._config_text, hooks.path(folder, HOOK, "")

    def config_text(self: Nats) -> str:
        text = said(self)
        return text.replace(", sync_interval: always", "") if file.exists() else text

    Nats._config_text = config_text  # type: ignore[method-assign]
