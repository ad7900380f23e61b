"""Debian's Prometheus and promtool, which `make prometheus` lays into the checkout."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".cache" / "prometheus" / "usr" / "bin"


def program(name: str) -> str:
    """Return the path of "prometheus" or "promtool"; without it the test is skipped, in CI it fails."""
    found = shutil.which(name, path=str(FOLDER)) or shutil.which(name)
    if found is None:
        message = f"{name} is not there: make prometheus"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found
