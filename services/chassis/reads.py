"""Reading records for an answer: scope, purpose, and the audit entry in the same statement as the read."""

# Statements are built of names of the models and literals of this file; every value is a parameter.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import uuid_utils
from google.protobuf.message import Message
from sqlalchemy import ColumnElement

from services.chassis import audit
from services.chassis.context import Call, Caller, current
from services.chassis.contract import method
from services.chassis.crypto import normalise
from services.chassis.domain.errors import NotFound, PurposeRequired
from services.chassis.domain.rules import Rules
from services.chassis.kinds import Kind
from services.chassis.paging import make_token, page_size, query_of, read_token
from services.chassis.query import filter_conditions, found_by, none_of, select_rows
from services.chassis.storage.codec import present, unseal
from services.chassis.storage.engine import is_lost
from services.chassis.storage.scopes import in_scope, scope_of, terms
from services.chassis.storage.statements import RECORD
from services.chassis.storage.store import Store
from services.chassis.trail_words import check_words

M = TypeVar("M", bound=Message)
#: The purpose of a reader who names none where none is asked for: handling the case.
HANDLING = "办理"
#: Fewer characters than this say nothing.
MIN_PURPOSE = 2
#: More records than there are.
_EVERY = 2**31


def scope(call: Call) -> str:
    """Return the scope of a call: the caller's offices, every office for a district-wide method."""
    return scope_of(call.caller, district=method(call.method).district)


def present_answer(store: Store, answer: Message, rules: Rules) -> Message:
    """Fill in the limits' states when the answer is a record."""
    kind = store.by_type.get(answer.DESCRIPTOR.full_name)
    return answer if kind is None else present(kind, answer, rules)


def records_in(store: Store, answer: Any) -> list[UUID]:
    """Return the ids of the records that an answer is or holds."""
    own = store.by_type.get(answer.DESCRIPTOR.full_name)
    if own is not None:
        return [own.record_id(answer.name)]
    held: list[tuple[Kind[Any], Any]] = [
        (store.by_type[field.message_type.full_name], value)
        for field, value in answer.ListFields()
        if field.message_type is not None and field.message_type.full_name in store.by_type
    ]
    return [
        kind.record_id(record.name)
        for kind, value in held
        for record in (value if isinstance(value, Sequence) else (value,))
    ]


async def read_record(store: Store, kind: Kind[M], name: str, purpose: str = "") -> M:
    """Return a record as of today, audited where the method reads persons. Raises NotFound, PurposeRequired."""
    call, record_id, rules = current(), kind.record_id(name), store.rules()
    why = purpose_of(call, kind, purpose)
    audited = bool(method(call.method).access.reads_person)
    params = [record_id, terms(scope(call)), *(_entry(call, rules, kind, why, 1) if audited else ())]
    rows = await _fetch(store, scope(call), _read_one(kind, audited=audited), params)
    if not rows:
        raise NotFound("name", name=name)
    record: M = present(kind, unseal(kind, rows[0], record_id, store.crypto), rules)
    return _shown(kind, record, call.caller)


async def read_page(
    store: Store, kind: Kind[M], request: Any, extra: Iterable[ColumnElement[bool]] = ()
) -> tuple[list[M], str]:
    """Return a page of the records that a List request asks for and the next page's token, "" on the last.

    Raises BadPageToken, UnknownOffice, InvalidField, PurposeRequired.
    """
    call, rules, size = current(), store.rules(), page_size(request)
    why = purpose_of(call, kind, getattr(request, "purpose", ""))
    if request.filter.office:
        store.profile.office(request.filter.office)
    query = query_of(request, scope(call))
    position = read_token(store.crypto, query, request.page_token)
    conditions = [*filter_conditions(kind, request.filter, store.crypto), *extra]
    if kind.of_own_office and not call.caller.everywhere:
        conditions += await _withheld(store, kind, request.filter, call)
    after = UUID(position[0]) if position else None
    sql, params = select_rows(kind, conditions, terms(scope(call)), limit=size + 1, after=after)
    if method(call.method).access.reads_person:
        sql = _with_entries(sql, len(params) + 1, searched=True) + " ORDER BY id DESC"
        params += _entry(call, rules, kind, why, size)
    rows = await _fetch(store, scope(call), sql, params)
    page = rows[:size]
    token = make_token(store.crypto, query, [str(page[-1]["id"])]) if len(rows) > size else ""
    found = (present(kind, unseal(kind, row, row["id"], store.crypto), rules) for row in page)
    return [_shown(kind, record, call.caller) for record in found], token


