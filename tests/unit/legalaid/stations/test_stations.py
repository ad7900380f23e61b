"""The rules of stations, shifts, travel times, consultations and answers that need no other record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.legalaid.v1 import aid_survey_answer_pb2, consultation_pb2, facts_pb2

from services.chassis.contract import field_option, has_personal
from services.chassis.domain.errors import BadReference, DateOrder, InvalidField, NotInForce, RuleError, UnknownPlace
from services.chassis.domain.spans import check_in_force
from services.legalaid.domain.stations import service_span, survey, travel_time
from services.legalaid.domain.stations.errors import (
    HasShifts,
    HasTravelTimes,
    PlaceRequired,
    ServedOutside,
    TravelTimeTaken,
)
from services.legalaid.stations import kinds
from tests.support.records import changed, on, ref
from tests.unit.legalaid.stations.examples import EXAMPLES, MAY, rules

BY_NAME = {kind.name: kind for kind in kinds.KINDS}
STATION, TRAVEL = EXAMPLES["station"], EXAMPLES["travel_time"]


@pytest.mark.parametrize("what", EXAMPLES)
def test_a_plain_record_passes_and_its_facts_hold_what_is_counted(what: str) -> None:
    """Codes, days, numbers and bare ids; every date of the record is in its facts."""
    kind, record = BY_NAME[what], EXAMPLES[what]
    kind.check(record, None, rules())
    facts: Any = kind.to_facts(record)
    for field, value in record.ListFields():
        if field.number > 9 and field.name in kind.facts.DESCRIPTOR.fields_by_name:
            shown = value.partition("/")[2] if isinstance(value, str) else value
            assert shown == getattr(facts, field.name)


@pytest.mark.parametrize(
    ("what", "fields", "error"),
    [
        ("consultation", {"aid_case": ref("disputes")}, BadReference),
        ("consultation", {"aid_case": "A-1"}, BadReference),
        ("station", {"to_date": on(2012, 4, 30)}, DateOrder),
        ("aid_volunteer", {"to_date": on(2012, 4, 30)}, DateOrder),
        ("travel_time", {"to_date": on(2012, 4, 30)}, DateOrder),
        ("travel_time", {"place": None}, PlaceRequired),
        ("travel_time", {"place": "north-9"}, UnknownPlace),
        ("travel_time", {"place": "nowhere"}, UnknownPlace),
        ("travel_time", {"station": ref("aidVolunteers")}, BadReference),
        ("volunteer_shift", {"volunteer": ref("stations")}, BadReference),
        ("volunteer_shift", {"station": ref("aidVolunteers")}, BadReference),
        ("fee_relief", {"firm": ref("practitioners")}, BadReference),
        ("aid_survey_answer", {"place": "north-1"}, InvalidField),
    ],
)
def test_bad_records_are_refused(what: str, fields: dict[str, Any], error: type[RuleError]) -> None:
    """References of another kind, spans the wrong way round, places that are none."""
    with pytest.raises(error) as caught:
        BY_NAME[what].check(changed(EXAMPLES[what], **fields), None, rules())
    assert caught.value.field in fields


def test_a_place_that_was_in_force_has_travel_times_of_that_time() -> None:
    """It is the first day that decides."""
    travel_time.check(changed(TRAVEL, place="north-9", from_date=on(2011, 5, 1)), None, rules())


@pytest.mark.parametrize(
    "fields", [{}, {"from_date": on(2012, 5, 10)}, {"from_date": on(2012, 4, 1)}, {"from_date": on(2012, 5, 20)}]
)
def test_a_place_and_a_station_have_one_travel_time_on_a_day(fields: dict[str, Any]) -> None:
    """The message says since when there is another."""
    others = [changed(TRAVEL, to_date=on(2012, 5, 20))]
    with pytest.raises(TravelTimeTaken, match="自 2012-05-01 起"):
        travel_time.check_alone(changed(TRAVEL, **fields), others)


@pytest.mark.parametrize(
    "fields",
    [
        {"from_date": on(2012, 4, 1), "to_date": on(2012, 4, 30)},
        {"from_date": on(2012, 5, 21)},
        {"place": "north-2"},
        {"station": ref("stations", 2)},
    ],
)
def test_other_days_places_and_stations_do_not_matter(fields: dict[str, Any]) -> None:
    """What shares no day, or leads from or to elsewhere, stands beside it."""
    travel_time.check_alone(changed(TRAVEL, **fields), [changed(TRAVEL, to_date=on(2012, 5, 20))])


def test_a_shift_lies_in_the_days_of_station_and_volunteer() -> None:
    """The first and the last day are days in service."""
    open_ = changed(STATION, to_date=on(2012, 5, 20))
    check_in_force(open_, "station", date(2012, 5, 1))
    check_in_force(open_, "station", date(2012, 5, 20))
    for day in (date(2012, 4, 30), date(2012, 5, 21)):
        with pytest.raises(NotInForce):
            check_in_force(open_, "station", day)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, ""),
        ({"to_date": on(2012, 5, 20)}, ""),
        ({"to_date": on(2012, 5, 19)}, "to_date"),
        ({"from_date": on(2012, 5, 3)}, "from_date"),
        ({"from_date": on(2012, 5, 3), "to_date": on(2012, 5, 10)}, "from_date"),
    ],
)
def test_the_days_in_service_stay_around_the_shifts(fields: dict[str, Any], field: str) -> None:
    """Neither end may leave one out."""
    days = [date(2012, 5, 20), date(2012, 5, 2), date(2012, 5, 7)]
    if not field:
        service_span.check_served(changed(STATION, **fields), days)
        return
    with pytest.raises(ServedOutside) as caught:
        service_span.check_served(changed(STATION, **fields), days)
    assert field == caught.value.field


def test_what_is_used_is_not_deleted() -> None:
    """Shifts and travel times would lead nowhere."""
    service_span.check_unused(0)
    with pytest.raises(HasShifts):
        service_span.check_unused(1, 1)
    with pytest.raises(HasTravelTimes):
        service_span.check_unused(0, 2)


def test_a_consultation_names_nobody_and_its_fact_is_small() -> None:
    """No field of it is personal; its fact with office, day and groups is a few dozen bytes."""
    assert not has_personal(consultation_pb2.Consultation.DESCRIPTOR)
    facts: Any = BY_NAME["consultation"].to_facts(EXAMPLES["consultation"])
    facts.MergeFrom(facts_pb2.ConsultationFacts(office="north", occurred=MAY))
    assert len(facts.SerializeToString()) <= 40
    assert len(facts.SerializeToString()) < len(EXAMPLES["consultation"].SerializeToString()) + 10


def test_an_answer_names_no_case() -> None:
    """Neither record nor fact has a field for one, nor for anybody; the number of a case is refused."""
    for message in (aid_survey_answer_pb2.AidSurveyAnswer, facts_pb2.AidSurveyAnswerFacts):
        own = [field for field in message.DESCRIPTOR.fields if field.number > 9]
        assert {"answered_date", "satisfaction", "kind"} == {field.name for field in own}
        assert not any(field_option(field).personal or field_option(field).subject for field in own)
    with pytest.raises(InvalidField, match="不能用案件的编号"):
        survey.refuse_case_number()
