"""Events to rows."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from geju.mediation.v1.facts_pb2 import CommitteeFacts, DisputeFacts

from services.aggregation.fold import fold
from services.aggregation.kinds import BY_NAME
from services.aggregation.tables import FACT_TABLES
from tests.support import histories
from tests.support.counting import on


def test_a_row_holds_what_the_message_holds() -> None:
    """Every field arrives in its column: codes, dates, numbers, yes/no and sets; an unset date is null."""
    facts = CommitteeFacts(office="01", places=["011", "012"], kind=3, from_date=on(2012, 2, 29))
    rows = fold([histories.event("committee", 1, 4, facts)]).rows["committee"]
    row = dict(zip(FACT_TABLES["committee"].columns.keys(), rows[0], strict=True))
    assert ("01", ["011", "012"], 3, date(2012, 2, 29), None, False, 4) == tuple(
        row[name] for name in ("office", "places", "kind", "from_date", "to_date", "deleted", "_revision")
    )


def test_the_digest_is_over_id_revision_and_facts() -> None:
    """Both sides of the wire hash the same bytes."""
    event = histories.event("dispute", 1, 7, DisputeFacts(office="01"))
    hashed = event.record_id.bytes + (7).to_bytes(8, "big") + event.facts
    row = dict(zip(FACT_TABLES["dispute"].columns.keys(), fold([event]).rows["dispute"][0], strict=True))
    assert hashlib.sha256(hashed).digest()[:16] == row["_digest"]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_newest_revision_of_a_batch_wins(order: tuple[int, int]) -> None:
    """A batch holds each record once, whatever the order."""
    events = [histories.event("dispute", 1, revision, DisputeFacts(office=f"0{revision}")) for revision in order]
    rows = fold(events).rows["dispute"]
    assert ["02"] == [row[FACT_TABLES["dispute"].columns.keys().index("office")] for row in rows]


def test_what_cannot_be_read_is_named() -> None:
    """Broken bytes, a day of no calendar, an unknown type, no office and a NUL character are rejected one by one."""
    good = histories.event("dispute", 1, 1, DisputeFacts(office="01"))
    bad = [
        replace(good, record_id=histories.record_id("dispute", 2), facts=b"\xff"),
        histories.event("dispute", 3, 1, DisputeFacts(office="01", closed_date=on(2012, 2, 30))),
        replace(good, facts_type="geju.other.v1.Facts"),
        histories.event("dispute", 4, 1, DisputeFacts()),
        histories.event("dispute", 5, 1, DisputeFacts(office="01", place="\0")),
    ]
    folded = fold([good, *bad])
    assert (1, len(bad)) == (len(folded.rows["dispute"]), len(folded.rejected))


def test_every_kind_can_be_decoded() -> None:
    """The empty facts of every kind make a row as wide as its table."""
    for name, kind in BY_NAME.items():
        rows = fold([histories.event(name, 1, 1, kind.facts(office="01"))]).rows[name]
        assert len(FACT_TABLES[name].columns) == len(rows[0])
