"""A kind of record for tests only: clients, each one person's file, read for a purpose, some of them sealed."""

from __future__ import annotations

from datetime import date
from typing import Any

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
    __table_args__ = record_indexes("client")

    taken_date: date | None = None
    sealed: bool


def to_facts(client: Any) -> Any:
    """Return a client's facts."""
    return copied(client, ClientFacts(), "taken_date", "sealed")


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
