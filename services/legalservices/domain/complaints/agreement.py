"""What is recorded of a complaint's course must agree: which facts need which, and in what order they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from geju.legalservices.v1 import complaint_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder, InvalidField
from services.chassis.domain.step_errors import StateMismatch
from services.legalservices.domain.complaints.lifecycle import Complaint

#: Channels by which another unit hands a complaint over and waits for a reply.
HANDED_OVER = frozenset({pb.COMPLAINT_CHANNEL_PETITION_OFFICE, pb.COMPLAINT_CHANNEL_TRANSFERRED})
#: Outcomes that no investigation decides.
GIVEN_UP = frozenset({pb.COMPLAINT_OUTCOME_WITHDRAWN, pb.COMPLAINT_OUTCOME_SETTLED})
SUBSTANTIATED = frozenset({pb.COMPLAINT_OUTCOME_SUBSTANTIATED, pb.COMPLAINT_OUTCOME_PARTLY})

#: What a step records in a complaint: not by creating or updating it.
STEP_FIELDS = (
    "accepted_date",
    "refused_date",
    "refusal_ground",
    "refusal_told_date",
    "transferred_date",
    "transferred_unit",
    "pauses",
    "investigating_date",
    "investigated_date",
    "findings",
    "extended_date",
    "outcome",
    "concluded_date",
    "decision",
    "answered_date",
    "answer",
    "replied_date",
    "satisfaction",
    "satisfaction_date",
    "review_asked_date",
    "review_reason",
    "review_decided_date",
    "review_outcome",
    "review_decision",
    "archived_date",
)

#: A fact and what must be there with it, in Chinese.
_NEEDS = (
    ("refusal_ground", ("refused_date",), "不予受理的方填写事由"),
    ("refused_date", ("refusal_ground",), "不予受理须填写事由"),
    ("refusal_told_date", ("refused_date", "transferred_date"), "不予受理或移送的方填写告知日期"),
    ("transferred_unit", ("transferred_date",), "移送的方填写移送单位"),
    ("transferred_date", ("transferred_unit",), "移送须填写移送单位"),
    ("investigating_date", ("accepted_date",), "受理后方可调查"),
    ("investigated_date", ("investigating_date",), "开始调查后方可终结"),
    ("findings", ("investigated_date",), "查明情况须有调查终结日期"),
    ("extended_date", ("accepted_date",), "受理后方可延期"),
    ("outcome", ("concluded_date",), "处理结论须有办结日期"),
    ("concluded_date", ("outcome",), "办结须填写处理结论"),
    ("decision", ("concluded_date",), "处理决定须有办结日期"),
    ("answered_date", ("concluded_date",), "办结后方可答复"),
    ("answer", ("answered_date",), "答复内容须有答复日期"),
    ("satisfaction", ("satisfaction_date",), "满意度须有回访日期"),
    ("satisfaction_date", ("satisfaction",), "回访须填写满意度"),
    ("satisfaction_date", ("answered_date",), "答复后方可登记满意度"),
    ("review_asked_date", ("answered_date",), "答复后方可申请复查"),
    ("review_reason", ("review_asked_date",), "复查理由须有申请复查日期"),
    ("review_decided_date", ("review_asked_date",), "申请复查后方可决定"),
    ("review_decided_date", ("review_outcome",), "复查决定须填写复查结论"),
    ("review_outcome", ("review_decided_date",), "复查结论须有复查决定日期"),
    ("review_decision", ("review_decided_date",), "复查决定须有复查决定日期"),
    ("archived_date", ("answered_date", "refused_date", "transferred_date"), "答复、不予受理或移送后方可归档"),
)

#: A day and those it does not come before.
_ORDER = (
    ("accepted_date", ("received_date",)),
    ("refused_date", ("received_date",)),
    ("transferred_date", ("received_date",)),
    ("refusal_told_date", ("refused_date", "transferred_date")),
    ("investigating_date", ("accepted_date",)),
    ("investigated_date", ("investigating_date",)),
    ("extended_date", ("accepted_date",)),
    ("concluded_date", ("received_date", "accepted_date", "investigating_date", "investigated_date", "extended_date")),
    ("answered_date", ("concluded_date",)),
    ("replied_date", ("received_date",)),
    ("satisfaction_date", ("answered_date",)),
    ("review_asked_date", ("answered_date",)),
    ("review_decided_date", ("review_asked_date",)),
    ("archived_date", ("answered_date", "review_decided_date", "refused_date", "transferred_date")),
)
_DAYS = tuple(dict.fromkeys(("received_date", *(field for field, _ in _ORDER))))


def check(complaint: Complaint) -> None:
    """Refuse a course that contradicts itself. Raises StateMismatch, DateOrder, InvalidField."""
    for field, needed, expected in _NEEDS:
        if _is_set(complaint, field) and not any(_is_set(complaint, other) for other in needed):
            raise StateMismatch(field, expected=expected)
    _check_decisions(complaint)
    days = {field: to_date(getattr(complaint, field)) for field in _DAYS}
    for field, before in _ORDER:
        _check_order(field, days[field], [days[other] for other in before])
    if complaint.transferring_unit and complaint.channel not in HANDED_OVER:
        raise InvalidField("transferring_unit", expected="只有信访部门和其他机关转办的投诉填写转办单位")
    if complaint.HasField("replied_date") and complaint.channel not in HANDED_OVER:
        raise StateMismatch("replied_date", expected="只有信访部门和其他机关转办的投诉须回复转办单位")
    _check_pauses(complaint)


def day(complaint: Complaint, field: str) -> date:
    """Return a day that is on record."""
    found = to_date(getattr(complaint, field))
    assert found is not None, "the step that records it was taken"
    return found


def happened(complaint: Complaint) -> date | None:
    """Return the latest day of the course, for what was recorded at once."""
    pauses = (pause.to_date if pause.HasField("to_date") else pause.from_date for pause in complaint.pauses)
    return max(_known(*(getattr(complaint, field) for field in _DAYS), *pauses), default=None)


def _known(*days: Date) -> Iterator[date]:
    return (day for message in days if (day := to_date(message)) is not None)


def _is_set(complaint: Complaint, field: str) -> bool:
    return complaint.HasField(field) if field.endswith("_date") else bool(getattr(complaint, field))  # type: ignore[arg-type]


def _check_decisions(complaint: Complaint) -> None:
    """Refuse two decisions on acceptance, an outcome that needs one, and an archived review without its end."""
    decided = [field for field in ("accepted_date", "refused_date", "transferred_date") if _is_set(complaint, field)]
    if len(decided) > 1:
        raise StateMismatch(decided[1], expected="受理、不予受理、移送只能有一项")
    if complaint.HasField("concluded_date"):
        if decided and decided[0] != "accepted_date":
            raise StateMismatch("concluded_date", expected="不予受理或移送的投诉不办结")
        if not decided and complaint.outcome not in GIVEN_UP:
            raise StateMismatch("outcome", expected="未受理的投诉只能以撤回或和解办结")
    open_review = complaint.HasField("review_asked_date") and not complaint.HasField("review_decided_date")
    if complaint.HasField("archived_date") and open_review:
        raise StateMismatch("archived_date", expected="复查决定后方可归档")


def _check_order(field: str, day: date | None, before: list[date | None]) -> None:
    earliest = max((other for other in before if other is not None), default=None)
    if day is not None and earliest is not None and day < earliest:
        raise DateOrder(field, date=day, earliest=earliest)


def _check_pauses(complaint: Complaint) -> None:
    """Refuse supplements out of order, over each other, or over a decision. Raises DateOrder, StateMismatch."""
    earliest = to_date(complaint.received_date)
    accepted, concluded = to_date(complaint.accepted_date), to_date(complaint.concluded_date)
    ends = [to_date(complaint.refused_date), to_date(complaint.transferred_date), concluded]
    last = next((day for day in ends if day is not None), None)
    for index, pause in enumerate(complaint.pauses):
        first, until = to_date(pause.from_date), to_date(pause.to_date)
        assert first is not None, "the contract requires it"
        _check_order(f"pauses[{index}].from_date", first, [earliest])
        _check_order(f"pauses[{index}].to_date", until, [first])
        _check_order(f"pauses[{index}].supplement_due_date", to_date(pause.supplement_due_date), [first])
        if until is None and (index + 1 < len(complaint.pauses) or last is not None):
            raise StateMismatch(f"pauses[{index}].to_date", expected="补正已结束的须填恢复日期")
        if last is not None and until is not None and until > last:
            raise StateMismatch(f"pauses[{index}].to_date", expected="不得晚于办结、不予受理或移送之日")
        if accepted is not None and first < accepted and (until is None or until > accepted):
            raise StateMismatch(f"pauses[{index}].to_date", expected="受理前要求的补正,不得晚于受理之日结束")
        earliest = until
