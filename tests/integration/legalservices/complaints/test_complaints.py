"""Complaints in a real store: their course, who does what, what follows, what is found together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from geju.common.v1 import import_pb2
from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import facts_pb2
from geju.legalservices.v1 import sanction_pb2 as sanctions

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import NotFound
from services.legalservices.domain.complaints import clocks, lifecycle
from services.legalservices.domain.complaints.errors import TiedInvestigator
from tests.integration.legalservices.complaints.conftest import (
    CLERK,
    COMPLAINTS,
    ELSEWHERE,
    HEAD,
    INVESTIGATOR,
    OFFICE,
    OTHER_OFFICE,
    SANCTIONS,
    Bench,
    a_complaint,
    caller,
)
from tests.integration.servicers import DEPARTMENT
from tests.support.records import on, ref

REVIEWER = caller("reviewer-wuma", "office_head")
ADMONITION, PROPOSAL = sanctions.SANCTION_KIND_ADMONITION, sanctions.SANCTION_KIND_PENALTY_PROPOSAL


async def test_a_complaint_from_receipt_to_archive(bench: Bench) -> None:
    """Accepted, investigated, decided, answered, reviewed, archived; every limit has its day."""
    found = await bench.concluded()
    found = await bench.step("AnswerComplaint", found, answer="示例答复", answered_date=on(2012, 5, 23))
    found = await bench.step("RecordSatisfaction", found, satisfaction=2, satisfaction_date=on(2012, 5, 24))
    found = await bench.step("AskReview", found, review_reason="示例理由", review_asked_date=on(2012, 5, 25))
    decided: dict[str, Any] = {"review_outcome": 2, "outcome": 2, "review_decision": "示例决定"}
    found = await bench.step("DecideReview", found, REVIEWER, **decided)
    found = await bench.step("ArchiveComplaint", found)
    assert (lifecycle.ARCHIVED, pb.COMPLAINT_OUTCOME_PARTLY) == (found.state, found.outcome)
    assert (INVESTIGATOR.subject, HEAD.subject, REVIEWER.subject) == (found.investigator, found.signer, found.reviewer)
    assert {one.rule: to_date(one.due) for one in found.limits if not one.void} == {
        clocks.ACCEPT: date(2012, 5, 14),
        clocks.CONCLUDE: date(2012, 7, 7),
        clocks.ANSWER: date(2012, 5, 28),
        clocks.REVIEW: date(2012, 6, 24),
    }
    [facts] = await bench.facts("complaint", facts_pb2.ComplaintFacts)
    assert (16, on(2012, 5, 28), on(2012, 6, 1)) == (facts.days, facts.answer_due, facts.archived_date)
    assert found == await bench.read(found.name)


async def test_a_supplement_stops_the_clock(bench: Bench) -> None:
    """While it is awaited nothing of the bureau's is due; afterwards the last day has moved."""
    found = await bench.receive()
    asked: dict[str, Any] = {"requested": "示例材料", "supplement_due_date": on(2012, 6, 8)}
    found = await bench.step("RequestSupplement", found, **asked, from_date=on(2012, 5, 9))
    assert lifecycle.SUPPLEMENT_REQUESTED == found.state
    [row] = await bench.rows("SELECT next_due, next_rule FROM complaint")
    assert (date(2012, 6, 8), clocks.SUPPLEMENT_DUE) == tuple(row)
    found = await bench.step("RecordSupplement", found, to_date=on(2012, 5, 11))
    assert lifecycle.RECEIVED == found.state
    assert date(2012, 5, 16) == clocks.due_of(found.limits, clocks.ACCEPT)


async def test_what_is_not_supplied_is_refused_afterwards(bench: Bench) -> None:
    """Given up after its last day, and refused with that ground; the complainant was told."""
    found = await bench.receive()
    asked: dict[str, Any] = {"requested": "示例材料", "supplement_due_date": on(2012, 5, 18)}
    await bench.step("RequestSupplement", found, **asked, from_date=on(2012, 5, 9))
    ground = pb.COMPLAINT_REFUSAL_GROUND_NOT_SUPPLIED
    early = await bench.refused(COMPLAINTS + "RefuseComplaint", CLERK, name=found.name, refusal_ground=ground)
    assert ("IMPOSSIBLE_TRANSITION", "state") == early
    await bench.step("RecordSupplement", found, to_date=on(2012, 5, 21))
    found = await bench.step("RefuseComplaint", found, refusal_ground=ground, refused_date=on(2012, 5, 21))
    assert (lifecycle.NOT_ACCEPTED, on(2012, 5, 21)) == (found.state, found.refusal_told_date)
    assert lifecycle.ARCHIVED == (await bench.step("ArchiveComplaint", found)).state


