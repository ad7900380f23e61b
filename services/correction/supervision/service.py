"""What is recorded about persons under correction, over gRPC: load, one domain call, save."""

from __future__ import annotations

from geju.correction.v1 import (
    absconding_pb2,
    absconding_service_pb2,
    absconding_service_pb2_grpc,
    duty_pb2,
    duty_service_pb2,
    duty_service_pb2_grpc,
    help_act_service_pb2,
    help_act_service_pb2_grpc,
    leave_pb2,
    leave_service_pb2,
    leave_service_pb2_grpc,
    measure_pb2,
    measure_service_pb2,
    measure_service_pb2_grpc,
    new_offence_pb2,
    new_offence_service_pb2,
    new_offence_service_pb2_grpc,
    positioning_service_pb2,
    positioning_service_pb2_grpc,
)
from google.protobuf.message import Message

from services.chassis.changes import update
from services.chassis.crud import records
from services.chassis.domain.steps import day
from services.chassis.importing import import_referring, import_rows
from services.chassis.work import Work, mutation
from services.correction import persons
from services.correction.domain.supervision import absconding, duty, leave, measure, offence
from services.correction.supervision import imports, planned
from services.correction.supervision.kinds import (
    ABSCONDING,
    DUTY,
    HELP_ACT,
    LEAVE,
    MEASURE,
    NEW_OFFENCE,
    POSITIONING,
    SUPERVISED_PERSON,
)
from services.correction.supervision.person_service import SupervisedPersonServicer


@records(DUTY)
class DutyServicer(duty_service_pb2_grpc.DutyServiceServicer):
    """Keeps the duties."""

    @mutation
    async def RecordDuty(self, work: Work, request: duty_service_pb2.RecordDutyRequest) -> duty_pb2.Duty:
        """Record that an act was done, or an attendance."""
        record = await work.load(DUTY, request.name, request.etag)
        on = duty.record(record, duty.Done.of(request), work.rules)
        return work.save(DUTY, record, "done" if record.HasField("met_date") else "attended", on)

    @mutation
    async def ExcuseDuty(self, work: Work, request: duty_service_pb2.ExcuseDutyRequest) -> duty_pb2.Duty:
        """Say that an act is not owed after all."""
        record = await work.load(DUTY, request.name, request.etag)
        on = duty.excuse(record, request.excuse, request.excused_date, work.rules)
        return work.save(DUTY, record, "excused", on)

    @mutation
    async def ImportDuties(self, work: Work, request: duty_service_pb2.ImportDutiesRequest) -> Message:
        """Take over the monthly register."""
        return await imports.import_register(work, request)


@records(LEAVE)
class LeaveServicer(leave_service_pb2_grpc.LeaveServiceServicer):
    """Keeps the leaves."""

    @mutation
    async def ApproveLeave(self, work: Work, request: leave_service_pb2.ApproveLeaveRequest) -> leave_pb2.Leave:
        """Approve a leave; reports due while away move."""
        return await _decide(work, request, approved=True)

    @mutation
    async def RefuseLeave(self, work: Work, request: leave_service_pb2.RefuseLeaveRequest) -> leave_pb2.Leave:
        """Refuse a leave."""
        return await _decide(work, request, approved=False)

    @mutation
    async def RecordReturn(self, work: Work, request: leave_service_pb2.RecordReturnRequest) -> leave_pb2.Leave:
        """Record that the person is back."""
        record = await work.load(LEAVE, request.name, request.etag)
        on = day(work.rules, "back_date", request.back_date, record.from_date)
        leave.come_back(record, on)
        return work.save(LEAVE, record, "back", on)

    @mutation
    async def ImportLeaves(self, work: Work, request: leave_service_pb2.ImportLeavesRequest) -> Message:
        """Take over a spreadsheet; the person may be given by its number."""
        return await import_referring(work, request, LEAVE, "person", SUPERVISED_PERSON)


async def _decide(
    work: Work, request: leave_service_pb2.ApproveLeaveRequest | leave_service_pb2.RefuseLeaveRequest, *, approved: bool
) -> leave_pb2.Leave:
    record = await work.load(LEAVE, request.name, request.etag)
    on = day(work.rules, "decided_date", request.decided_date, record.asked_date)
    leave.decide(record, on, work.caller.roles, approved=approved)
    await planned.follow_leave(work, record, None)
    return work.save(LEAVE, record, "approved" if approved else "refused", on)


