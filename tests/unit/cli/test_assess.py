"""`geju assess`: the ranking, every point of one office, and what is tried."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from geju.aggregation.v1 import assessment_pb2 as pb
from geju.aggregation.v1 import assessment_service_pb2, figure_pb2
from rich.cells import cell_len
from rich.console import Console, Group

from services.cli import assessments, session
from services.cli.commands.assess import what_if
from services.cli.failure import Exit, Failure
from services.client import Home

SUCCESS = "mediation.success_rate"
LABELS = {
    "mediation": "大调解",
    "legalaid": "大法援",
    "publicity": "大普法",
    "legalservices": "大服务",
    "correction": "大帮教",
}


def office(label: str, rank: int, **more: str) -> pb.OfficeAssessment:
    """Return an office with a point lost and one indicator that is not judged."""
    figure = figure_pb2.Figure(
        indicator=SUCCESS, label="调解成功率", n=1, denominator=2, value="0.5", measure="%", form=figure_pb2.FORM_RATIO,
        target=figure_pb2.Target(value="0.97"), better=figure_pb2.BETTER_UP, attainment=0.515464,
    )  # fmt: skip
    standing = pb.Standing(score="71.13", rank=rank, of=18, tied=True, text="" if rank else "在册 3 天")
    lines = [
        pb.AssessedIndicator(figure=figure, weight=5, gained="21.13", lost="28.87", text="须到 97.00%;得 21.13 分"),
        pb.AssessedIndicator(figure=figure_pb2.Figure(label="回访率"), weight=1, text="尚无应计入的记录,不评"),
    ]
    patterns = [
        pb.PatternAssessment(pattern=code, label=zh, weight=1, standing=standing, gained="14.23", lost="5.77")
        for code, zh in LABELS.items()
    ]
    patterns[0].indicators.extend(lines)
    return pb.OfficeAssessment(
        unit="wuma", unit_label=label, standing=standing, patterns=patterns, standing_now=pb.Standing(rank=7), **more
    )


def answer(*offices: pb.OfficeAssessment, hypothetical: bool = False) -> assessment_service_pb2.AssessOfficesResponse:
    """Return an assessment."""
    return assessment_service_pb2.AssessOfficesResponse(
        period="2012", offices=offices, days=363, withheld=3, hypothetical=hypothetical, rules=["规则一。"]
    )


def shown(group: Group, width: int = 100) -> str:
    """Return what is shown on a terminal of so many columns."""
    out = StringIO()
    Console(file=out, width=width).print(group)
    return out.getvalue()


@pytest.mark.parametrize("hypothetical", [False, True])
def test_the_ranking_fits_a_hundred_columns(hypothetical: bool) -> None:  # noqa: FBT001
    """All heads stand on one line, hypothetical or not; who has no place is there too, with the reason."""
    found = answer(
        office("蒲鞋市司法所", 12, remark="并列"), office("五马司法所", 0, remark="不排名"), hypothetical=hypothetical
    )
    lines = shown(assessments.ranking(found)).splitlines()
    now, remark = (["现名次", "现总分"], []) if hypothetical else ([], ["备注"])
    heads = ["名次", "司法所", "总分", *now, *LABELS.values(), *remark]
    assert heads in [line.split() for line in lines]
    assert max(map(cell_len, lines)) <= 100
    assert ["12", "蒲鞋市司法所", "71.13"] in [line.split()[:3] for line in lines]
    assert ["—", "五马司法所", "71.13"] in [line.split()[:3] for line in lines]
    assert "3 项数字对您不公开" in "\n".join(lines)
    assert any("不排名" in line for line in lines)
    assert hypothetical == any("假设,未保存" in line for line in lines)


def test_every_point_of_an_office_is_shown() -> None:
    """What is gained and lost, why it is lost, and what is left out for which reason."""
    text = shown(assessments.explained(answer(office("五马司法所", 3), hypothetical=True)))
    for words in (
        "总分 71.13,第 3 名(共 18 个所,并列)",
        "现为 —,第 7 名",
        "50.00%",
        "≥ 97.00%",
        "51.5%",
        "21.13",
        "28.87",
    ):
        assert words in text
    assert "调解成功率:须到 97.00%" in text
    assert ["回访率", "1", "尚无应计入的记录,不评"] in [line.split() for line in text.splitlines()]
    assert "没有可评的指标" not in shown(assessments.explained(answer()))
    heads, rows = assessments.listed_points(answer(office("五马司法所", 3)))
    assert [len(heads)] * 2 == [len(row) for row in rows]


CURRENT = session.Session(Home.find(None), {}, None)


def test_weights_and_targets_are_read_as_people_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patterns by name, percentages, and a sign for what must be exceeded."""
    monkeypatch.setenv("GEJU_PROFILE", str(Path(__file__).parents[3] / "deploy" / "districts" / "lucheng"))
    current = session.Session(Home.find(None), {}, None)
    found = what_if(
        current, [f"{SUCCESS}=8", "大法援 = 2"], [f"{SUCCESS}=98%", f"{SUCCESS}=>0.5", f"{SUCCESS}=≥-1.25%"]
    )
    assert ([(SUCCESS, 8)], [("legalaid", 2)]) == (
        [(one.indicator, one.weight) for one in found.indicator_weights],
        [(one.pattern, one.weight) for one in found.pattern_weights],
    )
    assert [("0.98", None), ("0.5", True), ("-0.0125", False)] == [
        (one.value, one.strict if one.HasField("strict") else None) for one in found.targets
    ]


@pytest.mark.parametrize(
    ("weights", "targets", "words"),
    [
        ([SUCCESS], [], "代码=整数"),
        ([f"{SUCCESS}=-1"], [], "不是整数"),
        ([f"{SUCCESS}=1.5"], [], "不是整数"),
        (["=1"], [], "代码=整数"),
        ([], [SUCCESS], "代码=目标"),
        ([], [f"{SUCCESS}=high"], "“high”不是数"),
        ([], [f"{SUCCESS}=>"], "不是数"),
        ([], [f"{SUCCESS}=snan%"], "不是数"),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(weights: list[str], targets: list[str], words: str) -> None:
    """A slip in an option is one of usage, with an example."""
    with pytest.raises(Failure) as failed:
        what_if(CURRENT, weights, targets)
    assert (Exit.USAGE, True) == (failed.value.code, bool(failed.value.advice))
    assert words in failed.value.message
