"""Whether a hook is asked for: a file in the folder of the installation, whose content says what of it."""

from __future__ import annotations

import sys
from pathlib import Path

SERVE = "serve"


def service() -> str:
    """Return the service that this process is; empty for the supervisor and other commands."""
    words = sys.argv
    return words[words.index(SERVE) + 1] if SERVE in words else ""


def path(folder: Path, hook: str, service: str) -> Path:
    """Return the file that asks a service for a hook."""
    return folder / f"hook-{hook}-{service}"


def asked(file: Path) -> str:
    """Return what is asked for; empty: nothing."""
    try:
        return file.read_text("ascii")
    except OSError:
        return ""
