"""Invented work of lawyers for the public and for the government: visits, events, cards, symposia, groups, meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from geju.legalservices.v1 import (
    advice_group_pb2,
    advice_group_service_pb2,
    advised_matter_pb2,
    advised_matter_service_pb2,
    card_handout_pb2,
    card_handout_service_pb2,
    leader_visit_pb2,
    leader_visit_service_pb2,
    liaison_meeting_service_pb2,
    liaison_rule_service_pb2,
    service_event_pb2,
    service_event_service_pb2,
    suggestion_pb2,
    suggestion_service_pb2,
    symposium_service_pb2,
)

from services.chassis.domain.dates import set_date, to_date
from services.demo.district import OfficeLife, day_in, months
from services.demo.firms import LAWYER, Practitioner, some, someone
from services.demo.people import choose, day_after
from services.demo.supervised import DAY

_V, _E, _C, _G, _M = leader_visit_pb2, service_event_pb2, card_handout_pb2, advice_group_pb2, advised_matter_pb2
RANKS = {
    _V.LEADER_RANK_PROVINCE_CITY: 3, _V.LEADER_RANK_DISTRICT: 30, _V.LEADER_RANK_DEPARTMENT: 27,
    _V.LEADER_RANK_STREET: 40,
}  # fmt: skip
EVENTS = {
    _E.SERVICE_EVENT_KIND_TEAM: 18, _E.SERVICE_EVENT_KIND_WEEK: 12, _E.SERVICE_EVENT_KIND_PROJECT: 16,
    _E.SERVICE_EVENT_KIND_PRIVATE_ECONOMY: 22, _E.SERVICE_EVENT_KIND_COUNTRYSIDE: 26, _E.SERVICE_EVENT_KIND_OTHER: 6,
}  # fmt: skip
CARDS = {
    _C.CONTACT_CARD_KIND_FIRM: 20, _C.CONTACT_CARD_KIND_GRASSROOTS: 20, _C.CONTACT_CARD_KIND_NOTARY: 8,
    _C.CONTACT_CARD_KIND_LEGAL_AID: 24, _C.CONTACT_CARD_KIND_VILLAGE_COUNSEL: 28,
}  # fmt: skip
READERS = {
    _C.CONTACT_CARD_GROUP_VILLAGERS: 34, _C.CONTACT_CARD_GROUP_RESIDENTS: 26, _C.CONTACT_CARD_GROUP_MIGRANTS: 16,
    _C.CONTACT_CARD_GROUP_ENTERPRISES: 14, _C.CONTACT_CARD_GROUP_SCHOOLS: 6, _C.CONTACT_CARD_GROUP_OTHER: 4,
}  # fmt: skip
MATTERS = {
    _M.ADVISED_MATTER_KIND_DECISION: 16, _M.ADVISED_MATTER_KIND_CONTRACT: 30, _M.ADVISED_MATTER_KIND_PETITION: 16,
    _M.ADVISED_MATTER_KIND_LAND: 20, _M.ADVISED_MATTER_KIND_LITIGATION: 12, _M.ADVISED_MATTER_KIND_OTHER: 6,
}  # fmt: skip
#: Who advises the government, how many and since when.
GROUPS = (
    ("T1", _G.ADVICE_GROUP_KIND_GOVERNMENT_COUNSEL, "示例政府法律顾问团", 10),
    ("T2", _G.ADVICE_GROUP_KIND_PETITION_ADVICE, "示例政府信访咨询团", 8),
)
RULES = ("联络组会议制度", "惩戒建议制度", "业务交流制度")
SYMPOSIUM, MEETING_MONTHS = (11, 22), (2, 5, 8, 11)
#: Cards are handed out since then; a counsel's, since villages have one.
CARDS_SINCE = 2009


def _lawyers(people: Sequence[Practitioner]) -> list[Practitioner]:
    return [person for person in people if person.record.kind == LAWYER]


def visits(
    life: OfficeLife, people: Sequence[Practitioner], first_year: int, today: dt.date
) -> Iterator[leader_visit_service_pb2.LeaderVisitImportRow]:
    """Give the leaders' visits, about two a year, mostly with lawyers along, from year to year more so."""
    for month in months(first_year, today):
        held = day_in(life.rng, month)
        if not life.chance(0.2) or held > today:
            continue
        row = leader_visit_service_pb2.LeaderVisitImportRow()
        visit = row.leader_visit
        visit.office, visit.key, visit.rank = life.code, f"B{month:%Y%m}", choose(life, RANKS)
        visit.venue, visit.visitors = "示例接待点", life.rng.randint(2, 40)
        if life.chance(life.better(0.75, 0.95) + 0.01 * (held.year - first_year)):
            visit.practitioners.extend(some(life.rng, _lawyers(people), held, life.rng.randint(1, 3)))
        set_date(visit.held_date, held)
        yield row


def events(
    life: OfficeLife, people: Sequence[Practitioner], first_year: int, today: dt.date
) -> Iterator[service_event_service_pb2.ServiceEventImportRow]:
    """Give the events, three or four a year; more come to them from year to year."""
    for month in months(first_year, today):
        held = day_in(life.rng, month)
        if not life.chance(0.28) or held > today:
            continue
        row = service_event_service_pb2.ServiceEventImportRow()
        event = row.service_event
        event.office, event.key, event.title = life.code, f"E{month:%Y%m}", "示例法律服务活动"
        event.kind = choose(life, EVENTS)
        event.people_served = round(life.rng.randint(20, 200) * (1 + 0.15 * (held.year - first_year)))
        event.practitioners.extend(some(life.rng, people, held, life.rng.randint(1, 5)))
        set_date(event.held_date, held)
        yield row


