"""Disputes move along the table, with every fact a step needs, in order of their days."""

from __future__ import annotations

import pytest
from geju.mediation.v1 import dispute_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import (
    AlreadyRecorded,
    BadReference,
    DateOrder,
    FutureDate,
    ImpossibleTransition,
    ReasonRequired,
)
from services.chassis.domain.steps import permit
from services.mediation.domain.dispute import attendance, closing, escalation, intake, lifecycle
from services.mediation.domain.errors import (
    EvidenceRequired,
    GroundRequired,
    MajorGroundRequired,
    MediatorRequired,
    NotMajor,
    OutcomeRequired,
    PartiesRequired,
    ReferrerRequired,
    StepFact,
)
from tests.unit.mediation import disputes as d
from tests.unit.mediation.disputes import NONE, RULES, on

STATES = sorted(set(pb.Dispute.State.values()) - {pb.Dispute.STATE_UNSPECIFIED})


@pytest.mark.parametrize("step", sorted(lifecycle.TRANSITIONS))
@pytest.mark.parametrize("state", STATES)
def test_only_the_table_permits(step: str, state: int) -> None:
    """A step is permitted exactly in the states that the table names."""
    dispute = pb.Dispute(state=state)  # type: ignore[arg-type]
    if state in lifecycle.TRANSITIONS[step].permitted:
        permit(dispute, lifecycle.TRANSITIONS, step)
    else:
        with pytest.raises(ImpossibleTransition):
            permit(dispute, lifecycle.TRANSITIONS, step)


def test_every_state_is_open_or_closed() -> None:
    """Open and closed states are all states, and no state is both."""
    assert set(STATES) == lifecycle.OPEN | lifecycle.CLOSED
    assert set() == lifecycle.OPEN & lifecycle.CLOSED


def test_registering_fills_in_what_is_plain() -> None:
    """A new dispute is people's mediation, registered today, unless it says otherwise."""
    dispute = pb.Dispute(office="jia")
    intake.register(dispute, d.rules("2024-05-06"))
    assert (on("2024-05-06"), pb.DISPUTE_KIND_PEOPLE) == (dispute.registered_date, dispute.kind)
    assert dispute.state == lifecycle.REGISTERED


def test_registering_takes_no_later_step() -> None:
    """A new dispute cannot say that it was accepted already."""
    with pytest.raises(StepFact) as error:
        intake.register(pb.Dispute(accepted_date=on("2024-03-04")), RULES)
    assert error.value.field == "accepted_date"


@pytest.mark.parametrize("fields", [{"major": True}, {"major_ground": pb.MAJOR_GROUND_DEATH}])
def test_major_and_its_ground_go_together(fields: dict[str, object]) -> None:
    """A dispute is major exactly when it has a ground for it."""
    with pytest.raises(MajorGroundRequired):
        d.registered(**fields)


def test_references_are_resource_names() -> None:
    """A mediator is named by its resource name, and by nothing else."""
    with pytest.raises(BadReference):
        d.registered(mediator="张某某")


def test_acceptance_needs_both_sides() -> None:
    """A dispute without a respondent cannot be accepted."""
    dispute = d.registered()
    del dispute.parties[1]
    with pytest.raises(PartiesRequired):
        intake.accept(dispute, NONE, RULES)


def test_acceptance_of_a_referral_needs_its_unit() -> None:
    """A referred dispute cannot be accepted before its referrer is known."""
    dispute = d.registered(channel=pb.DISPUTE_CHANNEL_PETITION)
    with pytest.raises(ReferrerRequired):
        intake.accept(dispute, NONE, RULES)


def test_backdating_is_allowed() -> None:
    """A step may be entered long after it happened."""
    assert to_date(on("2024-03-04")) == to_date(d.accepted().accepted_date)


