"""The invented department of legal services: the same for the same seed, possible in every row, of the right size."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from geju.legalservices.v1 import complaint_pb2, firm_pb2, firm_status_pb2, pairing_pb2, sanction_pb2

from services.chassis import profile_file
from services.chassis.checks import check_record
from services.chassis.domain.dates import to_date
from services.chassis.domain.rules import Rules
from services.cli.kinds import all_kinds
from services.demo import TODAY, legalservices
from services.demo.district import offices
from services.demo.firms import MOVING
from services.demo.rows import MOVED, Rows
from tests.support.invented import content, dates

PROFILE = profile_file.load(Path("deploy/districts/lucheng"))
RULES = Rules(PROFILE, dt.datetime.combine(TODAY, dt.time(4), dt.UTC))
SEED, PRACTITIONERS, FIRST_YEAR = 2008, 600, 2008
KINDS = [name for name, kind in all_kinds().items() if kind.service == "legalservices" and "." not in name]
YEARS = list(range(FIRST_YEAR, TODAY.year + 1))


def _make(seed: int = SEED, practitioners: int = PRACTITIONERS) -> list[Rows]:
    lives = legalservices.lives_of(offices(PROFILE, seed), seed)
    register = legalservices.register(PROFILE, lives, practitioners, FIRST_YEAR, TODAY)
    return list(legalservices.sheets(register, lives, FIRST_YEAR, TODAY))


@cache
def _sheets() -> list[Rows]:
    return _make()


def _records(kind: str) -> list[Any]:
    return [getattr(row, kind) for rows in _sheets() if rows.kind == kind for row in rows.rows]


@cache
def _licences() -> dict[str, Any]:
    """Return firms and practitioners by the numbers that other rows name them by."""
    firms = {firm.key: firm for firm in _records("firm")}
    return firms | {person.licence_number: person for person in _records("practitioner")}


def _covers(record: Any, day: dt.date, first: str = "licensed_from_date", last: str = "licensed_to_date") -> bool:
    begun, ended = to_date(getattr(record, first)), to_date(getattr(record, last))
    return begun is not None and begun <= day and (ended is None or day <= ended)


def test_the_same_seed_gives_the_same_rows() -> None:
    """Everybody who tries the product sees the same district; another seed gives another one."""
    assert content(_make(practitioners=60)) == content(_make(practitioners=60))
    assert content(_make(practitioners=60)) != content(_make(seed=7, practitioners=60))


def test_every_row_keeps_to_the_contract() -> None:
    """A record that the contract's limits, the offices or the calendar refuse is not invented."""
    for rows in _sheets():
        for row in rows.rows:
            check_record(getattr(row, rows.kind), None, RULES)


def test_every_kind_is_there_and_numbers_are_unique_in_their_office() -> None:
    """Nothing is found twice by its number; proposals come from legal aid, not from a sheet."""
    for rows in _sheets():
        assert rows.rows, rows.kind
        keys = Counter((getattr(row, rows.kind).office, getattr(row, rows.kind).key) for row in rows.rows)
        assert {1} == set(keys.values()), rows.kind
    assert set(KINDS) - {"complaint_proposal"} == {rows.kind for rows in _sheets()}


def test_nothing_happens_after_today() -> None:
    """Only what is agreed lies ahead: the end of an internship, of a project."""
    ahead = {
        (rows.kind, name)
        for rows in _sheets()
        for row in rows.rows
        for name, day in dates(getattr(row, rows.kind))
        if day > TODAY
    }
    assert ahead <= {("internship", "to_date"), ("key_project", "to_date"), ("pairing", "to_date")}


def test_the_district_is_of_the_size_it_should_be() -> None:
    """Forty firms, about 600 practitioners, more from year to year; some leave, some change their firms."""
    people = _records("practitioner")
    licensed = [sum(_covers(person, dt.date(year, 12, 28)) for person in people) for year in YEARS]
    assert 40 == len(_records("firm"))
    assert 540 <= licensed[-1] <= 660
    assert sorted(licensed) == licensed
    assert 40 <= sum(person.HasField("licensed_to_date") for person in people) <= 140
    assert 30 <= sum(person.key.endswith(MOVING) for person in people) <= 80


def test_about_a_hundred_and_fifty_complaints_come_in_a_year() -> None:
    """Of every kind, ground, channel and end there are some."""
    complaints = _records("complaint")
    years = Counter(complaint.received_date.year for complaint in complaints)
    assert set(YEARS) == set(years)
    assert 120 <= min(years.values()) <= max(years.values()) <= 185
    for enum, found in (
        (complaint_pb2.ComplaintChannel, {c.channel for c in complaints}),
        (complaint_pb2.ComplaintGround, {ground for c in complaints for ground in c.grounds}),
        (complaint_pb2.ComplaintOutcome, {c.outcome for c in complaints} - {0}),
        (complaint_pb2.ComplaintRefusalGround, {c.refusal_ground for c in complaints} - {0}),
        (complaint_pb2.ReviewOutcome, {c.review_outcome for c in complaints} - {0}),
    ):
        assert set(enum.values()[1:]) == found
    for field in ("transferred_date", "extended_date", "replied_date", "archived_date", "satisfaction_date"):
        assert any(complaint.HasField(field) for complaint in complaints), field
    assert any(complaint.pauses for complaint in complaints)


