"""Invented persons under correction: from the court's notice to the end, with what goes wrong on the way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from geju.correction.v1 import supervised_person_pb2 as pb
from geju.correction.v1 import supervised_person_service_pb2 as rpc

from services.chassis.domain.dates import add_months, set_date
from services.demo.district import OfficeLife, day_in, months
from services.demo.people import KEY_GROUNDS, OFFENCES, choose, day_after, invent, put

DAY = dt.timedelta(days=1)
TERM_MONTHS = {6: 10, 9: 10, 12: 28, 15: 6, 18: 16, 24: 18, 30: 6, 36: 6}
SENTENCES = {
    pb.SENTENCE_KIND_SUSPENDED: 72, pb.SENTENCE_KIND_PAROLE: 12, pb.SENTENCE_KIND_CONTROL: 6,
    pb.SENTENCE_KIND_OUTSIDE_PRISON: 4, pb.SENTENCE_KIND_DEPRIVED_RIGHTS: 6,
}  # fmt: skip
NOTIFIERS = {
    pb.SENTENCE_KIND_PAROLE: (pb.NOTIFIER_PRISON, "示例监狱"),
    pb.SENTENCE_KIND_OUTSIDE_PRISON: (pb.NOTIFIER_PRISON, "示例监狱"),
    pb.SENTENCE_KIND_DEPRIVED_RIGHTS: (pb.NOTIFIER_POLICE, "示例公安分局"),
}
RIGHTS_UNTIL = dt.date(2011, 12, 31)
LEVELS = {
    pb.SUPERVISION_LEVEL_STRICT: 14,
    pb.SUPERVISION_LEVEL_ORDINARY: 58,
    pb.SUPERVISION_LEVEL_LENIENT: 28,
}
#: A year; what is asked for is that of the third one.
GROWTH = 1.07
REPORT_DAYS = 10
#: Beyond so many days the ladder of measures asks for a warning, beyond a month for the end of leniency.
LONG_ABSENCE, LONGEST_ABSENCE = 10, 31
SERVED = {pb.END_GROUND_TERM_SERVED, pb.END_GROUND_PARDONED}


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included; no `last`: it goes on."""

    first: dt.date
    last: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        """Say whether a day lies in the span."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass
class Supervised:
    """A person under correction: the record as it is imported, and what happened meanwhile."""

    life: OfficeLife
    row: rpc.SupervisedPersonImportRow
    taken: dt.date | None = None
    #: Last day on which anything can have happened: of correction, or today.
    until: dt.date = dt.date.min
    absences: list[Span] = field(default_factory=list)
    leaves: list[Span] = field(default_factory=list)
    missed: list[dt.date] = field(default_factory=list)
    #: Committed, known and, when it is known, convicted.
    offence: tuple[dt.date, dt.date, dt.date | None] | None = None
    #: Day on which a proposal to revoke was made, and answered with yes.
    revoked: tuple[dt.date, dt.date] | None = None

    @property
    def record(self) -> pb.SupervisedPerson:
        """The record in the row."""
        return self.row.supervised_person

    @property
    def number(self) -> str:
        """The office's own number."""
        return self.record.key

    @property
    def ended(self) -> bool:
        """Correction is over."""
        return self.record.HasField("ended_date")

    @property
    def key_person(self) -> bool:
        """Held under the stricter schedule."""
        return self.record.key_ground != pb.KEY_GROUND_UNSPECIFIED


def persons(life: OfficeLife, per_month: float, first_year: int, today: dt.date) -> list[Supervised]:
    """Walk the office's notices by the month in which their judgments took force; the numbering is by the year."""
    found: list[Supervised] = []
    numbers: dict[int, int] = {}
    for month in months(first_year, today):
        level = per_month * life.share * GROWTH ** (month.year - first_year - 2)
        for day in sorted(day_in(life.rng, month) for _ in range(int(level + life.rng.random()))):
            if day <= today:
                numbers[day.year] = numbers.get(day.year, 0) + 1
                found.append(_person(life, day, numbers[day.year], today))
    return found


def _person(life: OfficeLife, judgment: dt.date, number: int, today: dt.date) -> Supervised:
    person = Supervised(life, rpc.SupervisedPersonImportRow(), until=today)
    record = person.record
    record.office, record.key = life.code, f"{life.code}-{life.mark}J{judgment.year}-{number:03d}"
    invent(life, record, number, judgment)
    record.sentence = choose(life, SENTENCES)
    if record.sentence == pb.SENTENCE_KIND_DEPRIVED_RIGHTS and judgment > RIGHTS_UNTIL:
        record.sentence = pb.SENTENCE_KIND_SUSPENDED
    record.offence_class = choose(life, OFFENCES)
    record.notifier, record.notifying_unit = NOTIFIERS.get(record.sentence, (pb.NOTIFIER_COURT, "示例人民法院"))
    set_date(record.judgment_date, judgment)
    set_date(record.term_from_date, judgment)
    term_to = add_months(judgment, choose(life, TERM_MONTHS)) - DAY
    set_date(record.term_to_date, term_to)
    set_date(record.notified_date, min(day_after(life, judgment, 0, 4), today))
    late_papers = life.chance(life.better(0.12, 0.01))
    put(
        record,
        "papers_date",
        day_after(life, judgment, 12, 25) if late_papers else day_after(life, judgment, 1, 9),
        today,
    )
    _take_over(person, judgment, today)
    if person.taken is not None:
        _live(person, term_to, today)
    return person


