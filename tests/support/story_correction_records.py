"""What is recorded about persons under correction: duties, leaves, episodes, offences, measures, positioning, help."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from geju.correction.v1 import (
    absconding_pb2,
    duty_pb2,
    duty_service_pb2,
    help_act_pb2,
    leave_pb2,
    measure_pb2,
    new_offence_pb2,
    positioning_pb2,
)
from geju.correction.v1.supervised_person_pb2 import OffenceClass

from services.chassis.domain.dates import from_date, to_date
from services.chassis.domain.references import uuid_of
from tests.support.story import PURPOSE, Teller

TO_OTHERS = range(measure_pb2.MEASURE_KIND_PROPOSE_PENALTY, measure_pb2.MEASURE_KIND_PROPOSE_COMMUTE + 1)
EXCUSES = (duty_pb2.DUTY_EXCUSE_LEAVE, duty_pb2.DUTY_EXCUSE_ILLNESS, duty_pb2.DUTY_EXCUSE_CUSTODY)
OF_HOURS = (duty_pb2.DUTY_KIND_EDUCATION, duty_pb2.DUTY_KIND_COMMUNITY_WORK)
SEVERAL = 5


def about(t: Teller, p: Any, collection: str) -> Sequence[Any]:
    """Return what was told of a person and is not deleted."""
    return t.of(collection, lambda record: record.person == p.name)


async def do_duties(t: Teller, p: Any) -> None:
    """Read a person's duties and do, excuse, correct or delete some; or take the monthly register over."""
    if t.likely(0.15):
        await _register(t, p)
        return
    wanted = duty_service_pb2.DutyFilter(person=uuid_of(p.name), met_due_to=from_date(t.today))
    answer = await t.caller("DutyService/ListDuties", t.patience, filter=wanted, page_size=200, purpose=PURPOSE)
    for duty in t.chance.sample(list(answer.duties), min(SEVERAL, len(answer.duties))):
        await _duty(t, duty)


async def _duty(t: Teller, duty: Any) -> None:
    closed = duty.HasField("met_date") or duty.excuse
    if closed and t.likely(0.3):
        changes = [{"excuse": t.some(EXCUSES), "met_date": None}] if duty.kind not in OF_HOURS else []
        await t.change(duty, corrected=True, **t.some([*changes, {"excuse": None}, {"note": "测试备注"}]))
    elif closed and t.likely(0.1):
        await t.drop(duty)
    elif not closed and t.likely(0.15):
        await t.tell("DutyService/ExcuseDuty", name=duty.name, excuse=t.some(EXCUSES))
    elif not closed:
        await _do(t, duty)


async def _do(t: Teller, duty: Any) -> None:
    due = to_date(duty.due_date) or t.today
    earliest = duty.month_date if duty.kind in OF_HOURS else due
    fields: dict[str, Any] = {"done_date": t.day(earliest, most=12) if t.likely(0.4) else from_date(due)}
    if duty.kind in OF_HOURS:
        fields |= {"hours": t.chance.randrange(2, 11), "topic": "测试主题"}
    if duty.kind == duty_pb2.DUTY_KIND_ASSESSMENT:
        fields["grade"] = t.value(duty_pb2.AssessmentGrade)
    await t.tell("DutyService/RecordDuty", name=duty.name, note="测试备注", **fields)


async def _register(t: Teller, p: Any) -> None:
    """Take a row of the monthly register over."""
    month = (to_date(t.day(p.taken_over_date, most=200)) or t.today).replace(day=1)
    row = duty_service_pb2.DutyImportRow(
        row=1,
        office=p.office,
        person=p.name,
        month_date=from_date(month),
        education_hours=t.chance.randrange(12),
        work_hours=0 if p.unable_to_work else t.chance.randrange(12),
    )
    if t.likely(0.6):
        row.report_dates.append(t.day(month, most=25))
    await t.tell("DutyService/ImportDuties", rows=[row])


async def leave(t: Teller, p: Any) -> None:
    """Ask for a leave."""
    first = t.day(p.taken_over_date, most=150)
    made = leave_pb2.Leave(kind=t.value(leave_pb2.LeaveKind), destination="测试地", ground="探亲",
                           asked_date=t.day(p.taken_over_date, most=9), from_date=first,
                           to_date=t.until(first, 0, 25))  # fmt: skip
    await _make(t, p, made)


async def _leave_on(t: Teller, one: Any) -> None:
    """Decide on a leave, come back from it, correct it."""
    if one.state == leave_pb2.Leave.STATE_ASKED:
        verb = "ApproveLeave" if t.likely(0.7) else "RefuseLeave"
        await t.tell(f"LeaveService/{verb}", name=one.name, decided_date=t.day(one.asked_date, most=5))
    elif one.state == leave_pb2.Leave.STATE_APPROVED:
        await t.tell("LeaveService/RecordReturn", name=one.name, back_date=t.day(one.to_date, most=4))
    else:
        await t.change(one, corrected=True, to_date=t.until(one.from_date, 0, 20))


async def absconding(t: Teller, p: Any) -> None:
    """Begin an episode out of supervision."""
    made = absconding_pb2.Absconding(from_date=t.day(p.taken_over_date, most=160), circumstances="测试经过")
    await _make(t, p, made)