async def test_a_complaint_is_handed_on(bench: Bench) -> None:
    """To the competent unit, which the complainant is told."""
    found = await bench.receive()
    found = await bench.step("TransferComplaint", found, transferred_unit="示例单位", transferred_date=on(2012, 5, 9))
    assert (lifecycle.TRANSFERRED, "示例单位") == (found.state, found.transferred_unit)


async def test_what_was_handed_over_is_replied_to(bench: Bench) -> None:
    """Once, with a limit of its own."""
    found = await bench.receive(channel=pb.COMPLAINT_CHANNEL_PETITION_OFFICE, transferring_unit="示例信访局")
    assert date(2012, 5, 22) == clocks.due_of(found.limits, clocks.REPLY)
    found = await bench.step("ReplyToUnit", found, replied_date=on(2012, 5, 20))
    assert on(2012, 5, 20) == found.limits[-1].met_date
    assert ("ALREADY_RECORDED", "replied_date") == await bench.refused(
        COMPLAINTS + "ReplyToUnit", CLERK, name=found.name
    )


async def test_the_time_is_extended_once(bench: Bench) -> None:
    """By thirty days, with a reason in the trail."""
    found = await bench.receive()
    await bench.step("AcceptComplaint", found, accepted_date=on(2012, 5, 8))
    found = await bench.step("ExtendComplaint", found, HEAD, reason="案情复杂")
    assert date(2012, 8, 6) == clocks.due_of(found.limits, clocks.CONCLUDE)
    again = await bench.refused(COMPLAINTS + "ExtendComplaint", HEAD, name=found.name, reason="案情复杂")
    assert ("EXTENDED_BEFORE", "extended_date") == again


async def test_three_people_handle_a_complaint(bench: Bench) -> None:
    """Investigator, signer and reviewer are three, and only the investigator tells the findings."""
    found = await bench.receive()
    await bench.step("AcceptComplaint", found, accepted_date=on(2012, 5, 8))
    name = {"name": found.name}
    nobody: dict[str, Any] = {"investigator": INVESTIGATOR.subject}
    assert ("NO_TIE_DECLARATION", "no_tie") == await bench.refused(
        COMPLAINTS + "AssignInvestigator", HEAD, **name, **nobody
    )
    await bench.step("AssignInvestigator", found, HEAD, **nobody, no_tie=True, investigating_date=on(2012, 5, 9))
    told = {"findings": "示例查明情况"}
    assert ("NOT_THE_INVESTIGATOR", "investigator") == await bench.refused(
        COMPLAINTS + "RecordInvestigation", HEAD, **name, **told
    )
    decision: dict[str, Any] = {"outcome": 3, "decision": "示例"}
    conclude = COMPLAINTS + "ConcludeComplaint"
    assert ("NO_FINDINGS", "outcome") == await bench.refused(conclude, HEAD, **name, **decision)
    await bench.step("RecordInvestigation", found, INVESTIGATOR, **told)
    assert ("SAME_PERSON_DECIDES", "signer") == await bench.refused(conclude, INVESTIGATOR, **name, **decision)
    await bench.step("ConcludeComplaint", found, HEAD, **decision)
    await bench.step("AnswerComplaint", found, answer="示例")
    await bench.step("AskReview", found, review_reason="示例")
    review: dict[str, Any] = {"review_outcome": 1, "review_decision": "示例"}
    for by in (HEAD, INVESTIGATOR):
        refused = await bench.refused(COMPLAINTS + "DecideReview", by, **name, **review)
        assert ("SAME_PERSON_DECIDES", "reviewer") == refused


