"""Numbers that are a part of others."""

from __future__ import annotations

from typing import Any

from services.chassis.contract import field_option
from services.publicity.domain.errors import NumbersMismatch


def check_part(record: Any, part: str, whole: str) -> None:
    """Refuse a part that is more than its whole. Raises NumbersMismatch."""
    fewer, more = getattr(record, part), getattr(record, whole)
    if fewer > more:
        fields = record.DESCRIPTOR.fields_by_name
        labels = (field_option(fields[name]).zh for name in (part, whole))
        raise NumbersMismatch(part, **dict(zip(("part", "whole"), labels, strict=True)), fewer=fewer, more=more)
