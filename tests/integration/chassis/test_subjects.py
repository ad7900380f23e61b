"""A person gets all that is held, from wherever one begins, and can be forgotten without a figure changing."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from geju.common.v1 import subject_service_pb2 as pb

from services.chassis.classification import unclassified
from services.chassis.context import Caller
from services.chassis.domain.errors import InvalidField, NotFound, PermissionDenied, PurposeRequired, ReasonRequired
from tests.integration.chassis.clients import Client, Visit
from tests.integration.chassis.conftest import CLERK, DEPARTMENT, KINDS, Bench, rid
from tests.integration.chassis.notes import request

KEEPER = Caller("keeper", DEPARTMENT.roles | {"sealed_files"}, DEPARTMENT.offices)
FREE_TEXT = {"note.body.summary": "a test", "visit.body.report": "a test"}
NOBODY = "clients/0198f000-0000-7000-8000-000000000000"


async def visit(bench: Bench, *clients: Any, **fields: Any) -> Any:
    """Record a visit to clients."""
    made = {"office": "south", "clients": [client.name for client in clients], "report": "家中无人", **fields}
    return (await bench.call("visits/CreateVisit", request("CreateVisit", visit=made, request_id=rid()), KEEPER)).visit


async def held(bench: Bench, name: str, caller: Caller = DEPARTMENT) -> Any:
    """Ask what is held on a person."""
    asked = pb.GetSubjectRequest(name=name, purpose="当事人查询")
    return await bench.call("subjects/GetSubject", asked, caller)


async def erased(bench: Bench, name: str, caller: Caller = DEPARTMENT, **fields: Any) -> int:
    """Erase what is held on a person; return in how many records."""
    asked = pb.EraseSubjectRequest(**{"name": name, "reason": "保存期满", "request_id": rid(), **fields})
    return int((await bench.call("subjects/EraseSubject", asked, caller)).erased)


def unpacked(found: pb.SubjectRecord) -> Any:
    """Return a record of an answer."""
    record = Client() if found.collection == "clients" else Visit()
    assert found.record.Unpack(record)
    return record


def names(answer: pb.GetSubjectResponse) -> list[str]:
    """Return the names of the records in an answer."""
    return [unpacked(found).name for found in answer.records]


async def family(bench: Bench) -> list[Any]:
    """Make a person with two files and visits to both, and another person; return what is held on the first."""
    first = await bench.client(second_office="south")
    later = await bench.client(earlier=first.name)
    other = await bench.client(full_name="李某某")
    visits = [await visit(bench, first), await visit(bench, other, later)]
    await visit(bench, other)
    return [first, later, *visits]


async def test_a_person_gets_everything_from_any_file(bench: Bench) -> None:
    """Both files lead to each other and to the records about either, whole and labelled, by kind and age."""
    records = await family(bench)
    for file in records[:2]:
        answer = await held(bench, file.name)
        assert [record.name for record in records] == names(answer)
        assert records == [unpacked(found) for found in answer.records]
        assert ["对象", "对象", "走访", "走访"] == [found.label for found in answer.records]


async def test_files_with_the_same_identity_number_are_of_one_person(bench: Bench) -> None:
    """Whichever file one begins with, however the number is written; a filler is nobody's number."""
    first = await bench.client(id_number="99999919900101000X")
    second = await bench.client(id_number=" 99999919900101000x", full_name="张某甲")
    visited = await visit(bench, second)
    await bench.client(full_name="99999919900101000X")
    for file in (first, second):
        assert {first.name, second.name, visited.name} == set(names(await held(bench, file.name)))
    unknown = [await bench.client(id_number="无") for _ in range(2)]
    assert [unknown[0].name] == names(await held(bench, unknown[0].name))
    sealed = await bench.client(KEEPER, id_number="99999919900101000X", sealed=True)
    with pytest.raises(PermissionDenied):
        await held(bench, first.name)
    assert await erased(bench, sealed.name, KEEPER) == 4


async def test_what_was_deleted_is_held_still(bench: Bench) -> None:
    """Deleted records are given out and say so, the person's file itself too."""
    client = await bench.client()
    visited = await visit(bench, client)
    for rpc, name in (("visits/DeleteVisit", visited.name), ("clients/DeleteClient", client.name)):
        deletion = request(rpc.partition("/")[2], name=name, reason="重复登记", request_id=rid())
        await bench.call(rpc, deletion, KEEPER)
    answer = await held(bench, client.name)
    assert [(client.name, True), (visited.name, True)] == [
        (unpacked(found).name, found.deleted) for found in answer.records
    ]


async def test_the_answer_tells_who_has_read_and_leaves_its_own_trail(bench: Bench) -> None:
    """The trail of all the records comes with them; each record given out is audited with the purpose."""
    client = await bench.client(CLERK)
    visited = await visit(bench, client)
    await bench.call("clients/GetClient", request("GetClient", name=client.name, purpose="走访"), CLERK)
    trail = (await held(bench, client.name)).audit_entries
    expected = [("clerk", "created", client.name), ("keeper", "created", visited.name), ("clerk", "read", client.name)]
    assert expected == [(entry.actor, entry.change, entry.record) for entry in trail]
    again = (await held(bench, client.name)).audit_entries
    reads = [("department", "当事人查询", client.name), ("department", "当事人查询", visited.name)]
    assert reads == [(entry.actor, entry.purpose, entry.record) for entry in again[3:]]


