"""Facts of resettlement say what counts, and nothing of the person."""

from __future__ import annotations

from typing import Any

import pytest
from geju.correction.v1 import (
    base_stay_pb2,
    correction_officer_pb2,
    correction_volunteer_pb2,
    emergency_drill_pb2,
    emergency_plan_pb2,
    facts_pb2,
    helping_agreement_pb2,
    lost_contact_pb2,
    member_unit_meeting_pb2,
    placement_pb2,
    released_visit_pb2,
    resettlement_base_pb2,
    situation_survey_pb2,
    transition_grant_pb2,
)

from services.chassis.contract import field_option
from services.correction.domain.resettlement import released_person
from services.correction.resettlement import facts
from services.correction.resettlement.kinds import KINDS
from tests.unit.correction.resettlement.people import APART, KEY, REGISTERED, UUID, on, ref, released, rules

FROM, TO = on(2012, 3, 1), on(2012, 6, 1)
SPAN: dict[str, Any] = {"from_date": FROM, "to_date": TO}
PERSON = {"person": ref("releasedPersons"), "sealed": True, "second_office": "south"}
COUNTED = {"person": UUID.format(1), "sealed": True, "second_office": "south"}
#: A record, and the facts of it.
CASES: list[tuple[Any, Any]] = [
    (
        helping_agreement_pb2.HelpingAgreement(
            **PERSON, **SPAN, helpers=[helping_agreement_pb2.Helper(full_name="测试乙", kind=1)], content="示例"
        ),
        facts_pb2.HelpingAgreementFacts(**COUNTED, **SPAN, helpers=1),
    ),
    (
        released_visit_pb2.ReleasedVisit(
            **PERSON,
            kind=1,
            visit_date=FROM,
            confirmed=True,
            note="示例",
            next_visit_due_date=TO,
            confirmed_due_date=on(2012, 5, 30),
        ),
        facts_pb2.ReleasedVisitFacts(
            **COUNTED, kind=1, visit_date=FROM, confirmed=True, next_visit_due=TO, confirmed_due=on(2012, 5, 30)
        ),
    ),
    (
        placement_pb2.Placement(**PERSON, **SPAN, kind=7, organisation="示例厂", base=ref("resettlementBases", 2)),
        facts_pb2.PlacementFacts(**COUNTED, **SPAN, kind=7, base=UUID.format(2), six_months_due=on(2012, 9, 1)),
    ),
    (
        transition_grant_pb2.TransitionGrant(
            **PERSON,
            state=2,
            amount_fen=500,
            granted_date=FROM,
            paid_date=TO,
            ground="示例",
            fund_entry="f/x",
        ),
        facts_pb2.TransitionGrantFacts(**COUNTED, state=2, amount_fen=500, granted_date=FROM, paid_date=TO),
    ),
    (
        lost_contact_pb2.LostContact(**PERSON, **SPAN, circumstances="示例"),
        facts_pb2.LostContactFacts(**COUNTED, **SPAN),
    ),
    (
        situation_survey_pb2.SituationSurvey(title="示例", opened_date=FROM, closed_date=TO, sample=9, answers=8),
        facts_pb2.SituationSurveyFacts(opened_date=FROM, closed_date=TO, sample=9, answers=8),
    ),
    (
        resettlement_base_pb2.ResettlementBase(**SPAN, kind=2, title="示例基地", places=5),
        facts_pb2.ResettlementBaseFacts(**SPAN, kind=2, places=5),
    ),
    (
        base_stay_pb2.BaseStay(**PERSON, **SPAN, base=ref("resettlementBases", 2), kind=1),
        facts_pb2.BaseStayFacts(**COUNTED, **SPAN, base=UUID.format(2), kind=1),
    ),
    (
        correction_volunteer_pb2.CorrectionVolunteer(**SPAN, full_name="测试丙", background=5),
        facts_pb2.CorrectionVolunteerFacts(**SPAN, background=5),
    ),
    (
        correction_officer_pb2.CorrectionOfficer(**SPAN, full_name="测试丁", kind=2),
        facts_pb2.CorrectionOfficerFacts(**SPAN, kind=2),
    ),
    (
        member_unit_meeting_pb2.MemberUnitMeeting(held_date=FROM, units=9, topic="示例"),
        facts_pb2.MemberUnitMeetingFacts(held_date=FROM, units=9),
    ),
    (emergency_plan_pb2.EmergencyPlan(**SPAN, title="示例"), facts_pb2.EmergencyPlanFacts(**SPAN)),
    (
        emergency_drill_pb2.EmergencyDrill(plan=ref("emergencyPlans"), held_date=FROM, participants=12),
        facts_pb2.EmergencyDrillFacts(plan=UUID.format(1), held_date=FROM, participants=12),
    ),
]


def facts_of(record: Any) -> Any:
    """Return the facts of a record of any kind."""
    return next(kind for kind in KINDS if kind.message is type(record)).to_facts(record)


@pytest.mark.parametrize(("record", "expected"), CASES, ids=lambda value: type(value).__name__)
def test_facts_hold_what_counts(record: Any, expected: Any) -> None:
    """The facts of a record are its codes, days and numbers."""
    assert expected == facts_of(record)


@pytest.mark.parametrize(("record", "expected"), CASES, ids=lambda value: type(value).__name__)
def test_every_field_of_the_facts_is_filled(record: Any, expected: Any) -> None:
    """No field of the facts is left to chance: the examples have a value for each."""
    own = {field.name for field in expected.DESCRIPTOR.fields if field.number >= 10}
    assert own == {field.name for field, _ in facts_of(record).ListFields()}


@pytest.mark.parametrize("record", [record for record, _ in CASES], ids=lambda value: type(value).__name__)
def test_an_empty_record_has_empty_facts(record: Any) -> None:
    """What is unset stays unset."""
    assert [] == facts_of(type(record)()).ListFields()


def test_the_facts_of_a_file_are_complete() -> None:
    """A file with everything in it fills every field of its facts."""
    person = released(
        **REGISTERED,
        **KEY,
        **APART,
        birth_year=1990,
        minor=True,
        three_none=True,
        listed_date=on(2012, 3, 1),
        closed_date=TO,
        close_ground=2,
        supervised_person=ref("supervisedPersons"),
    )
    released_person.check(person, None, rules())
    person.convicted_date.CopyFrom(TO)
    found = facts.released_person(person)
    own = {field.name for field in found.DESCRIPTOR.fields if field.number >= 10}
    assert own == {field.name for field, _ in found.ListFields()}
    assert ("south", UUID.format(1)) == (found.second_office, found.supervised_person)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_personal_field_has_a_namesake_in_the_facts(kind: Any) -> None:
    """What is personal is in no facts, not even under the same name."""
    personal = {field.name for field in kind.message.DESCRIPTOR.fields if field_option(field).personal}
    counted = set(kind.facts.DESCRIPTOR.fields_by_name)
    assert (personal & counted) <= {"helpers"}  # their number
