"""Records of mediation: what figures rest on that no record says by itself.

Last days are worked out once more from what happened; of the limits in the record only the pauses are read, which are
kept nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from geju.mediation.v1 import dispute_pb2 as pb

from services.recount.limits import Pause, last_day, limit, rule_of
from services.recount.records.dates import day_of, put

_CLOSE = "mediation.close."
_OF_COURTS = {
    pb.DISPUTE_CHANNEL_COURT_BEFORE_FILING: "court_before_filing",
    pb.DISPUTE_CHANNEL_COURT_TRIAL: "court_during_trial",
}
_LABOUR = {pb.DISPUTE_TYPE_LABOUR, pb.DISPUTE_TYPE_UNPAID_WAGES}
_ESCALATED = {pb.ESCALATION_KIND_CRIME: "crime", pb.ESCALATION_KIND_MASS_INCIDENT: "mass"}
_PREVENTED = {
    pb.PREVENTION_KIND_CRIME: "crime",
    pb.PREVENTION_KIND_MASS_INCIDENT: "mass",
    pb.PREVENTION_KIND_SUICIDE: "suicide",
    pb.PREVENTION_KIND_ARMED_FIGHT: "fight",
}


def _dispute(record: Any, facts: Any, _: Any, profile: Any) -> None:
    put(facts, "close_due", _close_due(record, profile))
    put(facts, "feedback_due", limit(profile, "mediation.feedback", day_of(record, "closed_date")))
    if record.HasField("agreement"):
        _agreed(record, facts, profile)
    for escalation in record.escalations:
        put(facts, f"escalated_{_ESCALATED[escalation.kind]}_date", day_of(escalation, "escalated_date"))
    for prevention in record.preventions:
        put(facts, f"prevented_{_PREVENTED[prevention.kind]}_date", day_of(prevention, "prevented_date"))


def _agreed(record: Any, facts: Any, profile: Any) -> None:
    """Say what follows from an agreement: when it is to be fulfilled and visited, and that a court confirmed it."""
    agreement = record.agreement
    in_force = day_of(agreement, "in_force_date")
    put(facts, "fulfilment_due", in_force if agreement.performed_on_spot else day_of(agreement, "fulfilment_due_date"))
    if record.HasField("confirmation") and record.confirmation.result == pb.CONFIRMATION_RESULT_CONFIRMED:
        put(facts, "confirmed_date", day_of(record.confirmation, "result_date"))
    visits = (day_of(visit, "visit_date") for visit in record.return_visits)
    made = sorted(day for day in visits if day is not None and day >= (in_force or date.min))
    rules = ("mediation.return_visit.first", "mediation.return_visit.major")
    for number, rule in enumerate(rules if record.major else rules[:1]):
        put(facts, f"visit{number + 1}_due", limit(profile, rule, in_force))
    for number, day in enumerate(made[:2], 1):
        put(facts, f"visit{number}_date", day)


def _close_due(record: Any, profile: Any) -> date | None:
    """Return the last day to close a dispute; None before it is accepted and while its clock stands still."""
    accepted = day_of(record, "accepted_date")
    if accepted is None:
        return None
    rule_id, start = _own_rule(record, accepted)
    if rule_of(profile, rule_id, start) is None:
        rule_id, start = _CLOSE + "general", accepted
    reopened = [day for one in record.reopenings if (day := day_of(one, "reopened_date")) is not None]
    start = max([start, *reopened[-1:]])
    rule = rule_of(profile, rule_id, start)
    due = None if rule is None else last_day(rule, start, _pauses(record, rule_id, start))
    agreed = day_of(record, "extended_due_date")
    return max(due, agreed) if due is not None and agreed is not None and rule.extendable else due


def _own_rule(record: Any, accepted: date) -> tuple[str, date]:
    """Return the limit that is the channel's or the type's own, and when it begins."""
    registered = day_of(record, "registered_date") or accepted
    if record.channel in _OF_COURTS:
        trial = record.channel == pb.DISPUTE_CHANNEL_COURT_TRIAL
        summary = "_summary" if trial and record.referrer.summary_procedure else ""
        return _CLOSE + _OF_COURTS[record.channel] + summary, day_of(record.referrer, "materials_date") or registered
    if record.type == pb.DISPUTE_TYPE_MEDICAL:
        return _CLOSE + "medical", accepted
    if record.type in _LABOUR:
        return _CLOSE + "labour", registered
    return _CLOSE + "general", accepted


def _pauses(record: Any, rule_id: str, start: date) -> Iterator[Pause]:
    for one in record.limits:
        if one.rule == rule_id and day_of(one, "start") == start:
            for pause in one.suspensions:
                first = day_of(pause, "from")
                if first is not None:
                    yield first, day_of(pause, "to")


def _warning(record: Any, facts: Any, _: Any, profile: Any) -> None:
    put(facts, "settle_due", limit(profile, "mediation.warning", day_of(record, "raised_date")))


def _reception_day(record: Any, facts: Any, _: Any, __: Any) -> None:
    facts.lawyers_present = len(record.lawyers)


FOLLOWING: Mapping[str, Callable[[Any, Any, Any, Any], None]] = {
    "dispute": _dispute,
    "warning": _warning,
    "reception_day": _reception_day,
}
