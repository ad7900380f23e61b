"""Resettlement over gRPC: load, one domain call, save; what every kind has comes with @records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from geju.correction.v1 import (
    base_stay_service_pb2,
    base_stay_service_pb2_grpc,
    emergency_drill_service_pb2_grpc,
    helping_agreement_service_pb2,
    helping_agreement_service_pb2_grpc,
    lost_contact_pb2,
    lost_contact_service_pb2,
    lost_contact_service_pb2_grpc,
    placement_service_pb2_grpc,
    released_person_pb2,
    released_person_service_pb2_grpc,
    released_visit_service_pb2_grpc,
    situation_survey_pb2,
    situation_survey_service_pb2,
    situation_survey_service_pb2_grpc,
    transition_grant_pb2,
    transition_grant_service_pb2,
    transition_grant_service_pb2_grpc,
)
from geju.correction.v1 import released_person_service_pb2 as rpc
from google.protobuf.message import Message

from services.chassis.changes import create
from services.chassis.context import current
from services.chassis.crud import records
from services.chassis.documents import rendered
from services.chassis.domain.references import uuid_of
from services.chassis.domain.steps import day
from services.chassis.guards import kind_in
from services.chassis.importing import import_referring, taking_over
from services.chassis.reads import read_record
from services.chassis.storage.store import Store
from services.chassis.work import Work, mutation
from services.correction import persons
from services.correction.domain.papers import file_items, is_complete
from services.correction.domain.resettlement import (
    agreement,
    grant,
    household,
    lost_contact,
    papers,
    released_person,
    survey,
)
from services.correction.domain.resettlement.errors import OtherOffice
from services.correction.resettlement import documents
from services.correction.resettlement.kinds import (
    BASE_STAY,
    EMERGENCY_DRILL,
    EMERGENCY_PLAN,
    HELPING_AGREEMENT,
    LOST_CONTACT,
    PLACEMENT,
    RELEASED_PERSON,
    RELEASED_VISIT,
    RESETTLEMENT_BASE,
    SITUATION_SURVEY,
    TRANSITION_GRANT,
)
from services.correction.resettlement.registers import REGISTERS

Person = released_person_pb2.ReleasedPerson
Step = Callable[[Person], date]


async def _step(work: Work, request: Any, change: str, step: Step) -> Person:
    """Take one step of a file."""
    person = await work.load(RELEASED_PERSON, request.name, request.etag)
    on = step(person)
    return work.save(RELEASED_PERSON, person, change, on)


@records(RELEASED_PERSON)
class ReleasedPersonServicer(released_person_service_pb2_grpc.ReleasedPersonServiceServicer):
    """Keeps the files of released persons."""

    store: Store

    @mutation
    async def LinkPerson(self, work: Work, request: rpc.LinkPersonRequest) -> Person:
        """Record that the office linked up with the person."""
        on = request.linked_date
        return await _step(work, request, "linked", lambda p: released_person.link(p, on, work.rules))

    @mutation
    async def RecordNotLinked(self, work: Work, request: rpc.RecordNotLinkedRequest) -> Person:
        """Establish that the person could not be linked up with."""
        on = request.not_linked_date
        return await _step(work, request, "not_linked", lambda p: released_person.record_not_linked(p, on, work.rules))

    @mutation
    async def RegisterPerson(self, work: Work, request: rpc.RegisterPersonRequest) -> Person:
        """Open the file of a linked person."""
        on = request.registered_date
        return await _step(work, request, "registered", lambda p: released_person.register(p, on, work.rules))

    @mutation
    async def AcceptListing(self, work: Work, request: rpc.AcceptListingRequest) -> Person:
        """Confirm that the other end lists the person too."""
        person = await work.load(RELEASED_PERSON, request.name, request.etag)
        other = person.residence_office
        if other and work.offices is not None and other not in work.offices:
            raise OtherOffice("residence_office", office=other)
        on = released_person.accept_listing(person, request.listed_date, work.rules)
        return work.save(RELEASED_PERSON, person, "listed", on)

    @mutation
    async def CloseReleasedPerson(self, work: Work, request: rpc.CloseReleasedPersonRequest) -> Person:
        """Close the file."""
        on, why = request.closed_date, request.close_ground

        def close(person: Person) -> date:
            household.check_household(person, work.offices)
            return released_person.close(person, on, why, work.rules)

        return await _step(work, request, "closed", close)

    async def RenderResettlementDocument(
        self, request: rpc.RenderResettlementDocumentRequest, _context: Any = None
    ) -> rpc.RenderResettlementDocumentResponse:
        """Render a standard document."""
        person = await read_record(self.store, RELEASED_PERSON, request.name, request.purpose)
        document = await rendered(self.store, lambda work: documents.gather(work, person, request.document))
        return rpc.RenderResettlementDocumentResponse(document=document)

    async def GetResettlementFile(
        self, request: rpc.GetResettlementFileRequest, _context: Any = None
    ) -> rpc.GetResettlementFileResponse:
        """List the papers of a person's file, from what every office recorded."""
        person = await read_record(self.store, RELEASED_PERSON, request.name, request.purpose)
        about = {"person": uuid_of(person.name)}
        async with Work(self.store, current(), district=True) as work:
            agreements = await work.query(HELPING_AGREEMENT, limit=1, **about)
            visits = await work.query(RELEASED_VISIT, limit=1, **about)
        items = file_items(papers.papers(person, agreements=len(agreements), visits=len(visits)))
        return rpc.GetResettlementFileResponse(items=items, complete=is_complete(items))


