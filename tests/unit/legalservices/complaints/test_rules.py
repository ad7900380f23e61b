"""Complaints, sanctions and proposals: what contradicts itself, names whom it must not, or goes beyond powers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import firm_pb2, practitioner_pb2
from geju.legalservices.v1 import sanction_pb2 as sanctions

from services.chassis.domain.errors import (
    BadReference,
    DateOrder,
    ImpossibleTransition,
    InvalidField,
    RuleError,
    UnknownOffice,
)
from services.chassis.domain.step_errors import StateMismatch, StepFact
from services.chassis.domain.steps import check_steps
from services.legalservices.domain.complaints import (
    agreement,
    answering,
    complaint,
    investigation,
    proposal,
    respondent,
    sanction,
)
from services.legalservices.domain.complaints.errors import (
    BeyondPowers,
    ComplainantNamed,
    DecidedByStep,
    NoFindings,
    NoProposal,
    NoTieDeclaration,
    NotSubstantiated,
    NotTheInvestigator,
    NotTransferredIn,
    OneSubject,
    RespondentMismatch,
    SamePersonDecides,
    SettledBefore,
    TiedInvestigator,
)
from services.legalservices.domain.complaints.lifecycle import (
    ACCEPTED,
    ANSWERED,
    ARCHIVED,
    CONCLUDED,
    INVESTIGATING,
    NOT_ACCEPTED,
    RECEIVED,
    REVIEWED,
    REVIEWING,
)
from services.legalservices.domain.registers.practitioner import firm_by
from tests.support.records import changed, on, ref
from tests.unit.legalservices.complaints.cases import (
    INVESTIGATOR,
    REVIEWER,
    SIGNER,
    TODAY,
    in_state,
    pause,
    profile,
    rules,
)
from tests.unit.legalservices.complaints.cases import complaint as a_complaint

STAFF, OFFICE = pb.RESPONDENT_KIND_BUREAU_STAFF, pb.RESPONDENT_KIND_JUDICIAL_OFFICE
LAWYER, FIRM = pb.RESPONDENT_KIND_LAWYER, pb.RESPONDENT_KIND_FIRM
WITHDRAWN = pb.COMPLAINT_OUTCOME_WITHDRAWN


def broken(state: int, **fields: Any) -> tuple[str, str]:
    """Return reason and field of the rule that a complaint of a state with other values breaks."""
    with pytest.raises(RuleError) as refused:
        in_state(state, **fields)
    return refused.value.reason, refused.value.field


@pytest.mark.parametrize(
    ("state", "field", "fields"),
    [
        (RECEIVED, "refused_date", {"refused_date": on(2012, 4, 6)}),
        (RECEIVED, "refusal_ground", {"refusal_ground": 1}),
        (RECEIVED, "refusal_told_date", {"refusal_told_date": on(2012, 4, 6)}),
        (RECEIVED, "transferred_unit", {"transferred_unit": "示例单位"}),
        (RECEIVED, "investigating_date", {"investigating_date": on(2012, 4, 6)}),
        (RECEIVED, "extended_date", {"extended_date": on(2012, 4, 6)}),
        (ACCEPTED, "refused_date", {"refused_date": on(2012, 4, 6), "refusal_ground": 1}),
        (ACCEPTED, "findings", {"findings": "示例"}),
        (ACCEPTED, "outcome", {"outcome": 1}),
        (ACCEPTED, "decision", {"decision": "示例"}),
        (ACCEPTED, "answered_date", {"answered_date": on(2012, 4, 6)}),
        (ACCEPTED, "archived_date", {"archived_date": on(2012, 4, 6)}),
        (RECEIVED, "outcome", {"outcome": 1, "concluded_date": on(2012, 4, 6)}),
        (NOT_ACCEPTED, "concluded_date", {"outcome": WITHDRAWN, "concluded_date": on(2012, 4, 9)}),
        (CONCLUDED, "concluded_date", {"outcome": None}),
        (CONCLUDED, "satisfaction", {"satisfaction": 1}),
        (CONCLUDED, "satisfaction_date", {"satisfaction": 1, "satisfaction_date": on(2012, 5, 9)}),
        (CONCLUDED, "review_asked_date", {"review_asked_date": on(2012, 5, 9)}),
        (REVIEWING, "review_outcome", {"review_outcome": 1}),
        (REVIEWING, "archived_date", {"archived_date": on(2012, 6, 4)}),
        (REVIEWED, "review_decided_date", {"review_outcome": None}),
        (RECEIVED, "replied_date", {"replied_date": on(2012, 4, 6)}),
    ],
)
def test_a_course_does_not_contradict_itself(state: int, field: str, fields: dict[str, Any]) -> None:
    """Every fact has what it needs."""
    assert ("STATE_MISMATCH", field) == broken(state, **fields)


@pytest.mark.parametrize(
    ("state", "field", "fields"),
    [
        (ACCEPTED, "accepted_date", {"accepted_date": on(2012, 4, 1)}),
        (INVESTIGATING, "investigated_date", {"investigated_date": on(2012, 4, 8)}),
        (CONCLUDED, "concluded_date", {"concluded_date": on(2012, 4, 26)}),
        (ANSWERED, "answered_date", {"answered_date": on(2012, 5, 6)}),
        (REVIEWED, "review_decided_date", {"review_decided_date": on(2012, 5, 20)}),
        (ARCHIVED, "archived_date", {"archived_date": on(2012, 5, 8)}),
        (NOT_ACCEPTED, "refusal_told_date", {"refusal_told_date": on(2012, 4, 5)}),
        (RECEIVED, "pauses[0].from_date", {"pauses": [pause(date(2012, 4, 1))]}),
        (RECEIVED, "pauses[0].to_date", {"pauses": [pause(date(2012, 4, 5), date(2012, 4, 4))]}),
    ],
)
def test_days_come_in_order(state: int, field: str, fields: dict[str, Any]) -> None:
    """No step is taken before the one that it follows."""
    assert ("DATE_ORDER", field) == broken(state, **fields)


@pytest.mark.parametrize(
    ("state", "pauses"),
    [
        (RECEIVED, [pause(date(2012, 4, 4)), pause(date(2012, 4, 6), date(2012, 4, 9))]),
        (ACCEPTED, [pause(date(2012, 4, 4))]),
        (ACCEPTED, [pause(date(2012, 4, 4), date(2012, 4, 10))]),
        (NOT_ACCEPTED, [pause(date(2012, 4, 4), date(2012, 4, 9))]),
        (CONCLUDED, [pause(date(2012, 4, 10))]),
    ],
)
def test_no_supplement_is_awaited_over_a_decision(state: int, pauses: list[pb.ComplaintPause]) -> None:
    """Whoever has decided waits no longer."""
    reason, field = broken(state, pauses=pauses)
    assert ("STATE_MISMATCH", "pauses[0].to_date") == (reason, field)


def test_only_what_was_handed_over_names_a_unit() -> None:
    """At the window nobody hands over."""
    assert ("INVALID_FIELD", "transferring_unit") == broken(RECEIVED, transferring_unit="示例单位")
    with pytest.raises(NotTransferredIn):
        answering.reply(in_state(RECEIVED), TODAY)


def test_the_day_of_receipt_is_today_unless_said() -> None:
    """It is what a clerk at the window leaves empty."""
    assert on(2012, 6, 11) == a_complaint(received_date=None).received_date


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("practitioner", {"respondent_kind": FIRM, "practitioner": ref("practitioners"), "respondent_name": None}),
        ("practitioner", {"respondent_kind": STAFF, "practitioner": ref("practitioners")}),
        ("firm", {"respondent_kind": STAFF, "firm": ref("firms")}),
        ("respondent_office", {"respondent_office": "wuma"}),
        ("respondent_name", {"practitioner": ref("practitioners")}),
        ("respondent_name", {"respondent_kind": FIRM, "firm": ref("firms")}),
        ("respondent_name", {"respondent_name": None, "accepted_date": on(2012, 4, 5)}),
        ("respondent_office", {"respondent_kind": OFFICE, "accepted_date": on(2012, 4, 5)}),
    ],
)
def test_what_names_the_respondent_fits_its_kind(field: str, fields: dict[str, Any]) -> None:
    """A firm is no practitioner, staff are in no register, and what is accepted is about somebody."""
    with pytest.raises(RespondentMismatch) as refused:
        a_complaint(**fields)
    assert field == refused.value.field


def test_references_are_well_formed() -> None:
    """Nobody's name stands in the place of a reference, and no office that does not exist."""
    for field in ("practitioner", "firm", "legal_aid_case"):
        with pytest.raises(BadReference):
            a_complaint(respondent_name=None, **{field: "示例"})
    with pytest.raises(UnknownOffice) as refused:
        a_complaint(respondent_kind=OFFICE, respondent_office="nowhere")
    assert "respondent_office" == refused.value.field


