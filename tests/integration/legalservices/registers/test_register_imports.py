"""Registers kept in spreadsheets are taken over: firms and practitioners by the numbers that people write."""

from __future__ import annotations

from typing import Any

import pytest
from geju.common.v1 import import_pb2
from geju.legalservices.v1 import (
    advice_group_pb2,
    advised_matter_pb2,
    card_handout_pb2,
    counsel_contract_pb2,
    counsel_service_pb2,
    firm_pb2,
    firm_status_pb2,
    internship_pb2,
    key_project_pb2,
    leader_visit_pb2,
    liaison_meeting_pb2,
    liaison_rule_pb2,
    pairing_pb2,
    service_event_pb2,
    suggestion_pb2,
    symposium_pb2,
    training_pb2,
    yearly_assessment_pb2,
)

from services.chassis.context import Caller
from services.cli.kinds import get
from tests.integration.legalservices.registers.conftest import CLERK, Bench
from tests.integration.servicers import DEPARTMENT, NORTH
from tests.support.legalservices import a_firm, a_practitioner
from tests.support.records import changed, on

CREATED, UPDATED = import_pb2.ROW_OUTCOME_CREATED, import_pb2.ROW_OUTCOME_UPDATED
UNCHANGED, REJECTED = import_pb2.ROW_OUTCOME_UNCHANGED, import_pb2.ROW_OUTCOME_REJECTED
MAY = on(2012, 5, 1)


async def take_over(bench: Bench, *records: Any, caller: Caller = CLERK) -> list[import_pb2.RowVerdict]:
    """Import records of one kind, a row each."""
    kind = next(kind for kind in bench.store.kinds if kind.message is type(records[0]))
    name = type(records[0]).DESCRIPTOR.name
    rows = [{"row": at, kind.snake: record} for at, record in enumerate(records, 2)]
    plural = kind.collection[0].upper() + kind.collection[1:]
    answer = await bench.call(f"{name}Service/Import{plural}", caller, rows=rows)
    return list(answer.verdicts)


def outcomes(verdicts: list[import_pb2.RowVerdict]) -> list[Any]:
    """Return what became of rows; of a rejected one its reasons."""
    return [[error.reason for error in v.errors] if v.outcome == REJECTED else v.outcome for v in verdicts]


async def test_the_register_of_practitioners_names_firms_by_number_or_licence(bench: Bench) -> None:
    """The office's own number, the licence of a firm, or the number that another office gave it."""
    await bench.firm(key="S-1", licence_number="示例许可一")
    rows = [
        a_practitioner(key=f"Z-{at}", licence_number=f"示例证{at}号", firm=firm)
        for at, firm in enumerate(("S-1", "示例许可一", " 示例许可一", "S-9"))
    ]
    verdicts = await take_over(bench, *rows)
    assert [CREATED, CREATED, CREATED, ["UNKNOWN_REFERENCE"]] == outcomes(verdicts)
    [error] = verdicts[3].errors
    assert ("firm", "执业机构", "全区没有这个编号的法律服务机构。") == (error.field, error.label, error.message)
    assert [UNCHANGED] * 3 == outcomes(await take_over(bench, *rows[:3]))


async def test_a_register_is_taken_over_again_without_steps_of_its_own(bench: Bench) -> None:
    """A clerk's sheet brings ends that nobody had recorded; other firms, other ends and ended licences it leaves."""
    firm, other = await bench.firm(key="S-1"), await bench.firm(key="S-2")
    row = a_practitioner(key="Z-1", firm="S-1")
    assert [CREATED] == outcomes(await take_over(bench, row))
    assert [["STEP_FACT"]] == outcomes(await take_over(bench, changed(row, firm=other.name)))
    assert [["STEP_FACT"]] == outcomes(await take_over(bench, changed(row, firm=other.name), caller=NORTH))
    ended = changed(row, licensed_to_date=on(2012, 3, 31), end_ground=3, firm=firm.name)
    assert [UPDATED, UNCHANGED] == outcomes([*await take_over(bench, ended), *await take_over(bench, ended)])
    later = changed(ended, licensed_to_date=on(2012, 4, 30))
    assert [["IMPOSSIBLE_TRANSITION"]] == outcomes(await take_over(bench, later))
    assert [UPDATED] == outcomes(await take_over(bench, later, caller=NORTH))


async def test_the_rows_of_a_sheet_look_at_one_another(bench: Bench) -> None:
    """One licence twice, one village twice, one year twice: the second row is refused, a refused one takes nothing."""
    firm = await bench.firm(key="S-1")
    rows = [
        a_practitioner(key="Z-1", firm=firm.name, kind=2),
        a_practitioner(key="Z-2", firm=firm.name),
        a_practitioner(key="Z-3", firm=firm.name),
    ]
    assert [["FIRM_KIND_MISMATCH"], CREATED, ["LICENCE_TAKEN"]] == outcomes(await take_over(bench, *rows))
    contract = a_contract(key="H-1", firm="S-1", practitioner="Z-2")
    twice = await take_over(bench, changed(contract, place=""), contract, changed(contract, key="H-2"))
    assert [["VILLAGE_REQUIRED"], CREATED, ["SPAN_TAKEN"]] == outcomes(twice)
    assert [["INVALID_FIELD"], CREATED] == outcomes(
        await take_over(bench, a_firm(key="S-3", home_city="示例市"), a_firm(key="S-3", licence_number="示例许可三"))
    )


def a_contract(**fields: Any) -> counsel_contract_pb2.CounselContract:
    """Return a row of a contract of the north's first village."""
    given: dict[str, Any] = {"office": "north", "place": "north-1", "from_date": on(2012, 1, 1)}
    return counsel_contract_pb2.CounselContract(**given | fields)


