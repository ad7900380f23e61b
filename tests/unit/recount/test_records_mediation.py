"""The recount of mediation works last days out from what happened, as the service does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import reception_day_pb2, screening_pb2, warning_pb2

from services.mediation import register_facts
from services.mediation.domain.dispute import agreements, clocks, closing, escalation
from services.mediation.facts import dispute_facts
from tests.support.as_facts import as_facts
from tests.unit.mediation import disputes as d
from tests.unit.mediation.disputes import REFERRED, RULES, on, rule

MAJOR: dict[str, Any] = {"major": True, "major_ground": pb.MAJOR_GROUND_DEATH}
SUMMARY = pb.Referrer(unit="测试法院", materials_date=on("2024-03-02"), summary_procedure=True)
#: What figures rest on of a dispute.
READ = (
    *("type", "channel", "major", "outcome", "centre", "accepted_date", "withdrawn_date", "first_session_date"),
    *("discussed_date", "expert_date", "closed_date", "close_due", "feedback_due", "feedback_date", "fulfilment_due"),
    *("fulfilled_date", "confirmed_date", "visit1_due", "visit1_date", "visit2_due", "visit2_date"),
    *("escalated_crime_date", "escalated_mass_date", "prevented_crime_date", "prevented_fight_date"),
)


def visited() -> pb.Dispute:
    """Return a major dispute, confirmed and visited twice."""
    dispute = d.agreed(**MAJOR, **REFERRED)
    agreements.apply_confirmation(dispute, on("2024-03-20"), "测试法院", RULES)
    agreements.record_confirmation(dispute, on("2024-03-28"), pb.CONFIRMATION_RESULT_CONFIRMED, "", RULES)
    for day in ("2024-04-10", "2024-06-20"):
        agreements.record_visit(dispute, pb.ReturnVisit(visit_date=on(day)), RULES)
    return dispute


def reopened() -> pb.Dispute:
    """Return a dispute that was opened again after a visit."""
    dispute = visited()
    closing.reopen(dispute, on("2024-07-01"), "当事人反悔", RULES)
    return dispute


def stopped() -> pb.Dispute:
    """Return a medical dispute that awaits an appraisal."""
    dispute = d.accepted(type=pb.DISPUTE_TYPE_MEDICAL)
    clocks.suspend(dispute, on("2024-03-11"), "鉴定", RULES)
    return dispute


def resumed() -> pb.Dispute:
    """Return a medical dispute after the appraisal."""
    dispute = stopped()
    clocks.resume(dispute, on("2024-03-18"), RULES)
    return dispute


def extended() -> pb.Dispute:
    """Return a dispute for which both sides agreed on more time."""
    dispute = d.accepted()
    clocks.extend(dispute, on("2024-04-04"), on("2024-05-04"), RULES)
    return dispute


def escalated() -> pb.Dispute:
    """Return a dispute that turned into a crime, while a fight was prevented."""
    dispute = d.mediated()
    escalation.escalate(dispute, pb.Escalation(kind=1, escalated_date=on("2024-03-09")), RULES)
    fight = pb.Prevention(kind=pb.PREVENTION_KIND_ARMED_FIGHT, prevented_date=on("2024-03-10"), evidence="出警记录")
    escalation.prevent(dispute, fight, RULES)
    return dispute


COURSES: dict[str, Callable[[], pb.Dispute]] = {
    "registered": d.registered,
    "labour": lambda: d.accepted(type=pb.DISPUTE_TYPE_LABOUR),
    "court": lambda: d.accepted(channel=pb.DISPUTE_CHANNEL_COURT_BEFORE_FILING, referrer=pb.Referrer(unit="测试法院")),
    "summary": lambda: d.accepted(channel=pb.DISPUTE_CHANNEL_COURT_TRIAL, referrer=SUMMARY),
    "failed": lambda: d.failed(**REFERRED),
    "on the spot": lambda: d.agreed(pb.Agreement(form=pb.AGREEMENT_FORM_ORAL, performed_on_spot=True), **REFERRED),
    **{make.__name__: make for make in (visited, reopened, stopped, resumed, extended, escalated)},
}


@pytest.mark.parametrize("course", COURSES)
def test_a_dispute_is_read_as_the_service_tells_of_it(course: str) -> None:
    """Whatever its course was; of its limits nothing is looked at but the pauses."""
    record = COURSES[course]()
    told, bare = dispute_facts(record), pb.Dispute()
    bare.CopyFrom(record)
    for limit in bare.limits:
        limit.due.Clear()
    read = as_facts({"dispute": {"d": bare}}, d.PROFILE)["dispute"]["d"]
    assert {name: getattr(told, name) for name in READ} == {name: getattr(read, name) for name in READ}


def test_a_reopened_dispute_has_a_clock_of_its_own() -> None:
    """The last day follows from the day it was opened again."""
    assert on("2024-08-01") == as_facts({"dispute": {"d": reopened()}}, d.PROFILE)["dispute"]["d"].close_due


def test_rounds_are_read_as_the_service_tells_of_them() -> None:
    """Warnings with the day to settle them, reception days with their lawyers, screenings as they are."""
    limits = (rule("warning", 30),)
    profile = type("Profile", (), {"limits": limits})
    warning = warning_pb2.Warning(raised_date=on("2024-03-01"), settled_date=on("2024-03-09"), level=1)
    days = reception_day_pb2.ReceptionDay(held_date=on("2024-03-01"), lawyers=["测试甲", "测试乙"])
    screening = screening_pb2.Screening(month_date=on("2024-03-01"), reported_date=on("2024-04-02"), disputes_found=3)
    store = {"warning": {"w": warning}, "reception_day": {"r": days}, "screening": {"s": screening}}
    read = as_facts(store, profile)
    told = register_facts.warning(warning)
    told.settle_due.CopyFrom(on("2024-03-31"))
    assert told == read["warning"]["w"]
    assert register_facts.reception_day(days) == read["reception_day"]["r"]
    assert register_facts.screening(screening) == read["screening"]["s"]
