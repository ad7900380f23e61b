"""The invented department of correction: the same for the same seed, possible in every row, of the right size."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from geju.correction.v1 import released_person_pb2, supervised_person_pb2

from services.chassis import profile_file
from services.chassis.checks import check_record, check_row
from services.chassis.domain.dates import to_date
from services.chassis.domain.rules import Rules
from services.correction.domain.supervision.monthly_register import NEAR
from services.correction.domain.supervision.planning import HOME_VISIT, month_end, plan
from services.demo import TODAY, correction
from services.demo.district import offices
from services.demo.rows import CLOSED, OPENED, Rows
from services.demo.supervised import SERVED
from tests.support.invented import content, dates

PROFILE = profile_file.load(Path("deploy/districts/lucheng"))
RULES = Rules(PROFILE, dt.datetime.combine(TODAY, dt.time(4), dt.UTC))
SEED, PERSONS, FIRST_YEAR = 2008, 100, 2008


def _make(seed: int = SEED, persons: int = PERSONS) -> list[Rows]:
    lives = correction.lives_of(offices(PROFILE, seed), seed)
    return list(correction.sheets(PROFILE, lives, persons, (FIRST_YEAR, TODAY)))


@cache
def _sheets() -> list[Rows]:
    return _make()


def _records(kind: str, sheets: Sequence[Rows] | None = None) -> list[Any]:
    """Return the records of a kind; what a late sheet says of one is what holds."""
    found: dict[tuple[str, str], Any] = {}
    for rows in _sheets() if sheets is None else sheets:
        if rows.kind == kind:
            for row in rows.rows:
                record = getattr(row, kind)
                found[record.office, record.key] = record
    return list(found.values())


def test_the_same_seed_gives_the_same_rows() -> None:
    """Everybody who tries the product sees the same district; another seed gives another one."""
    assert content(_make(persons=12)) == content(_make(persons=12))
    assert content(_make(persons=12)) != content(_make(seed=7, persons=12))


def test_the_district_is_of_the_size_it_should_be() -> None:
    """At the end about 150 persons are under correction and about 700 released persons are on the books."""
    held = [p for p in _records("supervised_person") if p.HasField("taken_over_date") and not p.HasField("ended_date")]
    listed = [p for p in _records("released_person") if p.HasField("registered_date") and not p.HasField("closed_date")]
    assert 135 <= len(held) <= 165
    assert 650 <= len(listed) <= 750


def test_years_grow_and_none_stands_out() -> None:
    """About a hundred persons are taken over in a year."""
    years = Counter(p.taken_over_date.year for p in _records("supervised_person") if p.HasField("taken_over_date"))
    assert {2008, 2009, 2010, 2011, 2012} == set(years)
    assert 70 <= min(years.values()) <= max(years.values()) <= 130


def test_every_row_keeps_to_the_contract() -> None:
    """A record that the contract's limits, the offices or the calendar refuse is not invented."""
    for rows in _sheets():
        for row in rows.rows:
            if rows.kind == "duty":
                check_row(row, RULES)
            elif "." not in rows.kind:
                check_record(getattr(row, rows.kind), None, RULES)


def test_nothing_happens_after_today() -> None:
    """Only what is planned lies ahead: the end of a term, of an agreement."""
    ahead = {
        (rows.kind, name)
        for rows in _sheets()
        for row in rows.rows
        for name, day in dates(row if rows.kind == "duty" else getattr(row, rows.kind.rpartition(".")[2]))
        if day > TODAY
    }
    assert {("supervised_person", "term_to_date"), ("helping_agreement", "to_date")} == ahead


def test_numbers_are_unique_in_their_office() -> None:
    """What is entered or corrected late is the only row that bears the number of another."""
    seen: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for rows in _sheets():
        if rows.kind not in {"duty", "correction.fund_entry"} and rows.after != CLOSED:
            seen[rows.kind].update((getattr(row, rows.kind).office, getattr(row, rows.kind).key) for row in rows.rows)
    assert [] == [place for counted in seen.values() for place, count in counted.items() if count > 1]


def test_what_is_told_of_a_person_lies_within_the_days_on_the_books() -> None:
    """A child row refers to a person of its office by number, on a day on which the office looks after the person."""
    spans = {}
    for person in _records("supervised_person"):
        spans[person.office, person.key] = (to_date(person.taken_over_date), to_date(person.ended_date) or TODAY)
    own = {}
    for person in _records("released_person"):
        own[person.office, person.key] = (to_date(person.linked_date), to_date(person.closed_date) or TODAY)
    outside = []
    for rows in _sheets():
        for row in rows.rows:
            record: Any = row if rows.kind == "duty" else getattr(row, rows.kind.rpartition(".")[2])
            if not hasattr(record, "person"):
                continue
            first, last = (own if rows.after else spans)[record.office, record.person]
            assert first is not None
            days = [d for name, d in dates(record) if name in _STARTS]
            outside += [(rows.name, record.person, d) for d in days if not first <= d <= last]
    assert [] == outside


_STARTS = {"from_date", "given_date", "committed_date", "visit_date", "granted_date", "report_dates", "visit_dates",
           "thought_report_date", "assessment_date", "proposed_date"}  # fmt: skip


