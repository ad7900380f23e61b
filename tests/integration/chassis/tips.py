"""A kind for tests only: tips about one's own people, the sealed ones for discipline inspection alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlmodel import Field

from services.chassis.crud import records
from services.chassis.domain.references import uuid_of
from services.chassis.kinds import Kind
from services.chassis.storage.records import RecordRow, record_indexes
from services.chassis.storage.store import Store
from tests.integration.chassis.notes import check, message

Tip, TipFacts = message("Tip"), message("TipFacts")


class TipRow(RecordRow, table=True):
    """A tip."""

    __tablename__ = "tip"
    __table_args__ = record_indexes("tip")

    sealed: bool
    client: str = Field(sa_type=Text)


def to_facts(tip: Any) -> Any:
    """Return a tip's facts."""
    return TipFacts(sealed=tip.sealed, client=uuid_of(tip.client))


TIP: Kind[Any] = Kind(
    name="tip",
    collection="tips",
    message=Tip,
    facts=TipFacts,
    row=TipRow,
    to_facts=to_facts,
    check=check,
)


@records(TIP)
class TipServicer:
    """Serves tips."""

    store: Store
