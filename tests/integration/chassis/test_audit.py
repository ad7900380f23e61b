"""The audit trail proves itself; persons get what is held on them, and can be forgotten."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import pytest
from geju.common.v1 import audit_service_pb2 as pb

from services.chassis.domain.errors import BadPageToken, InvalidField, NotFound, PurposeRequired, StaleEtag
from tests.integration.chassis import notes
from tests.integration.chassis.conftest import Bench, create, rid
from tests.integration.chassis.notes import request

PERSON = {"person_name": "张某某", "identity_number": "11000000000000000x", "mood": notes.TENSE}


async def chained(bench: Bench, entries: int = 4) -> None:
    """Make notes and link their audit entries."""
    for _ in range(entries):
        await bench.note()
    await bench.chain()


async def test_an_untouched_trail_is_intact(bench: Bench) -> None:
    """The chain of an untouched trail verifies, an empty one too; its head is that of the last link."""
    assert (await bench.verify()).intact
    await chained(bench)
    found = await bench.verify()
    head = (await bench.rows("SELECT hash FROM audit_link ORDER BY seq DESC LIMIT 1"))[0][0].hex()
    assert (True, 4, 0, "", head) == (found.intact, found.entries, found.broken_at, found.problem, found.head)


async def test_the_application_cannot_touch_the_trail(bench: Bench) -> None:
    """The role of the service may add to the trail and read it, and nothing else."""
    await chained(bench)
    connection = await asyncpg.connect(bench.urls.app)
    try:
        for sql in ("DELETE FROM audit", "UPDATE audit SET actor = ''", "DELETE FROM audit_link", "TRUNCATE audit"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(sql)
    finally:
        await connection.close()


async def test_entries_are_listed_in_order(bench: Bench) -> None:
    """A record's entries come oldest first, in pages, numbered once chained."""
    note = await bench.note()
    await bench.call("notes/CloseNote", request("CloseNote", name=note.name, request_id=rid()))
    await bench.chain()
    await bench.note()
    first = await bench.call("audit/ListAuditEntries", pb.ListAuditEntriesRequest(record=note.name, page_size=1))
    rest = await bench.call(
        "audit/ListAuditEntries", pb.ListAuditEntriesRequest(record=note.name, page_token=first.next_page_token)
    )
    assert (list(first.entries[0].roles), first.entries[0].reason) == (["department"], "")
    seen = [(e.sequence, e.change, e.revision, e.record) for page in (first, rest) for e in page.entries]
    assert [(1, "created", 1, note.name), (2, "closed", 2, note.name)] == seen
    every = (await bench.call("audit/ListAuditEntries", pb.ListAuditEntriesRequest())).entries
    assert [e.sequence for e in every] == [1, 2, 0]
    with pytest.raises(BadPageToken):
        await bench.call("audit/ListAuditEntries", pb.ListAuditEntriesRequest(page_token=first.next_page_token))


async def test_the_trail_tells_why(bench: Bench) -> None:
    """The reason that a caller gives is in the entry of the change."""
    note = await bench.note()
    await bench.call("notes/DeleteNote", request("DeleteNote", name=note.name, reason="重复登记", request_id=rid()))
    entries = (await bench.call("audit/ListAuditEntries", pb.ListAuditEntriesRequest(record=note.name))).entries
    assert [(e.change, e.reason) for e in entries] == [("created", ""), ("deleted", "重复登记")]


async def subject(bench: Bench, **fields: Any) -> Any:
    """Ask what is held on a person."""
    asked = pb.GetSubjectRecordsRequest(**{"purpose": "当事人查询", **fields})
    return (await bench.call("audit/GetSubjectRecords", asked)).records


async def test_a_person_gets_everything_that_is_held(bench: Bench) -> None:
    """Every record that mentions a person is returned whole, deleted ones too, and each is audited."""
    first, second = await bench.note(persons=[PERSON]), await bench.note(office="south", persons=[PERSON, {}])
    await bench.note(persons=[{"person_name": "李某某"}])
    await bench.call("notes/DeleteNote", request("DeleteNote", name=first.name, reason="重复登记", request_id=rid()))
    found = await subject(bench, identity_number="11000000000000000X")
    assert [first.name, second.name] == [record.name for record in found]
    assert json.loads(found[0].json)["persons"][0]["personName"] == "张某某"
    assert [first.name, second.name] == [record.name for record in await subject(bench, person_name="张某某")]
    audited = await bench.rows("SELECT purpose, office FROM audit WHERE change = 'read' ORDER BY id")
    assert [tuple(entry) for entry in audited] == [("当事人查询", "north"), ("当事人查询", "south")] * 2


