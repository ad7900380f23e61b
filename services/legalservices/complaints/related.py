"""Repeated complaints: those about the same respondent, shown together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import complaint_service_pb2 as rpc
from sqlalchemy import ARRAY, any_, literal

from services.chassis.context import current
from services.chassis.crypto import normalise
from services.chassis.domain.references import uuid_of
from services.chassis.guards import ALL
from services.chassis.query import select_rows, table_of
from services.chassis.reads import read_page, read_record, scope
from services.chassis.storage.codec import unseal
from services.chassis.storage.scopes import terms
from services.chassis.storage.store import Store
from services.legalservices.complaints.kinds import COMPLAINT

#: More than anybody reads at once.
_MOST = 200


async def related(store: Store, name: str, purpose: str) -> Sequence[pb.Complaint]:
    """Return the complaints about the respondent of one, itself included, newest first; each is audited as read.

    Raises NotFound, PurposeRequired.
    """
    complaint = await read_record(store, COMPLAINT, name, purpose)
    columns = table_of(COMPLAINT).c
    where: Any
    if complaint.practitioner:
        where = columns.practitioner == uuid_of(complaint.practitioner)
    elif complaint.firm and not complaint.respondent_name:
        where = (columns.firm == uuid_of(complaint.firm)) & (columns.practitioner == "")
    else:
        same = literal(await _same_name(store, complaint), ARRAY(columns.id.type))
        where = columns.id == any_(same)
    request = rpc.ListComplaintsRequest(page_size=_MOST, purpose=purpose)
    request.filter.respondent_kind = complaint.respondent_kind
    page, _ = await read_page(store, COMPLAINT, request, [where])
    return page


async def _same_name(store: Store, complaint: pb.Complaint) -> list[Any]:
    """Return the ids of complaints about somebody in no register who is called the same, in the caller's scope."""
    seen = scope(current())
    columns = {"respondent_kind": complaint.respondent_kind, "practitioner": ""}
    sql, params = select_rows(COMPLAINT, columns, terms(seen), limit=ALL)
    async with store.lend(seen) as loan:
        rows = await loan.connection.fetch(sql, *params)
    found = [(row["id"], unseal(COMPLAINT, row, row["id"], store.crypto)) for row in rows]
    own = COMPLAINT.record_id(complaint.name)
    return [id_ for id_, other in found if id_ == own or (_called(other) and _called(other) == _called(complaint))]


def _called(complaint: pb.Complaint) -> tuple[str, ...]:
    """Return what an unregistered respondent is known by; empty when by nothing."""
    if complaint.respondent_kind == pb.RESPONDENT_KIND_JUDICIAL_OFFICE:
        return (complaint.respondent_office,) if complaint.respondent_office else ()
    return (normalise(complaint.respondent_name),) if complaint.respondent_name else ()
