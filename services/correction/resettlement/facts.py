"""Records of resettlement -> their facts: what the figures are counted from, nothing personal."""

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

from services.chassis.domain.references import uuid_of
from services.chassis.domain.steps import put
from services.chassis.facts import copied
from services.correction.domain.resettlement import placement as placements
from services.correction.domain.resettlement import tracking
from services.correction.domain.resettlement.released_person import link_due

_SPAN = ("from_date", "to_date")
_PERSON = (
    "sealed",
    "source",
    "household",
    "state",
    "announced_date",
    "released_date",
    "linked_date",
    "registered_date",
    "closed_date",
    "close_ground",
    "separated",
    "listed_date",
    "three_none",
    "placeable",
    "key_from_date",
    "key_to_date",
    "convicted_date",
)


def released_person(record: released_person_pb2.ReleasedPerson) -> facts_pb2.ReleasedPersonFacts:
    """Return the facts of a released person: where the file stands, not who it is."""
    facts = facts_pb2.ReleasedPersonFacts(
        second_office=record.residence_office, supervised_person=uuid_of(record.supervised_person)
    )
    if record.HasField("five_years_due_date"):
        facts.five_years_due.CopyFrom(record.five_years_due_date)
    if record.HasField("first_visit_due_date"):
        facts.first_visit_due.CopyFrom(record.first_visit_due_date)
    put(facts, "link_due", link_due(record))
    put(facts, "youth_due", tracking.youth_due(record))
    return copied(record, facts, *_PERSON)


def helping_agreement(record: helping_agreement_pb2.HelpingAgreement) -> facts_pb2.HelpingAgreementFacts:
    """Return the facts of an agreement: how many help, not who."""
    facts = facts_pb2.HelpingAgreementFacts(person=uuid_of(record.person), helpers=len(record.helpers))
    return copied(record, facts, "sealed", "second_office", *_SPAN)


def released_visit(record: released_visit_pb2.ReleasedVisit) -> facts_pb2.ReleasedVisitFacts:
    """Return the facts of a visit, with the days that follow from it."""
    facts = facts_pb2.ReleasedVisitFacts(person=uuid_of(record.person))
    if record.HasField("next_visit_due_date"):
        facts.next_visit_due.CopyFrom(record.next_visit_due_date)
    if record.HasField("confirmed_due_date"):
        facts.confirmed_due.CopyFrom(record.confirmed_due_date)
    return copied(record, facts, "sealed", "second_office", "kind", "visit_date", "confirmed")


def placement(record: placement_pb2.Placement) -> facts_pb2.PlacementFacts:
    """Return the facts of a placement: the kind, not the employer."""
    facts = facts_pb2.PlacementFacts(person=uuid_of(record.person), base=uuid_of(record.base))
    put(facts, "six_months_due", placements.six_months_due(record))
    return copied(record, facts, "sealed", "second_office", "kind", *_SPAN)


def transition_grant(record: transition_grant_pb2.TransitionGrant) -> facts_pb2.TransitionGrantFacts:
    """Return the facts of a grant."""
    facts = facts_pb2.TransitionGrantFacts(person=uuid_of(record.person))
    return copied(record, facts, "sealed", "second_office", "state", "amount_fen", "granted_date", "paid_date")


def lost_contact(record: lost_contact_pb2.LostContact) -> facts_pb2.LostContactFacts:
    """Return the facts of an episode out of touch."""
    return copied(record, facts_pb2.LostContactFacts(person=uuid_of(record.person)), "sealed", "second_office", *_SPAN)


def situation_survey(record: situation_survey_pb2.SituationSurvey) -> facts_pb2.SituationSurveyFacts:
    """Return the facts of a survey."""
    return copied(record, facts_pb2.SituationSurveyFacts(), "opened_date", "closed_date", "sample", "answers")


def resettlement_base(record: resettlement_base_pb2.ResettlementBase) -> facts_pb2.ResettlementBaseFacts:
    """Return the facts of a base."""
    return copied(record, facts_pb2.ResettlementBaseFacts(), "kind", "places", *_SPAN)


def base_stay(record: base_stay_pb2.BaseStay) -> facts_pb2.BaseStayFacts:
    """Return the facts of a stay."""
    facts = facts_pb2.BaseStayFacts(base=uuid_of(record.base), person=uuid_of(record.person))
    return copied(record, facts, "sealed", "second_office", "kind", *_SPAN)


def correction_volunteer(record: correction_volunteer_pb2.CorrectionVolunteer) -> facts_pb2.CorrectionVolunteerFacts:
    """Return the facts of a volunteer: the service, not the person."""
    return copied(record, facts_pb2.CorrectionVolunteerFacts(), "background", *_SPAN)


def correction_officer(record: correction_officer_pb2.CorrectionOfficer) -> facts_pb2.CorrectionOfficerFacts:
    """Return the facts of an officer: the post, not the person."""
    return copied(record, facts_pb2.CorrectionOfficerFacts(), "kind", *_SPAN)


def member_unit_meeting(record: member_unit_meeting_pb2.MemberUnitMeeting) -> facts_pb2.MemberUnitMeetingFacts:
    """Return the facts of a meeting."""
    return copied(record, facts_pb2.MemberUnitMeetingFacts(), "held_date", "units")


def emergency_plan(record: emergency_plan_pb2.EmergencyPlan) -> facts_pb2.EmergencyPlanFacts:
    """Return the facts of a plan."""
    return copied(record, facts_pb2.EmergencyPlanFacts(), *_SPAN)


def emergency_drill(record: emergency_drill_pb2.EmergencyDrill) -> facts_pb2.EmergencyDrillFacts:
    """Return the facts of a drill."""
    facts = facts_pb2.EmergencyDrillFacts(plan=uuid_of(record.plan))
    return copied(record, facts, "held_date", "participants")
