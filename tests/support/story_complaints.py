"""What happens to complaints, step by step, mostly as the rules have it; those about the bureau's own, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import complaint_service_pb2 as rpc
from geju.legalservices.v1 import firm_pb2, practitioner_pb2, sanction_pb2

from tests.support.calls import Caller
from tests.support.story import PURPOSE, Teller
from tests.support.story_practitioners import LAW_FIRMS, firms

C = pb.Complaint
SERVICE = "ComplaintService"
#: Kinds of respondent who are persons, with what they are; and those that are firms, with their kinds.
PERSONS: Mapping[int, int] = {
    pb.RESPONDENT_KIND_LAWYER: practitioner_pb2.PRACTITIONER_KIND_LAWYER,
    pb.RESPONDENT_KIND_GRASSROOTS_WORKER: practitioner_pb2.PRACTITIONER_KIND_GRASSROOTS,
    pb.RESPONDENT_KIND_NOTARY: practitioner_pb2.PRACTITIONER_KIND_NOTARY,
}
FIRMS: Mapping[int, frozenset[int]] = {
    pb.RESPONDENT_KIND_FIRM: LAW_FIRMS,
    pb.RESPONDENT_KIND_GRASSROOTS_OFFICE: frozenset({firm_pb2.FIRM_KIND_GRASSROOTS}),
}
#: Findings that give ground for measures, and the others that an investigation ends with.
FOUND = (pb.COMPLAINT_OUTCOME_SUBSTANTIATED, pb.COMPLAINT_OUTCOME_PARTLY, pb.COMPLAINT_OUTCOME_UNSUBSTANTIATED)
GIVEN_UP = (pb.COMPLAINT_OUTCOME_WITHDRAWN, pb.COMPLAINT_OUTCOME_SETTLED)
HANDED_OVER = (pb.COMPLAINT_CHANNEL_PETITION_OFFICE, pb.COMPLAINT_CHANNEL_TRANSFERRED)
OF_DISTRICT = range(sanction_pb2.SANCTION_KIND_ORDER_TO_CORRECT, sanction_pb2.SANCTION_KIND_PENALTY_PROPOSAL + 1)


def _complaint(t: Teller) -> C:
    """Return a complaint as it comes in; one in ten does not say about whom it is."""
    kind, channel = t.value(pb.RespondentKind), t.value(pb.ComplaintChannel)
    grounds = t.chance.sample([number for number in pb.ComplaintGround.values() if number], t.chance.randrange(1, 4))
    made = C(office=t.office(), received_date=t.day(), channel=channel, respondent_kind=kind, grounds=grounds,
             narrative="示例内容", anonymous=t.likely(0.2))  # fmt: skip
    if channel in HANDED_OVER:
        made.transferring_unit = "示例机关"
    if not made.anonymous:
        made.complainant_name, made.complainant_id_number = "示例投诉人", "示例证件号"
        made.complainant_phone, made.complainant_address = "示例电话", "示例地址"
        made.evidence.append("示例证据")
    if t.likely(0.9):
        _name_respondent(t, made)
    return made


def _name_respondent(t: Teller, made: C) -> None:
    kind = made.respondent_kind
    people = t.of("practitioners", lambda one: one.kind == PERSONS.get(kind))
    organisations = firms(t, *FIRMS.get(kind, ()))
    if kind == pb.RESPONDENT_KIND_JUDICIAL_OFFICE:
        made.respondent_office = t.office()
    elif people and t.likely(0.8):
        made.practitioner = t.some(people).name
    elif organisations and t.likely(0.8):
        made.firm = t.some(organisations).name
    else:
        made.respondent_name = "示例被投诉人"


async def receive(t: Teller) -> None:
    """Receive a complaint."""
    await t.make(_complaint(t))


async def take_over(t: Teller) -> None:
    """Take a complaint of past years over with its course."""
    one = _complaint(t)
    one.respondent_name = "" if one.practitioner or one.firm or one.respondent_office else "示例被投诉人"
    one.key = f"L-{t.chance.getrandbits(60):x}"
    accepted = t.day(one.received_date, most=9)
    begun = t.day(accepted, most=9)
    concluded = t.day(begun, most=70)
    course = C(accepted_date=accepted, investigating_date=begun, investigated_date=begun, findings="示例情况",
               concluded_date=concluded, outcome=t.some(FOUND), answered_date=t.day(concluded, most=9))  # fmt: skip
    if t.likely(0.4):
        asked = t.day(begun, most=5)
        pause = pb.ComplaintPause(from_date=asked, to_date=concluded, supplement_due_date=concluded)
        course.pauses.append(pause)
    one.MergeFrom(course)
    await t.tell(f"{SERVICE}/ImportComplaints", rows=[rpc.ComplaintImportRow(row=2, complaint=one)])


async def go_on(t: Teller) -> None:
    """Take the next step of some complaint, as its state permits."""
    complaints = t.of("complaints")
    if complaints:
        complaint = t.some(complaints[-10:] if t.likely(0.8) else complaints)
        await t.some(STEPS_OF[complaint.state])(t, complaint)


async def _step(t: Teller, c: C, verb: str, *, by: Caller | None = None, **fields: Any) -> Any:
    return await t.tell(f"{SERVICE}/{verb}", by=by, name=c.name, **fields)


def _since(t: Teller, c: C, *fields: str, most: int = 9) -> Any:
    """Choose a day after these, and after the last supplement."""
    return t.day(*(getattr(c, field) for field in fields), *(pause.to_date for pause in c.pauses[-1:]), most=most)


async def _accept(t: Teller, c: C) -> None:
    await _step(t, c, "AcceptComplaint", accepted_date=_since(t, c, "received_date"))


async def _refuse(t: Teller, c: C) -> None:
    on = _since(t, c, "received_date", most=14)
    grounds = [ground for ground in pb.ComplaintRefusalGround.values() if ground]
    fields = {"refused_date": on, "refusal_ground": t.some(grounds), "refusal_told_date": t.day(on, most=4)}
    await _step(t, c, "RefuseComplaint", **fields)


async def _transfer(t: Teller, c: C) -> None:
    on = _since(t, c, "received_date")
    fields = {"transferred_date": on, "transferred_unit": "示例机关", "refusal_told_date": on}
    await _step(t, c, "TransferComplaint", **fields)


async def _ask(t: Teller, c: C) -> None:
    on = _since(t, c, "received_date", "accepted_date", most=6)
    fields = {"from_date": on, "supplement_due_date": t.until(on, 0, 20), "requested": "示例材料"}
    await _step(t, c, "RequestSupplement", **fields)


async def _supplied(t: Teller, c: C) -> None:
    await _step(t, c, "RecordSupplement", to_date=t.day(c.pauses[-1].from_date, most=25))


async def _assign(t: Teller, c: C) -> None:
    """Name the second investigator; now and then of the firm that the complaint is about."""
    fields: dict[str, Any] = {"investigator": "second", "no_tie": t.likely(0.95)}
    if t.likely(0.2):
        fields["investigator_firm"] = t.some(t.of("firms")).name
    await _step(t, c, "AssignInvestigator", investigating_date=_since(t, c, "accepted_date"), **fields)


async def _investigate(t: Teller, c: C) -> None:
    by = t.second if t.likely(0.9) else t.caller
    on = _since(t, c, "investigating_date", most=60)
    await _step(t, c, "RecordInvestigation", by=by, investigated_date=on, findings="示例情况")


async def _extend(t: Teller, c: C) -> None:
    on = _since(t, c, "accepted_date", most=70)
    await _step(t, c, "ExtendComplaint", extended_date=on, reason="示例理由")


async def _conclude(t: Teller, c: C) -> None:
    if not c.HasField("investigated_date"):
        await _investigate(t, c)
    elif t.likely(0.8):
        on = _since(t, c, "investigated_date", "extended_date", most=20)
        fields = {"outcome": t.some(FOUND), "decision": "示例决定", "concluded_date": on}
        await _step(t, c, "ConcludeComplaint", **fields)


async def _withdraw(t: Teller, c: C) -> None:
    if t.likely(0.4):
        known = ("received_date", "accepted_date", "investigating_date", "investigated_date", "extended_date")
        last = [pause.from_date for pause in c.pauses[-1:]]
        on = t.day(*(getattr(c, field) for field in known), *(pause.to_date for pause in c.pauses), *last)
        fields = {"outcome": t.some(GIVEN_UP), "decision": "示例决定", "concluded_date": on}
        await _step(t, c, "ConcludeComplaint", **fields)


async def _answer(t: Teller, c: C) -> None:
    await _step(t, c, "AnswerComplaint", answered_date=_since(t, c, "concluded_date", most=12), answer="示例答复")


async def _reply(t: Teller, c: C) -> None:
    if c.channel in HANDED_OVER and t.likely(0.5):
        await _step(t, c, "ReplyToUnit", replied_date=t.day(c.received_date, most=20))


async def _rate(t: Teller, c: C) -> None:
    opinion = t.value(pb.ComplaintSatisfaction)
    fields = {"satisfaction": opinion, "satisfaction_date": t.day(c.answered_date, most=30)}
    if c.HasField("answered_date") and (not c.satisfaction or t.likely(0.05)):
        await _step(t, c, "RecordSatisfaction", **fields)


async def _ask_review(t: Teller, c: C) -> None:
    await _step(t, c, "AskReview", review_asked_date=t.day(c.answered_date, most=20), review_reason="示例理由")


async def _decide_review(t: Teller, c: C) -> None:
    """Let the third decide it; another conclusion comes with a changed one."""
    changed = t.likely(0.4)
    others = [outcome for outcome in FOUND if outcome != c.outcome]
    fields = {"review_outcome": 2, "outcome": t.some(others)} if changed else {"review_outcome": 1}
    on = t.day(c.review_asked_date, most=35)
    by = t.third if t.likely(0.9) else t.caller
    await _step(t, c, "DecideReview", by=by, review_decided_date=on, review_decision="示例决定", **fields)


async def _archive(t: Teller, c: C) -> None:
    known = ("answered_date", "review_decided_date", "refused_date", "transferred_date")
    if t.likely(0.3):
        await _step(t, c, "ArchiveComplaint", archived_date=t.day(*(getattr(c, field) for field in known)))


async def _measure(t: Teller, c: C) -> None:
    kind = t.some(OF_DISTRICT) if t.likely(0.7) else sanction_pb2.SANCTION_KIND_PENALTY_PROPOSAL
    fields = {"kind": kind, "content": "示例内容", "decided_date": t.day(c.concluded_date, most=15)}
    if c.outcome in FOUND[:2] or t.likely(0.2):
        await _step(t, c, "TakeMeasure", **fields)


async def _update(t: Teller, c: C) -> None:
    fields = {"complainant_phone": "示例新电话", "channel": t.value(pb.ComplaintChannel)}
    await t.change(c, **fields)


async def _correct(t: Teller, c: C) -> None:
    """Correct days and codes; some of them contradict the others, and are refused."""
    choices: list[dict[str, Any]] = [
        {"received_date": t.until(c.received_date, -4, 2)},
        {"grounds": [t.value(pb.ComplaintGround)]},
        {"respondent_kind": t.value(pb.RespondentKind)},
    ]
    if c.HasField("accepted_date"):
        choices += [{"accepted_date": t.day(c.received_date, most=9)}, {"extended_date": None}]
    if c.HasField("answered_date"):
        choices += [
            {"answered_date": t.day(c.concluded_date, most=12)},
            {"satisfaction": None, "satisfaction_date": None},
        ]
    if c.HasField("archived_date"):
        choices.append({"archived_date": None})
    if c.HasField("refused_date"):
        choices.append({"refused_date": None, "refusal_ground": None, "refusal_told_date": None})
    await t.change(c, corrected=True, **t.some(choices))


async def _delete(t: Teller, c: C) -> None:
    if t.likely(0.3):
        await t.drop(c)


async def sanction(t: Teller) -> None:
    """Record what another authority decided, or an order of the bureau's without a complaint."""
    subject = t.some([*t.of("firms"), *t.of("practitioners")])
    kind, authority = t.some([
        (sanction_pb2.SANCTION_KIND_ADMONITION, sanction_pb2.SANCTION_AUTHORITY_DISTRICT),
        (sanction_pb2.SANCTION_KIND_PENALTY_PROPOSAL, sanction_pb2.SANCTION_AUTHORITY_DISTRICT),
        (sanction_pb2.SANCTION_KIND_ASSOCIATION_SANCTION, sanction_pb2.SANCTION_AUTHORITY_ASSOCIATION),
        (sanction_pb2.SANCTION_KIND_ADMINISTRATIVE_PENALTY, sanction_pb2.SANCTION_AUTHORITY_CITY),
        (sanction_pb2.SANCTION_KIND_ADMINISTRATIVE_PENALTY, sanction_pb2.SANCTION_AUTHORITY_DISTRICT),
    ])  # fmt: skip
    field = "firm" if subject.name.startswith("firms/") else "practitioner"
    made = sanction_pb2.Sanction(office=subject.office, kind=kind, authority=authority, decided_date=t.day(),
                                 content="示例内容", **{field: subject.name})  # fmt: skip
    await t.make(made)


