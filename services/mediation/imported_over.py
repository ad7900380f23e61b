"""What a spreadsheet line cannot say about a dispute that is there already: kept when the line is imported again."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Literal, cast

from geju.mediation.v1 import dispute_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from services.chassis.domain.dates import to_date
from services.chassis.domain.steps import state_label
from services.mediation.domain.dispute import lifecycle
from services.mediation.domain.errors import BehindRecord

_Later = Literal["feedback_date", "confirmation", "fulfilled_date", "defaulted_date"]
_STAMPS = ("name", "etag", "recorded_time", "occurred_date", "revision")
#: No column of the row says these.
_UNSAID = (
    "co_mediators",
    "origin",
    "refusal_note",
    "discussion",
    "feedback_reference",
    "papers",
    "limits",
    "reopenings",
)
#: A column says these, once the step was taken.
_LATER: tuple[_Later, ...] = ("feedback_date", "confirmation", "fulfilled_date", "defaulted_date")


def carry_over(old: pb.Dispute, new: pb.Dispute) -> None:
    """Put into a dispute made from a row what the row could not say, or does not say of steps taken since.

    Raises BehindRecord when the row would take such steps back.
    """
    if _place(new) < _place(old) or new.sessions < old.sessions:
        raise BehindRecord("outcome", state=state_label(old), sessions=old.sessions)
    mask = FieldMask(paths=[*_STAMPS, *_UNSAID])
    for path in mask.paths:
        cast("Message", new).ClearField(path)
    mask.MergeMessage(old, new)
    _parties(old, new)
    _details(old, new)
    _afterwards(old, new)


def _place(dispute: pb.Dispute) -> int:
    """Return how far a dispute has come: registered, accepted, in mediation, closed."""
    order = (lifecycle.REGISTERED, lifecycle.ACCEPTED, lifecycle.IN_MEDIATION)
    return order.index(dispute.state) if dispute.state in order else len(order)


def _afterwards(old: pb.Dispute, new: pb.Dispute) -> None:
    """Keep what was recorded after the sheet was written: an empty cell says nothing."""
    turned, prevented = {other.kind for other in new.escalations}, {other.kind for other in new.preventions}
    new.escalations.extend(other for other in old.escalations if other.kind not in turned)
    new.preventions.extend(other for other in old.preventions if other.kind not in prevented)
    if new.state != old.state:
        return
    new.return_visits.extend(old.return_visits[len(new.return_visits) :])
    new.return_visits.sort(key=lambda visit: to_date(visit.visit_date) or date.min)
    for name in _LATER:
        if old.HasField(name) and not new.HasField(name):
            getattr(new, name).CopyFrom(getattr(old, name))


def _parties(old: pb.Dispute, new: pb.Dispute) -> None:
    """Keep what is recorded of a party that the line names, and the parties that no column has."""
    known: dict[tuple[int, str], list[pb.Party]] = defaultdict(list)
    for party in old.parties:
        known[party.side, party.full_name].append(party)
    for party in new.parties:
        same = known[party.side, party.full_name]
        if same:
            party.CopyFrom(same.pop(0))
    named = {pb.PARTY_SIDE_APPLICANT, pb.PARTY_SIDE_RESPONDENT}
    new.parties.extend(party for party in old.parties if party.side not in named)
    if len(new.parties) == len(old.parties) and all(party in new.parties for party in old.parties):
        new.ClearField("parties")  # the same people: in the order they had
        new.parties.extend(old.parties)


def _details(old: pb.Dispute, new: pb.Dispute) -> None:
    if old.HasField("referrer"):
        new.referrer.contact = old.referrer.contact
    if old.HasField("agreement") and new.HasField("agreement"):
        new.agreement.fulfilment_manner = old.agreement.fulfilment_manner
    if old.HasField("referral") and new.HasField("referral") and old.referral.unit == new.referral.unit:
        new.referral.CopyFrom(old.referral)
    if old.confirmation.result and old.confirmation.result == new.confirmation.result:
        new.confirmation.reference = old.confirmation.reference
    visits = {to_date(visit.visit_date): visit for visit in old.return_visits}
    for visit in new.return_visits:
        visit.MergeFrom(visits.get(to_date(visit.visit_date), pb.ReturnVisit()))
    notes = {(other.kind, to_date(other.escalated_date)): other.note for other in old.escalations}
    for escalation in new.escalations:
        escalation.note = notes.get((escalation.kind, to_date(escalation.escalated_date)), "")
