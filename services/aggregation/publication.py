"""A report as someone is shown it: its figures as published, and how far the patterns had come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from geju.aggregation.v1 import figure_pb2, report_pb2

from services.aggregation import standards
from services.aggregation.board import BoardMaker
from services.aggregation.disclosure import Disclosure, published
from services.aggregation.figures import Figures
from services.aggregation.periods import parse
from services.aggregation.reports import Report
from services.aggregation.rollup import DISTRICT, Stored
from services.chassis.context import Caller
from services.chassis.domain.profile import Profile

#: Label of the attainment of all patterns together.
OVERALL = "总体"


@dataclass(frozen=True)
class Publication:
    """A report for one caller; `unit` None is every unit."""

    report: Report
    unit: str | None
    #: The district as it judged when the period was closed.
    profile: Profile
    figures: Sequence[figure_pb2.Figure]
    patterns: Sequence[report_pb2.ReportPattern]

    @property
    def unit_label(self) -> str:
        """What it is of."""
        return "全区及各司法所" if self.unit is None else Figures(self.profile, self.report.as_of).unit_label(self.unit)


def figures_then(report: Report, profile: Profile, shown: Disclosure) -> Figures:
    """Return what makes the figures of a report: judged by the targets of its closing, whatever they are today."""
    return Figures(standards.restore(profile, report.standards), report.as_of, shown)


def publication(
    report: Report, every: Sequence[Stored], unit: str | None, caller: Caller, profile: Profile
) -> Publication:
    """Return a report of a unit; `every` are its figures of all units that decide what the caller is shown."""
    shown = published(caller, every, profile, report.period, report.edition)
    figures = figures_then(report, profile, shown)
    chosen = shown.completed(f for f in every if unit in {None, f.unit} and figures.knows(f))
    messages, patterns = [figures.figure(f) for f in chosen], [*_patterns(figures, report, chosen)]
    return Publication(report, unit, figures.profile, messages, patterns)


def _patterns(figures: Figures, report: Report, chosen: Iterable[Stored]) -> Iterator[report_pb2.ReportPattern]:
    """Give how far the patterns of the district and of each office had come; the bureau itself is not judged."""
    wholes: dict[str, dict[str, Stored]] = defaultdict(dict)
    for figure in chosen:
        if not figure.breakdown:
            wholes[figure.unit][figure.indicator] = figure
    for unit in (DISTRICT, *(office.code for office in figures.profile.offices)):
        if unit not in wholes:
            continue
        whole = wholes[unit]
        maker = BoardMaker(figures, unit, parse(report.period), whole.__contains__)
        for pattern in figures.profile.patterns:
            found = maker.summary(pattern, whole)
            share = found.attainment if found.HasField("attainment") else None
            yield report_pb2.ReportPattern(
                unit=unit,
                unit_label=figures.unit_label(unit),
                pattern=pattern.code,
                label=pattern.zh,
                department=pattern.department,
                attainment=share,
                attainment_text=found.attainment_text,
            )
        overall = maker.overall(whole)
        if overall is not None:
            share = None if overall.share is None else float(overall.share)
            label = figures.unit_label(unit)
            yield report_pb2.ReportPattern(
                unit=unit, unit_label=label, label=OVERALL, attainment=share, attainment_text=overall.words
            )
