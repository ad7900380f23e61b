"""AuditService: the trail and its proof, what is held on a person, erasure."""

from __future__ import annotations

from collections.abc import Container
from typing import Any
from uuid import UUID

from geju.common.v1 import audit_service_pb2 as pb
from geju.common.v1 import audit_service_pb2_grpc

from services.chassis import audit
from services.chassis.audit_heads import head_of
from services.chassis.context import current
from services.chassis.contract import erase
from services.chassis.domain.errors import InvalidField, ReasonRequired
from services.chassis.kinds import kind_of
from services.chassis.paging import make_token, page_size, query_of, read_token
from services.chassis.persons import check_erasable
from services.chassis.reads import stated_purpose
from services.chassis.requests import FORGET_ANSWERS
from services.chassis.storage.scopes import EVERYTHING, EVERYWHERE
from services.chassis.storage.store import Store
from services.chassis.subjects import subject_records
from services.chassis.work import Work, mutation

_FIRST = UUID(int=0)


class AuditServicer(audit_service_pb2_grpc.AuditServiceServicer):
    """Serves the audit trail of one service and the rights of the persons in its records."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def ListAuditEntries(self, request: Any, context: Any = None) -> pb.ListAuditEntriesResponse:
        """Return audit entries in the order of their making, a page at a time; of what the caller may see."""
        del context
        size, query = page_size(request), query_of(request, EVERYWHERE)
        position = read_token(self.store.crypto, query, request.page_token)
        kind = kind_of(self.store.kinds, request.record) if request.record else None
        wanted = (kind.name, kind.record_id(request.record)) if kind else None
        hidden = _sealed_tables(self.store, current().caller.roles)
        async with self.store.lend(EVERYTHING) as loan:
            after = UUID(position[0]) if position else _FIRST
            rows = await audit.entries(loan.connection, after, size + 1, wanted, hidden=hidden)
        page = rows[:size]
        token = make_token(self.store.crypto, query, [str(page[-1]["id"])]) if len(rows) > size else ""
        return pb.ListAuditEntriesResponse(
            entries=[entry_message(self.store, row) for row in page], next_page_token=token
        )

    async def VerifyAudit(self, request: Any, context: Any = None) -> pb.VerifyAuditResponse:
        """Recompute the chain and say where it is broken, and whether it contains heads that were kept."""
        del context
        heads = {_kept(self.store.source, head) for head in request.heads}
        async with self.store.lend(EVERYWHERE) as loan:
            found = await audit.verify(loan.connection, self.store.source, heads)
        return pb.VerifyAuditResponse(
            intact=not found.broken_at,
            entries=found.entries,
            broken_at=found.broken_at,
            problem=found.problem,
            head=found.head.hex(),
            fault=found.fault,
            unlinked=found.unlinked,
            heads_contained=found.contained,
        )

    async def GetAuditHead(self, request: Any, context: Any = None) -> pb.GetAuditHeadResponse:
        """Return the head of the chain, signed where there is a key."""
        del request, context
        async with self.store.lend(EVERYWHERE) as loan:
            sequence, last = await audit.head(loan.connection, self.store.source)
        head = head_of(self.store.source, sequence, last, self.store.clock.now())
        if self.store.signer is not None:
            self.store.signer.sign(head)
        return pb.GetAuditHeadResponse(head=head)

    async def GetSubjectRecords(self, request: Any, context: Any = None) -> pb.GetSubjectRecordsResponse:
        """Return every record that mentions a person."""
        del context
        purpose = stated_purpose(current(), request.purpose)
        value = request.identity_number.strip() or request.person_name.strip()
        if not value:
            raise InvalidField("identity_number", expected="请填写证件号码或姓名")
        return await subject_records(self.store, current(), value, purpose)

    @mutation
    async def EraseRecord(self, work: Work, request: Any) -> pb.EraseRecordResponse:
        """Clear the personal fields of a record, deleted or not, and the answers that repeated them."""
        if len(request.reason.strip()) < 2:
            raise ReasonRequired("reason")
        kind = kind_of(self.store.kinds, request.name)
        record, row = await work.load_row(kind, request.name, request.etag)
        check_erasable(kind, record, deleted=row["deleted"])
        erase(record)
        work.rewrite(kind, record, row, "erased")
        await work.begin()
        await (await work.connection()).execute(FORGET_ANSWERS, [kind.record_id(request.name).bytes])
        return pb.EraseRecordResponse(revision=record.revision)


def _kept(source: str, head: pb.AuditHead) -> tuple[int, bytes]:
    """Return a head as it stands in the chain. Errors: InvalidField (another's, no hash)."""
    try:
        found = head.sequence, bytes.fromhex(head.hash)
    except ValueError:
        raise InvalidField("heads", expected="链头的摘要应为十六进制") from None
    if head.source != source:
        raise InvalidField("heads", expected=f"此服务的链头,来源为 {source}")
    return found


def _sealed_tables(store: Store, roles: Container[str]) -> list[str]:
    """Return the tables of kinds whose sealed records are not for these roles."""
    hiding = (kind for kind in store.kinds if kind.has_sealed and kind.sealed_for not in roles)
    return [str(kind.row.__tablename__) for kind in hiding]


def entry_message(store: Store, row: Any) -> pb.AuditEntry:
    """Return an entry of the trail as the contract has it."""
    collections = {kind.name: kind.collection for kind in store.kinds}
    entry = pb.AuditEntry(
        sequence=row["seq"],
        actor=row["actor"],
        method=row["method"],
        record=f"{collections.get(row['kind'], row['kind'])}/{row['record_id']}" if row["record_id"] else "",
        revision=row["revision"],
        change=row["change"],
        purpose=row["purpose"],
        reason=row["reason"],
        roles=row["roles"].split(",") if row["roles"] else [],
        office=row["office"],
        hash=row["hash"].hex() if row["hash"] else "",
    )
    entry.time.FromDatetime(row["at"])
    return entry
