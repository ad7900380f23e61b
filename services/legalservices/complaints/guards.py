"""Guards of complaints: the rules that need other records, or who is calling. Each is a kind's `guard`."""

from __future__ import annotations

from datetime import date

from geju.legalservices.v1 import complaint_pb2, complaint_proposal_pb2, sanction_pb2

from services.chassis.district import rows_of
from services.chassis.domain.errors import ImpossibleTransition
from services.chassis.domain.references import uuid_of
from services.chassis.domain.steps import check_steps, state_label
from services.chassis.guards import calls, kind_in, known, may_correct, referenced
from services.chassis.work import Work
from services.legalservices.complaints import respondents
from services.legalservices.domain.complaints import agreement, complaint, investigation, proposal, respondent, sanction
from services.legalservices.domain.complaints.errors import ComplaintDisciplineOnly, MadeByTheService
from services.legalservices.domain.complaints.receipt_code import fresh
from services.legalservices.domain.registers.practitioner import firm_by
from services.legalservices.lookups import changed, referred

DISCIPLINE = "discipline"
#: What says about whom a complaint is.
_RESPONDENT = ("respondent_kind", "practitioner", "firm", "received_date")


async def guard_complaint(work: Work, new: complaint_pb2.Complaint | None, old: complaint_pb2.Complaint | None) -> None:
    """Keep steps to their RPCs and complaints about the bureau to the discipline role; find the respondent.

    Raises StepFact, DecidedByStep, SamePersonDecides, ComplaintDisciplineOnly, UnknownReference, RespondentMismatch,
    TiedInvestigator, ….
    """
    if new is None:
        await _check_unused(work, old)
        await _take_back(work, old)
        return
    check_discipline(work, new.respondent_kind)
    _check_steps(work, new, old)
    if old is None:
        new.receipt_code = fresh()
    if changed(new, old, *_RESPONDENT):
        await _find_respondent(work, new, agreement.day(new, "received_date"))
    if new.investigator_firm and changed(new, old, *_RESPONDENT, "investigator_firm"):
        await referred(work, "investigator_firm", new.investigator_firm)
        investigation.check_tie(new, await respondents.firms_of(work, new))


async def _check_unused(work: Work, old: complaint_pb2.Complaint | None) -> None:
    """Refuse to delete a complaint that measures followed from. Raises ImpossibleTransition."""
    if old is not None and await rows_of(work, kind_in(work, "sanctions"), "complaint", uuid_of(old.name), "office"):
        raise ImpossibleTransition("name", state=state_label(old), action="删除(已有责令改正及处分引用此投诉)")


async def _take_back(work: Work, old: complaint_pb2.Complaint | None) -> None:
    """Let the proposal from which a deleted complaint was opened wait again."""
    found = None if old is None else await known(work, old.proposal)
    if old is not None and found is not None and proposal.take_back(found, old.name):
        work.save(kind_in(work, "complaintProposals"), found, "reopened")


def check_discipline(work: Work, kind: complaint_pb2.RespondentKind.ValueType) -> None:
    """Refuse a complaint about the bureau's own to all but the discipline role. Raises ComplaintDisciplineOnly."""
    if kind in respondent.OWN and DISCIPLINE not in work.caller.roles:
        raise ComplaintDisciplineOnly("respondent_kind")


def corrects(work: Work) -> bool:
    """Tell whether the caller may say what steps have recorded."""
    return may_correct(work) or DISCIPLINE in work.caller.roles


def _check_steps(work: Work, new: complaint_pb2.Complaint, old: complaint_pb2.Complaint | None) -> None:
    plain = calls(work, "Create", "Update") or (calls(work, "Import") and not corrects(work))
    if plain and old is not None:
        complaint.check_open(old)
    if plain:
        check_steps(new, old, agreement.STEP_FIELDS)
    elif calls(work, "Correct", "Import"):
        if old is None:
            complaint.check_history(new, work.caller.roles)
        else:
            complaint.check_correction(new, old, work.caller.subject)


async def _find_respondent(work: Work, new: complaint_pb2.Complaint, received: date) -> None:
    """Check what names the respondent; a practitioner's firm is that of the day of receipt."""
    if new.practitioner:
        practitioner = await referred(work, "practitioner", new.practitioner)
        respondent.check_practitioner(new, practitioner)
        new.firm = firm_by(practitioner, received)
    elif new.firm:
        respondent.check_firm(new, await referred(work, "firm", new.firm))


async def guard_proposal(
    work: Work,
    new: complaint_proposal_pb2.ComplaintProposal | None,
    old: complaint_proposal_pb2.ComplaintProposal | None,
) -> None:
    """Keep proposals as the facts made them; they are opened or dismissed. Raises MadeByTheService."""
    del old
    if new is not None and calls(work, "Create", "Update", "Correct", "Import"):
        raise MadeByTheService("name")


async def guard_sanction(work: Work, new: sanction_pb2.Sanction | None, old: sanction_pb2.Sanction | None) -> None:
    """Keep a sanction with its complaint and whom it concerns. Raises StepFact, UnknownReference, OneSubject, …."""
    if new is None:
        return
    if calls(work, "Create", "Update"):
        sanction.check_steps(new, old)
    for field in ("firm", "practitioner"):
        if getattr(new, field) and changed(new, old, field):
            await referred(work, field, getattr(new, field))
    if old is None and new.complaint:
        found = await referenced(work, "complaint", new.complaint)
    else:
        found = await known(work, new.complaint)
        if new.complaint and found is None:
            return  # the complaint is gone: what followed from it stays as it is
    sanction.follow(new, found, fresh=old is None)
