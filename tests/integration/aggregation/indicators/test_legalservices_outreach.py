"""Village counsel, pairings, government counsel, leaders' visits, events, cards, symposia."""

from __future__ import annotations

from datetime import date

import pytest
from geju.legalservices.v1 import advice_group_pb2 as gp
from geju.legalservices.v1 import card_handout_pb2 as cards
from geju.legalservices.v1 import counsel_service_pb2 as csp
from geju.legalservices.v1 import pairing_pb2 as pp
from geju.legalservices.v1 import service_event_pb2 as ep
from geju.legalservices.v1.facts_pb2 import (
    AdviceGroupFacts,
    AdvisedMatterFacts,
    CardHandoutFacts,
    CounselContractFacts,
    CounselServiceFacts,
    KeyProjectFacts,
    LeaderVisitFacts,
    LiaisonMeetingFacts,
    PairingFacts,
    ServiceEventFacts,
    SuggestionFacts,
    SymposiumFacts,
)
from google.protobuf.message import Message

from tests.support import histories
from tests.support.counting import Counting, on

BEGIN = on(2011, 6, 1)


async def test_a_village_is_covered_by_a_contract_in_force(counting: Counting) -> None:
    """legalservices.village_counsel_coverage: villages of the profile, no communities, by the contract's days."""
    await counting.put(
        CounselContractFacts(place="011", from_date=BEGIN, to_date=on(2012, 2, 29)),
        CounselContractFacts(place="011", from_date=on(2012, 3, 20)),
        CounselContractFacts(place="013", from_date=BEGIN, to_date=on(2012, 3, 19)),
        CounselContractFacts(office="03", place="031", from_date=BEGIN, deleted=True),
        # A community; a place that the profile does not have.
        CounselContractFacts(place="012", from_date=BEGIN),
        CounselContractFacts(place="099", from_date=BEGIN),
    )
    code = "legalservices.village_counsel_coverage"
    # Two villages and a community in each of three offices.
    assert (2, 6) == await counting.figure(code, "2012-02")
    assert (1, 6) == await counting.figure(code, "2012-03")
    assert (0, 2) == await counting.figure(code, "2012-03", "03")
    assert ["counted", "no_counsel", "no_village"] == await counting.reasons(code, "2012-03", "01")
    assert (1, 2) == await counting.as_of(date(2012, 3, 19), code, "2012-03", "01")


async def test_services_of_village_counsel_count_by_the_day(counting: Counting) -> None:
    """legalservices.village_counsel_services: by kind."""
    await counting.put(
        CounselServiceFacts(given_date=on(2012, 3, 1), kind=csp.COUNSEL_SERVICE_KIND_LECTURE, people=40),
        CounselServiceFacts(given_date=on(2012, 3, 21)),
        CounselServiceFacts(given_date=on(2012, 3, 1), deleted=True),
    )
    code = "legalservices.village_counsel_services"
    assert (1, 0) == await counting.figure(code, "2012-03", "01", "kind", "lecture")
    assert (1, 0) == await counting.figure(code, "2012")
    assert ["counted", "deleted", "not_yet"] == await counting.reasons(code, "2012-03")


async def test_pairings_count_by_their_partner(counting: Counting) -> None:
    """legalservices.rural_pairings, office_pairing_rate, tracked_projects: each by its own partner, while in force."""
    project = str(histories.record_id("key_project", 1))
    office, rural, tracking = (
        pp.PAIRING_PARTNER_JUDICIAL_OFFICE,
        pp.PAIRING_PARTNER_GRASSROOTS,
        pp.PAIRING_PARTNER_KEY_PROJECT,
    )
    await counting.put(
        KeyProjectFacts(from_date=BEGIN),
        KeyProjectFacts(from_date=BEGIN),
        PairingFacts(partner=office, from_date=BEGIN, to_date=on(2012, 1, 31)),
        PairingFacts(office="03", partner=office, from_date=BEGIN),
        PairingFacts(office="03", partner=rural, from_date=on(2012, 2, 1)),
        PairingFacts(office="03", partner=tracking, project=project, from_date=on(2012, 3, 1)),
        PairingFacts(office="03", partner=tracking, project=project, from_date=on(2012, 3, 1)),
    )
    # Office 02 was closed in August 2011.
    found = [await counting.figure("legalservices.office_pairing_rate", m) for m in ("2012-01", "2012-02")]
    assert [(2, 2), (1, 2)] == found
    reasons = await counting.reasons("legalservices.office_pairing_rate", "2012-02")
    assert ["counted", "ended", "not_paired"] == reasons
    found = [await counting.figure("legalservices.rural_pairings", m) for m in ("2012-01", "2012-02")]
    assert [(0, 0), (1, 0)] == found
    assert "other_partner" in await counting.reasons("legalservices.rural_pairings", "2012-02")
    # The project's own office, once, however many firms track it.
    found = [await counting.figure("legalservices.tracked_projects", m, "01") for m in ("2012-02", "2012-03")]
    assert [(0, 0), (1, 0)] == found
    assert ["counted", "not_tracked"] == await counting.reasons("legalservices.tracked_projects", "2012-03")


