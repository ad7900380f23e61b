"""Kinds fit the contract or do not come to be; names are the contract's."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from services.chassis.crud import records
from services.chassis.domain.errors import NotFound
from services.chassis.funds.service import fund_entry_kind
from services.chassis.funds.storage import FundEntryRow
from services.chassis.kinds import kind_of
from services.chassis.storage.statements import statements
from tests.integration.chassis.clients import CLIENT
from tests.integration.chassis.notes import NOTE

FUNDS = fund_entry_kind("testing")
ID = UUID("0198f000-0000-7000-8000-000000000001")


def test_names_are_collection_and_id() -> None:
    """A resource name is made of the kind's collection and the record's id, and is read back."""
    assert FUNDS.record_id(FUNDS.record_name(ID)) == ID
    assert (FUNDS.zh, FUNDS.snake) == ("经费", "fund_entry")


@pytest.mark.parametrize(
    "name", ["", "fundEntries", "fundEntries/", f"notes/{ID}", f"fundEntries/{ID}x", "fundEntries/ 1"]
)
def test_other_names_belong_to_nothing(name: str) -> None:
    """A name of another collection or shape is not found."""
    with pytest.raises(NotFound):
        FUNDS.record_id(name)


def test_a_name_leads_to_its_kind() -> None:
    """Of a service's kinds, the one whose collection a name has is found."""
    assert kind_of((NOTE, FUNDS), f"notes/{ID}") is NOTE
    with pytest.raises(NotFound):
        kind_of((NOTE, FUNDS), f"cases/{ID}")


def test_a_kind_must_be_what_the_contract_says() -> None:
    """A kind under another name than its message's is refused."""
    with pytest.raises(TypeError):
        replace(FUNDS, name="money")


def test_every_write_brings_audit_and_outbox_along() -> None:
    """No statement that writes a record leaves the audit entry or the outbox row out."""
    for kind in (NOTE, FUNDS):
        sql = statements(kind)
        for text in (sql.insert, sql.update, sql.insert_request, sql.update_request):
            assert ("INSERT INTO audit" in text, "INSERT INTO outbox" in text) == (True, True)
        assert "INSERT INTO request" in sql.insert_request
        assert "INSERT INTO request" in sql.update_request


def test_a_subject_has_its_column() -> None:
    """A kind whose records name a person is refused without the column to find them by."""
    with pytest.raises(TypeError, match="earlier"):
        replace(CLIENT, row=FundEntryRow)


def test_a_read_that_needs_a_purpose_is_audited() -> None:
    """A kind whose reads need a purpose is refused where the contract audits no reads."""
    asked = replace(FUNDS)
    vars(asked)["needs_purpose"] = True
    with pytest.raises(TypeError, match="reads_person"):
        records(asked)(type("Servicer", (), {}))
