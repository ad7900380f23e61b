"""The invented department of legal aid: the same for the same seed, possible in every row, of the right size."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from geju.funds.v1 import fund_entry_pb2
from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import consultation_pb2, station_pb2

from services.chassis import profile_file
from services.chassis.checks import check_record
from services.chassis.domain.dates import to_date
from services.chassis.domain.rules import Rules
from services.cli.kinds import all_kinds
from services.demo import CLOSED, TODAY, legalaid, legalservices
from services.demo.district import offices
from services.demo.firms import GRASSROOTS, LAWYER, Practitioner
from services.demo.rows import Rows
from services.legalaid.domain.cases import consistency, lifecycle

PROFILE = profile_file.load(Path("deploy/districts/lucheng"))
RULES = Rules(PROFILE, dt.datetime.combine(TODAY, dt.time(4), dt.UTC))
SEED, PRACTITIONERS, FIRST_YEAR = 2008, 600, 2008
KINDS = [name for name, kind in all_kinds().items() if kind.service == "legalaid" and "." not in name]
YEARS = list(range(FIRST_YEAR, TODAY.year + 1))


@cache
def _register() -> legalservices.Register:
    lives = legalservices.lives_of(offices(PROFILE, SEED), SEED)
    return legalservices.register(PROFILE, lives, PRACTITIONERS, FIRST_YEAR, TODAY)


def _make(seed: int = SEED, cases: int = 600, consultations: int = 15_000) -> list[Rows]:
    lives, yearly = legalaid.lives_of(offices(PROFILE, seed), seed), legalaid.Yearly(cases, consultations)
    return list(legalaid.sheets(PROFILE, lives, _register().firms, yearly, (FIRST_YEAR, TODAY)))


@cache
def _sheets() -> list[Rows]:
    return _make()


def _record(rows: Rows, row: Any) -> Any:
    return getattr(row, rows.kind.rpartition(".")[2])


def _records(kind: str) -> list[Any]:
    return [_record(rows, row) for rows in _sheets() if rows.kind == kind for row in rows.rows]


@cache
def _people() -> dict[str, Practitioner]:
    return {person.licence: person for firm in _register().firms for person in firm.people}


def _named(licence: str) -> str:
    return f"practitioners/{uuid5(NAMESPACE_URL, licence)}" if licence else ""


@cache
def _cases() -> list[pb.AidCase]:
    """Return the cases as they are taken over: with names in the place of licences, judged as a whole."""
    found = []
    for record in _records("aid_case"):
        case = pb.AidCase()
        case.CopyFrom(record)
        case.practitioner = _named(case.practitioner)
        for former in case.former_handlers:
            former.practitioner = _named(former.practitioner)
        for rating in case.ratings:
            rating.reviewer_practitioner = _named(rating.reviewer_practitioner)
        consistency.check(case, None, RULES)
        found.append(case)
    return found


def _day(message: Any) -> dt.date:
    return dt.date(message.year, message.month, message.day)


def _covers(record: Any, day: dt.date) -> bool:
    ended = to_date(record.to_date)
    return _day(record.from_date) <= day and (ended is None or day <= ended)


def _dates(message: Any) -> Iterator[tuple[str, dt.date]]:
    for field, value in message.ListFields():
        if field.message_type is not None and field.message_type.full_name == "google.type.Date":
            yield field.name, _day(value)


def _count(sheets: list[Rows]) -> list[tuple[str, list[bytes]]]:
    return [(rows.name, [row.SerializeToString(deterministic=True) for row in rows.rows]) for rows in sheets]


def test_the_same_seed_gives_the_same_rows() -> None:
    """Everybody who tries the product sees the same district; another seed gives another one."""
    few = {"cases": 60, "consultations": 600}
    assert _count(_make(**few)) == _count(_make(**few))
    assert _count(_make(**few)) != _count(_make(seed=7, **few))


def test_every_row_keeps_to_the_contract() -> None:
    """A record that the contract's limits, the offices or the calendar refuse is not invented."""
    for rows in _sheets():
        # There are very many consultations, and all are made alike.
        for row in rows.rows[:: 50 if rows.export else 1]:
            check_record(_record(rows, row), None, RULES)


def test_every_case_keeps_to_the_rules() -> None:
    """Each stands where its days say, and in every state there is one, but for an objection under review."""
    states = {case.state for case in _cases()}
    assert set(pb.AidCase.State.values()[1:]) - {lifecycle.OBJECTED} <= states


def test_every_kind_is_there_and_numbers_are_unique_in_their_office() -> None:
    """Nothing is found twice by its number; a case's number is the whole district's."""
    for kind in {rows.kind for rows in _sheets()}:
        keys = Counter((record.office, record.key) for record in _records(kind))
        assert {1} == set(keys.values()), kind
    assert {1} == set(Counter(case.key for case in _cases()).values())
    assert {*KINDS, "legalaid.fund_entry"} == {rows.kind for rows in _sheets()}


