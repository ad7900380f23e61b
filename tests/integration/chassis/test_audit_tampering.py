"""Whoever may do everything with the database changes nothing in the audit trail unseen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
from geju.common.v1 import audit_service_pb2 as pb

from services.chassis.audit_chain import COVERED, link
from services.chassis.audit_heads import head_of, key_id, problem, signed_bytes
from services.chassis.domain.errors import InvalidField
from tests.integration.chassis.conftest import SIGNER, Bench

EDITED, DELETED, INSERTED = pb.AUDIT_FAULT_EDITED, pb.AUDIT_FAULT_DELETED, pb.AUDIT_FAULT_INSERTED
REORDERED, TAIL_CUT, REWRITTEN = pb.AUDIT_FAULT_REORDERED, pb.AUDIT_FAULT_TAIL_CUT, pb.AUDIT_FAULT_REWRITTEN
ENTRY = r"(SELECT audit_id FROM audit_link WHERE seq = \1)"  # where a statement says @ and a number
SWAP = """
UPDATE audit_link SET audit_id = CASE seq WHEN 2 THEN b.id ELSE a.id END
FROM (SELECT audit_id AS id FROM audit_link WHERE seq = 2) a, (SELECT audit_id AS id FROM audit_link WHERE seq = 3) b
WHERE seq IN (2, 3)
"""
#: A copy of the first entry under another id, linked as the second.
FORGED = """
UPDATE audit_link SET seq = seq + 1 WHERE seq >= 2;
INSERT INTO audit SELECT gen_random_uuid(), at, 'x', roles, method, kind, record_id, revision, office, change, purpose,
    reason, digest FROM audit WHERE id = (SELECT audit_id FROM audit_link WHERE seq = 1);
INSERT INTO audit_link SELECT 2, (SELECT id FROM audit WHERE actor = 'x'), l.hash, 'x' FROM audit_link l WHERE seq = 1;
"""
TAMPERED = [
    ("UPDATE audit SET reason = 'x' WHERE id = @2", 2, EDITED),
    ("UPDATE audit SET at = at + interval '1 day' WHERE id = @3", 3, EDITED),
    ("UPDATE audit SET actor = 'x' WHERE id = @4", 4, EDITED),
    ("UPDATE audit_link SET hash = 'x' WHERE seq = 1", 1, EDITED),
    ("UPDATE audit_link SET seq = seq + 10 WHERE seq = 4", 4, EDITED),
    ("DELETE FROM audit WHERE id = @2", 2, DELETED),
    ("DELETE FROM audit_link WHERE seq = 2", 2, DELETED),
    ("DELETE FROM audit_link WHERE seq = 2; UPDATE audit_link SET seq = seq - 1 WHERE seq > 2", 2, DELETED),
    (
        "DELETE FROM audit WHERE id = @1; DELETE FROM audit_link WHERE seq = 1; UPDATE audit_link SET seq = seq - 1",
        1,
        DELETED,
    ),
    (FORGED, 2, INSERTED),
    ("INSERT INTO audit_link VALUES (5, gen_random_uuid(), '', '')", 5, INSERTED),
    ("INSERT INTO audit_link VALUES (-7, gen_random_uuid(), '', '')", 1, INSERTED),
    (SWAP, 2, REORDERED),
    ("UPDATE audit_link SET seq = 5 - seq WHERE seq IN (2, 3)", 2, REORDERED),
    ("UPDATE audit_link SET seq = CASE seq WHEN 4 THEN 1 ELSE seq + 1 END", 1, REORDERED),
    ("DELETE FROM audit_link WHERE seq = 4", 4, TAIL_CUT),
    ("DELETE FROM audit WHERE id = @4; DELETE FROM audit_link WHERE seq > 2", 3, TAIL_CUT),
    ("DELETE FROM audit_link", 1, TAIL_CUT),
    ("UPDATE source SET audit_head = 'x'", 4, REWRITTEN),
    ("DELETE FROM audit_link WHERE seq = 4; UPDATE source SET audit_sequence = 3", 3, REWRITTEN),
]


@pytest.fixture
async def superuser(bench: Bench) -> AsyncIterator[asyncpg.Connection]:
    """Give somebody who may do everything a trail of four entries whose tables refuse nothing."""
    for _ in range(4):
        await bench.note()
    await bench.chain()
    connection = await asyncpg.connect(bench.admin_url)
    drop, add = "ALTER TABLE audit_link DROP CONSTRAINT audit_link_audit_id_key", "ALTER TABLE audit_link ADD "
    # Numbers may be given twice for the length of a statement: whoever does this will not mind two of them.
    await connection.execute(drop + ", DROP CONSTRAINT audit_link_pkey")
    try:
        yield connection
    finally:
        await connection.execute("TRUNCATE audit_link")
        await connection.execute(add + "CONSTRAINT audit_link_audit_id_key UNIQUE (audit_id), ADD PRIMARY KEY (seq)")
        await connection.close()


@pytest.mark.parametrize(("tampering", "broken_at", "fault"), TAMPERED)
async def test_what_was_done_is_named_where_it_begins(
    bench: Bench, superuser: asyncpg.Connection, tampering: str, broken_at: int, fault: pb.AuditFault.ValueType
) -> None:
    """Edits, removals, insertions, another order, a cut tail and a rewritten chain are told apart."""
    await superuser.execute(re.sub(r"@(\d)", ENTRY, tampering))
    found = await bench.verify()
    assert (False, broken_at, pb.AuditFault.Name(fault)) == (
        found.intact,
        found.broken_at,
        pb.AuditFault.Name(found.fault),
    )
    assert found.problem


async def rewrite(connection: asyncpg.Connection, bench: Bench, first: int) -> None:
    """Link every entry from one on anew and have the source agree, as the relay would have."""
    rows = await connection.fetch(
        "SELECT l.seq, l.prev_hash, a.* FROM audit_link l JOIN audit a ON a.id = l.audit_id ORDER BY seq"
    )
    last = b""
    for row in rows:
        previous, last = last, link(last, {name: row[name] for name in COVERED})
        if row["seq"] >= first:
            update = "UPDATE audit_link SET prev_hash = $2, hash = $3 WHERE seq = $1"
            await connection.execute(update, row["seq"], previous, last)
    await connection.execute("UPDATE source SET audit_sequence = $1, audit_head = $2", len(rows), last)
    assert (await bench.verify()).intact, "the chain holds in itself"


async def test_a_cut_that_the_source_agrees_with_is_found_by_a_head(
    bench: Bench, superuser: asyncpg.Connection
) -> None:
    """Who cuts the tail and has the source forget it is found by a head that was kept outside, and only by it."""
    head = await bench.head()
    await superuser.execute(
        "DELETE FROM audit_link WHERE seq > 2; DELETE FROM audit WHERE id NOT IN (SELECT audit_id FROM audit_link)"
    )
    await rewrite(superuser, bench, 3)
    found = await bench.verify(head)
    assert (False, 3, TAIL_CUT, 0) == (found.intact, found.broken_at, found.fault, found.heads_contained)
    assert "留存的链头在第 4 条,链只到第 2 条" in found.problem


async def test_a_rewritten_chain_is_found_between_two_heads(bench: Bench, superuser: asyncpg.Connection) -> None:
    """An edit with every later link made anew lies behind the last head that the chain contains."""
    last = (await bench.rows("SELECT hash FROM audit_link WHERE seq = 2"))[0][0]
    heads = [head_of("geju/testing", 2, last, bench.clock.now()), await bench.head()]
    assert (True, 2) == ((found := await bench.verify(*heads)).intact, found.heads_contained)
    await superuser.execute(re.sub(r"@(\d)", ENTRY, "UPDATE audit SET actor = 'x' WHERE id = @3"))
    await rewrite(superuser, bench, 3)
    found = await bench.verify(*heads)
    assert (False, 3, REWRITTEN, 1) == (found.intact, found.broken_at, found.fault, found.heads_contained)


async def test_a_chain_that_grows_contains_its_heads(bench: Bench) -> None:
    """Heads of before, the empty chain's too, are contained in what the chain became."""
    heads = [await bench.head()]
    for _ in range(3):
        await bench.note()
        await bench.chain()
        heads.append(await bench.head())
    assert [0, 1, 2, 3] == [head.sequence for head in heads]
    found = await bench.verify(*heads)
    assert (True, 4) == (found.intact, found.heads_contained)


