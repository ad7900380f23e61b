"""What the rules of rounds have in common: a count and the disputes linked to it."""

from __future__ import annotations

from collections.abc import Sequence

from services.chassis.domain.references import check_references
from services.mediation.domain.register_errors import FewerThanLinked


def check_linked(field: str, count: int, linked: Sequence[str]) -> None:
    """Refuse a number below that of the linked disputes, and bad links. Raises FewerThanLinked, …."""
    check_references("disputes", linked, "disputes")
    if count < len(linked):
        raise FewerThanLinked(field, count=count, linked=len(linked))
