"""How rows of a spreadsheet name firms, practitioners and other records of the registers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from services.chassis import importing
from services.chassis.importing import Anywhere
from services.chassis.kinds import Kind
from services.chassis.resolving import Target
from services.legalservices.registers.kinds import FIRM, PRACTITIONER

Named = tuple[str, Target]


def firm(field: str = "firm") -> tuple[Named, ...]:
    """Return where the firm of a field is looked for: by the office's number, its licence, any office's number."""
    return (field, FIRM), (field, Anywhere(FIRM, "licence_number")), (field, Anywhere(FIRM))


def practitioner(field: str = "practitioner") -> tuple[Named, ...]:
    """Return where the practitioner of a field is looked for, as `firm`."""
    return (field, PRACTITIONER), (field, Anywhere(PRACTITIONER, "licence_number")), (field, Anywhere(PRACTITIONER))


def record(field: str, kind: Kind[Any]) -> tuple[Named, ...]:
    """Return where a record without a licence is looked for: by the office's number, then by any office's."""
    return (field, kind), (field, Anywhere(kind))


def taking_over(kind: Kind[Any], *named: Named) -> Callable[..., Awaitable[Any]]:
    """Return the Import RPC of a kind whose rows name other records so."""
    (field, target), *more = named
    return importing.taking_over(kind, field, target, *more)
