"""Invented firms of lawyers, grassroots legal workers and notaries, their statuses, and who works in them from when."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from geju.legalservices.v1 import (
    firm_pb2,
    firm_service_pb2,
    firm_status_pb2,
    firm_status_service_pb2,
    practitioner_pb2,
    practitioner_service_pb2,
)

from services.chassis.domain.dates import set_date
from services.demo.district import ORDINALS, OfficeLife
from services.demo.supervised import DAY

_F, _P, _S = firm_pb2, practitioner_pb2, firm_status_pb2
LAWYER, GRASSROOTS, NOTARY = (_P.PRACTITIONER_KIND_LAWYER, _P.PRACTITIONER_KIND_GRASSROOTS, _P.PRACTITIONER_KIND_NOTARY)
#: Ends the number of those who change to another firm; who acts for a village or is complained of is none of them.
MOVING = "-Y"
MOVERS = 0.12
#: How many firms there are of a kind, and how many people one has in the end.
FIRMS = {
    _F.FIRM_KIND_PARTNERSHIP: (15, 28),
    _F.FIRM_KIND_INDIVIDUAL: (8, 1),
    _F.FIRM_KIND_OUTSIDE_BRANCH: (4, 13),
    _F.FIRM_KIND_GRASSROOTS: (11, 6),
    _F.FIRM_KIND_NOTARY_OFFICE: (2, 18),
}
TITLES = {
    _F.FIRM_KIND_PARTNERSHIP: "律师事务所",
    _F.FIRM_KIND_INDIVIDUAL: "个人律师事务所",
    _F.FIRM_KIND_OUTSIDE_BRANCH: "(外地)律师事务所分所",
    _F.FIRM_KIND_GRASSROOTS: "基层法律服务所",
    _F.FIRM_KIND_NOTARY_OFFICE: "公证处",
}
PEOPLE = {_F.FIRM_KIND_GRASSROOTS: GRASSROOTS, _F.FIRM_KIND_NOTARY_OFFICE: NOTARY}
GROUNDS = {
    _P.LICENCE_END_GROUND_OWN_WISH: 30, _P.LICENCE_END_GROUND_LEFT_DISTRICT: 40, _P.LICENCE_END_GROUND_RETIRED: 20,
    _P.LICENCE_END_GROUND_DIED: 3, _P.LICENCE_END_GROUND_REVOKED: 2, _P.LICENCE_END_GROUND_OTHER: 5,
}  # fmt: skip
#: A firm of scale, a brand, a specialised firm: which of the partnerships, and since when.
STATUSES = (
    (_S.FIRM_STATUS_KIND_SCALE, 0, dt.date(2009, 7, 1)),
    (_S.FIRM_STATUS_KIND_SCALE, 1, dt.date(2010, 7, 1)),
    (_S.FIRM_STATUS_KIND_SCALE, 2, dt.date(2012, 3, 1)),
    (_S.FIRM_STATUS_KIND_BRAND, 0, dt.date(2010, 10, 1)),
    (_S.FIRM_STATUS_KIND_BRAND, 3, dt.date(2012, 5, 1)),
    (_S.FIRM_STATUS_KIND_SPECIALISED, 4, dt.date(2011, 9, 1)),
    (_S.FIRM_STATUS_KIND_SPECIALISED, 5, dt.date(2012, 6, 1)),
)
#: A status that was lost again: which partnership, and its days.
LOST = (6, dt.date(2009, 1, 1), dt.date(2010, 12, 31))
HERE_BEFORE, LEAVING = 0.66, 0.03
FOUNDED = dt.date(1996, 5, 1)


@dataclass
class Firm:
    """A firm: the row that is imported, when it is licensed, who works there."""

    life: OfficeLife
    row: firm_service_pb2.FirmImportRow
    first: dt.date
    last: dt.date | None = None
    people: list[Practitioner] = field(default_factory=list)

    @property
    def record(self) -> firm_pb2.Firm:
        """The record in the row."""
        return self.row.firm

    @property
    def number(self) -> str:
        """Its number, which no other office has."""
        return self.record.key

    @property
    def of_lawyers(self) -> bool:
        """It is a law firm."""
        return self.record.kind not in PEOPLE

    def licensed(self, day: dt.date) -> bool:
        """Say whether it is licensed on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass
class Practitioner:
    """A lawyer, grassroots legal worker or notary: the row, the firm to begin with, the days licensed."""

    firm: Firm
    row: practitioner_service_pb2.PractitionerImportRow
    first: dt.date
    last: dt.date | None = None

    @property
    def record(self) -> practitioner_pb2.Practitioner:
        """The record in the row."""
        return self.row.practitioner

    @property
    def licence(self) -> str:
        """Number of the licence."""
        return self.record.licence_number

    @property
    def life(self) -> OfficeLife:
        """The office of the seat to begin with."""
        return self.firm.life

    @property
    def moving(self) -> bool:
        """Changes to another firm."""
        return self.record.key.endswith(MOVING)

    def licensed(self, day: dt.date) -> bool:
        """Say whether the licence is in force on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


def firms(lives: Sequence[OfficeLife], practitioners: int, first_year: int, today: dt.date) -> list[Firm]:
    """Give the firms with about so many practitioners at the end; grassroots offices are spread over the offices."""
    found: list[Firm] = []
    scale = practitioners / sum(count * size for count, size in FIRMS.values())
    for kind, (count, size) in FIRMS.items():
        for number in range(count):
            life = lives[(number * 7 + kind) % len(lives)]
            firm = _firm(life, kind, number, len(found) + 1, first_year)
            # One lawyer's firm and one grassroots office gave up.
            if kind in {_F.FIRM_KIND_INDIVIDUAL, _F.FIRM_KIND_GRASSROOTS} and number == count - 1:
                firm.last = dt.date(first_year + 3, 6, 30)
                set_date(firm.record.licensed_to_date, firm.last)
            wanted = 1 if size == 1 else max(2, round(size * scale * life.rng.uniform(0.6, 1.4)))
            _staff(firm, wanted, first_year, today)
            found.append(firm)
    return found


def _firm(life: OfficeLife, kind: firm_pb2.FirmKind.ValueType, number: int, serial: int, first_year: int) -> Firm:
    first = FOUNDED + 97 * number * DAY
    if kind == _F.FIRM_KIND_OUTSIDE_BRANCH:
        first = dt.date(first_year + number, 4, 1)
    elif kind != _F.FIRM_KIND_NOTARY_OFFICE and number % 5 == 4:
        first = dt.date(first_year + 1 + number // 5, 9, 1)
    firm = Firm(life, firm_service_pb2.FirmImportRow(), first)
    record = firm.record
    record.office, record.key, record.kind = life.code, f"{life.mark}F{serial:02d}", kind
    record.name_zh = f"示例{ORDINALS[number % 10]}{'' if number < len(ORDINALS) else '二'}{TITLES[kind]}"
    record.licence_number = f"示例许可{life.mark}{serial:03d}号"
    record.head, record.phone = f"示例{life.person()}", f"000-{life.rng.randrange(10**7):07d}"
    record.address = f"演示路{life.rng.randint(1, 300)}号"
    record.home_city = "示例市" if kind == _F.FIRM_KIND_OUTSIDE_BRANCH else ""
    set_date(record.licensed_from_date, first)
    return firm


def _staff(firm: Firm, wanted: int, first_year: int, today: dt.date) -> None:
    """Take people on until so many are left at the end; some were there before the first year."""
    rng, working = firm.life.rng, 0
    begin = dt.date(first_year, 1, 1)
    end = firm.last or today
    while working < wanted:
        before = firm.first < begin and (rng.random() < HERE_BEFORE or wanted == 1)
        low, high = (max(firm.first, dt.date(first_year - 12, 1, 1)), begin) if before else (firm.first, end)
        first = firm.first if wanted == 1 else max(firm.first, low) + rng.randrange(max(1, (high - low).days)) * DAY
        last = _leaves(firm, max(first, begin), end, rng) if wanted > 1 else firm.last
        working += last is None or last == firm.last
        _practitioner(firm, first, last, today)


def _leaves(firm: Firm, since: dt.date, end: dt.date, rng: random.Random) -> dt.date | None:
    """Return the last day of who leaves before the end; each year some do."""
    for year in range(since.year, end.year + 1):
        if rng.random() < LEAVING:
            day = dt.date(year, 1, 1) + rng.randrange(365) * DAY
            if since + 90 * DAY < day < end:
                return day
    return firm.last


def _practitioner(firm: Firm, first: dt.date, last: dt.date | None, today: dt.date) -> None:
    life, number = firm.life, len(firm.people) + 1
    person = Practitioner(firm, practitioner_service_pb2.PractitionerImportRow(), first, last)
    record = person.record
    record.kind = PEOPLE.get(firm.record.kind, LAWYER)
    settled = last is None and first < dt.date(today.year, 1, 1) and firm.record.kind == _F.FIRM_KIND_PARTNERSHIP
    moves = settled and number > 1 and life.chance(MOVERS)
    record.office, record.key = life.code, f"{firm.record.key}-{number:03d}{MOVING if moves else ''}"
    record.person_name, record.phone = f"示例{life.person()}", f"000-{life.rng.randrange(10**7):07d}"
    record.firm, record.licence_number = firm.number, f"示例{firm.record.key}{number:04d}"
    practised = first - life.rng.choice([0, 0, 0, 1, 2, 4, 7]) * 365 * DAY
    birth = practised.year - life.rng.randint(24, 40)
    # No authority numbers like this.
    serial = int(firm.record.key.rpartition("F")[2])
    record.id_number = f"{life.region}{birth}01{serial % 28 + 1:02d}{number:04d}"
    record.deputy = record.kind == LAWYER and life.chance(0.02)
    set_date(record.licensed_from_date, first)
    set_date(record.first_practised_date, practised)
    if last is not None:
        set_date(record.licensed_to_date, last)
        closed = last == firm.last
        record.end_ground = _P.LICENCE_END_GROUND_FIRM_CLOSED if closed else _ground(life)
    firm.people.append(person)


def _ground(life: OfficeLife) -> practitioner_pb2.LicenceEndGround.ValueType:
    return life.rng.choices(list(GROUNDS), list(GROUNDS.values()))[0]


def statuses(found: Sequence[Firm], today: dt.date) -> Iterator[firm_status_service_pb2.FirmStatusImportRow]:
    """Give the statuses that partnerships have earned, and one that was lost."""
    old = [firm for firm in found if firm.record.kind == _F.FIRM_KIND_PARTNERSHIP and firm.first.year < LOST[1].year]
    for number, (kind, place, first) in enumerate(STATUSES, 1):
        if first <= today:
            yield _status(old[place], f"C{number:02d}", kind, (first, None))
    yield _status(old[LOST[0]], f"C{len(STATUSES) + 1:02d}", _S.FIRM_STATUS_KIND_SPECIALISED, LOST[1:])


def _status(
    firm: Firm, key: str, kind: firm_status_pb2.FirmStatusKind.ValueType, days: tuple[dt.date, dt.date | None]
) -> firm_status_service_pb2.FirmStatusImportRow:
    row = firm_status_service_pb2.FirmStatusImportRow()
    status = row.firm_status
    status.office, status.firm, status.kind = firm.life.code, firm.number, kind
    status.key = f"{firm.life.mark}{key}"
    set_date(status.from_date, days[0])
    if days[1]:
        set_date(status.to_date, days[1])
    return row


def someone(rng: random.Random, people: Sequence[Practitioner], day: dt.date) -> Practitioner | None:
    """Choose one who is licensed on a day; None when nobody is found."""
    for _ in range(30):
        person = rng.choice(people)
        if person.licensed(day):
            return person
    return next((person for person in people if person.licensed(day)), None)


def some(rng: random.Random, people: Sequence[Practitioner], day: dt.date, count: int) -> list[str]:
    """Choose up to so many who are licensed on a day, each once; gives their licences."""
    chosen = (someone(rng, people, day) for _ in range(count))
    return list(dict.fromkeys(person.licence for person in chosen if person))
