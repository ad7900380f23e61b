"""What lawyers do for villages, offices, government and people: contracts, pairings, groups, events and the like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from geju.legalservices.v1 import (
    advice_group_pb2,
    advised_matter_pb2,
    card_handout_pb2,
    counsel_contract_pb2,
    counsel_service_pb2,
    firm_pb2,
    key_project_pb2,
    leader_visit_pb2,
    liaison_meeting_pb2,
    liaison_rule_pb2,
    pairing_pb2,
    practitioner_pb2,
    service_event_pb2,
    suggestion_pb2,
    symposium_pb2,
)

from services.chassis.domain.dates import to_date
from tests.support.story import Teller
from tests.support.story_practitioners import LAW_FIRMS, LAWYER, firms, practising

#: The day of a record that is of one day.
DAYS: Mapping[str, str] = {
    "counselServices": "given_date",
    "advisedMatters": "advised_date",
    "leaderVisits": "held_date",
    "serviceEvents": "held_date",
    "cardHandouts": "handed_out_date",
    "symposia": "held_date",
    "suggestions": "handed_in_date",
    "liaisonMeetings": "held_date",
}
SPANS = ("counselContracts", "pairings", "keyProjects", "adviceGroups", "liaisonRules")


async def create(t: Teller) -> None:
    """Make a record of some kind, where there is what it needs."""
    record = t.some(MADE)(t)
    if record is not None:
        record.office = record.office or t.office()
        await t.make(record)


async def end(t: Teller) -> None:
    """End, or delete, what is valid from a day to a day."""
    found = t.of(t.some(SPANS))
    if found:
        record = t.some(found)
        if t.likely(0.25):
            await t.drop(record)
        else:
            await t.change(record, to_date=t.until(record.from_date, 0, 500))


async def correct(t: Teller) -> None:
    """Correct the day of what was done on one, or delete it."""
    collection, field = t.some(list(DAYS.items()))
    found = t.of(collection)
    if found:
        record = t.some(found)
        if t.likely(0.3):
            await t.drop(record)
        else:
            await t.change(record, corrected=True, **{field: t.day(getattr(record, field), most=40)})


def _contract(t: Teller) -> Any:
    """Return a contract of some village, if the offices of the story have one, with somebody of whatever office."""
    villages = [p for p in t.profile.places if p.kind == "village" and t.profile.has_office(p.office)]
    if not villages:
        return None
    village = t.some(villages)
    counsel, since = practising(t, LAWYER, practitioner_pb2.PRACTITIONER_KIND_GRASSROOTS)
    made = counsel_contract_pb2.CounselContract(office=village.office, place=village.code, from_date=since,
                                                firm=counsel.firm, practitioner=counsel.name)  # fmt: skip
    if t.likely(0.6):
        made.to_date.CopyFrom(t.until(since, 20, 200))
    return made


def _service(t: Teller) -> Any:
    contracts = t.of("counselContracts")
    if not contracts:
        return None
    contract, kind = t.some(contracts), t.value(counsel_service_pb2.CounselServiceKind)
    given = t.day(contract.from_date, most=60)
    return counsel_service_pb2.CounselService(office=contract.office, contract=contract.name, kind=kind,
                                              given_date=given, people=t.chance.randrange(30))  # fmt: skip


def _pairing(t: Teller) -> Any:
    law, partner = firms(t, *LAW_FIRMS), t.value(pairing_pb2.PairingPartner)
    others, projects = firms(t, firm_pb2.FIRM_KIND_GRASSROOTS), t.of("keyProjects")
    if not law or not others or not projects:
        return None
    firm, other, project = t.some(law), t.some(others), t.some(projects)
    known: list[Any] = [firm.licensed_from_date]
    made = pairing_pb2.Pairing(firm=firm.name, partner=partner, advice="示例建议")
    if partner == pairing_pb2.PAIRING_PARTNER_GRASSROOTS:
        made.grassroots_firm = other.name
        known.append(other.licensed_from_date)
    elif partner == pairing_pb2.PAIRING_PARTNER_KEY_PROJECT:
        made.project = project.name
        known.append(project.from_date)
    made.from_date.CopyFrom(t.day(*known, most=400))
    return made


def _group(t: Teller) -> Any:
    members = []
    for _ in range(t.chance.randrange(3)):
        person, since = practising(t, LAWYER)
        members.append(advice_group_pb2.AdviceGroupMember(practitioner=person.name, from_date=since))
    first = min((to_date(member.from_date) or t.today for member in members), default=to_date(t.day()) or t.today)
    made = advice_group_pb2.AdviceGroup(title="示例顾问团", kind=t.value(advice_group_pb2.AdviceGroupKind),
                                        from_date=t.until(first, 0, 0), members=members)  # fmt: skip
    return made if len({member.practitioner for member in members}) == len(members) else None


def _matter(t: Teller) -> Any:
    groups = t.of("adviceGroups")
    if not groups:
        return None
    group, kind = t.some(groups), t.value(advised_matter_pb2.AdvisedMatterKind)
    members = list(group.members[:1]) if t.likely(0.7) else []
    advised = t.day(group.from_date, *(member.from_date for member in members), most=100)
    return advised_matter_pb2.AdvisedMatter(group=group.name, kind=kind, advised_date=advised, subject="示例事项",
                                            practitioners=[member.practitioner for member in members])  # fmt: skip


def _visit(t: Teller) -> Any:
    person, held = practising(t, LAWYER)
    along = [person.name] if t.likely(0.6) else []
    return leader_visit_pb2.LeaderVisit(rank=t.value(leader_visit_pb2.LeaderRank), held_date=held, venue="示例地点",
                                        practitioners=along, visitors=t.chance.randrange(9))  # fmt: skip


def _event(t: Teller) -> Any:
    person, held = practising(t)
    kind, served = t.value(service_event_pb2.ServiceEventKind), t.chance.randrange(200)
    return service_event_pb2.ServiceEvent(title="示例活动", kind=kind, held_date=held, people_served=served,
                                          practitioners=[person.name])  # fmt: skip


def _handout(t: Teller) -> Any:
    kind, group = t.value(card_handout_pb2.ContactCardKind), t.value(card_handout_pb2.ContactCardGroup)
    copies = t.chance.randrange(1, 500)
    return card_handout_pb2.CardHandout(kind=kind, group=group, handed_out_date=t.day(), copies=copies)


def _suggestion(t: Teller) -> Any:
    person, on = practising(t)
    made = suggestion_pb2.Suggestion(kind=t.value(suggestion_pb2.SuggestionKind), practitioner=person.name,
                                     handed_in_date=on, subject_zh="示例建议")  # fmt: skip
    earlier = t.of("symposia", lambda one: to_date(one.held_date) <= to_date(on))
    if earlier and t.likely(0.5):
        made.symposium = t.some(earlier).name
    return made


MADE: Sequence[Callable[[Teller], Any]] = (
    _contract, _contract, _service, _service, _pairing, _pairing, _pairing, _group, _matter, _visit, _event, _handout,
    _suggestion,
    lambda t: key_project_pb2.KeyProject(title="示例工程", from_date=t.day()),
    lambda t: symposium_pb2.Symposium(held_date=t.day(), deputies=2, members=3, topic="示例主题"),
    lambda t: liaison_meeting_pb2.LiaisonMeeting(held_date=t.day(), attendance=7, topic="示例议题"),
    lambda t: liaison_rule_pb2.LiaisonRule(title="示例制度", from_date=t.day()),
)  # fmt: skip
STEPS: Sequence[Callable[..., Any]] = (*[create] * 6, end, correct)