def test_a_received_complaint_may_be_about_nobody_known() -> None:
    """That is a ground to refuse it, not to turn it away."""
    assert RECEIVED == a_complaint(respondent_name=None).state


@pytest.mark.parametrize("kind", [STAFF, OFFICE])
def test_complaints_about_the_bureau_are_sealed_and_the_bureau_s(kind: Any) -> None:
    """Whatever office was sent, the record tells none, and stays sealed."""
    found = a_complaint(respondent_kind=kind, respondent_office="wuma", place="wuma-1")
    assert (True, profile().code, "") == (found.sealed, found.office, found.place)
    for new, old in ((found, a_complaint()), (a_complaint(), found)):
        with pytest.raises(InvalidField) as refused:
            complaint.check(new, old, rules())
        assert "respondent_kind" == refused.value.field


def test_the_kind_may_change_among_the_sealed_and_among_the_others() -> None:
    """A slip at the window is put right."""
    found = a_complaint(respondent_kind=STAFF)
    complaint.check(changed(found, respondent_kind=OFFICE), found, rules())
    other = a_complaint()
    complaint.check(changed(other, respondent_kind=pb.RESPONDENT_KIND_NOTARY), other, rules())


@pytest.mark.parametrize(
    "text",
    [
        "据示例投诉人反映",
        "据示·例·投诉人反映",
        "电话13900001111",
        "139 0000 1111",
        "１３９００００１１１１",
        "证号示例123456",
    ],
)
@pytest.mark.parametrize("field", ["findings", "decision"])
def test_what_the_respondent_reads_does_not_name_the_complainant(field: str, text: str) -> None:
    """Neither name nor telephone nor number, however written."""
    with pytest.raises(ComplainantNamed) as refused:
        in_state(CONCLUDED, complainant_id_number="示例 123456", **{field: text})
    assert field == refused.value.field
    assert "示例" not in refused.value.message


