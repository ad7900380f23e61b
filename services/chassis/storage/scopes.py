"""Whose records a caller may see, as one text: what queries filter by and what the session setting geju.offices says.

"north,south" is two offices, "*" is every office. Sealed records are seen only with the right to those of their kind,
one more term for each: "north,!sealed", "*,!discipline". A record with a second office is in the scope of either.
Queries filter by the terms; row-level security does the same once more (`policy`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from services.chassis.context import Caller

if TYPE_CHECKING:
    from services.chassis.kinds import Kind

EVERYWHERE = "*"
#: The role for the sealed records of most kinds: persons' files.
SEALED_FILES = "sealed_files"
#: Roles that see sealed records, each those of the kinds that name it (option `sealed_for`), and what the right is
#: called in a scope. The policies of tables hold these words: they stay as they are.
RIGHTS: Mapping[str, str] = MappingProxyType({"discipline": "!discipline", SEALED_FILES: "!sealed"})
#: The scope of what the service does itself: counting, publishing, proving, reacting.
EVERYTHING = ",".join((EVERYWHERE, *RIGHTS.values()))
_MEANT = frozenset(",*!")
_SETTING = "current_setting('geju.offices', true)"
_TERMS = f"string_to_array({_SETTING}, ',')"


def scope_of(caller: Caller, *, district: bool = False) -> str:
    """Return the scope of a caller; of every office for a district-wide method."""
    return _scope(caller.offices, caller.roles.intersection(RIGHTS), district=district)


@lru_cache(maxsize=4096)
def _scope(offices: Iterable[str], rights: Iterable[str], *, district: bool) -> str:
    # A code that would read as another term is no office's.
    codes = sorted(code for code in offices if code and _MEANT.isdisjoint(code))
    everywhere = district or EVERYWHERE in offices
    return ",".join([*([EVERYWHERE] if everywhere else codes), *(RIGHTS[right] for right in sorted(rights))])


def terms(scope: str) -> list[str]:
    """Return the terms of a scope: the parameter that statements filter by."""
    return scope.split(",") if scope else []


def offices_in(scope: str) -> list[str] | None:
    """Return the offices of a scope; None: every office."""
    found = terms(scope)
    return None if EVERYWHERE in found else [term for term in found if term not in RIGHTS.values()]


def in_scope(kind: Kind[Any], param: str) -> str:
    """Return the SQL condition on a row `r` of a kind for the terms in a parameter ("$2"), by its columns."""
    seen, has = f"{param}::text[]", kind.row.model_fields
    offices = [f"{column} = ANY ({seen})" for column in ("office", "second_office") if column in has]
    either = f"('{EVERYWHERE}' = ANY ({seen}) OR r.{' OR r.'.join(offices)})"
    return either + (f" AND (NOT r.sealed OR '{RIGHTS[kind.sealed_for]}' = ANY ({seen}))" if kind.has_sealed else "")


def policy(columns: Container[str], sealed_for: str = "sealed_files") -> str:
    """Return the same condition for row-level security, on the session's setting; unset, it is true of no row.

    `columns` are those of the table beside the ones that every record has, `sealed_for` is the role that sees sealed
    records of the kind.

    What depends on the setting alone stands in a subquery of its own, so that it is worked out once a statement.
    """
    either = [f"(SELECT split_part({_SETTING}, ',', 1) = '{EVERYWHERE}')", f"office = ANY ((SELECT {_TERMS})::text[])"]
    if "second_office" in columns:
        either.append(f"second_office = ANY ((SELECT {_TERMS})::text[])")
    offices = " OR ".join(either)
    if "sealed" not in columns:
        return offices
    return f"({offices}) AND (NOT sealed OR (SELECT '{RIGHTS[sealed_for]}' = ANY ({_TERMS})))"