@records(ABSCONDING)
class AbscondingServicer(absconding_service_pb2_grpc.AbscondingServiceServicer):
    """Keeps the episodes out of supervision."""

    @mutation
    async def RecordSearch(
        self, work: Work, request: absconding_service_pb2.RecordSearchRequest
    ) -> absconding_pb2.Absconding:
        """Record that the search began."""
        record = await work.load(ABSCONDING, request.name, request.etag)
        on = day(work.rules, "searched_date", request.searched_date, record.from_date)
        absconding.search(record, on, work.rules)
        return work.save(ABSCONDING, record, "searched", on)

    @mutation
    async def RecordFound(
        self, work: Work, request: absconding_service_pb2.RecordFoundRequest
    ) -> absconding_pb2.Absconding:
        """End an episode: the person was found."""
        record = await work.load(ABSCONDING, request.name, request.etag)
        before = absconding_pb2.Absconding()
        before.CopyFrom(record)
        on = day(work.rules, "to_date", request.to_date, record.from_date)
        absconding.find(record, on, work.rules)
        return await update(work, ABSCONDING, record, before, "found")

    @mutation
    async def ImportAbscondings(self, work: Work, request: absconding_service_pb2.ImportAbscondingsRequest) -> Message:
        """Take over a spreadsheet; the person may be given by its number."""
        return await import_referring(work, request, ABSCONDING, "person", SUPERVISED_PERSON)


@records(NEW_OFFENCE)
class NewOffenceServicer(new_offence_service_pb2_grpc.NewOffenceServiceServicer):
    """Keeps the new offences."""

    @mutation
    async def RecordConviction(
        self, work: Work, request: new_offence_service_pb2.RecordConvictionRequest
    ) -> new_offence_pb2.NewOffence:
        """Record the conviction; a released person's file follows."""
        record = await work.load(NEW_OFFENCE, request.name, request.etag)
        before = new_offence_pb2.NewOffence()
        before.CopyFrom(record)
        offence.convict(record, day(work.rules, "convicted_date", request.convicted_date, record.committed_date))
        return await update(work, NEW_OFFENCE, record, before, "convicted")

    @mutation
    async def ImportNewOffences(self, work: Work, request: new_offence_service_pb2.ImportNewOffencesRequest) -> Message:
        """Take over a spreadsheet; the person, of either kind, may be given by its number."""
        named = await persons.numbered(work, request, NEW_OFFENCE, "committed_date")
        return await import_rows(NEW_OFFENCE, new_offence_service_pb2.ImportNewOffencesResponse.DESCRIPTOR, work, named)


@records(MEASURE)
class MeasureServicer(measure_service_pb2_grpc.MeasureServiceServicer):
    """Keeps the measures."""

    @mutation
    async def DecideMeasure(self, work: Work, request: measure_service_pb2.DecideMeasureRequest) -> measure_pb2.Measure:
        """Decide to take a measure."""
        return await _settle(work, request, taken=True)

    @mutation
    async def RejectMeasure(self, work: Work, request: measure_service_pb2.RejectMeasureRequest) -> measure_pb2.Measure:
        """Decide not to take a measure."""
        return await _settle(work, request, taken=False)

    @mutation
    async def RecordAnswer(self, work: Work, request: measure_service_pb2.RecordAnswerRequest) -> measure_pb2.Measure:
        """Record how the court or police answered."""
        record = await work.load(MEASURE, request.name, request.etag)
        on = day(work.rules, "answered_date", request.answered_date, record.decided_date)
        measure.answer(record, on, work.rules, granted=request.granted)
        return work.save(MEASURE, record, "answered", on)

    @mutation
    async def ImportMeasures(self, work: Work, request: measure_service_pb2.ImportMeasuresRequest) -> Message:
        """Take over a spreadsheet; the person may be given by its number."""
        return await import_referring(work, request, MEASURE, "person", SUPERVISED_PERSON)


async def _settle(
    work: Work,
    request: measure_service_pb2.DecideMeasureRequest | measure_service_pb2.RejectMeasureRequest,
    *,
    taken: bool,
) -> measure_pb2.Measure:
    record = await work.load(MEASURE, request.name, request.etag)
    on = day(work.rules, "decided_date", request.decided_date, record.proposed_date)
    measure.decide(record, on, work.caller.subject, work.rules, taken=taken)
    return work.save(MEASURE, record, "decided" if taken else "rejected", on)


@records(POSITIONING)
class PositioningServicer(positioning_service_pb2_grpc.PositioningServiceServicer):
    """Keeps the periods of electronic positioning."""

    @mutation
    async def ImportPositionings(
        self, work: Work, request: positioning_service_pb2.ImportPositioningsRequest
    ) -> Message:
        """Take over a spreadsheet; the person may be given by its number."""
        return await import_referring(work, request, POSITIONING, "person", SUPERVISED_PERSON)


@records(HELP_ACT)
class HelpActServicer(help_act_service_pb2_grpc.HelpActServiceServicer):
    """Keeps the acts of help."""

    @mutation
    async def ImportHelpActs(self, work: Work, request: help_act_service_pb2.ImportHelpActsRequest) -> Message:
        """Take over a spreadsheet; the person, of either kind, may be given by its number."""
        named = await persons.numbered(work, request, HELP_ACT, "given_date")
        return await import_rows(HELP_ACT, help_act_service_pb2.ImportHelpActsResponse.DESCRIPTOR, work, named)


SERVICERS = (
    SupervisedPersonServicer,
    DutyServicer,
    LeaveServicer,
    AbscondingServicer,
    NewOffenceServicer,
    MeasureServicer,
    PositioningServicer,
    HelpActServicer,
)
