"""One effect and one answer for each request: atomic, repeatable, guarded by revisions."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from geju.common.v1 import limit_pb2

from services.chassis.domain.dates import from_date
from services.chassis.domain.errors import (
    FutureDate,
    ImpossibleTransition,
    InvalidField,
    KeyTaken,
    MissingRequestId,
    NotFound,
    RequestIdReused,
    RuleError,
    StaleEtag,
    UnknownEnumValue,
    UnknownOffice,
    UnknownPlace,
)
from services.chassis.validation import InvalidRequest
from tests.integration.chassis import notes
from tests.integration.chassis.conftest import CLERK, Bench, create, rid
from tests.integration.chassis.notes import NoteFacts, request

NOTHING = {"note": 0, "fund_entry": 0, "audit": 0, "outbox": 0, "request": 0}
ONE = {"note": 1, "fund_entry": 0, "audit": 1, "outbox": 1, "request": 1}


def close(note: Any, **fields: Any) -> Any:
    """Return a request that closes a note."""
    return request("CloseNote", **{"name": note.name, "request_id": rid(), **fields})


async def test_creating_writes_everything_once(bench: Bench) -> None:
    """A created record has its row, audit entry, outbox row and stored answer."""
    person = {"person_name": "张某某", "identity_number": "110000000000000000", "mood": notes.TENSE}
    note = await bench.note(persons=[person], key="N-1")
    assert await bench.counts() == ONE
    assert (note.etag, note.revision, note.occurred_date) == ("1", 1, from_date(bench.store.rules().today))
    assert note.limits[0].state == limit_pb2.LIMIT_STATE_RUNNING
    row = (await bench.rows("SELECT * FROM note"))[0]
    outbox = (await bench.rows("SELECT * FROM outbox"))[0]
    audit = (await bench.rows("SELECT * FROM audit"))[0]
    facts = NoteFacts.FromString(outbox["facts"])
    assert (facts.office, facts.person_count, list(facts.moods)) == ("north", 1, [notes.TENSE])
    assert (row["mood"], row["moods"], row["next_rule"]) == (notes.CALM, [notes.TENSE], notes.LIMIT)
    assert (outbox["record_id"], outbox["revision"], outbox["change"]) == (row["id"], 1, "created")
    assert (audit["record_id"], audit["actor"], audit["digest"]) == (row["id"], "department", row["digest"])
    assert "张某某".encode() not in b"".join(v for v in row.values() if isinstance(v, bytes))


async def test_an_answer_is_kept_for_real_time(bench: Bench) -> None:
    """A business clock that is wrong, by settings or by its machine, makes no service forget what it has answered."""
    bench.clock.advance(timedelta(days=400))
    first, second = await bench.note(), await bench.note()
    await bench.call("notes/CloseNote", close(first, also=[second.name]))
    ages = await bench.rows("SELECT recorded BETWEEN now() - interval '1 hour' AND now() AS real FROM request")
    assert [True] * 3 == [row["real"] for row in ages]


async def test_nothing_is_half_written(bench: Bench) -> None:
    """When the outbox refuses, neither row nor audit entry nor answer is kept."""
    await bench.rows("ALTER TABLE outbox ADD CONSTRAINT broken CHECK (change <> 'created')")
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await bench.note()
        assert await bench.counts() == NOTHING
    finally:
        await bench.rows("ALTER TABLE outbox DROP CONSTRAINT broken")


async def test_several_records_are_written_together(bench: Bench) -> None:
    """A work over several records commits all of them under one request."""
    first, second, third = [await bench.note() for _ in range(3)]
    answer = await bench.call("notes/CloseNote", close(first, also=[second.name, third.name]))
    assert (answer.note.name, answer.note.closed, answer.note.revision) == (first.name, True, 2)
    assert await bench.counts() == {"note": 3, "fund_entry": 0, "audit": 6, "outbox": 6, "request": 4}


async def test_several_records_fail_together(bench: Bench) -> None:
    """When one record of a work breaks a rule, none is changed."""
    first, second = await bench.note(), await bench.note()
    await bench.call("notes/CloseNote", close(second))
    with pytest.raises(ImpossibleTransition):
        await bench.call("notes/CloseNote", close(first, also=[second.name]))
    assert sorted(row[0] for row in await bench.rows("SELECT revision FROM note")) == [1, 2]


async def test_a_repeat_gets_the_same_answer(bench: Bench) -> None:
    """A repeated request is answered with the stored answer and changes nothing."""
    again = create(key="N-1")
    first = await bench.call("notes/CreateNote", again)
    assert first == await bench.call("notes/CreateNote", again)
    closing = close(first.note)
    closed = await bench.call("notes/CloseNote", closing)
    bench.clock.set(bench.clock.now().replace(month=7))
    assert closed == await bench.call("notes/CloseNote", closing)
    assert await bench.counts() == {**ONE, "audit": 2, "outbox": 2, "request": 2}


async def test_concurrent_repeats_have_one_effect(bench: Bench) -> None:
    """Repeats that arrive at the same time have one effect and the same answer."""
    again = create()
    answers = await asyncio.gather(*(bench.call("notes/CreateNote", again) for _ in range(8)))
    assert [answers[0]] * 8 == answers
    closing = close(answers[0].note)
    closed = await asyncio.gather(*(bench.call("notes/CloseNote", closing) for _ in range(8)))
    assert [closed[0]] * 8 == closed
    assert await bench.counts() == {**ONE, "audit": 2, "outbox": 2, "request": 2}


async def test_another_request_under_the_same_id_is_refused(bench: Bench) -> None:
    """A request id stands for one request only."""
    one = create(key="N-1")
    await bench.call("notes/CreateNote", one)
    with pytest.raises(RequestIdReused):
        await bench.call("notes/CreateNote", create(key="N-2", request_id=one.request_id))
    assert await bench.counts() == ONE


async def test_answers_belong_to_their_caller(bench: Bench) -> None:
    """Another account's request id is not this one's."""
    one = create()
    first = await bench.call("notes/CreateNote", one)
    second = await bench.call("notes/CreateNote", one, CLERK)
    assert first.note.name != second.note.name


@pytest.mark.parametrize("request_id", ["", "7"])
async def test_a_mutation_needs_a_request_id(bench: Bench, request_id: str) -> None:
    """A mutation without a UUID as request id is refused."""
    with pytest.raises(MissingRequestId):
        await bench.call("notes/CreateNote", request("CreateNote", note={"office": "north"}, request_id=request_id))


async def test_stored_answers_are_encrypted(bench: Bench) -> None:
    """What is kept to answer a repeat cannot be read in the database."""
    await bench.note(summary="只有本人知道")
    stored = (await bench.rows("SELECT response FROM request"))[0][0]
    assert "只有本人知道".encode() not in stored


async def test_trying_writes_nothing(bench: Bench) -> None:
    """With validate_only the answer comes, errors too, and nothing is written."""
    answer = await bench.call("notes/CreateNote", create(validate_only=True, key="N-1"))
    assert answer.note.revision == 1
    assert await bench.counts() == NOTHING
    note = await bench.note(key="N-1")
    with pytest.raises(KeyTaken):
        await bench.call("notes/CreateNote", create(validate_only=True, key="N-1"))
    await bench.call("notes/CloseNote", close(note, validate_only=True))
    assert await bench.counts() == ONE


async def test_a_tried_request_id_can_be_used(bench: Bench) -> None:
    """Trying a request does not use its id up."""
    tried = create(validate_only=True)
    await bench.call("notes/CreateNote", tried)
    await bench.call("notes/CreateNote", create(request_id=tried.request_id))
    assert await bench.counts() == ONE


async def test_a_stale_etag_is_refused(bench: Bench) -> None:
    """A change based on an old revision is refused."""
    note = await bench.note()
    sent = {"name": note.name, "etag": "1", "mood": notes.TENSE}
    await bench.call("notes/UpdateNote", request("UpdateNote", note=sent, request_id=rid()))
    with pytest.raises(StaleEtag):
        await bench.call("notes/UpdateNote", request("UpdateNote", note=sent, request_id=rid()))


async def test_changes_at_the_same_time_all_arrive(bench: Bench) -> None:
    """Without an etag, callers who meet on a record each get their revision."""
    note = await bench.note()
    updates = [
        request("UpdateNote", note={"name": note.name, "summary": f"第{i}次"}, request_id=rid()) for i in range(20)
    ]
    await asyncio.gather(*(bench.call("notes/UpdateNote", update) for update in updates))
    assert [tuple(row) for row in await bench.rows("SELECT revision FROM note")] == [(21,)]
    revisions = await bench.rows("SELECT revision FROM outbox ORDER BY revision")
    assert list(range(1, 22)) == [row[0] for row in revisions]


async def test_with_an_etag_one_caller_wins(bench: Bench) -> None:
    """Of callers who saw the same revision, one changes it and the others are told."""
    note = await bench.note()
    updates = [
        request("UpdateNote", note={"name": note.name, "etag": "1", "summary": f"第{i}次"}, request_id=rid())
        for i in range(4)
    ]
    done = await asyncio.gather(*(bench.call("notes/UpdateNote", u) for u in updates), return_exceptions=True)
    assert sum(isinstance(outcome, StaleEtag) for outcome in done) == 3


async def test_a_key_is_taken_once(bench: Bench) -> None:
    """An office's own number belongs to one record until that is deleted; other offices may use it."""
    note = await bench.note(key="N-1")
    with pytest.raises(KeyTaken):
        await bench.note(key="N-1")
    await bench.note(key="N-1", office="south")
    gone = request("DeleteNote", name=note.name, reason="重复登记", request_id=rid())
    await bench.call("notes/DeleteNote", gone)
    await bench.note(key="N-1")


