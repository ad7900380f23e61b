"""Invented cases of legal aid: the decision, the objection, the handler, the result, the file and its rating."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import aid_case_service_pb2 as rpc

from services.chassis.domain.calendar import add_working_days
from services.chassis.domain.dates import set_date
from services.demo.aid_applications import Aid, received
from services.demo.district import OfficeLife, Scene, day_in, months
from services.demo.handlers import Handlers
from services.demo.people import choose, day_after
from services.demo.supervised import DAY

R, E = pb.AidRefusalGround, pb.AidEndGround
AT_THE_CENTRE, GROWTH, MONTHS = 0.45, 1.08, 12
#: Wages are claimed before the Spring Festival.
SEASON = {1: 1.35, 2: 0.7, 11: 1.05, 12: 1.15}
SUPPLEMENT, NEVER_CAME, WITHDRAWN, TRANSFERRED, REFUSED = 0.1, 0.08, 0.015, 0.01, 0.07
REVIEW_DAYS = 5
REFUSALS = {
    R.AID_REFUSAL_GROUND_OUT_OF_SCOPE: 26, R.AID_REFUSAL_GROUND_NOT_IN_HARDSHIP: 40,
    R.AID_REFUSAL_GROUND_NO_COMPETENCE: 8, R.AID_REFUSAL_GROUND_FALSE_EVIDENCE: 4, R.AID_REFUSAL_GROUND_NO_MERIT: 18,
    R.AID_REFUSAL_GROUND_OTHER: 4,
}  # fmt: skip
OBJECTED, OVERTURNED = 0.45, 0.25
FIRST, REASSIGNED, ENDED = 0.012, 0.04, 0.02
#: Handlers that were taken from a case for their fault are told of by a step, not by a sheet.
REASONS = {
    pb.REASSIGN_REASON_OWN_REQUEST: 30, pb.REASSIGN_REASON_RECIPIENT_REQUEST: 28, pb.REASSIGN_REASON_CONFLICT: 14,
    pb.REASSIGN_REASON_OTHER: 28,
}  # fmt: skip
ENDS = {
    E.AID_END_GROUND_DECEPTION: 7, E.AID_END_GROUND_CONCEALMENT: 9, E.AID_END_GROUND_ILLEGAL_USE: 5,
    E.AID_END_GROUND_MEANS_CHANGED: 18, E.AID_END_GROUND_CASE_OVER: 22, E.AID_END_GROUND_OWN_LAWYER: 24,
    E.AID_END_GROUND_OWN_WISH: 20, E.AID_END_GROUND_OTHER: 7,
}  # fmt: skip
RESULTS = {
    pb.AID_RESULT_WON: 34, pb.AID_RESULT_PARTLY: 20, pb.AID_RESULT_LOST: 6, pb.AID_RESULT_SETTLED: 18,
    pb.AID_RESULT_MEDIATED: 20, pb.AID_RESULT_OTHER: 2,
}  # fmt: skip
CRIMINAL_RESULTS = {pb.AID_RESULT_MITIGATED: 74, pb.AID_RESULT_LOST: 18, pb.AID_RESULT_OTHER: 8}
AGREED = {pb.AID_RESULT_SETTLED, pb.AID_RESULT_MEDIATED}
BEFORE_LITIGATION = 0.8
RATED, LATE_FILE, LATE_CLOSING = 0.7, (0.16, 0.02), 0.08
GRADES = {
    pb.FILE_GRADE_EXCELLENT: 22, pb.FILE_GRADE_GOOD: 48, pb.FILE_GRADE_PASS: 28, pb.FILE_GRADE_FAIL: 2,
}  # fmt: skip
AGREE = 0.88
REVIEWERS = ("aid-review-1", "aid-review-2", "aid-review-3")
ASKED, UNIT = "演示数据:补充经济困难证明和有关证据。", "示例法律援助中心"
Row = rpc.AidCaseImportRow


def cases(scene: Scene, handlers: Handlers, per_year: float) -> Iterator[Row]:
    """Walk the cases by the month in which they came in; the district numbers them through each year."""
    bureau, chance, numbers = scene.bureau, random.Random(scene.bureau.rng.random()), dict[int, int]()
    for month in months(scene.first_year, scene.today):
        level = per_year / MONTHS * SEASON.get(month.month, 1.0) * GROWTH ** (month.year - scene.first_year - 2)
        for day in sorted(day_in(chance, month) for _ in range(int(level + chance.random()))):
            if day > scene.today:
                continue
            numbers[day.year] = numbers.get(day.year, 0) + 1
            unit = bureau if chance.random() < AT_THE_CENTRE else _office(scene.lives, chance)
            standard = scene.profile.hardship_standard(day)
            aid = Aid(unit, Row(), day, scene.today, standard.monthly_income_fen if standard else 0)
            received(aid, numbers[day.year])
            _review(aid, handlers)
            yield aid.row


def _office(lives: Sequence[OfficeLife], chance: random.Random) -> OfficeLife:
    return chance.choices(lives, [life.share for life in lives])[0]


def _review(aid: Aid, handlers: Handlers) -> None:
    """Take an application from its receipt to the decision; what was ordered by notice is taken on at once."""
    life, record, day = aid.life, aid.record, aid.received
    if aid.notified:
        late = life.chance(life.better(0.08, 0.01))
        taken = day_after(life, day, 4, 9) if late else day_after(life, day, 0, 2)
        aid.put("answered_date", taken)
        if aid.put("granted_date", taken):
            _assign(aid, handlers, taken)
        return
    if not record.green_channel and life.chance(FIRST) and record.kind == pb.AID_KIND_CIVIL:
        _provide_first(aid, handlers)
    elif not record.green_channel and life.chance(SUPPLEMENT):
        came = _supplement(aid)
        if came is None:
            return
        day = came
    if not record.HasField("provided_date"):
        if life.chance(WITHDRAWN):
            aid.put("withdrawn_date", day_after(life, day, 0, 3))
            return
        if life.chance(TRANSFERRED):
            if aid.put("transferred_date", day_after(life, day, 0, 3)):
                record.transferred_unit = UNIT
            return
    _decide(aid, handlers, _decided(aid, day))


def _decided(aid: Aid, day: dt.date) -> dt.date:
    """Choose the day of the decision: in time, but for an office's few late ones."""
    life = aid.life
    if aid.record.green_channel:
        late = life.chance(life.better(0.12, 0.01))
        return day_after(life, day, 4, 9) if late else add_working_days(day, 1) if life.chance(0.4) else day
    if life.chance(life.better(0.09, 0.005)):
        return day_after(life, add_working_days(day, REVIEW_DAYS), 1, 12)
    return min(day_after(life, day, 1, 7), add_working_days(day, 1 if day > aid.received else REVIEW_DAYS))


