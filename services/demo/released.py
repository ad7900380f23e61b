"""Invented released persons: from prison, with the prison's notice; and those whose correction has ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from geju.correction.v1 import released_person_pb2 as pb
from geju.correction.v1 import released_person_service_pb2 as rpc
from geju.correction.v1 import supervised_person_pb2 as supervised_pb

from services.chassis.domain.dates import add_months, set_date
from services.demo.district import OfficeLife, day_in, months
from services.demo.people import KEY_GROUNDS, choose, day_after, invent, put
from services.demo.supervised import DAY, Supervised

SOURCES = {
    pb.RELEASE_SOURCE_PRISON: 84, pb.RELEASE_SOURCE_DETENTION: 12, pb.RELEASE_SOURCE_REEDUCATION: 4,
}  # fmt: skip
FROM = {
    pb.RELEASE_SOURCE_PRISON: "示例监狱",
    pb.RELEASE_SOURCE_DETENTION: "示例看守所",
    pb.RELEASE_SOURCE_REEDUCATION: "示例劳教所",
}
HOUSEHOLDS = {pb.HOUSEHOLD_KIND_LOCAL: 74, pb.HOUSEHOLD_KIND_CITY: 12, pb.HOUSEHOLD_KIND_ELSEWHERE: 14}
#: A year; what is asked for is that of the third one.
GROWTH = 1.05
LINK_DAYS = 10
YEARS_OF_TRACKING = 5
RETIRED = 62


@dataclass
class Released:
    """A released person: the record as it is imported, and the days between which things can have happened."""

    life: OfficeLife
    row: rpc.ReleasedPersonImportRow
    registered: dt.date | None
    #: Last day on the books: of the five years or of the file, at most today.
    until: dt.date
    offence: tuple[dt.date, dt.date, dt.date | None] | None = None
    #: Lives elsewhere, and the other end lists the person too.
    listed: bool = False

    @property
    def record(self) -> pb.ReleasedPerson:
        """The record in the row."""
        return self.row.released_person

    @property
    def number(self) -> str:
        """The office's own number."""
        return self.record.key

    @property
    def key_person(self) -> bool:
        """Visited every month."""
        return self.record.key_ground != supervised_pb.KEY_GROUND_UNSPECIFIED

    @property
    def over(self) -> bool:
        """The file is closed."""
        return self.record.HasField("closed_date")


def from_prison(
    life: OfficeLife, per_month: float, first_year: int, today: dt.date, others: Sequence[OfficeLife]
) -> list[Released]:
    """Walk the releases from the middle of the year before, so that some five years end before today."""
    found: list[Released] = []
    numbers: dict[int, int] = {}
    for month in months(first_year - 1, today):
        level = per_month * life.share * GROWTH ** (month.year - first_year - 2)
        if (month.year, month.month) < (first_year - 1, 7):
            continue
        for day in sorted(day_in(life.rng, month) for _ in range(int(level + life.rng.random()))):
            numbers[day.year] = numbers.get(day.year, 0) + 1
            if day <= today:
                found.append(_prisoner(life, day, numbers[day.year], today, others))
    return found


def _prisoner(life: OfficeLife, day: dt.date, number: int, today: dt.date, others: Sequence[OfficeLife]) -> Released:
    person = Released(life, rpc.ReleasedPersonImportRow(), None, today)
    record = person.record
    record.office, record.key = life.code, f"{life.code}-{life.mark}G{day.year}-{number:03d}"
    invent(life, record, number, day)
    record.source = choose(life, SOURCES)
    record.released_from = FROM[record.source]
    record.reeducation_record = record.source == pb.RELEASE_SOURCE_REEDUCATION or life.chance(0.05)
    record.household = choose(life, HOUSEHOLDS)
    if life.chance(0.9):
        set_date(record.announced_date, day - life.rng.randint(24, 40) * DAY)
    record.three_none = life.chance(0.03)
    _separate(person, others)
    return _follow(person, day, today)


def of_correction(before: Supervised, today: dt.date) -> Released:
    """Complete the file that the end of a correction opened; it bears the same number."""
    life, person = before.life, Released(before.life, rpc.ReleasedPersonImportRow(), None, today)
    record, old = person.record, before.record
    for name in ("office", "place", "key", "full_name", "id_number", "phone", "address", "sex", "birth_year", "minor"):
        setattr(record, name, getattr(old, name))
    record.source, record.household = pb.RELEASE_SOURCE_CORRECTION, pb.HOUSEHOLD_KIND_LOCAL
    record.three_none = life.chance(0.01)
    if before.key_person and life.chance(0.5):
        record.key_ground = old.key_ground
    return _follow(person, before.until, today)


def _separate(person: Released, others: Sequence[OfficeLife]) -> None:
    """Let some live away from their registered household, in another office's streets or outside the district."""
    life, record = person.life, person.record
    if not life.chance(0.16):
        return
    record.separated = True
    if life.chance(0.6):
        record.residence_office = life.rng.choice([other.code for other in others if other is not life])
    person.listed = life.chance(life.better(0.75, 1.0))


def _follow(person: Released, day: dt.date, today: dt.date) -> Released:
    """Link up, register, and close the file where something closes it."""
    life, record = person.life, person.record
    set_date(record.released_date, day)
    age = day.year - record.birth_year
    record.placeable = not record.minor and age < RETIRED and not life.chance(0.06)
    linked = day_after(life, day, 0, LINK_DAYS - 1)
    if life.chance(life.better(0.02, 0.001)):
        put(record, "not_linked_date", day + (LINK_DAYS + 2) * DAY, today)
        linked = day_after(life, day, 20, 90) if life.chance(0.7) else dt.date.max
    elif life.chance(life.better(0.1, 0.003)):
        linked = day_after(life, day, LINK_DAYS + 1, LINK_DAYS + 15)
    if linked > today:
        return person
    set_date(record.linked_date, linked)
    registered = day_after(life, linked, 0, 3)
    if registered <= today:
        person.registered = registered
        set_date(record.registered_date, registered)
        if person.key_person or (record.source != pb.RELEASE_SOURCE_CORRECTION and life.chance(0.08)):
            record.key_ground = record.key_ground or choose(life, KEY_GROUNDS)
            set_date(record.key_from_date, registered)
        _close(person, day, registered, today)
        if person.listed:
            put(record, "listed_date", day_after(life, registered, 5, 50), person.until)
    return person


def _close(person: Released, released: dt.date, registered: dt.date, today: dt.date) -> None:
    life, record = person.life, person.record
    five = add_months(released, 12 * YEARS_OF_TRACKING) - DAY
    end, ground = five, pb.CLOSE_GROUND_FIVE_YEARS
    chance = life.rng.random()
    if chance < life.better(0.055, 0.02):
        committed = day_after(life, registered, 30, 1500)
        known = day_after(life, committed, 5, 40)
        convicted = day_after(life, known, 50, 150)
        if committed <= today and known <= today and convicted < five:
            person.offence = (committed, known, convicted if convicted <= today else None)
            end, ground = known, pb.CLOSE_GROUND_CUSTODY
    elif chance < 0.055:
        end = day_after(life, registered, 40, 1700)
        ground = pb.CLOSE_GROUND_MOVED_AWAY if chance < 0.045 else pb.CLOSE_GROUND_DIED
    if end < five or ground == pb.CLOSE_GROUND_FIVE_YEARS:
        person.until = min(end, today)
        if end < today:
            set_date(record.closed_date, end)
            record.close_ground = ground
