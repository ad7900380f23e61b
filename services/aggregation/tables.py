"""The tables of a projection: one per kind, derived from its facts message, and the fixed ones beside them.

All tables carry the schema `SCHEMA`, a token that `sql.in_schema` replaces by the schema of one projection.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT8MULTIRANGE
from sqlalchemy.types import TypeEngine

from services.aggregation.kinds import KINDS, FactKind, kind_of

SCHEMA = "projection_schema"
DATE = "google.type.Date"
TIMESTAMP = "google.protobuf.Timestamp"
META = MetaData(schema=SCHEMA)

_SCALARS: Mapping[int, type[TypeEngine[Any]]] = {
    FieldDescriptor.TYPE_STRING: Text,
    FieldDescriptor.TYPE_BOOL: Boolean,
    FieldDescriptor.TYPE_ENUM: Integer,
    FieldDescriptor.TYPE_INT32: Integer,
    FieldDescriptor.TYPE_SINT32: Integer,
    FieldDescriptor.TYPE_UINT32: BigInteger,
    FieldDescriptor.TYPE_INT64: BigInteger,
    FieldDescriptor.TYPE_SINT64: BigInteger,
}


def text() -> Text:
    """Return the type of codes: compared byte by byte, whatever the database's locale."""
    return Text(collation="C")


def column_type(field: FieldDescriptor) -> TypeEngine[Any]:
    """Return the column type of a facts field. Raises TypeError for what facts may not hold."""
    scalar: TypeEngine[Any]
    if field.message_type is not None and field.message_type.full_name == DATE:
        scalar = Date()
    elif field.message_type is not None and field.message_type.full_name == TIMESTAMP:
        scalar = DateTime(timezone=True)
    elif field.type == FieldDescriptor.TYPE_STRING:
        scalar = text()
    elif field.type in _SCALARS:
        scalar = _SCALARS[field.type]()
    else:
        raise TypeError(f"{field.full_name}: facts hold codes, dates, numbers and yes/no only")
    return ARRAY(scalar) if field.is_repeated else scalar


def _masked(field: FieldDescriptor) -> bool:
    """Tell whether a field is a day on which something happened: not known before it. Due dates and months are."""
    temporal = field.message_type is not None and not field.is_repeated
    return temporal and field.name != "month_date" and not field.name.endswith("_due")


def _fact_column(field: FieldDescriptor) -> Column[Any]:
    info = {"enum": field.enum_type, "masked": _masked(field), "field": field}
    return Column(field.name, column_type(field), nullable=field.message_type is not None, info=info)


def _meta_columns() -> list[Column[Any]]:
    return [
        Column("_id", Uuid(), primary_key=True),
        Column("_source", text(), nullable=False),
        Column("_epoch", BigInteger(), nullable=False),
        Column("_revision", BigInteger(), nullable=False),
        Column("_recorded", DateTime(timezone=True), nullable=False),
        Column("_actor", text(), nullable=False),
        Column("_change", text(), nullable=False),
        Column("_digest", LargeBinary(), nullable=False),
    ]


def column_order(descriptor: Any) -> tuple[list[FieldDescriptor], list[FieldDescriptor], list[FieldDescriptor]]:
    """Return a facts message's fields as its table has them: plain ones, dates, then the rest; each as numbered."""
    plain = [f for f in descriptor.fields if f.message_type is None and not f.is_repeated]
    days = [f for f in descriptor.fields if f.message_type and f.message_type.full_name == DATE and not f.is_repeated]
    return plain, days, [f for f in descriptor.fields if f not in plain and f not in days]


def _fact_table(kind: FactKind) -> Table:
    fields = [_fact_column(field) for part in column_order(kind.facts.DESCRIPTOR) for field in part]
    return Table(f"f_{kind.name}", META, *_meta_columns(), *fields, info={"kind": kind})


@cache
def facts_table(facts: type[Message]) -> Table:
    """Return the fact table of a facts message; `.c.<field>` are its columns, a wrong name fails at import."""
    return FACT_TABLES[kind_of(facts).name]


def _population(name: str, *own: Column[Any]) -> Table:
    """Return a table of what the district profile says exists: counted like facts, though nobody records it."""
    return Table(
        f"pop_{name}",
        META,
        Column("_id", text(), primary_key=True),
        Column("_revision", BigInteger(), nullable=False),
        Column("office", text(), nullable=False),
        Column("deleted", Boolean(), nullable=False),
        *own,
        info={"population": name},
    )


FACT_TABLES: Mapping[str, Table] = {kind.name: _fact_table(kind) for kind in KINDS}

OFFICES = _population(
    "office",
    Column("kind", text(), nullable=False),
    Column("since", Date(), nullable=False, info={"masked": True}),
    Column("last_day", Date(), nullable=True, info={"masked": True}),
)
PLACES = _population(
    "place",
    Column("kind", text(), nullable=False),
    Column("since", Date(), nullable=False, info={"masked": True}),
    Column("last_day", Date(), nullable=True, info={"masked": True}),
)
OFFICE_MONTHS = _population(
    "office_month",
    # First and last day of the month, and the last day on which a report on it is in time.
    Column("month", Date(), nullable=False),
    Column("ended", Date(), nullable=False),
    Column("report_due", Date(), nullable=False),
)

FIGURE = Table(
    "figure",
    META,
    Column("period", text(), nullable=False),
    Column("unit", text(), nullable=False),
    Column("indicator", text(), nullable=False),
    Column("breakdown", text(), nullable=False),
    Column("key", text(), nullable=False),
    Column("n", BigInteger(), nullable=False),
    Column("total", BigInteger(), nullable=False),
)
UNIT = Table("unit", META, Column("code", text(), primary_key=True))
POSITION = Table(
    "position",
    META,
    Column("source", text(), primary_key=True),
    Column("epoch", BigInteger(), primary_key=True),
    # Every sequence that has been applied; more than one range means a gap.
    Column("seen", INT8MULTIRANGE(), nullable=False),
    Column("recorded", DateTime(timezone=True), nullable=False),
)
HEARD = Table(
    "heard",
    META,
    # By source and office the clock hours in which changes were recorded, and the last instant in each.
    Column("source", text(), primary_key=True),
    Column("office", text(), primary_key=True),
    Column("hour", DateTime(timezone=True), primary_key=True),
    Column("last", DateTime(timezone=True), nullable=False),
)
STATE = Table(
    "state",
    META,
    # One row: the date the figures are measured for, and a digest of the profile's offices and places.
    Column("one", Boolean(), primary_key=True),
    Column("as_of", Date(), nullable=True),
    Column("population", text(), nullable=False),
)
DEFINITION = Table(
    "definition",
    META,
    # What each indicator meant when the projection was made.
    Column("indicator", text(), primary_key=True),
    Column("digest", text(), nullable=False),
)
FIXED = (OFFICES, PLACES, OFFICE_MONTHS, UNIT, POSITION, HEARD, STATE, DEFINITION)
