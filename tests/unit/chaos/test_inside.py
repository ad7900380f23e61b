"""The hooks find what they wrap in the product, and do what they say: else a fault would be empty."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.inside import hooks, traffic, unsafe
from tests.support.installation import ROOT
from tests.support.system import SERVICES

ENTER = """
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tests.chaos import inside
for found in iter_modules(inside.__path__):
    module = import_module(f"{inside.__name__}.{found.name}")
    if hasattr(module, "enter"):
        module.enter(Path(sys.argv[-1]))
"""
HOLES = """
from services.chassis.reading import Delivery, Reading
reading = Reading(10, 0, 0.0, 0)
for place in range(1, 101):
    reading.deliver(Delivery("", b"", "", place, place, 0), 0.0)
print(reading.problem)
"""
UNSAFE = """
from services.chassis.embedded.nats import Nats
print("sync_interval" in Nats(Path(sys.argv[-1]) / "nats", 4222)._config_text())
"""


def entered(folder: Path, code: str, *words: str) -> str:
    """Run code in a process of its own that every hook has entered; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", ENTER + code, *words, str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "proto/gen")))},
        check=False,
        capture_output=True,
        text=True,
    )
    assert not done.returncode, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("words", [("run",), *(("serve", service) for service in SERVICES)], ids=" ".join)
def test_every_hook_fits(workspace: Path, words: tuple[str, ...]) -> None:
    """Supervisor and services start with all hooks in them."""
    assert not entered(workspace, "", *words)


def test_a_delivery_that_is_lost_is_missing(workspace: Path) -> None:
    """Where deliveries are lost the reader notices; where nobody asks for it none is."""
    assert not entered(workspace, HOLES, "serve", "aggregation")
    hooks.path(workspace, traffic.HOLES, "aggregation").write_text("1", "ascii")
    assert "is missing" in entered(workspace, HOLES, "serve", "aggregation")


def test_nats_is_given_its_default(workspace: Path) -> None:
    """Where the unsafe default is asked for the configuration says nothing of syncs; else it does."""
    (workspace / "nats").mkdir()
    assert "True" == entered(workspace, UNSAFE, "run")
    hooks.path(workspace, unsafe.HOOK, "").touch()
    assert "False" == entered(workspace, UNSAFE, "run")
