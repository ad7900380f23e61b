"""A small district, and disputes at every stretch of their way, for tests. All persons are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from geju.mediation.v1 import dispute_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain.limits import LimitRule
from services.chassis.domain.profile import Office, Place, Profile, Target
from services.chassis.domain.rules import Rules
from services.mediation.domain.dispute import attendance, closing, intake

LONG_AGO = date(2000, 1, 1)
MEDIATOR = "mediators/0198a000-0000-7000-8000-000000000001"
OTHER = "mediators/0198a000-0000-7000-8000-000000000002"
COMMITTEE = "committees/0198a000-0000-7000-8000-000000000003"


def rule(name: str, length: int, unit: str = "days", valid_from: date = LONG_AGO, **more: bool) -> LimitRule:
    """Return a time limit of mediation."""
    fixed = {"zh": name, "starts": "", "basis": "测试", "valid_from": valid_from}
    return LimitRule(id=f"mediation.{name}", length=length, unit=unit, **fixed, **more)  # type: ignore[arg-type]


LIMITS = (
    rule("close.general", 1, "months", extendable=True),
    rule("close.medical", 30, "working_days", date(2018, 10, 1), suspendable=True, extendable=True),
    rule("close.labour", 15, valid_from=date(2008, 5, 1)),
    rule("close.court_before_filing", 30, valid_from=date(2016, 7, 1)),
    rule("close.court_during_trial", 15, valid_from=date(2016, 7, 1)),
    rule("close.court_during_trial_summary", 7, valid_from=date(2016, 7, 1)),
    rule("answer_court", 3, "working_days", date(2022, 1, 1)),
    rule("confirmation", 30, valid_from=date(2011, 1, 1)),
    rule("feedback", 5, "working_days"),
    rule("return_visit.first", 30),
    rule("return_visit.major", 90),
)
PROFILE = Profile(
    code="ceshi",
    zh="测试区司法局",
    demonstration=True,
    valid_from=LONG_AGO,
    offices=(Office("jia", "甲街道司法所", "甲街道", "street", LONG_AGO),),
    places=(Place("jia01", "甲一社区", "jia", "community", LONG_AGO),),
    limits=LIMITS,
    targets=(Target("mediation.success_rate", Decimal("0.97"), 2008),),
    earmarks=(),
    rates=(),
    patterns=(),
    disclosure_threshold=10,
)
NONE = Date()


def rules(today: str = "2024-12-31") -> Rules:
    """Return the rules of the small district at noon of a day."""
    day = date.fromisoformat(today)
    return Rules(PROFILE, datetime(day.year, day.month, day.day, 4, tzinfo=UTC))


RULES = rules()


def on(day: str) -> Date:
    """Return a day as a message."""
    found = date.fromisoformat(day)
    return Date(year=found.year, month=found.month, day=found.day)


def registered(**fields: object) -> pb.Dispute:
    """Return a dispute taken in on 1 March 2024."""
    dispute = pb.Dispute(
        office="jia",
        type=pb.DISPUTE_TYPE_NEIGHBOUR,
        channel=pb.DISPUTE_CHANNEL_APPLICATION,
        parties=[
            pb.Party(side=pb.PARTY_SIDE_APPLICANT, full_name="张某某"),
            pb.Party(side=pb.PARTY_SIDE_RESPONDENT, full_name="测试甲", count=3),
        ],
        mediator=MEDIATOR,
        registered_date=on("2024-03-01"),
    )
    dispute.MergeFrom(pb.Dispute(**fields))  # type: ignore[arg-type]
    intake.register(dispute, RULES)
    return dispute


def accepted(**fields: object) -> pb.Dispute:
    """Return a dispute accepted on 4 March 2024."""
    dispute = registered(**fields)
    intake.accept(dispute, on("2024-03-04"), RULES)
    return dispute


def mediated(**fields: object) -> pb.Dispute:
    """Return a dispute with a session on 8 March 2024."""
    dispute = accepted(**fields)
    attendance.record(dispute, on("2024-03-08"), RULES, invited=False)
    return dispute


def agreement(**fields: object) -> pb.Agreement:
    """Return a written agreement to be fulfilled by the end of April 2024."""
    written = {"form": pb.AGREEMENT_FORM_WRITTEN, "fulfilment_due_date": on("2024-04-30"), "content": "各让一步"}
    return pb.Agreement(**(written | fields))  # type: ignore[arg-type]


def agreed(terms: pb.Agreement | None = None, **fields: object) -> pb.Dispute:
    """Return a dispute closed with an agreement on 15 March 2024."""
    dispute = mediated(**fields)
    ending = closing.Ending(pb.DISPUTE_OUTCOME_AGREED, terms or agreement())
    closing.close(dispute, on("2024-03-15"), ending, RULES)
    return dispute


def failed(**fields: object) -> pb.Dispute:
    """Return a dispute that failed on 15 March 2024."""
    dispute = mediated(**fields)
    ending = closing.Ending(pb.DISPUTE_OUTCOME_FAILED, ground=pb.FAILURE_GROUND_NO_CONSENSUS)
    closing.close(dispute, on("2024-03-15"), ending, RULES)
    return dispute


REFERRED = {
    "channel": pb.DISPUTE_CHANNEL_POLICE,
    "referrer": pb.Referrer(unit="测试派出所"),
}
