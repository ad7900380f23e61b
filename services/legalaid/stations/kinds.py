"""The kinds of stations and consultations."""

from __future__ import annotations

from geju.legalaid.v1 import (
    aid_survey_answer_pb2,
    aid_volunteer_pb2,
    consultation_pb2,
    facts_pb2,
    fee_relief_pb2,
    station_pb2,
    travel_time_pb2,
    volunteer_shift_pb2,
)

from services.chassis.domain.dates import to_date
from services.chassis.kinds import Kind
from services.legalaid.domain.stations import consultation, relief, service_span, survey, travel_time
from services.legalaid.stations import facts, guards, storage

CONSULTATION = Kind(
    name="consultation",
    collection="consultations",
    message=consultation_pb2.Consultation,
    facts=facts_pb2.ConsultationFacts,
    row=storage.ConsultationRow,
    to_facts=facts.consultation,
    check=consultation.check,
    create_change="held",
    guard=guards.guard_consultation,
    occurred=lambda record: to_date(record.held_date),
)

STATION = Kind(
    name="station",
    collection="stations",
    message=station_pb2.Station,
    facts=facts_pb2.StationFacts,
    row=storage.StationRow,
    to_facts=facts.station,
    check=service_span.check,
    guard=guards.guard_station,
    occurred=lambda record: to_date(record.from_date),
)

TRAVEL_TIME = Kind(
    name="travel_time",
    collection="travelTimes",
    message=travel_time_pb2.TravelTime,
    facts=facts_pb2.TravelTimeFacts,
    row=storage.TravelTimeRow,
    to_facts=facts.travel_time,
    check=travel_time.check,
    guard=guards.guard_travel_time,
    occurred=lambda record: to_date(record.from_date),
)

AID_VOLUNTEER = Kind(
    name="aid_volunteer",
    collection="aidVolunteers",
    message=aid_volunteer_pb2.AidVolunteer,
    facts=facts_pb2.AidVolunteerFacts,
    row=storage.AidVolunteerRow,
    to_facts=facts.aid_volunteer,
    check=service_span.check,
    guard=guards.guard_volunteer,
    occurred=lambda record: to_date(record.from_date),
)

VOLUNTEER_SHIFT = Kind(
    name="volunteer_shift",
    collection="volunteerShifts",
    message=volunteer_shift_pb2.VolunteerShift,
    facts=facts_pb2.VolunteerShiftFacts,
    row=storage.VolunteerShiftRow,
    to_facts=facts.volunteer_shift,
    check=service_span.check_shift,
    create_change="served",
    guard=guards.guard_shift,
    occurred=lambda record: to_date(record.served_date),
)

FEE_RELIEF = Kind(
    name="fee_relief",
    collection="feeReliefs",
    message=fee_relief_pb2.FeeRelief,
    facts=facts_pb2.FeeReliefFacts,
    row=storage.FeeReliefRow,
    to_facts=facts.fee_relief,
    check=relief.check,
    create_change="granted",
    occurred=lambda record: to_date(record.granted_date),
)

AID_SURVEY_ANSWER = Kind(
    name="aid_survey_answer",
    collection="aidSurveyAnswers",
    message=aid_survey_answer_pb2.AidSurveyAnswer,
    facts=facts_pb2.AidSurveyAnswerFacts,
    row=storage.AidSurveyAnswerRow,
    to_facts=facts.aid_survey_answer,
    check=survey.check,
    create_change="answered",
    guard=guards.guard_answer,
    occurred=lambda record: to_date(record.answered_date),
)

KINDS = (CONSULTATION, STATION, TRAVEL_TIME, AID_VOLUNTEER, VOLUNTEER_SHIFT, FEE_RELIEF, AID_SURVEY_ANSWER)
