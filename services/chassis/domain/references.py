"""References between records: "committees/{uuid}" in records, the bare uuid in facts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.chassis.domain.errors import BadReference, InvalidField


def uuid_of(reference: str) -> str:
    """Return the uuid in a resource name; empty for none."""
    return reference.partition("/")[2]


def check_reference(field: str, reference: str, collection: str) -> None:
    """Refuse what is not a resource name of this collection; empty passes. Raises BadReference."""
    if not reference:
        return
    start, _, rest = reference.partition("/")
    try:
        valid = start == collection and str(UUID(rest)) == rest
    except ValueError:
        valid = False
    if not valid:
        raise BadReference(field, collection=collection)


def check_references(field: str, names: Sequence[str], collection: str) -> None:
    """Refuse references that are malformed or named twice. Raises BadReference, InvalidField."""
    for index, name in enumerate(names):
        check_reference(f"{field}[{index}]", name, collection)
        if name in names[:index]:
            raise InvalidField(f"{field}[{index}]", expected="同一记录只能填一次")