@pytest.mark.parametrize("field", ["answer", "review_decision"])
def test_nothing_that_is_written_names_an_anonymous_complainant(field: str) -> None:
    """Nor what is written to the complainant: an anonymous one's letters may be seen by anybody."""
    with pytest.raises(ComplainantNamed) as refused:
        in_state(REVIEWED, anonymous=True, **{field: "示例投诉人:"})
    assert field == refused.value.field
    asked = pb.ComplaintPause(from_date=on(2012, 4, 4), requested="请示·例·投诉人补正")
    with pytest.raises(ComplainantNamed) as refused:
        in_state(RECEIVED, anonymous=True, pauses=[asked])
    assert "pauses[0].requested" == refused.value.field


def test_the_answer_may_name_the_complainant() -> None:
    """It is written to the complainant."""
    assert in_state(ANSWERED, answer="示例投诉人:").answer


def test_nobody_without_a_declaration_investigates() -> None:
    """Nor anybody of the respondent's firm."""
    with pytest.raises(NoTieDeclaration):
        investigation.assign(in_state(ACCEPTED), INVESTIGATOR, "", TODAY, no_tie=False)
    found = in_state(ACCEPTED)
    investigation.assign(found, INVESTIGATOR, ref("firms"), TODAY, no_tie=True)
    investigation.check_tie(found, [ref("firms", 2)])
    with pytest.raises(TiedInvestigator):
        investigation.check_tie(found, [ref("firms", 2), ref("firms")])
    with pytest.raises(BadReference):
        investigation.assign(in_state(ACCEPTED), INVESTIGATOR, "示例所", TODAY, no_tie=True)


