"""What ends a command: a message for people and an exit code for programs."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command; documented in its help."""

    OK = 0
    RULE = 1
    USAGE = 2
    UNREACHABLE = 3
    UNPROVEN = 4
    INTERRUPTED = 130


class Failure(Exception):  # noqa: N818 - it is no error of the program, it is its answer
    """Ends the command with `message` (Chinese) on stderr, `advice` (what to do) under it, and `code`."""

    def __init__(self, message: str, code: Exit = Exit.RULE, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.advice = advice
