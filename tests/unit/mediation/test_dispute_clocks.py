"""A dispute's time limits follow from its record."""

from __future__ import annotations

from datetime import date

import pytest
from geju.common.v1 import limit_pb2
from geju.mediation.v1 import dispute_pb2 as pb

from services.chassis.domain import limits
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder, LimitNotSuspended
from services.mediation.domain.dispute import agreements, clocks, closing, consistency, intake
from services.mediation.domain.errors import (
    ExtensionTooLate,
    LimitNotExtendable,
    LimitNotSuspendable,
    NoRunningLimit,
)
from tests.unit.mediation import disputes as d
from tests.unit.mediation.disputes import NONE, REFERRED, RULES, on

MEDICAL = {"type": pb.DISPUTE_TYPE_MEDICAL}
COURT = {
    "channel": pb.DISPUTE_CHANNEL_COURT_BEFORE_FILING,
    "referrer": pb.Referrer(unit="测试法院", materials_date=on("2024-02-29")),
}
TRIAL = COURT | {"channel": pb.DISPUTE_CHANNEL_COURT_TRIAL}
SUMMARY = TRIAL | {"referrer": pb.Referrer(unit="测试法院", materials_date=on("2024-02-29"), summary_procedure=True)}


def closing_limit(dispute: pb.Dispute) -> tuple[str, date | None]:
    """Return the rule and the last day of the limit for closing."""
    limit = clocks.closing_limit(dispute)
    assert limit is not None
    return limit.rule.removeprefix("mediation.close."), to_date(limit.due)


def due(dispute: pb.Dispute, rule: str) -> date | None:
    """Return the last day of a limit that is called for."""
    found = clocks.limit_due(dispute, rule)
    return None if found is None else to_date(found)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ("general", date(2024, 4, 4))),
        (MEDICAL, ("medical", date(2024, 4, 16))),
        ({"type": pb.DISPUTE_TYPE_LABOUR}, ("labour", date(2024, 3, 16))),
        ({"type": pb.DISPUTE_TYPE_UNPAID_WAGES}, ("labour", date(2024, 3, 16))),
        (COURT, ("court_before_filing", date(2024, 3, 30))),
        (TRIAL, ("court_during_trial", date(2024, 3, 15))),
        (SUMMARY, ("court_during_trial_summary", date(2024, 3, 7))),
    ],
)
def test_each_dispute_closes_by_its_own_rule(fields: dict[str, object], expected: tuple[str, date]) -> None:
    """Court channels, medical and labour disputes have a limit of their own, all others the general one."""
    assert expected == closing_limit(d.accepted(**fields))


def test_before_its_law_a_special_limit_is_the_general_one() -> None:
    """A medical dispute of 2012 closes within the general limit."""
    dispute = d.registered(**MEDICAL)
    dispute.registered_date.CopyFrom(on("2012-03-01"))
    intake.accept(dispute, on("2012-03-05"), RULES)
    assert ("general", date(2012, 4, 5)) == closing_limit(dispute)


def test_a_court_is_answered_in_three_working_days() -> None:
    """The answer to a court runs from the papers and is given by accepting or refusing."""
    dispute = d.registered(**COURT)
    assert date(2024, 3, 5) == due(dispute, clocks.ANSWER)
    intake.refuse(dispute, on("2024-03-06"), pb.REFUSAL_GROUND_PARTY_UNWILLING, "", RULES)
    assert limits.state(dispute.limits[0], RULES.today) == limit_pb2.LIMIT_STATE_LATE


def test_closing_meets_the_limit_and_starts_the_next() -> None:
    """An agreement meets the limit for closing and starts those for visit and feedback; a second visit if major."""
    dispute = d.agreed(major=True, major_ground=pb.MAJOR_GROUND_DEATH, **REFERRED)
    states = {limit.rule: limits.state(limit, date(2024, 3, 16)) for limit in dispute.limits}
    running = limit_pb2.LIMIT_STATE_RUNNING
    assert {
        "mediation.close.general": limit_pb2.LIMIT_STATE_MET,
        clocks.FEEDBACK: running,
        clocks.VISIT: running,
        clocks.MAJOR_VISIT: running,
    } == states
    assert date(2024, 3, 22) == due(dispute, clocks.FEEDBACK)
    assert (date(2024, 4, 14), date(2024, 6, 13)) == (due(dispute, clocks.VISIT), due(dispute, clocks.MAJOR_VISIT))


def test_visits_meet_their_limits_one_after_the_other() -> None:
    """The first visit meets the first limit, the second the second."""
    dispute = d.agreed(major=True, major_ground=pb.MAJOR_GROUND_DEATH)
    for day in ("2024-04-10", "2024-06-20"):
        agreements.record_visit(dispute, pb.ReturnVisit(visit_date=on(day)), RULES)
    states = [
        limits.state(limits.find(dispute.limits, rule), RULES.today) for rule in (clocks.VISIT, clocks.MAJOR_VISIT)
    ]  # type: ignore[arg-type]
    assert states == [limit_pb2.LIMIT_STATE_MET, limit_pb2.LIMIT_STATE_LATE]


