"""Which document a case calls for in which state, and what it lacks for the others."""

from __future__ import annotations

import pytest
from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import aid_case_service_pb2 as rpc

from services.chassis.contract import field_option
from services.chassis.domain.papers import DocumentNotYet
from services.legalaid.domain.cases import papers
from tests.support.records import changed, on
from tests.unit.legalaid.cases import cases as c

State = pb.AidCase
DOCUMENTS = [value for value in rpc.AidDocument.values() if value]
#: In every state, of an application.
ALWAYS = {"APPLICATION_FORM", "RECEIPT"}
DECIDED = ALWAYS | {"GRANT_DECISION", "SERVICE_RETURN"}
HANDLED = DECIDED | {"ASSIGNMENT_LETTER"}
REFUSED = ALWAYS | {"REFUSAL_DECISION", "SERVICE_RETURN"}
IN_STATE = {
    State.STATE_RECEIVED: ALWAYS,
    State.STATE_SUPPLEMENT_REQUESTED: ALWAYS | {"SUPPLEMENT_NOTICE", "SERVICE_RETURN"},
    State.STATE_WITHDRAWN: ALWAYS,
    State.STATE_TRANSFERRED: ALWAYS | {"TRANSFER_LETTER"},
    State.STATE_REFUSED: REFUSED,
    State.STATE_OBJECTED: REFUSED,
    State.STATE_GRANTED: DECIDED,
    State.STATE_ASSIGNED: HANDLED,
    State.STATE_IN_PROGRESS: HANDLED,
    State.STATE_CLOSED: HANDLED | {"CLOSING_REPORT"},
    State.STATE_FILE_RETURNED: HANDLED | {"CLOSING_REPORT"},
    State.STATE_RATED: HANDLED | {"CLOSING_REPORT"},
    State.STATE_ENDED: HANDLED,
}
PAID = {"subsidy_date": on(2024, 7, 1), "subsidy_fen": 150_000}


def applying(case: pb.AidCase) -> set[str]:
    """Return the documents that a case calls for."""
    names = rpc.AidDocument.Name
    return {
        names(number).removeprefix("AID_DOCUMENT_") for number in DOCUMENTS if not papers.PAPERS[number].missing(case)
    }


def test_every_document_has_its_paper() -> None:
    """What the contract promises is in the table, and no personal field of a case is forgotten there."""
    assert DOCUMENTS == list(papers.PAPERS)
    assert set(c.STATES) == set(IN_STATE)
    fields = (*pb.AidCase.DESCRIPTOR.fields, *pb.AidPause.DESCRIPTOR.fields)
    assert papers.PERSONAL == {field.name for field in fields if field_option(field).personal}


@pytest.mark.parametrize("state", c.STATES, ids=State.State.Name)
def test_each_state_has_its_documents(state: State.State.ValueType) -> None:
    """A document can be given out from the step that it tells of, and is refused before, with what is missing."""
    case = c.case(**c.STATES[state])
    assert IN_STATE[state] == applying(case)
    for document in DOCUMENTS:
        if papers.PAPERS[document].missing(case):
            with pytest.raises(DocumentNotYet, match=r"^还不能出具此文书:(尚|案件尚|援助已).+。$"):
                papers.check(case, document)
        else:
            papers.check(case, document)


@pytest.mark.parametrize("state", [State.STATE_CLOSED, State.STATE_ENDED])
def test_a_payment_has_its_statement(state: State.State.ValueType) -> None:
    """Whoever handled a case to whichever end has a statement when the subsidy was paid."""
    case = changed(c.case(**c.STATES[state]), **PAID)
    assert IN_STATE[state] | {"SUBSIDY_STATEMENT"} == applying(case)


def test_a_notified_case_has_neither_application_nor_decision() -> None:
    """The organ that gave notice gets the assignment letter, and signs for it."""
    case = c.case(**c.NOTICE, **c.CLOSED)
    assert {"ASSIGNMENT_LETTER", "CLOSING_REPORT", "SERVICE_RETURN"} == applying(case)
    assert [rpc.AID_DOCUMENT_ASSIGNMENT_LETTER] == papers.to_serve(case)
    assert {"person_name"} == papers.personal(case, rpc.AID_DOCUMENT_ASSIGNMENT_LETTER)
    with pytest.raises(DocumentNotYet, match="不经申请"):
        papers.check(case, rpc.AID_DOCUMENT_RECEIPT)
    with pytest.raises(DocumentNotYet, match="不作给予援助决定"):
        papers.check(case, rpc.AID_DOCUMENT_GRANT_DECISION)


def test_an_overturned_refusal_leaves_both_decisions_on_file() -> None:
    """The file holds the refusal and the grant that followed, and both are served."""
    case = c.case(**c.OVERTURNED)
    assert DECIDED | REFUSED == applying(case)
    assert [rpc.AID_DOCUMENT_REFUSAL_DECISION, rpc.AID_DOCUMENT_GRANT_DECISION] == papers.to_serve(case)


def test_nobody_is_written_to_without_a_name() -> None:
    """A case that mediation handed on, or whose person was erased, has no letters; who pays needs no name."""
    case = changed(c.case(**c.CLOSED), person_name=None, **PAID)
    assert {"SUBSIDY_STATEMENT"} == applying(case)
    with pytest.raises(DocumentNotYet, match="尚未登记受援人姓名"):
        papers.check(case, rpc.AID_DOCUMENT_CLOSING_REPORT)


def test_a_supplement_is_named() -> None:
    """A notice that asks for nothing is none."""
    case = c.case(pauses=[pb.AidPause(from_date=on(2024, 3, 4))])
    assert ALWAYS == applying(case)
    with pytest.raises(DocumentNotYet, match="尚未登记需要补充的材料"):
        papers.check(case, rpc.AID_DOCUMENT_SUPPLEMENT_NOTICE)
