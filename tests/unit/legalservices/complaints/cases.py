"""Complaints for unit tests, in every state, by the rules of the demonstration district; all of it is invented."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from geju.legalservices.v1 import complaint_pb2 as pb

from services.chassis import profile_file
from services.chassis.domain.dates import from_date
from services.chassis.domain.profile import Profile
from services.chassis.domain.rules import Rules
from services.legalservices.domain.complaints import complaint as complaints
from services.legalservices.domain.complaints import lifecycle
from tests.support.records import on, rules_of

PROFILE = Path(__file__).parents[4] / "deploy" / "districts" / "lucheng"
#: A Monday.
TODAY = date(2012, 6, 11)
INVESTIGATOR, SIGNER, REVIEWER = "account-a", "account-b", "account-c"
Complaint = pb.Complaint


@cache
def profile() -> Profile:
    """Read the demonstration district once."""
    return profile_file.load(PROFILE)


def rules(today: date = TODAY) -> Rules:
    """Return the rules at 10 o'clock in the morning of a day in Shanghai."""
    return rules_of(profile(), today)


def complaint(**fields: Any) -> Complaint:
    """Return a complaint received on Monday, 2 April 2012, as the rules let it be."""
    given: dict[str, Any] = {
        "name": "complaints/0198c0de-0000-7000-8000-000000000001",
        "office": "wuma",
        "received_date": on(2012, 4, 2),
        "channel": pb.COMPLAINT_CHANNEL_WINDOW,
        "complainant_name": "示例投诉人",
        "complainant_phone": "139-0000-1111",
        "respondent_kind": pb.RESPONDENT_KIND_LAWYER,
        "respondent_name": "示例律师",
        "grounds": [pb.COMPLAINT_GROUND_NEGLIGENCE],
        "narrative": "示例投诉内容",
    }
    made = Complaint(**{name: value for name, value in (given | fields).items() if value is not None})
    complaints.check(made, None, rules())
    return made


def pause(first: date, until: date | None = None, due: date = date(2012, 4, 20)) -> pb.ComplaintPause:
    """Return a supplement asked for on a day."""
    made = pb.ComplaintPause(from_date=from_date(first), supplement_due_date=from_date(due), requested="示例材料")
    if until is not None:
        made.to_date.CopyFrom(from_date(until))
    return made


_ACCEPTED = {"accepted_date": on(2012, 4, 5)}
_INVESTIGATED = {
    **_ACCEPTED,
    "investigating_date": on(2012, 4, 9),
    "investigator": INVESTIGATOR,
    "investigated_date": on(2012, 4, 27),
    "findings": "示例查明情况",
}
_CONCLUDED = {
    **_INVESTIGATED,
    "outcome": pb.COMPLAINT_OUTCOME_SUBSTANTIATED,
    "concluded_date": on(2012, 5, 7),
    "decision": "示例处理决定",
    "signer": SIGNER,
}
_ANSWERED = {**_CONCLUDED, "answered_date": on(2012, 5, 9), "answer": "示例答复"}
_REVIEWING = {**_ANSWERED, "review_asked_date": on(2012, 5, 21), "review_reason": "示例理由"}
_REVIEWED = {
    **_REVIEWING,
    "review_decided_date": on(2012, 6, 1),
    "review_outcome": pb.REVIEW_OUTCOME_UPHELD,
    "reviewer": REVIEWER,
}
#: What makes a complaint of each state.
STATES: dict[int, dict[str, Any]] = {
    lifecycle.RECEIVED: {},
    lifecycle.ACCEPTED: _ACCEPTED,
    lifecycle.NOT_ACCEPTED: {"refused_date": on(2012, 4, 6), "refusal_ground": 1, "refusal_told_date": on(2012, 4, 6)},
    lifecycle.TRANSFERRED: {"transferred_date": on(2012, 4, 6), "transferred_unit": "示例单位"},
    lifecycle.SUPPLEMENT_REQUESTED: {"pauses": [pause(date(2012, 4, 4))]},
    lifecycle.INVESTIGATING: _INVESTIGATED,
    lifecycle.CONCLUDED: _CONCLUDED,
    lifecycle.ANSWERED: _ANSWERED,
    lifecycle.REVIEWING: _REVIEWING,
    lifecycle.REVIEWED: _REVIEWED,
    lifecycle.ARCHIVED: {**_ANSWERED, "archived_date": on(2012, 6, 4)},
}


def in_state(state: int, **fields: Any) -> Complaint:
    """Return a complaint in a state."""
    return complaint(**STATES[state] | fields)
