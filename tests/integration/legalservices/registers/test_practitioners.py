"""Practitioners over the store: one licence, one record, firm after firm; and what is recorded of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from geju.legalservices.v1 import (
    facts_pb2,
    firm_pb2,
    internship_pb2,
    practitioner_pb2,
    training_pb2,
    yearly_assessment_pb2,
)

from services.chassis.domain.errors import (
    AlreadyRecorded,
    BadReference,
    DateOrder,
    ImpossibleTransition,
    InvalidField,
    NotFound,
    UnknownReference,
)
from services.legalservices.domain.registers.errors import (
    AssessedBefore,
    FirmKindMismatch,
    LicenceStep,
    LicenceTaken,
    NotLicensed,
    NotLicensedInYear,
    OneSubject,
    OtherFirm,
    OutsideLicence,
    RecordInUse,
    SameFirm,
)
from tests.integration.legalservices.registers.conftest import CLERK, Bench
from tests.integration.servicers import DEPARTMENT, NORTH, SOUTH
from tests.support.records import changed, on, ref

GRASSROOTS = {"kind": firm_pb2.FIRM_KIND_GRASSROOTS}


async def end(bench: Bench, record: Any, **fields: Any) -> practitioner_pb2.Practitioner:
    """End a licence on 31 March 2012 unless another day is given."""
    given = {"licensed_to_date": on(2012, 3, 31), "end_ground": practitioner_pb2.LICENCE_END_GROUND_RETIRED}
    answer = await bench.call("PractitionerService/EndLicence", name=record.name, **given | fields)
    return answer.practitioner  # type: ignore[no-any-return]


async def move(bench: Bench, record: Any, firm: Any, **fields: Any) -> practitioner_pb2.Practitioner:
    """Move a practitioner to another firm."""
    answer = await bench.call("PractitionerService/TransferPractitioner", name=record.name, firm=firm.name, **fields)
    return answer.practitioner  # type: ignore[no-any-return]


async def test_the_facts_say_who_is_licensed_where_and_when(bench: Bench) -> None:
    """Kind, firm, office and days, by which other services count."""
    lawyer = await bench.practitioner(deputy=True)
    [facts] = await bench.facts("practitioner", facts_pb2.PractitionerFacts)
    assert (lawyer.firm[6:], "north", 1, True) == (facts.firm, facts.office, facts.kind, facts.deputy)
    assert on(2008, 1, 1) == facts.licensed_from_date
    await end(bench, lawyer)
    [facts] = await bench.facts("practitioner", facts_pb2.PractitionerFacts)
    assert (on(2012, 3, 31), 3) == (facts.licensed_to_date, facts.end_ground)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"kind": practitioner_pb2.PRACTITIONER_KIND_NOTARY}, FirmKindMismatch),
        ({"licensed_from_date": on(2004, 12, 31)}, OutsideLicence),
        ({"first_practised_date": on(2009, 1, 1)}, DateOrder),
        ({"licensed_to_date": on(2012, 1, 1)}, InvalidField),
        ({"end_ground": 1}, InvalidField),
        ({"office": "south"}, InvalidField),
        ({"firm": ref("firms", 9)}, UnknownReference),
        ({"firm": "示例律师事务所"}, BadReference),
    ],
)
async def test_a_practitioner_fits_the_firm(bench: Bench, fields: Any, error: Any) -> None:
    """In kind, days and office."""
    firm = await bench.firm()
    with pytest.raises(error):
        await bench.practitioner(firm, **fields)
    assert 0 == await bench.count("practitioner")


async def test_one_licence_is_one_record_of_the_district(bench: Bench) -> None:
    """Another office does not enter the same lawyer again."""
    lawyer = await bench.practitioner()
    elsewhere = await bench.firm(office="south")
    with pytest.raises(LicenceTaken):
        await bench.practitioner(elsewhere, licence_number=lawyer.licence_number)
    await bench.practitioner(elsewhere, phone=lawyer.licence_number)
    twice = [bench.practitioner(elsewhere, licence_number="示例证双") for _ in range(2)]
    outcomes = await asyncio.gather(*twice, return_exceptions=True)
    assert [LicenceTaken] == [type(one) for one in outcomes if isinstance(one, Exception)]
    assert lawyer == await bench.get(lawyer, SOUTH)


async def test_other_offices_read_what_is_public(bench: Bench) -> None:
    """The number of the papers and the telephone are for the record's office, to be read and to be found by."""
    private: dict[str, Any] = {"id_number": "示例证件1", "phone": "示例电话1"}
    lawyer = await bench.practitioner(**private)
    await bench.practitioner(**private)
    public = changed(lawyer, **dict.fromkeys(private, ""))

    async def found(caller: Any, **wanted: Any) -> tuple[list[Any], str]:
        answer = await bench.call("PractitionerService/ListPractitioners", caller, page_size=1, filter=wanted)
        return list(answer.practitioners), answer.next_page_token

    for caller, seen in ((NORTH, lawyer), (DEPARTMENT, lawyer), (SOUTH, public)):
        assert seen == await bench.get(lawyer, caller)
        for field in ("person_name", "licence_number"):
            wanted = {"firm": lawyer.firm[6:], f"{field}_exact": getattr(lawyer, field)}
            assert ([seen], "") == await found(caller, **wanted)
    both = {"licence_number_exact": lawyer.licence_number, "id_number_exact": "示例证件1"}
    for wanted in ({"id_number_exact": "示例证件1"}, {"person_name_exact": "示例电话1"}, both):
        assert (await found(NORTH, **wanted))[0]
        assert ([], "") == await found(SOUTH, **wanted)