def test_nothing_happens_after_today() -> None:
    """Only a last day lies ahead: of a period of limitation, of a supplement."""
    ahead = {
        (rows.kind, name)
        for rows in _sheets()
        for row in rows.rows
        for name, day in _dates(_record(rows, row))
        if day > TODAY
    }
    assert ahead <= {("aid_case", "limitation_date")}


def test_about_six_hundred_cases_and_fifteen_thousand_consultations_a_year_and_more_each_year() -> None:
    """Both grow from year to year, as does what is granted."""
    received = Counter(case.received_date.year for case in _cases())
    granted = Counter(case.granted_date.year for case in _cases() if case.HasField("granted_date"))
    held = Counter(consultation.held_date.year for consultation in _records("consultation"))
    for years, mean in ((received, 600), (held, 15_000)):
        assert abs(sum(years[year] for year in YEARS) / len(YEARS) - mean) < mean / 20
    for years in (received, granted, held):
        grown = [years[year] for year in YEARS]
        assert sorted(set(grown)) == grown


@pytest.mark.parametrize(
    ("enum", "field"),
    [
        (pb.AidPath, "path"), (pb.AidKind, "kind"), (pb.AidMatter, "matter"),
        (pb.AidRefusalGround, "refusal_ground"), (pb.ObjectionOutcome, "objection_outcome"),
        (pb.ProvideFirstGround, "provide_first"), (pb.AidResult, "result"), (pb.AidEndGround, "end_ground"),
        (pb.FileGrade, "grade"), (pb.GravestPenalty, "gravest_penalty"), (pb.GreenChannelGround, "green_channel"),
        (pb.HardshipBasis, "hardship"),
    ],
)  # fmt: skip
def test_of_everything_there_is_some(enum: Any, field: str) -> None:
    """Every path, matter, ground and result can be looked at."""
    assert set(enum.values()[1:]) <= {getattr(case, field) for case in _cases()}


def test_some_is_late() -> None:
    """There is something that the figures hold against an office: reviews, assignments, files, objections, custody."""
    late = Counter(
        limit.rule
        for case in _cases()
        for limit in case.limits
        if limit.HasField("met_date") and _day(limit.met_date) > _day(limit.due)
    )
    started = Counter(limit.rule for case in _cases() for limit in case.limits)
    for rule in ("review", "review_green", "assign", "return_file", "answer_notice", "forward", "objection"):
        assert 0 < late[f"legalaid.{rule}"] / started[f"legalaid.{rule}"] < 0.3, rule
    took = [(_day(c.closed_date) - _day(c.granted_date)).days for c in _cases() if c.HasField("closed_date")]
    assert 0.03 < sum(days > 200 for days in took) / len(took) < 0.15


def test_handlers_are_those_of_the_register_and_licensed_on_the_day() -> None:
    """Lawyers and grassroots legal workers; crimes are for lawyers, those of life and death for practised ones."""
    for case in _records("aid_case"):
        if not case.practitioner:
            continue
        person = _people()[case.practitioner]
        begun = _day(case.provided_date if case.HasField("provided_date") else case.assigned_date)
        assert person.licensed(begun)
        assert person.record.kind in {LAWYER, GRASSROOTS}
        if case.kind == pb.AID_KIND_CRIMINAL:
            assert LAWYER == person.record.kind
        if case.gravest_penalty > pb.GRAVEST_PENALTY_NONE:
            assert (begun - person.first).days > 3 * 365


def test_nearly_every_practitioner_has_a_case_in_a_year() -> None:
    """Nine in ten do their duty, and never all."""
    for year in YEARS:
        days = dt.date(year, 1, 1), min(dt.date(year, 12, 31), TODAY)
        bound = [p for p in _people().values() if p.record.kind in {LAWYER, GRASSROOTS} and _within(p, *days)]
        had = {case.practitioner for case in _records("aid_case") if _handled(case, *days)}
        assert 0.88 < sum(person.licence in had for person in bound) / len(bound) < 1


def _within(person: Practitioner, first: dt.date, last: dt.date) -> bool:
    return person.first <= last and (person.last is None or person.last >= first)


def _handled(case: pb.AidCase, first: dt.date, last: dt.date) -> bool:
    if not case.HasField("granted_date") or not case.practitioner:
        return False
    begun = case.provided_date if case.HasField("provided_date") else case.assigned_date
    ended = to_date(case.closed_date) or to_date(case.ended_date) or TODAY
    return _day(begun) <= last and ended >= first


def test_files_are_rated_by_two_and_a_third_where_they_disagree() -> None:
    """Nobody rates the own case, and some files need the third."""
    ratings = Counter(len(case.ratings) for case in _cases())
    assert set(ratings) == {0, 1, 2, 3}
    for record in _records("aid_case"):
        handlers = {record.practitioner, *(former.practitioner for former in record.former_handlers)}
        assert not handlers & {rating.reviewer_practitioner for rating in record.ratings}


