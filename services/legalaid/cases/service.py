"""Legal-aid cases over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import aid_case_service_pb2 as rpc
from geju.legalaid.v1.aid_case_service_pb2_grpc import AidCaseServiceServicer

from services.chassis.changes import create
from services.chassis.crud import records
from services.chassis.domain.steps import day
from services.chassis.guards import kind_in
from services.chassis.work import Work, mutation
from services.legalaid.cases.kinds import AID_CASE
from services.legalaid.domain.cases import consistency, handling, rating, review, subsidy

Case = pb.AidCase
Step = Callable[[Case], date]


async def _step(work: Work, request: Any, change: str, step: Step) -> Case:
    """Take one step of a case; the rules of the record hold after it."""
    case = await work.load(AID_CASE, request.name, request.etag)
    before = Case()
    before.CopyFrom(case)
    on = step(case)
    consistency.check(case, before, work.rules)
    return work.save(AID_CASE, case, change, on)


@records(AID_CASE)
class AidCaseServicer(AidCaseServiceServicer):
    """Takes applications to a decision and cases to a rated file."""

    @mutation
    async def RequestSupplement(self, work: Work, request: rpc.RequestSupplementRequest) -> Case:
        """Ask the applicant for a supplement."""
        given = review.Supplement(request.from_date, request.supplement_due_date, request.requested)
        step = "supplement_requested"
        return await _step(work, request, step, lambda c: review.request_supplement(c, given, work.rules))

    @mutation
    async def RecordSupplement(self, work: Work, request: rpc.RecordSupplementRequest) -> Case:
        """Record that the supplement came."""
        on = request.to_date
        return await _step(work, request, "supplemented", lambda c: review.record_supplement(c, on, work.rules))

    @mutation
    async def WithdrawApplication(self, work: Work, request: rpc.WithdrawApplicationRequest) -> Case:
        """Record a withdrawal."""
        on, deemed = request.withdrawn_date, request.deemed
        return await _step(work, request, "withdrawn", lambda c: review.withdraw(c, on, work.rules, deemed=deemed))

    @mutation
    async def ProvideFirst(self, work: Work, request: rpc.ProvideFirstRequest) -> Case:
        """Begin aid before the decision."""
        given = review.First(request.provide_first, request.practitioner, request.provided_date)
        return await _step(work, request, "provided_first", lambda c: review.provide_first(c, given, work.rules))

    @mutation
    async def GrantAid(self, work: Work, request: rpc.GrantAidRequest) -> Case:
        """Grant aid, or take a notified case on."""
        on = request.granted_date
        return await _step(work, request, "granted", lambda c: review.grant(c, on, work.rules))

    @mutation
    async def RefuseAid(self, work: Work, request: rpc.RefuseAidRequest) -> Case:
        """Refuse aid."""
        on, why, who = request.refused_date, request.refusal_ground, work.caller.subject
        return await _step(work, request, "refused", lambda c: review.refuse(c, on, why, who, work.rules))

    @mutation
    async def RecordObjection(self, work: Work, request: rpc.RecordObjectionRequest) -> Case:
        """Record an objection."""
        on = request.objected_date
        return await _step(work, request, "objected", lambda c: review.record_objection(c, on, work.rules))

    @mutation
    async def DecideObjection(self, work: Work, request: rpc.DecideObjectionRequest) -> Case:
        """Decide an objection, by another than who refused."""
        on, outcome, who = request.objection_decided_date, request.objection_outcome, work.caller.subject
        change = "overturned" if outcome == pb.OBJECTION_OUTCOME_OVERTURNED else "upheld"
        return await _step(work, request, change, lambda c: review.decide_objection(c, on, outcome, who, work.rules))

    @mutation
    async def AnswerNotice(self, work: Work, request: rpc.AnswerNoticeRequest) -> Case:
        """Record that the notifying organ was answered."""
        on = request.answered_date
        return await _step(work, request, "answered", lambda c: handling.answer(c, on, work.rules))

    @mutation
    async def TransferApplication(self, work: Work, request: rpc.TransferApplicationRequest) -> Case:
        """Hand an application to the competent centre."""
        on, unit = request.transferred_date, request.transferred_unit
        return await _step(work, request, "transferred", lambda c: review.transfer(c, on, unit, work.rules))

    @mutation
    async def AssignHandler(self, work: Work, request: rpc.AssignHandlerRequest) -> Case:
        """Assign the responsible handler."""
        given = _handler(request)
        return await _step(work, request, "assigned", lambda c: handling.assign(c, given, work.rules))

    @mutation
    async def ReassignHandler(self, work: Work, request: rpc.ReassignHandlerRequest) -> Case:
        """Give a case to another handler."""
        given, why = _handler(request), request.reassign_reason
        return await _step(work, request, "reassigned", lambda c: handling.reassign(c, given, why, work.rules))

    @mutation
    async def BeginCase(self, work: Work, request: rpc.BeginCaseRequest) -> Case:
        """Record that the handler began."""
        on = request.begun_date
        return await _step(work, request, "begun", lambda c: handling.begin(c, on, work.rules))

    @mutation
    async def ReferToMediation(self, work: Work, request: rpc.ReferToMediationRequest) -> Case:
        """Refer a case to mediation, which opens a dispute after the fact."""
        on = request.referred_date
        return await _step(work, request, "referred", lambda c: handling.refer(c, on, work.rules))

    @mutation
    async def CloseCase(self, work: Work, request: rpc.CloseCaseRequest) -> Case:
        """Close a case with its result."""
        outcome = handling.Outcome(request.result, request.recovered_fen, request.settled_before_litigation)
        on = request.closed_date
        return await _step(work, request, "closed", lambda c: handling.close(c, on, outcome, work.rules))

    @mutation
    async def EndAid(self, work: Work, request: rpc.EndAidRequest) -> Case:
        """End aid before the case is over."""
        on, why, fault = request.ended_date, request.end_ground, request.handler_fault
        return await _step(work, request, "ended", lambda c: handling.end(c, on, why, work.rules, fault=fault))

    @mutation
    async def ReturnFile(self, work: Work, request: rpc.ReturnFileRequest) -> Case:
        """Record that the handler handed in the file."""
        on = request.file_returned_date
        return await _step(work, request, "file_returned", lambda c: handling.return_file(c, on, work.rules))

    @mutation
    async def RateFile(self, work: Work, request: rpc.RateFileRequest) -> Case:
        """Record the caller's rating of a file."""
        given = rating.Given(request.grade, request.reviewer_practitioner, request.rated_date, request.remark)
        who = work.caller.subject
        return await _step(work, request, "rated", lambda c: rating.rate(c, given, who, work.rules))

    @mutation
    async def PaySubsidy(self, work: Work, request: rpc.PaySubsidyRequest) -> Case:
        """Pay the handler's subsidy: the payment and the spending, both or neither."""
        case = await work.load(AID_CASE, request.name, request.etag)
        subsidy.check_payable(case)
        on = day(work.rules, "subsidy_date", request.subsidy_date, case.closed_date, case.ended_date)
        spending = subsidy.pay(case, on, request.subsidy_fen, request.earmark)
        case.fund_entry = (await create(work, kind_in(work, "fundEntries"), spending)).name
        return work.save(AID_CASE, case, "subsidy_paid", on)


def _handler(request: rpc.AssignHandlerRequest | rpc.ReassignHandlerRequest) -> handling.Handler:
    return handling.Handler(request.practitioner, request.assigned_date, request.practised_from_date)


SERVICERS = (AidCaseServicer,)
