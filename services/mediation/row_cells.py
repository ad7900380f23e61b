"""A dispute as the cells of the spreadsheet line that tells of it; what a line leaves empty is filled in from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import session_pb2
from geju.mediation.v1.dispute_service_pb2 import DisputeImportRow as Row
from google.type.date_pb2 import Date

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField

_NAMES = re.compile(r"[、;；,，\n]+")
#: What describes a dispute, whatever steps were taken.
DESCRIPTION = (
    "place",
    "type",
    "channel",
    "kind",
    "summary",
    "amount_fen",
    "people",
    "major",
    "major_ground",
    "difficult",
    "committee",
    "centre",
    "mediator",
    "registered_date",
)
_REFERRER = (
    ("referrer_unit", "unit"),
    ("referrer_reference", "reference"),
    ("materials_date", "materials_date"),
    ("summary_procedure", "summary_procedure"),
)
#: What a line says of an agreement, and what the agreement calls it.
AGREEMENT = (
    ("agreement_form", "form"),
    ("agreement_subject", "subject"),
    ("agreement_content", "content"),
    ("in_force_date", "in_force_date"),
    ("performed_on_spot", "performed_on_spot"),
    ("fulfilment_due_date", "fulfilment_due_date"),
)
CONFIRMATION = (
    ("confirmation_applied_date", "applied_date"),
    ("confirmation_date", "result_date"),
    ("confirmation_result", "result"),
    ("court", "court"),
)
#: What a line says of an escalation or a prevention, and what that calls it.
_TURNS = (
    ("escalations", (("escalated_date", "escalated_date"), ("escalation_kind", "kind"))),
    (
        "preventions",
        (("prevented_date", "prevented_date"), ("prevention_kind", "kind"), ("prevention_evidence", "evidence")),
    ),
)
Cells = dict[str, Any]


_STEPS = (
    "accepted_date",
    "refused_date",
    "refusal_ground",
    "withdrawn_date",
    "closed_date",
    "outcome",
    "fulfilled_date",
    "defaulted_date",
    "feedback_date",
)


def split_names(text: str) -> list[str]:
    """Return the names in a cell."""
    return [name.strip() for name in _NAMES.split(text) if name.strip()]


def given(message: Date) -> bool:
    """Tell whether a cell with a date says anything."""
    return bool(message.year or message.month or message.day)


def need(field: str, message: Date) -> Date:
    """Return the date that belongs to a kind. Raises InvalidField when it is missing."""
    if not given(message):
        raise InvalidField(field, expected="选了类型的须填日期")
    return message


def put_given(field: Date, message: Date) -> None:
    """Set a date that a cell says."""
    if given(message):
        field.CopyFrom(message)


def row_of(dispute: pb.Dispute, sessions: Iterable[session_pb2.Session]) -> Row:
    """Return the line that tells of a dispute with its sessions; imported again it changes nothing.

    What a line cannot say is left empty, which keeps it: names that hold a separator, a second escalation.
    """
    row = Row(office=dispute.office, key=dispute.key)
    cells = _described(dispute) | _under_way(dispute) | _ending(dispute) | _cells(dispute.confirmation, CONFIRMATION)
    cells |= {name: getattr(dispute, name) for name in _STEPS} | _parties(dispute) | _sessions(sessions)
    for many, names in _TURNS:
        for turn in getattr(dispute, many)[:1]:
            cells |= _cells(turn, names)
    if dispute.state == pb.Dispute.STATE_AGREED:  # of a dispute that was opened again the visits are history
        visits = zip(("first_visit_date", "second_visit_date"), dispute.return_visits, strict=False)
        cells |= {name: visit.visit_date for name, visit in visits}
    for name, value in cells.items():
        _put(row, name, value)
    return row


def _parties(dispute: pb.Dispute) -> Cells:
    sides = (("applicants", pb.PARTY_SIDE_APPLICANT), ("respondents", pb.PARTY_SIDE_RESPONDENT))
    return {cell: _joined(p.full_name for p in dispute.parties if p.side == side) for cell, side in sides}


def _sessions(sessions: Iterable[session_pb2.Session]) -> Cells:
    held = sorted(sessions, key=lambda session: to_date(session.held_date) or date.min)
    if not held:
        return {}
    days = [str(to_date(session.held_date)) for session in held[1:]]
    return {
        "first_session_date": held[0].held_date,
        "further_session_dates": ";".join(days),
        "venue": held[0].venue,
        "invited": _joined(invited.department for invited in held[0].invited),
    }


def _joined(names: Iterable[str]) -> str:
    """Return names in one cell; nothing when they would not come apart again as they are."""
    listed = list(names)
    cell = "、".join(listed)
    return cell if split_names(cell) == listed else ""


def filled(row: Row, old: pb.Dispute) -> Row:
    """Return a row with its empty cells as they are recorded; which steps were taken, the row alone says.

    Parties are no cells here: names that hold a separator would come apart.
    """
    whole = Row()
    whole.CopyFrom(row)
    said = {field.name for field, _ in row.ListFields()} | set(row.cleared)
    for name, value in _kept(row, old, said):
        if name not in said:
            _put(whole, name, value)
    if not whole.major:
        whole.ClearField("major_ground")
        whole.ClearField("discussed_date")
    if row.performed_on_spot:
        whole.ClearField("fulfilment_due_date")
    elif given(row.fulfilment_due_date):
        whole.ClearField("performed_on_spot")
    return whole


def _kept(row: Row, old: pb.Dispute, said: set[str]) -> Iterator[tuple[str, Any]]:
    """Give the recorded cells of what a row tells of; `said` names the cells it fills."""
    yield from _described(old).items()
    if given(row.accepted_date):
        yield from _under_way(old).items()
    if given(row.refused_date):
        yield "refusal_ground", old.refusal_ground
    if row.outcome and row.outcome == old.outcome:
        yield from _ending(old).items()
        if not said.isdisjoint(dict(CONFIRMATION)):
            yield from _cells(old.confirmation, CONFIRMATION).items()
    for many, names in _TURNS:
        for turn in getattr(old, many):
            cells = _cells(turn, names)
            own = said & set(cells)
            if own and all(getattr(row, name) == cells[name] for name in own if not name.endswith("evidence")):
                yield from cells.items()


def _described(dispute: pb.Dispute) -> Cells:
    cells = {name: getattr(dispute, name) for name in DESCRIPTION}
    return cells | _cells(dispute.referrer, _REFERRER)


def _under_way(dispute: pb.Dispute) -> Cells:
    return {name: getattr(dispute, name) for name in ("discussed_date", "extended_due_date")}


def _ending(dispute: pb.Dispute) -> Cells:
    cells = {"failure_ground": dispute.failure_ground, "referred_unit": dispute.referral.unit}
    return cells | _cells(dispute.agreement, AGREEMENT)


def _cells(source: Any, names: tuple[tuple[str, str], ...]) -> Cells:
    return {cell: getattr(source, name) for cell, name in names}


def _put(row: Row, name: str, value: Any) -> None:
    if isinstance(value, Date):
        put_given(getattr(row, name), value)
    else:
        setattr(row, name, value)