async def test_a_transfer_keeps_the_earlier_stay_and_moves_the_record(bench: Bench) -> None:
    """Firm and office are new, the former term ends the day before."""
    lawyer, there = await bench.practitioner(key="L-1"), await bench.firm(office="south")
    await bench.practitioner(there, key="L-1")
    moved = await move(bench, lawyer, there, from_date=on(2012, 5, 1))
    assert ("south", there.name, "") == (moved.office, moved.firm, moved.key)
    [term] = moved.former_terms
    assert (lawyer.firm, on(2008, 1, 1), on(2012, 4, 30)) == (term.firm, term.from_date, term.to_date)
    with pytest.raises(NotFound):
        await bench.change("Update", lawyer, NORTH, phone="示例电话")
    with pytest.raises(RecordInUse):
        await bench.delete(there)


async def test_a_transfer_is_refused_where_it_cannot_be(bench: Bench) -> None:
    """To the same firm, to one of another kind or not licensed then, before the stay began, after the end."""
    lawyer = await bench.practitioner()
    late = await bench.firm(licensed_from_date=on(2012, 5, 1))
    cases: list[tuple[Any, Any, Any]] = [
        (firm_pb2.Firm(name=lawyer.firm), {}, SameFirm),
        (await bench.firm(**GRASSROOTS), {}, FirmKindMismatch),
        (late, {"from_date": on(2012, 4, 30)}, OutsideLicence),
        (late, {"from_date": on(2008, 1, 1)}, DateOrder),
        (late, {"from_date": on(2007, 1, 1)}, NotLicensed),
        (firm_pb2.Firm(name=ref("firms", 9)), {}, UnknownReference),
    ]
    for firm, fields, error in cases:
        with pytest.raises(error):
            await move(bench, lawyer, firm, **fields)
    await end(bench, lawyer)
    with pytest.raises(NotLicensed):
        await move(bench, lawyer, late)


async def test_a_transfer_in_error_is_corrected_away(bench: Bench) -> None:
    """Corrected back to the firm before, the stay goes on as if nothing had been."""
    lawyer, there = await bench.practitioner(), await bench.firm(office="south")
    await move(bench, lawyer, there, from_date=on(2012, 5, 1))
    back = await bench.change("Correct", lawyer, firm=lawyer.firm, office="north")
    assert ([], lawyer.firm, "north") == (list(back.former_terms), back.firm, back.office)
    again = await move(bench, lawyer, there, from_date=on(2012, 5, 1))
    with pytest.raises(DateOrder):
        await bench.change("Correct", again, licensed_from_date=on(2012, 5, 1))
    earlier = await bench.change("Correct", again, licensed_from_date=on(2007, 1, 1))
    assert on(2007, 1, 1) == earlier.former_terms[0].from_date


