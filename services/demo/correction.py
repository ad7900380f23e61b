"""Correction and resettlement as spreadsheets: which sheets there are, in the order in which they are loaded."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from google.protobuf.message import Message

from services.chassis.domain.profile import Profile
from services.demo import aftercare, incidents, monthly, released, rounds, staff, supervised
from services.demo.amount import WHOLE, Part
from services.demo.district import OfficeLife, of_part
from services.demo.released import Released
from services.demo.rows import CLOSED, OPENED, Rows
from services.demo.supervised import SERVED, Supervised

MONTHS = 12
#: Released from prison for each person taken over.
FROM_PRISON = 0.79
ENTERED_LATE = 0.006
KNOWN_LATE = 0.4
LOST_FOR_EACH = 35


@dataclass
class People:
    """Everybody whom the department looks after."""

    supervised: list[Supervised] = field(default_factory=list)
    released: list[Released] = field(default_factory=list)
    opened: list[Released] = field(default_factory=list)


def lives_of(lives: Sequence[OfficeLife], seed: int) -> list[OfficeLife]:
    """Give the offices streams of their own: what mediation draws and what this draws do not depend on one another."""
    return [replace(life, rng=random.Random(f"{seed}/{life.code}/correction")) for life in lives]


def sheets(
    profile: Profile, lives: Sequence[OfficeLife], persons: float, span: tuple[int, dt.date], part: Part = WHOLE
) -> Iterator[Rows]:
    """Give every sheet; about `persons` persons a year are taken over."""
    first_year, today = span
    if part.first:
        yield from _registers(profile, lives, first_year, today)
    lives = of_part(lives, part)
    funds = list(rounds.budgets(profile, "correction", first_year, today, lives[0].mark))
    yield Rows("correction.fund_entry", "correction-fund_entry", funds)
    people = _people(lives, persons, first_year, today)
    yield from _under_correction(profile, people.supervised, today)
    yield from _by_year("released_person", people.released, lambda p: p.record.released_date.year)
    yield Rows("released_person", "released_person-opened", [p.row for p in people.opened], OPENED)
    late: dict[str, list[Message]] = defaultdict(list)
    for rows in _after_release(lives, [*people.released, *people.opened], first_year, today):
        yield replace(rows, rows=_part(rows, late), after=OPENED)
    for kind, entered in late.items():
        yield Rows(kind, f"{kind}-late", entered, CLOSED)


def _registers(profile: Profile, lives: Sequence[OfficeLife], first_year: int, today: dt.date) -> Iterator[Rows]:
    of_office: dict[str, Callable[[OfficeLife], Iterator[Message]]] = {
        "correction_officer": lambda life: staff.officers(life, first_year, today),
        "correction_volunteer": lambda life: staff.volunteers(life, first_year, today),
        "resettlement_base": lambda life: staff.bases(life, first_year),
    }
    for kind, give in of_office.items():
        yield Rows(kind, kind, [row for life in lives for row in give(life)])
    of_district: dict[str, Callable[..., Iterator[Message]]] = {
        "emergency_plan": staff.plans,
        "emergency_drill": staff.drills,
        "member_unit_meeting": staff.meetings,
        "situation_survey": staff.surveys,
    }
    for kind, of in of_district.items():
        yield Rows(kind, kind, list(of(profile, first_year, today)))


def _people(lives: Sequence[OfficeLife], persons: float, first_year: int, today: dt.date) -> People:
    people, whole = People(), sum(life.share for life in lives)
    per_month = persons / MONTHS / whole
    for life in lives:
        people.supervised += supervised.persons(life, per_month, first_year, today)
        people.released += released.from_prison(life, per_month * FROM_PRISON, first_year, today, lives)
    incidents.lose(people.supervised, max(1, round(persons / LOST_FOR_EACH)), today)
    served = (p for p in people.supervised if p.ended and p.record.end_ground in SERVED)
    people.opened = [released.of_correction(person, today) for person in served]
    return people


def _under_correction(profile: Profile, people: Sequence[Supervised], today: dt.date) -> Iterator[Rows]:
    """Give the persons, and what refers to them: leaves first, for they move the reports that the register fills."""
    yield from _by_year("supervised_person", people, lambda person: person.record.judgment_date.year)
    yield Rows("leave", "leave", _each(people, incidents.leaves, today))
    register = [row for person in people for row in monthly.register(person, profile.supervision, today)]
    for year in sorted({row.month_date.year for row in register}):
        yield Rows("duty", f"duty-{year}", [row for row in register if row.month_date.year == year])
    yield Rows("absconding", "absconding", _each(people, incidents.abscondings, today))
    yield Rows("new_offence", "new_offence", [row for person in people for row in incidents.offences(person)])
    yield Rows("measure", "measure", _each(people, incidents.measures, today))
    yield Rows("positioning", "positioning", _each(people, incidents.positionings, today))
    yield Rows("help_act", "help_act", _each(people, incidents.help_acts, today))
    yield Rows("base_stay", "base_stay-work", list(staff.work_stays(people, today)))


def _after_release(
    lives: Sequence[OfficeLife], people: Sequence[Released], first_year: int, today: dt.date
) -> Iterator[Rows]:
    bases = {life.code: staff.base_number(life, "AZ") for life in lives if life.code in staff.TRANSITIONAL}
    lost = [aftercare.lost_span(person, today) for person in people]
    pairs = list(zip(people, lost, strict=True))
    yield Rows("helping_agreement", "helping_agreement", _each(people, aftercare.agreements, today))
    visits: list[Any] = [row for person, span in pairs for row in aftercare.visits(person, span, today)]
    for year in sorted({row.released_visit.visit_date.year for row in visits}):
        of_year = [row for row in visits if row.released_visit.visit_date.year == year]
        yield Rows("released_visit", f"released_visit-{year}", of_year)
    placed = [row for person in people for row in aftercare.placements(person, today, bases)]
    yield Rows("placement", "placement", placed)
    yield Rows("base_stay", "base_stay", list(aftercare.stays(placed)))
    # There are no funds to pay from before the first year.
    grants = (row for row in _each(people, aftercare.grants, today))
    paid = [row for row in grants if row.transition_grant.granted_date.year >= first_year]
    yield Rows("transition_grant", "transition_grant", paid)
    contacts = [row for person, span in pairs for row in aftercare.lost_contacts(person, span)]
    yield Rows("lost_contact", "lost_contact", contacts)
    offences = [row for person in people for row in aftercare.offences(person)]
    yield Rows("new_offence", "new_offence-released", offences)
    yield Rows("help_act", "help_act-released", _each(people, aftercare.help_acts, today))


def _each(people: Iterable[Any], give: Callable[[Any, dt.date], Iterable[Message]], today: dt.date) -> list[Any]:
    return [row for person in people for row in give(person, today)]


def _by_year(kind: str, people: Sequence[Any], year: Callable[[Any], int]) -> Iterator[Rows]:
    for of in sorted({year(person) for person in people}):
        yield Rows(kind, f"{kind}-{of}", [person.row for person in people if year(person) == of])


def _part(rows: Rows, late: dict[str, list[Message]]) -> list[Message]:
    """Part what was entered in time from what came after the reports were closed; convictions are known late."""
    chance, in_time = random.Random(rows.name), []
    for row in rows.rows:
        if rows.kind in {"released_visit", "placement"} and chance.random() < ENTERED_LATE:
            late[rows.kind].append(row)
        elif rows.kind == "new_offence" and chance.random() < KNOWN_LATE and _convicted(row):
            in_time.append(_without_conviction(row))
            late[rows.kind].append(row)
        else:
            in_time.append(row)
    return in_time


def _convicted(row: Any) -> bool:
    return bool(row.new_offence.HasField("convicted_date"))


def _without_conviction(row: Any) -> Message:
    before: Any = type(row)()
    before.CopyFrom(row)
    before.new_offence.ClearField("convicted_date")
    return before  # type: ignore[no-any-return]
