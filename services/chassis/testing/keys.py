"""Keys and tokens for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from services.chassis.crypto import RecordKeys
from services.chassis.tokens import Signer, make_key

ISSUER = AUDIENCE = "geju"
KID = "test"


class Tokens:
    """An Ed25519 key pair in a folder of its own; `public` is the folder for GEJU_JWT_KEYS."""

    def __init__(self, folder: Path) -> None:
        self.public = folder / "public"
        self._signer = Signer(make_key(folder / "private.pem", self.public, KID), KID, ISSUER, AUDIENCE)

    def __call__(
        self,
        subject: str = "tester",
        roles: Iterable[str] = ("clerk",),
        offices: Iterable[str] = ("*",),
        ttl: float = 3600,
    ) -> str:
        """Mint a token."""
        return self._signer.mint(subject, roles, offices, ttl)


def record_keys(folder: Path) -> Path:
    """Write a file of fresh record keys."""
    path = folder / "record-keys.json"
    RecordKeys.generate().save(path)
    return path
