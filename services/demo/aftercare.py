"""What follows release: agreements, visits, placements, grants, lost contacts, stays in bases, offences, help."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from geju.correction.v1 import (
    base_stay_service_pb2,
    help_act_service_pb2,
    helping_agreement_pb2,
    helping_agreement_service_pb2,
    lost_contact_service_pb2,
    new_offence_service_pb2,
    placement_pb2,
    placement_service_pb2,
    released_visit_pb2,
    released_visit_service_pb2,
    transition_grant_service_pb2,
)

from services.chassis.domain.dates import add_months, set_date
from services.cli.sheets import labels
from services.demo.incidents import help_act
from services.demo.people import OFFENCES, choose, day_after
from services.demo.released import YEARS_OF_TRACKING, Released
from services.demo.supervised import DAY, Span

_P, _V, _H = placement_pb2, released_visit_pb2, helping_agreement_pb2
PLACEMENTS = {
    _P.PLACEMENT_KIND_JOB: 54, _P.PLACEMENT_KIND_OWN_BUSINESS: 13, _P.PLACEMENT_KIND_LAND: 6,
    _P.PLACEMENT_KIND_STUDY: 3, _P.PLACEMENT_KIND_RELIEF: 5, _P.PLACEMENT_KIND_FAMILY: 19,
}  # fmt: skip
VISITS = {
    _V.VISIT_KIND_HOME: 46, _V.VISIT_KIND_OFFICE: 20, _V.VISIT_KIND_PHONE: 24, _V.VISIT_KIND_VIDEO: 2,
    _V.VISIT_KIND_PROXY: 8,
}  # fmt: skip
SITUATIONS = {_V.LIFE_SITUATION_STABLE: 88, _V.LIFE_SITUATION_DIFFICULT: 9, _V.LIFE_SITUATION_UNSTABLE: 3}
HELPERS = {
    _H.HELPER_KIND_FAMILY: 30, _H.HELPER_KIND_CADRE: 36, _H.HELPER_KIND_POLICE: 12, _H.HELPER_KIND_OFFICER: 10,
    _H.HELPER_KIND_VOLUNTEER: 10, _H.HELPER_KIND_EMPLOYER: 2,
}  # fmt: skip
_LABELLED = _H.HelperKind.DESCRIPTOR.values_by_number
YOUTH = 25
KEY_MONTHS, ORDINARY_MONTHS = 1, 3
GRANTS_FEN = (300_00, 500_00, 800_00, 1000_00, 1500_00)


def agreements(person: Released, _today: dt.date) -> Iterator[helping_agreement_service_pb2.HelpingAgreementImportRow]:
    """Give the helping agreement, in force until the five years are over or the file is closed."""
    life, day = person.life, person.registered
    young = bool(day and day.year - person.record.birth_year < YOUTH)
    if day is None or not (life.chance(life.better(0.93, 1.0)) or (young and life.chance(0.4))):
        return
    row = helping_agreement_service_pb2.HelpingAgreementImportRow()
    agreement = row.helping_agreement
    agreement.office, agreement.key, agreement.person = life.code, f"{person.number}-X1", person.number
    kinds = [_H.HELPER_KIND_VOLUNTEER] if young else []
    for kind in [*kinds, *(choose(life, HELPERS) for _ in range(life.rng.randint(1, 2)))]:
        row.helper_names.append(f"{life.person()}({labels.value_label(_LABELLED[kind])})")
    first = min(day_after(life, day, 0, 9), person.until)
    set_date(agreement.from_date, first)
    released = person.record.released_date
    five = add_months(dt.date(released.year, released.month, released.day), 12 * YEARS_OF_TRACKING) - DAY
    set_date(agreement.to_date, person.until if person.over else five)
    agreement.content = "演示数据:双方约定帮教事项。"
    yield row


def lost_span(person: Released, today: dt.date) -> Span | None:
    """Return the days on which nobody knew where the person was."""
    life, day = person.life, person.registered
    if day is None or not life.chance(life.better(0.05, 0.003)) or (person.until - day).days < 200:
        return None
    first = day_after(life, day, 60, (person.until - day).days - 20)
    last = day_after(life, first, 15, 260)
    return Span(first, last if last < min(person.until, today) else (person.until if person.over else None))


def lost_contacts(person: Released, span: Span | None) -> Iterator[lost_contact_service_pb2.LostContactImportRow]:
    """Give the time out of touch."""
    if span:
        row = lost_contact_service_pb2.LostContactImportRow()
        lost = row.lost_contact
        lost.office, lost.key, lost.person = person.life.code, f"{person.number}-S1", person.number
        lost.circumstances = "演示数据:外出未告知去向。"
        set_date(lost.from_date, span.first)
        if span.last:
            set_date(lost.to_date, span.last)
        yield row


def visits(
    person: Released, span: Span | None, today: dt.date
) -> Iterator[released_visit_service_pb2.ReleasedVisitImportRow]:
    """Walk the visits at the interval of the person's class, in poor offices at times too late."""
    life, day, number = person.life, person.registered, 0
    interval = KEY_MONTHS if person.key_person else ORDINARY_MONTHS
    while day is not None:
        late = life.chance(life.better(0.12, 0.004))
        due = add_months(day, interval)
        day = day_after(life, due, 5, 45) if late else due - life.rng.randint(0, 6 * interval) * DAY
        if day > min(person.until, today):
            return
        if span and span.covers(day):
            continue
        number += 1
        row = released_visit_service_pb2.ReleasedVisitImportRow()
        visit = row.released_visit
        visit.office, visit.key, visit.person = life.code, f"{person.number}-Z{number:02d}", person.number
        visit.kind, visit.confirmed = choose(life, VISITS), life.chance(life.better(0.96, 1.0))
        visit.situation = choose(life, SITUATIONS)
        visit.note = "演示数据:了解近况。"
        set_date(visit.visit_date, day)
        yield row