def _supplement(aid: Aid) -> dt.date | None:
    """Ask for a supplement; give the day it came, None when it has not or the application is deemed withdrawn."""
    life = aid.life
    asked = add_working_days(aid.received, life.rng.randint(1, 3))
    if asked > aid.today:
        return None
    due = asked + 15 * DAY
    pause = aid.record.pauses.add(requested=ASKED)
    set_date(pause.from_date, asked)
    set_date(pause.supplement_due_date, due)
    if life.chance(NEVER_CAME):
        aid.put("withdrawn_date", due + DAY)
        return None
    came = day_after(life, asked, 2, 14)
    if came > aid.today:
        return None
    set_date(pause.to_date, came)
    return came


def _provide_first(aid: Aid, handlers: Handlers) -> None:
    """Begin aid at once: the period of limitation is nearly over, or property is about to be moved away."""
    licence = handlers.assign(aid.received)
    if licence and aid.put("provided_date", aid.received):
        aid.record.practitioner = licence
        presses = aid.life.chance(0.6)
        aid.record.provide_first = (
            pb.PROVIDE_FIRST_GROUND_LIMITATION if presses else pb.PROVIDE_FIRST_GROUND_PRESERVATION
        )
        if presses:
            set_date(aid.record.limitation_date, day_after(aid.life, aid.received, 1, 6))


def _decide(aid: Aid, handlers: Handlers, day: dt.date) -> None:
    if not aid.record.HasField("provided_date") and aid.life.chance(REFUSED):
        _refuse(aid, handlers, day)
    elif aid.put("granted_date", day):
        _assign(aid, handlers, day)


def _refuse(aid: Aid, handlers: Handlers, day: dt.date) -> None:
    """Refuse, on a ground that fits; some object, and some of them rightly so."""
    life, record = aid.life, aid.record
    if not aid.put("decided_date", day):
        return
    record.refusal_ground = choose(life, REFUSALS)
    if record.refusal_ground == R.AID_REFUSAL_GROUND_NOT_IN_HARDSHIP:
        record.hardship, record.green_channel = pb.HARDSHIP_BASIS_UNSPECIFIED, pb.GREEN_CHANNEL_GROUND_UNSPECIFIED
        record.monthly_income_fen = round(aid.standard_fen * life.rng.uniform(1.1, 3.0)) // 1000 * 1000
    if not life.chance(OBJECTED) or not aid.put("objected_date", objected := day_after(life, day, 2, 25)):
        return
    late = life.chance(life.better(0.2, 0.02))
    answered = day_after(life, add_working_days(objected, 5), 1, 9) if late else day_after(life, objected, 1, 5)
    if not aid.put("objection_decided_date", answered):
        return
    rightly = record.hardship and life.chance(OVERTURNED * 2)
    record.objection_outcome = pb.OBJECTION_OUTCOME_OVERTURNED if rightly else pb.OBJECTION_OUTCOME_UPHELD
    if rightly:
        set_date(record.granted_date, answered)
        _assign(aid, handlers, answered)


