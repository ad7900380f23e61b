"""Law publicity at the terminal: a street's sheet goes in, and the plan's completion comes out."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.installation import Installation

HEADINGS = (
    "司法所,编号,活动名称,活动形式,宣传内容,活动场所,宣传渠道,计划日期,举办日期,学生人数,新居民人数,受众总人数,手册(册)"
)
LINES = (
    "wuma,P-1,示例宣讲,法制宣讲,劳动就业、安全生产,广场,现场,,2012-03-05,120,40,150,300",
    "wuma,P-2,示例咨询,现场咨询,法律援助,社区,现场,2012-03-09,,,,,",
    "wuma,P-3,示例展览,展览,宪法,学校,现场,,2012-12-04,,,,",
)


def test_a_street_s_month_is_entered_by_one_sheet(installation: Installation, tmp_path: Path) -> None:
    """Held and planned activities go in with audience and materials; a held one without an audience is named."""
    sheet, plan = tmp_path / "activity.csv", tmp_path / "plan.csv"
    sheet.write_text("\n".join((HEADINGS, *LINES)))
    plan.write_text("司法所,编号,年度,计划活动场次,制定日期\nwuma,N-1,2012,4,2012-01-05\n")
    done = installation.geju("import", "activity", str(sheet), "--partial", "-o", "json")
    found = json.loads(done.stdout)
    assert (2, 1) == (found["created"], found["rejected"]), done.stdout + done.stderr
    again = json.loads(installation.geju("import", "activity", str(sheet), "--partial", "-o", "json").stdout)
    assert (2, 0) == (again["unchanged"], again["updated"])
    handed_out = json.loads(installation.geju("list", "material_handout", "-o", "json").stdout)
    assert 1 == len(handed_out)
    assert 0 == installation.geju("import", "year_plan", str(plan)).returncode
    [line] = json.loads(installation.geju("plans", "--year", "2012", "--office", "五马司法所", "-o", "json").stdout)
    assert ("五马司法所", 4, 1, "25%", 1) == tuple(
        line[key] for key in ("office", "planned", "held", "completion", "to_come")
    )
    out = tmp_path / "again.xlsx"
    assert 0 == installation.geju("export", "activity", "--as-template", "--out", str(out)).returncode
    again = json.loads(installation.geju("import", "activity", str(out), "-o", "json").stdout)
    assert (2, 2, 0) == (again["rows"], again["unchanged"], again["rejected"])
    shown = installation.geju("plans", "--year", "2009")
    assert (0, True) == (shown.returncode, "没有年度计划" in shown.stderr)


def test_what_is_due_is_listed_and_an_activity_is_shown(installation: Installation, tmp_path: Path) -> None:
    """A planned activity whose day has passed and a facility not seen to; a held one shows groups and facilities."""
    facility, month = tmp_path / "facility.csv", tmp_path / "activity.csv"
    facility.write_text(
        "司法所,编号,名称,阵地种类,起始日期,最近检查日期\nnanmen,Z1,示例辅导站,法制辅导站,2010-01-01,2011-11-01\n"
    )
    month.write_text(
        "司法所,编号,活动名称,活动形式,宣传内容,活动场所,宣传渠道,计划日期,举办日期,社区居民人数,老年人人数,使用阵地\n"
        "nanmen,H1,示例讲座,法制宣讲,征地、诉讼,社区,现场,2012-03-01,2012-03-05,30,20,Z1\n"
        "nanmen,H2,示例咨询,现场咨询,消费维权,广场,现场,2012-12-01,,,,\n"
    )
    for kind, sheet in (("facility", facility), ("activity", month)):
        done = installation.geju("import", kind, str(sheet))
        assert 0 == done.returncode, done.stdout + done.stderr
    due = json.loads(installation.geju("limits", "--within", "366", "--office", "nanmen", "-o", "json").stdout)
    assert {("计划活动待登记举办或取消", "H2"), ("阵地检查", "Z1")} <= {(row["rule"], row["key"]) for row in due}, due
    listed = json.loads(installation.geju("list", "activity", "--office", "nanmen", "-o", "json").stdout)
    [held] = [activity["name"] for activity in listed if activity["key"] == "H1"]
    shown = installation.geju("show", held).stdout
    words = ("社区居民 30", "老年人 20", "征地、诉讼", "facilities/", "已举办")
    assert {True} == {word in shown for word in words}, shown


def test_who_is_behind_is_listed_as_the_board_names_them(installation: Installation) -> None:
    """The members of one reason alone: those whom the board names, whatever day of the year it is."""
    asked = ("explain", "publicity.cadre_study_rate", "--reason", "behind_pace", "--limit", "0", "-o", "json")
    found = json.loads(installation.geju(*asked).stdout)["members"]
    assert {"behind_pace"} >= {member["reason"] for member in found}
    [pattern] = json.loads(installation.geju("board", "--pattern", "大普法", "-o", "json").stdout)["patterns"]
    assert {member["record"] for member in found} == {one["record"] for one in pattern["behind"]}


def test_the_board_of_an_office_shows_how_far_its_plan_has_come(installation: Installation, tmp_path: Path) -> None:
    """Below the figures of a year: what is planned and held; nothing without the pattern or without a plan."""
    plan = tmp_path / "plan.csv"
    plan.write_text("司法所,编号,年度,计划活动场次,制定日期\nguanghua,N-2,2011,4,2011-01-05\n")
    assert 0 == installation.geju("import", "year_plan", str(plan)).returncode
    asked = ("board", "--unit", "guanghua", "--period", "2011")
    assert "2011 年度普法计划 4 场,已举办 0 场(0%)" in installation.geju(*asked).stdout
    assert "年度普法计划" not in installation.geju(*asked, "--pattern", "大调解").stdout
    assert "年度普法计划" not in installation.geju("board", "--unit", "guanghua", "--period", "2011-03").stdout
    assert "年度普法计划" not in installation.geju("board", "--unit", "nanmen", "--period", "2009").stdout
