"""Facts of the registers say what counts, and nothing personal."""

from __future__ import annotations

from typing import Any

import pytest
from geju.legalservices.v1 import (
    advice_group_pb2,
    advised_matter_pb2,
    card_handout_pb2,
    counsel_contract_pb2,
    counsel_service_pb2,
    facts_pb2,
    firm_pb2,
    firm_status_pb2,
    internship_pb2,
    key_project_pb2,
    leader_visit_pb2,
    liaison_meeting_pb2,
    liaison_rule_pb2,
    pairing_pb2,
    practitioner_pb2,
    service_event_pb2,
    suggestion_pb2,
    symposium_pb2,
    training_pb2,
    yearly_assessment_pb2,
)

from services.legalservices.outreach.kinds import KINDS as OUTREACH
from services.legalservices.registers.kinds import KINDS as REGISTERS
from tests.support.records import UUID, on, ref

FROM, TO = on(2012, 3, 1), on(2012, 6, 1)
SPAN: dict[str, Any] = {"from_date": FROM, "to_date": TO}
LICENCE: dict[str, Any] = {"licensed_from_date": FROM, "licensed_to_date": TO}
FIRM, LAWYER = ref("firms", 1), ref("practitioners", 2)
LAWYERS = [LAWYER, ref("practitioners", 3)]
ONE, TWO, FOUR = UUID.format(1), UUID.format(2), UUID.format(4)
#: A record, and the facts of it.
CASES: list[tuple[Any, Any]] = [
    (
        firm_pb2.Firm(**LICENCE, name_zh="示例", kind=1, licence_number="示例", head="示例", home_city="示例"),
        facts_pb2.FirmFacts(**LICENCE, kind=1),
    ),
    (firm_status_pb2.FirmStatus(**SPAN, firm=FIRM, kind=2), facts_pb2.FirmStatusFacts(**SPAN, firm=ONE, kind=2)),
    (
        practitioner_pb2.Practitioner(
            **LICENCE,
            person_name="示例",
            id_number="示例",
            phone="示例",
            licence_number="示例",
            kind=1,
            firm=FIRM,
            end_ground=3,
            first_practised_date=FROM,
            deputy=True,
            former_terms=[practitioner_pb2.FirmTerm(firm=ref("firms", 9), **SPAN)],
        ),
        facts_pb2.PractitionerFacts(**LICENCE, kind=1, firm=ONE, end_ground=3, first_practised_date=FROM, deputy=True),
    ),
    (
        yearly_assessment_pb2.YearlyAssessment(
            year=2011, practitioner=LAWYER, grade=1, assessed_date=FROM, assessed_by="示例"
        ),
        facts_pb2.YearlyAssessmentFacts(year=2011, practitioner=TWO, grade=1, assessed_date=FROM),
    ),
    (
        training_pb2.Training(practitioner=LAWYER, kind=1, held_date=FROM, hours=8, topic="示例"),
        facts_pb2.TrainingFacts(practitioner=TWO, kind=1, held_date=FROM, hours=8),
    ),
    (
        internship_pb2.Internship(**SPAN, person_name="示例", id_number="示例", firm=FIRM, practitioner=LAWYER),
        facts_pb2.InternshipFacts(**SPAN, firm=ONE, practitioner=TWO),
    ),
    (
        counsel_contract_pb2.CounselContract(**SPAN, firm=FIRM, practitioner=LAWYER),
        facts_pb2.CounselContractFacts(**SPAN, firm=ONE, practitioner=TWO),
    ),
    (
        counsel_service_pb2.CounselService(contract=ref("counselContracts", 4), kind=1, given_date=FROM, people=3),
        facts_pb2.CounselServiceFacts(contract=FOUR, kind=1, given_date=FROM, people=3),
    ),
    (
        pairing_pb2.Pairing(**SPAN, firm=FIRM, partner=3, project=ref("keyProjects", 4), advice="示例"),
        facts_pb2.PairingFacts(**SPAN, firm=ONE, partner=3, project=FOUR),
    ),
    (key_project_pb2.KeyProject(**SPAN, title="示例"), facts_pb2.KeyProjectFacts(**SPAN)),
    (
        advice_group_pb2.AdviceGroup(
            **SPAN, title="示例", kind=1, members=[advice_group_pb2.AdviceGroupMember(practitioner=LAWYER)]
        ),
        facts_pb2.AdviceGroupFacts(**SPAN, kind=1),
    ),
    (
        advised_matter_pb2.AdvisedMatter(
            group=ref("adviceGroups", 4), kind=1, advised_date=FROM, practitioners=LAWYERS, subject="示例"
        ),
        facts_pb2.AdvisedMatterFacts(group=FOUR, kind=1, advised_date=FROM, lawyers=2),
    ),
    (
        leader_visit_pb2.LeaderVisit(rank=1, held_date=FROM, venue="示例", practitioners=LAWYERS, visitors=3),
        facts_pb2.LeaderVisitFacts(rank=1, held_date=FROM, visitors=3, lawyers=2),
    ),
    (
        service_event_pb2.ServiceEvent(title="示例", kind=1, held_date=FROM, practitioners=LAWYERS, people_served=9),
        facts_pb2.ServiceEventFacts(kind=1, held_date=FROM, people_served=9, practitioners=2),
    ),
    (
        card_handout_pb2.CardHandout(kind=1, group=2, handed_out_date=FROM, copies=50),
        facts_pb2.CardHandoutFacts(kind=1, group=2, handed_out_date=FROM, copies=50),
    ),
    (
        symposium_pb2.Symposium(held_date=FROM, deputies=2, members=3, topic="示例"),
        facts_pb2.SymposiumFacts(held_date=FROM, deputies=2, members=3),
    ),
    (
        suggestion_pb2.Suggestion(
            kind=1, handed_in_date=FROM, practitioner=LAWYER, symposium=ref("symposia", 4), subject_zh="示例"
        ),
        facts_pb2.SuggestionFacts(kind=1, handed_in_date=FROM, practitioner=TWO, symposium=FOUR),
    ),
    (
        liaison_meeting_pb2.LiaisonMeeting(held_date=FROM, attendance=9, topic="示例"),
        facts_pb2.LiaisonMeetingFacts(held_date=FROM, attendance=9),
    ),
    (liaison_rule_pb2.LiaisonRule(**SPAN, title="示例"), facts_pb2.LiaisonRuleFacts(**SPAN)),
]


@pytest.mark.parametrize(("record", "expected"), CASES, ids=[type(record).__name__ for record, _ in CASES])
def test_facts_say_what_counts(record: Any, expected: Any) -> None:
    """Codes, days, numbers and ids: no text of the record is among them."""
    kind = next(kind for kind in (*REGISTERS, *OUTREACH) if kind.message is type(record))
    facts = kind.to_facts(record)
    assert expected == facts
    assert "示例".encode() not in facts.SerializeToString()


def test_no_kind_is_forgotten() -> None:
    """Every kind of the registers has its case."""
    assert {kind.message for kind in (*REGISTERS, *OUTREACH)} == {type(record) for record, _ in CASES}