async def test_updating_changes_what_the_mask_names(bench: Bench) -> None:
    """An update changes the fields in its mask, never what only the service sets."""
    note = await bench.note(summary="甲", key="N-1")
    sent = {"name": note.name, "summary": "", "mood": notes.TENSE, "closed": True, "revision": 99}
    masked = request("UpdateNote", note=sent, update_mask={"paths": ["summary", "closed"]}, request_id=rid())
    after = (await bench.call("notes/UpdateNote", masked)).note
    assert (after.summary, after.mood, after.closed, after.revision) == ("", notes.CALM, False, 2)
    whole = (await bench.call("notes/UpdateNote", request("UpdateNote", note=sent, request_id=rid()))).note
    assert (whole.mood, whole.closed, whole.key) == (notes.TENSE, False, "N-1")


async def test_an_unknown_field_in_the_mask_is_refused(bench: Bench) -> None:
    """A mask names fields of the record."""
    note = await bench.note()
    for path in ("nonsense", "persons.mood"):
        update = request("UpdateNote", note={"name": note.name}, update_mask={"paths": [path]}, request_id=rid())
        with pytest.raises(InvalidField):
            await bench.call("notes/UpdateNote", update)


async def test_an_update_that_changes_nothing_makes_no_revision(bench: Bench) -> None:
    """A record that already says so keeps its revision."""
    note = await bench.note()
    update = request("UpdateNote", note={"name": note.name, "mood": notes.CALM}, request_id=rid())
    assert (await bench.call("notes/UpdateNote", update)).note.revision == 1
    assert await bench.counts() == {**ONE, "request": 2}


