"""The invented law publicity: the same for the same seed, possible in every row, on the way to the plan's goals."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest
from geju.publicity.v1 import activity_pb2, enterprise_pb2, exam_pb2, facility_pb2, material_handout_pb2, news_item_pb2

from services.chassis import profile_file
from services.chassis.checks import check_record
from services.chassis.domain.dates import to_date
from services.chassis.domain.rules import Rules
from services.cli.commands import demo_publicity
from services.cli.kinds import all_kinds
from services.demo import TODAY, activities, publicity
from services.demo.district import offices
from services.demo.facilities import spread
from services.demo.rows import CLOSED, Rows
from services.demo.schools import FOUR
from services.publicity.activities.import_rows import MATERIALS, import_row
from services.publicity.activities.kinds import KINDS as OF_ACTIVITIES
from services.publicity.domain.activities.audience import GROUPS
from services.publicity.places.kinds import KINDS as OF_PLACES
from tests.support.district import write
from tests.support.invented import content, dates

PROFILE = profile_file.load(Path("deploy/districts/lucheng"))
RULES = Rules(PROFILE, dt.datetime.combine(TODAY, dt.time(4), dt.UTC))
SEED, ACTIVITIES, FIRST_YEAR = 2008, 400, 2008
YEARS = list(range(FIRST_YEAR, TODAY.year + 1))
CHECKS = {kind.name: kind.check for kind in (*OF_ACTIVITIES, *OF_PLACES)}
_F = facility_pb2
REFERENCES = {
    "facilities": "facilities", "market": "markets", "enterprise": "enterprises", "school": "schools",
}  # fmt: skip
Held = Callable[[dt.date], float]


def _make(seed: int = SEED, yearly: int = ACTIVITIES, profile: Any = PROFILE) -> list[Rows]:
    lives = publicity.lives_of(offices(profile, seed), seed)
    return list(publicity.sheets(profile, lives, yearly, (FIRST_YEAR, TODAY)))


@cache
def _sheets() -> list[Rows]:
    return _make()


def _lines() -> list[Any]:
    return [row for rows in _sheets() if rows.kind == "activity" for row in rows.rows]


def _records(kind: str) -> list[Any]:
    return [getattr(row, kind) for rows in _sheets() if rows.kind == kind for row in rows.rows]


def _recorded() -> list[tuple[str, Any]]:
    """Return every record with its kind; a line of a street's sheet as the activity that it tells of."""
    found: list[tuple[str, Any]] = [("activity", import_row(None, line, None)) for line in _lines()]  # type: ignore[arg-type]
    names = {rows.kind for rows in _sheets()} - {"activity", "publicity.fund_entry"}
    return found + [(name, record) for name in sorted(names) for record in _records(name)]


def _resolved(told: Any) -> Any:
    """Return a record with names in the place of the numbers by which a sheet refers to other records."""
    record = type(told)()
    record.CopyFrom(told)
    for field, collection in REFERENCES.items():
        named = getattr(record, field, None)
        if isinstance(named, str) and named:
            setattr(record, field, _name(collection, named))
        elif named:
            named[:] = [_name(collection, number) for number in named]
    return record


def _name(collection: str, number: str) -> str:
    return f"{collection}/{uuid5(NAMESPACE_OID, number)}"


def _there(record: Any, on: dt.date, span: str = "") -> bool:
    first, last = to_date(getattr(record, f"{span}from_date")), to_date(getattr(record, f"{span}to_date"))
    return first is not None and first <= on and (last is None or on <= last)


def _day(message: Any) -> dt.date:
    return dt.date(message.year, message.month, message.day)


def test_the_same_seed_gives_the_same_rows() -> None:
    """Everybody who tries the product sees the same district; another seed gives another one."""
    assert content(_make(yearly=40)) == content(_make(yearly=40))
    assert content(_make(yearly=40)) != content(_make(seed=7, yearly=40))


def test_every_row_keeps_to_the_contract_and_to_the_rules() -> None:
    """What the contract's limits, the calendar or a rule of the record itself refuse is not invented."""
    for kind, told in _recorded():
        record = _resolved(told)
        check_record(record, None, RULES)
        check = CHECKS[kind]
        if check is not None:
            check(record, None, RULES)


def test_numbers_are_unique_and_every_kind_is_there() -> None:
    """Nothing is found twice by its number."""
    found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for kind, record in _recorded():
        found[kind][record.office, record.key] += 1
    assert {kind: {1} for kind in found} == {kind: set(keys.values()) for kind, keys in found.items()}
    own = {name for name, kind in all_kinds().items() if kind.service == "publicity" and "." not in name}
    assert own == set(found)


def test_only_what_is_planned_lies_ahead() -> None:
    """Nothing has happened after today."""
    ahead = {(kind, name) for kind, record in _recorded() for name, day in dates(record) if day > TODAY}
    assert {("activity", "planned_date")} == ahead


