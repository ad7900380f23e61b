"""When intake of a type of dispute in an office is unusual: 28 days against the same days of earlier years.

The method is described, with its limits and its false-alarm rate, in docs/warnings.md. In short: were nothing unusual,
each dispute of the windows compared would be as likely to fall into any one of them, so the number in the present one
is binomial, whatever the true rate is. The tail of that distribution is the probability of so many or more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geju.mediation.v1 import warning_pb2

from services.chassis.domain.dates import add_months

#: Days of a window, the last one included.
WINDOW_DAYS = 28
#: Earlier years that are looked at, and how many of them there must be.
YEARS, MIN_YEARS = 5, 2
#: Fewer disputes than this are no wave, however rare they were before.
MIN_COUNT = 5
#: A rise below half as much again is growth, not a wave: it is significant only because the numbers are large.
MIN_RATIO = 1.5
#: The level of a rise by its probability, the highest first. The last bound is the bound of false alarms.
LEVELS = (
    (0.00001, warning_pb2.WARNING_LEVEL_RED),
    (0.0001, warning_pb2.WARNING_LEVEL_ORANGE),
    (0.001, warning_pb2.WARNING_LEVEL_YELLOW),
    (0.005, warning_pb2.WARNING_LEVEL_BLUE),
)
FALSE_ALARM_BOUND = LEVELS[-1][0]


@dataclass(frozen=True, slots=True)
class Window:
    """A span of days, both ends included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in the window."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Rise:
    """An unusual rise: `expected` is the mean of the earlier windows, `probability` of so many or more by chance."""

    level: warning_pb2.WarningLevel.ValueType
    observed: int
    expected: float
    probability: float


def windows(as_of: date, since: date) -> list[Window]:
    """Return the window that ends on a day and, newest first, those of earlier years that records reach back to.

    `since` is the first day that the office's records know of: a year before it was not quiet, it is unknown.
    """
    ends = [add_months(as_of, -12 * year) for year in range(YEARS + 1)]
    found = [Window(end - timedelta(days=WINDOW_DAYS - 1), end) for end in ends]
    return found[:1] + [window for window in found[1:] if window.first >= since]


def judge(observed: int, earlier: Sequence[int]) -> Rise | None:
    """Return the rise of a window's intake over the same window of earlier years; None when nothing is unusual."""
    total = sum(earlier)
    if len(earlier) < MIN_YEARS or observed < MIN_COUNT or observed * len(earlier) < MIN_RATIO * total:
        return None
    probability = tail(observed, observed + total, 1 / (len(earlier) + 1))
    level = next((level for bound, level in LEVELS if probability <= bound), None)
    if level is None:
        return None
    return Rise(level, observed, total / len(earlier), probability)


def tail(least: int, trials: int, chance: float) -> float:
    """Return the probability of `least` or more successes in `trials` of the same chance (above 0, below 1)."""
    if least <= 0:
        return 1.0
    log_term = math.lgamma(trials + 1) - math.lgamma(least + 1) - math.lgamma(trials - least + 1)
    log_term += least * math.log(chance) + (trials - least) * math.log1p(-chance)
    odds, term, total = chance / (1 - chance), math.exp(log_term), 0.0
    for successes in range(least, trials + 1):
        total += term
        term *= odds * (trials - successes) / (successes + 1)
    return min(total, 1.0)