def _take_over(person: Supervised, judgment: dt.date, today: dt.date) -> None:
    """Report in time, late, or not at all: of those whom nobody took over most are found after some weeks."""
    life, record = person.life, person.record
    taken = day_after(life, judgment, 4, REPORT_DAYS)
    if life.chance(life.better(0.012, 0.0)):
        established = judgment + dt.timedelta(days=REPORT_DAYS + 31)
        put(record, "never_reported_date", established, today)
        taken = day_after(life, established, 5, 40) if life.chance(0.7) else dt.date.max
    elif life.chance(life.better(0.1, 0.0)):
        taken = day_after(life, judgment, REPORT_DAYS + 1, REPORT_DAYS + 20)
    if taken > today:
        return
    person.taken = taken
    set_date(record.taken_over_date, taken)
    put(record, "declared_date", day_after(life, taken, 0, 7), today)
    record.level = choose(life, LEVELS)
    set_date(record.level_date, taken)
    record.unable_to_work = life.chance(0.07)
    record.plan = "演示数据:按照矫正方案开展教育和帮扶。"
    if life.chance(0.09):
        record.key_ground = choose(life, KEY_GROUNDS)
        set_date(record.key_from_date, taken)


def _live(person: Supervised, term_to: dt.date, today: dt.date) -> None:
    """Decide what ends correction and when; absences, leaves and a new offence lie before that."""
    life, taken = person.life, person.taken
    assert taken is not None
    end, ground = term_to, pb.END_GROUND_TERM_SERVED
    chance = life.rng.random()
    if chance < life.better(0.02, 0.006) and (offence := _offence(life, taken, term_to)):
        person.offence = (offence[0], offence[1], offence[2] if offence[2] <= today else None)
        end, ground = offence[2], pb.END_GROUND_REVOKED
    elif chance < 0.05 and (term_to - taken).days > 60:
        end = day_after(life, taken, 30, (term_to - taken).days - 10)
        ground = pb.END_GROUND_MOVED_AWAY if chance < 0.037 else pb.END_GROUND_DIED
    elif life.chance(life.better(0.035, 0.005)) and (absence := _absence(life, taken, term_to)):
        assert absence.last is not None
        person.absences.append(Span(absence.first, absence.last if absence.last < today else None))
        if (absence.last - absence.first).days >= LONGEST_ABSENCE:
            proposed = absence.last + DAY
            answered = day_after(life, proposed, 12, 29)
            person.revoked = (proposed, answered)
            end, ground = min(answered, term_to), pb.END_GROUND_REVOKED
    person.absences = [span for span in person.absences if span.first <= today]
    _end(person, end, ground, today)


def _end(person: Supervised, end: dt.date, ground: pb.EndGround.ValueType, today: dt.date) -> None:
    record, life = person.record, person.life
    if ground == pb.END_GROUND_REVOKED and record.sentence == pb.SENTENCE_KIND_OUTSIDE_PRISON:
        ground = pb.END_GROUND_RETURNED_TO_PRISON
    if end < today:
        person.until = end
        set_date(record.ended_date, end)
        record.end_ground = ground
    first = person.taken
    while first is not None and (first := day_after(life, first, 60, 500)) < person.until - 10 * DAY:
        span = Span(first, day_after(life, first, 2, 20 if life.chance(0.1) else 6))
        last = span.last
        if (
            last is not None
            and last < person.until
            and not any(a.covers(first) or a.covers(last) for a in person.absences)
        ):
            person.leaves.append(span)


def _absence(life: OfficeLife, taken: dt.date, term_to: dt.date) -> Span | None:
    room = (term_to - taken).days - 120
    if room < 1:
        return None
    first = day_after(life, taken, 20, 20 + room)
    length = life.rng.choices(
        [life.rng.randint(2, 9), life.rng.randint(11, 28), life.rng.randint(33, 70)], [60, 28, 12]
    )
    return Span(first, first + length[0] * DAY)


def _offence(life: OfficeLife, taken: dt.date, term_to: dt.date) -> tuple[dt.date, dt.date, dt.date] | None:
    """Return when a new offence was committed, known and convicted; None when the term is too short for it."""
    room = (term_to - taken).days - 160
    if room < 1:
        return None
    committed = day_after(life, taken, 15, 15 + room)
    known = day_after(life, committed, 5, 30)
    return committed, known, day_after(life, known, 40, 100)
