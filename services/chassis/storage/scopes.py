"""Whose records a caller may see, as one text: what queries filter by and what the session setting geju.offices says.

"north,south" is two offices, "*" is every office. Sealed files are seen only with the right to them, one more term:
"north,!sealed". A record with a second office is in the scope of either. Queries filter by the terms; row-level
security does the same once more (`policy`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import lru_cache
from typing import Any

from services.chassis.context import Caller

EVERYWHERE = "*"
#: The right to see sealed files, those of persons who were minors.
SEALED = "!sealed"
#: The scope of what the service does itself: counting, publishing, proving, reacting.
EVERYTHING = f"{EVERYWHERE},{SEALED}"
_MEANT = frozenset(",*!")
_SETTING = "current_setting('geju.offices', true)"
_TERMS = f"string_to_array({_SETTING}, ',')"


def scope_of(caller: Caller, *, district: bool = False) -> str:
    """Return the scope of a caller; of every office for a district-wide method."""
    return _scope(caller.offices, district=district, sealed=caller.sees_sealed)


@lru_cache(maxsize=4096)
def _scope(offices: Iterable[str], *, district: bool, sealed: bool) -> str:
    # A code that would read as another term is no office's.
    codes = sorted(code for code in offices if code and _MEANT.isdisjoint(code))
    everywhere = district or EVERYWHERE in offices
    return ",".join([*([EVERYWHERE] if everywhere else codes), *([SEALED] if sealed else [])])


def terms(scope: str) -> list[str]:
    """Return the terms of a scope: the parameter that statements filter by."""
    return scope.split(",") if scope else []


def offices_in(scope: str) -> list[str] | None:
    """Return the offices of a scope; None: every office."""
    found = terms(scope)
    return None if EVERYWHERE in found else [term for term in found if term != SEALED]


def in_scope(row: Any, param: str) -> str:
    """Return the SQL condition on a row `r` for the terms in a parameter ("$2"), by the columns that its model has."""
    seen, has = f"{param}::text[]", row.model_fields
    offices = [f"{column} = ANY ({seen})" for column in ("office", "second_office") if column in has]
    either = f"('{EVERYWHERE}' = ANY ({seen}) OR r.{' OR r.'.join(offices)})"
    return either + (f" AND (NOT r.sealed OR '{SEALED}' = ANY ({seen}))" if "sealed" in has else "")


def policy(columns: Container[str]) -> str:
    """Return the same condition for row-level security, on the session's setting; unset, it is true of no row.

    `columns` are those of the table beside the ones that every record has.

    What depends on the setting alone stands in a subquery of its own, so that it is worked out once a statement.
    """
    either = [f"(SELECT split_part({_SETTING}, ',', 1) = '{EVERYWHERE}')", f"office = ANY ((SELECT {_TERMS})::text[])"]
    if "second_office" in columns:
        either.append(f"second_office = ANY ((SELECT {_TERMS})::text[])")
    offices = " OR ".join(either)
    if "sealed" not in columns:
        return offices
    return f"({offices}) AND (NOT sealed OR (SELECT '{SEALED}' = ANY ({_TERMS})))"
