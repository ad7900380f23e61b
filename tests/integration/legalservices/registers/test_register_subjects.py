"""What is held on practitioners and interns stands in encrypted bodies only, is given out whole, and can be erased."""

from __future__ import annotations

from typing import Any

import pytest
from geju.legalservices.v1 import internship_pb2, practitioner_pb2, suggestion_pb2

from services.chassis.audit_service import AuditServicer
from services.chassis.classification import unclassified
from services.chassis.domain.errors import FileOpen
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.subject_service import SubjectServicer
from tests.integration.legalservices.registers.conftest import Bench
from tests.integration.legalservices.registers.test_practitioners import a_training, an_assessment, end
from tests.integration.servicers import DEPARTMENT
from tests.support.canaries import FORMS, MARK
from tests.support.records import on

NUMBER = "999999199001010000"
MAY = on(2012, 5, 1)
#: Personal texts by which nobody is looked for.
FREE_TEXT = {
    "firm.body.phone": "beside the name of the head; most often the organisation's own",
    "firm.body.address": "where the organisation has its seat",
    "internship.body.phone": "beside the name and the number",
}
#: What complaints hold is classified with their own tests.
COMPLAINTS = ("complaint.", "complaint_proposal.", "sanction.")


async def test_every_column_of_the_registers_is_classified(bench: Bench) -> None:
    """What is held on a person is given out and erased, or somebody has said why it is not."""
    async with bench.store.lend(EVERYTHING) as loan:
        found = await unclassified(loan.connection, bench.store.kinds, FREE_TEXT)
    assert [] == [column for column in found if not column.startswith(COMPLAINTS)]


async def known(bench: Bench, **fields: Any) -> practitioner_pb2.Practitioner:
    """Make a practitioner who was an intern before, with a record of every kind that names somebody as its subject."""
    lawyer = await bench.practitioner(id_number=NUMBER, **fields)
    await bench.make(
        internship_pb2.Internship(
            office="north", person_name="示例甲", id_number=NUMBER, firm=lawyer.firm, from_date=on(2007, 1, 1)
        )
    )
    await bench.make(a_training(lawyer))
    await bench.make(an_assessment(practitioner=lawyer.name))
    await bench.make(suggestion_pb2.Suggestion(office="south", kind=1, handed_in_date=MAY, practitioner=lawyer.name))
    return lawyer


async def test_a_practitioner_gets_everything(bench: Bench) -> None:
    """The record, the internship of the same person and all that names the practitioner, of every office."""
    lawyer = await known(bench)
    await bench.make(a_training(await bench.practitioner()))
    bench.servicers["SubjectService"] = ("geju.common.v1.SubjectService", SubjectServicer(bench.store))
    answer = await bench.call("SubjectService/GetSubject", name=lawyer.name)
    expected = {"practitioners", "internships", "trainings", "yearlyAssessments", "suggestions"}
    assert (expected, 5) == ({record.collection for record in answer.records}, len(answer.records))


async def test_an_erased_practitioner_counts_as_before(bench: Bench) -> None:
    """Only once the licence has ended; the facts stay as they were to the byte."""
    lawyer = await known(bench, phone="示例电话", licence_number="示例证九")
    bench.servicers["SubjectService"] = ("geju.common.v1.SubjectService", SubjectServicer(bench.store))
    erasure = {"name": lawyer.name, "reason": "保存期满"}
    with pytest.raises(FileOpen) as refused:
        await bench.call("SubjectService/EraseSubject", **erasure)
    assert "执业人员档案" in refused.value.message
    await end(bench, lawyer)
    before = await facts_of(bench)
    await bench.call("SubjectService/EraseSubject", **erasure)
    assert before == await facts_of(bench)
    erased = await bench.get(lawyer)
    assert ["", "", "", ""] == [erased.person_name, erased.id_number, erased.phone, erased.licence_number]
    by_licence = {"licence_number_exact": "示例证九"}
    assert [] == list((await bench.call("PractitionerService/ListPractitioners", filter=by_licence)).practitioners)


async def facts_of(bench: Bench) -> list[Any]:
    """Return the facts of every record."""
    tables = [kind.name for kind in bench.store.kinds]
    return [await bench.rows(f"SELECT id, facts FROM {table} ORDER BY id") for table in tables]  # noqa: S608 (ours)


async def test_the_head_of_a_firm_gets_what_names_the_head(bench: Bench) -> None:
    """A firm is nobody's file; who heads it is found by name, and so is a one-lawyer firm by its licence."""
    firm = await bench.firm(head="示例负责人", licence_number="示例许可九")
    bench.servicers["AuditService"] = ("geju.common.v1.AuditService", AuditServicer(bench.store))
    for asked in ({"person_name": "示例负责人"}, {"identity_number": "示例许可九"}):
        answer = await bench.call("AuditService/GetSubjectRecords", **asked)
        assert [firm.name] == [record.name for record in answer.records]
    await bench.call("AuditService/EraseRecord", DEPARTMENT, name=firm.name, reason="本人申请")
    assert "" == (await bench.get(firm)).head


async def test_no_table_holds_a_personal_value_in_the_clear(bench: Bench) -> None:
    """Names, numbers and telephones are in no column, no fact, no event and no entry of the audit."""
    firm = await bench.firm(head=MARK, phone=MARK, address=MARK, licence_number=MARK)
    await bench.practitioner(firm, person_name=MARK, phone=MARK, licence_number=MARK, id_number=MARK)
    given: dict[str, Any] = {"office": "north", "firm": firm.name, "from_date": MAY}
    await bench.make(internship_pb2.Internship(**given, person_name=MARK, phone=MARK, id_number=MARK))
    for row in await bench.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        table = row["tablename"]
        for stored in await bench.rows(f"SELECT * FROM {table}"):  # noqa: S608 (our own tables)
            held = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in stored.values())
            assert not [form for form in FORMS if form in held], table
