"""Persons under correction over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from geju.common.v1 import import_pb2
from geju.correction.v1 import supervised_person_pb2 as pb
from geju.correction.v1 import supervised_person_service_pb2 as rpc
from geju.correction.v1.supervised_person_service_pb2_grpc import SupervisedPersonServiceServicer

from services.chassis.context import current
from services.chassis.crud import records
from services.chassis.documents import rendered
from services.chassis.domain.references import uuid_of
from services.chassis.domain.steps import day
from services.chassis.guards import ALL, referenced
from services.chassis.importing import import_rows
from services.chassis.reads import read_record
from services.chassis.storage.store import Store
from services.chassis.work import Work, mutation
from services.correction.domain.papers import file_items, is_complete
from services.correction.domain.supervision import ladder, lifecycle, papers, planning, steps
from services.correction.domain.supervision import person as rules_of_person
from services.correction.supervision import documents, endings, planned, transfers
from services.correction.supervision.kinds import ABSCONDING, DUTY, MEASURE, SUPERVISED_PERSON

Person = pb.SupervisedPerson
Step = Callable[[Person], date]


async def _step(work: Work, request: Any, change: str, step: Step) -> Person:
    """Take one step of a person."""
    person = await work.load(SUPERVISED_PERSON, request.name, request.etag)
    return await _take(work, person, change, step)


async def _take(work: Work, person: Person, change: str, step: Step) -> Person:
    """Take a step of a loaded person: the rules of the record hold after it, and the duties follow."""
    before = Person()
    before.CopyFrom(person)
    on = step(person)
    rules_of_person.check(person, before, work.rules)
    if person.officer != before.officer and person.officer:
        await referenced(work, "officer", person.officer)
    since = planning.changed_from(person, before, on)
    if since is not None:
        await planned.replan(work, person, since)
    return work.save(SUPERVISED_PERSON, person, change, on)


@records(SUPERVISED_PERSON)
class SupervisedPersonServicer(SupervisedPersonServiceServicer):
    """Takes persons through correction."""

    store: Store

    @mutation
    async def ImportSupervisedPersons(
        self, work: Work, request: rpc.ImportSupervisedPersonsRequest
    ) -> rpc.ImportSupervisedPersonsResponse:
        """Take over a spreadsheet; the duties of whoever was taken over are planned."""
        answer: Any = await import_rows(
            SUPERVISED_PERSON, rpc.ImportSupervisedPersonsResponse.DESCRIPTOR, work, request
        )
        made = {verdict.name for verdict in answer.verdicts if verdict.outcome == import_pb2.ROW_OUTCOME_CREATED}
        await planned.plan_imported(work, made)
        return answer  # type: ignore[no-any-return]

    @mutation
    async def TakeOverPerson(self, work: Work, request: rpc.TakeOverPersonRequest) -> Person:
        """Take a notified person over and plan the duties."""
        given = steps.Handover(request.taken_over_date, request.papers_date, request.level, request.officer)
        return await _step(work, request, "taken_over", lambda p: steps.take_over(p, given, work.rules))

    @mutation
    async def RecordNeverReported(self, work: Work, request: rpc.RecordNeverReportedRequest) -> Person:
        """Establish that a person was never taken over."""
        on = request.never_reported_date
        return await _step(work, request, "never_reported", lambda p: steps.record_never_reported(p, on, work.rules))

    @mutation
    async def DeclareCorrection(self, work: Work, request: rpc.DeclareCorrectionRequest) -> Person:
        """Declare correction begun."""
        on, plan = request.declared_date, request.plan
        return await _step(work, request, "declared", lambda p: steps.declare(p, on, plan, work.rules))

    @mutation
    async def ChangeLevel(self, work: Work, request: rpc.ChangeLevelRequest) -> Person:
        """Put a person on another level."""
        level, on = request.level, request.level_date
        return await _step(work, request, "level_changed", lambda p: steps.change_level(p, level, on, work.rules))

    @mutation
    async def ChangeKeyStatus(self, work: Work, request: rpc.ChangeKeyStatusRequest) -> Person:
        """Make somebody a key person, or end that."""
        ground, on = request.key_ground, request.changed_date
        return await _step(work, request, "key_changed", lambda p: steps.change_key(p, ground, on, work.rules))

    @mutation
    async def ChangeTerm(self, work: Work, request: rpc.ChangeTermRequest) -> Person:
        """Move the end of the term."""
        until, on = request.term_to_date, request.changed_date
        return await _step(work, request, "term_changed", lambda p: steps.change_term(p, until, on, work.rules))

    @mutation
    async def AskTransfer(self, work: Work, request: rpc.AskTransferRequest) -> Person:
        """Ask another office to take a person over."""
        office, on = request.to_office, request.asked_date
        return await _step(work, request, "transfer_asked", lambda p: steps.ask_transfer(p, office, on, work.rules))

    @mutation
    async def AcceptTransfer(self, work: Work, request: rpc.AcceptTransferRequest) -> Person:
        """Take a person over from another office, with what is still to be done."""
        person = await transfers.asked(work, SUPERVISED_PERSON, request)
        on = steps.accept_transfer(person, request.accepted_date, work.rules)
        await transfers.free_key(work, SUPERVISED_PERSON, person)
        await transfers.move(work, person, on)
        return work.save(SUPERVISED_PERSON, person, "transferred", on)

    @mutation
    async def RefuseTransfer(self, work: Work, request: rpc.RefuseTransferRequest) -> Person:
        """Decline a transfer."""
        person = await transfers.asked(work, SUPERVISED_PERSON, request)
        on = steps.refuse_transfer(person, request.refused_date, work.rules)
        return work.save(SUPERVISED_PERSON, person, "transfer_refused", on)

    @mutation
    async def EndCorrection(self, work: Work, request: rpc.EndCorrectionRequest) -> Person:
        """End correction, and what is open with it."""
        person = await work.load(SUPERVISED_PERSON, request.name, request.etag)
        change = "ended" if request.end_ground in lifecycle.SERVED else "terminated"

        def end(found: Person) -> date:
            return steps.end(found, request.ended_date, request.end_ground, work.rules)

        ended = await _take(work, person, change, end)
        await endings.close_open(work, ended, lifecycle.last_day(ended))
        return ended

    async def ProposeMeasures(
        self, request: rpc.ProposeMeasuresRequest, _context: Any = None
    ) -> rpc.ProposeMeasuresResponse:
        """Propose the next step of the ladder from what every office recorded; nothing is written."""
        person = await read_record(self.store, SUPERVISED_PERSON, request.name, request.purpose)
        about = {"person": uuid_of(person.name)}
        async with Work(self.store, current(), district=True) as work:
            as_of = day(work.rules, "as_of_date", request.as_of_date)
            episodes = await work.query(ABSCONDING, limit=ALL, **about)
            measures = await work.query(MEASURE, limit=ALL, **about)
        rules = work.rules.profile.supervision.ladder
        found = ladder.propose(person.sentence, episodes, measures, rules, as_of)
        return rpc.ProposeMeasuresResponse(proposals=map(_proposed, found))

    async def RenderSupervisionDocument(
        self, request: rpc.RenderSupervisionDocumentRequest, _context: Any = None
    ) -> rpc.RenderSupervisionDocumentResponse:
        """Render a standard document."""
        person = await read_record(self.store, SUPERVISED_PERSON, request.name, request.purpose)
        document = await rendered(self.store, lambda work: documents.gather(work, person, request.document))
        return rpc.RenderSupervisionDocumentResponse(document=document)

    async def GetSupervisionFile(
        self, request: rpc.GetSupervisionFileRequest, _context: Any = None
    ) -> rpc.GetSupervisionFileResponse:
        """List the papers of a person's file, from what every office recorded."""
        person = await read_record(self.store, SUPERVISED_PERSON, request.name, request.purpose)
        async with Work(self.store, current(), district=True) as work:
            duties = await work.query(DUTY, limit=ALL, person=uuid_of(person.name))
        items = file_items(papers.papers(person, duties, work.rules.today))
        return rpc.GetSupervisionFileResponse(items=items, complete=is_complete(items))


def _proposed(proposal: ladder.Proposal) -> rpc.MeasureProposal:
    rule = proposal.rule
    return rpc.MeasureProposal(
        kind=proposal.kind, rule=rule.id, rule_zh=rule.zh, basis=rule.basis, counted=proposal.counted
    )
