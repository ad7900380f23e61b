"""A spreadsheet line as a dispute: its steps are taken again in their order, so that every rule applies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1.dispute_service_pb2 import DisputeImportRow as Row
from google.type.date_pb2 import Date

from services.chassis.domain.dates import from_date, to_date
from services.chassis.domain.errors import InvalidField, RuleError
from services.chassis.domain.rules import Rules
from services.chassis.work import Work
from services.mediation.domain.dispute import agreements, attendance, clocks, closing, escalation, intake
from services.mediation.domain.errors import OutcomeRequired
from services.mediation.imported_names import Handlers, handlers
from services.mediation.imported_over import carry_over
from services.mediation.row_cells import filled, given, need, put_given, split_names

_DAYS = re.compile(r"[;；,，、\s]+")
_AS_THEY_ARE = (
    "office",
    "place",
    "key",
    "type",
    "channel",
    "kind",
    "summary",
    "amount_fen",
    "people",
    "major",
    "major_ground",
    "difficult",
)
#: Fields of domain errors that are called otherwise in a row.
_COLUMNS = {
    "held_date": "first_session_date",
    "parties": "applicants",
    "referrer.unit": "referrer_unit",
    "referral.unit": "referred_unit",
    "mediator": "mediator",
    "ground": "refusal_ground",
    "referred_date": "closed_date",
    "agreement": "agreement_form",
    "agreement.form": "agreement_form",
    "agreement.in_force_date": "in_force_date",
    "agreement.fulfilment_due_date": "fulfilment_due_date",
    "agreement.subject": "agreement_subject",
    "applied_date": "confirmation_applied_date",
    "confirmation": "confirmation_applied_date",
    "result_date": "confirmation_date",
    "result": "confirmation_result",
    "return_visit.visit_date": "first_visit_date",
    "escalation.kind": "escalation_kind",
    "escalation.escalated_date": "escalated_date",
    "prevention.kind": "prevention_kind",
    "prevention.prevented_date": "prevented_date",
    "prevention.evidence": "prevention_evidence",
    "referrer": "referrer_unit",
}


async def import_row(work: Work, row: Row, old: pb.Dispute | None) -> pb.Dispute:
    """Return the dispute that a row tells of; what a row cannot say is kept from `old`. Raises RuleError."""
    told = row if old is None else filled(row, old)
    found = await handlers(work, told)
    with naming_columns():
        return again(told, found, old, work.rules)


def again(row: Row, found: Handlers, old: pb.Dispute | None, rules: Rules) -> pb.Dispute:
    """Take the steps of a row, over what is recorded already. Raises RuleError."""
    dispute = replay(row, found, rules, old)
    if old is not None:
        carry_over(old, dispute)
        held = {day for day, _ in session_days(row)}
        if not row.invited and to_date(old.expert_date) in held:
            dispute.expert_date.CopyFrom(old.expert_date)
        clocks.sync(dispute, rules)
    return dispute


def replay(row: Row, found: Handlers, rules: Rules, old: pb.Dispute | None = None) -> pb.Dispute:
    """Take the steps of a row; a side it names nobody of has the parties of `old`. Raises RuleError."""
    dispute = _described(row, found, old or pb.Dispute())
    intake.register(dispute, rules)
    _decide(dispute, row, rules)
    for held, invited in session_days(row):
        attendance.record(dispute, from_date(held), rules, invited=invited)
    if given(row.discussed_date):
        closing.discuss(dispute, row.discussed_date, "", rules)
    if given(row.extended_due_date):
        clocks.extend(dispute, row.accepted_date, row.extended_due_date, rules)
    _escalate(dispute, row, rules)
    _end(dispute, row, rules)
    _afterwards(dispute, row, rules)
    return dispute


def _described(row: Row, found: Handlers, old: pb.Dispute) -> pb.Dispute:
    dispute = pb.Dispute(**{name: getattr(row, name) for name in _AS_THEY_ARE}, **found._asdict())
    for side, text in ((pb.PARTY_SIDE_APPLICANT, row.applicants), (pb.PARTY_SIDE_RESPONDENT, row.respondents)):
        known = [party.full_name for party in old.parties if party.side == side]
        for name in split_names(text) or known:
            dispute.parties.add(side=side, full_name=name)
    if row.referrer_unit or row.referrer_reference or given(row.materials_date) or row.summary_procedure:
        dispute.referrer.unit = row.referrer_unit
        dispute.referrer.reference = row.referrer_reference
        dispute.referrer.summary_procedure = row.summary_procedure
        put_given(dispute.referrer.materials_date, row.materials_date)
    dispute.registered_date.CopyFrom(row.registered_date)
    return dispute


def session_days(row: Row) -> list[tuple[date, bool]]:
    """Return the days of a row's sessions, and whether somebody was invited: to the first. Raises InvalidField."""
    first = to_date(row.first_session_date)
    further = [part for part in _DAYS.split(row.further_session_dates) if part]
    if first is None:
        if further:
            raise InvalidField("first_session_date", expected="有后续调解日期的须填首次调解日期")
        return []
    try:
        days = [first, *(date.fromisoformat(part.replace("/", "-")) for part in further)]
    except ValueError as error:
        raise InvalidField("further_session_dates", expected="应为用分号隔开的日期,如 2012-03-05;2012-03-09") from error
    return [(day, index == 0 and bool(row.invited)) for index, day in enumerate(days)]


