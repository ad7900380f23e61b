"""Every state and every verb: what the table permits happens, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import sanction_pb2

from services.chassis.domain.errors import AlreadyRecorded, ImpossibleTransition
from services.legalservices.domain.complaints import (
    acceptance,
    answering,
    complaint,
    investigation,
    lifecycle,
    sanction,
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
    SUPPLEMENT_REQUESTED,
    TRANSFERRED,
    TRANSITIONS,
    state_of,
)
from tests.unit.legalservices.complaints.cases import INVESTIGATOR, REVIEWER, SIGNER, STATES, TODAY, in_state, rules

Act = Callable[[pb.Complaint], Any]
SETTLED = pb.COMPLAINT_OUTCOME_SETTLED
ADMONITION = sanction_pb2.SANCTION_KIND_ADMONITION
#: Findings are recorded once, so these begin without.
_NO_FINDINGS: dict[str, Any] = {"investigated_date": None, "findings": ""}

#: Every verb; where it leads: a state, or None where it stays where it was.
VERBS: dict[str, tuple[Act, dict[int, int | None]]] = {
    "accept": (lambda c: acceptance.accept(c, date(2012, 4, 6)), {RECEIVED: ACCEPTED}),
    "refuse": (lambda c: acceptance.refuse(c, 1, TODAY, TODAY), {RECEIVED: NOT_ACCEPTED}),
    "transfer": (lambda c: acceptance.transfer(c, "示例单位", TODAY, TODAY), {RECEIVED: TRANSFERRED}),
    "request_supplement": (
        lambda c: acceptance.request_supplement(c, "示例材料", date(2012, 4, 6), date(2012, 4, 20)),
        dict.fromkeys((RECEIVED, ACCEPTED, INVESTIGATING), SUPPLEMENT_REQUESTED),
    ),
    "record_supplement": (lambda c: acceptance.record_supplement(c, TODAY), {SUPPLEMENT_REQUESTED: RECEIVED}),
    "assign": (
        lambda c: investigation.assign(c, INVESTIGATOR, "", TODAY, no_tie=True),
        {ACCEPTED: INVESTIGATING, INVESTIGATING: INVESTIGATING},
    ),
    "investigate": (lambda c: investigation.record(c, "示例", TODAY, INVESTIGATOR), {INVESTIGATING: INVESTIGATING}),
    "extend": (
        lambda c: investigation.extend(c, date(2012, 5, 2), rules()),
        {ACCEPTED: ACCEPTED, INVESTIGATING: INVESTIGATING},
    ),
    "conclude": (lambda c: investigation.conclude(c, 1, "示例", TODAY, SIGNER), {INVESTIGATING: CONCLUDED}),
    "withdraw": (
        lambda c: investigation.conclude(c, SETTLED, "示例", TODAY, SIGNER),
        dict.fromkeys((RECEIVED, ACCEPTED, SUPPLEMENT_REQUESTED, INVESTIGATING), CONCLUDED),
    ),
    "measure": (
        lambda c: sanction.of_complaint(c, ADMONITION, "示例", TODAY),
        {state: state for state in (CONCLUDED, ANSWERED, REVIEWING, REVIEWED)},
    ),
    "answer": (lambda c: answering.answer(c, "示例", TODAY), {CONCLUDED: ANSWERED}),
    "reply": (lambda c: answering.reply(c, TODAY), {state: state for state in STATES}),
    "satisfaction": (
        lambda c: answering.rate(c, 1, TODAY),
        {state: state for state in (ANSWERED, REVIEWING, REVIEWED, ARCHIVED)},
    ),
    "ask_review": (lambda c: answering.ask_review(c, "示例", TODAY), {ANSWERED: REVIEWING}),
    "decide_review": (lambda c: answering.decide_review(c, 1, "示例", TODAY, REVIEWER), {REVIEWING: REVIEWED}),
    "archive": (
        lambda c: answering.archive(c, TODAY),
        dict.fromkeys((ANSWERED, REVIEWED, NOT_ACCEPTED, TRANSFERRED), ARCHIVED),
    ),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_in_every_state(verb: str, state: int) -> None:
    """A verb leads where the table says, by the days on record too, and is refused anywhere else."""
    act, permitted = VERBS[verb]
    fresh = _NO_FINDINGS if verb in {"assign", "investigate"} and state == INVESTIGATING else {}
    found = in_state(state, channel=pb.COMPLAINT_CHANNEL_TRANSFERRED, **fresh)
    assert found.state == state
    before = found.SerializeToString(deterministic=True)
    if state not in permitted:
        with pytest.raises(ImpossibleTransition):
            act(found)
        assert before == found.SerializeToString(deterministic=True)
        return
    act(found)
    assert (permitted[state], permitted[state]) == (found.state, state_of(found))
    complaint.check(found, None, rules())
    assert permitted[state] == found.state


def test_the_tests_know_every_verb_and_state() -> None:
    """No verb of the table and no state is left out above."""
    assert set(VERBS) == set(TRANSITIONS)
    assert set(STATES) == set(pb.Complaint.State.values()) - {pb.Complaint.STATE_UNSPECIFIED}


def test_nothing_in_the_table_is_a_penalty() -> None:
    """A district bureau neither fines nor suspends: there is no such step, and no such kind of measure."""
    labels = "".join(step.zh for step in TRANSITIONS.values())
    assert not any(word in labels for word in ("罚款", "停业", "停止执业", "吊销"))
    assert {1, 2, 3, 4} == {
        kind for kind, who in sanction.POWERS.items() if sanction_pb2.SANCTION_AUTHORITY_DISTRICT in who
    }


@pytest.mark.parametrize("state", [ACCEPTED, INVESTIGATING])
def test_a_supplement_leads_back_to_where_it_was(state: int) -> None:
    """Whatever the state was when a supplement was asked for, it is the same afterwards."""
    found = in_state(state)
    acceptance.request_supplement(found, "示例材料", date(2012, 4, 20), date(2012, 5, 4))
    complaint.check(found, None, rules())
    assert found.state == SUPPLEMENT_REQUESTED
    acceptance.record_supplement(found, date(2012, 4, 27))
    complaint.check(found, None, rules())
    assert found.state == state


def test_a_withdrawal_ends_the_wait_for_a_supplement() -> None:
    """The clock that stood still ends with the complaint."""
    found = in_state(SUPPLEMENT_REQUESTED)
    investigation.conclude(found, pb.COMPLAINT_OUTCOME_WITHDRAWN, "示例", date(2012, 4, 10), SIGNER)
    complaint.check(found, None, rules())
    assert (CONCLUDED, 10) == (found.state, found.pauses[0].to_date.day)


def test_only_what_is_archived_is_closed() -> None:
    """The complainant's data are needed until the end."""
    assert [ARCHIVED] == [state for state in STATES if lifecycle.is_closed(in_state(state))]


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (VERBS["assign"][0], INVESTIGATING),
        (VERBS["investigate"][0], INVESTIGATING),
        (lambda c: (answering.rate(c, 1, TODAY), answering.rate(c, 2, TODAY)), ANSWERED),
        (lambda c: (answering.reply(c, TODAY), answering.reply(c, TODAY)), ANSWERED),
    ],
)
def test_what_is_recorded_once_is_not_recorded_again(act: Act, state: int) -> None:
    """A second record of findings, satisfaction or reply is a correction, not a step."""
    with pytest.raises(AlreadyRecorded):
        act(in_state(state, channel=pb.COMPLAINT_CHANNEL_TRANSFERRED))
