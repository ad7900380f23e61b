"""The code on a complaint's receipt: whoever has it may ask where the complaint stands, so it cannot be guessed."""

# Docstrings of error classes are Chinese messages to the user; classes are named for what happened.
# ruff: noqa: D400, N818

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable

from services.chassis.domain.errors import RuleError

#: Without 0 and O, 1 and I.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 16
_BITS = 5
_GROUP = 4
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


class UnknownReceiptCode(RuleError):
    """没有查到此查询码对应的投诉,请核对回执。"""

    reason = "NOT_FOUND"
    code = "NOT_FOUND"


def fresh(randbits: Callable[[int], int] = secrets.randbits) -> str:
    """Return a new code of 80 random bits, as it is shown and stored: "7KQ2-M9XD-4HTR-WB3C"."""
    number = randbits(LENGTH * _BITS)
    return _grouped("".join(ALPHABET[number >> shift & 31] for shift in range(0, LENGTH * _BITS, _BITS)))


def normalised(text: str) -> str:
    """Return a code as it is stored, however it was written (case, width, spaces, hyphens); empty when it is none."""
    folded = unicodedata.normalize("NFKC", text).upper()
    kept = "".join(mark for mark in folded if not (mark.isspace() or unicodedata.category(mark) == "Pd"))
    return _grouped(kept) if _CODE.fullmatch(kept) else ""


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))
