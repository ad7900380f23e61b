"""Where a complaint may go from where it stands: the one table that decides it. Nothing in it is beyond a district."""

from __future__ import annotations

from collections.abc import Mapping

from geju.legalservices.v1 import complaint_pb2 as pb

from services.chassis.domain.steps import Transition

Complaint = pb.Complaint
RECEIVED, ACCEPTED = pb.Complaint.STATE_RECEIVED, pb.Complaint.STATE_ACCEPTED
NOT_ACCEPTED, TRANSFERRED = pb.Complaint.STATE_NOT_ACCEPTED, pb.Complaint.STATE_TRANSFERRED
SUPPLEMENT_REQUESTED = pb.Complaint.STATE_SUPPLEMENT_REQUESTED
INVESTIGATING, CONCLUDED = pb.Complaint.STATE_INVESTIGATING, pb.Complaint.STATE_CONCLUDED
ANSWERED, REVIEWING = pb.Complaint.STATE_ANSWERED, pb.Complaint.STATE_REVIEWING
REVIEWED, ARCHIVED = pb.Complaint.STATE_REVIEWED, pb.Complaint.STATE_ARCHIVED

#: Nothing is decided yet: what was sent is changed by a plain update.
OPEN = frozenset({RECEIVED, ACCEPTED, SUPPLEMENT_REQUESTED, INVESTIGATING})
#: The complainant had the answer; whether it went to the archive says nothing of how it was received.
_TOLD = frozenset({ANSWERED, REVIEWING, REVIEWED, ARCHIVED})
_EVERY = frozenset(pb.Complaint.State.values()) - {pb.Complaint.STATE_UNSPECIFIED}

TRANSITIONS: Mapping[str, Transition] = {
    "accept": Transition("受理", frozenset({RECEIVED}), ACCEPTED),
    "refuse": Transition("不予受理", frozenset({RECEIVED}), NOT_ACCEPTED),
    "transfer": Transition("移送", frozenset({RECEIVED}), TRANSFERRED),
    "request_supplement": Transition("要求补正", frozenset({RECEIVED, ACCEPTED, INVESTIGATING}), SUPPLEMENT_REQUESTED),
    # Back to where it was, which the days on record say.
    "record_supplement": Transition("登记补正", frozenset({SUPPLEMENT_REQUESTED})),
    # Again while there are no findings: an investigator may fall ill or leave.
    "assign": Transition("指定调查人", frozenset({ACCEPTED, INVESTIGATING}), INVESTIGATING),
    "investigate": Transition("登记查明情况", frozenset({INVESTIGATING})),
    "extend": Transition("延长办理期限", frozenset({ACCEPTED, INVESTIGATING})),
    "conclude": Transition("作出结论", frozenset({INVESTIGATING}), CONCLUDED),
    # Withdrawn or settled: that needs no investigation.
    "withdraw": Transition("以撤回或和解办结", OPEN, CONCLUDED),
    "measure": Transition("采取措施", frozenset({CONCLUDED, ANSWERED, REVIEWING, REVIEWED})),
    "answer": Transition("答复投诉人", frozenset({CONCLUDED}), ANSWERED),
    "reply": Transition("回复转办单位", _EVERY),
    "satisfaction": Transition("登记满意度", _TOLD),
    "ask_review": Transition("登记复查申请", frozenset({ANSWERED}), REVIEWING),
    "decide_review": Transition("作出复查决定", frozenset({REVIEWING}), REVIEWED),
    "archive": Transition("归档", frozenset({ANSWERED, REVIEWED, NOT_ACCEPTED, TRANSFERRED}), ARCHIVED),
}

#: The day of a step and the state it leads to, the latest step first.
_STATES = (
    ("archived_date", ARCHIVED),
    ("review_decided_date", REVIEWED),
    ("review_asked_date", REVIEWING),
    ("answered_date", ANSWERED),
    ("concluded_date", CONCLUDED),
    ("transferred_date", TRANSFERRED),
    ("refused_date", NOT_ACCEPTED),
)


def state_of(complaint: Complaint) -> pb.Complaint.State.ValueType:
    """Return the state that follows from the days recorded."""
    for field, state in _STATES:
        if complaint.HasField(field):  # type: ignore[arg-type]
            return state
    if waiting(complaint):
        return SUPPLEMENT_REQUESTED
    if complaint.HasField("investigating_date"):
        return INVESTIGATING
    return ACCEPTED if complaint.HasField("accepted_date") else RECEIVED


def waiting(complaint: Complaint) -> bool:
    """Tell whether a supplement is awaited: the clocks stand still."""
    return bool(complaint.pauses) and not complaint.pauses[-1].HasField("to_date")


def is_closed(complaint: Complaint) -> bool:
    """Tell whether nothing is left to do: only then may the complainant's data be erased."""
    return complaint.state == ARCHIVED
