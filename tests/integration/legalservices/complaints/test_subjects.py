"""A complainant gets all that is held, and is forgotten: the complaint counts on, the receipt code leads nowhere."""

from __future__ import annotations

from typing import Any

from geju.legalservices.v1 import complaint_pb2

from tests.integration.legalservices.complaints.conftest import CLERK, COMPLAINTS, HEAD, Bench
from tests.integration.servicers import DEPARTMENT
from tests.support.records import on

ERASE: dict[str, Any] = {"reason": "保存期满"}
PERSONAL = (
    "complainant_name",
    "complainant_id_number",
    "complainant_phone",
    "complainant_address",
    "narrative",
    "evidence",
    "receipt_code",
    "findings",
    "decision",
    "answer",
)


async def test_a_complainant_gets_all_complaints(bench: Bench) -> None:
    """Those of the same identity number are of one person."""
    first, second = await bench.receive(), await bench.receive(complainant_name="示例曾用名")
    await bench.receive(complainant_id_number="CS330300000002")
    answer = await bench.call("SubjectService/GetSubject", name=first.name)
    assert [first.name, second.name] == [_name(one) for one in answer.records]


async def test_an_erased_complainant_is_forgotten(bench: Bench) -> None:
    """Once archived: no name, no code, no hash of either; facts stay as they are."""
    found = await bench.concluded(3)
    code = found.receipt_code
    assert 19 == len(code)
    assert 1 == await _found(bench, code)
    await bench.step("AnswerComplaint", found, answer="示例答复", answered_date=on(2012, 5, 23))
    early = await bench.refused("SubjectService/EraseSubject", DEPARTMENT, name=found.name, **ERASE)
    assert ("FILE_OPEN", "name") == early
    await bench.step("ArchiveComplaint", found)
    before = await bench.rows("SELECT facts FROM complaint")
    assert 1 == (await bench.call("SubjectService/EraseSubject", name=found.name, **ERASE)).erased
    erased = await bench.read(found.name)
    assert not any(getattr(erased, field) for field in PERSONAL)
    assert before == await bench.rows("SELECT facts FROM complaint")
    assert 0 == await _found(bench, code)
    assert not (await bench.rows("SELECT 1 FROM search_hash"))
    named: dict[str, Any] = {"filter": {"complainant_name_exact": "示例投诉人"}}
    assert not (await bench.call(COMPLAINTS + "ListComplaints", HEAD, **named)).complaints


async def test_every_complaint_has_a_code_of_its_own(bench: Bench) -> None:
    """Set by the service, whatever was sent, and kept by every change."""
    first, second = await bench.receive(receipt_code="AAAA"), await bench.receive(receipt_code="AAAA")
    assert first.receipt_code != second.receipt_code != "AAAA"
    changed = await bench.change("Update", first, CLERK, narrative="示例二", receipt_code="AAAA")
    assert first.receipt_code == changed.receipt_code


async def _found(bench: Bench, code: str) -> int:
    hashed = bench.store.crypto.search_hash(code)
    return int((await bench.rows("SELECT count(*) FROM search_hash WHERE hash = $1", hashed))[0][0])


def _name(held: Any) -> str:
    complaint = complaint_pb2.Complaint()
    held.record.Unpack(complaint)
    return complaint.name