async def test_the_assessments_of_the_bureau_name_subjects_of_every_office(bench: Bench) -> None:
    """By licence or number; a number that two offices gave is ambiguous."""
    there = await bench.firm(office="south", key="S-1", licence_number="示例许可二")
    await bench.firm(key="S-1")
    await bench.practitioner(there, key="Z-1", licence_number="示例证二")
    given: dict[str, Any] = {"office": "district", "year": 2011, "grade": 1, "assessed_by": "示例协会"}
    row = yearly_assessment_pb2.YearlyAssessment(**given, assessed_date=MAY)
    verdicts = await take_over(
        bench,
        changed(row, key="K-1", firm="示例许可二"),
        changed(row, key="K-2", practitioner="示例证二"),
        changed(row, key="K-3", practitioner="Z-1"),
        changed(row, key="K-4", firm="S-1"),
        changed(row, key="K-5"),
        changed(row, key="K-6", firm="示例许可二", practitioner="示例证二"),
        caller=DEPARTMENT,
    )
    expected = [CREATED, CREATED, ["ASSESSED_BEFORE"], ["AMBIGUOUS_REFERENCE"], ["ONE_SUBJECT"], ["ONE_SUBJECT"]]
    assert expected == outcomes(verdicts)


async def test_every_other_register_names_what_it_refers_to_by_number(bench: Bench) -> None:
    """One row of each kind, in the order in which they build on one another."""
    north: dict[str, Any] = {"office": "north"}
    firms = [a_firm(key="S-1"), a_firm(key="S-2", licence_number="示例许可2", kind=firm_pb2.FIRM_KIND_GRASSROOTS)]
    assert [CREATED, CREATED] == outcomes(await take_over(bench, *firms))
    member = advice_group_pb2.AdviceGroupMember(practitioner="示例证1", from_date=on(2012, 1, 1))
    rows = [
        a_practitioner(key="Z-1", firm="S-1"),
        firm_status_pb2.FirmStatus(**north, key="C-1", firm="示例许可1", kind=1, from_date=MAY),
        training_pb2.Training(**north, key="P-1", practitioner="示例证1", kind=1, held_date=MAY, hours=8),
        internship_pb2.Internship(
            **north, key="X-1", person_name="示例乙", firm="S-1", practitioner="Z-1", from_date=MAY
        ),
        a_contract(key="H-1", firm="示例许可1", practitioner="示例证1"),
        counsel_service_pb2.CounselService(**north, key="F-1", contract="H-1", kind=1, given_date=MAY),
        key_project_pb2.KeyProject(**north, key="G-1", title="示例工程", from_date=on(2012, 1, 1)),
        pairing_pb2.Pairing(**north, key="J-1", firm="S-1", partner=3, project="G-1", from_date=MAY),
        pairing_pb2.Pairing(**north, key="J-2", firm="S-1", partner=2, grassroots_firm="示例许可2", from_date=MAY),
        advice_group_pb2.AdviceGroup(
            **north, key="T-1", title="示例顾问团", kind=1, from_date=on(2012, 1, 1), members=[member]
        ),
        advised_matter_pb2.AdvisedMatter(
            **north, key="M-1", group="T-1", kind=1, advised_date=MAY, practitioners=["示例证1"]
        ),
        leader_visit_pb2.LeaderVisit(**north, key="V-1", rank=1, held_date=MAY, practitioners=["Z-1"]),
        service_event_pb2.ServiceEvent(
            **north, key="E-1", title="示例", kind=1, held_date=MAY, practitioners=["示例证1"]
        ),
        card_handout_pb2.CardHandout(
            **north, key="L-1", place="north-2", kind=1, group=2, handed_out_date=MAY, copies=50
        ),
        symposium_pb2.Symposium(**north, key="Y-1", held_date=MAY, deputies=3),
        suggestion_pb2.Suggestion(**north, key="I-1", kind=1, handed_in_date=MAY, practitioner="Z-1", symposium="Y-1"),
        liaison_meeting_pb2.LiaisonMeeting(**north, key="A-1", held_date=MAY, attendance=5),
        liaison_rule_pb2.LiaisonRule(**north, key="R-1", title="示例制度", from_date=MAY),
    ]
    for row in rows:
        for expected in (CREATED, UNCHANGED):
            assert [expected] == outcomes(await take_over(bench, row)), row.DESCRIPTOR.name
    # Several rows are written by one statement; these kinds have a column that SQL has another meaning for.
    for row in (one for one in rows if "group" in one.DESCRIPTOR.fields_by_name):
        more = [changed(row, key=f"{row.key}-{number}") for number in range(2)]
        assert [CREATED, CREATED] == outcomes(await take_over(bench, *more))


async def test_several_matters_of_one_sheet_are_written_at_once(bench: Bench) -> None:
    """They are written by one statement; one of their columns bears a name that SQL has for itself."""
    group = advice_group_pb2.AdviceGroup(
        office="north", key="T-1", title="示例顾问团", kind=1, from_date=on(2012, 1, 1)
    )
    assert [CREATED] == outcomes(await take_over(bench, group))
    matter = advised_matter_pb2.AdvisedMatter(office="north", group="T-1", kind=1, advised_date=MAY)
    verdicts = await take_over(bench, changed(matter, key="M-1"), changed(matter, key="M-2"))
    assert [CREATED, CREATED] == outcomes(verdicts)


@pytest.mark.parametrize("name", ["practitioner", "yearly_assessment", "counsel_contract", "advice_group"])
def test_the_sheet_says_how_firms_and_practitioners_are_named(name: str) -> None:
    """Whoever fills it in knows numbers, not resource names."""
    columns = get(name).columns
    named = [column for column in columns if column.field.name in {"firm", "practitioner"}]
    assert named
    assert all("编号或执业" in column.hint for column in named)
