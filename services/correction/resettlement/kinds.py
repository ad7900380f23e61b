"""The kinds of resettlement."""

from __future__ import annotations

from geju.correction.v1 import (
    base_stay_pb2,
    correction_officer_pb2,
    correction_volunteer_pb2,
    emergency_drill_pb2,
    emergency_plan_pb2,
    facts_pb2,
    helping_agreement_pb2,
    lost_contact_pb2,
    member_unit_meeting_pb2,
    placement_pb2,
    released_person_pb2,
    released_visit_pb2,
    resettlement_base_pb2,
    situation_survey_pb2,
    transition_grant_pb2,
)

from services.chassis.domain.dates import to_date
from services.chassis.kinds import Dues, Kind
from services.correction.domain.resettlement import (
    agreement,
    base,
    grant,
    lifecycle,
    lost_contact,
    placement,
    released_person,
    staff,
    survey,
    visit,
)
from services.correction.domain.subjects import sealing
from services.correction.resettlement import facts, guards, person_guards, storage
from services.correction.resettlement.visits_owed import visits_owed

RELEASED_PERSON = Kind(
    name="released_person",
    collection="releasedPersons",
    message=released_person_pb2.ReleasedPerson,
    facts=facts_pb2.ReleasedPersonFacts,
    row=storage.ReleasedPersonRow,
    to_facts=facts.released_person,
    check=released_person.check,
    create_change="announced",
    closed=lifecycle.is_closed,
    guard=person_guards.guard_person,
    occurred=released_person.happened,
    transition=sealing,
    dues=Dues(released_person.dues, released_person.DUE_LABELS),
    owed=visits_owed,
)

HELPING_AGREEMENT = Kind(
    name="helping_agreement",
    collection="helpingAgreements",
    message=helping_agreement_pb2.HelpingAgreement,
    facts=facts_pb2.HelpingAgreementFacts,
    row=storage.HelpingAgreementRow,
    to_facts=facts.helping_agreement,
    check=agreement.check,
    create_change="agreed",
    guard=guards.guard_by("from_date"),
    occurred=lambda record: to_date(record.from_date),
)

RELEASED_VISIT = Kind(
    name="released_visit",
    collection="releasedVisits",
    message=released_visit_pb2.ReleasedVisit,
    facts=facts_pb2.ReleasedVisitFacts,
    row=storage.ReleasedVisitRow,
    to_facts=facts.released_visit,
    check=visit.check,
    create_change="visited",
    guard=guards.guard_visit,
    occurred=lambda record: to_date(record.visit_date),
)

PLACEMENT = Kind(
    name="placement",
    collection="placements",
    message=placement_pb2.Placement,
    facts=facts_pb2.PlacementFacts,
    row=storage.PlacementRow,
    to_facts=facts.placement,
    check=placement.check,
    create_change="placed",
    guard=guards.guard_placement,
    occurred=lambda record: to_date(record.from_date),
)

TRANSITION_GRANT = Kind(
    name="transition_grant",
    collection="transitionGrants",
    message=transition_grant_pb2.TransitionGrant,
    facts=facts_pb2.TransitionGrantFacts,
    row=storage.TransitionGrantRow,
    to_facts=facts.transition_grant,
    check=grant.check,
    create_change="granted",
    closed=grant.is_paid,
    guard=guards.guard_grant,
    occurred=lambda record: to_date(record.granted_date),
)

LOST_CONTACT = Kind(
    name="lost_contact",
    collection="lostContacts",
    message=lost_contact_pb2.LostContact,
    facts=facts_pb2.LostContactFacts,
    row=storage.LostContactRow,
    to_facts=facts.lost_contact,
    check=lost_contact.check,
    create_change="lost",
    guard=guards.guard_lost_contact,
    occurred=lambda record: to_date(record.from_date),
)

SITUATION_SURVEY = Kind(
    name="situation_survey",
    collection="situationSurveys",
    message=situation_survey_pb2.SituationSurvey,
    facts=facts_pb2.SituationSurveyFacts,
    row=storage.SituationSurveyRow,
    to_facts=facts.situation_survey,
    check=survey.check,
    create_change="opened",
    closed=survey.is_closed,
    occurred=lambda record: to_date(record.opened_date),
)

RESETTLEMENT_BASE = Kind(
    name="resettlement_base",
    collection="resettlementBases",
    message=resettlement_base_pb2.ResettlementBase,
    facts=facts_pb2.ResettlementBaseFacts,
    row=storage.ResettlementBaseRow,
    to_facts=facts.resettlement_base,
    check=base.check,
    guard=guards.guard_base,
)

BASE_STAY = Kind(
    name="base_stay",
    collection="baseStays",
    message=base_stay_pb2.BaseStay,
    facts=facts_pb2.BaseStayFacts,
    row=storage.BaseStayRow,
    to_facts=facts.base_stay,
    check=base.check_stay,
    guard=guards.guard_stay,
    occurred=lambda record: to_date(record.from_date),
)

CORRECTION_VOLUNTEER = Kind(
    name="correction_volunteer",
    collection="correctionVolunteers",
    message=correction_volunteer_pb2.CorrectionVolunteer,
    facts=facts_pb2.CorrectionVolunteerFacts,
    row=storage.CorrectionVolunteerRow,
    to_facts=facts.correction_volunteer,
    check=staff.check,
)

CORRECTION_OFFICER = Kind(
    name="correction_officer",
    collection="correctionOfficers",
    message=correction_officer_pb2.CorrectionOfficer,
    facts=facts_pb2.CorrectionOfficerFacts,
    row=storage.CorrectionOfficerRow,
    to_facts=facts.correction_officer,
    check=staff.check,
)

MEMBER_UNIT_MEETING = Kind(
    name="member_unit_meeting",
    collection="memberUnitMeetings",
    message=member_unit_meeting_pb2.MemberUnitMeeting,
    facts=facts_pb2.MemberUnitMeetingFacts,
    row=storage.MemberUnitMeetingRow,
    to_facts=facts.member_unit_meeting,
    create_change="held",
    occurred=lambda record: to_date(record.held_date),
)

EMERGENCY_PLAN = Kind(
    name="emergency_plan",
    collection="emergencyPlans",
    message=emergency_plan_pb2.EmergencyPlan,
    facts=facts_pb2.EmergencyPlanFacts,
    row=storage.EmergencyPlanRow,
    to_facts=facts.emergency_plan,
    check=staff.check,
)

EMERGENCY_DRILL = Kind(
    name="emergency_drill",
    collection="emergencyDrills",
    message=emergency_drill_pb2.EmergencyDrill,
    facts=facts_pb2.EmergencyDrillFacts,
    row=storage.EmergencyDrillRow,
    to_facts=facts.emergency_drill,
    check=staff.check_drill,
    create_change="held",
    guard=guards.guard_drill,
    occurred=lambda record: to_date(record.held_date),
)

KINDS = (
    RELEASED_PERSON,
    HELPING_AGREEMENT,
    RELEASED_VISIT,
    PLACEMENT,
    TRANSITION_GRANT,
    LOST_CONTACT,
    SITUATION_SURVEY,
    RESETTLEMENT_BASE,
    BASE_STAY,
    CORRECTION_VOLUNTEER,
    CORRECTION_OFFICER,
    MEMBER_UNIT_MEETING,
    EMERGENCY_PLAN,
    EMERGENCY_DRILL,
)
