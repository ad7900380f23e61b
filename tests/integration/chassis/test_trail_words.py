"""The audit trail stays for good: nothing that says who somebody is gets into it, and sealed files not out of it."""

from __future__ import annotations

from typing import Any

import pytest
from geju.common.v1 import audit_service_pb2 as pb

from services.chassis.context import Caller
from services.chassis.domain.errors import PersonalWords
from tests.integration.chassis.conftest import CLERK, DEPARTMENT, Bench, rid
from tests.integration.chassis.notes import request

KEEPER = Caller("keeper", CLERK.roles | {"sealed_files"}, CLERK.offices)
AUDITOR = Caller("auditor", frozenset({"auditor"}), frozenset({"*"}))
SEALED_AUDITOR = Caller("auditor", AUDITOR.roles | {"sealed_files"}, AUDITOR.offices)


async def deleted(bench: Bench, client: Any, reason: str) -> None:
    """Delete a client for a reason."""
    await bench.call("clients/DeleteClient", request("DeleteClient", name=client.name, reason=reason, request_id=rid()))


@pytest.mark.parametrize("reason", ["与李某某重复", "电话13000000000有误", "证号99999919900101000X重复"])
async def test_a_reason_says_nothing_personal(bench: Bench, reason: str) -> None:
    """A name of the record, a telephone, a number of papers are refused; the message repeats none of them."""
    client = await bench.client(full_name="李某某")
    with pytest.raises(PersonalWords) as refused:
        await deleted(bench, client, reason)
    assert ("reason", {}) == (refused.value.field, refused.value.facts)
    await deleted(bench, client, "重复登记")


async def test_an_erasure_s_reason_says_nothing_of_what_it_erases(bench: Bench) -> None:
    """The name that was there before is the record's, too."""
    client = await bench.client(full_name="李某某")
    asked = pb.EraseRecordRequest(name=client.name, reason="李某某申请", request_id=rid())
    with pytest.raises(PersonalWords):
        await bench.call("audit/EraseRecord", asked, DEPARTMENT)


async def test_a_purpose_says_nothing_personal(bench: Bench) -> None:
    """Of a read, of a list, in the request or for the call."""
    client = await bench.client()
    number = "核查13000000000"
    for asked in (request("GetClient", name=client.name, purpose=number), request("ListClients", purpose=number)):
        with pytest.raises(PersonalWords):
            await bench.call(f"clients/{asked.DESCRIPTOR.name.removesuffix('Request')}", asked)
    with pytest.raises(PersonalWords):
        await bench.call("clients/GetClient", request("GetClient", name=client.name), purpose=number)
    assert [] == await bench.rows("SELECT FROM audit WHERE change = 'read'")


async def test_the_trail_of_a_sealed_file_is_for_who_may_see_it(bench: Bench) -> None:
    """Without the right an auditor reads of every other record, and nothing when asking for the sealed one."""
    sealed, other = await bench.client(KEEPER, sealed=True), await bench.client()
    everything, one = pb.ListAuditEntriesRequest(), pb.ListAuditEntriesRequest(record=sealed.name)
    expected = {AUDITOR: ([other.name], []), SEALED_AUDITOR: ([sealed.name, other.name], [sealed.name])}
    for caller, (whole, own) in expected.items():
        listed = [await bench.call("audit/ListAuditEntries", asked, caller) for asked in (everything, one)]
        assert [whole, own] == [[entry.record for entry in answer.entries] for answer in listed]
