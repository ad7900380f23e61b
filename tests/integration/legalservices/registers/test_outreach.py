"""What firms and practitioners do for villages, government and associations, over the store."""

from __future__ import annotations

from typing import Any

import pytest
from geju.legalservices.v1 import (
    advice_group_pb2,
    advised_matter_pb2,
    card_handout_pb2,
    facts_pb2,
    firm_pb2,
    leader_visit_pb2,
    liaison_meeting_pb2,
    liaison_rule_pb2,
    pairing_pb2,
    practitioner_pb2,
    service_event_pb2,
    suggestion_pb2,
    symposium_pb2,
)

from services.chassis.domain.errors import BadReference, DateOrder, InvalidField, NotFound, NotInForce, UnknownReference
from services.legalservices.domain.outreach.errors import (
    MemberTaken,
    NotAMember,
    OutsideGroup,
    PairingTaken,
    PartnerMismatch,
    RecordsOutside,
)
from services.legalservices.domain.registers.errors import FirmKindMismatch, NotLicensed, RecordInUse
from tests.integration.legalservices.registers.conftest import CLERK, Bench
from tests.integration.servicers import NORTH, SOUTH
from tests.support.records import changed, on, ref

MAY = on(2012, 5, 1)
GRASSROOTS: dict[str, Any] = {"kind": firm_pb2.FIRM_KIND_GRASSROOTS}
PLAIN: dict[str, Any] = {
    "visit": leader_visit_pb2.LeaderVisit(rank=2, held_date=MAY, visitors=3),
    "event": service_event_pb2.ServiceEvent(title="示例活动", kind=1, held_date=MAY, people_served=9),
    "cards": card_handout_pb2.CardHandout(kind=1, group=1, handed_out_date=MAY, copies=100, place="north-1"),
    "symposium": symposium_pb2.Symposium(held_date=MAY, deputies=2, members=3),
    "suggestion": suggestion_pb2.Suggestion(kind=1, handed_in_date=MAY),
    "meeting": liaison_meeting_pb2.LiaisonMeeting(held_date=MAY, attendance=9),
    "rule": liaison_rule_pb2.LiaisonRule(title="示例制度", from_date=MAY),
}


@pytest.mark.parametrize("what", PLAIN)
async def test_a_record_of_outreach_is_made_read_changed_and_deleted(bench: Bench, what: str) -> None:
    """It is the office's that reports it; its facts follow."""
    made = await bench.make(changed(PLAIN[what], office="north"), CLERK)
    field = next(field.name for field, _ in made.ListFields() if field.name.endswith("_date") and field.number > 9)
    made = await bench.change("Update", made, CLERK, **{field: on(2012, 5, 3)})
    kind = next(kind for kind in bench.store.kinds if kind.message is type(made))
    [facts] = await bench.facts(kind.name, kind.facts)
    assert on(2012, 5, 3) == getattr(facts, field)
    with pytest.raises(NotFound):
        await bench.get(made, SOUTH)
    await bench.delete(made, NORTH)
    with pytest.raises(NotFound):
        await bench.get(made)


async def test_cards_are_found_by_who_got_them(bench: Bench) -> None:
    """The filter goes by kind and group."""
    made = await bench.make(changed(PLAIN["cards"], office="north"), CLERK)
    for group, found in ((1, [made.name]), (2, [])):
        listed = await bench.call("CardHandoutService/ListCardHandouts", CLERK, filter={"group": group})
        assert found == [one.name for one in listed.card_handouts]