def test_only_the_investigator_tells_what_was_found() -> None:
    """Nobody else was there; another investigator does not move the day it began."""
    found = in_state(INVESTIGATING, investigated_date=None, findings="")
    with pytest.raises(NotTheInvestigator):
        investigation.record(found, "示例", TODAY, SIGNER)
    investigation.assign(found, SIGNER, "", TODAY, no_tie=True)
    investigation.record(found, "示例", TODAY, SIGNER)
    assert on(2012, 4, 9) == found.investigating_date


def test_who_investigated_does_not_sign() -> None:
    """Neither a decision nor a settlement; and no decision comes before the findings."""
    for outcome in (1, WITHDRAWN):
        with pytest.raises(SamePersonDecides):
            investigation.conclude(in_state(INVESTIGATING), outcome, "示例", TODAY, INVESTIGATOR)  # type: ignore[arg-type]
    with pytest.raises(NoFindings):
        investigation.conclude(in_state(INVESTIGATING, investigated_date=None, findings=""), 1, "示例", TODAY, SIGNER)


@pytest.mark.parametrize("account", [INVESTIGATOR, SIGNER])
def test_who_investigated_or_signed_does_not_review(account: str) -> None:
    """A third person looks at it."""
    with pytest.raises(SamePersonDecides):
        answering.decide_review(in_state(REVIEWING), 1, "示例", TODAY, account)


@pytest.mark.parametrize(("decided", "outcome"), [(1, 3), (2, 0), (2, 1), (2, 4), (2, 5)])
def test_a_review_changes_to_another_finding_or_nothing(decided: Any, outcome: Any) -> None:
    """A changed conclusion is a new one of the three; an upheld one brings none."""
    found = in_state(REVIEWING)
    answering.decide_review(found, decided, "示例", TODAY, REVIEWER)
    with pytest.raises(InvalidField):
        answering.take_outcome(found, outcome)
    answering.take_outcome(found, 3 if decided == 2 else 0)  # type: ignore[arg-type]
    assert found.outcome == (3 if decided == 2 else 1)


def test_steps_are_no_updates() -> None:
    """What a step records is neither sent with a new complaint nor updated, and what is decided not updated at all."""
    with pytest.raises(StepFact) as refused:
        check_steps(in_state(ACCEPTED), None, agreement.STEP_FIELDS)
    assert "accepted_date" == refused.value.field
    with pytest.raises(StepFact):
        check_steps(in_state(ACCEPTED), in_state(RECEIVED), agreement.STEP_FIELDS)
    check_steps(changed(in_state(ACCEPTED), narrative="示例二"), in_state(ACCEPTED), agreement.STEP_FIELDS)
    with pytest.raises(ImpossibleTransition):
        complaint.check_open(in_state(CONCLUDED))


@pytest.mark.parametrize(("new", "old"), [(CONCLUDED, INVESTIGATING), (REVIEWED, REVIEWING)])
def test_nothing_is_decided_by_correcting(new: int, old: int) -> None:
    """That would need no second person."""
    with pytest.raises(DecidedByStep):
        complaint.check_correction(in_state(new), in_state(old), "account-d")