async def test_nobody_of_the_respondent_s_firm_investigates(bench: Bench) -> None:
    """Neither of the firm on the day of receipt nor of one that is in no register."""
    lawyer = await bench.practitioner()
    found = await bench.receive(practitioner=lawyer.name, respondent_name=None)
    assert lawyer.firm == found.firm
    await bench.step("AcceptComplaint", found, accepted_date=on(2012, 5, 8))
    given: dict[str, Any] = {"name": found.name, "investigator": INVESTIGATOR.subject, "no_tie": True}
    assign = COMPLAINTS + "AssignInvestigator"
    tied = await bench.refused(assign, HEAD, **given, investigator_firm=lawyer.firm)
    assert ("TIED_INVESTIGATOR", "investigator_firm") == tied
    unknown = await bench.refused(assign, HEAD, **given, investigator_firm=ref("firms", 7))
    assert ("UNKNOWN_REFERENCE", "investigator_firm") == unknown
    assert lifecycle.ACCEPTED == (await bench.read(found.name)).state
    other = await bench.firm()
    await bench.call(assign, HEAD, **given, investigator_firm=other.name)
    colleague = await bench.practitioner(other)
    for verb in ("Update", "Correct"):  # nor does the complaint come to be about the firm afterwards
        with pytest.raises(TiedInvestigator):
            await bench.change(verb, found, HEAD, practitioner=colleague.name)
    assert lawyer.name == (await bench.read(found.name)).practitioner


async def test_findings_do_not_name_the_complainant(bench: Bench) -> None:
    """The respondent reads them; nothing is written then."""
    lawyer = await bench.practitioner()
    found = await bench.concluded(practitioner=lawyer.name, respondent_name=None)
    measure: dict[str, Any] = {"name": found.name, "kind": ADMONITION, "content": "因示例投诉人投诉"}
    assert ("COMPLAINANT_NAMED", "content") == await bench.refused(COMPLAINTS + "TakeMeasure", HEAD, **measure)
    for field in ("findings", "decision"):
        with pytest.raises(Exception, match="投诉人的姓名") as error:
            await bench.change("Correct", found, DEPARTMENT, **{field: "示例投诉人来访"})
        assert "COMPLAINANT_NAMED" == error.value.reason  # type: ignore[attr-defined]


async def test_a_measure_follows_in_one_transaction(bench: Bench) -> None:
    """Of a complaint that was found true: the measure is a record of its own, the proposal gets its outcome."""
    firm = await bench.firm()
    about: dict[str, Any] = {"respondent_kind": pb.RESPONDENT_KIND_FIRM, "firm": firm.name, "respondent_name": None}
    found = await bench.concluded(**about)
    measure: dict[str, Any] = {"name": found.name, "kind": PROPOSAL, "content": "示例建议"}
    for by, beyond in ((HEAD, 5), (DEPARTMENT, 6)):
        assert ("BEYOND_POWERS", "kind") == await bench.refused(
            COMPLAINTS + "TakeMeasure", by, **measure | {"kind": beyond}
        )
    answer = await bench.call(COMPLAINTS + "TakeMeasure", HEAD, **measure, decided_date=on(2012, 5, 22))
    made = answer.sanction
    assert (found.name, firm.name, "", sanctions.PROPOSAL_OUTCOME_PENDING) == (
        made.complaint,
        made.firm,
        made.practitioner,
        made.outcome,
    )
    assert answer.complaint.revision == found.revision + 1
    assert answer.complaint.limits[0].state
    outcome: dict[str, Any] = {"name": made.name, "outcome": 2, "outcome_date": on(2012, 5, 30)}
    made = (await bench.call(SANCTIONS + "RecordProposalOutcome", DEPARTMENT, **outcome)).sanction
    assert sanctions.PROPOSAL_OUTCOME_ADOPTED == made.outcome
    assert ("SETTLED_BEFORE", "outcome") == await bench.refused(SANCTIONS + "RecordProposalOutcome", **outcome)
    [facts] = await bench.facts("sanction", facts_pb2.SanctionFacts)
    assert (found.name.partition("/")[2], on(2012, 5, 30)) == (facts.complaint, facts.outcome_date)


async def test_an_unsubstantiated_complaint_has_no_measure(bench: Bench) -> None:
    """Neither by the step nor by recording a sanction that refers to it."""
    lawyer = await bench.practitioner()
    found = await bench.concluded(3, practitioner=lawyer.name, respondent_name=None)
    given: dict[str, Any] = {"name": found.name, "kind": ADMONITION, "content": "示例"}
    assert ("NOT_SUBSTANTIATED", "outcome") == await bench.refused(COMPLAINTS + "TakeMeasure", HEAD, **given)
    record = sanctions.Sanction(
        office=OFFICE,
        complaint=found.name,
        practitioner=lawyer.name,
        kind=ADMONITION,
        authority=sanctions.SANCTION_AUTHORITY_DISTRICT,
        decided_date=on(2012, 5, 25),
    )
    refused = await bench.refused(SANCTIONS + "CreateSanction", HEAD, sanction=record)
    assert ("NOT_SUBSTANTIATED", "complaint") == refused
    assert 0 == await bench.count("sanction")


