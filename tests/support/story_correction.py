"""What happens to persons under correction, step by step, mostly as the rules have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.domain.dates import from_date, to_date
from tests.support import story_correction_records as records
from tests.support.story import Teller

P = pb.SupervisedPerson
#: Ways to end that open the file of a released person, and the others.
SERVED = (pb.END_GROUND_TERM_SERVED, pb.END_GROUND_PARDONED)
OTHERS = (pb.END_GROUND_REVOKED, pb.END_GROUND_RETURNED_TO_PRISON, pb.END_GROUND_DIED, pb.END_GROUND_MOVED_AWAY)


async def notify(t: Teller) -> None:
    """Take a court's notice in."""
    judged = t.day()
    begins = from_date((to_date(judged) or t.today) + timedelta(days=t.chance.randrange(5)))
    person = P(
        office=t.office(),
        full_name="张某某",
        id_number="测试证件号",
        phone="测试电话",
        address="测试地址",
        sex=t.value(pb.Sex),
        birth_year=t.chance.randrange(1950, 1995),
        minor=t.likely(0.1),
        sentence=t.value(pb.SentenceKind),
        offence_class=t.value(pb.OffenceClass),
        notifier=t.value(pb.Notifier),
        notifying_unit="测试法院",
        judgment_date=judged,
        term_from_date=begins,
        term_to_date=t.until(begins, 30, 220),
        notified_date=t.day(judged, most=10),
        unable_to_work=t.likely(0.2),
    )
    if t.likely(0.3):
        person.report_due_date.CopyFrom(t.until(judged, 1, 20))
    await t.make(person)


async def go_on(t: Teller) -> None:
    """Take the next step of some person, as the state permits."""
    people = t.of("supervisedPersons")
    if people:
        person = t.some(people[-6:] if t.likely(0.3) else people)
        await t.some(STEPS[person.state])(t, person)


async def _step(t: Teller, p: P, verb: str, **fields: Any) -> Any:
    return await t.tell(f"SupervisedPersonService/{verb}", name=p.name, **fields)


async def _take_over(t: Teller, p: P) -> None:
    on = t.day(p.judgment_date, most=12 if t.likely(0.7) else 70)
    papers = {"papers_date": t.day(p.judgment_date, most=20)} if t.likely(0.5) else {}
    level = t.value(pb.SupervisionLevel) if t.likely(0.5) else 0
    officers = t.of("correctionOfficers", lambda officer: officer.office == p.office)
    officer = t.some(officers).name if officers and t.likely(0.5) else ""
    await _step(t, p, "TakeOverPerson", taken_over_date=on, level=level, officer=officer, **papers)


async def _never_reported(t: Teller, p: P) -> None:
    on = t.day((to_date(p.judgment_date) or t.today) + timedelta(days=41), most=30)
    await _step(t, p, "RecordNeverReported", never_reported_date=on)


async def _declare(t: Teller, p: P) -> None:
    on = t.day(p.taken_over_date, most=10)
    await _step(t, p, "DeclareCorrection", declared_date=on, plan="测试方案")


async def _level(t: Teller, p: P) -> None:
    fields = {"level": t.value(pb.SupervisionLevel), "level_date": t.day(p.taken_over_date, p.level_date, most=60)}
    await _step(t, p, "ChangeLevel", **fields)


async def _key(t: Teller, p: P) -> None:
    ground = 0 if p.key_ground and t.likely(0.6) else t.value(pb.KeyGround)
    on = t.day(p.taken_over_date, p.key_from_date, most=90)
    await _step(t, p, "ChangeKeyStatus", key_ground=ground, changed_date=on)


async def _term(t: Teller, p: P) -> None:
    until = t.until(p.term_to_date, -60, 60)
    await _step(t, p, "ChangeTerm", term_to_date=until, changed_date=t.day(p.judgment_date, p.taken_over_date))


async def _ask(t: Teller, p: P) -> None:
    other = t.some([office.code for office in t.profile.offices if office.code != p.office] or [p.office])
    asked = t.day(p.notified_date, p.taken_over_date, p.transferred_date, most=60)
    await _step(t, p, "AskTransfer", to_office=other, asked_date=asked)