@pytest.mark.parametrize("what", ["visit", "event"])
async def test_who_goes_along_is_licensed_on_the_day(bench: Bench, what: str) -> None:
    """Named once each, whatever office has them; the facts say how many."""
    there = await bench.practitioner(await bench.firm(office="south"))
    here = await bench.practitioner(licensed_from_date=on(2012, 5, 2))
    record = changed(PLAIN[what], office="north")
    cases = (
        ([there.name, there.name], InvalidField),
        (["示例甲"], BadReference),
        ([ref("practitioners", 9)], UnknownReference),
        ([there.name, here.name], NotLicensed),
    )
    for names, error in cases:
        with pytest.raises(error):
            await bench.make(changed(record, practitioners=names), CLERK)
    made = await bench.make(changed(record, practitioners=[there.name]), CLERK)
    kind = next(kind for kind in bench.store.kinds if kind.message is type(made))
    [facts] = await bench.facts(kind.name, kind.facts)
    assert 1 == (facts.lawyers if what == "visit" else facts.practitioners)
    with pytest.raises(NotLicensed):
        await bench.change("Update", made, CLERK, practitioners=[there.name, here.name])


async def test_a_leader_s_company_is_lawyers(bench: Bench) -> None:
    """The figure counts visits with a lawyer along."""
    worker = await bench.practitioner(
        await bench.firm(**GRASSROOTS), kind=practitioner_pb2.PRACTITIONER_KIND_GRASSROOTS
    )
    with pytest.raises(InvalidField):
        await bench.make(changed(PLAIN["visit"], office="north", practitioners=[worker.name]))
    await bench.make(changed(PLAIN["event"], office="north", practitioners=[worker.name]))


async def test_a_suggestion_comes_after_its_symposium(bench: Bench) -> None:
    """It names who was licensed; the symposium stays while it is named."""
    held = await bench.make(changed(PLAIN["symposium"], office="district"))
    lawyer = await bench.practitioner()
    suggestion = changed(PLAIN["suggestion"], office="north", symposium=held.name, practitioner=lawyer.name)
    for fields, error in (
        ({"handed_in_date": on(2012, 4, 30)}, DateOrder),
        ({"symposium": ref("symposia", 9)}, UnknownReference),
        ({"practitioner": ref("practitioners", 9)}, UnknownReference),
    ):
        with pytest.raises(error):
            await bench.make(changed(suggestion, **fields), CLERK)
    await bench.make(suggestion, CLERK)
    with pytest.raises(RecordInUse):
        await bench.delete(held)


async def paired(bench: Bench, **fields: Any) -> pairing_pb2.Pairing:
    """Pair a law firm with the northern office."""
    given: dict[str, Any] = {"office": "north", "partner": 1, "from_date": on(2012, 1, 1)}
    if "firm" not in fields:
        given["firm"] = (await bench.firm(office="south")).name
    made: pairing_pb2.Pairing = await bench.make(pairing_pb2.Pairing(**given | fields))
    return made


async def test_a_pairing_names_exactly_its_partner(bench: Bench) -> None:
    """An office, a grassroots office or a project: each has its own field, and is there on the first day."""
    grassroots, project = await bench.firm(**GRASSROOTS), await bench.project()
    refused: list[tuple[dict[str, Any], Any]] = [
        ({"project": project.name}, PartnerMismatch),
        ({"office": "district"}, PartnerMismatch),
        ({"partner": 2}, PartnerMismatch),
        ({"partner": 2, "grassroots_firm": grassroots.name, "project": project.name}, PartnerMismatch),
        ({"partner": 2, "grassroots_firm": (await bench.firm()).name}, FirmKindMismatch),
        ({"partner": 3, "project": project.name, "from_date": on(2011, 12, 31)}, NotInForce),
        ({"firm": grassroots.name}, FirmKindMismatch),
        ({"from_date": on(2004, 1, 1)}, NotLicensed),
    ]
    for fields, error in refused:
        with pytest.raises(error):
            await paired(bench, **fields)
    await paired(bench)
    await paired(bench, partner=2, grassroots_firm=grassroots.name)
    await paired(bench, partner=3, project=project.name, office="district")
    facts = await bench.facts("pairing", facts_pb2.PairingFacts)
    assert [("", ""), (grassroots.name[6:], ""), ("", project.name[12:])] == [
        (one.grassroots_firm, one.project) for one in facts
    ]
    with pytest.raises(RecordInUse):
        await bench.delete(project)
    with pytest.raises(RecordInUse):
        await bench.delete(grassroots)
    with pytest.raises(RecordsOutside):
        await bench.change("Update", project, from_date=on(2012, 1, 2))


