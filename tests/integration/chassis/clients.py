"""Kinds for tests only: clients, each a person's file, read for a purpose, some sealed or of two offices; visits."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Text
from sqlmodel import Field

from services.chassis.crud import records
from services.chassis.domain.references import uuid_of
from services.chassis.facts import copied
from services.chassis.kinds import Kind
from services.chassis.storage.records import RecordRow, record_indexes
from services.chassis.storage.store import Store
from tests.integration.chassis.notes import check, message

Client, ClientFacts = message("Client"), message("ClientFacts")
Visit, VisitFacts = message("Visit"), message("VisitFacts")


class ClientRow(RecordRow, table=True):
    """A client."""

    __tablename__ = "client"
    __table_args__ = record_indexes("client", "second_office")

    taken_date: date | None = None
    sealed: bool
    second_office: str = Field(sa_type=Text)
    earlier: str = Field(sa_type=Text)


class VisitRow(RecordRow, table=True):
    """A visit."""

    __tablename__ = "visit"
    __table_args__ = record_indexes("visit")

    clients: list[str] = Field(sa_type=ARRAY(Text))  # type: ignore[arg-type]
    sealed: bool


def to_facts(client: Any) -> Any:
    """Return a client's facts."""
    return copied(client, ClientFacts(earlier=uuid_of(client.earlier)), "taken_date", "sealed", "second_office")


def visit_facts(visit: Any) -> Any:
    """Return a visit's facts."""
    return VisitFacts(clients=map(uuid_of, visit.clients), sealed=visit.sealed)


CLIENT: Kind[Any] = Kind(
    name="client",
    collection="clients",
    message=Client,
    facts=ClientFacts,
    row=ClientRow,
    to_facts=to_facts,
    check=check,
)


VISIT: Kind[Any] = Kind(
    name="visit",
    collection="visits",
    message=Visit,
    facts=VisitFacts,
    row=VisitRow,
    to_facts=visit_facts,
)


@records(CLIENT)
class ClientServicer:
    """Serves clients."""

    store: Store


@records(VISIT)
class VisitServicer:
    """Serves visits."""

    store: Store