def test_tomorrow_is_allowed_and_no_later() -> None:
    """Clocks may differ by a day: tomorrow passes, the day after is the future."""
    rules = d.rules("2024-03-09")
    assert intake.accept(d.registered(), on("2024-03-10"), rules) == to_date(on("2024-03-10"))
    with pytest.raises(FutureDate):
        intake.accept(d.registered(), on("2024-03-11"), rules)


def test_steps_follow_each_other() -> None:
    """A dispute cannot be accepted before it was registered, nor mediated before it was accepted."""
    with pytest.raises(DateOrder):
        intake.accept(d.registered(), on("2024-02-29"), RULES)
    with pytest.raises(DateOrder):
        attendance.record(d.accepted(), on("2024-03-03"), RULES, invited=False)


def test_a_refusal_has_a_ground() -> None:
    """A dispute is refused on a ground, on a day, and then closed."""
    dispute = d.registered()
    with pytest.raises(GroundRequired):
        intake.refuse(dispute, NONE, pb.REFUSAL_GROUND_UNSPECIFIED, "", RULES)
    intake.refuse(dispute, on("2024-03-02"), pb.REFUSAL_GROUND_OUT_OF_SCOPE, "", RULES)
    assert (lifecycle.REFUSED, on("2024-03-02")) == (dispute.state, dispute.refused_date)
    assert to_date(dispute.closed_date) is None


def test_withdrawal_closes_what_was_accepted() -> None:
    """A withdrawal after acceptance closes the dispute; one before it closes nothing."""
    before, after = d.registered(), d.accepted()
    for dispute in (before, after):
        intake.withdraw(dispute, on("2024-03-06"), RULES)
    assert (None, to_date(on("2024-03-06"))) == (to_date(before.closed_date), to_date(after.closed_date))


def test_a_session_needs_a_responsible_mediator() -> None:
    """No session is held without a responsible mediator."""
    dispute = d.registered()
    dispute.mediator = ""
    intake.accept(dispute, on("2024-03-04"), RULES)
    with pytest.raises(MediatorRequired):
        attendance.record(dispute, NONE, RULES, invited=False)


def test_sessions_keep_the_first_days() -> None:
    """Whatever the order of entry, the first session and the first expert are the earliest."""
    dispute = d.accepted()
    for day, invited in (("2024-03-12", True), ("2024-03-08", False), ("2024-03-10", True)):
        attendance.record(dispute, on(day), RULES, invited=invited)
    assert (on("2024-03-08"), on("2024-03-10"), 3) == (
        dispute.first_session_date,
        dispute.expert_date,
        dispute.sessions,
    )


def test_assigning_replaces_and_says_whom_once() -> None:
    """Assigning replaces the mediators; the responsible one is not among the others."""
    dispute = d.accepted(co_mediators=[d.OTHER])
    intake.assign(dispute, d.OTHER, [d.OTHER, d.MEDIATOR])
    assert (dispute.mediator, list(dispute.co_mediators)) == (d.OTHER, [d.MEDIATOR])


def test_only_major_disputes_are_discussed() -> None:
    """The discussion of a major dispute is recorded, of another one refused; the first day counts."""
    with pytest.raises(NotMajor):
        closing.discuss(d.mediated(), NONE, "", RULES)
    major = d.mediated(major=True, major_ground=pb.MAJOR_GROUND_PEOPLE)
    closing.discuss(major, on("2024-03-12"), "再议", RULES)
    closing.discuss(major, on("2024-03-10"), "先议", RULES)
    assert (on("2024-03-10"), "再议\n先议") == (major.discussed_date, major.discussion)


def test_closing_needs_an_outcome_of_mediation() -> None:
    """Closing says agreed, failed or broken off; withdrawal and referral are steps of their own."""
    for outcome in (pb.DISPUTE_OUTCOME_UNSPECIFIED, pb.DISPUTE_OUTCOME_WITHDRAWN, pb.DISPUTE_OUTCOME_REFERRED):
        with pytest.raises(OutcomeRequired):
            closing.close(d.mediated(), NONE, closing.Ending(outcome), RULES)