def _is_own(kind: Kind[Any], record: Any, caller: Caller) -> bool:
    return caller.sees(record.office) or caller.sees(kind.second_office(record))


def _shown(kind: Kind[M], record: M, caller: Caller) -> M:
    """Return a record as the caller may see it: of another office without what only the record's own is shown."""
    if kind.of_own_office and not _is_own(kind, record, caller):
        for field in kind.of_own_office:
            record.ClearField(field)
    return record


async def _withheld(store: Store, kind: Kind[Any], wanted: Any, call: Call) -> list[ColumnElement[bool]]:
    """Return the condition that no other office's record is found by what is not shown of it.

    A hash does not tell in which field its value stands: who looks for a telephone as if it were a name must find
    nobody either, nor learn from the next page's token that there is somebody.
    """
    exact = {f.name.removesuffix("_exact"): v for f, v in wanted.ListFields() if f.name.endswith("_exact")}
    if not exact:
        return []
    matches = [found_by(kind, store.crypto.search_hash(value)) for value in exact.values()]
    sql, params = select_rows(kind, matches, terms(scope(call)), limit=_EVERY)
    rows = await _fetch(store, scope(call), sql, params)
    records = [(row["id"], unseal(kind, row, row["id"], store.crypto)) for row in rows]
    public = exact.keys() - set(kind.of_own_office)
    hidden = [
        record_id
        for record_id, record in records
        if not _is_own(kind, record, call.caller)
        and any(name not in public or normalise(getattr(record, name, "")) != normalise(v) for name, v in exact.items())
    ]
    return [none_of(kind, hidden)] if hidden else []


def purpose_of(call: Call, kind: Kind[Any], purpose: str) -> str:
    """Return why a record is read, as the request or the call says.

    Raises PurposeRequired where it must be said, PersonalWords.
    """
    if kind.needs_purpose:
        return stated_purpose(call, purpose)
    why = (purpose or call.purpose).strip()
    check_words("purpose", why)
    return why or HANDLING


def stated_purpose(call: Call, purpose: str) -> str:
    """Return the purpose that a request or its call states. Raises PurposeRequired, PersonalWords."""
    why = (purpose or call.purpose).strip()
    if len(why) < MIN_PURPOSE:
        raise PurposeRequired("purpose")
    check_words("purpose", why)
    return why


def _entry(call: Call, rules: Rules, kind: Kind[Any], why: str, count: int) -> list[Any]:
    roles = ",".join(sorted(call.caller.roles))
    ids = [uuid_utils.uuid7() for _ in range(count)]
    return [ids, rules.now, call.caller.subject, roles, call.method, kind.name, why]


@cache
def _read_one(kind: Kind[Any], *, audited: bool) -> str:
    record = (
        f"SELECT r.id, r.office, r.digest, {RECORD} FROM {kind.row.__tablename__} r "
        f"WHERE id = $1 AND NOT deleted AND {in_scope(kind, '$2')}"
    )
    return _with_entries(record, 3, searched=False) if audited else record


def _with_entries(sql: str, first: int, *, searched: bool) -> str:
    """Add audit entries to a query, one for each record given out; `searched`: one also when nothing is found.

    There are as many ids for entries as records are given out: the one more that tells of a next page has none.
    """
    types = ("uuid[]", "timestamptz", "text", "text", "text", "text", "text")
    ids, *given, purpose = [f"${first + i}::{type_}" for i, type_ in enumerate(types)]
    record = "found.id, 0, coalesce(found.office, ''), 'read'"
    values = f"entry.id, {', '.join(given)}, {record}, {purpose}, '', coalesce(found.digest, ''::bytea)"
    found = "(SELECT id, office, digest, row_number() OVER (ORDER BY id DESC) AS place FROM r) AS found"
    source = f"unnest({ids}) WITH ORDINALITY AS entry (id, place) LEFT JOIN {found} USING (place)"
    kept = "found.id IS NOT NULL" + (" OR place = 1" if searched else "")
    insert = f"INSERT INTO audit ({audit.ENTRY}) SELECT {values} FROM {source} WHERE {kept}"
    return f"WITH r AS ({sql}), a AS ({insert}) SELECT * FROM r"


async def _fetch(store: Store, where: str, sql: str, params: list[Any]) -> list[Any]:
    try:
        async with store.lend(where) as loan:
            return await loan.connection.fetch(sql, *params)  # type: ignore[no-any-return]
    except Exception as error:
        if not is_lost(error):
            raise
    async with store.lend(where) as loan:  # once more: the server may have been restarted
        return await loan.connection.fetch(sql, *params)  # type: ignore[no-any-return]
