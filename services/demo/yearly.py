"""What comes round every year for firms and practitioners: assessments, trainings, interns."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from geju.legalservices.v1 import (
    internship_service_pb2,
    training_pb2,
    training_service_pb2,
    yearly_assessment_pb2,
    yearly_assessment_service_pb2,
)

from services.chassis.domain.dates import set_date
from services.demo.district import OfficeLife
from services.demo.firms import LAWYER, Firm, Practitioner, someone
from services.demo.people import choose
from services.demo.supervised import DAY

_A, _T = yearly_assessment_pb2, training_pb2
GRADES = {
    _A.YEARLY_GRADE_EXCELLENT: 12, _A.YEARLY_GRADE_COMPETENT: 80, _A.YEARLY_GRADE_BASIC: 6, _A.YEARLY_GRADE_FAILED: 2,
}  # fmt: skip
KINDS = {
    _T.TRAINING_KIND_ETHICS: 20, _T.TRAINING_KIND_PRACTICE: 50, _T.TRAINING_KIND_LAW: 25, _T.TRAINING_KIND_OTHER: 5,
}  # fmt: skip
BY_ASSOCIATION, BY_BUREAU = "示例律师协会", "示例司法局"
#: The hours of one course that is meant to fill the year, and of the courses of those who take several.
WHOLE, PARTS = (40, 40, 40, 42, 44, 48), (8, 12, 16, 20, 24)
INTERNS = 14


def assessments(
    bureau: str, firms: Sequence[Firm], first_year: int, today: dt.date
) -> Iterator[yearly_assessment_service_pb2.YearlyAssessmentImportRow]:
    """Give the assessments, nearly complete: they are done in the last weeks of the year, some in the next year."""
    for firm in firms:
        subjects: list[Firm | Practitioner] = [firm, *firm.people]
        for subject in subjects:
            for year in range(first_year, today.year + 1):
                assessed = dt.date(year, 11, 20) + firm.life.rng.randrange(30) * DAY
                if firm.life.chance(firm.life.better(0.06, 0.01)):
                    assessed = dt.date(year + 1, 2, 1) + firm.life.rng.randrange(60) * DAY
                if subject.licensed(dt.date(year, 12, 1)) and assessed <= today and not firm.life.chance(0.004):
                    yield _assessment(bureau, firm, subject, year, assessed)


def _assessment(
    bureau: str, firm: Firm, subject: Firm | Practitioner, year: int, assessed: dt.date
) -> yearly_assessment_service_pb2.YearlyAssessmentImportRow:
    row = yearly_assessment_service_pb2.YearlyAssessmentImportRow()
    assessment = row.yearly_assessment
    assessment.key = f"K{year}-{subject.record.key}"
    assessment.year, assessment.grade = year, choose(firm.life, GRADES)
    assessment.assessed_by = BY_ASSOCIATION if firm.of_lawyers else BY_BUREAU
    if isinstance(subject, Firm):
        assessment.office, assessment.firm = firm.life.code, subject.number
    else:
        assessment.office, assessment.practitioner = _unit(bureau, subject), subject.licence
    set_date(assessment.assessed_date, assessed)
    return row


def _unit(bureau: str, person: Practitioner) -> str:
    """Return who keeps the books of a practitioner: the bureau, of those who change from office to office."""
    return bureau if person.moving else person.life.code


def trainings(
    bureau: str, firms: Sequence[Firm], first_year: int, today: dt.date
) -> Iterator[training_service_pb2.TrainingImportRow]:
    """Give the trainings: most take one course of forty hours, others several that are more or less than that."""
    for person in (person for firm in firms for person in firm.people):
        rng = person.life.rng
        for year in range(first_year, today.year + 1):
            hours = _hours(person, rng)
            for number, length in enumerate(hours, 1):
                held = dt.date(year, 3, 1) + rng.randrange(285) * DAY
                if held <= today and person.licensed(held):
                    yield _training(
                        _unit(bureau, person), person, f"X{year}-{person.record.key}-{number}", held, length
                    )


def _hours(person: Practitioner, rng: random.Random) -> list[int]:
    if person.life.chance(person.life.better(0.7, 0.9)):
        return [rng.choice(WHOLE)]
    return [rng.choice(PARTS) for _ in range(rng.randint(0, 3))]


def _training(
    office: str, person: Practitioner, key: str, held: dt.date, hours: int
) -> training_service_pb2.TrainingImportRow:
    row = training_service_pb2.TrainingImportRow()
    training = row.training
    training.office, training.key, training.practitioner = office, key, person.licence
    training.kind, training.hours, training.topic = choose(person.life, KINDS), hours, "演示:业务培训"
    set_date(training.held_date, held)
    return row


def internships(
    firms: Sequence[Firm], first_year: int, today: dt.date
) -> Iterator[internship_service_pb2.InternshipImportRow]:
    """Give the interns of law firms; each stays for a year."""
    lawyers = [p for firm in firms if firm.of_lawyers for p in firm.people if p.record.kind == LAWYER and not p.moving]
    rng = random.Random(f"{len(lawyers)}/interns")
    for year in range(first_year, today.year + 1):
        for number in range(1, INTERNS + year - first_year + 1):
            first = dt.date(year, rng.choice([3, 7, 9]), 1)
            guide = someone(rng, lawyers, first)
            # Who guides stays as long as the intern.
            if guide and guide.licensed(first + 365 * DAY):
                yield _internship(guide, f"{guide.life.mark}S{year}-{number:02d}", first, rng)


def _internship(
    guide: Practitioner, key: str, first: dt.date, rng: random.Random
) -> internship_service_pb2.InternshipImportRow:
    life: OfficeLife = guide.life
    row = internship_service_pb2.InternshipImportRow()
    intern = row.internship
    intern.office, intern.key, intern.person_name = life.code, key, f"示例{life.person()}"
    intern.phone = f"000-{rng.randrange(10**7):07d}"
    intern.id_number = f"{life.region}{first.year - rng.randint(23, 30)}0131{rng.randrange(10**4):04d}"
    intern.firm, intern.practitioner = guide.firm.number, guide.licence
    set_date(intern.from_date, first)
    set_date(intern.to_date, first + 364 * DAY)
    return row