async def test_closed_records_are_corrected_with_a_reason(bench: Bench) -> None:
    """A closed record refuses updates; a correction gives its reason to the audit trail."""
    note = await bench.note()
    await bench.call("notes/CloseNote", close(note))
    sent = {"name": note.name, "mood": notes.TENSE}
    with pytest.raises(ImpossibleTransition):
        await bench.call("notes/UpdateNote", request("UpdateNote", note=sent, request_id=rid()))
    mask = {"paths": ["mood"]}
    correct = request("CorrectNote", note=sent, update_mask=mask, reason="录入有误", request_id=rid())
    assert (await bench.call("notes/CorrectNote", correct)).note.mood == notes.TENSE
    kept = await bench.rows("SELECT change, reason FROM audit ORDER BY id DESC LIMIT 1")
    assert tuple(kept[0]) == ("corrected", "录入有误")


async def test_a_deletion_is_a_last_revision(bench: Bench) -> None:
    """A deleted record's facts say so, and it is not found again."""
    note = await bench.note()
    await bench.call("notes/DeleteNote", request("DeleteNote", name=note.name, reason="重复登记", request_id=rid()))
    facts = await bench.rows("SELECT facts, change FROM outbox WHERE revision = 2")
    assert (NoteFacts.FromString(facts[0]["facts"]).deleted, facts[0]["change"]) == (True, "deleted")
    with pytest.raises(NotFound):
        await bench.call("notes/CloseNote", close(note))


BROKEN: list[tuple[dict[str, Any], type[RuleError]]] = [
    ({"office": "nowhere"}, UnknownOffice),
    ({"place": "south-9"}, UnknownPlace),
    ({"taken_date": {"year": 2012, "month": 6, "day": 3}}, FutureDate),
    ({"taken_date": {"year": 2012, "month": 2, "day": 30}}, InvalidField),
    ({"mood": 77}, UnknownEnumValue),
    ({"persons": [{"mood": 77}]}, UnknownEnumValue),
    ({"summary": "甲\u202e乙"}, InvalidRequest),
    ({"summary": "甲\x00乙"}, InvalidRequest),
    ({"office": ""}, InvalidRequest),
]


@pytest.mark.parametrize(("fields", "error"), BROKEN)
async def test_bad_fields_are_refused(bench: Bench, fields: dict[str, Any], error: type[RuleError]) -> None:
    """A field that breaks the contract or the profile is refused with its own error and nothing is written."""
    with pytest.raises(error):
        await bench.note(**fields)
    assert await bench.counts() == NOTHING


async def test_a_date_of_tomorrow_is_accepted(bench: Bench) -> None:
    """Clocks may differ by a day."""
    await bench.note(taken_date={"year": 2012, "month": 6, "day": 2})
    assert await bench.counts() == ONE


async def test_a_lost_connection_is_replaced(bench: Bench) -> None:
    """When the server ends its sessions the next call works on new ones."""
    note = await bench.note()
    await bench.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'geju_testing'")
    assert (await bench.call("notes/CloseNote", close(note))).note.closed
    assert UUID(note.name.partition("/")[2]).version == 7