async def test_a_person_is_found_by_what_is_written_now(bench: Bench) -> None:
    """A record is found by the names it holds, not by those it held; changing back finds it again."""
    note = await bench.note(persons=[PERSON])
    for name, other in (("李某某", "张某某"), ("张某某", "李某某")):
        update = request("UpdateNote", note={"name": note.name, "persons": [{"person_name": name}]}, request_id=rid())
        await bench.call("notes/UpdateNote", update)
        assert [found.name for found in await subject(bench, person_name=name)] == [note.name]
        assert list(await subject(bench, person_name=other)) == []


async def test_asking_for_nobody_is_refused(bench: Bench) -> None:
    """A search needs a person and a purpose; one that finds nothing is audited too."""
    with pytest.raises(InvalidField):
        await subject(bench)
    with pytest.raises(PurposeRequired):
        await subject(bench, person_name="张某某", purpose="  ")
    assert list(await subject(bench, person_name="王某某")) == []
    assert (await bench.counts())["audit"] == 1


def erasure(name: str, **fields: Any) -> pb.EraseRecordRequest:
    """Return a request that erases a record."""
    return pb.EraseRecordRequest(**{"name": name, "reason": "保存期满", "request_id": rid(), **fields})


async def test_erasing_leaves_the_facts_as_they_were(bench: Bench) -> None:
    """An erased record has a new revision with the same facts and no personal field, at any depth."""
    made = create(persons=[PERSON, PERSON], summary="争吵", key="N-1")
    note = (await bench.call("notes/CreateNote", made)).note
    asked = erasure(note.name)
    assert (await bench.call("audit/EraseRecord", asked)).revision == 2
    assert (await bench.call("audit/EraseRecord", asked)).revision == 2
    facts = await bench.rows("SELECT facts, change FROM outbox ORDER BY revision")
    assert facts[0]["facts"] == facts[1]["facts"]
    assert [row["change"] for row in facts] == ["created", "erased"]
    after = (await bench.call("notes/GetNote", request("GetNote", name=note.name))).note
    assert [person.person_name + person.identity_number for person in after.persons] == ["", ""]
    assert (after.summary, after.persons[0].mood, after.key) == ("", notes.TENSE, "N-1")
    assert list(await subject(bench, person_name="张某某")) == []
    # The answer kept for a repeat of the creation held the person too.
    assert not (await bench.call("notes/CreateNote", made)).note.persons
    assert (await bench.counts())["note"] == 1


async def test_erasing_forgets_answers_about_several_records(bench: Bench) -> None:
    """An answer kept for a repeat is forgotten with the record in it, also where the call changed others too."""
    note, other = await bench.note(persons=[PERSON]), await bench.note()
    both = request("CloseNote", name=note.name, also=[other.name], request_id=rid())
    assert (await bench.call("notes/CloseNote", both)).note.persons
    await bench.call("audit/EraseRecord", erasure(other.name))
    assert (await bench.call("notes/CloseNote", both)).note.persons
    await bench.call("audit/EraseRecord", erasure(note.name))
    assert not (await bench.call("notes/CloseNote", both)).note.persons


async def test_deleted_records_can_be_erased(bench: Bench) -> None:
    """Deleting keeps what was written; erasing after it does not bring the record back."""
    note = await bench.note(persons=[PERSON])
    await bench.call("notes/DeleteNote", request("DeleteNote", name=note.name, reason="重复登记", request_id=rid()))
    await bench.call("audit/EraseRecord", erasure(note.name))
    row = (await bench.rows("SELECT deleted, revision, hashes FROM note"))[0]
    assert tuple(row) == (True, 3, [])
    assert await bench.rows("SELECT FROM search_hash") == []


async def test_erasing_is_guarded(bench: Bench) -> None:
    """Trying erases nothing; a stale etag and an unknown record are refused."""
    note = await bench.note(persons=[PERSON])
    await bench.call("audit/EraseRecord", erasure(note.name, validate_only=True))
    assert len(await subject(bench, person_name="张某某")) == 1
    with pytest.raises(StaleEtag):
        await bench.call("audit/EraseRecord", erasure(note.name, etag="7"))
    for name in ("notes/0198f000-0000-7000-8000-000000000000", "cases/1"):
        with pytest.raises(NotFound):
            await bench.call("audit/EraseRecord", erasure(name))
