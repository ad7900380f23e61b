"""What happens to firms, practitioners, their assessments, trainings and internships."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from geju.legalservices.v1 import (
    firm_pb2,
    firm_status_pb2,
    internship_pb2,
    practitioner_pb2,
    training_pb2,
    yearly_assessment_pb2,
)

from services.chassis.domain.dates import from_date, to_date
from tests.support.story import EARLIEST, Teller

BEGINNING = from_date(date(2009, 6, 1))
YEARS = range(2009, 2013)
LAWYER = practitioner_pb2.PRACTITIONER_KIND_LAWYER
#: What practitioners of a firm of a kind are.
PEOPLE: Mapping[int, int] = {
    firm_pb2.FIRM_KIND_PARTNERSHIP: LAWYER,
    firm_pb2.FIRM_KIND_INDIVIDUAL: LAWYER,
    firm_pb2.FIRM_KIND_OUTSIDE_BRANCH: LAWYER,
    firm_pb2.FIRM_KIND_GRASSROOTS: practitioner_pb2.PRACTITIONER_KIND_GRASSROOTS,
    firm_pb2.FIRM_KIND_NOTARY_OFFICE: practitioner_pb2.PRACTITIONER_KIND_NOTARY,
}
LAW_FIRMS = frozenset(kind for kind, people in PEOPLE.items() if people == LAWYER)


async def begin(t: Teller) -> None:
    """Give every office a law firm with two lawyers, a grassroots office and a notary office with one each."""
    for office in t.profile.offices:
        for kind in (firm_pb2.FIRM_KIND_PARTNERSHIP, firm_pb2.FIRM_KIND_GRASSROOTS, firm_pb2.FIRM_KIND_NOTARY_OFFICE):
            firm = await t.make(_firm(t, office.code, kind, BEGINNING))
            assert firm is not None, t.refused
            for _ in range(1 + (kind in LAW_FIRMS)):
                assert await t.make(_practitioner(t, firm, BEGINNING)) is not None, t.refused


def licensed(record: Any) -> bool:
    """Tell whether the licence of a firm or practitioner has not ended."""
    return not record.HasField("licensed_to_date")


def firms(t: Teller, *kinds: int) -> Sequence[Any]:
    """Return the firms of these kinds that are licensed."""
    return t.of("firms", lambda firm: licensed(firm) and firm.kind in kinds)


def number(t: Teller) -> str:
    """Make up a number of a licence."""
    return f"示例证{t.chance.getrandbits(60):x}"


def _firm(t: Teller, office: str, kind: int, since: Any) -> firm_pb2.Firm:
    home = "示例市" if kind == firm_pb2.FIRM_KIND_OUTSIDE_BRANCH else ""
    return firm_pb2.Firm(office=office, name_zh="示例机构", kind=kind, licence_number=number(t), head="示例负责人",
                         phone="示例电话", address="示例地址", home_city=home, licensed_from_date=since)  # fmt: skip


def _practitioner(t: Teller, firm: Any, since: Any) -> practitioner_pb2.Practitioner:
    return practitioner_pb2.Practitioner(
        office=firm.office, firm=firm.name, kind=PEOPLE[firm.kind], person_name="示例甲", id_number="示例证件号",
        phone="示例电话", licence_number=number(t), licensed_from_date=since, deputy=t.likely(0.2),
    )  # fmt: skip


async def found(t: Teller) -> None:
    """License a firm."""
    await t.make(_firm(t, t.office(), t.value(firm_pb2.FirmKind), t.day()))


async def license_person(t: Teller) -> None:
    """License a practitioner."""
    firm = t.some(t.of("firms"))
    await t.make(_practitioner(t, firm, t.day(firm.licensed_from_date, most=500)))


async def award(t: Teller) -> None:
    """Give a firm a status, end one, or delete one."""
    statuses = t.of("firmStatuses")
    if statuses and t.likely(0.3):
        status = t.some(statuses)
        if t.likely(0.3):
            await t.drop(status)
        else:
            await t.change(status, to_date=t.until(status.from_date, 0, 400))
        return
    firm, kind = t.some(t.of("firms")), t.value(firm_status_pb2.FirmStatusKind)
    since = t.day(firm.licensed_from_date, most=600)
    await t.make(firm_status_pb2.FirmStatus(office=firm.office, firm=firm.name, kind=kind, from_date=since))


async def assess(t: Teller) -> None:
    """Assess a firm or a practitioner for a year; correct or delete a result."""
    results = t.of("yearlyAssessments")
    if results and t.likely(0.2):
        result = t.some(results)
        if t.likely(0.5):
            await t.drop(result)
        else:
            await t.change(result, corrected=True, assessed_date=t.day(date(result.year, 1, 1), most=700))
        return
    subject, year = t.some([*t.of("firms"), *t.of("practitioners")]), t.some(YEARS)
    field = "firm" if subject.name.startswith("firms/") else "practitioner"
    grade = t.value(yearly_assessment_pb2.YearlyGrade)
    made = yearly_assessment_pb2.YearlyAssessment(
        office=subject.office, year=year, grade=grade, assessed_by="示例局",
        assessed_date=t.day(date(year, 1, 1), most=600), **{field: subject.name},
    )  # fmt: skip
    await t.make(made)


async def train(t: Teller) -> None:
    """Train a practitioner, in hours of which two make up a year's; correct or delete a training."""
    trainings = t.of("trainings")
    if trainings and t.likely(0.2):
        training = t.some(trainings)
        if t.likely(0.5):
            await t.drop(training)
        else:
            await t.change(training, corrected=True, hours=t.chance.randrange(1, 60))
        return
    person, kind = t.some(t.of("practitioners")), t.value(training_pb2.TrainingKind)
    held = t.day(person.licensed_from_date, most=1000)
    hours = t.chance.randrange(1, 50)
    await t.make(training_pb2.Training(office=person.office, practitioner=person.name, kind=kind, held_date=held,
                                       hours=hours))  # fmt: skip


