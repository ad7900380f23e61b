"""Receipt codes: by one of them, without an account, a complainant follows where a complaint stands."""

from __future__ import annotations

import secrets
from collections.abc import Callable

#: 32 letters and digits without lookalikes (no I, L, O, U): five random bits each.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 16, 4


def generate(choice: Callable[[str], str] = secrets.choice) -> str:
    """Return a fresh code, 80 random bits as "XXXX-XXXX-XXXX-XXXX"."""
    letters = "".join(choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))
