"""Sealed records of a kind with a role of its own are there for that role; the right to sealed files does not help."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.common.v1 import audit_service_pb2, import_pb2, limit_service_pb2

from services.chassis import reads, unit_of_work
from services.chassis.context import Caller
from services.chassis.domain.dates import from_date
from services.chassis.domain.errors import NotFound, PermissionDenied
from services.chassis.limit_service import limit_counts
from services.chassis.persons import held_on
from services.chassis.storage.scopes import EVERYTHING
from tests.integration.chassis.conftest import CLERK, DEPARTMENT, Bench, rid
from tests.integration.chassis.notes import request

DISCIPLINE = Caller("discipline", frozenset({"clerk", "discipline"}), frozenset({"*"}))
KEEPER = Caller("keeper", frozenset({"department", "sealed_files"}), frozenset({"*"}))
SEES_NOT = (CLERK, DEPARTMENT, KEEPER)


async def tip(bench: Bench, caller: Caller = DISCIPLINE, **fields: Any) -> Any:
    """Create a tip, sealed unless said otherwise."""
    made = {"office": "north", "text": "示例线索", "sealed": True, "taken_date": from_date(date(2012, 5, 20)), **fields}
    return (await bench.call("tips/CreateTip", request("CreateTip", tip=made, request_id=rid()), caller)).tip


async def listed(bench: Bench, caller: Caller, **wanted: Any) -> list[str]:
    """List tips; return their names."""
    return [one.name for one in (await bench.call("tips/ListTips", request("ListTips", filter=wanted), caller)).tips]


async def refused(bench: Bench, name: str, caller: Caller) -> None:
    """Expect that a tip is not there to be read or changed."""
    update = request("UpdateTip", tip={"name": name, "text": "改动"}, request_id=rid())
    for method, asked in (("GetTip", request("GetTip", name=name)), ("UpdateTip", update)):
        with pytest.raises(NotFound):
            await bench.call(f"tips/{method}", asked, caller)


async def test_only_the_role_of_the_kind_sees_it(bench: Bench) -> None:
    """It is read, listed and found by the role that the kind names; to everybody else it is not there."""
    sealed, other = await tip(bench), await tip(bench, CLERK, sealed=False)
    assert sealed == (await bench.call("tips/GetTip", request("GetTip", name=sealed.name), DISCIPLINE)).tip
    assert [other.name, sealed.name] == await listed(bench, DISCIPLINE, text_exact="示例线索")
    for caller in SEES_NOT:
        await refused(bench, sealed.name, caller)
        assert [other.name] == await listed(bench, caller, text_exact="示例线索")


async def test_the_role_opens_no_sealed_file(bench: Bench) -> None:
    """Sealed records of other kinds stay sealed to it."""
    file = await bench.client(KEEPER, sealed=True)
    with pytest.raises(NotFound):
        await bench.read(file.name, DISCIPLINE)
    assert await bench.listed(DISCIPLINE) == []


async def test_the_database_alone_hides_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the query's own filter taken out, row-level security hides it and refuses to make it."""
    sealed = await tip(bench)
    for module in (reads, unit_of_work):
        monkeypatch.setattr(module, "terms", lambda _scope: EVERYTHING.split(","))
    for caller in SEES_NOT:
        await refused(bench, sealed.name, caller)
        assert await listed(bench, caller) == []
        with pytest.raises(NotFound):
            await tip(bench, caller)


async def test_the_query_alone_hides_it(bench: Bench) -> None:
    """With row-level security taken out, the query still hides it."""
    sealed = await tip(bench)
    await bench.rows("ALTER TABLE tip DISABLE ROW LEVEL SECURITY")
    try:
        for caller in SEES_NOT:
            await refused(bench, sealed.name, caller)
            assert await listed(bench, caller) == []
    finally:
        await bench.rows("ALTER TABLE tip ENABLE ROW LEVEL SECURITY")


@pytest.mark.parametrize(
    ("setting", "seen"), [("*", 1), ("*,!sealed", 1), ("*,!discipline", 2), (EVERYTHING, 2), ("south,!discipline", 0)]
)
async def test_the_setting_carries_the_right(bench: Bench, setting: str, seen: int) -> None:
    """A session sees it when its setting has the word of the kind's role."""
    await tip(bench)
    await tip(bench, sealed=False)
    assert seen == await bench.seen(setting, "tip")


async def test_who_could_not_see_it_does_not_make_it(bench: Bench) -> None:
    """Making or sealing one is refused with the role that is needed."""
    with pytest.raises(PermissionDenied) as refusal:
        await tip(bench, KEEPER)
    assert "discipline" in refusal.value.message
    made = await tip(bench, CLERK, sealed=False)
    update = {"tip": {"name": made.name, "sealed": True}, "update_mask": {"paths": ["sealed"]}}
    with pytest.raises(PermissionDenied):
        await bench.call("tips/UpdateTip", request("UpdateTip", **update, request_id=rid()), KEEPER)


async def test_an_import_finds_none(bench: Bench) -> None:
    """A row with its number is told that the number is taken, also with the right to sealed files."""
    await tip(bench, key="T-1")
    for caller, reason in ((CLERK, "KEY_TAKEN"), (KEEPER, "KEY_TAKEN"), (DISCIPLINE, "")):
        rows = [{"row": 2, "tip": {"office": "north", "key": "T-1", "text": "改动"}}]
        sent = request("ImportTips", rows=rows, request_id=rid())
        verdict = (await bench.call("tips/ImportTips", sent, caller)).verdicts[0]
        assert reason == (verdict.errors[0].reason if verdict.errors else "")
    assert verdict.outcome == import_pb2.ROW_OUTCOME_UPDATED


async def test_lists_beside_the_records_hide_it(bench: Bench) -> None:
    """The trail, the search for a person and the limits show it to its role only."""
    sealed = await tip(bench)
    trail = audit_service_pb2.ListAuditEntriesRequest(record=sealed.name)
    search = audit_service_pb2.GetSubjectRecordsRequest(person_name="示例线索", purpose="当事人查询")
    limits = limit_service_pb2.ListLimitsRequest(due_within_days=60)
    for caller, seen in ((KEEPER, []), (DEPARTMENT, []), (DISCIPLINE, [sealed.name])):
        entries = (await bench.call("audit/ListAuditEntries", trail, caller)).entries
        assert seen == list(dict.fromkeys(entry.record for entry in entries))
        records = (await bench.call("audit/GetSubjectRecords", search, caller)).records
        assert seen == [record.name for record in records]
        assert seen == [limit.record for limit in (await bench.call("limits/ListLimits", limits, caller)).limits]


async def test_what_is_held_on_a_person_does_not_tell_of_it(bench: Bench) -> None:
    """A person of whom a tip is sealed is shown whole to the kind's role; to others as if there were no tip."""
    client = await bench.client()
    sealed = await tip(bench, client=client.name)
    async with bench.store.lend(EVERYTHING) as loan:
        for caller, names in ((DISCIPLINE, [client.name, sealed.name]), (KEEPER, [client.name])):
            held = await held_on(bench.store, loan.connection, client.name, caller.roles)
            assert names == [one.record.name for one in held]


async def test_metrics_do_not_count_it(bench: Bench) -> None:
    """Nobody in particular reads them."""
    assert [] == await limit_counts(bench.store)
    await tip(bench)
    assert [] == await limit_counts(bench.store)
    await tip(bench, sealed=False)
    assert [("tip", 1)] == [(count.kind, count.records) for count in await limit_counts(bench.store)]
