"""Stations and the way to them, consultations, volunteers, opinions, donations."""

from __future__ import annotations

from geju.funds.v1 import fund_entry_pb2 as fp
from geju.funds.v1.facts_pb2 import FundEntryFacts
from geju.legalaid.v1 import aid_survey_answer_pb2 as sp
from geju.legalaid.v1 import consultation_pb2 as cp
from geju.legalaid.v1 import station_pb2
from geju.legalaid.v1.facts_pb2 import (
    AidSurveyAnswerFacts,
    AidVolunteerFacts,
    ConsultationFacts,
    StationFacts,
    TravelTimeFacts,
    VolunteerShiftFacts,
)

from services.aggregation import catalogue
from services.aggregation.figures import Figures
from services.aggregation.members import Question, members
from services.aggregation.messages import member_message
from tests.support import histories
from tests.support.counting import Counting, on

BEGIN = on(2010, 11, 1)
COVERAGE = "legalaid.one_hour_coverage"


def stop(number: int) -> str:
    """Return the id of a station that is put in as the record of a number."""
    return str(histories.record_id("station", number))


def way(place: str, number: int, minutes: int, **fields: object) -> TravelTimeFacts:
    """Return how long it takes from a place to a station."""
    return TravelTimeFacts(place=place, station=stop(number), minutes=minutes, from_date=BEGIN, **fields)  # type: ignore[arg-type]


async def details(counting: Counting, period: str) -> dict[str, str]:
    """Return what is said of the places: their reason and more."""
    found = await members(counting.conn, counting.projection, Question(COVERAGE, "", period), counting.today)
    return {member.id: f"{member.reason} {member.detail}".strip() for member in found}


async def test_a_place_is_within_an_hour_of_a_station_that_is_open(counting: Counting) -> None:
    """legalaid.one_hour_coverage: sixty minutes are an hour; station and time must both hold on the day."""
    await counting.put(
        StationFacts(kind=station_pb2.STATION_KIND_STREET, from_date=BEGIN),
        StationFacts(kind=station_pb2.STATION_KIND_COURT, from_date=BEGIN, to_date=on(2012, 2, 15)),
        StationFacts(kind=station_pb2.STATION_KIND_UNION, from_date=on(2012, 3, 20)),
        way("011", 1, 60),
        way("012", 1, 61),
        way("012", 2, 10),
        way("013", 1, 60, to_date=on(2012, 1, 31)),
        way("013", 1, 90, deleted=True),
        way("031", 3, 5),
        way("032", 2, 5),
    )
    found = [await counting.figure(COVERAGE, p) for p in ("2011", "2012-01", "2012-02", "2012-03")]
    assert [(4, 9), (4, 9), (1, 9), (2, 9)] == found
    assert (1, 3) == await counting.figure(COVERAGE, "2012-03", "01")
    assert (1, 3) == await counting.figure(COVERAGE, "2012-03", "03")


async def test_a_place_too_far_away_is_told_its_nearest_open_station(counting: Counting) -> None:
    """legalaid.one_hour_coverage: which one and how many minutes, of the stations open on the day."""
    await counting.put(
        StationFacts(kind=station_pb2.STATION_KIND_STREET, from_date=BEGIN),
        StationFacts(kind=station_pb2.STATION_KIND_COURT, from_date=BEGIN, to_date=on(2012, 2, 15)),
        way("011", 1, 30),
        way("012", 1, 75),
        way("012", 2, 70),
        way("013", 2, 10),
    )
    street = f"too_far 最近的是街道(乡镇)工作站 stations/{stop(1)},75 分钟"
    court = f"too_far 最近的是法院工作站 stations/{stop(2)},70 分钟"
    now, before = await details(counting, "2012-03"), await details(counting, "2012-01")
    assert ("counted", street, "too_far 没有到开放站点的路程时间") == (now["011"], now["012"], now["013"])
    assert ("counted", court, "counted") == (before["011"], before["012"], before["013"])


async def test_the_detail_is_told_with_the_member(counting: Counting) -> None:
    """legalaid.one_hour_coverage: the board's answer carries it; other figures have none."""
    await counting.put(StationFacts(kind=station_pb2.STATION_KIND_VILLAGE, from_date=BEGIN), way("012", 1, 75))
    indicator, figures = catalogue.BY_CODE[COVERAGE], Figures(histories.profile(), counting.today)
    found = await members(counting.conn, counting.projection, Question(COVERAGE, "01", "2012-03"), counting.today)
    told = {m.id: member_message(m, figures, {}, indicator) for m in found}
    assert f"最近的是村居联络点 stations/{stop(1)},75 分钟" == told["012"].detail
    assert "一小时内到不了开放的站点" == told["012"].reason_label