async def test_a_respondent_in_no_register_has_no_measure(bench: Bench) -> None:
    """It would be about nobody: the firm or practitioner is registered first."""
    found = await bench.concluded()
    measure: dict[str, Any] = {"name": found.name, "kind": ADMONITION, "content": "示例"}
    assert ("ONE_SUBJECT", "firm") == await bench.refused(COMPLAINTS + "TakeMeasure", HEAD, **measure)


async def test_a_complaint_with_measures_is_not_deleted(bench: Bench) -> None:
    """What followed from it would hang in the air; without any it may go."""
    lawyer = await bench.practitioner()
    found = await bench.concluded(practitioner=lawyer.name, respondent_name=None)
    measure: dict[str, Any] = {"name": found.name, "kind": ADMONITION, "content": "示例"}
    made = (await bench.call(COMPLAINTS + "TakeMeasure", HEAD, **measure)).sanction
    delete: dict[str, Any] = {"name": found.name, "reason": "重复登记"}
    refused = await bench.refused(COMPLAINTS + "DeleteComplaint", HEAD, **delete)
    assert ("IMPOSSIBLE_TRANSITION", "name") == refused
    await bench.call(SANCTIONS + "DeleteSanction", HEAD, name=made.name, reason="重复登记")
    await bench.call(COMPLAINTS + "DeleteComplaint", HEAD, **delete)
    assert 0 == await bench.count("complaint")


async def test_sanctions_of_others_are_recorded(bench: Bench) -> None:
    """Created and imported, by resource name, own number or licence number; an outcome of the past comes with them."""
    lawyer = await bench.practitioner(key="L-1")
    given: dict[str, Any] = {"office": OTHER_OFFICE, "decided_date": on(2010, 5, 25)}
    rows = [
        sanctions.Sanction(**given, key="S-1", kind=5, authority=2, practitioner="L-1"),
        sanctions.Sanction(**given, key="S-2", kind=6, authority=4, practitioner=lawyer.licence_number),
        sanctions.Sanction(
            **given, key="S-3", kind=4, authority=1, practitioner=lawyer.name, outcome=3, outcome_date=on(2010, 7, 1)
        ),
        sanctions.Sanction(**given, key="S-4", kind=6, authority=1, practitioner=lawyer.name),
        sanctions.Sanction(**given, key="S-5", kind=5, authority=2, practitioner="L-9"),
    ]
    numbered = [{"row": number, "sanction": one} for number, one in enumerate(rows, 2)]
    verdicts = (await bench.call(SANCTIONS + "ImportSanctions", rows=numbered)).verdicts
    good, bad = import_pb2.ROW_OUTCOME_CREATED, import_pb2.ROW_OUTCOME_REJECTED
    assert [good, good, good, bad, bad] == [one.outcome for one in verdicts]
    step = sanctions.Sanction(**given, kind=4, authority=1, practitioner=lawyer.name, outcome=2)
    assert "STATE_MISMATCH" == (await bench.refused(SANCTIONS + "CreateSanction", sanction=step))[0]
    step.outcome_date.CopyFrom(on(2010, 7, 1))
    assert ("STEP_FACT", "outcome") == await bench.refused(SANCTIONS + "CreateSanction", sanction=step)


async def test_steps_are_recorded_by_steps(bench: Bench) -> None:
    """A new complaint and an update carry none of their facts; correcting does, with a reason, but decides nothing."""
    sent = a_complaint(accepted_date=on(2012, 5, 8))
    assert ("STEP_FACT", "accepted_date") == await bench.refused(COMPLAINTS + "CreateComplaint", CLERK, complaint=sent)
    found = await bench.receive()
    update = {"complaint": {"name": found.name, "accepted_date": on(2012, 5, 8)}}
    assert ("STEP_FACT", "accepted_date") == await bench.refused(COMPLAINTS + "UpdateComplaint", CLERK, **update)
    found = await bench.change("Correct", found, accepted_date=on(2012, 5, 8))
    assert lifecycle.ACCEPTED == found.state
    assert date(2012, 7, 7) == clocks.due_of(found.limits, clocks.CONCLUDE)
    changed = {"complaint": {"name": found.name, "concluded_date": on(2012, 5, 20), "outcome": 1}}
    changed |= {"update_mask": {"paths": ["concluded_date", "outcome"]}, "reason": "登记有误"}
    assert ("DECIDED_BY_STEP", "concluded_date") == await bench.refused(
        COMPLAINTS + "CorrectComplaint", HEAD, **changed
    )


