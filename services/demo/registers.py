"""Invented registers of an office: committees, mediators, buildings, centres, premises, schemes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from geju.mediation.v1 import (
    building_service_pb2,
    centre_pb2,
    centre_service_pb2,
    committee_pb2,
    committee_service_pb2,
    mediator_pb2,
    mediator_service_pb2,
    premises_service_pb2,
    rate_scheme_service_pb2,
)

from services.chassis.domain.dates import set_date
from services.demo.district import OfficeLife

BEFORE = dt.date(2007, 7, 1)
STREET_MEDIATORS = ("m002", "m003", "m004", "m005")
HOSTS = {
    "wuma": committee_pb2.WINDOW_HOST_COURT,
    "guanghua": committee_pb2.WINDOW_HOST_LABOUR_ARBITRATION,
    "nanmen": committee_pb2.WINDOW_HOST_POLICE,
    "jiangbin": committee_pb2.WINDOW_HOST_PETITION,
    "shuixin": committee_pb2.WINDOW_HOST_TRANSPORT_POLICE,
}
NEW_KINDS = {
    "lm": (committee_pb2.COMMITTEE_KIND_LARGE_MARKET, "示例市场调委会"),
    "me": (committee_pb2.COMMITTEE_KIND_MANAGED_ESTATE, "示例小区调委会"),
    "en": (committee_pb2.COMMITTEE_KIND_ENTERPRISE, "示例企业调委会"),
}


def committees(life: OfficeLife, today: dt.date) -> Iterator[committee_service_pb2.CommitteeImportRow]:
    """Give the office's committees: the street's own, one for nearly every place, windows and new kinds."""
    yield _committee(life, "st", committee_pb2.COMMITTEE_KIND_STREET if life.office.kind == "street"
                     else committee_pb2.COMMITTEE_KIND_TOWNSHIP, f"{life.office.street_zh}调委会", BEFORE)  # fmt: skip
    for place in life.places:
        begun = max(place.valid_from, BEFORE)
        if life.chance(life.better(0.12, 0.01)):
            begun = dt.date(2010, life.rng.randrange(1, 13), 1)
        kind = (
            committee_pb2.COMMITTEE_KIND_VILLAGE if place.kind == "village" else committee_pb2.COMMITTEE_KIND_COMMUNITY
        )
        row = _committee(life, f"{place.code}-tw", kind, f"{place.zh}调委会", begun)
        row.committee.place = place.code
        row.committee.places.append(place.code)
        if place.valid_to:
            set_date(row.committee.to_date, place.valid_to)
        yield row
    if life.code in HOSTS:
        row = _committee(life, "wd", committee_pb2.COMMITTEE_KIND_WINDOW, "示例窗口", dt.date(2008, 10, 1))
        row.committee.host, row.committee.host_unit = HOSTS[life.code], "示例单位"
        yield row
    for key, (kind, title) in NEW_KINDS.items():
        if life.chance(0.5):
            yield _committee(life, key, kind, title, dt.date(life.rng.randrange(2008, today.year + 1), 4, 1))


def _committee(
    life: OfficeLife, key: str, kind: committee_pb2.CommitteeKind.ValueType, title: str, begun: dt.date
) -> committee_service_pb2.CommitteeImportRow:
    row = committee_service_pb2.CommitteeImportRow()
    row.committee.office, row.committee.key, row.committee.title = life.code, key, title
    row.committee.kind = kind
    row.committee.level = (
        committee_pb2.COMMITTEE_LEVEL_VILLAGE if key.endswith("-tw") else committee_pb2.COMMITTEE_LEVEL_STREET
    )
    set_date(row.committee.from_date, begun)
    return row


def mediators(life: OfficeLife, today: dt.date) -> Iterator[mediator_service_pb2.MediatorImportRow]:
    """Give the mediators: of the street's committee STREET_MEDIATORS from the start, then one for every place."""
    for key in STREET_MEDIATORS:
        yield _mediator(life, key, "st", BEFORE)
    full_time_from = dt.date(life.rng.randrange(2008, 2014), 3, 1)
    if full_time_from <= today:
        row = _mediator(life, "m001", "st", full_time_from)
        row.mediator.employment = mediator_pb2.MEDIATOR_EMPLOYMENT_FULL_TIME
        yield row
    for number, place in enumerate((p for p in life.places if p.valid_to is None), 11):
        row = _mediator(life, f"m{number:03d}", f"{place.code}-tw", dt.date(2011, 1, 1))
        if life.chance(0.05):
            set_date(row.mediator.to_date, dt.date(2011, life.rng.randrange(2, 13), 28))
            row.mediator.ending = mediator_pb2.MEDIATOR_ENDING_TERM
        yield row


