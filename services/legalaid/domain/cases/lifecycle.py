"""Where a legal-aid case may go from where it stands: the one table that decides it, and the state that days tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from geju.legalaid.v1 import aid_case_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.steps import Transition

Case = pb.AidCase
RECEIVED, SUPPLEMENT_REQUESTED = Case.STATE_RECEIVED, Case.STATE_SUPPLEMENT_REQUESTED
WITHDRAWN, TRANSFERRED = Case.STATE_WITHDRAWN, Case.STATE_TRANSFERRED
REFUSED, OBJECTED = Case.STATE_REFUSED, Case.STATE_OBJECTED
GRANTED, ASSIGNED, IN_PROGRESS = Case.STATE_GRANTED, Case.STATE_ASSIGNED, Case.STATE_IN_PROGRESS
CLOSED, FILE_RETURNED, RATED = Case.STATE_CLOSED, Case.STATE_FILE_RETURNED, Case.STATE_RATED
ENDED = Case.STATE_ENDED

#: Ordered by a court, a procuratorate or the police: no application, no hardship, never refused.
NOTIFIED = frozenset({pb.AID_PATH_NOTIFIED_DEFENCE, pb.AID_PATH_NOTIFIED_REPRESENTATION})
UNDER_REVIEW = frozenset({RECEIVED, SUPPLEMENT_REQUESTED})
WITH_HANDLER = frozenset({ASSIGNED, IN_PROGRESS})
UNDER_WAY = frozenset({GRANTED}) | WITH_HANDLER
#: Nothing is updated any more; what is wrong is corrected.
OVER = frozenset({WITHDRAWN, TRANSFERRED, REFUSED, CLOSED, FILE_RETURNED, RATED, ENDED})

TRANSITIONS: Mapping[str, Transition] = {
    "request_supplement": Transition("要求补正", frozenset({RECEIVED}), SUPPLEMENT_REQUESTED),
    "record_supplement": Transition("登记补正", frozenset({SUPPLEMENT_REQUESTED}), RECEIVED),
    "withdraw": Transition("撤回", UNDER_REVIEW, WITHDRAWN),
    "deem_withdrawn": Transition("视为撤回", frozenset({SUPPLEMENT_REQUESTED}), WITHDRAWN),
    "provide_first": Transition("先行提供援助", frozenset({RECEIVED})),
    "grant": Transition("给予援助", frozenset({RECEIVED}), GRANTED),
    "grant_provided": Transition("给予援助", frozenset({RECEIVED}), ASSIGNED),
    "refuse": Transition("不予援助", frozenset({RECEIVED}), REFUSED),
    "object": Transition("登记异议", frozenset({REFUSED}), OBJECTED),
    "uphold": Transition("维持不予援助", frozenset({OBJECTED}), REFUSED),
    "overturn": Transition("责令给予援助", frozenset({OBJECTED}), GRANTED),
    "overturn_provided": Transition("责令给予援助", frozenset({OBJECTED}), ASSIGNED),
    # An answer that was forgotten is recorded as late, not left owing for ever.
    "answer": Transition("答复通知机关", frozenset({RECEIVED, CLOSED, FILE_RETURNED, RATED}) | UNDER_WAY),
    "transfer": Transition("转出", frozenset({RECEIVED}), TRANSFERRED),
    "assign": Transition("指派承办人", frozenset({GRANTED}), ASSIGNED),
    "reassign": Transition("变更承办人", WITH_HANDLER),
    "begin": Transition("开始承办", frozenset({ASSIGNED}), IN_PROGRESS),
    "refer": Transition("移送调解", frozenset({RECEIVED}) | UNDER_WAY),
    "close": Transition("结案", frozenset({IN_PROGRESS}), CLOSED),
    "end": Transition("终止援助", UNDER_WAY, ENDED),
    "return_file": Transition("交卷", frozenset({CLOSED}), FILE_RETURNED),
    "rate": Transition("评查", frozenset({FILE_RETURNED})),
    "settle_rating": Transition("评定", frozenset({FILE_RETURNED}), RATED),
    # Who worked on a case until aid was ended is paid for that, too.
    "pay": Transition("发放办案补贴", frozenset({CLOSED, FILE_RETURNED, RATED, ENDED})),
}

#: What steps record: changed by the step, by correcting or, where it was empty, by an import.
STEP_FIELDS = (
    "pauses",
    "provide_first",
    "provided_date",
    "decided_date",
    "granted_date",
    "withdrawn_date",
    "refusal_ground",
    "objected_date",
    "objection_decided_date",
    "objection_outcome",
    "answered_date",
    "transferred_date",
    "transferred_unit",
    "practitioner",
    "assigned_date",
    "first_assigned_date",
    "former_handlers",
    "begun_date",
    "referred_date",
    "closed_date",
    "result",
    "recovered_fen",
    "settled_before_litigation",
    "ended_date",
    "end_ground",
    "handler_fault",
    "file_returned_date",
    "ratings",
    "rated_date",
    "grade",
    "subsidy_fen",
    "subsidy_date",
)
#: The days of steps that end a stretch of the way, with the state that each leads to; the last one wins.
_STRETCHES = (
    ("ended_date", ENDED),
    ("rated_date", RATED),
    ("file_returned_date", FILE_RETURNED),
    ("closed_date", CLOSED),
    ("begun_date", IN_PROGRESS),
    ("assigned_date", ASSIGNED),
    ("granted_date", GRANTED),
)


def is_notified(case: Case) -> bool:
    """Tell whether a case was ordered by notice."""
    return case.path in NOTIFIED


def is_over(case: Case) -> bool:
    """Tell whether a case is closed: it is corrected from then on, not updated."""
    return case.state in OVER


def state_of(case: Case) -> Case.State.ValueType:
    """Return the state that follows from what is recorded."""
    for field, state in _STRETCHES:
        if case.HasField(field):  # type: ignore[arg-type]
            return state
    if case.HasField("objected_date") and not case.HasField("objection_decided_date"):
        return OBJECTED
    if case.refusal_ground:
        return REFUSED
    if case.HasField("transferred_date"):
        return TRANSFERRED
    if case.HasField("withdrawn_date"):
        return WITHDRAWN
    return SUPPLEMENT_REQUESTED if is_waiting(case) else RECEIVED


def is_waiting(case: Case) -> bool:
    """Tell whether a supplement was asked for and has not come."""
    return bool(case.pauses) and not case.pauses[-1].HasField("to_date")


def transition(new: Case, old: Case | None) -> str:
    """Name what mediation has to know of: that its referral has become a case; empty: nothing of the kind."""
    return "opened" if old is None and new.origin_dispute else ""


def happened(case: Case) -> date | None:
    """Return the day a new record speaks of: of the last step that an imported one has taken."""
    if case.revision:
        return None
    fields = ("received_date", "decided_date", "withdrawn_date", "transferred_date", "objection_decided_date")
    found = (to_date(getattr(case, field)) for field in (*fields, *(field for field, _ in _STRETCHES)))
    return max((day for day in found if day is not None), default=None)
