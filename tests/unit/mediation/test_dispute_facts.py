"""Facts say what counting needs of a dispute, and nothing personal."""

from __future__ import annotations

from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import session_pb2

from services.mediation.domain.dispute import agreements, clocks, closing, escalation
from services.mediation.facts import dispute_facts, session_facts
from tests.unit.mediation import disputes as d
from tests.unit.mediation.disputes import REFERRED, RULES, on

ENDED = ("closed_date", "fulfilment_due", "visit1_due", "feedback_due")


def test_facts_follow_the_whole_way() -> None:
    """Every step of an agreement shows in the facts with its day."""
    dispute = d.agreed(major=True, major_ground=pb.MAJOR_GROUND_DEATH, committee=d.COMMITTEE, **REFERRED)
    agreements.apply_confirmation(dispute, on("2024-03-20"), "测试法院", RULES)
    agreements.record_confirmation(dispute, on("2024-03-28"), pb.CONFIRMATION_RESULT_CONFIRMED, "", RULES)
    agreements.record_fulfilment(dispute, on("2024-04-20"), RULES, defaulted=False)
    agreements.record_visit(dispute, pb.ReturnVisit(visit_date=on("2024-04-10")), RULES)
    agreements.report_feedback(dispute, on("2024-03-18"), "", RULES)
    facts = dispute_facts(dispute)
    expected = {
        "registered_date": "2024-03-01",
        "accepted_date": "2024-03-04",
        "first_session_date": "2024-03-08",
        "close_due": "2024-04-04",
        "closed_date": "2024-03-15",
        "feedback_due": "2024-03-22",
        "feedback_date": "2024-03-18",
        "confirmation_applied_date": "2024-03-20",
        "confirmed_date": "2024-03-28",
        "fulfilment_due": "2024-04-30",
        "fulfilled_date": "2024-04-20",
        "visit1_due": "2024-04-14",
        "visit1_date": "2024-04-10",
        "visit2_due": "2024-06-13",
    }
    assert {name: on(day) for name, day in expected.items()} == {
        field.name: value for field, value in facts.ListFields() if field.name.endswith(("_date", "_due"))
    }
    assert (
        facts.outcome,
        facts.agreement_form,
        facts.sessions,
    ) == (pb.DISPUTE_OUTCOME_AGREED, pb.AGREEMENT_FORM_WRITTEN, 1)
    assert (d.COMMITTEE.partition("/")[2], d.MEDIATOR.partition("/")[2]) == (facts.committee, facts.mediator)


def test_people_are_counted_when_nobody_did() -> None:
    """Without a number the people involved are those the parties stand for."""
    assert (dispute_facts(d.registered()).people, dispute_facts(d.registered(people=50)).people) == (4, 50)


def test_on_the_spot_is_due_and_fulfilled_that_day() -> None:
    """An agreement performed on the spot counts as due and fulfilled on its day."""
    facts = dispute_facts(d.agreed(pb.Agreement(form=pb.AGREEMENT_FORM_ORAL, performed_on_spot=True)))
    assert (on("2024-03-15"), on("2024-03-15")) == (facts.fulfilment_due, facts.fulfilled_date)


def test_a_stopped_clock_has_no_end() -> None:
    """While the clock for closing stands the facts name no last day."""
    dispute = d.accepted(type=pb.DISPUTE_TYPE_MEDICAL)
    clocks.suspend(dispute, on("2024-03-11"), "鉴定", RULES)
    assert not dispute_facts(dispute).HasField("close_due")


def test_escalations_have_a_column_each() -> None:
    """What a dispute turned into, and what was prevented, stand under their own names."""
    dispute = d.mediated()
    escalation.escalate(dispute, pb.Escalation(kind=1, escalated_date=on("2024-03-09")), RULES)
    prevented = pb.Prevention(kind=pb.PREVENTION_KIND_ARMED_FIGHT, prevented_date=on("2024-03-10"), evidence="出警记录")
    escalation.prevent(dispute, prevented, RULES)
    facts = dispute_facts(dispute)
    assert (on("2024-03-09"), on("2024-03-10")) == (facts.escalated_crime_date, facts.prevented_fight_date)


def test_a_reopened_dispute_has_not_ended() -> None:
    """After reopening the facts name no ending, and say that there was one."""
    dispute = d.agreed()
    closing.reopen(dispute, on("2024-06-01"), "当事人反悔", RULES)
    facts = dispute_facts(dispute)
    assert facts.reopened
    assert [] == [name for name in ENDED if facts.HasField(name)]  # type: ignore[arg-type]


def test_what_was_met_before_reopening_is_not_owed_again() -> None:
    """A visit in time, and feedback in time, of an agreement that is none any more count for nothing, nor against."""
    dispute = d.agreed(**REFERRED)
    agreements.record_visit(dispute, pb.ReturnVisit(visit_date=on("2024-04-10")), RULES)
    agreements.report_feedback(dispute, on("2024-03-18"), "", RULES)
    closing.reopen(dispute, on("2024-06-01"), "当事人反悔", RULES)
    facts = dispute_facts(dispute)
    assert [] == [name for name in ENDED if facts.HasField(name)]  # type: ignore[arg-type]


def test_nothing_personal_is_in_facts() -> None:
    """Names, numbers, addresses and texts of a dispute leave no trace in its facts."""
    dispute = d.agreed(summary="秘密甲", parties=[pb.Party(side=3, full_name="秘密乙", phone="秘密丙")])
    assert "秘密".encode() not in dispute_facts(dispute).SerializeToString()


def test_session_facts_know_experts() -> None:
    """A session with somebody invited shows it; who it was does not show."""
    session = session_pb2.Session(
        dispute="disputes/x", venue=session_pb2.SESSION_VENUE_FIELD, held_date=on("2024-03-08")
    )
    session.invited.add(full_name="测试丁", expert=True)
    facts = session_facts(session)
    assert (facts.dispute, facts.expert, facts.venue) == ("x", True, session_pb2.SESSION_VENUE_FIELD)
    assert "测试丁".encode() not in facts.SerializeToString()
