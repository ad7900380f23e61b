"""What happens to disputes, step by step, mostly as the rules have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import session_pb2
from google.protobuf.field_mask_pb2 import FieldMask

from services.chassis.domain.dates import from_date, to_date
from tests.support.story import Teller

S = pb.Dispute
REFERRALS = range(pb.DISPUTE_CHANNEL_POLICE, pb.DISPUTE_CHANNEL_OTHER_UNIT + 1)


async def register(t: Teller) -> None:
    """Take a dispute in."""
    office, on, channel = t.office(), t.day(), t.value(pb.DisputeChannel)
    major = t.likely(0.3)
    dispute = S(
        office=office,
        place=t.place(office, to_date(on)) if t.likely(0.5) else "",
        type=t.value(pb.DisputeType),
        channel=channel,
        registered_date=on,
        amount_fen=t.chance.randrange(10**7),
        major=major,
        major_ground=t.value(pb.MajorGround) if major else 0,
        summary="测试纠纷",
        centre=_one(t, "centres", office) if t.likely(0.3) else "",
        parties=[pb.Party(side=1, full_name="张某某"), pb.Party(side=2, full_name="测试甲", count=3)],
    )
    if channel in REFERRALS:
        dispute.referrer.unit = "测试单位"
    await t.tell("DisputeService/CreateDispute", dispute=dispute)


async def go_on(t: Teller) -> None:
    """Take the next step of some dispute, as its state permits."""
    disputes = t.of("disputes")
    if disputes:
        dispute = t.some(disputes[-12:] if t.likely(0.8) else disputes)
        await t.some(STEPS[dispute.state])(t, dispute)


async def _accept(t: Teller, d: S) -> None:
    mediator = _one(t, "mediators", d.office)
    await t.tell("DisputeService/AcceptDispute", name=d.name, mediator=mediator, accepted_date=_next(t, d, 10))


async def _refuse(t: Teller, d: S) -> None:
    ground = t.value(pb.RefusalGround)
    await t.tell("DisputeService/RefuseDispute", name=d.name, ground=ground, refused_date=_next(t, d))


async def _withdraw(t: Teller, d: S) -> None:
    await t.tell("DisputeService/WithdrawDispute", name=d.name, withdrawn_date=_next(t, d), etag=d.etag)


async def _assign(t: Teller, d: S) -> None:
    await t.tell("DisputeService/AssignMediators", name=d.name, mediator=_one(t, "mediators", d.office))


async def _session(t: Teller, d: S) -> None:
    session = session_pb2.Session(venue=t.value(session_pb2.SessionVenue), held_date=_next(t, d, 20))
    if t.likely(0.4):
        session.invited.add(full_name="测试专家", department="测试部门")
    await t.tell("DisputeService/RecordSession", name=d.name, session=session)


async def _discuss(t: Teller, d: S) -> None:
    if d.major:
        await t.tell("DisputeService/DiscussMajorDispute", name=d.name, discussed_date=_next(t, d, 8))


async def _agree(t: Teller, d: S) -> None:
    closed, written = _next(t, d), d.major or t.likely(0.7)
    agreement = pb.Agreement(form=1 if written else 2, performed_on_spot=not written, content="各让一步")
    if written:
        agreement.fulfilment_due_date.CopyFrom(from_date(min(t.today, to_date(closed) or t.today)))
        agreement.fulfilment_due_date.CopyFrom(t.day(closed, most=60))
    await t.tell("DisputeService/CloseDispute", name=d.name, outcome=1, closed_date=closed, agreement=agreement)


async def _fail(t: Teller, d: S) -> None:
    outcome = t.some([pb.DISPUTE_OUTCOME_FAILED, pb.DISPUTE_OUTCOME_REFUSED_BY_PARTY])
    ground = t.value(pb.FailureGround) if outcome == pb.DISPUTE_OUTCOME_FAILED else 0
    fields = {"outcome": outcome, "failure_ground": ground, "closed_date": _next(t, d)}
    await t.tell("DisputeService/CloseDispute", name=d.name, **fields)


async def _refer(t: Teller, d: S) -> None:
    referral = pb.Referral(unit="测试单位", kind=t.value(pb.DisputeKind), to_legal_aid=t.likely(0.5))
    await t.tell("DisputeService/ReferDispute", name=d.name, referral=referral, referred_date=_next(t, d))


async def _extend(t: Teller, d: S) -> None:
    due = max((to_date(limit.due) for limit in d.limits if ".close." in limit.rule), default=None)
    if due is not None:
        days = {"agreed_date": d.accepted_date, "extended_due_date": t.day(due, most=40)}
        await t.tell("DisputeService/ExtendLimit", name=d.name, **days)


async def _escalate(t: Teller, d: S) -> None:
    escalation = pb.Escalation(kind=t.value(pb.EscalationKind), escalated_date=_next(t, d))
    await t.tell("DisputeService/RecordEscalation", name=d.name, escalation=escalation)


async def _prevent(t: Teller, d: S) -> None:
    prevention = pb.Prevention(kind=t.value(pb.PreventionKind), prevented_date=_next(t, d), evidence="测试依据")
    await t.tell("DisputeService/RecordPreventedEscalation", name=d.name, prevention=prevention)


async def _report(t: Teller, d: S) -> None:
    if d.channel in REFERRALS and d.state != S.STATE_REFUSED:
        day = t.day(d.closed_date, d.withdrawn_date, most=14)
        await t.tell("DisputeService/ReportFeedback", name=d.name, feedback_date=day)


async def _apply(t: Teller, d: S) -> None:
    if not d.HasField("confirmation"):
        day = t.day(d.agreement.in_force_date)
        await t.tell("DisputeService/ApplyConfirmation", name=d.name, court="测试法院", applied_date=day)


async def _confirm(t: Teller, d: S) -> None:
    if d.HasField("confirmation"):
        fields = {"result": t.value(pb.ConfirmationResult), "result_date": t.day(d.confirmation.applied_date)}
        await t.tell("DisputeService/RecordConfirmation", name=d.name, **fields)


async def _fulfil(t: Teller, d: S) -> None:
    fields = {"defaulted": t.likely(0.3), "date": t.day(d.agreement.in_force_date, most=60)}
    await t.tell("DisputeService/RecordFulfilment", name=d.name, **fields)


async def _visit(t: Teller, d: S) -> None:
    visit = pb.ReturnVisit(visit_date=t.day(d.agreement.in_force_date, most=95), satisfied=True)
    await t.tell("DisputeService/RecordReturnVisit", name=d.name, return_visit=visit)


async def _reopen(t: Teller, d: S) -> None:
    await t.tell("DisputeService/ReopenDispute", name=d.name, reason="当事人反悔", reopened_date=_next(t, d))


async def _update(t: Teller, d: S) -> None:
    changed = S(name=d.name, etag=d.etag, type=t.value(pb.DisputeType), people=t.chance.randrange(50))
    await t.tell("DisputeService/UpdateDispute", dispute=changed, update_mask=FieldMask(paths=["type", "people"]))


async def _correct(t: Teller, d: S) -> None:
    field = t.some(["type", "closed_date", "accepted_date", "major"])
    changed = S(name=d.name, etag=d.etag, type=t.value(pb.DisputeType), major=not d.major)
    changed.major_ground = pb.MAJOR_GROUND_PEOPLE if changed.major else 0
    changed.closed_date.CopyFrom(t.day(d.last_session_date, d.accepted_date))
    changed.accepted_date.CopyFrom(t.day(d.registered_date, most=6))
    paths = ["major", "major_ground"] if field == "major" else [field]
    mask = FieldMask(paths=paths)
    await t.tell("DisputeService/CorrectDispute", dispute=changed, update_mask=mask, reason="登记有误")


async def _move_session(t: Teller, d: S) -> None:
    held = t.of("sessions", lambda session: session.dispute == d.name)
    if held:
        session = t.some(held)
        changed = session_pb2.Session(name=session.name, held_date=t.day(d.accepted_date, most=20))
        mask = FieldMask(paths=["held_date"])
        await t.tell("SessionService/UpdateSession", d.name, session=changed, update_mask=mask)


async def _drop_session(t: Teller, d: S) -> None:
    held = t.of("sessions", lambda session: session.dispute == d.name)
    if held and t.likely(0.5):
        name = t.some(held).name
        if await t.tell("SessionService/DeleteSession", d.name, name=name, reason="重复登记"):
            t.forget(name)


async def _delete(t: Teller, d: S) -> None:
    if t.likely(0.4) and await t.tell("DisputeService/DeleteDispute", name=d.name, reason="重复登记"):
        t.forget(d.name)
        for session in t.of("sessions", lambda session: session.dispute == d.name):
            t.forget(session.name, with_another=True)


def _one(t: Teller, collection: str, office: str) -> str:
    found = t.of(collection, lambda record: record.office == office)
    return str(t.some(found).name) if found else ""


def _next(t: Teller, d: S, most: int = 25) -> Any:
    """Choose a day after everything that happened to a dispute so far."""
    reopened = [reopening.reopened_date for reopening in d.reopenings]
    ended = (d.closed_date, d.refused_date, d.withdrawn_date, d.last_session_date, d.discussed_date)
    return t.day(d.registered_date, d.accepted_date, *ended, *reopened, most=most)


ENDED: Sequence[Any] = [_report, _report, _reopen, _correct, _delete]
STEPS: Mapping[int, Sequence[Any]] = {
    S.STATE_REGISTERED: [*[_accept] * 8, _refuse, _withdraw, _assign, _update, _escalate, _delete],
    S.STATE_ACCEPTED: [*[_session] * 5, _discuss, _withdraw, _update, _extend, _prevent],
    S.STATE_IN_MEDIATION: [_session, _session, _discuss, *[_agree] * 9, _fail, _refer, _extend, _move_session,
                           _drop_session, _escalate, _prevent, _withdraw],
    S.STATE_AGREED: [*[_apply] * 4, *[_confirm] * 4, *[_fulfil] * 3, *[_visit] * 4, _move_session, *ENDED],
    S.STATE_REFUSED: ENDED[1:],
    S.STATE_WITHDRAWN: ENDED,
    S.STATE_FAILED: [*ENDED, _move_session],
    S.STATE_REFUSED_BY_PARTY: ENDED,
    S.STATE_REFERRED: ENDED,
}  # fmt: skip
