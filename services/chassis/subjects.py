"""What is held on a person in a service, found through the keyed hashes of what was written about them."""

from __future__ import annotations

from typing import Any

import uuid_utils
from geju.common.v1 import audit_service_pb2 as pb
from google.protobuf.json_format import MessageToJson

from services.chassis import audit
from services.chassis.context import Call
from services.chassis.kinds import Kind
from services.chassis.reads import scope
from services.chassis.storage.codec import present, unseal
from services.chassis.storage.scopes import in_scope, terms
from services.chassis.storage.statements import RECORD
from services.chassis.storage.store import Store


async def subject_records(store: Store, call: Call, value: str, purpose: str) -> pb.GetSubjectRecordsResponse:
    """Return every record with a personal value, deleted ones too; audit each as read, or the search if none is."""
    response, rules = pb.GetSubjectRecordsResponse(), store.rules()
    entries: list[tuple[Any, ...]] = []
    head = (rules.now, call.caller.subject, ",".join(sorted(call.caller.roles)), call.method)
    where = scope(call)
    async with store.lend(where) as loan, loan.connection.transaction():
        for kind in store.kinds:
            if not kind.is_searchable:
                continue
            for row in await loan.connection.fetch(_query(kind), store.crypto.search_hash(value), terms(where)):
                record = present(kind, unseal(kind, row, row["id"], store.crypto), rules)
                response.records.append(_subject_record(record))
                entries.append((*head, kind.name, row["id"], 0, row["office"], "read", purpose, "", row["digest"]))
        if not entries:
            entries.append((*head, "", None, 0, "", "read", purpose, "", b""))
        await audit.write(loan.connection, [(uuid_utils.uuid7(), *entry) for entry in entries])
    return response


def _query(kind: Kind[Any]) -> str:
    return (
        f"SELECT r.id, r.office, r.digest, {RECORD} FROM {kind.row.__tablename__} r "  # noqa: S608 (names of the models)
        f"WHERE r.id IN (SELECT record_id FROM search_hash WHERE hash = $1) AND {in_scope(kind, '$2')} "
        "ORDER BY r.id"
    )


def _subject_record(record: Any) -> pb.GetSubjectRecordsResponse.SubjectRecord:
    json = MessageToJson(record, ensure_ascii=False, indent=None)
    return pb.GetSubjectRecordsResponse.SubjectRecord(name=record.name, type=record.DESCRIPTOR.full_name, json=json)