def test_a_few_complaints_are_about_the_bureau_itself() -> None:
    """The discipline role has something to see that nobody else does, and its sheets hold nothing else."""
    own = {complaint_pb2.RESPONDENT_KIND_BUREAU_STAFF, complaint_pb2.RESPONDENT_KIND_JUDICIAL_OFFICE}
    about = {
        rows.name: {row.complaint.respondent_kind for row in rows.rows}  # type: ignore[attr-defined]
        for rows in _sheets()
        if rows.kind == "complaint"
    }
    assert own == about.pop("complaint-discipline")
    assert not any(kinds & own for kinds in about.values())


def test_some_complaints_are_open_and_some_were_late() -> None:
    """There is something left to do today, and something that the figures hold against an office."""
    complaints = _records("complaint")
    over = ("refused_date", "transferred_date", "concluded_date")
    assert 5 <= sum(not any(complaint.HasField(field) for field in over) for complaint in complaints) <= 60
    accepted = [c for c in complaints if c.HasField("accepted_date") and c.HasField("concluded_date") and not c.pauses]
    days = [(_day(c.concluded_date) - _day(c.accepted_date)).days for c in accepted]
    assert 0.02 <= sum(length > 60 for length in days) / len(days) <= 0.25


def _day(message: Any) -> dt.date:
    return dt.date(message.year, message.month, message.day)


def test_the_steps_of_a_complaint_are_in_order() -> None:
    """Nothing is done before what it follows from."""
    order = (
        ("received_date", "accepted_date", "investigating_date", "investigated_date", "concluded_date"),
        ("concluded_date", "answered_date", "review_asked_date", "review_decided_date", "archived_date"),
        ("answered_date", "satisfaction_date", "archived_date"),
        ("received_date", "refused_date", "archived_date"),
        ("received_date", "transferred_date", "archived_date"),
    )
    for complaint in _records("complaint"):
        for names in order:
            days = [_day(getattr(complaint, name)) for name in names if complaint.HasField(name)]
            assert sorted(days) == days, (complaint.key, names)


def test_what_refers_to_a_practitioner_lies_within_the_licence() -> None:
    """Who trains, travels along, advises or is complained of is licensed on the day."""
    days = {
        "training": "held_date", "leader_visit": "held_date", "service_event": "held_date",
        "advised_matter": "advised_date", "suggestion": "handed_in_date", "counsel_contract": "from_date",
        "internship": "from_date", "complaint": "received_date", "sanction": "decided_date",
    }  # fmt: skip
    for kind, field in days.items():
        for record in _records(kind):
            named = getattr(record, "practitioners", None) or [getattr(record, "practitioner", "")]
            for licence in filter(None, named):
                if kind == "sanction" and record.complaint:
                    continue  # decided after the practitioner may have left
                assert _covers(_licences()[licence], _day(getattr(record, field))), (kind, record.key)


def test_practitioners_stay_within_their_firms() -> None:
    """Nobody is licensed before or after the firm, and each works in a firm of the right kind."""
    for person in _records("practitioner"):
        firm, ended = _licences()[person.firm], to_date(person.licensed_to_date)
        assert _covers(firm, _day(person.licensed_from_date))
        assert (ended is not None and _covers(firm, ended)) or not firm.HasField("licensed_to_date")
        assert bool(ended) == bool(person.end_ground)
        wanted = {firm_pb2.FIRM_KIND_GRASSROOTS: 2, firm_pb2.FIRM_KIND_NOTARY_OFFICE: 3}.get(firm.kind, 1)
        assert wanted == person.kind


def test_nearly_everybody_is_assessed() -> None:
    """Of those licensed at the end of a year few are missing; nobody is assessed twice."""
    assessed = Counter((record.year, record.firm or record.practitioner) for record in _records("yearly_assessment"))
    assert {1} == set(assessed.values())
    for year in YEARS:
        there = [number for number, record in _licences().items() if _covers(record, dt.date(year, 12, 31))]
        assert 0.9 <= sum((year, number) in assessed for number in there) / len(there) < 1