async def test_asking_is_guarded(bench: Bench) -> None:
    """A purpose is stated, in the request or for the call; what is no person's file is refused."""
    client = await bench.client()
    visited, note = await visit(bench, client), await bench.note()
    silent = pb.GetSubjectRequest(name=client.name)
    with pytest.raises(PurposeRequired):
        await bench.call("subjects/GetSubject", silent)
    await bench.call("subjects/GetSubject", silent, purpose="当事人查询")
    for name, error in (
        (visited.name, InvalidField),
        (note.name, InvalidField),
        (NOBODY, NotFound),
        ("clients/7", NotFound),
        ("cases/7", NotFound),
    ):
        with pytest.raises(error):
            await held(bench, name)
        with pytest.raises(error):
            await erased(bench, name)
    with pytest.raises(ReasonRequired):
        await erased(bench, client.name, reason="  ")


async def test_a_sealed_file_is_no_half_answer(bench: Bench) -> None:
    """Without the right a sealed file is not found, and a person of whom a part is sealed is refused whole."""
    sealed = await bench.client(KEEPER, sealed=True)
    client = await bench.client()
    visited = await visit(bench, client, sealed=True)
    for call in (held, erased):
        with pytest.raises(NotFound):
            await call(bench, sealed.name)
        with pytest.raises(PermissionDenied):
            await call(bench, client.name)
    assert [sealed.name] == names(await held(bench, sealed.name, KEEPER))
    assert [client.name, visited.name] == names(await held(bench, client.name, KEEPER))
    assert await erased(bench, client.name, KEEPER) == 2


async def test_erasing_a_person_leaves_the_facts(bench: Bench) -> None:
    """Nothing personal is left in any record, search or remembered answer; every fact is as it was."""
    made = request("CreateClient", client={"office": "north", "full_name": "张某某"}, request_id=rid())
    client = (await bench.call("clients/CreateClient", made)).client
    visits = [await visit(bench, client) for _ in range(2)]
    later = await bench.client(earlier=client.name)
    before = await facts(bench)
    assert await erased(bench, later.name, validate_only=True) == 4
    assert "张某某" == (await bench.call("clients/CreateClient", made)).client.full_name
    assert await erased(bench, later.name) == 4
    assert before == await facts(bench)
    for found in (await held(bench, client.name)).records:
        record = unpacked(found)
        assert "" == (record.full_name if found.collection == "clients" else record.report)
    assert [] == await bench.rows("SELECT FROM search_hash")
    assert "" == (await bench.call("clients/CreateClient", made)).client.full_name
    trail = (await held(bench, client.name)).audit_entries
    erasures = [(entry.record, entry.reason) for entry in trail if entry.change == "erased"]
    assert [(record.name, "保存期满") for record in (client, later, *visits)] == erasures
    assert await erased(bench, client.name) == 0


async def facts(bench: Bench) -> list[Any]:
    """Return the facts of every client and visit, as they stand."""
    return [
        row["facts"]
        for table in ("client", "visit")
        for row in await bench.rows(f"SELECT facts FROM {table} ORDER BY id")  # noqa: S608 (names from above)
    ]


async def test_another_person_is_left_alone(bench: Bench) -> None:
    """Somebody who was visited together with a person keeps what is held on them, but for the common record."""
    records = await family(bench)
    await erased(bench, records[0].name)
    others = await bench.call("clients/ListClients", request("ListClients", purpose="核查"))
    assert ["李某某"] == [client.full_name for client in others.clients if client.full_name]


async def test_every_column_is_classified(bench: Bench) -> None:
    """Of every column of the database somebody has said what it has to do with persons."""
    connection = await asyncpg.connect(bench.urls.owner)
    try:
        assert [] == await unclassified(connection, KINDS, FREE_TEXT)
    finally:
        await connection.close()


async def test_a_new_column_is_noticed(bench: Bench) -> None:
    """A column, a table and a kind that nobody has thought of are named; so is a reason that is not needed."""
    connection = await asyncpg.connect(bench.urls.owner)
    try:
        await connection.execute("ALTER TABLE client ADD nickname text; CREATE TABLE remark (body text)")
        found = await unclassified(connection, KINDS[1:], {"client.body": "none", "gone.body": "none"})
        note = [column for column in found if column.startswith("note.")]
        unknown = ["client.nickname", "remark.body", "visit.body.report", "client.body", "gone.body"]
        assert unknown == [column for column in found if column not in note]
        assert {"note.body", "note.mood", "note.hashes"} <= set(note)
        own = {"client.nickname": "a test", "remark.body": "a test", **FREE_TEXT}
        assert [] == await unclassified(connection, KINDS, own)
    finally:
        await connection.execute("ALTER TABLE client DROP nickname; DROP TABLE remark")
        await connection.close()
