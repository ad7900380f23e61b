"""Invented counsel: contracts of the villages and what was done under them, pairings, key projects."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from geju.legalservices.v1 import (
    counsel_contract_service_pb2,
    counsel_service_pb2,
    counsel_service_service_pb2,
    firm_pb2,
    key_project_service_pb2,
    pairing_pb2,
    pairing_service_pb2,
)

from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.profile import Place
from services.demo.district import OfficeLife
from services.demo.firms import GRASSROOTS, LAWYER, Firm, Practitioner, someone
from services.demo.people import choose, day_after
from services.demo.supervised import DAY

_S, _P = counsel_service_pb2, pairing_pb2
#: Of a hundred villages, how many have had a counsel since the year; the rest have none yet.
SPREAD = {2009: 10, 2010: 24, 2011: 36, 2012: 26}
AGAIN, TERM_DAYS = 0.2, 365
SERVICES = {
    _S.COUNSEL_SERVICE_KIND_CONSULTATION: 40, _S.COUNSEL_SERVICE_KIND_CONTRACT: 20, _S.COUNSEL_SERVICE_KIND_RULES: 6,
    _S.COUNSEL_SERVICE_KIND_MEDIATION: 14, _S.COUNSEL_SERVICE_KIND_LECTURE: 14, _S.COUNSEL_SERVICE_KIND_LITIGATION: 4,
    _S.COUNSEL_SERVICE_KIND_OTHER: 2,
}  # fmt: skip
WITH_PEOPLE = {_S.COUNSEL_SERVICE_KIND_CONSULTATION: 12, _S.COUNSEL_SERVICE_KIND_LECTURE: 80}
PROJECTS, TRACKED, UNPAIRED_OFFICES = 14, 11, 2
GRASSROOTS_PAIRED = 0.8

Contract = counsel_contract_service_pb2.CounselContractImportRow


def contracts(life: OfficeLife, firms: Sequence[Firm], today: dt.date) -> Iterator[Contract]:
    """Give the contracts of an office's villages: from year to year more have one, and some change their counsel."""
    counsels = [p for firm in firms for p in firm.people if p.record.kind in {LAWYER, GRASSROOTS} and _stays(p)]
    for place in (place for place in life.places if place.kind == "village"):
        year = life.rng.choices([*SPREAD, today.year + 1], [*SPREAD.values(), 100 - sum(SPREAD.values())])[0]
        first = dt.date(year, life.rng.randint(1, 12), 1)
        if not place.valid_from <= first <= today or not place.in_force(today):
            continue
        last = first + (TERM_DAYS - 1) * DAY
        if last < today and life.chance(AGAIN):
            yield from _contract(life, place, counsels, (first, last))
            first = last + DAY
        yield from _contract(life, place, counsels, (first, None))


def _stays(person: Practitioner) -> bool:
    return person.last is None and not person.moving


def _contract(
    life: OfficeLife, place: Place, counsels: Sequence[Practitioner], days: tuple[dt.date, dt.date | None]
) -> Iterator[Contract]:
    counsel = someone(life.rng, counsels, days[0])
    if counsel is not None:
        row = counsel_contract_service_pb2.CounselContractImportRow()
        contract = row.counsel_contract
        contract.office, contract.place = life.code, place.code
        contract.key = f"{place.code}-{days[0]:%Y}"
        contract.firm, contract.practitioner = counsel.firm.number, counsel.licence
        set_date(contract.from_date, days[0])
        if days[1]:
            set_date(contract.to_date, days[1])
        yield row


def services(
    life: OfficeLife, agreed: Sequence[Contract], today: dt.date
) -> Iterator[counsel_service_service_pb2.CounselServiceImportRow]:
    """Give what counsels did, in good offices more often."""
    for contract in (row.counsel_contract for row in agreed):
        first, last = to_date(contract.from_date), to_date(contract.to_date) or today
        assert first is not None
        given, number = day_after(life, first, 10, 120), 0
        while given <= last:
            number += 1
            row = counsel_service_service_pb2.CounselServiceImportRow()
            service = row.counsel_service
            service.office, service.place, service.key = life.code, contract.place, f"{contract.key}-{number:02d}"
            service.contract, service.kind = contract.key, choose(life, SERVICES)
            service.people = life.rng.randint(1, WITH_PEOPLE.get(service.kind, 1))
            set_date(service.given_date, given)
            yield row
            given = day_after(life, given, 60, round(life.better(300, 150)))


def projects(bureau: OfficeLife, first_year: int) -> Iterator[key_project_service_pb2.KeyProjectImportRow]:
    """Give the key projects, three a year, some of them completed."""
    for number in range(1, PROJECTS + 1):
        row = key_project_service_pb2.KeyProjectImportRow()
        project = row.key_project
        project.office, project.key, project.title = bureau.code, f"G{number:02d}", f"示例重点工程{number}号"
        first = _began(number, first_year)
        set_date(project.from_date, first)
        if number % 5 == 1:
            set_date(project.to_date, first + 700 * DAY)
        yield row


def _began(number: int, first_year: int) -> dt.date:
    return dt.date(first_year + (number - 1) // 3, 2 + 3 * ((number - 1) % 3), 1)


def pairings(
    bureau: OfficeLife, lives: Sequence[OfficeLife], firms: Sequence[Firm], first_year: int, today: dt.date
) -> Iterator[pairing_service_pb2.PairingImportRow]:
    """Give the pairings of law firms: with most offices by the last year, with grassroots offices, with projects."""
    partners = [f for f in firms if f.record.kind == firm_pb2.FIRM_KIND_PARTNERSHIP and f.first.year <= first_year]
    rng = random.Random(f"{len(firms)}/pairings")
    for number, life in enumerate(lives[:-UNPAIRED_OFFICES]):
        row = _pairing(life, partners[number % len(partners)], "D1", dt.date(2010 + number % 3, 1 + number % 9, 15))
        row.pairing.partner = _P.PAIRING_PARTNER_JUDICIAL_OFFICE
        yield row
    grassroots = [f for f in firms if f.record.kind == firm_pb2.FIRM_KIND_GRASSROOTS and f.last is None]
    for firm in grassroots:
        if rng.random() < GRASSROOTS_PAIRED:
            begun = max(firm.first, dt.date(rng.randint(2009, 2012), rng.randint(1, 11), 10))
            row = _pairing(firm.life, rng.choice(partners), f"D{firm.record.key}", begun)
            row.pairing.partner, row.pairing.grassroots_firm = _P.PAIRING_PARTNER_GRASSROOTS, firm.number
            yield row
    for number in range(1, TRACKED + 1):
        begun = _began(number, first_year) + rng.randint(20, 200) * DAY
        if begun <= today:
            row = _pairing(bureau, rng.choice(partners), f"DG{number:02d}", begun)
            row.pairing.partner, row.pairing.project = _P.PAIRING_PARTNER_KEY_PROJECT, f"G{number:02d}"
            if number % 5 == 1:
                set_date(row.pairing.to_date, _began(number, first_year) + 700 * DAY)
            yield row


def _pairing(life: OfficeLife, firm: Firm, key: str, begun: dt.date) -> pairing_service_pb2.PairingImportRow:
    row = pairing_service_pb2.PairingImportRow()
    pairing = row.pairing
    pairing.office, pairing.key, pairing.firm, pairing.advice = life.code, key, firm.number, "演示数据:结对帮扶。"
    set_date(pairing.from_date, begun)
    return row
