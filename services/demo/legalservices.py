"""Legal services as spreadsheets: which sheets there are, in the order in which they are loaded."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from google.protobuf.message import Message

from services.chassis.domain.profile import Office, Profile
from services.demo import complaints, counsel, outreach, sanctions, yearly
from services.demo.district import OfficeLife
from services.demo.firms import Firm, Practitioner, firms, statuses
from services.demo.rows import MOVED, Rows

#: Complaints a year for each practitioner.
COMPLAINTS = 0.25
QUALITY = 0.8


def lives_of(lives: Sequence[OfficeLife], seed: int) -> list[OfficeLife]:
    """Give the offices streams of their own."""
    return [replace(life, rng=random.Random(f"{seed}/{life.code}/legalservices")) for life in lives]


def bureau_of(profile: Profile, lives: Sequence[OfficeLife]) -> OfficeLife:
    """Give the bureau as a unit of its own, beside its offices: it handles complaints, runs groups, meets deputies."""
    rng = random.Random(lives[0].rng.random())
    office = Office(profile.code, profile.zh, profile.zh, "district", profile.valid_from)
    return OfficeLife(office, profile.places, 1.0, QUALITY, rng, lives[0].part)


@dataclass(frozen=True)
class Register:
    """The bureau and the firms with their people: what the demonstrations of other departments refer to as well."""

    bureau: OfficeLife
    firms: Sequence[Firm]


def register(
    profile: Profile, lives: Sequence[OfficeLife], practitioners: int, first_year: int, today: dt.date
) -> Register:
    """Invent the register; about `practitioners` are licensed in the end."""
    bureau = bureau_of(profile, lives)
    return Register(bureau, firms(lives, practitioners, first_year, today))


def sheets(invented: Register, lives: Sequence[OfficeLife], first_year: int, today: dt.date) -> Iterator[Rows]:
    """Give every sheet of a register and of what its people do."""
    bureau, found = invented.bureau, invented.firms
    people = [person for firm in found for person in firm.people]
    yield Rows("firm", "firm", [firm.row for firm in found])
    yield Rows("firm_status", "firm_status", list(statuses(found, today)))
    yield Rows("practitioner", "practitioner", [person.row for person in people])
    for rows in _after_moves(bureau, lives, found, first_year, today):
        yield replace(rows, after=MOVED)


def _after_moves(
    bureau: OfficeLife, lives: Sequence[OfficeLife], found: Sequence[Firm], first_year: int, today: dt.date
) -> Iterator[Rows]:
    """Give what refers to practitioners, who are with the firms to which they moved."""
    yield Rows(
        "yearly_assessment", "yearly_assessment", list(yearly.assessments(bureau.code, found, first_year, today))
    )
    yield Rows("training", "training", list(yearly.trainings(bureau.code, found, first_year, today)))
    yield Rows("internship", "internship", list(yearly.internships(found, first_year, today)))
    yield from _complaints(bureau, found, first_year, today)
    if bureau.part == 1:
        yield from _of_places(bureau, lives, found, first_year, today)


def _of_places(
    bureau: OfficeLife, lives: Sequence[OfficeLife], found: Sequence[Firm], first_year: int, today: dt.date
) -> Iterator[Rows]:
    """Give what goes by the bureau, its offices and villages, of which there are no more in other parts."""
    people = [person for firm in found for person in firm.people]
    yield from _discipline(bureau, lives, first_year, today)
    agreed = [(life, list(counsel.contracts(life, found, today))) for life in lives]
    yield Rows("counsel_contract", "counsel_contract", [row for _, rows in agreed for row in rows])
    given = [row for life, rows in agreed for row in counsel.services(life, rows, today)]
    yield Rows("counsel_service", "counsel_service", given)
    yield Rows("key_project", "key_project", list(counsel.projects(bureau, first_year)))
    yield Rows("pairing", "pairing", list(counsel.pairings(bureau, lives, found, first_year, today)))
    yield from _of_the_bureau(bureau, people, first_year, today)
    of_office: dict[str, Callable[[OfficeLife], Iterator[Message]]] = {
        "leader_visit": lambda life: outreach.visits(life, people, first_year, today),
        "service_event": lambda life: outreach.events(life, people, first_year, today),
        "card_handout": lambda life: outreach.cards(life, today),
    }
    for kind, give in of_office.items():
        yield Rows(kind, kind, [row for life in [bureau, *lives] for row in give(life)])


def _complaints(bureau: OfficeLife, found: Sequence[Firm], first_year: int, today: dt.date) -> Iterator[Rows]:
    working = sum(person.licensed(today) for firm in found for person in firm.people)
    received = list(complaints.complaints(bureau, found, working * COMPLAINTS, first_year, today))
    yield Rows("complaint", "complaint", received)
    taken = [*sanctions.measures(received, bureau.rng, today)]
    taken += sanctions.of_others(found, bureau.rng, first_year, today)
    yield Rows("sanction", "sanction", taken)


def _discipline(bureau: OfficeLife, lives: Sequence[OfficeLife], first_year: int, today: dt.date) -> Iterator[Rows]:
    """Give what only the discipline role may take over and see, in sheets of its own."""
    received = list(complaints.of_the_bureau(bureau, lives, first_year, today))
    yield Rows("complaint", "complaint-discipline", received)
    yield Rows("sanction", "sanction-discipline", list(sanctions.measures(received, bureau.rng, today)))


def _of_the_bureau(
    bureau: OfficeLife, people: Sequence[Practitioner], first_year: int, today: dt.date
) -> Iterator[Rows]:
    advising = list(outreach.groups(bureau, people, first_year))
    yield Rows("advice_group", "advice_group", advising)
    yield Rows("advised_matter", "advised_matter", list(outreach.matters(bureau, advising, today)))
    yield Rows("symposium", "symposium", list(outreach.symposia(bureau, first_year, today)))
    yield Rows("suggestion", "suggestion", list(outreach.suggestions(bureau, people, first_year, today)))
    yield Rows("liaison_meeting", "liaison_meeting", list(outreach.meetings(bureau, first_year, today)))
    yield Rows("liaison_rule", "liaison_rule", list(outreach.rules(bureau, first_year)))
