"""Page tokens bind a position to its query."""

from __future__ import annotations

import pytest
from geju.funds.v1 import fund_entry_pb2, fund_entry_service_pb2
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.crypto import RecordKeys
from services.chassis.domain.errors import BadPageToken
from services.chassis.paging import make_token, page_size, query_of, read_token

KEYS = RecordKeys.generate()
Request = fund_entry_service_pb2.ListFundEntriesRequest
POSITION = st.lists(st.text() | st.integers())


@given(POSITION, st.text())
def test_a_token_gives_its_position_back(position: list[str | int], query: str) -> None:
    """A token read with its own query gives the position that went in."""
    assert read_token(KEYS, query, make_token(KEYS, query, position)) == position


@given(POSITION, st.text(), st.text(), st.text())
def test_a_token_of_another_query_or_hand_is_refused(
    position: list[str | int], one: str, other: str, junk: str
) -> None:
    """A token of another query, of other keys, or of nobody is refused."""
    token = make_token(KEYS, one, position)
    broken = [(KEYS, one + "x", token), (RecordKeys.generate(), one, token), (KEYS, one, token[:-1] + "!")]
    broken += [(KEYS, one, text) for text in (f"{token}\n", f"!{token}", f"{token}=", f"{token}=={token}")]
    if other != one:
        broken.append((KEYS, other, token))
    if junk:
        broken.append((KEYS, one, junk))
    for keys, query, text in broken:
        with pytest.raises(BadPageToken):
            read_token(keys, query, text)


def test_no_token_is_the_first_page() -> None:
    """Without a token there is no position."""
    assert read_token(KEYS, "query", "") is None


def test_a_query_is_its_request_without_paging() -> None:
    """Page size and token are no part of a query; filter and scope are."""
    plain = query_of(Request(), "north")
    assert query_of(Request(page_size=7, page_token="token"), "north") == plain  # noqa: S106 (a page token)
    assert query_of(Request(), "south") != plain
    spending = {"kind": fund_entry_pb2.FUND_ENTRY_KIND_SPENDING}
    assert query_of(Request(filter=spending), "north") != plain


def test_a_page_holds_fifty_unless_asked_otherwise() -> None:
    """Page size 0 asks for the default."""
    assert [page_size(Request(page_size=n)) for n in (0, 1, 1000)] == [50, 1, 1000]