def _assign(aid: Aid, handlers: Handlers, granted: dt.date) -> None:
    """Find the handler within three days of the grant, mostly; who was provided first stays."""
    life, record = aid.life, aid.record
    assigned = granted
    if not record.HasField("provided_date"):
        late = life.chance(life.better(0.1, 0.005))
        assigned = day_after(life, granted, 4, 12) if late else day_after(life, granted, 0, 3)
        grave = record.gravest_penalty > pb.GRAVEST_PENALTY_NONE
        licence = handlers.assign(assigned, criminal=record.kind == pb.AID_KIND_CRIMINAL, grave=grave)
        if not licence or assigned > aid.today:
            return
        record.practitioner = licence
    set_date(record.assigned_date, assigned)
    begun = day_after(life, assigned, 0, 6)
    if aid.put("begun_date", begun):
        _handle(aid, handlers, begun)


def _handle(aid: Aid, handlers: Handlers, begun: dt.date) -> None:
    life, record, day = aid.life, aid.record, begun
    if life.chance(REASSIGNED):
        day = _reassign(aid, handlers, begun)
    if life.chance(ENDED):
        if aid.put("ended_date", day_after(life, day, 5, 90)):
            record.end_ground = choose(life, ENDS)
        return
    took = life.rng.randint(240, 520) if life.chance(LATE_CLOSING) else life.rng.randint(20, 150)
    closed = day + took * DAY
    if aid.put("closed_date", closed):
        _result(aid)
        _file(aid, handlers, closed)


def _reassign(aid: Aid, handlers: Handlers, begun: dt.date) -> dt.date:
    """Give the case to another handler after some weeks; gives the day from which the handler works on it."""
    record = aid.record
    until = day_after(aid.life, begun, 5, 60)
    criminal, grave = record.kind == pb.AID_KIND_CRIMINAL, record.gravest_penalty > pb.GRAVEST_PENALTY_NONE
    licence = until <= aid.today and handlers.assign(until, criminal=criminal, grave=grave, but={record.practitioner})
    if not licence:
        return begun
    former = record.former_handlers.add(practitioner=record.practitioner, reason=choose(aid.life, REASONS))
    former.assigned_date.CopyFrom(record.assigned_date)
    set_date(former.until_date, until)
    record.practitioner = licence
    set_date(record.assigned_date, until)
    return until


def _result(aid: Aid) -> None:
    life, record = aid.life, aid.record
    if record.kind == pb.AID_KIND_CRIMINAL:
        record.result = choose(life, CRIMINAL_RESULTS)
    elif record.kind == pb.AID_KIND_NON_LITIGATION:
        record.result = pb.AID_RESULT_ADVISED
    else:
        record.result = choose(life, RESULTS)
        if record.result in AGREED:
            record.settled_before_litigation = life.chance(BEFORE_LITIGATION)
        if record.result not in {pb.AID_RESULT_LOST, pb.AID_RESULT_OTHER}:
            record.recovered_fen = round(life.rng.lognormvariate(9.4, 0.9)) * 100


def _file(aid: Aid, handlers: Handlers, closed: dt.date) -> None:
    """Hand in the file, rate most of them: by two who did not handle the case, by a third where they disagree."""
    life, record = aid.life, aid.record
    late = life.chance(life.better(*LATE_FILE))
    returned = day_after(life, closed, 16, 70) if late else day_after(life, closed, 2, 15)
    if not aid.put("file_returned_date", returned) or not life.chance(RATED):
        return
    day, but = returned, {record.practitioner, *(former.practitioner for former in record.former_handlers)}
    first = choose(life, GRADES)
    grades = [first, first if life.chance(AGREE) else life.rng.choice([g for g in GRADES if g != first])]
    if grades[0] != grades[1]:
        grades.append(life.rng.choice(grades))
    for account, grade in zip(REVIEWERS, grades, strict=False):
        day = day_after(life, day, 3, 40)
        if day > aid.today:
            return
        reviewer = handlers.reviewer(day, but)
        but.add(reviewer)
        rating = record.ratings.add(reviewer=account, reviewer_practitioner=reviewer, grade=grade)
        set_date(rating.rated_date, day)
