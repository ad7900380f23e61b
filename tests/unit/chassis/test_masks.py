"""What a caller sends is merged by its mask, never into what only the service sets."""

from __future__ import annotations

import pytest
from geju.funds.v1.fund_entry_pb2 import FUND_ENTRY_KIND_GRANT, FundEntry
from google.type.date_pb2 import Date

from services.chassis.domain.errors import InvalidField
from services.chassis.masks import merged, service_fields, without_service_fields

OLD = FundEntry(name="fundEntries/1", revision=3, office="north", earmark="piece_rate", amount_fen=5)


def test_without_a_mask_every_set_field_changes() -> None:
    """An empty mask stands for the fields that are set."""
    after = merged(OLD, FundEntry(name="fundEntries/2", revision=9, amount_fen=7, kind=FUND_ENTRY_KIND_GRANT))
    expected = FundEntry()
    expected.CopyFrom(OLD)
    expected.amount_fen, expected.kind = 7, FUND_ENTRY_KIND_GRANT
    assert after == expected


def test_a_mask_can_empty_a_field() -> None:
    """A field named in the mask and not set is emptied; others stay."""
    after = merged(OLD, FundEntry(amount_fen=7), ["earmark"])
    assert (after.earmark, after.amount_fen, after.office) == ("", 5, "north")


def test_a_mask_reaches_into_a_message() -> None:
    """A path may name a field of a message."""
    dated = FundEntry(entry_date=Date(year=2012, month=5, day=1))
    after = merged(dated, FundEntry(entry_date=Date(year=2013, day=9)), ["entry_date.day"])
    assert after.entry_date == Date(year=2012, month=5, day=9)


def test_naming_only_service_fields_changes_nothing() -> None:
    """Output-only fields in a mask are ignored."""
    assert merged(OLD, FundEntry(revision=9, etag="9"), ["revision", "etag"]) == OLD


@pytest.mark.parametrize("path", ["nothing", "entry_date.nothing", "earmark.x"])
def test_unknown_paths_are_refused(path: str) -> None:
    """A mask names fields that there are."""
    with pytest.raises(InvalidField):
        merged(OLD, FundEntry(), [path])


def test_a_new_record_starts_without_service_fields() -> None:
    """What only the service sets is taken out of a record as sent; the sent one stays as it was."""
    assert service_fields(FundEntry.DESCRIPTOR) == {"name", "etag", "recorded_time", "occurred_date", "revision"}
    sent = FundEntry(name="fundEntries/2", revision=9, office="north")
    assert without_service_fields(sent) == FundEntry(office="north")
    assert sent.revision == 9