async def test_a_matter_counts_under_the_kind_of_its_group(counting: Counting) -> None:
    """legalservices.government_matters: by the day of the advice, under what the group is known to be now."""
    group = AdviceGroupFacts(office="01", kind=gp.ADVICE_GROUP_KIND_GOVERNMENT_COUNSEL, from_date=BEGIN)
    code, id_ = "legalservices.government_matters", str(histories.record_id("advice_group", 50))
    await counting.put(
        AdvisedMatterFacts(group=id_, advised_date=on(2012, 2, 29)),
        AdvisedMatterFacts(group=id_, advised_date=on(2012, 3, 1)),
        AdvisedMatterFacts(group=id_, advised_date=on(2012, 3, 1), deleted=True),
        AdvisedMatterFacts(group=id_, advised_date=on(2012, 3, 21)),
    )
    assert (1, 0) == await counting.figure(code, "2012-03", "01", "group", "unspecified")

    async def kinds(revision: int) -> list[tuple[int, int]]:
        event = histories.event("advice_group", 50, revision, group, sequence=90 + revision)
        await counting.projection.apply(counting.conn, [event], counting.today)
        keys = ("government_counsel", "petition_advice", "unspecified")
        return [await counting.figure(code, "2012", "01", "group", key) for key in keys]

    assert [(2, 0), (0, 0), (0, 0)] == await kinds(1)
    group.kind = gp.ADVICE_GROUP_KIND_PETITION_ADVICE
    assert [(0, 0), (2, 0), (0, 0)] == await kinds(2)
    assert [(1, 0), (1, 0), (2, 0)] == [await counting.figure(code, p) for p in ("2012-02", "2012-03", "2012-Q1")]
    assert ["counted", "deleted"] == await counting.reasons(code, "2012-03")


async def test_a_visit_is_with_a_lawyer_or_without(counting: Counting) -> None:
    """legalservices.leader_visit_rate: of the visits of the period, those with a lawyer along."""
    await counting.put(
        LeaderVisitFacts(held_date=on(2012, 3, 1), lawyers=2),
        LeaderVisitFacts(held_date=on(2012, 3, 1)),
        LeaderVisitFacts(held_date=on(2012, 2, 1), lawyers=1),
    )
    assert (1, 2) == await counting.figure("legalservices.leader_visit_rate", "2012-03")
    assert (2, 3) == await counting.figure("legalservices.leader_visit_rate", "2012")
    assert ["counted", "no_lawyer"] == await counting.reasons("legalservices.leader_visit_rate", "2012-03")


async def test_events_cards_and_those_reached_add_up(counting: Counting) -> None:
    """legalservices.service_events, persons_served, contact_cards."""
    await counting.put(
        ServiceEventFacts(held_date=on(2012, 3, 1), kind=ep.SERVICE_EVENT_KIND_WEEK, people_served=120),
        ServiceEventFacts(office="03", held_date=on(2012, 2, 1), kind=ep.SERVICE_EVENT_KIND_TEAM, people_served=30),
        CardHandoutFacts(
            handed_out_date=on(2012, 3, 1), kind=cards.CONTACT_CARD_KIND_FIRM,
            group=cards.CONTACT_CARD_GROUP_MIGRANTS, copies=500,
        ),
        CardHandoutFacts(handed_out_date=on(2012, 3, 20), kind=cards.CONTACT_CARD_KIND_FIRM, copies=20),
        CardHandoutFacts(handed_out_date=on(2012, 3, 21), kind=cards.CONTACT_CARD_KIND_FIRM, copies=7),
    )  # fmt: skip
    assert (1, 0) == await counting.figure("legalservices.service_events", "2012-03", "", "kind", "week")
    assert (2, 0) == await counting.figure("legalservices.service_events", "2012")
    assert (150, 0) == await counting.figure("legalservices.persons_served", "2012")
    assert (30, 0) == await counting.figure("legalservices.persons_served", "2012-Q1", "03")
    code = "legalservices.contact_cards"
    assert (520, 0) == await counting.figure(code, "2012", "", "kind", "firm")
    assert (500, 0) == await counting.figure(code, "2012-03", "", "group", "migrants")
    assert (520, 0) == await counting.adds(code, "2012-03")


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("legalservices.symposia", lambda day: SymposiumFacts(held_date=day)),
        ("legalservices.proposals", lambda day: SuggestionFacts(handed_in_date=day)),
        ("legalservices.liaison_meetings", lambda day: LiaisonMeetingFacts(held_date=day)),
    ],
)
async def test_what_is_held_or_handed_in_counts_by_its_day(counting: Counting, code: str, facts: object) -> None:
    """legalservices.symposia, proposals, liaison_meetings: the first and the last day of a month, and no later one."""
    assert callable(facts)
    records: list[Message] = [facts(on(2012, 3, day)) for day in (1, 20, 21)]
    await counting.put(*records, facts(on(2012, 2, 29)))
    assert (2, 0) == await counting.figure(code, "2012-03")
    assert (3, 0) == await counting.figure(code, "2012")
    assert ["counted"] * 2 + ["not_yet"] == await counting.reasons(code, "2012-03")