async def test_steps_are_not_filled_in_by_hand(bench: Bench) -> None:
    """Firm and end are changed by transferring, ending and correcting only."""
    lawyer, other = await bench.practitioner(), await bench.firm()
    for fields in ({"firm": other.name}, {"licensed_to_date": on(2012, 3, 1), "end_ground": 1}):
        with pytest.raises(LicenceStep):
            await bench.change("Update", lawyer, CLERK, **fields)
    ended = await end(bench, lawyer)
    with pytest.raises(AlreadyRecorded):
        await end(bench, lawyer)
    with pytest.raises(ImpossibleTransition):
        await bench.change("Update", ended, phone="示例电话")
    other_day = await bench.change("Correct", ended, NORTH, licensed_to_date=on(2012, 2, 29))
    assert on(2012, 2, 29) == other_day.licensed_to_date


async def test_whom_others_name_is_not_deleted(bench: Bench) -> None:
    """A training keeps its practitioner; without it the record goes."""
    lawyer = await bench.practitioner()
    made = await bench.make(a_training(lawyer))
    with pytest.raises(RecordInUse):
        await bench.delete(lawyer)
    await bench.delete(made)
    await bench.delete(lawyer)


def a_training(lawyer: Any, **fields: Any) -> training_pb2.Training:
    """Return 20 hours of training."""
    given: dict[str, Any] = {"office": lawyer.office, "practitioner": lawyer.name, "kind": 1}
    return training_pb2.Training(**given | {"held_date": on(2012, 3, 1), "hours": 20} | fields)


def an_assessment(**fields: Any) -> yearly_assessment_pb2.YearlyAssessment:
    """Return an assessment of 2011, excellent."""
    given: dict[str, Any] = {"office": "north", "year": 2011, "grade": 1}
    given |= {"assessed_date": on(2012, 3, 1), "assessed_by": "示例协会"}
    return yearly_assessment_pb2.YearlyAssessment(**given | fields)


async def test_training_is_of_somebody_licensed(bench: Bench) -> None:
    """Recorded by the practitioner's office or the bureau, on a day of the licence."""
    lawyer = await bench.practitioner()
    for fields, error in (({"held_date": on(2007, 1, 1)}, NotLicensed), ({"office": "south"}, InvalidField)):
        with pytest.raises(error):
            await bench.make(a_training(lawyer, **fields))
    await bench.make(a_training(lawyer), CLERK)
    await bench.make(a_training(lawyer, office="district"))
    facts = await bench.facts("training", facts_pb2.TrainingFacts)
    assert [(lawyer.name[14:], 20)] * 2 == [(one.practitioner, one.hours) for one in facts]


async def test_an_assessment_is_of_one_subject_once_a_year(bench: Bench) -> None:
    """A firm or a practitioner, licensed in the year; the second one of a year is refused, whoever enters it."""
    lawyer = await bench.practitioner()
    for who in ({"firm": lawyer.firm}, {"practitioner": lawyer.name}):
        made = await bench.make(an_assessment(**who), CLERK)
        with pytest.raises(AssessedBefore):
            await bench.make(an_assessment(**who, office="district"))
        await bench.change("Update", made, grade=2)
        with pytest.raises(NotLicensedInYear):
            await bench.make(an_assessment(**who, year=2004))
    for who in ({}, {"firm": lawyer.firm, "practitioner": lawyer.name}):
        with pytest.raises(OneSubject):
            await bench.make(an_assessment(**who))
    with pytest.raises(DateOrder):
        await bench.make(an_assessment(firm=lawyer.firm, year=2012, assessed_date=on(2011, 12, 31)))


async def test_an_internship_lies_in_the_licence_with_a_guide_of_the_firm(bench: Bench) -> None:
    """The guide may be unknown."""
    lawyer, stranger = await bench.practitioner(), await bench.practitioner()
    given: dict[str, Any] = {"office": "north", "person_name": "示例实习生", "firm": lawyer.firm}
    given |= {"from_date": on(2012, 3, 1), "to_date": on(2013, 2, 28)}
    for fields, error in (
        ({"practitioner": stranger.name}, OtherFirm),
        ({"from_date": on(2004, 1, 1)}, OutsideLicence),
        ({"to_date": on(2011, 1, 1)}, DateOrder),
        ({"office": "west"}, InvalidField),
    ):
        with pytest.raises(error):
            await bench.make(internship_pb2.Internship(**given | fields))
    await bench.make(internship_pb2.Internship(**given), CLERK)
    await bench.make(internship_pb2.Internship(**given, practitioner=lawyer.name), CLERK)
    assert 2 == await bench.count("internship")
