"""A report as a document to print and sign, through the district's template."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from geju.aggregation.v1 import figure_pb2, report_pb2

from services.aggregation import report_words as words
from services.aggregation.publication import Publication
from services.chassis.documents import Source
from services.chassis.domain.papers import NoTemplate
from services.chassis.domain.percentages import percent

TEMPLATE = "aggregation_report"
#: Beside a rate that rests on few.
SMALL = "※"


def paper(found: Publication) -> Source:
    """Return all that rendering needs; see `deploy/documents/aggregation.py`. Raises NoTemplate."""
    template = found.profile.documents.get(TEMPLATE)
    if template is None:
        raise NoTemplate("format", template=TEMPLATE)
    context = {
        "title": words.title(found),
        "period": f"({words.period_words(found.report.period)})",
        "demonstration": words.DEMONSTRATION if found.profile.demonstration else "",
        "facts": ["　".join(f"{label}:{value}" for label, value in line if value) for line in _lines(found)],
        "units": _units(found),
        "legend": [*words.LEGEND, f"{SMALL} {words.SMALL}"],
        "issuer": found.profile.zh,
    }
    return Source(template, words.file_name(found, ".docx"), context, found.report.closed)


def _lines(found: Publication) -> list[list[tuple[str, str]]]:
    """Return what the report is: what is short on common lines."""
    facts = words.facts(found)
    return [facts[:4], facts[4:6], *([fact] for fact in facts[6:] if fact[1])]


def _units(found: Publication) -> list[dict[str, Any]]:
    """Return every unit with its patterns and their figures."""
    sections: dict[str, list[dict[str, Any]]] = {}
    labels: dict[str, str] = {}
    for section in words.sections(found):
        by_unit: dict[str, list[dict[str, str]]] = defaultdict(list)
        for figure in section.figures:
            labels[figure.unit] = figure.unit_label
            by_unit[figure.unit].append(_figure(figure))
        for unit, figures in by_unit.items():
            sections.setdefault(unit, []).append({"label": section.pattern.zh, "figures": figures})
    judged: dict[str, list[dict[str, str]]] = defaultdict(list)
    for pattern in found.patterns:
        judged[pattern.unit].append(_pattern(pattern))
    return [{"label": labels[unit], "patterns": judged[unit], "sections": held} for unit, held in sections.items()]


def _pattern(pattern: report_pb2.ReportPattern) -> dict[str, str]:
    share = percent(pattern.attainment) if pattern.HasField("attainment") else "不评"
    return {
        "label": pattern.label,
        "department": pattern.department,
        "share": share,
        "words": pattern.attainment_text,
    }


def _figure(figure: figure_pb2.Figure) -> dict[str, str]:
    n, total = words.counts(figure)
    return {
        "label": figure.label,
        "n": words.count_words(n),
        "total": words.count_words(total),
        "value": words.value_words(figure) + (SMALL if figure.small else ""),
        "target": words.target_words(figure),
        "share": percent(figure.attainment) if figure.HasField("attainment") else "",
        "light": words.light_words(figure),
    }
