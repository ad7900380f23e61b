"""Reading records for an answer: scope, purpose, and the audit entry in the same statement as the read."""

# Statements are built of names of the models and literals of this file; every value is a parameter.
# ruff: noqa: S608

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import uuid_utils
from google.protobuf.message import Message
from sqlalchemy import ColumnElement

from services.chassis.context import Call, current
from services.chassis.contract import method
from services.chassis.domain.errors import NotFound
from services.chassis.domain.rules import Rules
from services.chassis.kinds import Kind
from services.chassis.paging import make_token, page_size, query_of, read_token
from services.chassis.query import filter_conditions, select_rows
from services.chassis.storage.codec import present, unseal
from services.chassis.storage.engine import EVERYWHERE, is_lost, scope_of
from services.chassis.storage.statements import RECORD
from services.chassis.storage.store import Store

M = TypeVar("M", bound=Message)
#: The purpose of a reader who names none: handling the case.
HANDLING = "办理"
_ENTRY = "id, at, actor, roles, method, kind, record_id, revision, office, change, purpose, reason, digest"


def scope(call: Call) -> str:
    """Return the scope of a call: the caller's offices, every office for a district-wide method."""
    return EVERYWHERE if method(call.method).district else scope_of(call.caller.offices)


def offices(call: Call) -> list[str] | None:
    """Return the offices to filter by; None: every office."""
    return None if scope(call) == EVERYWHERE else sorted(call.caller.offices)


def present_answer(store: Store, answer: Message, rules: Rules) -> Message:
    """Fill in the limits' states when the answer is a record."""
    kind = store.by_type.get(answer.DESCRIPTOR.full_name)
    return answer if kind is None else present(kind, answer, rules)


async def read_record(store: Store, kind: Kind[M], name: str, purpose: str = "") -> M:
    """Return a record as of today, the read audited where the method reads persons. Raises NotFound."""
    call, record_id, rules = current(), kind.record_id(name), store.rules()
    audited = bool(method(call.method).access.reads_person)
    params = [record_id, offices(call), *(_entry(call, rules, kind, purpose) if audited else ())]
    rows = await _fetch(store, scope(call), _read_one(kind, audited=audited), params)
    if not rows:
        raise NotFound("name", name=name)
    record: M = present(kind, unseal(kind, rows[0], record_id, store.crypto), rules)
    return record


async def read_page(
    store: Store, kind: Kind[M], request: Any, extra: Iterable[ColumnElement[bool]] = ()
) -> tuple[list[M], str]:
    """Return a page of the records that a List request asks for and the next page's token, "" on the last.

    Raises BadPageToken, UnknownOffice, InvalidField.
    """
    call, rules, size = current(), store.rules(), page_size(request)
    if request.filter.office:
        store.profile.office(request.filter.office)
    query = query_of(request, scope(call))
    position = read_token(store.crypto, query, request.page_token)
    conditions = [*filter_conditions(kind, request.filter, store.crypto), *extra]
    after = UUID(position[0]) if position else None
    sql, params = select_rows(kind, conditions, offices(call), limit=size + 1, after=after)
    if method(call.method).access.reads_person:
        purpose = getattr(request, "purpose", "")
        sql = _with_entry(sql, len(params) + 1, one=False) + " ORDER BY id DESC"
        params += _entry(call, rules, kind, purpose)
    rows = await _fetch(store, scope(call), sql, params)
    page = rows[:size]
    token = make_token(store.crypto, query, [str(page[-1]["id"])]) if len(rows) > size else ""
    return [present(kind, unseal(kind, row, row["id"], store.crypto), rules) for row in page], token


async def audit_read(store: Store, kind: Kind[Any] | None, purpose: str, found: Iterable[UUID] = ()) -> None:
    """Write the audit entry of a read that `read_record` and `read_page` did not make."""
    entry = _entry(current(), store.rules(), kind, purpose)
    digest = hashlib.sha256(b"".join(record_id.bytes for record_id in found)).digest()[:16]
    values = [*entry[:6], None, 0, "", "read", entry[6], "", digest]
    marks = ", ".join(f"${i}" for i in range(1, len(values) + 1))
    await _fetch(store, EVERYWHERE, f"INSERT INTO audit ({_ENTRY}) VALUES ({marks})", values)


def _entry(call: Call, rules: Rules, kind: Kind[Any] | None, purpose: str) -> list[Any]:
    roles = ",".join(sorted(call.caller.roles))
    why = purpose or call.purpose or HANDLING
    name = "" if kind is None else kind.name
    return [uuid_utils.uuid7(), rules.now, call.caller.subject, roles, call.method, name, why]


@cache
def _read_one(kind: Kind[Any], *, audited: bool) -> str:
    record = (
        f"SELECT r.id, r.office, r.digest, {RECORD} FROM {kind.row.__tablename__} r "
        "WHERE id = $1 AND NOT deleted AND ($2::text[] IS NULL OR office = ANY($2::text[]))"
    )
    return _with_entry(record, 3, one=True) if audited else record


def _with_entry(sql: str, first: int, *, one: bool) -> str:
    """Add the audit entry to a query: of the record it finds, or of the list as a whole."""
    types = ("uuid", "timestamptz", "text", "text", "text", "text", "text")
    p = [f"${first + i}::{type_}" for i, type_ in enumerate(types)]
    record, digest, source = ("id, 0, office", "digest", " FROM r") if one else ("NULL::uuid, 0, ''", "''::bytea", "")
    values = f"{', '.join(p[:6])}, {record}, 'read', {p[6]}, '', {digest}"
    return f"WITH r AS ({sql}), a AS (INSERT INTO audit ({_ENTRY}) SELECT {values}{source}) SELECT * FROM r"


async def _fetch(store: Store, where: str, sql: str, params: list[Any]) -> list[Any]:
    try:
        async with store.lend(where) as loan:
            return await loan.connection.fetch(sql, *params)  # type: ignore[no-any-return]
    except Exception as error:
        if not is_lost(error):
            raise
    async with store.lend(where) as loan:  # once more: the server may have been restarted
        return await loan.connection.fetch(sql, *params)  # type: ignore[no-any-return]
