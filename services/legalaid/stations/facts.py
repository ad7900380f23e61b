"""Records of stations and consultations -> their facts: what the figures are counted from, nothing personal."""

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

from services.chassis.domain.references import uuid_of
from services.chassis.facts import copied


def consultation(record: consultation_pb2.Consultation) -> facts_pb2.ConsultationFacts:
    """Return the facts of a consultation."""
    facts = facts_pb2.ConsultationFacts(aid_case=uuid_of(record.aid_case))
    return copied(record, facts, "channel", "topic", "held_date", "groups", "waited_seconds", "minutes")


def station(record: station_pb2.Station) -> facts_pb2.StationFacts:
    """Return the facts of a window or station of legal aid."""
    facts = facts_pb2.StationFacts()
    return copied(record, facts, "kind", "accessible", "from_date", "to_date")


def travel_time(record: travel_time_pb2.TravelTime) -> facts_pb2.TravelTimeFacts:
    """Return the facts of how long it takes from a village or community, the record's place, to a station."""
    facts = facts_pb2.TravelTimeFacts(station=uuid_of(record.station))
    return copied(record, facts, "minutes", "from_date", "to_date")


def aid_volunteer(record: aid_volunteer_pb2.AidVolunteer) -> facts_pb2.AidVolunteerFacts:
    """Return the facts of a volunteer of legal aid."""
    facts = facts_pb2.AidVolunteerFacts()
    return copied(record, facts, "from_date", "to_date")


def volunteer_shift(record: volunteer_shift_pb2.VolunteerShift) -> facts_pb2.VolunteerShiftFacts:
    """Return the facts of a shift that a volunteer served at a station."""
    facts = facts_pb2.VolunteerShiftFacts(volunteer=uuid_of(record.volunteer), station=uuid_of(record.station))
    return copied(record, facts, "served_date", "hours")


def fee_relief(record: fee_relief_pb2.FeeRelief) -> facts_pb2.FeeReliefFacts:
    """Return the facts of a fee that a firm reduced or waived."""
    facts = facts_pb2.FeeReliefFacts(firm=uuid_of(record.firm))
    return copied(record, facts, "kind", "granted_date", "amount_fen", "groups")


def aid_survey_answer(record: aid_survey_answer_pb2.AidSurveyAnswer) -> facts_pb2.AidSurveyAnswerFacts:
    """Return the facts of an anonymous answer about satisfaction."""
    facts = facts_pb2.AidSurveyAnswerFacts()
    return copied(record, facts, "answered_date", "satisfaction", "kind")
