"""Reports as files: what stands in a workbook and in a document."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from geju.aggregation.v1 import report_pb2
from geju.aggregation.v1.report_service_pb2 import ListRestatementsResponse
from openpyxl import load_workbook

from services.aggregation import report_words, standards
from services.aggregation.publication import OVERALL, Publication, publication
from services.aggregation.report_book import Restated, workbook
from services.aggregation.report_paper import SMALL, TEMPLATE, paper
from services.aggregation.reports import Report
from services.aggregation.rollup import Stored
from services.chassis.context import Caller
from services.chassis.documents import render
from services.chassis.domain.papers import NoTemplate
from services.chassis.profile_file import load
from tests.support.documents import everything_in, render_strictly

PROFILE = load(Path(__file__).parents[3] / "deploy" / "districts" / "lucheng")
AUDITOR = Caller("审计", frozenset({"auditor"}), frozenset("*"))
CLERK = Caller("录入", frozenset({"clerk"}), frozenset({"wuma"}))
CLOSED = datetime(2012, 6, 2, 1, 30, tzinfo=UTC)
EVIL = '=HYPERLINK("http://x","看")'
REPORT = Report(
    "2012-05", 1, date(2012, 6, 2), CLOSED, CLOSED, "某科", EVIL, "0123456789ab", {}, b"\x01" * 32, 3, 9, UUID(int=1),
    standards.freeze(PROFILE, 2012),
)  # fmt: skip
NOTHING_CHANGED = Restated(ListRestatementsResponse())


def stored(indicator: str, n: int, total: int = 0, unit: str = "", breakdown: str = "", key: str = "") -> Stored:
    """Return a figure of May."""
    return Stored("2012-05", unit, indicator, breakdown, key, n, total)


FIGURES = [
    stored("mediation.success_rate", 110, 113),
    stored("mediation.success_rate", 9, 10, "wuma"),
    stored("mediation.success_rate", 100, 103, "", "type", "traffic"),
    stored("mediation.accepted", 1234),
    stored("mediation.subsidy_paid", 123456),
    stored("legalaid.accepted_growth", 5, 40),
]


def published(unit: str | None = None, caller: Caller = AUDITOR, report: Report = REPORT) -> Publication:
    """Return the report as a caller is shown it."""
    return publication(report, FIGURES, unit, caller, PROFILE)


def book(found: Publication, restated: Restated = NOTHING_CHANGED) -> Any:
    """Return the workbook, read again."""
    return load_workbook(io.BytesIO(workbook(found, restated).content))


def row(sheet: Any, label: str, unit: str = "全区") -> dict[str, Any]:
    """Return the row of an indicator and unit, by heading."""
    head = [cell.value for cell in sheet[3]]
    rows = (dict(zip(head, cells, strict=True)) for cells in sheet.iter_rows(min_row=4))
    return next(found for found in rows if (found["指标"].value, found["单位"].value) == (label, unit))


def test_a_rate_stands_beside_its_n_and_total_as_numbers() -> None:
    """Percent is shown as percent, from n and N themselves; money is in yuan; a count has no N."""
    sheet = book(published())["大调解"]
    rate, count, money = (row(sheet, label) for label in ("调解成功率", "受理纠纷数", "调解补贴发放额"))
    assert (110, 113, 110 / 113, "0.00%") == (*(rate[c].value for c in ("n", "N", "值")), rate["值"].number_format)
    assert (1234, None, 1234, '#,##0" 件"') == (*(count[c].value for c in ("n", "N", "值")), count["值"].number_format)
    assert (1234.56, '#,##0.00" 元"') == (money["值"].value, money["值"].number_format)
    assert 1234.56 == money["n"].value
    assert ("≥ 97%", "● 达标", 1, 5) == tuple(rate[c].value for c in ("目标", "状态", "达成度", "权重"))


def test_a_rate_of_few_is_marked() -> None:
    """Nine of ten are no percentage to build on: workbook and document say so."""
    found = published()
    small = row(book(found)["大调解"], "调解成功率", "五马司法所")
    assert report_words.SMALL in small["说明"].value
    assert f"90.00%{SMALL}" in everything_in(render(paper(found)))


def test_every_sheet_is_there_and_its_head_stays_in_sight() -> None:
    """A cover, a sheet for each pattern with figures, the offices, the breakdowns and what has changed since."""
    found = book(published())
    assert ["封面", "大调解", "大法援", "各所达成度", "分项", "更正"] == found.sheetnames
    assert "B4" == found["大调解"].freeze_panes
    assert "各所达成度" not in book(published("wuma")).sheetnames
    told = [cell.value for cells in found["封面"].iter_rows() for cell in cells]
    for words in (
        "2012-05",
        "第 1 版",
        "某科",
        "2012-06-02 09:30",
        "0123456789ab",
        "01" * 32,
        report_words.DEMONSTRATION,
    ):
        assert words in told


def test_nothing_in_a_workbook_is_a_formula() -> None:
    """A remark that a spreadsheet program would run is a text."""
    cells = [c for sheet in book(published()) for cells in sheet.iter_rows() for c in cells]
    assert EVIL in [cell.value for cell in cells]
    assert {"f"}.isdisjoint(cell.data_type for cell in cells)


def test_the_same_report_is_the_same_bytes() -> None:
    """Files say to be of the closing; whenever they are made, their digests can be compared."""
    for make in (lambda: workbook(published(), NOTHING_CHANGED), lambda: render(paper(published()))):
        assert make().content == make().content
    document = render(paper(published()))
    assert "2012-06-02T01:30:00Z" in everything_in(document)
    assert "五大格局-2012-05-第1版-全区及各司法所.docx" == document.file_name


def test_the_template_knows_every_name_and_all_patterns_are_told() -> None:
    """Nothing in the document is left out for want of a name; n and N stand beside the rate; it can be signed."""
    render_strictly(paper(published()))
    told = everything_in(render(paper(published())))
    for words in ("110", "113", "97.35%", "大法援", "+12.50%", "五马司法所", "负责人(签名)", "2012年5月"):
        assert words in told
    bare = replace(published(), profile=replace(PROFILE, documents={}))
    with pytest.raises(NoTemplate):
        paper(bare)
    assert TEMPLATE in PROFILE.documents


def test_what_is_withheld_is_withheld_in_the_file() -> None:
    """A cell of few persons has neither n nor value, and the cover of a year says how many are withheld."""
    few = [
        Stored("2012", unit, "correction.ended", breakdown, key, n, 0)
        for unit in ("", "wuma")
        for breakdown, key, n in (("", "", 23), ("ground", "revoked", 3), ("ground", "term_served", 20))
    ]
    found = publication(replace(REPORT, period="2012"), few, "", CLERK, PROFILE)
    hidden = [figure for figure in found.figures if figure.withheld]
    assert hidden
    rows = [[c.value for c in cells] for cells in book(found)["分项"].iter_rows(min_row=2)]
    assert [(None, None, "不公开")] * len(hidden) == [tuple(r[4:7]) for r in rows if r[6] == "不公开"]
    assert ("不公开的数字", f"{len(hidden)} 项") in report_words.facts(found)


def test_restatements_name_records_and_who_entered_them() -> None:
    """Two sheets: figures then and now with the change, and the records; or why there is none to see."""
    then = next(f for f in published("").figures if f.indicator == "mediation.subsidy_paid")
    cause = report_pb2.Cause(record="disputes/1", cause=report_pb2.CAUSE_KIND_ADDED, n_change=150, actor="补录员")
    cause.evidence.add(record="sessions/2", actor="记录员")
    change = report_pb2.Restatement(published=then, current=then, n_change=150, causes=[cause], cause_count=1)
    found = book(published(""), Restated(ListRestatementsResponse(restatements=[change], redefined=["a.b"])))
    assert [1.5, 0, 1] == [cell.value for cell in found["更正"][4]][-3:]
    assert ["disputes/1", "补录", "补录员"] == [cell.value for cell in found["更正记录"][2]][2:5]
    assert ["└ sessions/2", "依据", "记录员"] == [cell.value for cell in found["更正记录"][3]][2:5]
    change.causes_withheld = True
    assert "涉及的记录不公开" in report_words.restated_words(ListRestatementsResponse(restatements=[change]))
    told = "您的角色无权查看"
    assert told == book(published(""), Restated(None, told))["更正"]["A1"].value


def test_what_was_attained_stays_when_targets_and_weights_change() -> None:
    """A report is judged by the targets of its closing; one that kept none, by those of today."""
    harder = replace(
        PROFILE,
        targets=tuple(replace(target, value=Decimal(1)) for target in PROFILE.targets),
        patterns=tuple(replace(p, weights=dict.fromkeys(p.weights, 1)) for p in PROFILE.patterns),
    )
    then = publication(REPORT, FIGURES, "", AUDITOR, PROFILE)
    now = publication(REPORT, FIGURES, "", AUDITOR, harder)
    assert (then.figures, then.patterns) == (now.figures, now.patterns)
    judged = next(p for p in then.patterns if p.pattern == "mediation")
    assert 1 == judged.attainment
    overall = then.patterns[-1]
    assert ("", OVERALL, 1) == (overall.pattern, overall.label, overall.attainment)
    bare = publication(replace(REPORT, standards={}), FIGURES, "", AUDITOR, harder)
    assert 1 > next(p for p in bare.patterns if p.pattern == "mediation").attainment


@pytest.mark.parametrize(
    ("code", "words"),
    [("2012-11", "2012年11月"), ("2012-Q3", "2012年第三季度"), ("2012-Q4", "2012年第四季度"), ("2012", "2012年")],
)
def test_periods_are_told_as_people_say_them(code: str, words: str) -> None:
    """Months, quarters and years."""
    assert words == report_words.period_words(code)
