"""Who sees what: scope by query and by database, pages, filters, and the trail that reading leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import asyncpg
import pytest

from services.chassis import unit_of_work
from services.chassis.context import Call, Caller
from services.chassis.domain.dates import from_date
from services.chassis.domain.errors import BadPageToken, InvalidField, NotFound, UnknownOffice
from tests.integration.chassis import notes
from tests.integration.chassis.conftest import CLERK, Bench, create, rid
from tests.integration.chassis.notes import request

SOUTH = Caller("south-clerk", frozenset({"clerk"}), frozenset({"south"}))


def listed(**fields: Any) -> Any:
    """Return a request that lists notes."""
    return request("ListNotes", **fields)


async def get(bench: Bench, name: str, caller: Caller = CLERK) -> Any:
    """Read a note."""
    return (await bench.call("notes/GetNote", request("GetNote", name=name), caller)).note


async def test_reading_gives_back_what_was_written(bench: Bench) -> None:
    """A record is read as it was answered when it was written."""
    note = await bench.note(persons=[{"person_name": "张某某"}], key="N-1")
    assert note == await get(bench, note.name)


@pytest.mark.parametrize("name", ["notes/7", "notes/0198f000-0000-7000-8000-000000000000", "cases/1", "", "notes/" * 9])
async def test_what_is_not_there_is_not_found(bench: Bench, name: str) -> None:
    """A name that no record has is NOT_FOUND, however odd."""
    with pytest.raises(NotFound):
        await get(bench, name)


async def test_another_offices_record_is_not_found(bench: Bench) -> None:
    """To a caller of another office a record does not exist, whatever is asked of it."""
    note = await bench.note(key="N-1")
    gone = {"name": note.name, "request_id": rid(), "reason": "误操作"}
    with pytest.raises(NotFound):
        await get(bench, note.name, SOUTH)
    with pytest.raises(NotFound):
        await bench.call("notes/CloseNote", request("CloseNote", name=note.name, request_id=rid()), SOUTH)
    with pytest.raises(NotFound):
        await bench.call("notes/DeleteNote", request("DeleteNote", **gone), SOUTH)
    assert list((await bench.call("notes/ListNotes", listed(), SOUTH)).notes) == []
    assert [note.name] == [n.name for n in (await bench.call("notes/ListNotes", listed(), CLERK)).notes]


async def test_a_record_cannot_be_put_into_another_office(bench: Bench) -> None:
    """Neither creating nor updating reaches an office outside the scope."""
    with pytest.raises(NotFound):
        await bench.note(CLERK, office="south")
    note = await bench.note()
    update = request("UpdateNote", note={"name": note.name, "office": "south"}, request_id=rid())
    with pytest.raises(NotFound):
        await bench.call("notes/UpdateNote", update, CLERK)


async def test_the_database_alone_keeps_offices_apart(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the query's own filter taken out, row-level security still hides other offices and refuses writes there."""
    note = await bench.note()
    monkeypatch.setattr(unit_of_work, "terms", lambda _scope: ["*"])  # the work now believes that it need not filter
    monkeypatch.setattr(unit_of_work, "offices_in", lambda _scope: None)
    with pytest.raises(NotFound):
        await bench.call("notes/CloseNote", request("CloseNote", name=note.name, request_id=rid()), SOUTH)
    with pytest.raises(NotFound):
        await bench.call("notes/CreateNote", create(), SOUTH)
    await bench.note(SOUTH, office="south")


async def test_the_query_alone_keeps_offices_apart(bench: Bench) -> None:
    """With row-level security taken out, the query still hides other offices."""
    note = await bench.note()
    await bench.rows("ALTER TABLE note DISABLE ROW LEVEL SECURITY")
    try:
        with pytest.raises(NotFound):
            await get(bench, note.name, SOUTH)
        with pytest.raises(NotFound):
            await bench.call("notes/CloseNote", request("CloseNote", name=note.name, request_id=rid()), SOUTH)
        assert list((await bench.call("notes/ListNotes", listed(), SOUTH)).notes) == []
    finally:
        await bench.rows("ALTER TABLE note ENABLE ROW LEVEL SECURITY")


async def test_without_a_scope_nothing_is_seen(bench: Bench) -> None:
    """A session that has not said whose records it may see sees none, not even the owner's."""
    await bench.note()
    for url in (bench.urls.app, bench.urls.owner):
        connection = await asyncpg.connect(url)
        try:
            assert await connection.fetchval("SELECT count(*) FROM note") == 0
        finally:
            await connection.close()


async def test_reading_a_person_leaves_a_trail(bench: Bench) -> None:
    """Every record read, alone or in a list, is audited with its purpose; reading nothing of one record is not."""
    note = await bench.note()
    await bench.call("notes/GetNote", request("GetNote", name=note.name, purpose="回访"), CLERK)
    await bench.call("notes/ListNotes", listed(), CLERK)
    with pytest.raises(NotFound):
        await get(bench, note.name, SOUTH)
    entries = await bench.rows("SELECT * FROM audit WHERE change = 'read' ORDER BY id")
    assert [(e["purpose"], e["office"], e["revision"]) for e in entries] == [("回访", "north", 0), ("办理", "north", 0)]
    assert [note.name.partition("/")[2]] * 2 == [str(e["record_id"]) for e in entries]


