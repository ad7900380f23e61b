"""Where the facts of records come from: revision, who entered it, when, through which service."""
# ruff: noqa: S608  statements are made of names of this package, never of input

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from services.aggregation.kinds import KINDS, FactKind
from services.chassis.domain.errors import UnknownPlace
from services.chassis.domain.profile import Profile

BY_COLLECTION: Mapping[str, FactKind] = {kind.collection: kind for kind in KINDS}
#: Collection of what the district profile says exists: nobody records it.
PROFILE = "profile"
#: Columns of a fact table that make an `Origin`, but for whether it is sealed.
COLUMNS = "_source, _revision, _recorded, _actor, _change, deleted"


@dataclass(frozen=True, slots=True)
class Origin:
    """The newest revision of a record as held."""

    source: str
    revision: int
    recorded: datetime
    actor: str
    change: str
    deleted: bool
    sealed: bool


def record_name(collection: str, id_: str) -> str:
    """Return the resource name of a member."""
    return f"{collection or PROFILE}/{id_}"


def profile_label(profile: Profile, collection: str, id_: str) -> str:
    """Return what people call an entry of the district profile, "五马街道", of an office's month "五马街道 2012-03".

    "" for a record, and for what the profile no longer has.
    """
    code, _, month = id_.partition(":")
    try:
        found = profile.office(code).street_zh if profile.has_office(code) else profile.place(code).zh
    except UnknownPlace:
        return ""
    return "" if collection else f"{found} {month}".strip()


def is_hidden(record: str, origin: Origin | None, roles: Container[str]) -> bool:
    """Tell whether a record is sealed and which it is, these roles are not told."""
    kind = BY_COLLECTION.get(record.partition("/")[0])
    return kind is not None and origin is not None and origin.sealed and kind.sealed_for not in roles


def kind_name(record: str) -> str:
    """Return the kind of a resource name; "" for what the district profile says exists."""
    found = BY_COLLECTION.get(record.partition("/")[0])
    return found.name if found else ""


def sealed_column(kind: FactKind) -> str:
    """Return the column that says whether a record of a kind is sealed."""
    return "sealed" if "sealed" in kind.facts.DESCRIPTOR.fields_by_name else "false"


async def origins(conn: asyncpg.Connection, schema: str, records: Iterable[str]) -> dict[str, Origin]:
    """Return the origin of each record that is held, by resource name."""
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for record in records:
        collection, _, id_ = record.partition("/")
        if collection in BY_COLLECTION:
            wanted[collection].append(UUID(id_))
    found: dict[str, Origin] = {}
    for collection, ids in wanted.items():
        kind = BY_COLLECTION[collection]
        statement = f"select _id, {COLUMNS}, {sealed_column(kind)} from {schema}.f_{kind.name} where _id = any($1)"
        for id_, *rest in await conn.fetch(statement, ids):
            found[record_name(collection, str(id_))] = Origin(*rest)
    return found


def made_at(record: str) -> datetime | None:
    """Return when a record's id was made (UUIDv7 begins with the instant); None when its id says nothing of it."""
    try:
        id_ = UUID(record.partition("/")[2])
    except ValueError:
        return None
    return datetime.fromtimestamp((id_.int >> 80) / 1000, UTC) if id_.version == 7 else None
