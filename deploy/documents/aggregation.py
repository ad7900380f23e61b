# ruff: noqa: INP001 - a script, no package
"""Writes the template of a published report, with the names that `services/aggregation/report_paper.py` fills in."""

from __future__ import annotations

from wordfile import table, write

_PATTERNS = table(
    (
        ("格局", "{{ pattern.label }}", 1000, "left"),
        ("责任部门", "{{ pattern.department }}", 2000, "left"),
        ("达成度", "{{ pattern.share }}", 845, "right"),
        ("构成", "{{ pattern.words }}", 5000, "left"),
    ),
    "pattern in unit.patterns",
)
_FIGURES = table(
    (
        ("指标", "{{ figure.label }}", 2405, "left"),
        ("n", "{{ figure.n }}", 1150, "right"),
        ("N", "{{ figure.total }}", 1150, "right"),
        ("值", "{{ figure.value }}", 1400, "right"),
        ("目标", "{{ figure.target }}", 1000, "right"),
        ("达成度", "{{ figure.share }}", 900, "right"),
        ("状态", "{{ figure.light }}", 840, "left"),
    ),
    "figure in section.figures",
)
REPORT = (
    "# {{ title }}",
    "^ {{ period }}",
    "{%p if demonstration %}",
    "^ {{ demonstration }}",
    "{%p endif %}",
    "{%p for fact in facts %}",
    "~ {{ fact }}",
    "{%p endfor %}",
    "{%p for unit in units %}",
    "## {{ unit.label }}",
    _PATTERNS,
    "{%p for section in unit.sections %}",
    "## {{ section.label }}",
    _FIGURES,
    "{%p endfor %}",
    "{%p endfor %}",
    "",
    "{%p for line in legend %}",
    "& ~ {{ line }}",
    "{%p endfor %}",
    "& 填表人(签名):　　　　　　　　审核人(签名):　　　　　　　　",
    "& 负责人(签名):　　　　　　　　",
    "& > {{ issuer }}(盖章)",
    "> 　　　　年　　月　　日",
)


def main() -> None:
    """Write the template."""
    write("aggregation_report", REPORT)


if __name__ == "__main__":
    main()
