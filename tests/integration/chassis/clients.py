"""A kind of record for tests only: clients, each a person's file, read for a purpose, some sealed or of two offices."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Text
from sqlmodel import Field

from services.chassis.crud import records
from services.chassis.facts import copied
from services.chassis.kinds import Kind
from services.chassis.storage.records import RecordRow, record_indexes
from services.chassis.storage.store import Store
from tests.integration.chassis.notes import check, message

Client, ClientFacts = message("Client"), message("ClientFacts")


class ClientRow(RecordRow, table=True):
    """A client."""

    __tablename__ = "client"
    __table_args__ = record_indexes("client", "second_office")

    taken_date: date | None = None
    sealed: bool
    second_office: str = Field(sa_type=Text)


def to_facts(client: Any) -> Any:
    """Return a client's facts."""
    return copied(client, ClientFacts(), "taken_date", "sealed", "second_office")


CLIENT: Kind[Any] = Kind(
    name="client",
    collection="clients",
    message=Client,
    facts=ClientFacts,
    row=ClientRow,
    to_facts=to_facts,
    check=check,
)


@records(CLIENT)
class ClientServicer:
    """Serves clients."""

    store: Store
