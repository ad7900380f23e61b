"""Complaints over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import complaint_service_pb2 as rpc
from geju.legalservices.v1 import complaint_service_pb2_grpc
from google.protobuf.message import Message
from google.type.date_pb2 import Date

from services.chassis.changes import check_change, create
from services.chassis.crud import records
from services.chassis.domain.dates import to_date
from services.chassis.domain.steps import day
from services.chassis.masks import without_service_fields
from services.chassis.storage.codec import present
from services.chassis.work import Work, mutation
from services.legalservices.complaints import guards, imports
from services.legalservices.complaints.documents import RendersComplaints
from services.legalservices.complaints.kinds import COMPLAINT, SANCTION
from services.legalservices.complaints.outcome_service import ComplaintProposalServicer, SanctionServicer
from services.legalservices.complaints.related import related
from services.legalservices.domain.complaints import acceptance, answering, investigation, sanction

Complaint = pb.Complaint
Act = Callable[[Complaint, date], None]


async def _step(work: Work, request: Any, field: str, change: str, act: Act) -> Complaint:
    """Load a complaint, take a step on the day that a field of the request gives (else today), and save it."""
    record = await work.load(COMPLAINT, request.name, request.etag)
    on = day(work.rules, field, getattr(request, field))
    return await _taken(work, record, change, on, lambda complaint: act(complaint, on))


async def _taken(work: Work, record: Complaint, change: str, on: date, act: Callable[[Complaint], None]) -> Complaint:
    before = Complaint()
    before.CopyFrom(record)
    act(record)
    await check_change(work, COMPLAINT, record, before)
    return work.save(COMPLAINT, record, change, on)


def _told(work: Work, message: Date, on: date) -> date:
    """Return the day on which the complainant was told: the day of the step unless another is given."""
    return work.rules.past("refusal_told_date", message, on) or on


@records(COMPLAINT)
class ComplaintServicer(RendersComplaints, complaint_service_pb2_grpc.ComplaintServiceServicer):
    """Keeps the complaints."""

    @mutation
    async def CreateComplaint(self, work: Work, request: rpc.CreateComplaintRequest) -> Complaint:
        """Receive a complaint; one about the bureau's own goes to the discipline role, and says so before all else."""
        guards.check_discipline(work, request.complaint.respondent_kind)
        return await create(work, COMPLAINT, without_service_fields(request.complaint))

    @mutation
    async def ImportComplaints(self, work: Work, request: rpc.ImportComplaintsRequest) -> Message:
        """Take over a spreadsheet, of past complaints with their course."""
        return await imports.import_complaints(work, request)

    @mutation
    async def AcceptComplaint(self, work: Work, request: rpc.AcceptComplaintRequest) -> Complaint:
        """Accept a complaint."""
        return await _step(work, request, "accepted_date", "accepted", acceptance.accept)

    @mutation
    async def RefuseComplaint(self, work: Work, request: rpc.RefuseComplaintRequest) -> Complaint:
        """Decide not to accept a complaint."""

        def refuse(complaint: Complaint, on: date) -> None:
            acceptance.refuse(complaint, request.refusal_ground, on, _told(work, request.refusal_told_date, on))

        return await _step(work, request, "refused_date", "not_accepted", refuse)

    @mutation
    async def TransferComplaint(self, work: Work, request: rpc.TransferComplaintRequest) -> Complaint:
        """Hand a complaint to the unit that is competent."""

        def transfer(complaint: Complaint, on: date) -> None:
            acceptance.transfer(complaint, request.transferred_unit, on, _told(work, request.refusal_told_date, on))

        return await _step(work, request, "transferred_date", "transferred", transfer)

    @mutation
    async def RequestSupplement(self, work: Work, request: rpc.RequestSupplementRequest) -> Complaint:
        """Ask for a supplement; the clocks stop."""
        due = to_date(request.supplement_due_date)
        assert due is not None, "the contract requires it"

        def ask(complaint: Complaint, on: date) -> None:
            acceptance.request_supplement(complaint, request.requested, on, due)

        return await _step(work, request, "from_date", "supplement_requested", ask)

    @mutation
    async def RecordSupplement(self, work: Work, request: rpc.RecordSupplementRequest) -> Complaint:
        """Record that the supplement came or was given up; the clocks go on."""
        return await _step(work, request, "to_date", "supplemented", acceptance.record_supplement)

    @mutation
    async def AssignInvestigator(self, work: Work, request: rpc.AssignInvestigatorRequest) -> Complaint:
        """Name who investigates."""
        record = await work.load(COMPLAINT, request.name, request.etag)
        on = day(work.rules, "investigating_date", request.investigating_date)
        account, firm = request.investigator, request.investigator_firm

        def assign(complaint: Complaint) -> None:
            investigation.assign(complaint, account, firm, on, no_tie=request.no_tie)

        return await _taken(work, record, "investigating", on, assign)

    @mutation
    async def RecordInvestigation(self, work: Work, request: rpc.RecordInvestigationRequest) -> Complaint:
        """Record what the investigation found."""

        def record(complaint: Complaint, on: date) -> None:
            investigation.record(complaint, request.findings, on, work.caller.subject)

        return await _step(work, request, "investigated_date", "investigated", record)

    @mutation
    async def ExtendComplaint(self, work: Work, request: rpc.ExtendComplaintRequest) -> Complaint:
        """Extend the time to conclude, once."""

        def extend(complaint: Complaint, on: date) -> None:
            investigation.extend(complaint, on, work.rules)

        return await _step(work, request, "extended_date", "extended", extend)

    @mutation
    async def ConcludeComplaint(self, work: Work, request: rpc.ConcludeComplaintRequest) -> Complaint:
        """Decide a complaint; the caller signs."""

        def conclude(complaint: Complaint, on: date) -> None:
            investigation.conclude(complaint, request.outcome, request.decision, on, work.caller.subject)

        return await _step(work, request, "concluded_date", "concluded", conclude)

    @mutation
    async def TakeMeasure(self, work: Work, request: rpc.TakeMeasureRequest) -> Message:
        """Take a measure within the district's powers: its record and the complaint's are written together."""
        record = await work.load(COMPLAINT, request.name, request.etag)
        on = day(work.rules, "decided_date", request.decided_date, record.concluded_date)
        measure = sanction.of_complaint(record, request.kind, request.content, on)
        made = await create(work, SANCTION, measure)
        saved = work.save(COMPLAINT, record, "measure_taken", on)
        return rpc.TakeMeasureResponse(complaint=present(COMPLAINT, saved, work.rules), sanction=made)

    @mutation
    async def AnswerComplaint(self, work: Work, request: rpc.AnswerComplaintRequest) -> Complaint:
        """Record that the complainant has the written answer."""

        def answer(complaint: Complaint, on: date) -> None:
            answering.answer(complaint, request.answer, on)

        return await _step(work, request, "answered_date", "answered", answer)

    @mutation
    async def ReplyToUnit(self, work: Work, request: rpc.ReplyToUnitRequest) -> Complaint:
        """Record that the transferring unit has its reply."""
        return await _step(work, request, "replied_date", "replied", answering.reply)

    @mutation
    async def RecordSatisfaction(self, work: Work, request: rpc.RecordSatisfactionRequest) -> Complaint:
        """Record how satisfied the complainant is."""

        def rate(complaint: Complaint, on: date) -> None:
            answering.rate(complaint, request.satisfaction, on)

        return await _step(work, request, "satisfaction_date", "satisfaction_recorded", rate)

    @mutation
    async def AskReview(self, work: Work, request: rpc.AskReviewRequest) -> Complaint:
        """Record that the complainant asks for a review."""

        def ask(complaint: Complaint, on: date) -> None:
            answering.ask_review(complaint, request.review_reason, on)

        return await _step(work, request, "review_asked_date", "review_asked", ask)

    @mutation
    async def DecideReview(self, work: Work, request: rpc.DecideReviewRequest) -> Complaint:
        """Decide the review; a changed conclusion takes the old one's place."""

        def decide(complaint: Complaint, on: date) -> None:
            account = work.caller.subject
            answering.decide_review(complaint, request.review_outcome, request.review_decision, on, account)
            answering.take_outcome(complaint, request.outcome)

        return await _step(work, request, "review_decided_date", "review_decided", decide)

    @mutation
    async def ArchiveComplaint(self, work: Work, request: rpc.ArchiveComplaintRequest) -> Complaint:
        """Archive what is done."""
        return await _step(work, request, "archived_date", "archived", answering.archive)

    async def ListRelatedComplaints(
        self, request: rpc.ListRelatedComplaintsRequest, context: Any = None
    ) -> rpc.ListRelatedComplaintsResponse:
        """Show repeated complaints about one respondent together."""
        del context
        found = await related(self.store, request.name, request.purpose)
        return rpc.ListRelatedComplaintsResponse(complaints=found)


SERVICERS = (ComplaintServicer, ComplaintProposalServicer, SanctionServicer)
