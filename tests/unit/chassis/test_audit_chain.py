"""The audit chain shows every change made afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from services.chassis.audit_chain import COVERED, canonical, link

ENTRY = {
    "id": UUID(int=1),
    "at": datetime(2012, 3, 1, 4, tzinfo=UTC),
    "actor": "clerk-1",
    "roles": "clerk",
    "method": "/geju.mediation.v1.DisputeService/AcceptDispute",
    "kind": "dispute",
    "record_id": None,
    "revision": 2,
    "office": "01",
    "change": "accepted",
    "purpose": "",
    "reason": "",
    "digest": b"\x01",
}


@pytest.mark.parametrize("name", COVERED)
def test_every_column_is_covered(name: str) -> None:
    """Changing any column of an entry changes its link."""
    assert link(b"", ENTRY) != link(b"", {**ENTRY, name: "other"})


def test_the_link_covers_the_one_before() -> None:
    """The same entry after another history has another link."""
    assert link(b"a", ENTRY) != link(b"b", ENTRY)


def test_one_instant_has_one_form() -> None:
    """The time zone an instant is written in does not matter."""
    shanghai = ENTRY["at"].astimezone(timezone(timedelta(hours=8)))
    assert canonical(ENTRY) == canonical({**ENTRY, "at": shanghai})
