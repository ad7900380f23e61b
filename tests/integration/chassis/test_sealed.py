"""Sealed files are there for those with the right to them, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from geju.common.v1 import audit_service_pb2, import_pb2, limit_service_pb2

from services.chassis import reads, unit_of_work
from services.chassis.context import Caller
from services.chassis.domain.errors import KeyTaken, NotFound, PermissionDenied
from services.chassis.facts_source import FactsSource
from services.chassis.limit_service import limit_counts
from services.chassis.storage.scopes import EVERYTHING
from tests.integration.chassis.conftest import CLERK, DEPARTMENT, Bench, rid
from tests.integration.chassis.notes import request

RIGHT = frozenset({"sealed_files"})
KEEPER = Caller("keeper", CLERK.roles | RIGHT, CLERK.offices)
DEPARTMENT_KEEPER = Caller("head", DEPARTMENT.roles | RIGHT, DEPARTMENT.offices)
SOUTH_KEEPER = Caller("south", CLERK.roles | RIGHT, frozenset({"south"}))
SEES = (KEEPER, DEPARTMENT_KEEPER)
SEES_NOT = (CLERK, DEPARTMENT, SOUTH_KEEPER)


async def refused_everywhere(bench: Bench, name: str, caller: Caller) -> None:
    """Expect that a record is not there, whatever is asked of it."""
    update = request("UpdateClient", client={"name": name, "full_name": "李某某"}, request_id=rid())
    deletion = request("DeleteClient", name=name, reason="重复登记", request_id=rid())
    with pytest.raises(NotFound):
        await bench.read(name, caller)
    for method, asked in (("clients/UpdateClient", update), ("clients/DeleteClient", deletion)):
        with pytest.raises(NotFound):
            await bench.call(method, asked, caller)


async def test_a_sealed_file_is_not_there_without_the_right(bench: Bench) -> None:
    """Without the right a sealed file is not found and not listed, in any office; with it only in one's own."""
    sealed, other = await bench.client(DEPARTMENT_KEEPER, sealed=True), await bench.client()
    for caller in SEES:
        assert sealed == await bench.read(sealed.name, caller)
        assert [other.name, sealed.name] == await bench.listed(caller)
    for caller in SEES_NOT:
        await refused_everywhere(bench, sealed.name, caller)
        assert sealed.name not in await bench.listed(caller)


async def test_a_sealed_file_is_not_erased_without_the_right(bench: Bench) -> None:
    """A district-wide method reaches every office's records and still no sealed file."""
    sealed = await bench.client(KEEPER, sealed=True)
    for caller in (DEPARTMENT, DEPARTMENT_KEEPER):
        erasure = audit_service_pb2.EraseRecordRequest(name=sealed.name, reason="保存期满", request_id=rid())
        if RIGHT <= caller.roles:
            await bench.call("audit/EraseRecord", erasure, caller)
        else:
            with pytest.raises(NotFound):
                await bench.call("audit/EraseRecord", erasure, caller)
    assert (await bench.read(sealed.name, KEEPER)).full_name == ""


