"""What is held on a person under correction stands in encrypted bodies only, is given out whole, and can be erased."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.classification import unclassified
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.subject_service import SubjectServicer
from tests.integration.correction.supervision.conftest import CLERK, Bench
from tests.integration.servicers import DEPARTMENT
from tests.support.canaries import FORMS, MARK, is_personal, personal_fields
from tests.support.correction import RECORDS

KEEPER = replace(DEPARTMENT, roles=DEPARTMENT.roles | {"sealed_files"})
#: Texts about the person of the file, by which nobody else is looked for; all are given out and erased with the file.
FREE_TEXT = {
    "supervised_person.body.address": "beside the name and the number",
    "supervised_person.body.plan": "the plan made for the person",
    "duty.body.note": "a note on the person's own duty",
    "leave.body.destination": "where the person goes",
    "leave.body.ground": "why the person goes",
    "absconding.body.circumstances": "how the person went and was found",
    "measure.body.facts_found": "what the person did",
    "positioning.body.ground": "why the person is positioned",
    "help_act.body.note": "what was done for the person",
    "released_person.body.address": "beside the name and the number",
    "helping_agreement.body.content": "what was agreed; the helpers are found by name and telephone",
    "released_visit.body.note": "what was seen of the person",
    "placement.body.organisation": "who employs the person: an organisation, or one with a name of its own",
    "transition_grant.body.ground": "why the person gets a grant",
    "lost_contact.body.circumstances": "how the person was lost and found",
}


def marked(record: Any) -> Any:
    """Return a record whose every personal text is the mark."""
    for field in record.DESCRIPTOR.fields:
        if is_personal(field):
            setattr(record, field.name, MARK)
    return record


async def with_everything(bench: Bench) -> tuple[pb.SupervisedPerson, list[Any]]:
    """Make a person with one record of every kind besides the duties, every personal text the mark."""
    texts = {field.name: MARK for field in pb.SupervisedPerson.DESCRIPTOR.fields if is_personal(field)}
    person = await bench.under_correction(**texts)
    return person, [await bench.make(marked(make(person.name)), CLERK) for make in RECORDS.values()]


async def test_every_column_is_classified(bench: Bench) -> None:
    """What is held on a person is given out and erased, or somebody has said why it is not."""
    async with bench.store.lend(EVERYTHING) as loan:
        assert [] == await unclassified(loan.connection, bench.store.kinds, FREE_TEXT)


async def test_no_table_holds_a_personal_value_in_the_clear(bench: Bench) -> None:
    """Every personal text is kept, and found in no column, no fact, no event and no entry of the audit."""
    person, made = await with_everything(bench)
    for record in (person, *made):
        planted = [*personal_fields(record.DESCRIPTOR)]
        assert len(planted) == record.SerializeToString().count(MARK.encode())
    tables = await bench.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for table in [row["tablename"] for row in tables]:
        for row in await bench.rows(f"SELECT * FROM {table}"):  # noqa: S608 (our own tables)
            held = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row.values())
            assert not [form for form in FORMS if form in held], table


async def test_a_person_gets_everything_and_is_forgotten_without_a_trace_in_the_figures(bench: Bench) -> None:
    """One call gives the file and every record about the person; erasure leaves every fact as it was."""
    person, made = await with_everything(bench)
    bench.servicers["SubjectService"] = ("geju.common.v1.SubjectService", SubjectServicer(bench.store))
    answer = await bench.call("SubjectService/GetSubject", name=person.name)
    expected = {"supervisedPersons", "duties"} | {record.name.partition("/")[0] for record in made}
    assert expected == {record.collection for record in answer.records}
    erasure: dict[str, Any] = {"name": person.name, "reason": "保存期满"}
    assert ("FILE_OPEN", "name") == await bench.refused("SubjectService/EraseSubject", KEEPER, **erasure)
    await bench.step("EndCorrection", person.name, end_ground=pb.END_GROUND_DIED)
    before = await _facts(bench)
    await bench.call("SubjectService/EraseSubject", KEEPER, **erasure)
    assert before == await _facts(bench)
    assert "" == (await bench.read(person.name)).full_name


async def _facts(bench: Bench) -> list[Any]:
    tables = [kind.name for kind in bench.store.kinds]
    return [await bench.rows(f"SELECT id, facts FROM {table} ORDER BY id") for table in tables]  # noqa: S608 (ours)