def test_failure_needs_a_ground() -> None:
    """Mediation fails on a ground."""
    with pytest.raises(GroundRequired):
        closing.close(d.mediated(), NONE, closing.Ending(pb.DISPUTE_OUTCOME_FAILED), RULES)
    assert d.failed().outcome == pb.DISPUTE_OUTCOME_FAILED


def test_a_referral_names_the_unit() -> None:
    """A dispute is handed on to a unit that is named."""
    dispute = d.mediated()
    with pytest.raises(ReferrerRequired):
        closing.refer(dispute, NONE, pb.Referral(), RULES)
    closing.refer(dispute, on("2024-03-20"), pb.Referral(unit="测试法庭", kind=pb.DISPUTE_KIND_JUDICIAL), RULES)
    assert (dispute.state, dispute.outcome) == (lifecycle.REFERRED, pb.DISPUTE_OUTCOME_REFERRED)


def test_reopening_keeps_the_ending_aside() -> None:
    """A reopened dispute is in mediation again, and remembers how and when it had ended, and why it was reopened."""
    dispute = d.agreed()
    closing.reopen(dispute, on("2024-06-01"), "当事人反悔", RULES)
    kept = dispute.reopenings[0]
    assert dispute.state == lifecycle.IN_MEDIATION
    assert (pb.DISPUTE_OUTCOME_AGREED, on("2024-03-15")) == (kept.outcome, kept.closed_date)
    assert kept.agreement.content == "各让一步"
    assert not dispute.HasField("agreement")
    assert not dispute.HasField("closed_date")


def test_reopening_leads_back_to_where_the_dispute_was() -> None:
    """A refused dispute is registered again, one withdrawn after acceptance is accepted again."""
    refused, withdrawn = d.registered(), d.accepted()
    intake.refuse(refused, on("2024-03-02"), pb.REFUSAL_GROUND_OTHER, "", RULES)
    intake.withdraw(withdrawn, on("2024-03-06"), RULES)
    for dispute in (refused, withdrawn):
        closing.reopen(dispute, on("2024-04-01"), "补充材料", RULES)
    assert (refused.state, withdrawn.state) == (lifecycle.REGISTERED, lifecycle.ACCEPTED)


def test_reopening_needs_a_reason() -> None:
    """Nobody reopens without saying why."""
    with pytest.raises(ReasonRequired):
        closing.reopen(d.failed(), NONE, " ", RULES)


def test_an_escalation_is_recorded_once_for_each_kind() -> None:
    """A dispute turns into a criminal case once, and may turn into a mass incident as well."""
    dispute = d.mediated()
    crime = pb.Escalation(kind=pb.ESCALATION_KIND_CRIME, escalated_date=on("2024-03-09"))
    escalation.escalate(dispute, crime, RULES)
    with pytest.raises(AlreadyRecorded):
        escalation.escalate(dispute, crime, RULES)
    escalation.escalate(dispute, pb.Escalation(kind=pb.ESCALATION_KIND_MASS_INCIDENT), RULES)
    assert len(dispute.escalations) == 2


def test_a_prevented_escalation_needs_evidence() -> None:
    """What is said to have been prevented has to be shown."""
    with pytest.raises(EvidenceRequired):
        escalation.prevent(d.mediated(), pb.Prevention(kind=pb.PREVENTION_KIND_SUICIDE), RULES)


@pytest.mark.parametrize("make", [d.agreed, d.failed])
def test_a_closed_dispute_takes_no_step_of_an_open_one(make: object) -> None:
    """Sessions, escalations and withdrawals belong to open disputes."""
    dispute = make()  # type: ignore[operator]
    with pytest.raises(ImpossibleTransition):
        attendance.record(dispute, NONE, RULES, invited=False)
    with pytest.raises(ImpossibleTransition):
        intake.withdraw(dispute, NONE, RULES)