async def test_a_correction_moves_the_limits(bench: Bench) -> None:
    """Of a closed complaint too; who signed does not rewrite what was found."""
    found = await bench.concluded()
    wrong = {"complaint": {"name": found.name, "narrative": "示例二"}}
    assert ("IMPOSSIBLE_TRANSITION", "state") == await bench.refused(COMPLAINTS + "UpdateComplaint", HEAD, **wrong)
    found = await bench.change("Correct", found, accepted_date=on(2012, 5, 9))
    assert date(2012, 7, 8) == clocks.due_of(found.limits, clocks.CONCLUDE)
    same = {"complaint": {"name": found.name, "findings": "示例二"}, "update_mask": {"paths": ["findings"]}}
    refused = await bench.refused(COMPLAINTS + "CorrectComplaint", HEAD, **same, reason="登记有误")
    assert ("SAME_PERSON_DECIDES", "findings") == refused
    mismatch = {"complaint": {"name": found.name}, "update_mask": {"paths": ["outcome"]}, "reason": "登记有误"}
    assert ("STATE_MISMATCH", "concluded_date") == await bench.refused(COMPLAINTS + "CorrectComplaint", **mismatch)


async def test_years_of_complaints_are_taken_over(bench: Bench) -> None:
    """With their days and outcomes; limits and state follow from those, and the same sheet again changes nothing."""
    lawyer = await bench.practitioner(key="L-1")
    past: dict[str, Any] = {"received_date": on(2008, 3, 3), "accepted_date": on(2008, 3, 12)}
    ended: dict[str, Any] = {"outcome": 1, "concluded_date": on(2008, 4, 30), "answered_date": on(2008, 5, 6)}
    rows = [
        a_complaint(key="T-1", **past, **ended, practitioner=lawyer.licence_number, respondent_name=None),
        a_complaint(key="T-2", **past, **ended, archived_date=on(2008, 6, 2)),
        a_complaint(key="T-3", received_date=on(2009, 3, 2), refused_date=on(2009, 3, 5), refusal_ground=1),
        a_complaint(key="T-4", received_date=on(2009, 3, 2), outcome=4, concluded_date=on(2009, 3, 5)),
        a_complaint(key="T-5", received_date=on(2009, 3, 2), outcome=1, concluded_date=on(2009, 3, 5)),
        a_complaint(key="T-6", **past, **ended, practitioner="示例证无", respondent_name=None),
    ]
    good, bad = import_pb2.ROW_OUTCOME_CREATED, import_pb2.ROW_OUTCOME_REJECTED
    verdicts = await bench.take_over(*rows)
    assert [good] * 4 + [bad] * 2 == [one.outcome for one in verdicts]
    assert {"outcome", "practitioner"} == {one.errors[0].field for one in verdicts[4:]}
    first = await bench.read(verdicts[0].name)
    assert (lifecycle.ANSWERED, lawyer.firm, "") == (first.state, first.firm, first.signer)
    assert first.receipt_code
    [accept] = [one for one in first.limits if one.rule == clocks.ACCEPT]
    assert (on(2008, 3, 10), on(2008, 3, 12)) == (accept.due, accept.met_date)
    again = await bench.take_over(*rows[:4])
    assert [import_pb2.ROW_OUTCOME_UNCHANGED] * 4 == [one.outcome for one in again]
    assert first == await bench.read(verdicts[0].name)


async def test_who_takes_over_what(bench: Bench) -> None:
    """A clerk takes over receipts, a head the course of open ones, the department what is decided."""
    accepted = a_complaint(key="T-1", accepted_date=on(2012, 5, 8))
    decided = a_complaint(key="T-2", accepted_date=on(2012, 5, 8), outcome=1, concluded_date=on(2012, 5, 9))
    clerk = await bench.take_over(a_complaint(key="T-0"), accepted, by=CLERK)
    assert ["", "STEP_FACT"] == ["".join(error.reason for error in one.errors) for one in clerk]
    head = await bench.take_over(accepted, decided, by=HEAD)
    assert ["", "DECIDED_BY_STEP"] == ["".join(error.reason for error in one.errors) for one in head]
    await bench.take_over(decided)
    [verdict] = await bench.take_over(a_complaint(key="T-2", narrative="示例二"), by=CLERK)
    assert "IMPOSSIBLE_TRANSITION" == verdict.errors[0].reason
    later = a_complaint(key="T-1", outcome=1, concluded_date=on(2012, 5, 9))
    [verdict] = await bench.take_over(later)
    assert "DECIDED_BY_STEP" == verdict.errors[0].reason


