"""A kind of record for tests only: notes, with personal fields, time limits and a transition."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import grpc_tools
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc
from sqlalchemy import ARRAY, Integer
from sqlmodel import Field

from services.chassis.crud import records
from services.chassis.domain import limits
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import ImpossibleTransition
from services.chassis.domain.rules import Rules
from services.chassis.kinds import Kind
from services.chassis.storage.records import RecordRow, record_indexes
from services.chassis.storage.store import Store
from services.chassis.work import Work, mutation

HERE = Path(__file__).parent
PROTO = HERE.parents[2] / "proto"
PACKAGE = "geju.testing.v1"


def _load() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "notes.bin"
        includes = [HERE, PROTO, PROTO / "vendor", Path(grpc_tools.__file__).parent / "_proto"]
        arguments = [f"-I{path}" for path in includes]
        if protoc.main(["protoc", *arguments, f"--descriptor_set_out={out}", str(HERE / "notes.proto")]):
            raise RuntimeError("notes.proto does not compile")
        files = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes())
    for file in files.file:
        descriptor_pool.Default().AddSerializedFile(file.SerializeToString())


def message(name: str) -> Any:
    """Return a message class of the package."""
    return message_factory.GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(f"{PACKAGE}.{name}"))


_load()
Note, NoteFacts, Person = message("Note"), message("NoteFacts"), message("Person")
CALM, TENSE = 1, 2
LIMIT = "note.close"


def request(rpc: str, /, **fields: Any) -> Any:
    """Return a request message of one of the services."""
    return message(f"{rpc}Request")(**fields)


class NoteRow(RecordRow, table=True):
    """A note with the columns it is listed by."""

    __tablename__ = "note"
    __table_args__ = record_indexes("note", "mood")

    mood: int
    person_count: int
    taken_date: date | None = None
    moods: list[int] = Field(sa_type=ARRAY(Integer))  # type: ignore[arg-type]


def to_facts(note: Any) -> Any:
    """Return a note's facts."""
    moods = [person.mood for person in note.persons]
    return NoteFacts(mood=note.mood, person_count=len(note.persons), taken_date=note.taken_date, moods=moods)


def check(new: Any, old: Any | None, rules: Rules) -> None:
    """Start the note's clock on the day it was taken."""
    day = to_date(new.taken_date)
    if old is None and day is not None and (limit := limits.start(rules.profile.limits, LIMIT, day)):
        new.limits.append(limit)


NOTE: Kind[Any] = Kind(
    name="note",
    collection="notes",
    message=Note,
    facts=NoteFacts,
    row=NoteRow,
    to_facts=to_facts,
    check=check,
    closed=lambda note: bool(note.closed),
)


@records(NOTE)
class NoteServicer:
    """Serves notes."""

    store: Store

    @mutation
    async def CloseNote(self, work: Work, request: Any) -> Any:
        """Close a note, and others with it."""
        for other in request.also:
            self._close(work, await work.load(NOTE, other))
        return self._close(work, await work.load(NOTE, request.name, request.etag))

    def _close(self, work: Work, note: Any) -> Any:
        if note.closed:
            raise ImpossibleTransition(state="已结", action="结案")
        note.closed = True
        limits.meet(note.limits[0], work.rules.today)
        return work.save(NOTE, note, "closed")