def test_an_appraisal_stops_a_medical_clock() -> None:
    """The working days of an appraisal do not count."""
    dispute = d.accepted(**MEDICAL)
    clocks.suspend(dispute, on("2024-03-11"), "鉴定", RULES)
    clocks.resume(dispute, on("2024-03-18"), RULES)
    limit = clocks.closing_limit(dispute)
    assert limit is not None
    assert (5, date(2024, 4, 23)) == (limit.suspended_days, to_date(limit.due))


def test_closing_ends_a_pause() -> None:
    """A dispute closed while its clock stood is in time, with the pause ended that day."""
    dispute = d.mediated(**MEDICAL)
    clocks.suspend(dispute, on("2024-03-11"), "鉴定", RULES)
    closing.close(dispute, on("2024-08-01"), closing.Ending(pb.DISPUTE_OUTCOME_REFUSED_BY_PARTY), RULES)
    limit = clocks.closing_limit(dispute)
    assert limit is not None
    assert (limits.state(limit, RULES.today), limits.is_suspended(limit)) == (limit_pb2.LIMIT_STATE_MET, False)


def test_other_clocks_do_not_stop() -> None:
    """Only where the rule permits it a clock is stopped, and only a stopped one goes on."""
    with pytest.raises(LimitNotSuspendable):
        clocks.suspend(d.accepted(), NONE, "鉴定", RULES)
    with pytest.raises(LimitNotSuspended):
        clocks.resume(d.accepted(**MEDICAL), NONE, RULES)


def test_both_parties_may_agree_on_longer() -> None:
    """An extension agreed on before the end moves the end; later, or backwards, it does not."""
    dispute = d.accepted()
    with pytest.raises(ExtensionTooLate):
        clocks.extend(dispute, on("2024-04-05"), on("2024-05-04"), RULES)
    with pytest.raises(DateOrder):
        clocks.extend(dispute, on("2024-04-04"), on("2024-04-04"), RULES)
    clocks.extend(dispute, on("2024-04-04"), on("2024-05-04"), RULES)
    assert ("general", date(2024, 5, 4)) == closing_limit(dispute)
    with pytest.raises(LimitNotExtendable):
        clocks.extend(d.accepted(type=pb.DISPUTE_TYPE_LABOUR), on("2024-03-10"), on("2024-05-04"), RULES)


def test_what_is_not_accepted_has_no_clock_for_closing() -> None:
    """A registered dispute has no limit to stop."""
    dispute = d.registered()
    assert clocks.closing_limit(dispute) is None
    dispute.state = pb.Dispute.STATE_ACCEPTED
    with pytest.raises(NoRunningLimit):
        clocks.suspend(dispute, NONE, "鉴定", RULES)


def test_a_reopened_dispute_gets_a_new_clock() -> None:
    """Reopening starts the limit anew, leaves the first one as it ended and calls off visits."""
    dispute = d.agreed()
    closing.reopen(dispute, on("2024-06-01"), "当事人反悔", RULES)
    assert ("general", date(2024, 7, 1)) == closing_limit(dispute)
    states = [limits.state(limit, date(2024, 6, 2)) for limit in dispute.limits]
    met, void, running = limit_pb2.LIMIT_STATE_MET, limit_pb2.LIMIT_STATE_VOID, limit_pb2.LIMIT_STATE_RUNNING
    assert [met, void, running] == states


def test_a_corrected_day_moves_the_clock() -> None:
    """The limit of a dispute whose day of acceptance is corrected ends accordingly."""
    dispute = d.agreed()
    dispute.accepted_date.CopyFrom(on("2024-03-06"))
    consistency.check(dispute, d.agreed(), RULES)
    assert ("general", date(2024, 4, 6)) == closing_limit(dispute)


def test_a_corrected_type_changes_the_rule() -> None:
    """A dispute corrected to be a labour one closes by the labour limit, and back."""
    dispute = d.agreed()
    for kind, expected in ((pb.DISPUTE_TYPE_LABOUR, "labour"), (pb.DISPUTE_TYPE_OTHER, "general")):
        dispute.type = kind
        consistency.check(dispute, d.agreed(), RULES)
        assert expected == closing_limit(dispute)[0]


def test_setting_clocks_twice_changes_nothing() -> None:
    """What follows from the record follows from it again."""
    dispute = d.agreed(major=True, major_ground=pb.MAJOR_GROUND_DEATH, **COURT)
    before = pb.Dispute()
    before.CopyFrom(dispute)
    clocks.sync(dispute, RULES)
    assert before == dispute