async def follow(t: Teller) -> None:
    """Record what became of a proposal; correct or delete a measure or sanction."""
    sanctions = t.of("sanctions")
    if not sanctions:
        return
    pending = t.of("sanctions", lambda one: one.outcome == sanction_pb2.PROPOSAL_OUTCOME_PENDING)
    if pending and t.likely(0.6):
        one = t.some(pending)
        fields = {"outcome": t.some((2, 3)), "outcome_date": t.day(one.decided_date, most=60)}
        await t.tell("SanctionService/RecordProposalOutcome", name=one.name, **fields)
        return
    one = t.some(sanctions)
    if t.likely(0.3):
        await t.drop(one)
    else:
        await t.change(one, corrected=True, decided_date=t.day(one.decided_date, most=30))


async def read(t: Teller) -> None:
    """Look at complaints about one respondent together; whoever has changed one since has told so."""
    complaints = t.of("complaints")
    if complaints:
        name = t.some(complaints).name
        found = await t.caller(f"{SERVICE}/ListRelatedComplaints", t.patience, name=name, purpose=PURPOSE)
        assert name in {one.name for one in found.complaints}


RATED = (_rate, _rate, _rate)
STEPS_OF: Mapping[int, Sequence[Callable[..., Any]]] = {
    C.STATE_RECEIVED: [*[_accept] * 7, _refuse, _transfer, *[_ask] * 3, _withdraw, _update, _correct, _delete, _reply],
    C.STATE_SUPPLEMENT_REQUESTED: [*[_supplied] * 6, _withdraw, _correct],
    C.STATE_ACCEPTED: [*[_assign] * 7, _ask, _extend, _withdraw, _update, _correct],
    C.STATE_INVESTIGATING: [*[_conclude] * 8, _ask, _extend, _withdraw, _assign, _correct],
    C.STATE_CONCLUDED: [*[_answer] * 5, _measure, _measure, _reply, _correct],
    C.STATE_ANSWERED: [*RATED, *[_ask_review] * 2, _archive, _measure, _correct, _reply],
    C.STATE_REVIEWING: [*[_decide_review] * 5, _rate, _correct],
    C.STATE_REVIEWED: [_archive, _rate, _measure, _correct],
    C.STATE_NOT_ACCEPTED: [_archive, _archive, _correct, _delete, _reply],
    C.STATE_TRANSFERRED: [_archive, _correct, _delete, _reply],
    C.STATE_ARCHIVED: [_rate, _correct, _delete],
}
STEPS: Sequence[Callable[..., Any]] = (take_over, sanction, follow, follow, read)