async def take_intern(t: Teller) -> None:
    """Begin an internship with a firm, end or delete one."""
    internships = t.of("internships")
    if internships and t.likely(0.3):
        internship = t.some(internships)
        if t.likely(0.3):
            await t.drop(internship)
        else:
            await t.change(internship, to_date=t.until(internship.from_date, 0, 400))
        return
    guide = t.some(t.of("practitioners"))
    since = t.day(guide.licensed_from_date, most=700)
    made = internship_pb2.Internship(office=guide.office, firm=guide.firm, from_date=since, person_name="示例乙",
                                     id_number="示例证件号", phone="示例电话")  # fmt: skip
    if t.likely(0.5):
        made.practitioner = guide.name
    await t.make(made)


async def transfer(t: Teller) -> None:
    """Move a practitioner to another firm, of whatever office."""
    person = t.some(t.of("practitioners"))
    others = t.of("firms", lambda firm: PEOPLE[firm.kind] == person.kind and firm.name != person.firm)
    if others:
        on = t.day(person.licensed_from_date, *(term.to_date for term in person.former_terms), most=400)
        firm = t.some(others).name
        await t.tell("PractitionerService/TransferPractitioner", name=person.name, firm=firm, from_date=on)


async def end(t: Teller) -> None:
    """End a licence of somebody, as long as enough are left; close a firm that nobody is with."""
    people = t.of("practitioners", licensed)
    if t.likely(0.3):
        idle = t.of("firms", lambda one: licensed(one) and not any(p.firm == one.name for p in people))
        firm = t.some(idle or t.of("firms"))
        await t.tell("FirmService/CloseFirm", name=firm.name, licensed_to_date=t.day(firm.licensed_from_date, most=900))
    elif len(people) > 4 * len(t.profile.offices):
        person, ground = t.some(people), t.value(practitioner_pb2.LicenceEndGround)
        on = t.day(person.licensed_from_date, *(term.to_date for term in person.former_terms), most=700)
        ended = await t.tell("PractitionerService/EndLicence", name=person.name, licensed_to_date=on, end_ground=ground)
        for contract in t.of("counselContracts", lambda one: ended is not None and one.practitioner == person.name):
            await t.look(contract.name)


async def correct(t: Teller) -> None:
    """Correct or delete what the register says of somebody or of a firm."""
    person, firm = t.some(t.of("practitioners")), t.some(t.of("firms"))
    if t.likely(0.15):
        await t.drop(t.some([person, firm]))
    elif t.likely(0.2):
        await move(t, firm)
    elif t.likely(0.2):
        await t.change(firm, corrected=True, licensed_to_date=None)
    elif t.likely(0.3):
        await t.change(person, corrected=True, licensed_to_date=None, end_ground=None)
    else:
        await t.change(person, corrected=True, licensed_from_date=t.day(person.licensed_from_date, most=30))


async def move(t: Teller, firm: Any) -> None:
    """Move the seat of a firm: who practises there, and its statuses, go along."""
    moved = await t.change(firm, corrected=True, office=t.office())
    if moved is not None:
        for one in t.of("practitioners", lambda one: one.firm == firm.name):
            await t.look(one.name)
        for one in t.of("firmStatuses", lambda one: one.firm == firm.name):
            await t.look(one.name)


def practising(t: Teller, *kinds: int) -> tuple[Any, Any]:
    """Choose somebody who practises and a day on which he does; of these kinds, if any are named."""
    there = t.of("practitioners", lambda one: licensed(one) or to_date(one.licensed_to_date) >= EARLIEST)
    person = t.some([one for one in there if not kinds or one.kind in kinds])
    last = to_date(person.licensed_to_date) or t.today
    chosen = to_date(t.day(person.licensed_from_date, EARLIEST, most=500)) or t.today
    return person, from_date(min(chosen, last))


STEPS: Sequence[Callable[..., Any]] = (
    found, license_person, award, assess, assess, train, take_intern, transfer, end, correct,
)  # fmt: skip