async def _transfer(t: Teller, p: P) -> None:
    """Ask another office, or answer what was asked."""
    if not p.transfer_to_office:
        await _ask(t, p)
    elif t.likely(0.5):
        await _step(t, p, "AcceptTransfer", accepted_date=t.day(p.transfer_asked_date, most=12))
    else:
        await _step(t, p, "RefuseTransfer", refused_date=t.day(p.transfer_asked_date, most=12))


async def _serve(t: Teller, p: P) -> None:
    """End correction with its term, whether that is over or not; now and then by a pardon."""
    last = to_date(p.term_to_date) or t.today
    if last <= t.today and t.likely(0.9):
        await _end(t, p, SERVED[0], p.term_to_date)
    elif t.likely(0.5):
        await _end(t, p, SERVED[1], _within(t, p))


async def _terminate(t: Teller, p: P) -> None:
    if t.likely(0.6):
        await _end(t, p, t.some(OTHERS), _within(t, p))


async def _end(t: Teller, p: P, ground: int, on: Any) -> None:
    """End correction, and read again what ends with it."""
    ended = await _step(t, p, "EndCorrection", ended_date=on, end_ground=ground)
    if ended:
        open_ones = [*records.about(t, p, "abscondings"), *records.about(t, p, "positionings")]
        for record in open_ones:
            await t.look(record.name)


async def _update(t: Teller, p: P) -> None:
    if t.likely(0.5):
        await t.change(p, unable_to_work=not p.unable_to_work, offence_class=t.value(pb.OffenceClass))
    else:
        await t.change(p, minor=not p.minor, phone="测试新电话")


async def _correct(t: Teller, p: P) -> None:
    fields = t.some([
        {"judgment_date": t.day(p.judgment_date, most=4)},
        {"taken_over_date": t.day(p.judgment_date, most=30)},
        {"term_to_date": t.until(p.term_to_date, 0, 40)},
        {"sentence": t.value(pb.SentenceKind)},
        {"report_due_date": None},
    ])  # fmt: skip
    await t.change(p, corrected=True, **fields)


async def _correct_end(t: Teller, p: P) -> None:
    """Correct how or when correction ended, or that it ended."""
    fields = t.some([
        {"end_ground": t.some(OTHERS)},
        {"end_ground": t.some(SERVED)},
        {"ended_date": _within(t, p)},
        {"ended_date": None, "end_ground": None},
        {"minor": not p.minor},
    ])  # fmt: skip
    await t.change(p, corrected=True, **fields)


async def _delete(t: Teller, p: P) -> None:
    if t.likely(0.4):
        await t.drop(p)


async def _adopt(t: Teller, p: P) -> None:
    """Find the released person's file that the service has opened meanwhile; from then on it is told of too."""
    file = (await t.look(p.name)).released_person
    if file and file not in t.revisions:
        await t.look(file)


def _within(t: Teller, p: P) -> Any:
    """Choose a day of the term that is not before the last step."""
    last = min(to_date(p.term_to_date) or t.today, t.today)
    on = to_date(t.day(p.judgment_date, p.taken_over_date, p.declared_date, p.transferred_date, most=120)) or date.min
    return from_date(min(on, last))


RECORDED: Sequence[Any] = records.STEPS
STEPS: Mapping[int, Sequence[Any]] = {
    P.STATE_NOTIFIED: [*[_take_over] * 9, _never_reported, _never_reported, _term, _update, _transfer, _terminate,
                       _correct, _delete],
    P.STATE_NEVER_REPORTED: [_take_over, _take_over, _correct, _terminate],
    P.STATE_TAKEN_OVER: [*[_declare] * 5, *[records.do_duties] * 2, _update, _correct, _transfer, _terminate],
    P.STATE_UNDER_CORRECTION: [*[records.do_duties] * 5, *RECORDED, *RECORDED, _level, _level, _key, _key, _term,
                               *[_transfer] * 4, _update, _correct, *[_serve] * 4, _terminate],
    P.STATE_ENDED: [*[_adopt] * 6, _correct_end, _correct_end, _delete, records.do_duties],
    P.STATE_TERMINATED: [_correct_end, _correct_end, _delete, _delete],
}  # fmt: skip
