"""The `geju` command as an installation under fire runs it: the product, with hooks of the tests in its processes.

The supervisor starts its services by this entry, too. In each process `enter(folder)` of every module in
tests.chaos.inside is called first. No hook does anything until a file in the folder asks for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from services.cli.__main__ import main
from services.cli.supervisor import parts
from tests.chaos import inside

FOLDER = "CHAOS_FOLDER"
COMMAND = (sys.executable, "-m", "tests.chaos.entry")


class _Popen(subprocess.Popen[bytes]):
    """Starts children of the supervisor by this entry instead of the product's own."""

    def __init__(self, command: list[str], *args: Any, **options: Any) -> None:
        if list(command[1:3]) == ["-m", "services.cli"]:
            command = [*COMMAND, *command[3:]]
            options["env"] = {**options["env"], FOLDER: os.environ[FOLDER]}
        super().__init__(command, *args, **options)


def run() -> None:
    """Let the hooks in, then run the command."""
    parts.subprocess.Popen = _Popen  # type: ignore[attr-defined,misc,unused-ignore]
    folder = Path(os.environ[FOLDER])
    for found in iter_modules(inside.__path__):
        module = import_module(f"{inside.__name__}.{found.name}")
        if hasattr(module, "enter"):
            module.enter(folder)
    main()


if __name__ == "__main__":
    try:
        run()
    except KeyboardInterrupt:
        sys.exit(130)
