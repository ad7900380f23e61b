"""A legal-aid case as a whole, after every change: what is recorded agrees with itself, state and limits follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, timedelta

from geju.legalaid.v1 import aid_case_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder, InvalidField
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.step_errors import StateMismatch
from services.chassis.domain.steps import put
from services.legalaid.domain.cases import clocks, eligibility, handling, lifecycle, rating
from services.legalaid.domain.cases.errors import GroundMismatch, LateForwarding, NoNotice, NotCivil, NotifiedCase

Case = pb.AidCase
PRACTITIONERS = "practitioners"
#: Recorded together or not at all; the first of each is the day.
_TOGETHER = (
    ("provided_date", "provide_first", "先行提供日期与事由须同时填写"),
    ("objection_decided_date", "objection_outcome", "异议审查日期与结果须同时填写"),
    ("transferred_date", "transferred_unit", "转出日期与转出机构须同时填写"),
    ("closed_date", "result", "结案日期与办理结果须同时填写"),
    ("ended_date", "end_ground", "终止日期与终止事由须同时填写"),
    ("rated_date", "grade", "评定日期与案件质量等次须同时填写"),
    ("subsidy_date", "subsidy_fen", "补贴发放日期与办案补贴须同时填写"),
)
#: What cannot be recorded without what comes before it.
_AFTER = (
    ("objected_date", "refusal_ground", "不予援助后方可提出异议"),
    ("objection_decided_date", "objected_date", "提出异议后方有审查"),
    ("assigned_date", "granted_date", "给予援助后方可指派"),
    ("begun_date", "assigned_date", "指派后方可承办"),
    ("closed_date", "assigned_date", "指派承办人后方可结案"),
    ("ended_date", "granted_date", "给予援助后方可终止"),
    ("file_returned_date", "closed_date", "结案后方可交卷"),
    ("ratings", "file_returned_date", "交卷后方可评查"),
    ("rated_date", "file_returned_date", "交卷后方可评定"),
    ("recovered_fen", "closed_date", "结案时方可填写"),
    ("settled_before_litigation", "closed_date", "结案时方可填写"),
)
#: What excludes each other.
_EITHER = (
    ("withdrawn_date", "decided_date", "已作出审查决定的申请不能撤回"),
    ("withdrawn_date", "transferred_date", "已转出的申请不能撤回"),
    ("transferred_date", "decided_date", "已作出审查决定的申请不能转出"),
    ("ended_date", "closed_date", "已结案的案件不能终止"),
)
#: Not recorded of a case that was ordered by notice.
_OF_APPLICATIONS = {
    "refusal_ground": "不予援助",
    "withdrawn_date": "撤回",
    "objected_date": "异议",
    "pauses": "补正",
    "provided_date": "先行提供援助",
}
#: Days that cannot precede others.
_ORDER: tuple[tuple[str, ...], ...] = (
    ("provided_date", "received_date"),
    ("decided_date", "received_date", "provided_date"),
    ("withdrawn_date", "received_date"),
    ("transferred_date", "received_date"),
    ("answered_date", "received_date"),
    ("referred_date", "received_date"),
    ("objected_date", "decided_date"),
    ("objection_decided_date", "objected_date"),
    ("granted_date", "received_date"),
    ("assigned_date", "granted_date", "first_assigned_date"),
    ("first_assigned_date", "granted_date"),
    ("begun_date", "first_assigned_date"),
    ("closed_date", "assigned_date", "begun_date"),
    ("ended_date", "granted_date", "assigned_date", "begun_date"),
    ("file_returned_date", "closed_date"),
    ("rated_date", "file_returned_date"),
    ("subsidy_date", "closed_date", "ended_date"),
)


def check(new: Case, old: Case | None, rules: Rules) -> None:
    """Guard a case on every change; what follows from the rest is set by it: state, first days, grade, limits.

    Raises InvalidField, StateMismatch, DateOrder, GroundMismatch, NotifiedCase, HardshipRequired, OverStandard, ….
    """
    _forget_empty(new)
    if not new.HasField("received_date"):
        put(new, "received_date", rules.today)
    _check_description(new, old, rules)
    _derive(new, old)
    _check_facts(new)
    _check_decision(new)
    _check_path(new)
    _check_order(new)
    handling.check_handlers(new)
    rating.check_ratings(new)
    if new.HasField("granted_date") and _judged_anew(new, old):
        eligibility.check_hardship(new, rules)
    if new.HasField("provided_date"):
        eligibility.check_provided(new)
    if not new.refusal_ground:
        new.refuser = ""
    new.state = lifecycle.state_of(new)
    clocks.sync(new, rules)


def _forget_empty(case: Case) -> None:
    """Take a day that was sent empty for none: the state follows from which days there are."""
    for field, value in case.ListFields():
        if isinstance(value, Date) and not value.ByteSize():
            case.ClearField(field.name)  # type: ignore[arg-type]


def _check_description(new: Case, old: Case | None, rules: Rules) -> None:
    # A name that was there and is gone was erased; what mediation referred is named before aid is granted.
    unnamed = new.origin_dispute and not new.HasField("granted_date")
    if not new.person_name.strip() and not unnamed and (old is None or old.person_name):
        raise InvalidField("person_name", expected="请填写受援人姓名")
    if lifecycle.is_notified(new):
        new.hardship = new.hardship or pb.HARDSHIP_BASIS_NOT_REQUIRED
        if not new.notifying_organ.strip():
            raise InvalidField("notifying_organ", expected="通知案件须填写通知机关")
    elif new.notifying_organ:
        raise NoNotice("notifying_organ")
    eligibility.check_grounds(new)
    _check_forwarding(new, rules)
    for field in ("practitioner", "origin_dispute", "mediation_dispute"):
        collection = PRACTITIONERS if field == "practitioner" else "disputes"
        check_reference(field, getattr(new, field), collection)


def _check_forwarding(case: Case, rules: Rules) -> None:
    """Refuse times that are none, out of order, to come, or of another path; late ones pass: the limit tells.

    Raises LateForwarding, GroundMismatch.
    """
    times = []
    for field in ("custody_received_time", "forwarded_time"):
        if not case.HasField(field):
            continue
        if case.path != pb.AID_PATH_CUSTODY:
            raise GroundMismatch(field, expected="只有羁押场所转交的申请填写")
        try:
            instant = getattr(case, field).ToDatetime(UTC)
        except (ValueError, OverflowError):
            raise LateForwarding(field, expected="应为真实存在的时间") from None
        if instant > rules.now + timedelta(days=1):
            raise LateForwarding(field, expected="不能晚于明天此时")
        times.append(instant)
    if case.HasField("forwarded_time"):
        if not case.HasField("custody_received_time"):
            raise LateForwarding("custody_received_time", expected="填写转交时间的,须填羁押场所收到申请时间")
        if times[1] < times[0]:
            raise LateForwarding("forwarded_time", expected="不能早于羁押场所收到申请时间")


def check_custody(new: Case, old: Case | None) -> None:
    """Refuse an application from custody that does not say since when it was there: nobody could tell if it is late.

    Past ones may be taken over without. Raises LateForwarding.
    """
    came = new.path == pb.AID_PATH_CUSTODY and (old is None or old.path != new.path)
    if came and not new.HasField("custody_received_time"):
        raise LateForwarding("custody_received_time", expected="羁押场所转交的申请须填写")


def _derive(new: Case, old: Case | None) -> None:
    """Fill in what spreadsheets of other systems leave out because it follows from the rest."""
    overturned = new.objection_outcome == pb.OBJECTION_OUTCOME_OVERTURNED
    if overturned and not new.HasField("granted_date"):
        new.granted_date.CopyFrom(new.objection_decided_date)
    if new.HasField("granted_date") and not new.refusal_ground and not new.HasField("decided_date"):
        new.decided_date.CopyFrom(new.granted_date)
    handling.derive(new, old)
    rating.derive(new)


def _check_facts(case: Case) -> None:
    """Refuse what contradicts the rest of the record. Raises StateMismatch."""
    for day, what, expected in _TOGETHER:
        if _is_set(case, day) != _is_set(case, what):
            raise StateMismatch(what if _is_set(case, day) else day, expected=expected)
    for later, before, expected in _AFTER:
        if _is_set(case, later) and not _is_set(case, before):
            raise StateMismatch(later, expected=expected)
    for field, other, expected in _EITHER:
        if _is_set(case, field) and _is_set(case, other):
            raise StateMismatch(field, expected=expected)
    if case.HasField("subsidy_date") and not (case.HasField("closed_date") or case.HasField("ended_date")):
        raise StateMismatch("subsidy_date", expected="结案或终止后方可发放办案补贴")


def _check_path(case: Case) -> None:
    """Refuse what the path of a case, or its kind, has no room for. Raises NotifiedCase, NoNotice, NotCivil."""
    if lifecycle.is_notified(case):
        for field, action in _OF_APPLICATIONS.items():
            if _is_set(case, field):
                raise NotifiedCase(field, action=action)
    elif case.HasField("answered_date"):
        raise NoNotice("answered_date")
    if case.HasField("referred_date") and case.kind != pb.AID_KIND_CIVIL:
        raise NotCivil("referred_date")


def _check_decision(case: Case) -> None:
    """Refuse a decision without its day, a grant on another day than it was decided, two decisions at once."""
    granted, decided = to_date(case.granted_date), to_date(case.decided_date)
    if case.refusal_ground and decided is None:
        raise StateMismatch("decided_date", expected="填写不予援助事由的,须填审查决定日期")
    if decided is not None and granted is None and not case.refusal_ground:
        raise StateMismatch("decided_date", expected="须同时有给予援助日期或不予援助事由")
    if granted is None:
        return
    if not case.refusal_ground:
        if granted != decided:
            raise StateMismatch("granted_date", expected="须与审查决定日期相同")
    elif case.objection_outcome != pb.OBJECTION_OUTCOME_OVERTURNED:
        raise StateMismatch("granted_date", expected="不予援助的,须经异议审查责令给予援助")
    elif granted != to_date(case.objection_decided_date):
        raise StateMismatch("granted_date", expected="经异议给予援助的,须与异议审查日期相同")


def _check_order(case: Case) -> None:
    """Refuse days out of order, and supplements that overlap or come after the decision. Raises DateOrder, …."""
    for field, *before in _ORDER:
        _check_after(field, to_date(getattr(case, field)), (to_date(getattr(case, name)) for name in before))
    last = to_date(case.received_date)
    for index, pause in enumerate(case.pauses):
        path, asked, came = f"pauses[{index}]", to_date(pause.from_date), to_date(pause.to_date)
        _check_after(f"{path}.from_date", asked, (last,))
        _check_after(f"{path}.to_date", came, (asked,))
        _check_after(f"{path}.supplement_due_date", to_date(pause.supplement_due_date), (asked,))
        if came is None and index + 1 < len(case.pauses):
            raise StateMismatch(f"{path}.to_date", expected="再次要求补正的,须填上次补正的恢复日期")
        last = came or asked
    for field in ("decided_date", "withdrawn_date", "transferred_date"):
        _check_after(field, to_date(getattr(case, field)), (last,))
    if lifecycle.is_waiting(case) and (case.HasField("decided_date") or case.HasField("transferred_date")):
        path = f"pauses[{len(case.pauses) - 1}].to_date"
        raise StateMismatch(path, expected="作出审查决定或转出的,须填恢复日期")


def _check_after(field: str, day: date | None, before: Iterator[date | None] | tuple[date | None, ...]) -> None:
    earliest = max((found for found in before if found is not None), default=None)
    if day is not None and earliest is not None and day < earliest:
        raise DateOrder(field, date=day, earliest=earliest)


def _judged_anew(new: Case, old: Case | None) -> bool:
    if old is None or not old.HasField("granted_date"):
        return True
    return any(getattr(new, name) != getattr(old, name) for name in eligibility.JUDGED_BY)


def _is_set(case: Case, field: str) -> bool:
    value = getattr(case, field)
    return bool(value.ByteSize()) if hasattr(value, "ByteSize") else bool(value)