def _decide(dispute: pb.Dispute, row: Row, rules: Rules) -> None:
    if given(row.refused_date):
        intake.refuse(dispute, row.refused_date, row.refusal_ground, "", rules)
    if given(row.accepted_date):
        intake.accept(dispute, row.accepted_date, rules)


def _end(dispute: pb.Dispute, row: Row, rules: Rules) -> None:
    withdrawn = row.outcome == pb.DISPUTE_OUTCOME_WITHDRAWN
    if given(row.withdrawn_date) or withdrawn:
        on = row.withdrawn_date if given(row.withdrawn_date) else row.closed_date
        if not given(on):
            raise InvalidField("withdrawn_date", expected="结果为撤回的须填撤回日期")
        if row.outcome and not withdrawn:
            raise InvalidField("outcome", expected="填了撤回日期的,结果应为撤回")
        intake.withdraw(dispute, on, rules)
    elif given(row.closed_date):
        _close(dispute, row, rules)
    elif row.outcome:
        raise InvalidField("closed_date", expected="有结果的须填办结日期")


def _close(dispute: pb.Dispute, row: Row, rules: Rules) -> None:
    if not row.outcome:
        raise OutcomeRequired("outcome")
    if row.outcome == pb.DISPUTE_OUTCOME_REFERRED:
        closing.refer(dispute, row.closed_date, pb.Referral(unit=row.referred_unit), rules)
        return
    agreement = None
    if row.outcome == pb.DISPUTE_OUTCOME_AGREED:
        agreement = pb.Agreement(form=row.agreement_form, subject=row.agreement_subject, content=row.agreement_content)
        agreement.performed_on_spot = row.performed_on_spot
        put_given(agreement.in_force_date, row.in_force_date)
        put_given(agreement.fulfilment_due_date, row.fulfilment_due_date)
    ending = closing.Ending(row.outcome, agreement, row.failure_ground)
    closing.close(dispute, row.closed_date, ending, rules)


def _escalate(dispute: pb.Dispute, row: Row, rules: Rules) -> None:
    if given(row.escalated_date) or row.escalation_kind:
        what = pb.Escalation(kind=row.escalation_kind, escalated_date=need("escalated_date", row.escalated_date))
        escalation.escalate(dispute, what, rules)
    if given(row.prevented_date) or row.prevention_kind:
        prevented = pb.Prevention(kind=row.prevention_kind, prevented_date=need("prevented_date", row.prevented_date))
        prevented.evidence = row.prevention_evidence
        escalation.prevent(dispute, prevented, rules)


def _afterwards(dispute: pb.Dispute, row: Row, rules: Rules) -> None:
    steps: tuple[tuple[Date, Callable[[Date], Any]], ...] = (
        (row.confirmation_applied_date, lambda on: agreements.apply_confirmation(dispute, on, row.court, rules)),
        (
            row.confirmation_date,
            lambda on: agreements.record_confirmation(dispute, on, row.confirmation_result, "", rules),
        ),
        (row.defaulted_date, lambda on: agreements.record_fulfilment(dispute, on, rules, defaulted=True)),
        (row.first_visit_date, lambda on: agreements.record_visit(dispute, pb.ReturnVisit(visit_date=on), rules)),
        (row.second_visit_date, lambda on: agreements.record_visit(dispute, pb.ReturnVisit(visit_date=on), rules)),
        (row.feedback_date, lambda on: agreements.report_feedback(dispute, on, "", rules)),
    )
    for on, step in steps:
        if given(on):
            step(on)
    # An agreement performed on the spot was fulfilled when it was made: the line may say so once more.
    if given(row.fulfilled_date) and not given(dispute.fulfilled_date):
        agreements.record_fulfilment(dispute, row.fulfilled_date, rules, defaulted=False)


@contextmanager
def naming_columns() -> Iterator[None]:
    """Name the row's column in what the domain refuses."""
    try:
        yield
    except RuleError as error:
        error.field = _COLUMNS.get(error.field, error.field)
        raise