def cards(life: OfficeLife, today: dt.date) -> Iterator[card_handout_service_pb2.CardHandoutImportRow]:
    """Give the contact cards handed out, two or three times a year."""
    for month in months(CARDS_SINCE, today):
        handed = day_in(life.rng, month)
        if not life.chance(0.2) or handed > today:
            continue
        row = card_handout_service_pb2.CardHandoutImportRow()
        card = row.card_handout
        card.office, card.key, card.copies = life.code, f"L{month:%Y%m}", life.rng.randint(5, 80) * 10
        card.kind, card.group = choose(life, CARDS), choose(life, READERS)
        set_date(card.handed_out_date, handed)
        yield row


def symposia(bureau: OfficeLife, first_year: int, today: dt.date) -> Iterator[symposium_service_pb2.SymposiumImportRow]:
    """Give the yearly symposium with deputies and members."""
    for year in range(first_year, today.year + 1):
        held = dt.date(year, *SYMPOSIUM)
        if held <= today:
            row = symposium_service_pb2.SymposiumImportRow()
            symposium = row.symposium
            symposium.office, symposium.key, symposium.topic = bureau.code, f"Z{year}", "演示:听取代表委员意见"
            symposium.deputies, symposium.members = bureau.rng.randint(6, 14), bureau.rng.randint(6, 14)
            set_date(symposium.held_date, held)
            yield row


def suggestions(
    bureau: OfficeLife, people: Sequence[Practitioner], first_year: int, today: dt.date
) -> Iterator[suggestion_service_pb2.SuggestionImportRow]:
    """Give what lawyers who are deputies or members hand in; some of it comes from the symposium."""
    deputies = [person for person in _lawyers(people) if person.record.deputy]
    for year in range(first_year, today.year + 1):
        for number in range(1, 5 + year - first_year):
            from_symposium = bureau.chance(0.4)
            day = dt.date(year, *SYMPOSIUM) if from_symposium else dt.date(year, 1, 10) + bureau.rng.randrange(60) * DAY
            lawyer = someone(bureau.rng, deputies, day) if deputies else None
            handed = day_after(bureau, day, 1, 20) if from_symposium else day
            if handed > today or lawyer is None or not lawyer.licensed(handed):
                continue
            row = suggestion_service_pb2.SuggestionImportRow()
            suggestion = row.suggestion
            suggestion.office, suggestion.key = bureau.code, f"A{year}-{number:02d}"
            suggestion.kind = bureau.rng.choice(suggestion_pb2.SuggestionKind.values()[1:])
            suggestion.practitioner, suggestion.subject_zh = lawyer.licence, "演示:完善公共法律服务的建议"
            suggestion.symposium = f"Z{year}" if from_symposium else ""
            set_date(suggestion.handed_in_date, handed)
            yield row


def meetings(
    bureau: OfficeLife, first_year: int, today: dt.date
) -> Iterator[liaison_meeting_service_pb2.LiaisonMeetingImportRow]:
    """Give the quarterly meetings of the liaison group."""
    for held in (dt.date(year, month, 16) for year in range(first_year, today.year + 1) for month in MEETING_MONTHS):
        if held <= today:
            row = liaison_meeting_service_pb2.LiaisonMeetingImportRow()
            meeting = row.liaison_meeting
            meeting.office, meeting.key, meeting.topic = bureau.code, f"H{held:%Y%m}", "演示:通报工作"
            meeting.attendance = bureau.rng.randint(8, 15)
            set_date(meeting.held_date, held)
            yield row


def rules(bureau: OfficeLife, first_year: int) -> Iterator[liaison_rule_service_pb2.LiaisonRuleImportRow]:
    """Give the rules that the liaison group has made, one a year."""
    for number, title in enumerate(RULES):
        row = liaison_rule_service_pb2.LiaisonRuleImportRow()
        rule = row.liaison_rule
        rule.office, rule.key, rule.title = bureau.code, f"R{number + 1}", f"示例{title}"
        set_date(rule.from_date, dt.date(first_year + number, 7, 1))
        yield row


def groups(
    bureau: OfficeLife, people: Sequence[Practitioner], first_year: int
) -> Iterator[advice_group_service_pb2.AdviceGroupImportRow]:
    """Give the government's groups of advising lawyers with those who have been members from the beginning."""
    begun = dt.date(first_year, 3, 1)
    lasting = [p for p in _lawyers(people) if p.licensed(begun) and p.last is None and not p.moving]
    for key, kind, title, count in GROUPS:
        row = advice_group_service_pb2.AdviceGroupImportRow()
        group = row.advice_group
        group.office, group.key, group.kind, group.title = bureau.code, key, kind, title
        set_date(group.from_date, begun)
        for lawyer in bureau.rng.sample(lasting, min(count, len(lasting))):
            member = group.members.add(practitioner=lawyer.licence)
            set_date(member.from_date, begun)
        yield row


def matters(
    bureau: OfficeLife, found: Sequence[advice_group_service_pb2.AdviceGroupImportRow], today: dt.date
) -> Iterator[advised_matter_service_pb2.AdvisedMatterImportRow]:
    """Give what the groups advised on, about every six weeks each."""
    for group in (row.advice_group for row in found):
        day, number = to_date(group.from_date), 0
        assert day is not None
        members = [member.practitioner for member in group.members]
        while (day := day_after(bureau, day, 10, 75)) <= today:
            number += 1
            row = advised_matter_service_pb2.AdvisedMatterImportRow()
            matter = row.advised_matter
            matter.office, matter.key, matter.group = bureau.code, f"{group.key}-{number:03d}", group.key
            matter.kind, matter.subject = choose(bureau, MATTERS), "演示:提供法律意见"
            matter.practitioners.extend(bureau.rng.sample(members, min(2, len(members))))
            set_date(matter.advised_date, day)
            yield row
