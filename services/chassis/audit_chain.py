"""The hash chain of the audit trail: each link covers the one before and its own entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

#: What of an entry is covered, in order. A column added to the table later stays out of it: old links must hold.
COVERED = (
    "id",
    "at",
    "actor",
    "roles",
    "method",
    "kind",
    "record_id",
    "revision",
    "office",
    "change",
    "purpose",
    "reason",
    "digest",
)


def canonical(entry: Mapping[str, Any]) -> bytes:
    """Return the bytes of an audit entry that its link covers: one form for one content."""
    return json.dumps([_plain(entry[name]) for name in COVERED], ensure_ascii=False, separators=(",", ":")).encode()


def link(previous: bytes, entry: Mapping[str, Any]) -> bytes:
    """Return the hash of the link that follows `previous` (empty for the first) and covers an entry."""
    return hashlib.sha256(previous + canonical(entry)).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, UUID) else value


def first_uuid7(instant: float) -> UUID:
    """Return the least UUIDv7 made at an instant."""
    return UUID(int=max(0, int(instant * 1000)) << 80)
