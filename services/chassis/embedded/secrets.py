"""Generated passwords of local servers, in one file that only its owner can read."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from services.chassis.files import write_private


class Secrets:
    """Named random passwords, made on first use and kept in a JSON file of mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str:
        """Return the password of that name; the first call makes it."""
        known = self._load()
        if name not in known:
            known[name] = secrets.token_urlsafe(24)
            self._store(known)
        return known[name]

    def _load(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}

    def _store(self, known: dict[str, str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_private(self._path, json.dumps(known, indent=2))