async def test_a_station_that_closes_takes_its_places_along(counting: Counting) -> None:
    """legalaid.one_hour_coverage: the place is of another office than the station, and is counted again at once."""
    await counting.put(StationFacts(office="03", from_date=BEGIN), way("011", 1, 20))
    assert (1, 3) == await counting.figure(COVERAGE, "2012-03", "01")
    closed = StationFacts(office="03", from_date=BEGIN, to_date=on(2012, 3, 19))
    event = histories.event("station", 1, 2, closed, sequence=100)
    await counting.projection.apply(counting.conn, [event], counting.today)
    assert (0, 3) == await counting.figure(COVERAGE, "2012-03", "01")
    assert (1, 3) == await counting.figure(COVERAGE, "2012-02", "01")


async def test_stations_and_volunteers_count_while_they_are_there(counting: Counting) -> None:
    """legalaid.stations, legalaid.volunteers: in force on the last day of the period, or now."""
    street = station_pb2.STATION_KIND_STREET
    await counting.put(
        StationFacts(kind=street, from_date=BEGIN),
        StationFacts(kind=street, from_date=BEGIN, to_date=on(2012, 2, 29)),
        StationFacts(kind=station_pb2.STATION_KIND_PRISON, from_date=on(2012, 3, 21)),
        AidVolunteerFacts(from_date=BEGIN, to_date=on(2012, 3, 20)),
        AidVolunteerFacts(office="03", from_date=BEGIN, to_date=on(2012, 3, 19)),
    )
    assert [(2, 0), (1, 0)] == [await counting.figure("legalaid.stations", p) for p in ("2012-02", "2012-03")]
    assert (2, 0) == await counting.figure("legalaid.stations", "2012-02", "01", "kind", "street")
    assert ["counted", "ended"] == await counting.reasons("legalaid.stations", "2012-03")
    assert [(2, 0), (1, 0)] == [await counting.figure("legalaid.volunteers", p) for p in ("2012-02", "2012-03")]


async def test_consultations_and_shifts_count_by_their_day(counting: Counting) -> None:
    """legalaid.consultations, legalaid.volunteer_shifts: as held and served."""
    hotline = cp.CONSULTATION_CHANNEL_HOTLINE
    await counting.put(
        ConsultationFacts(channel=hotline, held_date=on(2012, 3, 1)),
        ConsultationFacts(channel=cp.CONSULTATION_CHANNEL_WINDOW, held_date=on(2012, 3, 20)),
        ConsultationFacts(office="03", channel=hotline, held_date=on(2012, 2, 1)),
        ConsultationFacts(channel=hotline, held_date=on(2012, 3, 2), deleted=True),
        VolunteerShiftFacts(served_date=on(2012, 3, 1), hours=4),
        VolunteerShiftFacts(served_date=on(2012, 3, 21), hours=4),
    )
    assert (2, 0) == await counting.figure("legalaid.consultations", "2012-03")
    assert (2, 0) == await counting.figure("legalaid.consultations", "2012", "", "channel", "hotline")
    assert (1, 0) == await counting.figure("legalaid.volunteer_shifts", "2012")


async def test_opinions_are_those_that_were_given(counting: Counting) -> None:
    """legalaid.satisfaction_rate: satisfied or very satisfied, of those who said."""
    day = on(2012, 3, 1)
    await counting.put(
        AidSurveyAnswerFacts(answered_date=day, satisfaction=sp.AID_SATISFACTION_VERY_SATISFIED),
        AidSurveyAnswerFacts(answered_date=day, satisfaction=sp.AID_SATISFACTION_SATISFIED),
        AidSurveyAnswerFacts(answered_date=day, satisfaction=sp.AID_SATISFACTION_FAIR),
        AidSurveyAnswerFacts(answered_date=day, satisfaction=sp.AID_SATISFACTION_DISSATISFIED),
        AidSurveyAnswerFacts(answered_date=day),
    )
    code = "legalaid.satisfaction_rate"
    assert (2, 4) == await counting.figure(code, "2012-03")
    assert ["counted", "counted", "no_opinion", "not_satisfied", "not_satisfied"] == await counting.reasons(
        code, "2012-03"
    )


async def test_donations_are_those_to_the_funds_of_legal_aid(counting: Counting) -> None:
    """legalaid.donations: fund entries of its own service that give money; another department's gift is none."""
    gift, day = fp.FUND_ENTRY_KIND_DONATION, on(2012, 3, 1)
    await counting.put(
        FundEntryFacts(kind=gift, amount_fen=50_000, entry_date=day, year=2012),
        FundEntryFacts(kind=fp.FUND_ENTRY_KIND_GRANT, amount_fen=7, entry_date=day, year=2012),
        FundEntryFacts(kind=gift, amount_fen=9, entry_date=on(2012, 3, 21), year=2012),
        source="geju/legalaid",
    )
    await counting.put(FundEntryFacts(kind=gift, amount_fen=3, entry_date=day, year=2012), source="geju/correction")
    assert (50_000, 0) == await counting.figure("legalaid.donations", "2012-03")
    assert ["counted", "no_donation", "not_yet", "other_department"] == await counting.reasons(
        "legalaid.donations", "2012-03"
    )
