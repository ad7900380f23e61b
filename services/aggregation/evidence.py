"""What was entered since an instant about records that are themselves as they were: why they are judged differently."""
# ruff: noqa: S608  statements are made of names of this package, never of input

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import asyncpg
from google.protobuf.descriptor import FieldDescriptor

from services.aggregation.clauses import kinds_of
from services.aggregation.indicator import Indicator
from services.aggregation.kinds import FactKind
from services.aggregation.provenance import COLUMNS, Origin, record_name, sealed_column

#: Of one record so many are told, the newest.
MOST = 5
Evidence = Mapping[str, Sequence[tuple[str, Origin]]]


async def evidence(
    conn: asyncpg.Connection, schema: str, indicator: Indicator, records: Collection[str], since: datetime
) -> Evidence:
    """Return by record what was entered since that an indicator looks up and that names it, newest first."""
    found: dict[str, list[tuple[str, Origin]]] = defaultdict(list)
    for kind in kinds_of(indicator):
        # Records of the kind itself are judged by others: of it, being named by each other says nothing.
        named = {r.partition("/")[2]: r for r in records if r.partition("/")[0] != kind.collection}
        names = _names(kind)
        # Each is looked up in the list, which may be long, by a hash; the overlap of two arrays is not.
        naming = " or ".join(f"{name} = any($2::text[])" for name in names)
        statement = (
            f"select _id, {COLUMNS}, {sealed_column(kind)}, array[{', '.join(names)}] from {schema}.f_{kind.name} "
            f"where _recorded >= $1 and ({naming})"
        )
        for id_, *rest, values in await conn.fetch(statement, since, list(named)) if named else ():
            for name in named.keys() & {*values}:
                found[named[name]].append((record_name(kind.collection, str(id_)), Origin(*rest)))
    return {
        record: sorted(held, key=lambda one: (one[1].recorded, one[0]), reverse=True)[:MOST]
        for record, held in found.items()
    }


def _names(kind: FactKind) -> list[str]:
    """Return what a record of a kind may name another by: ids and codes, of an office's month both."""
    fields = kind.facts.DESCRIPTOR.fields
    codes = [f.name for f in fields if f.type == FieldDescriptor.TYPE_STRING and not f.is_repeated]
    months = [f"office || ':' || to_char({f.name}, 'YYYY-MM')" for f in fields if f.name == "month_date"]
    return [*codes, *months]
