"""A small invented district for the tests of the registers, and the present day in it."""

from __future__ import annotations

from datetime import date

from services.chassis.domain.profile import LimitRule, Office, Place, Profile, RateRule
from services.chassis.domain.rules import Rules
from tests.support.records import UUID, changed, on, ref, rules_of

__all__ = ["PROFILE", "TODAY", "UUID", "changed", "on", "ref", "rules"]

BEGAN = date(2000, 1, 1)
TODAY = date(2012, 6, 15)
RATES = (
    RateRule(
        "测试标准一",
        date(2008, 1, 1),
        date(2012, 5, 15),
        {
            "simple": {"agreement": 3000, "confirmed": 3000},
            "difficult": {"agreement": 10000, "confirmed": 10000},
            "major": {"agreement": 30000, "confirmed": 30000},
        },
        50000,
    ),
    RateRule(
        "测试标准二",
        date(2012, 5, 16),
        None,
        {
            "simple": {"agreement": 5000, "confirmed": 8000},
            "difficult": {"agreement": 15000, "confirmed": 20000},
            "major": {"agreement": 50000, "confirmed": 60000},
        },
        100000,
    ),
)
LIMITS = (
    LimitRule("mediation.screening", "每月排查报告", "month_end", 5, "days", "测试", BEGAN, date(2012, 6, 1)),
    LimitRule("mediation.screening", "每月排查报告", "month_end", 3, "working_days", "测试", date(2012, 6, 2)),
    LimitRule("mediation.warning", "预警化解", "raised", 30, "days", "测试", BEGAN, date(2012, 6, 1)),
    LimitRule("mediation.warning", "预警化解", "raised", 10, "days", "测试", date(2012, 6, 2)),
)
PROFILE = Profile(
    code="district",
    zh="示范区",
    demonstration=True,
    valid_from=BEGAN,
    offices=tuple(Office(code, f"{code}所", f"{code}街", "street", BEGAN) for code in ("north", "south")),
    places=(
        Place("north-1", "北一村", "north", "village", BEGAN),
        Place("north-2", "北二社区", "north", "community", BEGAN),
        Place("south-1", "南一村", "south", "village", BEGAN),
    ),
    limits=LIMITS,
    targets=(),
    earmarks=(),
    rates=RATES,
    patterns=(),
    disclosure_threshold=3,
)


def rules(today: date = TODAY) -> Rules:
    """Return the rules at 10 o'clock in the morning of a day in Shanghai."""
    return rules_of(PROFILE, today)