def test_about_four_hundred_activities_a_year() -> None:
    """Held by every office, of every form, venue, channel, campaign and topic, before every group."""
    lines = [line for line in _lines() if line.HasField("held_date")]
    years = Counter(line.held_date.year for line in lines)
    assert set(YEARS) == set(years)
    assert 350 <= min(years.values()) <= max(years.values()) <= 450
    assert {PROFILE.code, *(office.code for office in PROFILE.offices)} == {line.office for line in lines}
    for name, enum in (
        ("form", activity_pb2.ActivityForm),
        ("venue", activity_pb2.ActivityVenue),
        ("channel", activity_pb2.ActivityChannel),
        ("campaign", activity_pb2.Campaign),
    ):
        assert set(enum.values()[1:]) == {getattr(line, name) for line in lines} - {0}, name
    assert set(activity_pb2.ActivityTopic.values()[1:]) == {topic for line in lines for topic in line.topics}
    assert {True} == {any(getattr(line, column) for line in lines) for column in (*GROUPS, *MATERIALS)}


def test_who_is_of_two_groups_is_told_once_in_the_total() -> None:
    """In many a line the total is less than the sum of the groups."""
    lines = [line for line in _lines() if line.people]
    less = [line for line in lines if line.people < sum(getattr(line, group) for group in GROUPS)]
    assert len(less) > len(lines) / 2


def test_something_is_planned_waiting_and_cancelled() -> None:
    """There is something to come, something to record, and something that was not held."""
    planned = [line for line in _lines() if not line.HasField("held_date")]
    dropped = [line for line in planned if line.key.endswith(demo_publicity.CANCELLED)]
    left = [_day(line.planned_date) for line in planned if line not in dropped]
    assert 10 <= len(dropped) <= 40
    assert 10 <= sum(day > TODAY for day in left) <= 60
    assert demo_publicity.HELD < sum(day < TODAY for day in left) <= 30
    assert (activities.CANCELLED, TODAY) == (demo_publicity.CANCELLED, demo_publicity.TODAY)


def test_facilities_of_an_activity_are_in_use_on_the_day() -> None:
    """They are the office's own."""
    known = {(f.office, f.key): f for f in _records("facility")}
    touched = [(line, key) for line in _lines() for key in line.facilities]
    assert len(touched) > len(YEARS) * 50
    for line, key in touched:
        assert _there(known[line.office, key], _day(line.held_date)), (line.key, key)


def _stations(day: dt.date) -> float:
    found = {f.office for f in _in_use(_F.FACILITY_KIND_COUNSELLING_STATION, day)}
    return len(found) / len(PROFILE.offices)


def _in_use(kind: int, day: dt.date) -> list[Any]:
    return [f for f in _records("facility") if f.kind == kind and _there(f, day)]


def _of_communities(kind: int) -> Held:
    def held(day: dt.date) -> float:
        communities = {place.code for place in PROFILE.places if place.kind == "community" and place.in_force(day)}
        return len(communities & {f.place for f in _in_use(kind, day)}) / len(communities)

    return held


def _guide_boards(day: dt.date) -> float:
    large = {(m.office, m.key) for m in _records("market") if m.large and _there(m, day)}
    return len(large & {(f.office, f.market) for f in _in_use(_F.FACILITY_KIND_GUIDE_BOARD, day)}) / len(large)


@pytest.mark.parametrize(
    ("covered", "goal"),
    [
        (_stations, 2010),
        (_of_communities(_F.FACILITY_KIND_NOTICE_BOARD), 2010),
        (_of_communities(_F.FACILITY_KIND_LAW_LIBRARY), 2010),
        (_guide_boards, 2012),
    ],
)
def test_coverage_grows_to_the_goal_but_for_a_few_places(covered: Held, goal: int) -> None:
    """Each year more are covered; in the year of the goal nearly all are."""
    shares = [covered(dt.date(year, 12, 28)) for year in range(FIRST_YEAR, goal + 1)]
    assert sorted(shares) == shares
    assert shares[0] < 0.75
    assert 0.9 <= shares[-1] < 1
    assert 0.9 <= covered(TODAY) < 1


def test_facilities_stay_within_their_places() -> None:
    """No board outlives its community or market; youth bases, touch screens and law parks are there as well."""
    places = {place.code: place for place in PROFILE.places}
    markets = {(market.office, market.key): market for market in _records("market")}
    for facility in _records("facility"):
        first, last = _day(facility.from_date), to_date(facility.to_date) or TODAY
        if facility.place:
            assert places[facility.place].in_force(first), facility.key
        if facility.market:
            assert {True} == {_there(markets[facility.office, facility.market], day) for day in (first, last)}
    assert set(_F.FacilityKind.values()[1:]) == {facility.kind for facility in _records("facility")}


def test_most_facilities_are_inspected_in_time() -> None:
    """Some are overdue."""
    open_ones = [facility for facility in _records("facility") if not facility.HasField("to_date")]
    seen = [to_date(f.inspected_date) or _day(f.from_date) for f in open_ones]
    assert 0.02 <= sum((TODAY - day).days > 366 for day in seen) / len(seen) <= 0.15


def _in_programme(day: dt.date) -> float:
    sized = [e for e in _records("enterprise") if _there(e, day) and _there(e, day, "sized_")]
    return sum(_there(enterprise, day, "programme_") for enterprise in sized) / len(sized)