def test_a_file_that_an_end_opened_is_completed_only_after_that() -> None:
    """Its row bears the number of the file under correction, waits for the opening, and no other row invents it."""
    ended = {p.key for p in _records("supervised_person") if p.end_ground in SERVED}
    opened = [
        rows for rows in _sheets() for row in rows.rows
        if rows.kind == "released_person"
        and row.released_person.source == released_person_pb2.RELEASE_SOURCE_CORRECTION  # type: ignore[attr-defined]
    ]  # fmt: skip
    assert {OPENED} == {rows.after for rows in opened}
    assert ended == {row.released_person.key for row in opened[0].rows}  # type: ignore[attr-defined]


@pytest.mark.parametrize(("kind", "field"), [("absconding", "to_date"), ("lost_contact", "to_date")])
def test_a_few_are_out_of_sight_today(kind: str, field: str) -> None:
    """There is something to look for: two or three persons under correction, some more of those released."""
    assert 2 <= sum(1 for record in _records(kind) if not record.HasField(field)) <= 12


def test_few_offend_again() -> None:
    """One or two in a hundred."""
    persons = len(_records("supervised_person")) + len(_records("released_person"))
    assert 0.005 <= len(_records("new_offence")) / persons <= 0.025


def test_offices_differ() -> None:
    """A good office misses few reports and a poor one many: the board has something to tell apart."""
    quality = {life.code: life.quality for life in offices(PROFILE, SEED)}
    ranked = sorted(quality, key=lambda code: quality[code])
    late: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for person in _records("released_person"):
        if person.HasField("linked_date") and (linked := to_date(person.linked_date)):
            released = to_date(person.released_date)
            assert released is not None
            total[person.office] += 1
            late[person.office] += (linked - released).days > 10
    poor, good = ranked[:5], ranked[-5:]
    assert sum(late[o] for o in poor) / sum(total[o] for o in poor) > sum(late[o] for o in good) / sum(
        total[o] for o in good
    )


def test_a_sealed_file_is_there() -> None:
    """Some were minors, so that the right to see sealed files makes a difference."""
    assert sum(person.minor for person in _records("supervised_person")) > 3


def test_everybody_is_plainly_invented() -> None:
    """No name, number of papers or telephone could be somebody's."""
    for kind in ("supervised_person", "released_person", "correction_officer", "correction_volunteer"):
        for person in _records(kind):
            assert "某" in person.full_name
            assert getattr(person, "id_number", "000000").startswith("000000")
            assert getattr(person, "phone", "000-").startswith("000-")


def test_the_young_have_somebody_at_their_side() -> None:
    """Most released persons under 25 are paired with a volunteer by their agreement."""
    young = {
        p.key for p in _records("released_person") if p.HasField("registered_date") and TODAY.year - p.birth_year < 25
    }
    rows = [row for rows in _sheets() if rows.kind == "helping_agreement" for row in rows.rows]
    paired = {row.helping_agreement.person for row in rows if row.helper_names}  # type: ignore[attr-defined]
    assert 0.9 <= len(young & paired) / len(young) < 1


def test_no_base_is_overfull() -> None:
    """On no day do more persons stay in a base than it has places."""
    places = {base.key: base.places for base in _records("resettlement_base")}
    stays = _records("base_stay")
    assert stays
    for stay in stays:
        day = to_date(stay.from_date)
        assert day is not None
        beside = [s for s in stays if s.base == stay.base and _covers(s, day)]
        assert len(beside) <= places[stay.base]


def test_a_visit_is_told_of_in_a_month_for_which_one_is_planned() -> None:
    """The plan of the service and the demonstration's own say the same of key periods, one after another."""
    persons = {(p.office, p.key): p for p in _records("supervised_person")}
    planned: dict[tuple[str, str], set[dt.date]] = {}
    lacking = []
    for row in (row for rows in _sheets() if rows.kind == "duty" for row in rows.rows if row.visit_dates):  # type: ignore[attr-defined]
        told: Any = row
        name, month = (told.office, told.person), to_date(told.month_date)
        if name not in planned:
            planned[name] = {wanted.due for wanted in plan(persons[name], RULES) if wanted.kind == HOME_VISIT}
        assert month is not None
        if not any(month <= due <= month_end(month) + NEAR for due in planned[name]):
            lacking.append((name, month))
    assert [] == lacking


def _covers(stay: Any, day: dt.date) -> bool:
    first, last = to_date(stay.from_date), to_date(stay.to_date)
    return first is not None and first <= day and (last is None or day <= last)


def test_a_size_of_its_own() -> None:
    """A tenth of the persons makes about a tenth of the rows of persons."""
    few = _records("supervised_person", _make(persons=10))
    assert 0.05 < len(few) / len(_records("supervised_person")) < 0.2


def test_levels_differ() -> None:
    """All three levels of supervision are in use."""
    levels = {person.level for person in _records("supervised_person") if person.HasField("taken_over_date")}
    assert set(supervised_person_pb2.SupervisionLevel.values()[1:]) == levels