async def test_a_head_is_signed_as_it_is(bench: Bench) -> None:
    """The key's signature holds for the head, and for no other number, hash, time or source."""
    await bench.note()
    await bench.chain()
    head = await bench.head()
    keys = {head.key_id: SIGNER.key.public_key()}
    assert key_id(SIGNER.key.public_key()) == head.key_id
    assert "" == problem(head, keys)
    assert signed_bytes(head).startswith(b"geju audit head 1\ngeju/testing\n1\n")
    for change in ({"sequence": 2}, {"hash": "00"}, {"time": "x"}, {"source": "geju/x"}, {"signature": "00"}):
        touched = pb.AuditHead()
        touched.CopyFrom(head)
        touched.MergeFrom(pb.AuditHead(**change))
        assert "签名不符:链头被改动" == problem(touched, keys)
    assert f"没有密钥 {head.key_id} 的公钥" == problem(head, {})
    head.ClearField("signature")
    assert "没有签名" == problem(head, keys)


async def test_a_head_of_another_service_is_refused(bench: Bench) -> None:
    """A chain is not held against the heads of another, nor against what is no hash."""
    for head in (pb.AuditHead(source="geju/other"), pb.AuditHead(source="geju/testing", hash="xx")):
        with pytest.raises(InvalidField):
            await bench.verify(head)


async def test_entries_that_nobody_links_are_told(bench: Bench) -> None:
    """An entry that was made minutes ago and has no link is counted; one of this moment is not."""
    await bench.note()
    assert 0 == (await bench.verify()).unlinked
    await bench.rows("UPDATE audit SET id = '01900000-0000-7000-8000-000000000000'")
    assert (True, 1) == ((found := await bench.verify()).intact, found.unlinked)
    bench.clock.advance(timedelta(days=1))
    await bench.chain()
    assert 0 == (await bench.verify()).unlinked
