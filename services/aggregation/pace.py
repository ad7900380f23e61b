"""Pace: how what a year owes stands against the share of the year that has passed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor

from geju.aggregation.v1 import work_pb2 as pb

from services.aggregation import catalogue
from services.aggregation.attainment import value_of
from services.aggregation.board import pattern_of
from services.aggregation.figures import Figures
from services.aggregation.indicator import Better, Indicator
from services.aggregation.periods import Level, period_of
from services.aggregation.rollup import DISTRICT, Stored
from services.chassis.domain.profile import Profile

#: What the offices of an account are called together.
OWN = "所辖各单位"
#: Of each office, how much is done and how much is owed.
Done = Mapping[str, tuple[int, int]]


def passed(as_of: date) -> Fraction:
    """Return the share of the year that has passed at the end of a day."""
    year = period_of(as_of, Level.YEAR)
    return Fraction((as_of - year.start).days + 1, (year.end - year.start).days + 1)


def of_quotas(
    counted: Iterable[tuple[Indicator, Done]], asked: str, figures: Figures, *, all_seen: bool
) -> list[pb.Pace]:
    """Return the pace of quotas: of all offices together unless one is asked for, then of each that owes something."""
    found: list[pb.Pace] = []
    for indicator, done in counted:
        target = figures.profile.target(indicator.code, figures.as_of.year)
        if target is None:
            continue
        rows = [(unit, *done[unit]) for unit in _units(figures.profile) if unit in done]
        if not asked and rows:
            rows.insert(0, (DISTRICT, sum(row[1] for row in rows), sum(row[2] for row in rows)))
        for unit, achieved, owed in rows:
            label = OWN if unit == DISTRICT and not all_seen else figures.unit_label(unit)
            needed = ceil(Fraction(target.value) * owed)
            found.append(_message(indicator, (unit, label), achieved, needed, figures.as_of))
    return found


def of_the_district(rows: Iterable[Stored], figures: Figures, patterns: Collection[str]) -> list[pb.Pace]:
    """Return the pace of counts that have a target for the year: it binds the district as a whole."""
    stored = {row.indicator: row for row in rows if not row.breakdown}
    found = []
    for indicator, needed in yearly(figures.profile, figures.as_of.year):
        if not patterns or pattern_of(figures.profile, indicator) in patterns:
            row = stored.get(indicator.code)
            value = None if row is None else value_of(indicator, row.n, row.total)
            unit = (DISTRICT, figures.unit_label(DISTRICT))
            found.append(_message(indicator, unit, floor(value or 0), needed, figures.as_of))
    return found


def yearly(profile: Profile, year: int) -> Iterator[tuple[Indicator, int]]:
    """Give the counts that should reach a number within the year, with the number."""
    for indicator in catalogue.INDICATORS:
        target = profile.target(indicator.code, year)
        counts = indicator.better is Better.UP and not indicator.form.has_total
        if target is not None and target.per == "year" and counts:
            yield indicator, ceil(Fraction(target.value))


def _units(profile: Profile) -> list[str]:
    return [*(office.code for office in profile.offices), profile.code]


def _message(indicator: Indicator, unit: tuple[str, str], done: int, needed: int, as_of: date) -> pb.Pace:
    now = floor(needed * passed(as_of))
    measure = indicator.work.steps[0].unit if indicator.work and indicator.work.steps else indicator.unit
    return pb.Pace(
        indicator=indicator.code,
        label=indicator.zh,
        unit=unit[0],
        unit_label=unit[1],
        measure=measure,
        done=done,
        needed_now=now,
        needed=needed,
        behind=done < now,
        text=words(done, now, needed, measure),
    )


def words(done: int, now: int, needed: int, measure: str) -> str:
    """Return where somebody stands, in Chinese."""
    if done >= needed:
        return f"已完成 {done} {measure},已达到全年应完成的 {needed} {measure}"
    stands = f",落后 {now - done} {measure}" if done < now else ",未落后"
    return f"已完成 {done} {measure},按时间进度应完成 {now} {measure}(全年 {needed} {measure}){stands}"