def placements(
    person: Released, today: dt.date, bases: Mapping[str, str]
) -> Iterator[placement_service_pb2.PlacementImportRow]:
    """Give where the person works, learns or lives on what; a job that ends is mostly followed by another."""
    life, day = person.life, person.registered
    # Who has nowhere to go begins in a base, where the office has one.
    needy = person.record.three_none or (life.code in bases and life.chance(0.06))
    if day is None or not person.record.placeable or not life.chance(0.97 if needy else life.better(0.84, 0.99)):
        return
    base = bases.get(life.code, "") if needy else ""
    kind = _P.PLACEMENT_KIND_BASE if base else choose(life, PLACEMENTS)
    first, number = day_after(life, day, 3, 45), 0
    while first <= min(person.until, today):
        number += 1
        last = day_after(life, first, 60, 1100) if kind == _P.PLACEMENT_KIND_JOB and life.chance(0.35) else None
        last = day_after(life, first, 60, 180) if kind == _P.PLACEMENT_KIND_BASE else last
        row = placement_service_pb2.PlacementImportRow()
        placement = row.placement
        placement.office, placement.key, placement.person = life.code, f"{person.number}-A{number}", person.number
        placement.kind, placement.organisation = kind, "示例单位" if kind == _P.PLACEMENT_KIND_JOB else ""
        placement.base = base if kind == _P.PLACEMENT_KIND_BASE else ""
        set_date(placement.from_date, first)
        ended = last if last and last <= min(person.until, today) else (person.until if person.over else None)
        if ended:
            set_date(placement.to_date, ended)
        yield row
        if ended is None or not life.chance(0.85):
            return
        first, kind = day_after(life, ended, 1, 60), choose(life, PLACEMENTS)


def stays(
    placed: list[placement_service_pb2.PlacementImportRow],
) -> Iterator[base_stay_service_pb2.BaseStayImportRow]:
    """Give the stays in transitional bases that go with placements there."""
    for placement in (row.placement for row in placed if row.placement.base):
        row = base_stay_service_pb2.BaseStayImportRow()
        stay = row.base_stay
        stay.office, stay.key, stay.person = placement.office, f"{placement.key}-J", placement.person
        stay.base = placement.base
        stay.from_date.CopyFrom(placement.from_date)
        if placement.HasField("to_date"):
            stay.to_date.CopyFrom(placement.to_date)
        yield row


def grants(person: Released, today: dt.date) -> Iterator[transition_grant_service_pb2.TransitionGrantImportRow]:
    """Give the grant that helps over the first months; it is paid by a step of its own, against the funds."""
    life, day = person.life, person.registered
    if day is None or not (person.record.three_none or life.chance(0.1)):
        return
    granted = day_after(life, day, 5, 40)
    if granted <= min(person.until, today):
        row = transition_grant_service_pb2.TransitionGrantImportRow()
        grant = row.transition_grant
        grant.office, grant.key, grant.person = life.code, f"{person.number}-K1", person.number
        grant.amount_fen, grant.ground = life.rng.choice(GRANTS_FEN), "演示数据:生活困难。"
        set_date(grant.granted_date, granted)
        yield row


def offences(person: Released) -> Iterator[new_offence_service_pb2.NewOffenceImportRow]:
    """Give the new offence; a conviction may still be out."""
    if person.offence:
        row = new_offence_service_pb2.NewOffenceImportRow()
        offence = row.new_offence
        offence.office, offence.key, offence.person = person.life.code, f"{person.number}-GF1", person.number
        offence.offence_class = choose(person.life, OFFENCES)
        for field, day in zip(("committed_date", "known_date", "convicted_date"), person.offence, strict=True):
            if day:
                set_date(getattr(offence, field), day)
        yield row


def help_acts(person: Released, today: dt.date) -> Iterator[help_act_service_pb2.HelpActImportRow]:
    """Give an act of help to some in their first year."""
    life, day = person.life, person.registered
    if day is not None and life.chance(0.2) and (given := day_after(life, day, 20, 300)) <= min(person.until, today):
        yield help_act(life, person.number, f"{person.number}-GB1", given)