def test_most_train_for_forty_hours() -> None:
    """Most have the hours that a year asks for, and some have not."""
    hours: Counter[str] = Counter()
    for training in _records("training"):
        if training.held_date.year == TODAY.year:
            hours[training.practitioner] += training.hours
    year = [
        p for p in _records("practitioner") if _covers(p, dt.date(2012, 1, 1)) and _covers(p, dt.date(2012, 12, 31))
    ]
    assert 0.7 <= sum(hours[person.licence_number] >= 40 for person in year) / len(year) <= 0.97


def test_counsel_spread_over_the_villages() -> None:
    """Each year more villages have a counsel, at the end nearly all; none has two at a time."""
    of_place = defaultdict(list)
    for contract in _records("counsel_contract"):
        of_place[contract.place].append(contract)
    villages = {place.code for place in PROFILE.places if place.kind == "village"}
    assert set(of_place) <= villages
    covered = []
    for year in YEARS:
        held = [
            sum(_covers(c, dt.date(year, 12, 28), "from_date", "to_date") for c in contracts)
            for contracts in of_place.values()
        ]
        assert max(held) <= 1
        covered.append(sum(held))
    assert sorted(covered) == covered
    assert 0 < len(villages) - covered[-1] <= 10


def test_most_offices_have_a_partner_and_each_pairing_names_the_partner_it_says() -> None:
    """Two offices are still without; grassroots offices and projects are named where they are the partner."""
    pairings = _records("pairing")
    kinds = Counter(pairing.partner for pairing in pairings)
    assert len(PROFILE.offices) - 2 == kinds[pairing_pb2.PAIRING_PARTNER_JUDICIAL_OFFICE]
    assert set(pairing_pb2.PairingPartner.values()[1:]) == set(kinds)
    for pairing in pairings:
        assert bool(pairing.grassroots_firm) == (pairing.partner == pairing_pb2.PAIRING_PARTNER_GRASSROOTS)
        assert bool(pairing.project) == (pairing.partner == pairing_pb2.PAIRING_PARTNER_KEY_PROJECT)


def test_the_bureau_keeps_to_its_powers() -> None:
    """It orders, admonishes, hands over and proposes; sanctions are others' and on record as theirs."""
    own = {
        sanction_pb2.SANCTION_KIND_ORDER_TO_CORRECT, sanction_pb2.SANCTION_KIND_ADMONITION,
        sanction_pb2.SANCTION_KIND_TO_ASSOCIATION, sanction_pb2.SANCTION_KIND_PENALTY_PROPOSAL,
    }  # fmt: skip
    sanctions = _records("sanction")
    assert set(sanction_pb2.SanctionKind.values()[1:]) == {sanction.kind for sanction in sanctions}
    for sanction in sanctions:
        assert (sanction.authority == sanction_pb2.SANCTION_AUTHORITY_DISTRICT) == (sanction.kind in own)
    proposed = {s.outcome for s in sanctions if s.kind == sanction_pb2.SANCTION_KIND_PENALTY_PROPOSAL}
    assert set(sanction_pb2.ProposalOutcome.values()[1:]) == proposed


@pytest.mark.parametrize("kind", firm_status_pb2.FirmStatusKind.values()[1:])
def test_every_status_is_held(kind: firm_status_pb2.FirmStatusKind.ValueType) -> None:
    """The plan asks for a specialised firm; there are some of each."""
    held = [s for s in _records("firm_status") if s.kind == kind and _covers(s, TODAY, "from_date", "to_date")]
    assert held


def test_leaders_mostly_take_a_lawyer_along() -> None:
    """Nine visits in ten."""
    visits = _records("leader_visit")
    assert 0.8 <= sum(bool(visit.practitioners) for visit in visits) / len(visits) < 1


def test_one_symposium_a_year() -> None:
    """As the plan asks for."""
    assert YEARS == [symposium.held_date.year for symposium in _records("symposium")]


def test_who_moves_is_named_only_after_the_move() -> None:
    """The sheets that name practitioners wait for the moves."""
    assert {MOVED} == {rows.after for rows in _sheets() if rows.kind not in {"firm", "firm_status", "practitioner"}}


def test_everybody_is_plainly_invented() -> None:
    """No name, number of papers or telephone could be somebody's."""
    for kind, name in (("practitioner", "person_name"), ("internship", "person_name")):
        for person in _records(kind):
            assert "某" in getattr(person, name)
            assert person.id_number.startswith("000000")
            assert person.phone.startswith("000-")
    for complaint in _records("complaint"):
        assert "某" in (complaint.complainant_name or "某")
        assert complaint.complainant_id_number.startswith("000000" if complaint.complainant_id_number else "")


def test_a_size_of_its_own() -> None:
    """A tenth of the practitioners makes about a tenth of the complaints."""
    few = [len(rows.rows) for rows in _make(practitioners=60) if rows.kind == "complaint"]
    assert 0.05 < few[0] / len(_records("complaint")) < 0.25
