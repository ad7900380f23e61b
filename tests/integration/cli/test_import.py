"""`geju import` and `geju export`: a sheet goes in, the same sheet comes out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from services.cli.sheets import read
from tests.support.installation import Installation

HEADINGS = ["司法所", "编号", "名称", "类别", "层级", "起始日期"]
ROWS = 1_000
BAD = {17: ("nowhere", "2010-01-01"), 471: ("wuma", "2099-01-01"), 999: ("wuma", "2010-02-30")}


def _sheet(path: Path) -> Path:
    """Write 1,000 committees of which three break a rule: an unknown office, a future date, no date."""
    with path.open("w", encoding="gbk", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADINGS)
        for line in range(2, ROWS + 2):
            office, start = BAD.get(line, ("wuma", "2010-01-01"))
            writer.writerow([office, f"TW-{line}", f"测试{line}调委会", "物业管理小区", "街道级", start])
    return path


@pytest.mark.timeout(300)
def test_three_bad_rows_of_a_thousand(installation: Installation, tmp_path: Path) -> None:
    """Nothing of a file with bad rows is written, each bad row is named, and the good ones can be had on request."""
    sheet = _sheet(tmp_path / "committee.csv")
    done = installation.geju("import", "committee", str(sheet), "-o", "json")
    assert (1, False) == (done.returncode, json.loads(done.stdout)["written"])
    errors = read.read(sheet.with_name("committee.csv.errors.csv"))[0].rows[1:]
    assert sorted(BAD) == sorted({int(str(row[0])) for row in errors})
    assert "[]" == installation.geju("list", "committee", "-o", "json").stdout.strip()
    partly = json.loads(installation.geju("import", "committee", str(sheet), "--partial", "-o", "json").stdout)
    assert (ROWS - 3, True) == (partly["created"], partly["written"])


def test_a_dry_run_writes_nothing(installation: Installation, tmp_path: Path) -> None:
    """What a dry run promises to make is not there after it."""
    sheet = tmp_path / "centre.csv"
    sheet.write_text("司法所,编号,名称,层级,起始日期\nwuma,C-1,测试甲中心,街道级,2010-01-01\n")
    done = installation.geju("import", "centre", str(sheet), "--dry-run", "-o", "json")
    assert (0, 1) == (done.returncode, json.loads(done.stdout)["created"]), done.stderr
    assert "[]" == installation.geju("list", "centre", "-o", "json").stdout.strip()


def test_an_export_holds_what_was_imported(installation: Installation, tmp_path: Path) -> None:
    """A sheet imported twice is there once; a text that looks like a formula comes out as the text it is."""
    sheet, out = tmp_path / "premises.csv", tmp_path / "premises.xlsx"
    sheet.write_text("司法所,编号,达标日期\nwuma,'=1+1,2010-01-01\n")
    assert 0 == installation.geju("import", "premises", str(sheet)).returncode
    again = json.loads(installation.geju("import", "premises", str(sheet), "-o", "json").stdout)
    assert (0, 0, 1) == (again["created"], again["updated"], again["unchanged"])
    assert 0 == installation.geju("export", "premises", "--out", str(out)).returncode
    [headings, row] = read.read(out)[0].rows
    assert "=1+1" == row[list(headings).index("编号")]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_as_template_goes_in_again(installation: Installation, tmp_path: Path, suffix: str) -> None:
    """Exported by the columns of the template, every row is unchanged when it is imported again."""
    sheet, out, register = tmp_path / "dispute.csv", tmp_path / f"again.{suffix}", tmp_path / f"register.{suffix}"
    sheet.write_text(
        "司法所,编号,纠纷类型,来源渠道,申请人,被申请人,登记日期,受理日期,涉案金额(元),疑难纠纷\n"
        "wuma,R-1,邻里,当事人申请,张某某、测试乙,测试甲,2012-03-01,2012-03-02,1200.50,是\n"
        "wuma,R-2,家庭,主动调解,张某某,测试甲,2012-03-01,,0,否\n"
    )
    assert 0 == installation.geju("import", "dispute", str(sheet)).returncode
    done = installation.geju("export", "dispute", "--as-template", "--office", "wuma", "--out", str(out))
    assert 0 == done.returncode, done.stderr
    again = json.loads(installation.geju("import", "dispute", str(out), "-o", "json").stdout)
    assert (2, 2, 0) == (again["rows"], again["unchanged"], again["rejected"])
    assert 0 == installation.geju("export", "committee", "--as-template", "--out", str(register)).returncode
    again = json.loads(installation.geju("import", "committee", str(register), "-o", "json").stdout)
    assert (ROWS - 3, ROWS - 3) == (again["rows"], again["unchanged"])


def test_legal_services_go_in_by_licences_and_out_again(installation: Installation, tmp_path: Path) -> None:
    """A complaint of the past comes in with its course and names who is in another office's register by the licence."""
    sheets = {
        "firm": "司法所,编号,机构名称,机构种类,执业许可证号,许可起始日期\n"
        "wuma,F1,示例律师事务所,合伙律师事务所,示例许可1,2001-05-01\n",
        "practitioner": "司法所,编号,姓名,人员种类,执业证号,执业机构,执业起始日期\n"
        "wuma,P1,示例律师,律师,示例1,示例许可1,2005-01-01\n",
        "complaint": "司法所,编号,收到日期,投诉渠道,匿名,被投诉人种类,被投诉执业人员,投诉事由,投诉内容,受理日期,"
        "补正·中止日期,补正·恢复日期,补正·补正截止日期,处理结论,办结日期,答复日期\n"
        "yangyi,T1,2012-02-01,窗口,否,律师,示例1,违规收费、不尽职责,示例内容,2012-02-13,"
        "2012-02-02、2012-03-01,2012-02-08、2012-03-05,2012-02-12、2012-03-12,和解,2012-03-20,2012-03-22\n",
    }
    for kind, text in sheets.items():
        sheet, out = tmp_path / f"{kind}.csv", tmp_path / f"{kind}.xlsx"
        sheet.write_text(text)
        done = installation.geju("import", kind, str(sheet))
        assert 0 == done.returncode, done.stdout + done.stderr
        done = installation.geju("export", kind, "--as-template", "--purpose", "检查导出", "--out", str(out))
        assert 0 == done.returncode, done.stderr
        again = json.loads(installation.geju("import", kind, str(out), "-o", "json").stdout)
        assert (1, 1, 0) == (again["rows"], again["unchanged"], again["rejected"])
    [complaint] = json.loads(installation.geju("list", "complaint", "--purpose", "检查", "-o", "json").stdout)
    shown = installation.geju("show", complaint["name"], "--purpose", "检查")
    assert {True} == {words in shown.stdout for words in ("投诉答复", "已按期", "已答复", "practitioners/")}, shown


def test_errors_of_the_service_are_shown_in_chinese(installation: Installation) -> None:
    """What a service refuses is a sentence, never a traceback."""
    done = installation.geju("explain", "mediation.no_such_indicator")
    assert 1 == done.returncode
    assert "错误" in done.stderr
    assert "Traceback" not in done.stderr