def _mediator(life: OfficeLife, key: str, committee: str, begun: dt.date) -> mediator_service_pb2.MediatorImportRow:
    row = mediator_service_pb2.MediatorImportRow()
    mediator = row.mediator
    mediator.office, mediator.key, mediator.committee = life.code, key, committee
    mediator.full_name = life.person()
    backgrounds = mediator_pb2.MediatorBackground.values()[1:]
    mediator.background = life.rng.choices(backgrounds, [2, 2, 3, 2, 1, 4, 4, 1, 4, 20, 8])[0]
    mediator.employment = mediator_pb2.MEDIATOR_EMPLOYMENT_PART_TIME
    set_date(mediator.from_date, begun)
    return row


def buildings(life: OfficeLife, today: dt.date) -> Iterator[building_service_pb2.BuildingImportRow]:
    """Give the populous buildings, most of which have a group or an information officer by 2012."""
    for number in range(1, life.rng.randrange(8, 25)):
        row = building_service_pb2.BuildingImportRow()
        building = row.building
        building.office, building.place, building.key = life.code, life.place(today), f"b{number:03d}"
        building.title, building.households = f"示例{number}号楼", life.rng.randrange(60, 300)
        set_date(building.from_date, BEFORE)
        begun = dt.date(life.rng.randrange(2008, 2013), life.rng.randrange(1, 13), 1)
        if life.chance(life.better(0.7, 1.0)) and begun <= today:
            set_date(building.group_from_date if life.chance(0.4) else building.officer_from_date, begun)
            building.officer_name = life.person() if building.HasField("officer_from_date") else ""
        yield row


def centres(life: OfficeLife, today: dt.date) -> Iterator[centre_service_pb2.CentreImportRow]:
    """Give the street's centre, and the district's at the first office."""
    levels = [centre_pb2.CENTRE_LEVEL_STREET] + ([centre_pb2.CENTRE_LEVEL_DISTRICT] if life.code == "wuma" else [])
    for number, level in enumerate(levels, 1):
        row = centre_service_pb2.CentreImportRow()
        row.centre.office, row.centre.key, row.centre.level = life.code, f"c{number}", level
        row.centre.title = "示例矛盾纠纷调处中心"
        begun = dt.date(2007, 6, 1) if number == 1 else dt.date(2009, 6, 1)
        set_date(row.centre.from_date, min(begun, today))
        yield row


def premises(life: OfficeLife, today: dt.date) -> Iterator[premises_service_pb2.PremisesImportRow]:
    """Give the day on which the office's rooms reached the standard: six in 2008, then two or three a year."""
    reached = dt.date(life.rng.choice([2008, 2008, 2009, 2010, 2011, 2012, 2014]), 12, 1)
    if reached <= today:
        row = premises_service_pb2.PremisesImportRow()
        row.premises.office, row.premises.key, row.premises.area = life.code, "p1", life.rng.randrange(80, 260)
        row.premises.standard = "示例标准"
        set_date(row.premises.reached_date, reached)
        yield row


def rate_schemes(life: OfficeLife, today: dt.date) -> Iterator[rate_scheme_service_pb2.RateSchemeImportRow]:
    """Give the day from which the office pays by piece."""
    begun = dt.date(life.rng.choice([2008, 2009, 2009, 2010, 2010, 2011, 2013]), life.rng.choice([1, 7]), 1)
    if begun <= today:
        row = rate_scheme_service_pb2.RateSchemeImportRow()
        row.rate_scheme.office, row.rate_scheme.key = life.code, "s1"
        row.rate_scheme.title = "示例以奖代补办法"
        set_date(row.rate_scheme.from_date, begun)
        yield row
