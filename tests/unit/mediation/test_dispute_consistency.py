"""A dispute changed by hand keeps every rule that its steps keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from geju.mediation.v1 import dispute_pb2 as pb
from google.protobuf.message import Message

from services.chassis.domain.errors import DateOrder, FutureDate, ImpossibleTransition, InvalidField, RuleError
from services.mediation.domain.dispute import attendance, clocks, consistency, lifecycle, papers
from services.mediation.domain.dispute.attendance import Attended
from services.mediation.domain.errors import (
    EvidenceRequired,
    StateMismatch,
    StepFact,
    WrittenAgreementRequired,
)
from tests.unit.mediation import disputes as d
from tests.unit.mediation.disputes import RULES, on

MAKERS = (d.registered, d.accepted, d.mediated, d.agreed, d.failed)


def changed(dispute: pb.Dispute, **fields: object) -> pb.Dispute:
    """Return a copy with other fields; None empties one."""
    copy = pb.Dispute()
    copy.CopyFrom(dispute)
    for name, value in fields.items():
        if value is None:
            copy.ClearField(name)  # type: ignore[arg-type]
        elif isinstance(value, Message):
            getattr(copy, name).CopyFrom(value)
        else:
            setattr(copy, name, value)
    return copy


@pytest.mark.parametrize("make", MAKERS)
def test_what_steps_have_made_is_consistent(make: Callable[[], pb.Dispute]) -> None:
    """A dispute as its steps left it passes, and is not changed by being checked."""
    dispute = make()
    checked = changed(dispute)
    consistency.check(checked, dispute, RULES)
    assert dispute == checked


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"accepted_date": None}, StateMismatch),
        ({"closed_date": None}, StateMismatch),
        ({"agreement": None}, StateMismatch),
        ({"refused_date": on("2024-03-02")}, StateMismatch),
        ({"registered_date": on("2024-03-05")}, DateOrder),
        ({"accepted_date": on("2024-03-09")}, DateOrder),
        ({"closed_date": on("2024-03-07")}, DateOrder),
        ({"closed_date": on("2030-01-01")}, FutureDate),
        ({"fulfilled_date": on("2024-03-14")}, DateOrder),
        ({"feedback_date": on("2024-03-14")}, DateOrder),
        ({"major": True, "major_ground": pb.MAJOR_GROUND_DEATH, "agreement": None}, StateMismatch),
        (
            {
                "major": True,
                "major_ground": pb.MAJOR_GROUND_DEATH,
                "agreement": pb.Agreement(
                    form=pb.AGREEMENT_FORM_ORAL, performed_on_spot=True, in_force_date=on("2024-03-15")
                ),
            },
            WrittenAgreementRequired,
        ),
    ],
)
def test_a_correction_keeps_the_rules(fields: dict[str, object], error: type[RuleError]) -> None:
    """A correction that contradicts the state, the order of days or a rule of agreements is refused."""
    with pytest.raises(error):
        consistency.check(changed(d.agreed(), **fields), d.agreed(), RULES)


def test_a_correction_cannot_add_a_prevention_without_evidence() -> None:
    """What was prevented is shown, also when it is added later."""
    dispute = d.agreed()
    dispute.preventions.add(kind=pb.PREVENTION_KIND_CRIME, prevented_date=on("2024-03-10"))
    with pytest.raises(EvidenceRequired):
        consistency.check(dispute, d.agreed(), RULES)


def test_an_update_leaves_steps_alone() -> None:
    """A plain update changes descriptions, never the facts of a step."""
    dispute = d.accepted()
    consistency.check_update(changed(dispute, summary="补充"), dispute)
    with pytest.raises(StepFact):
        consistency.check_update(changed(dispute, accepted_date=on("2024-03-05")), dispute)
    with pytest.raises(StepFact):
        consistency.check_update(changed(dispute, mediator=d.OTHER), dispute)


def test_before_acceptance_the_mediator_is_a_description() -> None:
    """The mediator and the day of a registered dispute may be updated."""
    dispute = d.registered()
    consistency.check_update(changed(dispute, mediator=d.OTHER, registered_date=on("2024-02-28")), dispute)


def test_a_closed_dispute_takes_papers_only() -> None:
    """After closing an update may add papers to the file, everything else is a correction."""
    dispute = d.agreed()
    late = changed(dispute)
    late.papers.append(pb.FILE_PAPER_PERFORMANCE)
    consistency.check_update(late, dispute)
    with pytest.raises(ImpossibleTransition):
        consistency.check_update(changed(dispute, summary="改动"), dispute)


def test_a_dispute_with_sessions_stays_in_its_office() -> None:
    """Its sessions are the office's too: before the first one an entry in the wrong office can be put right."""
    with pytest.raises(InvalidField):
        consistency.check(changed(d.mediated(), office="other"), d.mediated(), RULES)
    consistency.check(changed(d.registered(), office="other"), d.registered(), RULES)


def test_a_corrected_extension_moves_the_limit() -> None:
    """A day agreed on that was entered wrong moves the end of the limit when it is corrected or taken back."""
    old = d.mediated()
    plain = clocks.closing_limit(old)
    assert plain is not None
    for until, due in ((on("2024-05-20"), on("2024-05-20")), (None, plain.due)):
        new = changed(old, extended_due_date=until)
        if until is None:
            old = changed(old, extended_due_date=on("2024-05-20"))
        consistency.check(new, old, RULES)
        limit = clocks.closing_limit(new)
        assert limit is not None
        assert due == limit.due


def test_a_line_tells_a_closed_dispute_only_of_later_steps() -> None:
    """A visit may come by spreadsheet after closing; another outcome is a correction."""
    dispute = d.agreed()
    later = changed(dispute, fulfilled_date=on("2024-03-20"))
    later.return_visits.add(visit_date=on("2024-03-20"))
    consistency.check_import(later, dispute)
    with pytest.raises(ImpossibleTransition):
        consistency.check_import(changed(dispute, closed_date=on("2024-03-16")), dispute)
    consistency.check_import(changed(d.mediated(), summary="改动"), d.mediated())


def test_sessions_are_counted_again() -> None:
    """When a session is changed or deleted the dispute follows the sessions that are left."""
    dispute = d.mediated()
    attendance.recount(dispute, [Attended(date(2024, 3, 9), invited=True)], RULES)
    assert (on("2024-03-09"), on("2024-03-09"), 1) == (
        dispute.first_session_date,
        dispute.expert_date,
        dispute.sessions,
    )
    attendance.recount(dispute, [], RULES)
    assert (dispute.state, dispute.sessions, dispute.HasField("expert_date")) == (lifecycle.ACCEPTED, 0, False)


def test_a_closed_dispute_keeps_a_session() -> None:
    """The last session of a dispute that was closed after mediation cannot be deleted."""
    with pytest.raises(StateMismatch):
        attendance.recount(d.agreed(), [], RULES)


def test_a_file_asks_for_what_the_dispute_has_come_to() -> None:
    """Each stretch of the way asks for its papers, and the file is complete when all of them are there."""
    dispute = d.agreed()
    missing = {item.code for item in papers.file_items(dispute) if item.required and not item.present}
    assert {"rights_notice", "identity", "cover"} == missing
    dispute.papers.extend([pb.FILE_PAPER_RIGHTS_NOTICE, pb.FILE_PAPER_IDENTITY, pb.FILE_PAPER_COVER])
    assert papers.is_complete(papers.file_items(dispute))
    assert [item.code for item in papers.file_items(d.registered()) if item.required] == ["application"]
