"""What happens to applications for legal aid and the cases they become, step by step, mostly as the rules have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import aid_case_service_pb2 as rpc

from services.chassis.domain.dates import to_date
from tests.support.calls import Caller
from tests.support.story import Teller

C = pb.AidCase
SERVICE = "AidCaseService"
NOTIFIED = (pb.AID_PATH_NOTIFIED_DEFENCE, pb.AID_PATH_NOTIFIED_REPRESENTATION)
#: Applications are the most.
PATHS = (*[pb.AID_PATH_APPLICATION] * 5, *NOTIFIED, pb.AID_PATH_DUTY_LAWYER, pb.AID_PATH_CUSTODY)
#: Who may pass through the green channel, and for what.
CHANNELS: Mapping[int, dict[str, Any]] = {
    pb.GREEN_CHANNEL_GROUND_MIGRANT_WAGES: {
        "groups": [pb.AID_GROUP_MIGRANT_WORKER],
        "matter": pb.AID_MATTER_UNPAID_WAGES,
    },
    pb.GREEN_CHANNEL_GROUND_WORK_INJURY: {"matter": pb.AID_MATTER_WORK_INJURY},
    pb.GREEN_CHANNEL_GROUND_ELDERLY: {"groups": [pb.AID_GROUP_ELDERLY, pb.AID_GROUP_WOMAN]},
    pb.GREEN_CHANNEL_GROUND_URGENT: {},
}
BY_INCOME = (pb.HARDSHIP_BASIS_EVIDENCE, pb.HARDSHIP_BASIS_DECLARATION)
HARDSHIP = (*BY_INCOME * 3, pb.HARDSHIP_BASIS_EXEMPT_MINIMUM_ALLOWANCE, pb.HARDSHIP_BASIS_UNSPECIFIED)
EARMARKS = ("legal_aid", "legal_aid", "legal_aid_donated")
SINCE_REVIEW = ("received_date", "provided_date")


def _described(t: Teller) -> C:
    """Return a case as it comes in."""
    path, kind = t.some(PATHS), t.some([pb.AID_KIND_CIVIL, pb.AID_KIND_CIVIL, *pb.AidKind.values()[1:]])
    made = C(office=t.office(), path=path, kind=kind, matter=t.value(pb.AidMatter), received_date=t.day(),
             person_name="示例甲", id_number="示例证件号", phone="示例电话", address="示例地址", summary="示例案情",
             groups=t.chance.sample(pb.AidGroup.values()[1:], t.chance.randrange(3)))  # fmt: skip
    if kind == pb.AID_KIND_CRIMINAL and t.likely(0.9):
        made.gravest_penalty = t.value(pb.GravestPenalty)
    if path in NOTIFIED:
        made.notifying_organ = "示例法院"
        return made
    made.hardship = t.some(HARDSHIP)
    if made.hardship in BY_INCOME:
        made.monthly_income_fen = t.chance.randrange(1, 70_000)
    if t.likely(0.3):
        made.green_channel = t.some(list(CHANNELS))
        for field, value in CHANNELS[made.green_channel].items():
            made.ClearField(field)
            made.MergeFrom(C(**{field: value}))
    if path == pb.AID_PATH_CUSTODY:
        _through_custody(t, made)
    if t.likely(0.3):
        made.limitation_date.CopyFrom(t.until(made.received_date, 0, 20))
    return made


def _through_custody(t: Teller, made: C) -> None:
    """Let a place of custody hand an application on, in time or not."""
    day = to_date(made.received_date) or t.today
    began = datetime(day.year, day.month, day.day, 1, tzinfo=UTC) - timedelta(hours=t.chance.randrange(60))
    made.custody_received_time.FromDatetime(began)
    if t.likely(0.8):
        made.forwarded_time.FromDatetime(began + timedelta(hours=t.chance.randrange(1, 50)))


async def apply(t: Teller) -> None:
    """Take a case in."""
    await t.make(_described(t))


async def take_over(t: Teller) -> None:
    """Take a case of past years over with its course."""
    one = _described(t)
    one.key = f"L-{t.chance.getrandbits(60):x}"
    if one.path not in NOTIFIED:
        one.hardship, one.monthly_income_fen = pb.HARDSHIP_BASIS_EVIDENCE, 40_000
    granted = t.day(one.received_date, most=12)
    assigned = t.day(granted, most=6)
    course = C(decided_date=granted, granted_date=granted, practitioner=_handler(t), assigned_date=assigned)
    if t.likely(0.6):
        closed = t.day(assigned, most=90)
        course.MergeFrom(C(closed_date=closed, result=pb.AID_RESULT_WON, recovered_fen=t.chance.randrange(10**6)))
    one.MergeFrom(course)
    await t.tell(f"{SERVICE}/ImportAidCases", rows=[rpc.AidCaseImportRow(row=2, aid_case=one)])


async def go_on(t: Teller) -> None:
    """Take the next step of some case, as its state permits."""
    cases = t.of("aidCases")
    if cases:
        case = t.some(cases[-6:] if t.likely(0.8) else cases)
        await t.some(STEPS_OF[case.state])(t, case)


async def adopt(t: Teller) -> None:
    """Find what one service has opened for the other meanwhile; from then on it is told of too."""
    referred = t.of("aidCases", lambda c: c.HasField("referred_date") and not c.mediation_dispute)
    handed_on = t.of("disputes", lambda d: d.referral.to_legal_aid and not d.aid_case)
    if referred and (not handed_on or t.likely(0.5)):
        found = (await t.look(t.some(referred).name)).mediation_dispute
    elif handed_on:
        found = (await t.look(t.some(handed_on).name)).aid_case
    else:
        return
    if not found or found in t.revisions:
        return
    record = await t.look(found)
    if found.startswith("disputes/"):
        await t.change(record, parties=[{"side": 1, "full_name": "张某某"}, {"side": 2, "full_name": "测试甲"}])
    else:
        hardship = pb.HARDSHIP_BASIS_EXEMPT_MINIMUM_ALLOWANCE
        await t.change(record, person_name="示例乙", hardship=hardship, groups=[pb.AID_GROUP_FARMER])


async def _step(t: Teller, c: C, verb: str, *, by: Caller | None = None, **fields: Any) -> Any:
    return await t.tell(f"{SERVICE}/{verb}", by=by, name=c.name, **fields)


def _since(t: Teller, c: C, *fields: str, most: int = 9) -> Any:
    """Choose a day after these, and after the last supplement."""
    pauses = [day for pause in c.pauses for day in (pause.from_date, pause.to_date)]
    return t.day(*(getattr(c, field) for field in fields), *pauses, most=most)


def _handler(t: Teller) -> str:
    return str(t.some(t.of("practitioners")).name)


def _practised(t: Teller, c: C) -> dict[str, Any]:
    """Say since when a handler has practised, where that matters."""
    return {"practised_from_date": t.until(c.received_date, -2000, -1200)} if c.gravest_penalty else {}


async def _ask(t: Teller, c: C) -> None:
    on = _since(t, c, *SINCE_REVIEW, most=7)
    due = t.until(on, 0, 20)
    await _step(t, c, "RequestSupplement", from_date=on, supplement_due_date=due, requested="示例材料")


async def _supplied(t: Teller, c: C) -> None:
    await _step(t, c, "RecordSupplement", to_date=t.day(c.pauses[-1].from_date, most=20))


async def _withdraw(t: Teller, c: C) -> None:
    await _step(t, c, "WithdrawApplication", withdrawn_date=_since(t, c, *SINCE_REVIEW))


async def _deem(t: Teller, c: C) -> None:
    on = t.day(c.pauses[-1].supplement_due_date, most=12)
    await _step(t, c, "WithdrawApplication", deemed=True, withdrawn_date=on)


async def _provide(t: Teller, c: C) -> None:
    ground = t.value(pb.ProvideFirstGround)
    on = _since(t, c, "received_date", most=4)
    await _step(t, c, "ProvideFirst", provide_first=ground, practitioner=_handler(t), provided_date=on)


async def _grant(t: Teller, c: C) -> None:
    await _step(t, c, "GrantAid", granted_date=_since(t, c, *SINCE_REVIEW))


async def _refuse(t: Teller, c: C) -> None:
    fields = {"refused_date": _since(t, c, *SINCE_REVIEW), "refusal_ground": t.value(pb.AidRefusalGround)}
    await _step(t, c, "RefuseAid", **fields)


async def _object(t: Teller, c: C) -> None:
    if not c.HasField("objected_date"):
        await _step(t, c, "RecordObjection", objected_date=t.day(c.decided_date, most=15))


async def _decide(t: Teller, c: C) -> None:
    """Let the second decide what the first has refused."""
    fields = {"objection_outcome": t.value(pb.ObjectionOutcome), "objection_decided_date": t.day(c.objected_date)}
    await _step(t, c, "DecideObjection", by=t.second if t.likely(0.9) else t.caller, **fields)


async def _answer(t: Teller, c: C) -> None:
    if c.path in NOTIFIED and not c.HasField("answered_date"):
        await _step(t, c, "AnswerNotice", answered_date=t.day(c.received_date, most=6))


async def _transfer(t: Teller, c: C) -> None:
    on = _since(t, c, *SINCE_REVIEW)
    await _step(t, c, "TransferApplication", transferred_date=on, transferred_unit="示例中心")


async def _assign(t: Teller, c: C) -> None:
    on = t.day(c.granted_date, most=6)
    await _step(t, c, "AssignHandler", practitioner=_handler(t), assigned_date=on, **_practised(t, c))


async def _reassign(t: Teller, c: C) -> None:
    fields = {"practitioner": _handler(t), "reassign_reason": t.value(pb.ReassignReason), **_practised(t, c)}
    await _step(t, c, "ReassignHandler", assigned_date=t.day(c.assigned_date, most=30), **fields)


async def _begin(t: Teller, c: C) -> None:
    await _step(t, c, "BeginCase", begun_date=t.day(c.assigned_date, most=10))


async def _refer(t: Teller, c: C) -> None:
    if c.kind == pb.AID_KIND_CIVIL and not c.HasField("referred_date"):
        await _step(t, c, "ReferToMediation", referred_date=t.day(c.received_date, most=30))


async def _close(t: Teller, c: C) -> None:
    fields: dict[str, Any] = {"result": t.value(pb.AidResult), "recovered_fen": t.chance.randrange(10**6)}
    on = t.day(c.assigned_date, c.begun_date, most=90)
    await _step(t, c, "CloseCase", closed_date=on, settled_before_litigation=t.likely(0.3), **fields)


async def _end(t: Teller, c: C) -> None:
    fields = {"end_ground": t.value(pb.AidEndGround), "handler_fault": bool(c.practitioner) and t.likely(0.4)}
    await _step(t, c, "EndAid", ended_date=t.day(c.granted_date, c.assigned_date, c.begun_date), **fields)


async def _return(t: Teller, c: C) -> None:
    await _step(t, c, "ReturnFile", file_returned_date=t.day(c.closed_date, most=25))


async def _rate(t: Teller, c: C) -> None:
    """Let one of three rate a file; two grades only, so that they agree often."""
    by = t.some((t.caller, t.second, t.third))
    on = t.day(c.file_returned_date, *(one.rated_date for one in c.ratings), most=40)
    grade = t.some((pb.FILE_GRADE_GOOD, pb.FILE_GRADE_GOOD, pb.FILE_GRADE_FAIL))
    await _step(t, c, "RateFile", by=by, grade=grade, rated_date=on, remark="示例意见")


async def _pay(t: Teller, c: C) -> None:
    if c.practitioner and not c.subsidy_fen:
        fields = {"subsidy_fen": t.chance.randrange(1, 10**5), "earmark": t.some(EARMARKS)}
        await _step(t, c, "PaySubsidy", subsidy_date=t.day(c.closed_date, c.ended_date, most=60), **fields)


async def _update(t: Teller, c: C) -> None:
    if c.path in NOTIFIED:
        await t.change(c, phone="示例新电话", gravest_penalty=pb.GRAVEST_PENALTY_LIFE)
    else:
        await t.change(c, hardship=pb.HARDSHIP_BASIS_EVIDENCE, monthly_income_fen=50_000, phone="示例新电话")


async def _correct(t: Teller, c: C) -> None:
    """Correct days and codes; some of them contradict the others, and are refused."""
    choices: list[dict[str, Any]] = [
        {"received_date": t.until(c.received_date, -5, 2)},
        {"matter": t.value(pb.AidMatter)},
        {"kind": t.value(pb.AidKind)},
        {"groups": [t.value(pb.AidGroup)]},
        {"green_channel": t.some([None, pb.GREEN_CHANNEL_GROUND_URGENT])},
    ]
    if c.HasField("decided_date"):
        on = _since(t, c, *SINCE_REVIEW)
        choices += [{"decided_date": on} | ({} if c.refusal_ground else {"granted_date": on})] * 2
    if c.HasField("closed_date"):
        choices += [{"closed_date": t.day(c.assigned_date, c.begun_date, most=90)}, {"recovered_fen": 7}]
    if c.subsidy_fen:
        choices += [{"subsidy_fen": t.chance.randrange(1, 10**5)}, {"subsidy_fen": None, "subsidy_date": None}]
    if len(c.pauses) > 1:
        choices.append({"pauses": list(c.pauses[:1])})
    if c.HasField("withdrawn_date"):
        choices.append({"withdrawn_date": None})
    await t.change(c, corrected=True, **t.some(choices))


async def _delete(t: Teller, c: C) -> None:
    if t.likely(0.3):
        await t.drop(c)


UNDER_WAY = (_refer, _refer, _answer, _end, _correct)
STEPS_OF: Mapping[int, Sequence[Callable[..., Any]]] = {
    C.STATE_RECEIVED: [*[_grant] * 8, *[_refuse] * 3, *[_ask] * 3, *[_provide] * 3, *[_answer] * 2, *[_update] * 3,
                       _withdraw, _transfer, _refer, _correct, _delete],
    C.STATE_SUPPLEMENT_REQUESTED: [*[_supplied] * 6, _withdraw, _deem, _correct],
    C.STATE_REFUSED: [*[_object] * 6, _correct, _delete],
    C.STATE_OBJECTED: [*[_decide] * 6, _correct],
    C.STATE_GRANTED: [*[_assign] * 8, *UNDER_WAY, _update],
    C.STATE_ASSIGNED: [*[_begin] * 8, *[_reassign] * 2, *UNDER_WAY],
    C.STATE_IN_PROGRESS: [*[_close] * 8, *[_reassign] * 2, *UNDER_WAY],
    C.STATE_CLOSED: [*[_return] * 8, *[_pay] * 3, _correct],
    C.STATE_FILE_RETURNED: [*[_rate] * 8, *[_pay] * 2, _correct],
    C.STATE_RATED: [*[_pay] * 4, _correct, _delete],
    C.STATE_ENDED: [*[_pay] * 3, _correct, _delete],
    C.STATE_WITHDRAWN: [_correct, _delete],
    C.STATE_TRANSFERRED: [_correct, _delete],
}  # fmt: skip
STEPS: Sequence[Callable[..., Any]] = (*[apply] * 2, *[go_on] * 18, take_over, adopt, adopt)
