"""What every column of a service's database has to do with persons: a new one that nobody has thought of fails a test.

What is held on a person is given out and erased through the records: by the person's file (SubjectService) or, in a
service that keeps none, by name or identity number (AuditService.GetSubjectRecords, EraseRecord). Everything else has
to say why it holds nothing personal; a personal field of a record that no search finds, why nobody is looked for by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.chassis.contract import has_personal, unsearched
from services.chassis.kinds import Kind

#: Given out with the record or the trail, or cleared when the record is erased.
GIVEN_OUT = "given out on request"
ERASED = "cleared by erasure"
BY_FILE = "given out by GetSubject, cleared by EraseSubject"
BY_SEARCH = "given out by GetSubjectRecords, cleared by EraseRecord"
IMPERSONAL = "no field of the record is personal by the contract"
FACT = "a fact: codes, dates, numbers and references by the contract"
_STAMP = "set by the service: ids, instants, counts, codes"

_RECORD: Mapping[str, str] = {
    **dict.fromkeys(("id", "office", "place", "revision", "deleted", "occurred", "recorded"), _STAMP),
    "actor": "the account of an employee who did their work",
    "key_hash": "keyed hash of the office's own number, which is no personal field",
    "facts": FACT,
    "digest": FACT,
    "hashes": ERASED,
    "next_due": _STAMP,
    "next_rule": _STAMP,
}
_SHARED: Mapping[str, Mapping[str, str]] = {
    "source": dict.fromkeys(("name", "epoch", "sequence", "audit_sequence", "audit_head"), _STAMP),
    "outbox": {
        **dict.fromkeys(
            ("id", "seq", "kind", "record_id", "revision", "epoch", "change", "office", "recorded"), _STAMP
        ),
        **dict.fromkeys(("facts_type", "collection", "traceparent"), _STAMP),
        "actor": _RECORD["actor"],
        "facts": FACT,
    },
    "audit": dict.fromkeys(
        ("id", "at", "actor", "roles", "method", "kind", "record_id", "revision", "office", "change"), GIVEN_OUT
    )
    | {"purpose": GIVEN_OUT, "reason": GIVEN_OUT, "digest": FACT},
    "audit_link": dict.fromkeys(("seq", "audit_id", "prev_hash", "hash"), "numbers and hashes over audit entries"),
    "request": {
        **dict.fromkeys(("request_id", "method", "recorded"), _STAMP),
        "subject": _RECORD["actor"],
        "request_hash": "hash over a whole request with its random id: nobody can be looked up by it",
        "response": ERASED,
    },
    "search_hash": {"record_id": ERASED, "hash": ERASED},
    "alembic_version": {"version_num": _STAMP},
}
# Not information_schema.columns: it shows an account only what the account may read.
_COLUMNS = """
SELECT relname AS table_name, attname AS column_name
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0 AND NOT attisdropped
    AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_toast'
ORDER BY relname, attnum
"""


async def unclassified(connection: Any, kinds: Iterable[Kind[Any]], more: Mapping[str, str] | None = None) -> list[str]:
    """Return the columns ("table.column") of a database of which nobody has said what they have to do with persons.

    `kinds` are the service's, its funds among them; `more` gives the reasons for what is the service's own, by
    "table.column". A personal field that no search finds is named as one, "table.body.field", unless the reason is
    given for the whole body. A reason for a column that is not there, or needs none, is returned too.
    """
    known = dict(_classified(kinds))
    own = dict(more or {})
    there = [f"{row['table_name']}.{row['column_name']}" for row in await connection.fetch(_COLUMNS)]
    there += [field for field in _unfound(kinds) if f"{field.partition('.body.')[0]}.body" not in own]
    idle = [column for column in own if column in known or column not in there]
    return [column for column in there if column not in known and column not in own] + idle


def _classified(kinds: Iterable[Kind[Any]]) -> Iterator[tuple[str, str]]:
    for table, columns in _SHARED.items():
        yield from ((f"{table}.{column}", reason) for column, reason in columns.items())
    for kind in kinds:
        table, facts = str(kind.row.__tablename__), kind.facts.DESCRIPTOR.fields_by_name
        yield from ((f"{table}.{column}", reason) for column, reason in _RECORD.items())
        yield from ((f"{table}.{column}", FACT) for column in kind.row.model_fields if column in facts)
        if body := _body(kind):
            yield f"{table}.body", body


def _unfound(kinds: Iterable[Kind[Any]]) -> list[str]:
    """Return the personal fields by which a record is not found: somebody else's name among them, perhaps."""
    return [f"{kind.row.__tablename__}.body.{path}" for kind in kinds for path in unsearched(kind.message.DESCRIPTOR)]


def _body(kind: Kind[Any]) -> str:
    """Return what is done with the record itself; empty when nothing leads from a person to it."""
    if not has_personal(kind.message.DESCRIPTOR):
        return IMPERSONAL
    if kind.is_person or kind.subject_fields:
        return BY_FILE
    return BY_SEARCH if kind.is_searchable else ""