def test_over_half_of_the_large_enterprises_are_in_the_programme_by_2012() -> None:
    """From year to year more of them, and all grades are held."""
    shares = [_in_programme(dt.date(year, 12, 28)) for year in YEARS]
    assert sorted(shares) == shares
    assert shares[0] < 0.3
    assert 0.5 < shares[-1] < 0.75
    grades = {enterprise.programme_grade for enterprise in _records("enterprise")}
    assert set(enterprise_pb2.ProgrammeGrade.values()) == grades


def test_most_enterprises_teach_their_staff() -> None:
    """Each session on a day on which the enterprise is registered; not every enterprise holds one every year."""
    known = {(enterprise.office, enterprise.key): enterprise for enterprise in _records("enterprise")}
    years = defaultdict(set)
    for session in _records("education_session"):
        assert _there(known[session.office, session.enterprise], _day(session.held_date))
        years[session.held_date.year].add((session.office, session.enterprise))
    for year in YEARS:
        registered = [e for e in known.values() if _there(e, dt.date(year, 12, 28))]
        assert 0.5 < len(years[year]) / len(registered) < 0.95


def test_schools_have_four_things_in_place_but_for_a_few() -> None:
    """In the last school year more than in the first; who lacks something lacks one thing."""
    full: dict[int, list[bool]] = defaultdict(list)
    for year in _records("school_year"):
        missing = sum(not year.HasField(name) for name in FOUR)
        assert missing <= 1
        full[year.year].append(not missing)
    shares = {year: sum(found) / len(found) for year, found in full.items()}
    assert {FIRST_YEAR - 1, *YEARS} == set(shares)
    assert shares[FIRST_YEAR - 1] < shares[TODAY.year]
    assert 0.85 < shares[TODAY.year] < 1


def test_most_organisations_study_four_times_a_year() -> None:
    """Streets, villages and communities; some are behind in every year."""
    held = Counter((s.held_date.year, s.office, s.place) for s in _records("study_session"))
    for year in YEARS:
        days = dt.date(year, 1, 1), dt.date(year, 12, 31)
        obliged = [(office.code, "") for office in PROFILE.offices]
        obliged += [(p.office, p.code) for p in PROFILE.places if any(map(p.in_force, days))]
        reached = sum(held[year, *organisation] >= 4 for organisation in obliged) / len(obliged)
        assert 0.8 < reached < 1, year


def test_exams_of_every_grade_are_held_each_year() -> None:
    """Nearly all sit, nearly all who sit pass."""
    held: dict[int, set[int]] = defaultdict(set)
    for exam in _records("exam"):
        held[exam.held_date.year].add(exam.grade)
    assert {year: set(exam_pb2.ExamGrade.values()[1:]) for year in YEARS} == held
    had_to, sat, passed = (sum(getattr(e, name) for e in _records("exam")) for name in ("had_to_sit", "sat", "passed"))
    assert 0.95 < sat / had_to < 1
    assert 0.9 < passed / sat < 1


def test_there_are_plans_news_and_posters() -> None:
    """One plan of each office for each year, some for the next; news in every medium; posters for the villages."""
    plans = Counter((plan.office, plan.year) for plan in _records("year_plan"))
    assert {1} == set(plans.values())
    assert {office.code for office in PROFILE.offices} <= {office for office, year in plans if year == TODAY.year}
    assert 0 < sum(year > TODAY.year for _, year in plans) < len(PROFILE.offices)
    news = _records("news_item")
    assert set(news_item_pb2.NewsMedium.values()[1:]) == {item.medium for item in news}
    assert set(news_item_pb2.NewsKind.values()[1:]) == {item.kind for item in news}
    assert {material_handout_pb2.MATERIAL_KIND_POSTER_SET} == {h.kind for h in _records("material_handout")}


def test_everything_is_plainly_invented() -> None:
    """Each name says so."""
    titled = [record.title for _, record in _recorded() if "title" in record.DESCRIPTOR.fields_by_name]
    assert {True} == {"示例" in title for title in titled}


def test_something_comes_in_after_the_reports() -> None:
    """There is something to restate."""
    late = {rows.name: len(rows.rows) for rows in _sheets() if rows.after == CLOSED}
    assert {"activity-late", "study_session-late"} == set(late)
    assert 0 < min(late.values()) <= max(late.values()) < 60


def test_a_small_district_and_a_size_of_its_own(tmp_path: Path) -> None:
    """Any profile will do, and a tenth of the activities are about a tenth."""
    small = _make(yearly=40, profile=profile_file.load(write(tmp_path / "district")))
    few = sum(len(rows.rows) for rows in small if rows.kind == "activity")
    assert 150 <= few <= 260


def test_years_are_shared_out_in_order() -> None:
    """Of ten, two from the first year, five from the next, and three are still without."""
    assert [2008, 2008, *[2010] * 5, None, None, None] == spread(10, {2008: 20, 2010: 50})
    assert [] == spread(0, {2008: 20})