@records(HELPING_AGREEMENT)
class HelpingAgreementServicer(helping_agreement_service_pb2_grpc.HelpingAgreementServiceServicer):
    """Keeps the helping agreements."""

    @mutation
    async def ImportHelpingAgreements(
        self, work: Work, request: helping_agreement_service_pb2.ImportHelpingAgreementsRequest
    ) -> Message:
        """Take over a spreadsheet; a person may be given by the office's number, helpers by name and kind."""
        sheet = helping_agreement_service_pb2.ImportHelpingAgreementsRequest()
        sheet.CopyFrom(request)
        for row in sheet.rows:
            if row.helper_names:
                del row.helping_agreement.helpers[:]
                row.helping_agreement.helpers.extend(map(agreement.helper, row.helper_names))
        return await import_referring(work, sheet, HELPING_AGREEMENT, "person", RELEASED_PERSON)


@records(RELEASED_VISIT)
class ReleasedVisitServicer(released_visit_service_pb2_grpc.ReleasedVisitServiceServicer):
    """Keeps the visits."""

    ImportReleasedVisits = taking_over(RELEASED_VISIT, "person", RELEASED_PERSON)


@records(PLACEMENT)
class PlacementServicer(placement_service_pb2_grpc.PlacementServiceServicer):
    """Keeps the placements."""

    ImportPlacements = taking_over(PLACEMENT, "person", RELEASED_PERSON, ("base", RESETTLEMENT_BASE))


@records(TRANSITION_GRANT)
class TransitionGrantServicer(transition_grant_service_pb2_grpc.TransitionGrantServiceServicer):
    """Keeps the transitional grants and pays them."""

    @mutation
    async def PayGrant(
        self, work: Work, request: transition_grant_service_pb2.PayGrantRequest
    ) -> transition_grant_pb2.TransitionGrant:
        """Pay a grant: its payment and the spending, both or neither."""
        record = await work.load(TRANSITION_GRANT, request.name, request.etag)
        on = day(work.rules, "paid_date", request.paid_date, record.granted_date)
        spending = grant.pay(record, on, request.earmark)
        record.fund_entry = (await create(work, kind_in(work, "fundEntries"), spending)).name
        return work.save(TRANSITION_GRANT, record, "paid", on)

    ImportTransitionGrants = taking_over(TRANSITION_GRANT, "person", RELEASED_PERSON)


@records(LOST_CONTACT)
class LostContactServicer(lost_contact_service_pb2_grpc.LostContactServiceServicer):
    """Keeps the episodes out of touch."""

    @mutation
    async def RecordRegained(
        self, work: Work, request: lost_contact_service_pb2.RecordRegainedRequest
    ) -> lost_contact_pb2.LostContact:
        """End an episode."""
        record = await work.load(LOST_CONTACT, request.name, request.etag)
        on = day(work.rules, "to_date", request.to_date, record.from_date)
        lost_contact.regain(record, on)
        return work.save(LOST_CONTACT, record, "regained", on)

    ImportLostContacts = taking_over(LOST_CONTACT, "person", RELEASED_PERSON)


@records(SITUATION_SURVEY)
class SituationSurveyServicer(situation_survey_service_pb2_grpc.SituationSurveyServiceServicer):
    """Keeps the surveys."""

    @mutation
    async def CloseSurvey(
        self, work: Work, request: situation_survey_service_pb2.CloseSurveyRequest
    ) -> situation_survey_pb2.SituationSurvey:
        """Close a survey with the answers received."""
        record = await work.load(SITUATION_SURVEY, request.name, request.etag)
        on = day(work.rules, "closed_date", request.closed_date, record.opened_date)
        survey.close(record, on, request.answers, work.rules)
        return work.save(SITUATION_SURVEY, record, "closed", on)


@records(BASE_STAY)
class BaseStayServicer(base_stay_service_pb2_grpc.BaseStayServiceServicer):
    """Keeps the stays in bases."""

    @mutation
    async def ImportBaseStays(self, work: Work, request: base_stay_service_pb2.ImportBaseStaysRequest) -> Message:
        """Take over a spreadsheet; base and person, of either kind, may be given by the office's numbers."""
        named = await persons.numbered(work, request, BASE_STAY, "from_date")
        return await import_referring(work, named, BASE_STAY, "base", RESETTLEMENT_BASE)


@records(EMERGENCY_DRILL)
class EmergencyDrillServicer(emergency_drill_service_pb2_grpc.EmergencyDrillServiceServicer):
    """Keeps the drills."""

    ImportEmergencyDrills = taking_over(EMERGENCY_DRILL, "plan", EMERGENCY_PLAN)


SERVICERS = (
    ReleasedPersonServicer,
    HelpingAgreementServicer,
    ReleasedVisitServicer,
    PlacementServicer,
    TransitionGrantServicer,
    LostContactServicer,
    SituationSurveyServicer,
    BaseStayServicer,
    EmergencyDrillServicer,
    *REGISTERS,
)
