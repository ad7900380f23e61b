"""A walk along the audit chain stops at the first wrong link."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from geju.common.v1 import audit_service_pb2 as pb
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.audit_chain import COVERED, link
from services.chassis.audit_verdict import ChainCheck, Search, Verdict

Heads = Iterable[tuple[int, bytes]]
EMPTY = dict.fromkeys(COVERED, "") | {"at": datetime(2012, 6, 1, tzinfo=UTC), "record_id": None, "revision": 0}


def chain(length: int) -> list[dict[str, Any]]:
    """Make an intact chain."""
    head, links = b"", []
    for seq in range(1, length + 1):
        entry = EMPTY | {"id": UUID(int=seq), "digest": b""}
        previous, head = head, link(head, entry)
        links.append(entry | {"seq": seq, "prev_hash": previous, "hash": head})
    return links


def judge(links: list[dict[str, Any]], sequence: int, last: bytes, heads: Heads = ()) -> Verdict:
    """Walk the links as the store gives them, and search them all where that is needed."""
    check = ChainCheck(sequence, last, heads)
    wrong = check.take(links)
    if wrong is None:
        return check.finish()
    assert check.stopped is not None
    search = Search(wrong, check.stopped)
    if not search.needed(wrong):
        return wrong
    search.look(links)
    return search.verdict()


def numbered(links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give links numbers without gaps, as whoever tampers with care would."""
    return [found | {"seq": seq} for seq, found in enumerate(links, 1)]


@given(st.integers(0, 20))
def test_an_intact_chain_is_intact(length: int) -> None:
    """A chain as it was made, of any length, has nothing wrong and contains every head that it ever had."""
    links = chain(length)
    heads = [(0, b""), *((found["seq"], found["hash"]) for found in links)]
    assert Verdict(length, heads[-1][1], contained=length + 1) == judge(links, length, heads[-1][1], heads)


def forged(found: dict[str, Any], previous: bytes, actor: str = "x") -> dict[str, Any]:
    """Return an entry that follows `previous` as if it had been made then."""
    entry = found | {"id": UUID(int=999), "actor": actor, "prev_hash": previous}
    return entry | {"hash": link(previous, entry)}


@given(st.integers(3, 20), st.data())
def test_what_was_done_is_named_where_it_was_done(length: int, data: st.DataObject) -> None:
    """An edit, a removal, an insertion, another order and a cut are told apart, however they were hidden."""
    links = chain(length)
    last = links[-1]["hash"]
    at = data.draw(st.integers(0, length - 2))
    before = links[at - 1]["hash"] if at else b""
    touched = links[at]
    rest = links[at + 1 :]
    moved = numbered([*links[:at], *rest[:1], touched, *rest[1:]])
    other_entries = {name: rest[0][name] for name in COVERED}
    own_entries = {name: touched[name] for name in COVERED}
    done = {
        pb.AUDIT_FAULT_EDITED: [
            [*links[:at], touched | {"actor": "x"}, *rest],
            [*links[:at], touched | {"hash": b"x"}, *rest],
            [*links[:at], touched | {"prev_hash": b"x"}, *rest],
        ],
        pb.AUDIT_FAULT_DELETED: [
            [*links[:at], *rest],
            numbered([*links[:at], *rest]),
            [*links[:at], touched | {"id": None}, *rest],
        ],
        pb.AUDIT_FAULT_INSERTED: [
            numbered([*links[:at], forged(touched, before), *links[at:]]),
            numbered([*links[:at], forged(touched, before) | {"hash": b"x"}, *links[at:]]),
            numbered([*links[:at], forged(touched, b"?"), *links[at:]]),
        ],
        pb.AUDIT_FAULT_REORDERED: [
            moved,
            [*links[:at], touched | other_entries, rest[0] | own_entries, *rest[1:]],
            [*links[:at], *rest, touched | {"seq": length + 10}],
        ],
        pb.AUDIT_FAULT_TAIL_CUT: [links[:at]],
    }
    wrong = [
        (pb.AuditFault.Name(fault), way, pb.AuditFault.Name(found.fault), found.broken_at)
        for fault, ways in done.items()
        for way, tampered in enumerate(ways)
        for found in [judge(tampered, length, last)]
        if (fault, at + 1) != (found.fault, found.broken_at) or not found.problem
    ]
    assert [] == wrong


def test_what_was_added_to_either_end_is_an_insertion() -> None:
    """A link before the first or behind the last that the source knows is none of the chain's."""
    links = chain(3)
    behind = links[-1] | {"seq": 4, "id": None}
    before = links[0] | {"seq": 0}
    found = [judge(tampered, 3, links[-1]["hash"]) for tampered in ([*links, behind], [before, *links])]
    assert [(4, pb.AUDIT_FAULT_INSERTED), (1, pb.AUDIT_FAULT_INSERTED)] == [(v.broken_at, v.fault) for v in found]


def test_a_chain_that_was_made_anew_is_found_by_its_head() -> None:
    """A whole chain in place of another has the wrong head."""
    found = judge(chain(3), 3, b"other")
    assert (3, pb.AUDIT_FAULT_REWRITTEN) == (found.broken_at, found.fault)


def test_what_nothing_inside_tells_a_head_that_was_kept_does() -> None:
    """A cut tail and a rewritten end that the source was made to agree with contradict heads of before."""
    links = chain(6)
    heads = [(seq, links[seq - 1]["hash"]) for seq in (2, 4, 6)]
    cut = links[:4]
    assert (5, pb.AUDIT_FAULT_TAIL_CUT, 2) == _broken(judge(cut, 4, cut[-1]["hash"], heads))
    rewritten = links[:2]
    for found in links[2:]:
        rewritten.append(forged(found, rewritten[-1]["hash"]) | {"seq": found["seq"]})
    assert 0 == judge(rewritten, 6, rewritten[-1]["hash"]).broken_at
    found = judge(rewritten, 6, rewritten[-1]["hash"], heads)
    assert (3, pb.AUDIT_FAULT_REWRITTEN, 1) == _broken(found)
    assert "第 3 条至第 4 条之间被重写:与留存的链头不符" == found.problem


def _broken(found: Verdict) -> tuple[int, int, int]:
    return found.broken_at, found.fault, found.contained