async def _absconding_on(t: Teller, one: Any) -> None:
    """Search, find, correct."""
    if not one.HasField("searched_date") and t.likely(0.4):
        day = t.day(one.from_date, most=4)
        await t.tell("AbscondingService/RecordSearch", name=one.name, searched_date=day)
    elif one.HasField("to_date"):
        await t.change(one, corrected=True, to_date=t.day(one.from_date, most=50))
    else:
        await t.tell("AbscondingService/RecordFound", name=one.name, to_date=t.day(one.from_date, most=60))


async def offence(t: Teller, p: Any) -> None:
    """Record a new offence of a person of either kind; a released person's file bears the first conviction."""
    committed = t.day(p.released_date if _is_released(p.name) else p.taken_over_date, most=200)
    made = new_offence_pb2.NewOffence(offence_class=t.value(OffenceClass), committed_date=committed)
    if t.likely(0.3):
        made.convicted_date.CopyFrom(t.day(committed, most=90))
    if await _make(t, p, made):
        await _look_at_file(t, p.name)


async def _offence_on(t: Teller, one: Any) -> None:
    """Record, correct or take back the conviction."""
    day = t.day(one.committed_date, most=90)
    if t.likely(0.2):
        changed: Any = await t.drop(one)
    elif one.HasField("convicted_date"):
        changed = await t.change(one, corrected=True, convicted_date=t.some([None, day]))
    else:
        changed = await t.tell("NewOffenceService/RecordConviction", name=one.name, convicted_date=day)
    if changed:
        await _look_at_file(t, one.person)


async def _look_at_file(t: Teller, name: str) -> None:
    if _is_released(name):
        await t.look(name)


def _is_released(name: str) -> bool:
    return name.startswith("releasedPersons/")


async def _measure_on(t: Teller, one: Any) -> None:
    """Have somebody else decide, record the answer, correct or delete."""
    if one.state == measure_pb2.Measure.STATE_PROPOSED:
        verb = "DecideMeasure" if t.likely(0.8) else "RejectMeasure"
        by = t.second if t.likely(0.9) else t.caller
        day = t.day(one.proposed_date, most=10)
        await t.tell(f"MeasureService/{verb}", by=by, name=one.name, decided_date=day)
    elif one.state == measure_pb2.Measure.STATE_DECIDED and one.kind in TO_OTHERS:
        day = t.day(one.decided_date, most=50)
        await t.tell("MeasureService/RecordAnswer", name=one.name, answered_date=day, granted=t.likely(0.7))
    elif t.likely(0.7):
        await t.change(one, corrected=True, decided_date=t.day(one.proposed_date, most=30))
    else:
        await t.drop(one)


async def measure(t: Teller, p: Any) -> None:
    """Propose a measure, by the ladder where it has something to say."""
    answer = await t.caller("SupervisedPersonService/ProposeMeasures", t.patience, name=p.name, purpose=PURPOSE)
    fields: dict[str, Any] = {"kind": t.value(measure_pb2.MeasureKind)}
    if answer.proposals:
        found = answer.proposals[0]
        fields = {"kind": found.kind, "rule": found.rule, "counted": found.counted}
    ground = t.value(measure_pb2.MeasureGround)
    made = measure_pb2.Measure(ground=ground, facts_found="测试事实", proposed_date=t.day(p.taken_over_date, most=150))
    made.MergeFrom(measure_pb2.Measure(**fields))
    await _make(t, p, made)


async def positioning(t: Teller, p: Any) -> None:
    """Approve a period of positioning."""
    first = t.day(p.taken_over_date, most=100)
    made = positioning_pb2.Positioning(approved_date=first, from_date=first, to_date=t.until(first, 5, 85),
                                       ground="测试理由")  # fmt: skip
    await _make(t, p, made)


async def helped(t: Teller, p: Any) -> None:
    """Help a person of either kind."""
    since = p.released_date if p.name.startswith("releasedPersons/") else p.taken_over_date
    made = help_act_pb2.HelpAct(kind=t.value(help_act_pb2.HelpKind), given_date=t.day(since, most=200),
                                amount_fen=t.chance.randrange(10**5), note="测试备注")  # fmt: skip
    await _make(t, p, made)


async def drop(t: Teller, p: Any) -> None:
    """Delete something recorded about a person."""
    found = [record for kind in DROPPED for record in about(t, p, kind)]
    if found and t.likely(0.5):
        await t.drop(t.some(found))


async def _make(t: Teller, p: Any, record: Any) -> Any:
    record.office, record.person = p.office, p.name
    return await t.make(record)


async def follow(t: Teller) -> None:
    """Take the next step of something recorded about a person."""
    collection, go_on = t.some(list(FOLLOWED.items()))
    found = t.of(collection)
    if found:
        await go_on(t, t.some(found))


async def _positioning_on(t: Teller, one: Any) -> None:
    await t.change(one, corrected=True, to_date=t.until(one.from_date, 5, 80))


DROPPED = ("leaves", "abscondings", "positionings", "helpActs")
STEPS: Sequence[Callable[..., Any]] = (
    leave, leave, absconding, offence, measure, measure, positioning, helped, drop,
)  # fmt: skip
FOLLOWED: Mapping[str, Callable[..., Any]] = {
    "leaves": _leave_on,
    "abscondings": _absconding_on,
    "newOffences": _offence_on,
    "measures": _measure_on,
    "positionings": _positioning_on,
}