async def test_the_database_alone_hides_sealed_files(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the query's own filter taken out, row-level security hides sealed files and refuses to make them."""
    sealed = await bench.client(KEEPER, sealed=True)
    for module in (reads, unit_of_work):
        monkeypatch.setattr(module, "terms", lambda _scope: ["*", "!sealed", "!discipline"])
    await refused_everywhere(bench, sealed.name, CLERK)
    assert await bench.listed(CLERK) == []
    with pytest.raises(NotFound):
        await bench.client(CLERK, sealed=True)


async def test_the_query_alone_hides_sealed_files(bench: Bench) -> None:
    """With row-level security taken out, the query still hides sealed files."""
    sealed = await bench.client(KEEPER, sealed=True)
    await bench.rows("ALTER TABLE client DISABLE ROW LEVEL SECURITY")
    try:
        for caller in SEES_NOT:
            await refused_everywhere(bench, sealed.name, caller)
            assert await bench.listed(caller) == []
    finally:
        await bench.rows("ALTER TABLE client ENABLE ROW LEVEL SECURITY")


@pytest.mark.parametrize(("setting", "seen"), [("*", 1), (EVERYTHING, 2), ("north", 1), ("north,!sealed", 2), ("", 0)])
async def test_the_setting_carries_the_right(bench: Bench, setting: str, seen: int) -> None:
    """A session sees sealed files when its setting says so, of its offices."""
    await bench.client(KEEPER, sealed=True)
    await bench.client()
    assert seen == await bench.seen(setting)


async def test_only_who_may_see_it_seals_a_file(bench: Bench) -> None:
    """Sealing a file, new or old, is refused to who could not see it afterwards; the right opens it again."""
    with pytest.raises(PermissionDenied):
        await bench.client(CLERK, sealed=True)
    client = await bench.client()
    update = {"client": {"name": client.name, "sealed": True}, "update_mask": {"paths": ["sealed"]}}
    with pytest.raises(PermissionDenied):
        await bench.call("clients/UpdateClient", request("UpdateClient", **update, request_id=rid()), CLERK)
    await bench.call("clients/UpdateClient", request("UpdateClient", **update, request_id=rid()), KEEPER)
    assert await bench.listed(CLERK) == []
    update["client"]["sealed"] = False
    await bench.call("clients/UpdateClient", request("UpdateClient", **update, request_id=rid()), KEEPER)
    assert [client.name] == await bench.listed(CLERK)


async def imported(bench: Bench, caller: Caller, **client: Any) -> Any:
    """Import one row; return its verdict."""
    rows = [{"row": 2, "client": {"office": "north", "key": "K-1", **client}}]
    asked = request("ImportClients", rows=rows, request_id=rid())
    return (await bench.call("clients/ImportClients", asked, caller)).verdicts[0]


async def test_an_import_finds_no_sealed_file(bench: Bench) -> None:
    """A row with the number of a sealed file changes nothing and is told that the number is taken."""
    sealed = await bench.client(KEEPER, sealed=True, key="K-1")
    verdict = await imported(bench, CLERK, full_name="李某某")
    assert (import_pb2.ROW_OUTCOME_REJECTED, "KEY_TAKEN") == (verdict.outcome, verdict.errors[0].reason)
    assert sealed == await bench.read(sealed.name, KEEPER)
    with pytest.raises(KeyTaken):
        await bench.client(CLERK, key="K-1")
    verdict = await imported(bench, KEEPER, full_name="李某某")
    assert (import_pb2.ROW_OUTCOME_UPDATED, sealed.name) == (verdict.outcome, verdict.name)


async def test_a_search_for_a_person_shows_what_the_caller_may_see(bench: Bench) -> None:
    """Who asks what is held on a person is not shown a sealed file without the right."""
    sealed = await bench.client(KEEPER, sealed=True)
    asked = audit_service_pb2.GetSubjectRecordsRequest(person_name="张某某", purpose="当事人查询")
    seen = [
        [record.name for record in (await bench.call("audit/GetSubjectRecords", asked, caller)).records]
        for caller in (DEPARTMENT, DEPARTMENT_KEEPER)
    ]
    assert [[], [sealed.name]] == seen


async def test_limits_of_sealed_files_are_counted_and_not_listed(bench: Bench) -> None:
    """Counts and digests are over every record; a list of limits is over what its caller may see."""
    sealed = await bench.client(KEEPER, sealed=True)
    asked = limit_service_pb2.ListLimitsRequest(due_within_days=60)
    for caller, expected in ((CLERK, []), (DEPARTMENT, []), (KEEPER, [sealed.name])):
        found = (await bench.call("limits/ListLimits", asked, caller)).limits
        assert expected == [limit.record for limit in found]
    assert [("client", 1)] == [(count.kind, count.records) for count in await limit_counts(bench.store)]
    digest = await FactsSource(bench.store).GetDigest(None)  # type: ignore[arg-type]
    assert [1] == [bucket.count for kind in digest.kinds if kind.kind == "client" for bucket in kind.buckets]