async def test_a_page_is_audited_for_what_it_shows(bench: Bench) -> None:
    """A page leaves an entry for each of its records and none for the next page's; an empty list leaves one."""
    names = [(await bench.note()).name for _ in range(3)]
    await bench.call("notes/ListNotes", listed(page_size=2), CLERK)
    entries = await bench.rows("SELECT record_id, digest FROM audit WHERE change = 'read' ORDER BY id")
    assert [f"notes/{entry['record_id']}" for entry in entries] == names[:0:-1]
    digests = await bench.rows("SELECT digest FROM note ORDER BY id DESC LIMIT 2")
    assert [entry["digest"] for entry in entries] == [row["digest"] for row in digests]
    await bench.call("notes/ListNotes", listed(), SOUTH)
    last = (await bench.rows("SELECT record_id, office FROM audit WHERE change = 'read' ORDER BY id DESC LIMIT 1"))[0]
    assert tuple(last) == (None, "")


async def test_an_unaudited_read_is_no_read(bench: Bench) -> None:
    """When the audit entry cannot be written the record is not given out."""
    note = await bench.note()
    await bench.rows("ALTER TABLE audit ADD CONSTRAINT broken CHECK (change <> 'read')")
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await get(bench, note.name)
    finally:
        await bench.rows("ALTER TABLE audit DROP CONSTRAINT broken")


async def test_pages_hold_every_record_once(bench: Bench) -> None:
    """Pages follow each other newest first, also while records are added."""
    made = [(await bench.note()).name for _ in range(5)]
    first = await bench.call("notes/ListNotes", listed(page_size=2))
    await bench.note()
    second = await bench.call("notes/ListNotes", listed(page_size=2, page_token=first.next_page_token))
    third = await bench.call("notes/ListNotes", listed(page_size=3, page_token=second.next_page_token))
    assert made[::-1] == [note.name for page in (first, second, third) for note in page.notes]
    assert third.next_page_token == ""


async def test_a_page_token_belongs_to_its_query(bench: Bench) -> None:
    """A token of another query, scope or hand is refused."""
    for _ in range(3):
        await bench.note()
    token = (await bench.call("notes/ListNotes", listed(page_size=1), CLERK)).next_page_token
    broken = [
        (listed(page_size=1, page_token=token, filter={"mood": notes.CALM}), CLERK),
        (listed(page_size=1, page_token=token), SOUTH),
        (listed(page_size=1, page_token=token[:-4] + "AAAA"), CLERK),
        *((listed(page_size=1, page_token=text), CLERK) for text in ("nonsense", "第二页")),
    ]
    for asked, caller in broken:
        with pytest.raises(BadPageToken):
            await bench.call("notes/ListNotes", asked, caller)


async def test_lists_are_filtered_by_what_the_filter_sets(bench: Bench) -> None:
    """Equality, ranges, membership, own numbers and personal values filter; empty conditions do not."""
    first = await bench.note(key="N-1", persons=[{"person_name": "张某某", "mood": notes.TENSE}])
    second = await bench.note(office="south", mood=notes.TENSE, taken_date=from_date(date(2012, 4, 1)))
    april = {"taken_date_from": from_date(date(2012, 4, 1)), "taken_date_to": from_date(date(2012, 4, 30))}
    wanted: list[tuple[dict[str, Any], list[str]]] = [
        ({}, [second.name, first.name]),
        ({"office": "south"}, [second.name]),
        ({"mood": notes.CALM}, [first.name]),
        (april, [second.name]),
        ({"person_name_exact": " 张某某 "}, [first.name]),
        ({"moods": notes.TENSE}, [first.name]),
        ({"office": "north", "key": "N-1"}, [first.name]),
        ({"office": "south", "key": "N-1"}, []),
    ]
    for chosen, names in wanted:
        found = (await bench.call("notes/ListNotes", listed(filter=chosen))).notes
        assert names == [note.name for note in found], chosen


async def test_filters_that_make_no_sense_are_refused(bench: Bench) -> None:
    """An unknown office, a number without its office and a day that does not exist are refused."""
    with pytest.raises(UnknownOffice):
        await bench.call("notes/ListNotes", listed(filter={"office": "nowhere"}))
    for chosen in ({"key": "N-1"}, {"taken_date_from": {"year": 2012, "month": 13, "day": 1}}):
        with pytest.raises(InvalidField):
            await bench.call("notes/ListNotes", listed(filter=chosen))


async def test_works_query_their_records(bench: Bench) -> None:
    """A work finds records by columns of their row, by lists of values and by bounds."""
    note = await bench.note(mood=notes.TENSE)
    async with unit_of_work.Work(bench.store, context_of(CLERK)) as work:
        assert [note.name] == [n.name for n in await work.query(notes.NOTE, mood=[notes.TENSE, notes.CALM])]
        assert await work.query(notes.NOTE, mood=notes.CALM) == []
        assert await work.query(notes.NOTE, taken_date_from=date(2012, 5, 21)) == []
        assert await work.query(notes.NOTE, taken_date=None) == []


async def test_a_work_does_not_find_what_it_has_deleted(bench: Bench) -> None:
    """A record that a work has deleted is not loaded, found or queried in it again, until that is taken back."""
    note = await bench.note(key="N-1")
    async with unit_of_work.Work(bench.store, context_of(CLERK)) as work:
        mark = work.mark()
        work.delete(notes.NOTE, await work.load(notes.NOTE, note.name))
        with pytest.raises(NotFound):
            await work.load(notes.NOTE, note.name)
        assert await work.find_many(notes.NOTE, [("north", "N-1")]) == {}
        assert await work.query(notes.NOTE) == []
        work.back_to(mark)
        assert (await work.load(notes.NOTE, note.name)).name == note.name


def context_of(caller: Caller) -> Any:
    """Return a call of a caller."""
    return Call(caller, "/geju.testing.v1.NoteService/CloseNote")