async def test_a_firm_is_paired_with_a_partner_once_at_a_time(bench: Bench) -> None:
    """Another office, or a later time, is another pairing."""
    first = await paired(bench, to_date=on(2012, 3, 31))
    with pytest.raises(PairingTaken):
        await paired(bench, firm=first.firm, from_date=on(2012, 3, 31))
    await paired(bench, firm=first.firm, from_date=on(2012, 4, 1))
    await paired(bench, firm=first.firm, office="west")


async def test_advice_groups_keep_their_members_within_their_days(bench: Bench) -> None:
    """Members are licensed when they join, and are members once at a time."""
    lawyer = await bench.practitioner()
    member = advice_group_pb2.AdviceGroupMember(practitioner=lawyer.name, from_date=on(2012, 1, 1))
    refused: list[tuple[list[Any], Any]] = [
        ([changed(member, from_date=on(2011, 1, 1))], OutsideGroup),
        ([member, changed(member, from_date=on(2012, 2, 1))], MemberTaken),
        ([changed(member, practitioner=ref("practitioners", 9))], UnknownReference),
        ([changed(member, to_date=on(2011, 1, 1))], DateOrder),
    ]
    for members, error in refused:
        with pytest.raises(error):
            await bench.group(members=members)
    early = await bench.practitioner(licensed_from_date=on(2012, 2, 1))
    with pytest.raises(NotLicensed):
        await bench.group(members=[changed(member, practitioner=early.name)])
    group = await bench.group(members=[changed(member, to_date=on(2012, 1, 31)), changed(member, from_date=MAY)])
    assert 2 == len(group.members)
    await bench.change("Update", group, to_date=on(2012, 12, 31))
    with pytest.raises(OutsideGroup):
        await bench.change("Update", group, to_date=on(2012, 4, 30))


async def test_a_matter_is_advised_on_by_members(bench: Bench) -> None:
    """On a day of the group; where members are not recorded, whoever is licensed may have advised."""
    lawyer, other = await bench.practitioner(), await bench.practitioner()
    member = advice_group_pb2.AdviceGroupMember(practitioner=lawyer.name, from_date=on(2012, 2, 1))
    group, loose = await bench.group(members=[member]), await bench.group(to_date=on(2012, 12, 31))
    matter = advised_matter_pb2.AdvisedMatter(office="district", kind=1, group=group.name, advised_date=MAY)
    refused: list[tuple[dict[str, Any], Any]] = [
        ({"practitioners": [other.name]}, NotAMember),
        ({"practitioners": [lawyer.name], "advised_date": on(2012, 1, 31)}, NotAMember),
        ({"advised_date": on(2011, 12, 31)}, NotInForce),
        ({"group": ref("adviceGroups", 9)}, UnknownReference),
        ({"group": loose.name, "practitioners": [ref("practitioners", 9)]}, UnknownReference),
    ]
    for fields, error in refused:
        with pytest.raises(error):
            await bench.make(changed(matter, **fields))
    await bench.make(changed(matter, practitioners=[lawyer.name]))
    await bench.make(changed(matter, group=loose.name, practitioners=[lawyer.name, other.name]))
    facts = await bench.facts("advised_matter", facts_pb2.AdvisedMatterFacts)
    assert [(group.name[13:], 1), (loose.name[13:], 2)] == [(one.group, one.lawyers) for one in facts]
    with pytest.raises(RecordsOutside):
        await bench.change("Update", loose, to_date=on(2012, 4, 30))
    with pytest.raises(RecordInUse):
        await bench.delete(loose)
