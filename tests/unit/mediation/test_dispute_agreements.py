"""Agreements: written where they must be, confirmed where they may be, fulfilled, visited, reported."""

from __future__ import annotations

import pytest
from geju.mediation.v1 import dispute_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import AlreadyRecorded, DateOrder
from services.mediation.domain.dispute import agreements, clocks
from services.mediation.domain.errors import (
    AgreementRequired,
    ConfirmationNotApplied,
    ConfirmationTooEarly,
    ConfirmationTooLate,
    FulfilmentDueRequired,
    NoReferrer,
    StatusNotConfirmable,
    WrittenAgreementRequired,
)
from tests.unit.mediation import disputes as d
from tests.unit.mediation.disputes import NONE, REFERRED, RULES, on

ORAL = pb.Agreement(form=pb.AGREEMENT_FORM_ORAL, performed_on_spot=True)
MAJOR = {"major": True, "major_ground": pb.MAJOR_GROUND_AMOUNT}


def test_an_oral_agreement_will_do_on_the_spot() -> None:
    """An oral agreement performed on the spot is one, and is fulfilled that day."""
    dispute = d.agreed(ORAL)
    assert (pb.AGREEMENT_FORM_ORAL, on("2024-03-15")) == (dispute.agreement.form, dispute.fulfilled_date)


def test_a_major_dispute_needs_it_in_writing() -> None:
    """A major dispute is not settled orally."""
    with pytest.raises(WrittenAgreementRequired):
        d.agreed(ORAL, **MAJOR)


def test_a_party_may_ask_for_writing() -> None:
    """An agreement is written when a party asks."""
    asking = [pb.Party(side=pb.PARTY_SIDE_THIRD, full_name="测试乙", asks_written=True)]
    with pytest.raises(WrittenAgreementRequired):
        d.agreed(ORAL, parties=asking)


def test_what_is_performed_later_is_written() -> None:
    """An agreement not performed on the spot is written, and has a day."""
    with pytest.raises(WrittenAgreementRequired):
        d.agreed(pb.Agreement(form=pb.AGREEMENT_FORM_ORAL, fulfilment_due_date=on("2024-04-30")))
    with pytest.raises(FulfilmentDueRequired):
        d.agreed(pb.Agreement(form=pb.AGREEMENT_FORM_WRITTEN))


def test_an_agreement_has_a_form() -> None:
    """An agreement without a form is none."""
    with pytest.raises(AgreementRequired):
        d.agreed(pb.Agreement(performed_on_spot=True))


def test_fulfilment_is_not_due_before_the_agreement() -> None:
    """Nothing is to be fulfilled before it was agreed."""
    with pytest.raises(DateOrder):
        d.agreed(d.agreement(fulfilment_due_date=on("2024-03-14")))


def test_an_agreement_takes_force_when_the_dispute_closes() -> None:
    """Without a day of its own an agreement takes force on the day of closing."""
    assert on("2024-03-15") == d.agreed().agreement.in_force_date


def test_the_court_is_asked_within_thirty_days() -> None:
    """The joint application may come on the thirtieth day and not on the day after."""
    dispute = d.agreed()
    assert on("2024-04-14") == dispute.agreement.confirmation_due_date
    with pytest.raises(ConfirmationTooLate):
        agreements.apply_confirmation(dispute, on("2024-04-15"), "测试法院", RULES)
    agreements.apply_confirmation(dispute, on("2024-04-14"), "测试法院", RULES)
    assert on("2024-04-14") == dispute.confirmation.applied_date


def test_confirmation_began_with_its_law() -> None:
    """An agreement from before 2011 cannot be confirmed."""
    dispute = d.agreed()
    dispute.agreement.in_force_date.CopyFrom(on("2010-12-31"))
    agreements.settle_right(dispute, RULES)
    with pytest.raises(ConfirmationTooEarly):
        agreements.apply_confirmation(dispute, on("2011-01-05"), "测试法院", RULES)


@pytest.mark.parametrize(
    "subject", [pb.AGREEMENT_SUBJECT_IDENTITY, pb.AGREEMENT_SUBJECT_ADOPTION, pb.AGREEMENT_SUBJECT_MARRIAGE]
)
def test_relations_of_status_are_not_confirmed(subject: pb.AgreementSubject.ValueType) -> None:
    """Identity, adoption and marriage relations cannot be confirmed by the court."""
    with pytest.raises(StatusNotConfirmable):
        agreements.apply_confirmation(d.agreed(d.agreement(subject=subject)), NONE, "测试法院", RULES)


def test_a_marriage_dispute_is_about_the_marriage_unless_it_says_otherwise() -> None:
    """In a marriage dispute only an agreement said to be about property can be confirmed."""
    marriage = {"type": pb.DISPUTE_TYPE_MARRIAGE}
    with pytest.raises(StatusNotConfirmable):
        agreements.apply_confirmation(d.agreed(**marriage), on("2024-03-20"), "测试法院", RULES)
    property_only = d.agreed(d.agreement(subject=pb.AGREEMENT_SUBJECT_PROPERTY), **marriage)
    agreements.apply_confirmation(property_only, on("2024-03-20"), "测试法院", RULES)


def test_the_court_answers_what_it_was_asked() -> None:
    """There is no answer without an application, and only one."""
    dispute = d.agreed()
    confirmed = pb.CONFIRMATION_RESULT_CONFIRMED
    with pytest.raises(ConfirmationNotApplied):
        agreements.record_confirmation(dispute, NONE, confirmed, "", RULES)
    agreements.apply_confirmation(dispute, on("2024-03-20"), "测试法院", RULES)
    agreements.record_confirmation(dispute, on("2024-03-25"), confirmed, "测试1号", RULES)
    with pytest.raises(AlreadyRecorded):
        agreements.record_confirmation(dispute, NONE, confirmed, "", RULES)


def test_a_default_does_not_bar_fulfilment() -> None:
    """Who defaulted may still fulfil; who fulfilled cannot default."""
    dispute = d.agreed()
    agreements.record_fulfilment(dispute, on("2024-05-01"), RULES, defaulted=True)
    agreements.record_fulfilment(dispute, on("2024-05-20"), RULES, defaulted=False)
    with pytest.raises(AlreadyRecorded):
        agreements.record_fulfilment(dispute, on("2024-05-21"), RULES, defaulted=True)


def test_visits_stand_in_order_of_their_day() -> None:
    """Visits entered late take their place in time."""
    dispute = d.agreed()
    for day in ("2024-06-10", "2024-04-10"):
        agreements.record_visit(dispute, pb.ReturnVisit(visit_date=on(day)), RULES)
    assert (to_date(on("2024-04-10")), to_date(on("2024-06-10"))) == clocks.visits(dispute)


def test_only_a_referrer_gets_feedback() -> None:
    """Feedback goes to the unit that referred the dispute, once."""
    with pytest.raises(NoReferrer):
        agreements.report_feedback(d.failed(), NONE, "", RULES)
    dispute = d.failed(**REFERRED)
    agreements.report_feedback(dispute, on("2024-03-18"), "测函1号", RULES)
    with pytest.raises(AlreadyRecorded):
        agreements.report_feedback(dispute, NONE, "", RULES)
