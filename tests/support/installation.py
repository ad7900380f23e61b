"""An installation that `geju run` has started, and the command against it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from services.client import Home

ROOT = Path(__file__).parents[2]
PROFILE = ROOT / "deploy" / "districts" / "lucheng"
COMMAND = (sys.executable, "-m", "services.cli")
PATIENCE = 90.0
READY = "Ctrl-C 停止"
#: A small demonstration: a few of everything but disputes (GEJU_DEMO_DISPUTES).
FEW = {
    "GEJU_DEMO_PERSONS": "8",
    "GEJU_DEMO_PRACTITIONERS": "40",
    "GEJU_DEMO_CASES": "40",
    "GEJU_DEMO_CONSULTATIONS": "240",
    "GEJU_DEMO_ACTIVITIES": "20",
}


class Installation:
    """One `geju run` in a folder, of a district, with settings and by a command of its own where they are given."""

    def __init__(
        self,
        folder: Path,
        profile: Path = PROFILE,
        settings: Mapping[str, str] | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self.folder, self.profile, self.settings, self.command = folder, profile, settings or {}, command
        self.home = Home(folder / "home")
        self.output = folder / "output.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str, until: str = READY) -> None:
        """Start and return once the run has said that: without more words, that the board was shown."""
        self.begin(*options)
        deadline = time.monotonic() + PATIENCE
        while until not in self.said():
            assert self.alive(), self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def begin(self, *options: str) -> None:
        """Start, and wait for nothing."""
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                [
                    *_command(self.home, self.command),
                    "run",
                    "--port-base",
                    "0",
                    "--profile",
                    str(self.profile),
                    *options,
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment(self.settings),
                start_new_session=True,
            )

    def wait(self, patience: float = PATIENCE) -> int:
        """Wait for the end of the run and return its exit code."""
        assert self._process is not None
        return self._process.wait(patience)

    def geju(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command against this installation."""
        return geju(self.home, *arguments, settings=self.settings)

    def said(self) -> str:
        """Return what the run has printed."""
        return self.output.read_text("utf-8") if self.output.exists() else ""

    def stop(self, number: int = signal.SIGINT) -> int:
        """Signal the run, wait for its end and return its exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        return self.wait(60)

    def alive(self) -> bool:
        """Say whether the run is going on."""
        return self._process is not None and self._process.poll() is None


def geju(
    home: Home, *arguments: str, settings: Mapping[str, str] | None = None, patience: float = PATIENCE
) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would."""
    return subprocess.run(
        [*_command(home), *arguments],
        capture_output=True,
        text=True,
        timeout=patience,
        check=False,
        env=environment(settings or {}),
    )


def eventually(condition: Callable[[], bool], patience: float = 30.0) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def _command(home: Home, command: Sequence[str] = COMMAND) -> list[str]:
    return [*command, "--home", str(home.root)]


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a command: nothing of the developer's own settings, a wide terminal."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GEJU_")}
    return {**plain, "COLUMNS": "160", **settings}