def test_steps_that_take_others_are_left_to_the_steps() -> None:
    """No sheet blames a handler, pays a subsidy or refers a case: those have effects elsewhere."""
    for case in _records("aid_case"):
        assert (False, 0, False) == (case.handler_fault, case.subsidy_fen, case.HasField("referred_date"))


def test_the_one_hour_circle_grows_to_nearly_all() -> None:
    """More villages and communities each year; at the end a few are still outside."""
    stations = {station.key: station for station in _records("station")}
    times, covered = _records("travel_time"), []
    for year in YEARS:
        day = min(dt.date(year, 12, 31), TODAY)
        open_ = {key for key, station in stations.items() if _covers(station, day)}
        near = {t.place for t in times if t.minutes <= 60 and t.station in open_ and _covers(t, day)}
        there = [place.code for place in PROFILE.places if place.in_force(day)]
        assert {place.code for place in PROFILE.places if place.in_force(day)} <= {time.place for time in times}
        covered.append(sum(place in near for place in there) / len(there))
    assert sorted(covered) == covered
    assert 0.5 < covered[0] < 0.9
    assert 0.97 < covered[-1] < 1


def test_a_travel_time_is_of_a_place_of_its_office_and_of_an_open_station() -> None:
    """None begins before the place or the station is there, and a station has one for a place on a day."""
    stations = {station.key: station for station in _records("station")}
    seen = set()
    for time in _records("travel_time"):
        place = next(place for place in PROFILE.places if place.code == time.place)
        assert (place.office, True) == (time.office, place.in_force(_day(time.from_date)))
        assert _covers(stations[time.station], _day(time.from_date))
        assert (time.place, time.station, _day(time.from_date)) not in seen
        seen.add((time.place, time.station, _day(time.from_date)))


def test_stations_open_over_the_years() -> None:
    """Of every kind there is one."""
    stations = _records("station")
    assert set(station_pb2.StationKind.values()[1:]) == {station.kind for station in stations}
    opened = [sum(_covers(station, dt.date(year, 12, 28)) for station in stations) for year in YEARS]
    assert sorted(set(opened)) == opened


def test_shifts_lie_in_the_days_of_volunteer_and_station() -> None:
    """Whoever serves is a volunteer that day, at a station that is open."""
    volunteers = {volunteer.key: volunteer for volunteer in _records("aid_volunteer")}
    stations = {station.key: station for station in _records("station")}
    assert _records("volunteer_shift")
    for shift in _records("volunteer_shift"):
        served = _day(shift.served_date)
        assert _covers(volunteers[shift.volunteer], served)
        assert _covers(stations[shift.station], served)


def test_consultations_come_through_every_channel_and_some_lead_to_an_application() -> None:
    """The export of the hotline names no application; those that led to one name a case that is taken over before."""
    consultations = _records("consultation")
    channels = {consultation.channel for consultation in consultations}
    assert set(consultation_pb2.ConsultationChannel.values()[1:]) == channels
    sheets = [rows for rows in _sheets() if rows.kind == "aid_case" and not rows.after]
    in_time = {_record(rows, row).key for rows in sheets for row in rows.rows}
    led = [consultation.aid_case for consultation in consultations if consultation.aid_case]
    assert led
    assert set(led) <= in_time
    assert not any(_record(rows, row).aid_case for rows in _sheets() if rows.export for row in rows.rows)


def test_answers_are_anonymous() -> None:
    """Neither a village nor the number of a case gives away whose an answer is."""
    cases = {case.key for case in _cases()}
    for answer in _records("aid_survey_answer"):
        assert not answer.place
        assert answer.key not in cases


def test_there_are_donations_every_year_and_less_is_passed_on() -> None:
    """The earmark of donations has no budget."""
    donated: Counter[int] = Counter()
    for entry in _records("legalaid.fund_entry"):
        if entry.earmark == "legal_aid_donated":
            assert entry.kind != fund_entry_pb2.FUND_ENTRY_KIND_BUDGET
            sign = -1 if entry.kind == fund_entry_pb2.FUND_ENTRY_KIND_SPENDING else 1
            donated[entry.year] += sign * entry.amount_fen
    assert set(YEARS) == set(donated)
    assert min(donated.values()) > 0


def test_some_cases_are_entered_after_the_reports_were_closed() -> None:
    """There is something to restate."""
    [late] = [rows for rows in _sheets() if rows.after == CLOSED]
    assert ("aid_case", True) == (late.kind, 3 <= len(late.rows) <= 40)


def test_everybody_is_plainly_invented() -> None:
    """No name, number of papers or telephone could be somebody's."""
    for person in [*_cases(), *_records("aid_volunteer")]:
        assert person.person_name.startswith("示例")
        assert person.id_number.startswith("000000" if person.id_number else "")
        assert person.phone.startswith("000-")


def test_a_size_of_its_own() -> None:
    """A tenth makes about a tenth."""
    few = _make(cases=60, consultations=1500)
    for kind in ("aid_case", "consultation"):
        made = sum(len(rows.rows) for rows in few if rows.kind == kind)
        assert 0.07 < made / len(_records(kind)) < 0.14
