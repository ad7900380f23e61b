"""SubjectService: all that is held on a person in one answer, and its erasure."""

from __future__ import annotations

from typing import Any

import uuid_utils
from geju.common.v1 import subject_service_pb2 as pb
from geju.common.v1 import subject_service_pb2_grpc

from services.chassis import audit
from services.chassis.audit_service import entry_message
from services.chassis.context import current
from services.chassis.contract import erase
from services.chassis.domain.errors import ReasonRequired
from services.chassis.persons import Held, check_erasable, held_on
from services.chassis.reads import stated_purpose
from services.chassis.requests import FORGET_ANSWERS
from services.chassis.storage.codec import present
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.storage.store import Store
from services.chassis.work import Work, mutation


class SubjectServicer(subject_service_pb2_grpc.SubjectServiceServicer):
    """Answers for one service what it holds on a person, and erases it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def GetSubject(self, request: Any, context: Any = None) -> pb.GetSubjectResponse:
        """Return everything, each record audited as read in the transaction in which it was found."""
        del context
        call, rules = current(), self.store.rules()
        purpose = stated_purpose(call, request.purpose)
        async with self.store.lend(EVERYTHING) as loan, loan.connection.transaction():
            connection = loan.connection
            found = await held_on(self.store, connection, request.name, call.caller.roles)
            trail = await audit.about(connection, [held.row["id"] for held in found])
            head = (rules.now, call.caller.subject, ",".join(sorted(call.caller.roles)), call.method)
            entries = [
                (uuid_utils.uuid7(), *head, *_what(held), "read", purpose, "", held.row["digest"]) for held in found
            ]
            await audit.write(connection, entries)
        records = [_message(held, present(held.kind, held.record, rules)) for held in found]
        return pb.GetSubjectResponse(records=records, audit_entries=[entry_message(self.store, row) for row in trail])

    @mutation
    async def EraseSubject(self, work: Work, request: Any) -> pb.EraseSubjectResponse:
        """Clear the personal fields of everything, and the answers that repeated them."""
        if len(request.reason.strip()) < 2:
            raise ReasonRequired("reason")
        await work.expect_new_request()
        async with work.seeing(EVERYTHING) as connection:
            found = await held_on(self.store, connection, request.name, work.caller.roles)
        for held in found:
            check_erasable(held.kind, held.record, deleted=held.row["deleted"])
        erased = 0
        for held in found:
            record, row = await work.load_row(held.kind, held.record.name)
            if erase(record):
                work.rewrite(held.kind, record, row, "erased")
                erased += 1
        await connection.execute(FORGET_ANSWERS, [held.row["id"].bytes for held in found])
        return pb.EraseSubjectResponse(erased=erased)


def _what(held: Held) -> tuple[Any, ...]:
    return held.kind.name, held.row["id"], 0, held.row["office"]


def _message(held: Held, record: Any) -> pb.SubjectRecord:
    message = pb.SubjectRecord(collection=held.kind.collection, label=held.kind.zh, deleted=held.row["deleted"])
    message.record.Pack(record)
    return message