@pytest.mark.parametrize(
    ("field", "value", "account"),
    [
        ("outcome", 2, INVESTIGATOR),
        ("decision", "示例二", INVESTIGATOR),
        ("findings", "示例二", SIGNER),
        ("review_outcome", 2, SIGNER),
        ("review_outcome", 2, INVESTIGATOR),
        ("concluded_date", on(2012, 5, 8), REVIEWER),
    ],
)
def test_nobody_corrects_what_another_answers_for(field: str, value: Any, account: str) -> None:
    """Who investigated does not rewrite the decision, who signed not the findings."""
    old = in_state(REVIEWED)
    with pytest.raises(SamePersonDecides) as refused:
        complaint.check_correction(changed(old, **{field: value}), old, account)
    assert field == refused.value.field
    complaint.check_correction(changed(old, **{field: value}), old, "account-d")


def test_a_correction_that_takes_a_step_back_forgets_who_took_it() -> None:
    """The state follows the days."""
    old = in_state(CONCLUDED)
    new = changed(old, concluded_date=None, outcome=None, decision=None)
    complaint.check(new, old, rules())
    assert (INVESTIGATING, "", INVESTIGATOR) == (new.state, new.signer, new.investigator)


def test_decided_complaints_of_the_past_are_the_district_s_to_take_over() -> None:
    """An office takes over what is open; the department and, of its own, the discipline role what is decided."""
    with pytest.raises(DecidedByStep):
        complaint.check_history(in_state(CONCLUDED), ["office_head"])
    for role in ("department", "discipline"):
        complaint.check_history(in_state(ARCHIVED), [role])
    complaint.check_history(in_state(ACCEPTED), ["office_head"])


def test_a_practitioner_s_firm_is_that_of_the_day() -> None:
    """Whoever has moved since was of the old firm then."""
    term = practitioner_pb2.FirmTerm(firm=ref("firms", 1), from_date=on(2010, 1, 1), to_date=on(2012, 3, 31))
    moved = practitioner_pb2.Practitioner(firm=ref("firms", 2), former_terms=[term])
    assert [ref("firms", 1), ref("firms", 2)] == [firm_by(moved, day) for day in (date(2012, 3, 31), date(2012, 4, 1))]


def test_registers_fit_the_kind() -> None:
    """A notary is no lawyer, a notary's office no law firm."""
    with pytest.raises(RespondentMismatch):
        respondent.check_practitioner(a_complaint(), practitioner_pb2.Practitioner(kind=3))
    respondent.check_practitioner(a_complaint(), practitioner_pb2.Practitioner(kind=1))
    with pytest.raises(RespondentMismatch):
        respondent.check_firm(a_complaint(respondent_kind=FIRM), firm_pb2.Firm(kind=5))
    respondent.check_firm(a_complaint(respondent_kind=FIRM), firm_pb2.Firm(kind=3))


def a_sanction(**fields: Any) -> sanctions.Sanction:
    """Return an order to correct to a firm."""
    given: dict[str, Any] = {
        "office": "wuma",
        "firm": ref("firms"),
        "kind": 1,
        "authority": 1,
        "decided_date": on(2012, 5, 8),
    }
    return sanctions.Sanction(**{name: value for name, value in (given | fields).items() if value is not None})


@pytest.mark.parametrize("authority", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5, 6])
def test_powers(kind: Any, authority: Any) -> None:
    """The district has its four measures, the association its sanctions, city and province the penalties."""
    permitted = {1: [1], 2: [1], 3: [1], 4: [1], 5: [2], 6: [3, 4]}[kind]
    found = a_sanction(kind=kind, authority=authority)
    if authority in permitted:
        sanction.check(found, None, rules())
        assert (sanction.PENDING if kind == 4 else 0) == found.outcome
        return
    with pytest.raises(BeyondPowers):
        sanction.check(found, None, rules())


@pytest.mark.parametrize(
    ("error", "fields"),
    [
        (OneSubject, {"practitioner": ref("practitioners")}),
        (StateMismatch, {"outcome": 2}),
        (StateMismatch, {"kind": 4, "outcome": 2}),
        (StateMismatch, {"kind": 4, "outcome_date": on(2012, 5, 9)}),
        (DateOrder, {"kind": 4, "outcome": 3, "outcome_date": on(2012, 5, 7)}),
        (BadReference, {"complaint": "示例"}),
    ],
)
def test_sanctions_that_contradict_themselves(error: type[RuleError], fields: dict[str, Any]) -> None:
    """One subject, and an outcome with its day for proposals alone."""
    with pytest.raises(error):
        sanction.check(a_sanction(**fields), None, rules())


