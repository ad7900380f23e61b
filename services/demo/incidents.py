"""What happens under correction beside the monthly duties: leaves, losses, offences, measures, positioning, help."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from geju.correction.v1 import (
    absconding_service_pb2,
    help_act_pb2,
    help_act_service_pb2,
    leave_pb2,
    leave_service_pb2,
    measure_pb2,
    measure_service_pb2,
    new_offence_service_pb2,
    positioning_service_pb2,
)

from services.chassis.domain.dates import add_months, set_date
from services.demo.district import OfficeLife
from services.demo.people import OFFENCES, choose, day_after, put
from services.demo.supervised import DAY, LONG_ABSENCE, LONGEST_ABSENCE, Span, Supervised

HELP = {
    help_act_pb2.HELP_KIND_JOB: 28, help_act_pb2.HELP_KIND_SCHOOL: 6, help_act_pb2.HELP_KIND_RELIEF: 24,
    help_act_pb2.HELP_KIND_MEDICAL: 8, help_act_pb2.HELP_KIND_PSYCHOLOGICAL: 22, help_act_pb2.HELP_KIND_FAMILY: 10,
    help_act_pb2.HELP_KIND_OTHER: 2,
}  # fmt: skip
#: From 2012 on tags may be worn, three months at most with one approval.
POSITIONING_BEGINS = dt.date(2012, 3, 1)
POSITIONING_MONTHS = 3
REPRIMANDS_TO_WARNING = 2
#: What happened in the last weeks is still to be decided upon.
UNDECIDED = dt.timedelta(days=30)
_M = measure_pb2
Step = tuple[measure_pb2.MeasureKind.ValueType, measure_pb2.MeasureGround.ValueType]


def lose(people: Sequence[Supervised], count: int, today: dt.date) -> None:
    """Let a few persons be out of sight for over a month today: those of the offices that look least after theirs."""
    held = [
        p for p in people if p.taken and not p.ended and not p.absences and not p.leaves and p.record.declared_date.year
    ]
    held = [p for p in held if p.taken and (today - p.taken).days > 150 and not p.key_person]
    for person in sorted(held, key=lambda p: (p.life.quality, p.number))[:count]:
        person.absences.append(Span(today - person.life.rng.randint(38, 75) * DAY))


def leaves(person: Supervised, today: dt.date) -> Iterator[leave_service_pb2.LeaveImportRow]:
    """Give the leaves, asked some days before and mostly ended by reporting back."""
    for number, span in enumerate(person.leaves, 1):
        row = leave_service_pb2.LeaveImportRow()
        leave = row.leave
        leave.office, leave.key, leave.person = person.life.code, f"{person.number}-Q{number}", person.number
        forbidden = person.life.chance(0.06)
        leave.kind = leave_pb2.LEAVE_KIND_FORBIDDEN_PLACE if forbidden else leave_pb2.LEAVE_KIND_TRAVEL
        leave.destination, leave.ground = "示例市", "演示数据:探亲或务工。"
        asked = span.first - person.life.rng.randint(2, 6) * DAY
        set_date(leave.asked_date, asked)
        set_date(leave.from_date, span.first)
        set_date(leave.to_date, span.last)
        put(leave, "decided_date", asked + DAY, today)
        if span.last and person.life.chance(person.life.better(0.9, 1.0)):
            put(leave, "back_date", span.last, today)
        yield row


def abscondings(person: Supervised, today: dt.date) -> Iterator[absconding_service_pb2.AbscondingImportRow]:
    """Give the absences without leave: searched for at once, mostly."""
    for number, span in enumerate(person.absences, 1):
        row = absconding_service_pb2.AbscondingImportRow()
        episode = row.absconding
        episode.office, episode.key, episode.person = person.life.code, f"{person.number}-T{number}", person.number
        episode.circumstances = "演示数据:未按时报告,下落不明。"
        set_date(episode.from_date, span.first)
        if span.last:
            set_date(episode.to_date, span.last)
        delay = 0 if person.life.chance(person.life.better(0.6, 1.0)) else 4
        put(episode, "searched_date", span.first + delay * DAY, min(today, span.last or today))
        yield row


def offences(person: Supervised) -> Iterator[new_offence_service_pb2.NewOffenceImportRow]:
    """Give the new offence."""
    if person.offence:
        row = new_offence_service_pb2.NewOffenceImportRow()
        offence = row.new_offence
        offence.office, offence.key, offence.person = person.life.code, f"{person.number}-F1", person.number
        offence.offence_class = choose(person.life, OFFENCES)
        for field, day in zip(("committed_date", "known_date", "convicted_date"), person.offence, strict=True):
            if day:
                set_date(getattr(offence, field), day)
        yield row


def measures(person: Supervised, today: dt.date) -> list[measure_service_pb2.MeasureImportRow]:
    """Give the measures that were decided, as the ladder asks for them; the last weeks are still to be decided."""
    reprimands = 0
    rows: list[measure_service_pb2.MeasureImportRow] = []
    for day, kind, ground in sorted(_steps(person)):
        repeated = kind == _M.MEASURE_KIND_REPRIMAND and reprimands == REPRIMANDS_TO_WARNING
        reprimands = 0 if repeated else reprimands + (kind == _M.MEASURE_KIND_REPRIMAND)
        step = (_M.MEASURE_KIND_WARNING, _M.MEASURE_GROUND_REPEATED) if repeated else (kind, ground)
        decided = day_after(person.life, day, 1, 5)
        if decided < min(person.until, today - UNDECIDED):
            rows.append(_measure(person, len(rows) + 1, step, day, decided))
    if person.revoked and person.revoked[1] <= today:
        rows.append(_proposal(person, len(rows) + 1))
    return rows


def _steps(
    person: Supervised,
) -> Iterator[tuple[dt.date, _M.MeasureKind.ValueType, _M.MeasureGround.ValueType]]:
    for span in person.absences:
        if span.last and (span.last - span.first).days < LONGEST_ABSENCE:
            long = (span.last - span.first).days + 1 > LONG_ABSENCE
            kind = _M.MEASURE_KIND_WARNING if long else _M.MEASURE_KIND_REPRIMAND
            yield span.last + DAY, kind, _M.MEASURE_GROUND_ABSCONDED
    for due in person.missed:
        if person.life.chance(0.2):
            yield due + 3 * DAY, _M.MEASURE_KIND_REPRIMAND, _M.MEASURE_GROUND_MISSED_REPORT
    if person.taken and not person.absences and person.life.chance(0.08):
        yield person.taken + 200 * DAY, _M.MEASURE_KIND_PRAISE, _M.MEASURE_GROUND_GOOD_CONDUCT
    if person.taken and person.life.chance(0.02):
        penalty = person.life.chance(0.3)
        kind = _M.MEASURE_KIND_PROPOSE_PENALTY if penalty else _M.MEASURE_KIND_WARNING
        yield person.taken + 90 * DAY, kind, _M.MEASURE_GROUND_LEFT_WITHOUT_LEAVE


def _measure(
    person: Supervised, number: int, step: Step, proposed: dt.date, decided: dt.date
) -> measure_service_pb2.MeasureImportRow:
    row = measure_service_pb2.MeasureImportRow()
    measure = row.measure
    measure.office, measure.key, measure.person = person.life.code, f"{person.number}-C{number}", person.number
    measure.kind, measure.ground = step
    measure.facts_found = "演示数据:经查属实。"
    set_date(measure.proposed_date, proposed)
    set_date(measure.decided_date, decided)
    if measure.kind == _M.MEASURE_KIND_PROPOSE_PENALTY:
        set_date(measure.answered_date, decided + 10 * DAY)
        measure.granted = person.life.chance(0.8)
    return row


def _proposal(person: Supervised, number: int) -> measure_service_pb2.MeasureImportRow:
    """Give the proposal to end leniency after an absence of over a month, which the court granted."""
    assert person.revoked
    proposed, answered = person.revoked
    step = (_M.MEASURE_KIND_PROPOSE_REVOKE, _M.MEASURE_GROUND_ABSCONDED)
    row = _measure(person, number, step, proposed, proposed + 3 * DAY)
    set_date(row.measure.answered_date, answered)
    row.measure.granted = True
    return row


def positionings(person: Supervised, today: dt.date) -> Iterator[positioning_service_pb2.PositioningImportRow]:
    """Give the periods of electronic positioning of key persons, each with its approval."""
    if not person.key_person or person.taken is None or not person.life.chance(0.7):
        return
    first = max(person.taken + 5 * DAY, POSITIONING_BEGINS)
    for number in range(1, 3):
        last = add_months(first, POSITIONING_MONTHS) - DAY
        if last > min(person.until, today):
            return
        row = positioning_service_pb2.PositioningImportRow()
        period = row.positioning
        period.office, period.key, period.person = person.life.code, f"{person.number}-D{number}", person.number
        period.ground = "演示数据:重点对象。"
        set_date(period.approved_date, first - 2 * DAY)
        set_date(period.from_date, first)
        set_date(period.to_date, last)
        yield row
        first = last + DAY


def help_acts(person: Supervised, today: dt.date) -> Iterator[help_act_service_pb2.HelpActImportRow]:
    """Give what was done for the person: about one act in a year and a half, more where the office is good."""
    day, number = person.taken, 0
    while day is not None and (day := day_after(person.life, day, 60, 700)) < min(person.until, today):
        number += 1
        yield help_act(person.life, person.number, f"{person.number}-B{number}", day)


def help_act(life: OfficeLife, person: str, key: str, day: dt.date) -> help_act_service_pb2.HelpActImportRow:
    """Give one act of help."""
    row = help_act_service_pb2.HelpActImportRow()
    act = row.help_act
    act.office, act.key, act.person, act.kind = life.code, key, person, choose(life, HELP)
    if act.kind in {help_act_pb2.HELP_KIND_RELIEF, help_act_pb2.HELP_KIND_MEDICAL}:
        act.amount_fen = life.rng.randint(3, 30) * 100_00
    act.note = "演示数据:走访慰问、协调帮扶。"
    set_date(act.given_date, day)
    return row
