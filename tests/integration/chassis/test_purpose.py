"""Where the contract asks for it, whoever reads a person's record says why."""

from __future__ import annotations

import pytest

from services.chassis.domain.errors import PurposeRequired
from tests.integration.chassis.conftest import CLERK, Bench, rid
from tests.integration.chassis.notes import request


async def purposes(bench: Bench) -> list[str]:
    """Return the purposes of the reads of clients in the audit trail."""
    rows = await bench.rows("SELECT purpose FROM audit WHERE kind = 'client' AND change = 'read' ORDER BY id")
    return [row["purpose"] for row in rows]


@pytest.mark.parametrize("purpose", ["", "  ", "看"])
async def test_a_read_without_a_purpose_is_refused(bench: Bench, purpose: str) -> None:
    """Neither one record nor a list is given out for no purpose, and nothing is audited."""
    client = await bench.client()
    for rpc, fields in (("GetClient", {"name": client.name}), ("ListClients", {})):
        with pytest.raises(PurposeRequired):
            await bench.call(f"clients/{rpc}", request(rpc, purpose=purpose, **fields), CLERK)
    assert await purposes(bench) == []


async def test_a_purpose_is_kept_with_the_read(bench: Bench) -> None:
    """The purpose in the request is that of the audit entry; the call's own stands in for none."""
    client = await bench.client()
    await bench.call("clients/GetClient", request("GetClient", name=client.name, purpose="走访"), CLERK)
    await bench.call("clients/ListClients", request("ListClients", purpose="月报"), CLERK)
    await bench.call("clients/GetClient", request("GetClient", name=client.name), CLERK, purpose="核查")
    assert await purposes(bench) == ["走访", "月报", "核查"]


async def test_changes_need_no_purpose(bench: Bench) -> None:
    """A change is audited as one and names its reason where it needs one."""
    client = await bench.client()
    update = {"name": client.name, "full_name": "李某某"}
    await bench.call("clients/UpdateClient", request("UpdateClient", client=update, request_id=rid()), CLERK)
    deletion = request("DeleteClient", name=client.name, reason="重复登记", request_id=rid())
    await bench.call("clients/DeleteClient", deletion, CLERK)
    assert await purposes(bench) == []
