"""A spreadsheet line becomes the dispute that its steps would have made, or breaks the rule they would break."""

from __future__ import annotations

import pytest
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import session_pb2
from geju.mediation.v1.dispute_service_pb2 import DisputeImportRow as Row

from services.chassis.domain.errors import RuleError
from services.mediation.domain.dispute import consistency, lifecycle
from services.mediation.import_rows import again, naming_columns, replay, session_days
from services.mediation.imported_names import Handlers
from services.mediation.row_cells import filled
from tests.unit.mediation import disputes as d
from tests.unit.mediation.disputes import RULES, on

HANDLERS = Handlers(mediator=d.MEDIATOR)
LINE = {
    "office": "jia",
    "key": "2024-001",
    "type": pb.DISPUTE_TYPE_NEIGHBOUR,
    "channel": pb.DISPUTE_CHANNEL_POLICE,
    "applicants": "张某某、测试丙",
    "respondents": "测试甲",
    "referrer_unit": "测试派出所",
    "registered_date": on("2024-03-01"),
    "accepted_date": on("2024-03-04"),
    "first_session_date": on("2024-03-08"),
    "further_session_dates": "2024-03-10;2024/03/12",
    "venue": session_pb2.SESSION_VENUE_VILLAGE_END,
    "invited": "测试大学",
    "closed_date": on("2024-03-15"),
    "outcome": pb.DISPUTE_OUTCOME_AGREED,
    "agreement_form": pb.AGREEMENT_FORM_WRITTEN,
    "fulfilment_due_date": on("2024-04-30"),
    "first_visit_date": on("2024-04-10"),
    "feedback_date": on("2024-03-18"),
}


def line(**fields: object) -> Row:
    """Return a complete line with other cells; None empties one."""
    cells = {name: value for name, value in (LINE | fields).items() if value is not None}
    return Row(**cells)  # type: ignore[arg-type]


def test_a_line_takes_every_step() -> None:
    """A complete line is a dispute closed with an agreement, visited and reported."""
    dispute = replay(line(), HANDLERS, RULES)
    assert (lifecycle.AGREED, 3, on("2024-03-08")) == (dispute.state, dispute.sessions, dispute.expert_date)
    assert [party.full_name for party in dispute.parties] == ["张某某", "测试丙", "测试甲"]
    assert (on("2024-03-18"), on("2024-04-10")) == (dispute.feedback_date, dispute.return_visits[0].visit_date)


def test_an_imported_dispute_is_consistent() -> None:
    """What a line makes passes the check of whole disputes unchanged."""
    dispute, checked = replay(line(), HANDLERS, RULES), replay(line(), HANDLERS, RULES)
    consistency.check(checked, None, RULES)
    assert dispute == checked


@pytest.mark.parametrize(
    ("cells", "reason", "field"),
    [
        ({"respondents": None}, "PARTIES_REQUIRED", "applicants"),
        ({"referrer_unit": None}, "REFERRER_REQUIRED", "referrer_unit"),
        ({"accepted_date": on("2024-02-01")}, "DATE_ORDER", "accepted_date"),
        ({"first_session_date": on("2024-03-02")}, "DATE_ORDER", "first_session_date"),
        ({"closed_date": on("2024-03-09")}, "DATE_ORDER", "closed_date"),
        ({"closed_date": on("2031-01-01")}, "FUTURE_DATE", "closed_date"),
        ({"outcome": None}, "OUTCOME_REQUIRED", "outcome"),
        ({"closed_date": None}, "INVALID_FIELD", "closed_date"),
        ({"agreement_form": None}, "AGREEMENT_REQUIRED", "agreement_form"),
        ({"agreement_form": pb.AGREEMENT_FORM_ORAL}, "WRITTEN_AGREEMENT_REQUIRED", "agreement_form"),
        ({"fulfilment_due_date": None}, "FULFILMENT_DUE_REQUIRED", "fulfilment_due_date"),
        ({"further_session_dates": "三月"}, "INVALID_FIELD", "further_session_dates"),
        ({"outcome": pb.DISPUTE_OUTCOME_FAILED}, "GROUND_REQUIRED", "failure_ground"),
        ({"major": True}, "MAJOR_GROUND_REQUIRED", "major_ground"),
        ({"confirmation_date": on("2024-03-20")}, "CONFIRMATION_NOT_APPLIED", "confirmation_applied_date"),
        ({"refused_date": on("2024-03-03"), "refusal_ground": 1}, "IMPOSSIBLE_TRANSITION", "state"),
        ({"prevention_kind": 1, "prevented_date": on("2024-03-10")}, "EVIDENCE_REQUIRED", "prevention_evidence"),
    ],
)
def test_a_line_breaks_the_rules_of_its_steps(cells: dict[str, object], reason: str, field: str) -> None:
    """A wrong line is refused by the rule of the step, under the name of its column."""
    with pytest.raises(RuleError) as error, naming_columns():
        replay(line(**cells), HANDLERS, RULES)
    assert (reason, field) == (error.value.reason, error.value.field)