async def test_offices_see_their_own_complaints(bench: Bench) -> None:
    """Another office does not, though the respondent is of its register."""
    lawyer = await bench.practitioner()
    found = await bench.receive(practitioner=lawyer.name, respondent_name=None)
    with pytest.raises(NotFound):
        await bench.read(found.name, ELSEWHERE)
    assert ("NOT_FOUND", "name") == await bench.refused(COMPLAINTS + "AcceptComplaint", ELSEWHERE, name=found.name)
    assert ("PURPOSE_REQUIRED", "purpose") == await bench.refused(
        COMPLAINTS + "ListRelatedComplaints", name=found.name, purpose=""
    )


async def test_the_registers_must_know_the_respondent(bench: Bench) -> None:
    """Of the right kind; the firm is the practitioner's, whatever was sent."""
    notary = await bench.firm(kind=5)
    about: dict[str, Any] = {"respondent_name": None, "respondent_kind": pb.RESPONDENT_KIND_FIRM, "firm": notary.name}
    create = COMPLAINTS + "CreateComplaint"
    assert ("RESPONDENT_MISMATCH", "firm") == await bench.refused(create, complaint=a_complaint(**about))
    nobody = a_complaint(respondent_name=None, practitioner=ref("practitioners", 7))
    assert ("UNKNOWN_REFERENCE", "practitioner") == await bench.refused(create, complaint=nobody)
    lawyer = await bench.practitioner()
    found = await bench.receive(respondent_name=None, practitioner=lawyer.name, firm=notary.name)
    assert lawyer.firm == found.firm


async def test_repeated_complaints_are_shown_together(bench: Bench) -> None:
    """About the same practitioner, the same firm or, in no register, somebody of the same name, newest first."""
    lawyer, firm = await bench.practitioner(), await bench.firm()
    same: dict[str, Any] = {"practitioner": lawyer.name, "respondent_name": None}
    office: dict[str, Any] = {"respondent_kind": pb.RESPONDENT_KIND_FIRM, "firm": firm.name, "respondent_name": None}
    for fields in (same, office, {"respondent_name": "示例乙 "}):
        first, second = await bench.receive(**fields), await bench.receive(**fields)
        answer = await bench.call(COMPLAINTS + "ListRelatedComplaints", CLERK, name=first.name)
        assert [second.name, first.name] == [one.name for one in answer.complaints]
    unnamed = await bench.receive(respondent_name=None)
    await bench.receive(respondent_name=None)
    answer = await bench.call(COMPLAINTS + "ListRelatedComplaints", CLERK, name=unnamed.name)
    assert [unnamed.name] == [one.name for one in answer.complaints]
    await bench.receive(DEPARTMENT, office=OTHER_OFFICE, **same)
    reads = await bench.rows("SELECT count(*) FROM audit WHERE method LIKE '%ListRelated%' AND change = 'read'")
    assert reads[0][0] == 4 * 1 + 2 * 3 + 1


async def test_stale_and_repeated_steps(bench: Bench) -> None:
    """A step on what another has changed is refused; the same request twice has one effect."""
    found = await bench.receive()
    given: dict[str, Any] = {"name": found.name, "etag": found.etag, "accepted_date": on(2012, 5, 8)}
    given["request_id"] = "0198c0de-0000-7000-8000-000000000009"
    first = await bench.call(COMPLAINTS + "AcceptComplaint", CLERK, **given)
    assert first == await bench.call(COMPLAINTS + "AcceptComplaint", CLERK, **given)
    given["request_id"] = "0198c0de-0000-7000-8000-000000000010"
    assert ("STALE_ETAG", "etag") == await bench.refused(COMPLAINTS + "AcceptComplaint", CLERK, **given)
    early: dict[str, Any] = {"name": found.name, "reason": "案情复杂", "extended_date": on(2012, 5, 7)}
    assert ("DATE_ORDER", "extended_date") == await bench.refused(COMPLAINTS + "ExtendComplaint", HEAD, **early)
