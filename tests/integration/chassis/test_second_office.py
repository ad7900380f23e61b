"""A record of two offices is there for both, and in the lists of both."""

from __future__ import annotations

from typing import Any

import pytest
from geju.common.v1 import import_pb2, limit_service_pb2

from services.chassis import reads, unit_of_work
from services.chassis.context import Caller
from services.chassis.domain.errors import NotFound, UnknownOffice
from tests.integration.chassis.conftest import CLERK, DEPARTMENT, Bench, rid
from tests.integration.chassis.notes import request

SOUTH = Caller("south", CLERK.roles, frozenset({"south"}))
EAST = Caller("east", CLERK.roles, frozenset({"east"}))


async def renamed(bench: Bench, name: str, caller: Caller, **fields: Any) -> Any:
    """Change a client."""
    update = {"name": name, "full_name": "李某某", **fields}
    return (
        await bench.call("clients/UpdateClient", request("UpdateClient", client=update, request_id=rid()), caller)
    ).client


async def test_both_offices_see_and_change_a_record(bench: Bench) -> None:
    """Callers of either office read, list, change and delete the record; others know nothing of it."""
    client = await bench.client(CLERK, second_office="south")
    for caller in (CLERK, SOUTH):
        assert client.name == (await bench.read(client.name, caller)).name
        assert [client.name] == await bench.listed(caller)
        assert "李某某" == (await renamed(bench, client.name, caller)).full_name
    with pytest.raises(NotFound):
        await bench.read(client.name, EAST)
    with pytest.raises(NotFound):
        await renamed(bench, client.name, EAST)
    assert await bench.listed(EAST) == []
    deletion = request("DeleteClient", name=client.name, reason="重复登记", request_id=rid())
    await bench.call("clients/DeleteClient", deletion, SOUTH)


async def test_an_office_lists_what_it_is_either_office_of(bench: Bench) -> None:
    """Filtered by an office, a list has the records of which it is the first or the second."""
    both = await bench.client(second_office="south")
    north, south = await bench.client(), await bench.client(office="south")
    for office, names in (("north", [north, both]), ("south", [south, both])):
        assert [client.name for client in names] == await bench.listed(DEPARTMENT, office=office)
    assert [both.name] == await bench.listed(SOUTH, office="north")
    due = limit_service_pb2.ListLimitsRequest(due_within_days=60, office="south")
    for caller, names in ((DEPARTMENT, [both, south]), (CLERK, [both])):
        found = (await bench.call("limits/ListLimits", due, caller)).limits
        assert {client.name for client in names} == {limit.record for limit in found}


async def test_a_record_leaves_the_office_it_is_taken_from(bench: Bench) -> None:
    """A second office that is taken away sees the record no more; one that is added does."""
    client = await bench.client(second_office="south")
    taken = {"client": {"name": client.name}, "update_mask": {"paths": ["second_office"]}}
    await bench.call("clients/UpdateClient", request("UpdateClient", **taken, request_id=rid()), CLERK)
    assert await bench.listed(SOUTH) == []
    await renamed(bench, client.name, CLERK, second_office="south")
    assert [client.name] == await bench.listed(SOUTH)


async def test_a_record_is_of_an_office_of_its_maker(bench: Bench) -> None:
    """A record is made for any first office by a caller of the second, and by no caller of neither."""
    made = await bench.client(SOUTH, second_office="south")
    assert [made.name] == await bench.listed(CLERK)
    with pytest.raises(NotFound):
        await bench.client(EAST, second_office="south")
    with pytest.raises(NotFound):
        await renamed(bench, made.name, SOUTH, second_office="east")
    with pytest.raises(UnknownOffice):
        await bench.client(second_office="nowhere")


async def test_an_import_finds_records_of_either_office(bench: Bench) -> None:
    """The second office changes a record by the first one's number and makes its own; of another's it makes none."""
    client = await bench.client(second_office="south", key="K-1")
    rows = [
        {"row": 2, "client": {"office": "north", "key": "K-1", "full_name": "李某某"}},
        {"row": 3, "client": {"office": "north", "key": "K-2", "second_office": "south"}},
        {"row": 4, "client": {"office": "north", "key": "K-3"}},
    ]
    asked = request("ImportClients", rows=rows, request_id=rid())
    verdicts = (await bench.call("clients/ImportClients", asked, SOUTH)).verdicts
    expected = [import_pb2.ROW_OUTCOME_UPDATED, import_pb2.ROW_OUTCOME_CREATED, import_pb2.ROW_OUTCOME_REJECTED]
    assert expected == [verdict.outcome for verdict in verdicts]
    assert client.name == verdicts[0].name


@pytest.mark.parametrize(("setting", "seen"), [("*", 3), ("north", 2), ("south", 2), ("east", 0), ("", 0)])
async def test_the_database_alone_knows_both_offices(bench: Bench, setting: str, seen: int) -> None:
    """Row-level security shows a session the records of which one of its offices is either office."""
    await bench.client(second_office="south")
    await bench.client()
    await bench.client(office="south")
    assert seen == await bench.seen(setting)


async def test_the_database_alone_keeps_others_out(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the query's own filter taken out, row-level security still hides the record from a third office."""
    client = await bench.client(second_office="south")
    for module in (reads, unit_of_work):
        monkeypatch.setattr(module, "terms", lambda _scope: ["*"])
    monkeypatch.setattr(unit_of_work, "offices_in", lambda _scope: None)
    with pytest.raises(NotFound):
        await bench.read(client.name, EAST)
    with pytest.raises(NotFound):
        await renamed(bench, client.name, EAST)
    with pytest.raises(NotFound):
        await bench.client(EAST, second_office="south")


async def test_the_query_alone_keeps_others_out(bench: Bench) -> None:
    """With row-level security taken out, the query still hides the record from a third office."""
    client = await bench.client(second_office="south")
    await bench.rows("ALTER TABLE client DISABLE ROW LEVEL SECURITY")
    try:
        with pytest.raises(NotFound):
            await bench.read(client.name, EAST)
        with pytest.raises(NotFound):
            await renamed(bench, client.name, EAST)
        assert await bench.listed(EAST) == []
    finally:
        await bench.rows("ALTER TABLE client ENABLE ROW LEVEL SECURITY")
