"""TLS of the command: it shows services elsewhere what they show each other, by the same settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypedDict

from services.cli.failure import Exit, Failure

CA, CERT, KEY = "GEJU_TLS_CLIENT_CA", "GEJU_TLS_CERT", "GEJU_TLS_KEY"


class Tls(TypedDict, total=False):
    """What the client takes: CA, and certificate as (key, chain), in PEM."""

    ca: bytes
    certificate: tuple[bytes, bytes]


def tls() -> Tls:
    """Return the content of the files that the settings name; nothing without a CA: plaintext. Errors: Failure."""
    if not os.environ.get(CA):
        return {}
    found = Tls(ca=_read(CA))
    if os.environ.get(CERT) and os.environ.get(KEY):
        found["certificate"] = _read(KEY), _read(CERT)
    return found


def _read(setting: str) -> bytes:
    path = Path(os.environ[setting])
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure(f"读不到 {path}({type(error).__name__})", Exit.USAGE, f"请检查 {setting}") from None
