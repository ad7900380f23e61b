"""A released person gets all that is held, the file under correction included, and can be forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from geju.correction.v1 import help_act_pb2, new_offence_pb2
from geju.correction.v1 import released_person_pb2 as pb

from services.chassis.audit_service import AuditServicer
from services.chassis.domain.errors import FileOpen
from services.chassis.subject_service import SubjectServicer
from services.correction.resettlement import reaction
from tests.integration.correction.resettlement.conftest import Bench
from tests.integration.correction.resettlement.examples import OF_A_PERSON, a
from tests.integration.correction.resettlement.test_reactions import end
from tests.integration.servicers import DEPARTMENT
from tests.unit.correction.resettlement.people import APART, on

APRIL = on(2012, 4, 1)
KEEPER = replace(DEPARTMENT, roles=DEPARTMENT.roles | {"sealed_files"})


async def known(bench: Bench) -> pb.ReleasedPerson:
    """Make a person with a file under correction and one record of every kind; another person is beside."""
    await bench.react(reaction.open_file, await end(bench))
    [made] = (await bench.call("ReleasedPersonService/ListReleasedPersons")).released_persons
    made = await bench.change("Correct", made, linked_date=APRIL, registered_date=APRIL, released_date=APRIL, **APART)
    bench.servicers["SubjectService"] = ("geju.common.v1.SubjectService", SubjectServicer(bench.store))
    for what in OF_A_PERSON:
        await bench.make(await a(bench, what, made))
    given: dict[str, Any] = {"office": "south", "person": made.name}
    await bench.make(help_act_pb2.HelpAct(**given, kind=1, given_date=on(2012, 5, 1), note="示例"))
    await bench.make(new_offence_pb2.NewOffence(**given, offence_class=1, committed_date=on(2012, 5, 1)))
    await bench.make(await a(bench, "visit", await bench.person()))
    return made


async def counted(bench: Bench) -> list[Any]:
    """Return the facts of every record."""
    tables = [kind.name for kind in bench.store.kinds]
    return [await bench.rows(f"SELECT id, facts FROM {table} ORDER BY id") for table in tables]  # noqa: S608 (ours)


async def test_a_released_person_gets_everything(bench: Bench) -> None:
    """Both files and every record about either, of every office, whichever file one begins with."""
    person = await known(bench)
    for name in (person.name, person.supervised_person):
        answer = await bench.call("SubjectService/GetSubject", name=name)
        found = {record.collection for record in answer.records}
        assert len(OF_A_PERSON) + 4 == len(answer.records) == len(found)
        assert {"supervisedPersons", "releasedPersons", "helpActs", "newOffences"} < found


async def test_a_helper_gets_the_agreements(bench: Bench) -> None:
    """Whoever helps is in somebody else's file, and is found there by name or telephone."""
    agreement = await a(bench, "agreement", await bench.person())
    agreement.helpers[0].phone = "测试电话乙"
    made = await bench.make(agreement)
    bench.servicers["AuditService"] = ("geju.common.v1.AuditService", AuditServicer(bench.store))
    for asked in ({"person_name": "测试乙"}, {"identity_number": "测试电话乙"}):
        answer = await bench.call("AuditService/GetSubjectRecords", **asked)
        assert [made.name] == [record.name for record in answer.records]


async def test_both_files_of_one_number_are_one_person_s(bench: Bench) -> None:
    """A file under correction and a released person's that do not name each other come together."""
    number = "999999199001010000"
    files = [await end(bench, id_number=number), await bench.person(id_number=number)]
    bench.servicers["SubjectService"] = ("geju.common.v1.SubjectService", SubjectServicer(bench.store))
    for file in files:
        answer = await bench.call("SubjectService/GetSubject", name=file.name)
        assert {"supervisedPersons", "releasedPersons"} <= {record.collection for record in answer.records}


async def test_an_erased_person_counts_as_before(bench: Bench) -> None:
    """Facts stay as they were to the byte; names, numbers and notes are gone."""
    person = await known(bench)
    ended = on(2012, 6, 1)
    await bench.call("ReleasedPersonService/CloseReleasedPerson", name=person.name, closed_date=ended, close_ground=2)
    before = await counted(bench)
    erased = await bench.call("SubjectService/EraseSubject", KEEPER, name=person.name, reason="保存期满")
    assert 0 < erased.erased
    assert before == await counted(bench)
    assert "" == (await bench.get(person)).full_name
    by_name = {"full_name_exact": person.full_name}
    assert [] == list((await bench.call("ReleasedPersonService/ListReleasedPersons", filter=by_name)).released_persons)


async def test_a_file_in_use_is_not_erased(bench: Bench) -> None:
    """Whichever file one begins with, and one record at a time neither: what follows from it would lack a name."""
    person = await known(bench)
    bench.servicers["AuditService"] = ("geju.common.v1.AuditService", AuditServicer(bench.store))
    for name in (person.name, person.supervised_person):
        with pytest.raises(FileOpen):
            await bench.call("SubjectService/EraseSubject", KEEPER, name=name, reason="保存期满")
    with pytest.raises(FileOpen):
        await bench.call("AuditService/EraseRecord", KEEPER, name=person.name, reason="保存期满")
    assert person.full_name == (await bench.get(person)).full_name