def test_the_outcome_of_a_proposal_is_a_step() -> None:
    """It is recorded once, adopted or not, and of proposals only."""
    found = a_sanction(kind=4)
    sanction.check(found, None, rules())
    sanction.check_steps(found, None)
    with pytest.raises(StepFact):
        sanction.check_steps(changed(found, outcome=2, outcome_date=on(2012, 6, 1)), found)
    with pytest.raises(InvalidField):
        sanction.settle(found, sanction.PENDING, TODAY)
    sanction.settle(found, sanctions.PROPOSAL_OUTCOME_ADOPTED, TODAY)
    sanction.check(found, None, rules())
    with pytest.raises(SettledBefore):
        sanction.settle(found, sanctions.PROPOSAL_OUTCOME_NOT_ADOPTED, TODAY)
    with pytest.raises(NoProposal):
        sanction.settle(a_sanction(), sanctions.PROPOSAL_OUTCOME_ADOPTED, TODAY)


def test_a_sanction_fits_its_complaint() -> None:
    """True in whole or part, about the same respondent, not earlier, and without a word of who complained."""
    found = in_state(CONCLUDED, respondent_kind=FIRM, firm=ref("firms"), respondent_name=None)
    sanction.follow(a_sanction(), found, fresh=True)
    for error, one, record in (
        (NotSubstantiated, a_sanction(), changed(found, outcome=3)),
        (RespondentMismatch, a_sanction(firm=ref("firms", 2)), found),
        (DateOrder, a_sanction(decided_date=on(2012, 5, 6)), found),
        (ComplainantNamed, a_sanction(content="示例投诉人所诉"), found),
        (OneSubject, a_sanction(firm=None), found),
        (OneSubject, a_sanction(firm=None), None),
    ):
        with pytest.raises(error):
            sanction.follow(one, record, fresh=True)
    sanction.follow(a_sanction(), changed(found, outcome=3), fresh=False)


def test_a_sanction_of_a_sealed_complaint_is_sealed_and_names_nobody() -> None:
    """It is the bureau's, as the complaint."""
    found = in_state(CONCLUDED, respondent_kind=STAFF)
    one = a_sanction(firm=None)
    sanction.follow(one, found, fresh=True)
    assert (True, profile().code) == (one.sealed, one.office)
    with pytest.raises(RespondentMismatch):
        sanction.follow(a_sanction(), found, fresh=True)


@pytest.mark.parametrize("kind", [5, 6])
def test_no_measure_is_beyond_the_district(kind: Any) -> None:
    """Taking one is refused before all else."""
    with pytest.raises(BeyondPowers):
        sanction.of_complaint(in_state(CONCLUDED), kind, "示例", TODAY)


def test_a_proposal_is_settled_once() -> None:
    """Opened as a complaint about negligence, or dismissed, and then done with."""
    lawyer = practitioner_pb2.Practitioner(name=ref("practitioners"), office="wuma", kind=1)
    found = proposal.of_aid_case(ref("aidCases"), lawyer, date(2012, 5, 1))
    made = proposal.complaint_of(found, lawyer, "示例", TODAY)
    complaint.check(made, None, rules())
    assert (LAWYER, proposal.CENTRE, [pb.COMPLAINT_GROUND_NEGLIGENCE]) == (
        made.respondent_kind,
        made.transferring_unit,
        list(made.grounds),
    )
    proposal.dismiss(found, TODAY)
    for again in (
        lambda: proposal.dismiss(found, TODAY),
        lambda: proposal.open_as(found, "complaints/x", TODAY),
        lambda: proposal.complaint_of(found, lawyer, "示例", TODAY),
    ):
        with pytest.raises(SettledBefore):
            again()
