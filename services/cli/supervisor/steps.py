"""Tells on the terminal what is being done: one line per step, with the time it took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text


class Steps:
    """Lines of progress; a spinner while a step lasts, where the terminal can show one."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show a step for as long as the block lasts, then how it ended."""
        began = time.monotonic()
        try:
            if self._console.is_terminal:
                with self._console.status(Text(f"{name} …")):
                    yield
            else:
                yield
        except BaseException:
            self._line("✗", name, "red", began)
            raise
        self._line("✓", name, "green", began)

    def note(self, text: str) -> None:
        """Say something."""
        self._console.print(Text(f"· {text}"))

    def warn(self, text: str) -> None:
        """Say that something is wrong and being dealt with."""
        self._console.print(Text(f"! {text}", style="yellow"))

    def _line(self, mark: str, name: str, style: str, began: float) -> None:
        took = Text(f"  {time.monotonic() - began:.1f} 秒", style="dim")
        self._console.print(Text.assemble((mark, style), " ", name, took))