def test_only_the_first_session_had_the_guests() -> None:
    """Somebody invited came to the first session."""
    assert [invited for _, invited in session_days(line())] == [True, False, False]


def test_the_same_line_changes_nothing() -> None:
    """Importing a line again keeps the record as it is, with all that no column can say."""
    old = replay(line(), HANDLERS, RULES)
    old.name, old.etag, old.revision = "disputes/1", "4", 4
    old.parties[0].phone = "测试电话"
    old.papers.append(pb.FILE_PAPER_IDENTITY)
    old.return_visits[0].note = "已履行"
    assert old == over(line(), old)


def over(row: Row, old: pb.Dispute) -> pb.Dispute:
    """Import a line over a dispute."""
    told = filled(row, old)
    return again(told, Handlers(told.committee, told.centre, told.mediator), old, RULES)


#: A dispute with all that a line can say of its description and its steps.
WHOLE = line(
    place="jia-1",
    amount_fen=50_000,
    people=7,
    major=True,
    major_ground=pb.MAJOR_GROUND_PEOPLE,
    difficult=True,
    referrer_reference="公字1号",
    summary="测试",
    discussed_date=on("2024-03-09"),
    agreement_content="测试",
    agreement_subject=pb.AGREEMENT_SUBJECT_PROPERTY,
    confirmation_applied_date=on("2024-03-20"),
    confirmation_date=on("2024-03-25"),
    confirmation_result=pb.CONFIRMATION_RESULT_CONFIRMED,
    court="测试法院",
    prevention_kind=pb.PREVENTION_KIND_CRIME,
    prevented_date=on("2024-03-09"),
    prevention_evidence="测试",
)
#: Cells that say which dispute it is and how far it has come: without them a line is behind.
STEPS = {"office", "key", "accepted_date", "first_session_date", "further_session_dates", "closed_date", "outcome"}


@pytest.mark.parametrize("empty", sorted({field.name for field, _ in WHOLE.ListFields()} - STEPS))
def test_an_empty_cell_keeps_what_is_recorded(empty: str) -> None:
    """A line that lacks a column, any but those of its steps, leaves the dispute as it was."""
    old = replay(WHOLE, HANDLERS, RULES)
    row = Row()
    row.CopyFrom(WHOLE)
    row.ClearField(empty)  # type: ignore[arg-type]
    assert old == over(row, old)


def test_a_line_of_steps_alone_keeps_the_rest() -> None:
    """A line with nothing but its steps leaves description, parties and particulars as they were."""
    old = replay(WHOLE, HANDLERS, RULES)
    steps = Row(**{name: getattr(WHOLE, name) for name in STEPS})  # type: ignore[arg-type]
    assert old == over(steps, old)


def test_a_cell_that_says_no_is_no_empty_one() -> None:
    """Zero and no replace what is recorded when the row says them; with the major dispute its ground goes."""
    old = replay(line(amount_fen=50_000, major=True, major_ground=1), HANDLERS, RULES)
    new = over(line(cleared=["amount_fen", "major"]), old)
    assert (0, False, 0) == (new.amount_fen, new.major, new.major_ground)
