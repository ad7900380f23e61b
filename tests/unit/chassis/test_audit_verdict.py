"""A walk along the audit chain stops at the first wrong link."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.audit import ChainCheck, Verdict
from services.chassis.audit_chain import COVERED, link

EMPTY = dict.fromkeys(COVERED, "") | {"at": datetime(2012, 6, 1, tzinfo=UTC), "record_id": None, "revision": 0}


def chain(length: int) -> list[dict[str, Any]]:
    """Make an intact chain."""
    head, links = b"", []
    for seq in range(1, length + 1):
        entry = EMPTY | {"id": UUID(int=seq), "digest": b""}
        previous, head = head, link(head, entry)
        links.append(entry | {"seq": seq, "prev_hash": previous, "hash": head})
    return links


def judge(links: list[dict[str, Any]], sequence: int, head: bytes) -> Verdict:
    """Walk the links as the store gives them."""
    check = ChainCheck()
    return check.take(links) or check.finish(sequence, head)


@given(st.integers(0, 20))
def test_an_intact_chain_is_intact(length: int) -> None:
    """A chain as it was made, of any length, has nothing wrong."""
    links = chain(length)
    head = links[-1]["hash"] if links else b""
    assert judge(links, length, head) == Verdict(length, head)


@given(st.integers(2, 20), st.data())
def test_the_first_touched_link_is_named(length: int, data: st.DataObject) -> None:
    """An edit, a removal, a swap or a cut is found at its place."""
    links = chain(length)
    head = links[-1]["hash"]
    at = data.draw(st.integers(0, length - 2))
    edited = [entry | {"actor": "x"} if i == at else entry for i, entry in enumerate(links)]
    removed = links[:at] + links[at + 1 :]
    swapped = [*links[:at], links[at + 1] | {"seq": at + 1}, links[at] | {"seq": at + 2}, *links[at + 2 :]]
    for touched in (edited, removed, swapped, links[:at]):
        assert judge(touched, length, head).broken_at == at + 1


def test_a_chain_that_was_made_anew_is_found_by_its_head() -> None:
    """A whole chain in place of another has the wrong head."""
    assert judge(chain(3), 3, b"other").broken_at == 3
