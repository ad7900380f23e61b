"""What is held on a recipient stands in encrypted bodies only, is given out whole, and can be erased."""

from __future__ import annotations

from typing import Any

import pytest
from geju.legalaid.v1 import aid_case_pb2 as pb

from services.chassis.classification import unclassified
from services.chassis.domain.errors import FileOpen
from services.chassis.storage.scopes import EVERYTHING
from tests.integration.legalaid.cases.conftest import CLERK, HEAD, SECOND, Bench
from tests.support.canaries import FORMS, MARK
from tests.support.records import on

#: Texts about the recipient, by whom they are found; all are given out and erased with the case.
FREE_TEXT = {
    "aid_case.body.address": "beside the name and the number",
    "aid_case.body.summary": "what happened to the recipient",
    "aid_case.body.monthly_income_fen": "what the recipient lives on",
    "aid_case.body.pauses.requested": "what the applicant was asked for",
    "aid_case.body.ratings.remark": "what is said of the file",
}
UUID = "0198c0de-0000-7000-8000-000000000001"
NUMBER = "999999199001010000"


def case_of(held: Any) -> pb.AidCase:
    """Return the case that was given out."""
    found = pb.AidCase()
    assert held.record.Unpack(found)
    return found


async def test_every_column_is_classified(bench: Bench) -> None:
    """What is held on a person is given out and erased, or somebody has said why it is not."""
    async with bench.store.lend(EVERYTHING) as loan:
        assert [] == await unclassified(loan.connection, bench.store.kinds, FREE_TEXT)


async def test_no_table_holds_a_personal_value_in_the_clear(bench: Bench) -> None:
    """Whatever steps wrote: in no column, no fact, no event and no entry of the audit."""
    texts: dict[str, Any] = dict.fromkeys(("person_name", "id_number", "phone", "address", "summary"), MARK)
    case = await bench.case(**texts)
    asked = {"from_date": on(2024, 3, 1), "supplement_due_date": on(2024, 3, 20), "requested": MARK}
    await bench.step("RequestSupplement", case, CLERK, **asked)
    await bench.step("RecordSupplement", case, CLERK, to_date=on(2024, 3, 4))
    await bench.step("ProvideFirst", case, CLERK, provide_first=2, practitioner="practitioners/" + UUID)
    for verb, fields in (("GrantAid", {}), ("BeginCase", {}), ("CloseCase", {"result": 1}), ("ReturnFile", {})):
        await bench.step(verb, case, CLERK, **fields)
    rated = await bench.step("RateFile", case, HEAD, grade=1, remark=MARK)
    rated = await bench.step("RateFile", case, SECOND, grade=1, remark=MARK)
    assert 8 == rated.SerializeToString().count(MARK.encode())
    tables = await bench.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for table in [row["tablename"] for row in tables]:
        for row in await bench.rows(f"SELECT * FROM {table}"):  # noqa: S608 (our own tables)
            held = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row.values())
            assert not [form for form in FORMS if form in held], table


async def test_a_recipient_gets_what_is_held_and_can_be_forgotten(bench: Bench) -> None:
    """Both cases of one number; an open one cannot be erased; facts stay to the byte; the file still goes its way."""
    case, other = await bench.closed(id_number=NUMBER), await bench.case(id_number=NUMBER, person_name="示例乙")
    answer = await bench.call("SubjectService/GetSubject", name=case.name)
    assert {case.name, other.name} == {case_of(held).name for held in answer.records}
    with pytest.raises(FileOpen):
        await bench.call("SubjectService/EraseSubject", name=case.name, reason="保存期满")
    await bench.step("WithdrawApplication", other)
    before = await bench.rows("SELECT id, facts FROM aid_case ORDER BY id")
    await bench.call("SubjectService/EraseSubject", name=case.name, reason="保存期满")
    assert before == await bench.rows("SELECT id, facts FROM aid_case ORDER BY id")
    erased = await bench.get(case)
    assert ("", "", 0) == (erased.person_name, erased.id_number, erased.monthly_income_fen)
    assert pb.AidCase.STATE_FILE_RETURNED == (await bench.step("ReturnFile", case)).state
