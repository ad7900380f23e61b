"""The contract's options, read from descriptors."""

from __future__ import annotations

import pytest
from geju.common.v1 import audit_service_pb2
from geju.funds.v1 import fund_entry_pb2, fund_entry_service_pb2

from services.chassis.contract import erase, has_personal, label, method, search_values, searchable
from tests.integration.chassis.notes import TENSE, Note

GET = "/geju.funds.v1.FundEntryService/GetFundEntry"
SUBJECT = "/geju.common.v1.AuditService/GetSubjectRecords"


def test_a_label_is_that_of_the_innermost_field() -> None:
    """A path's label is its last field's; unknown fields have none."""
    assert label(Note.DESCRIPTOR, "persons[3].person_name") == "姓名"
    assert label(Note.DESCRIPTOR, "summary") == "摘要"
    assert label(Note.DESCRIPTOR, "taken_date.day") == "记录日期"
    assert label(Note.DESCRIPTOR, "nothing") == ""


def test_a_method_says_who_and_where() -> None:
    """A method's scope and whether it reads persons come from its access option."""
    assert [method(name).district for name in (GET, SUBJECT)] == [False, True]
    assert [method(name).access.reads_person for name in (GET, SUBJECT)] == [False, True]


def test_a_record_is_answered_in_its_response() -> None:
    """A record goes into the response's field of its type; a response stays itself; anything else is a mistake."""
    entry = fund_entry_pb2.FundEntry(name="fundEntries/1")
    answer = fund_entry_service_pb2.GetFundEntryResponse(fund_entry=entry)
    assert method(GET).answer(entry) == answer
    assert method(GET).answer(answer) is answer
    with pytest.raises(TypeError):
        method(GET).answer(audit_service_pb2.AuditEntry())


def test_personal_values_are_found_at_any_depth() -> None:
    """Searchable values of every nested message are found; kinds without any have none."""
    note = Note(persons=[{"person_name": "张某某"}, {"identity_number": "110000000000000000"}], summary="争吵")
    assert search_values(note) == ["张某某", "110000000000000000"]
    assert searchable(Note.DESCRIPTOR) == {"person_name", "identity_number"}
    assert (has_personal(Note.DESCRIPTOR), has_personal(fund_entry_pb2.FundEntry.DESCRIPTOR)) == (True, False)


def test_erasing_takes_what_is_personal_and_nothing_else() -> None:
    """Personal fields go at every depth; what they were about and how many stays; a second time there is nothing."""
    note = Note(office="north", summary="争吵", persons=[{"person_name": "张某某", "mood": TENSE}, {}])
    assert erase(note)
    assert note == Note(office="north", persons=[{"mood": TENSE}, {}])
    assert not erase(note)
