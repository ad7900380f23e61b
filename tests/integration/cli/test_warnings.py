"""`geju warnings`: what is proposed reaches people, at the terminal and as a metric."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.request import urlopen

from tests.support.installation import Installation, eventually

HEADINGS = "司法所,编号,纠纷类型,来源渠道,登记日期"
#: Disputes over unpaid wages in late May, by year; the records reach back beyond the first window.
WAVE = {2009: 2, 2010: 3, 2011: 2, 2012: 20}


def test_a_wave_is_listed_and_counted(installation: Installation, tmp_path: Path) -> None:
    """A rise is listed by office and type with its numbers, for the day asked for and no other; a gauge shows it."""
    lines = [HEADINGS, "nanmen,W-0,邻里,当事人申请,2008-01-02"]
    for year, count in WAVE.items():
        lines += [f"nanmen,W-{year}-{n},拖欠工资,当事人申请,{year}-05-20" for n in range(count)]
    sheet = tmp_path / "wave.csv"
    sheet.write_text("\n".join(lines))
    assert 0 == installation.geju("import", "dispute", str(sheet)).returncode
    found = json.loads(installation.geju("warnings", "--date", "2012-05-31", "-o", "json").stdout)
    assert [("南门司法所", "拖欠工资", "红色", 20, 1.75)] == [
        (row["office"], row["type"], row["level"], row["observed"], row["expected"]) for row in found
    ]
    quiet = installation.geju("warnings", "--date", "2012-03-31", "--office", "南门司法所")
    assert (0, True) == (quiet.returncode, "没有建议的预警" in quiet.stderr)
    address = installation.home.running()["services"]["mediation"]["metrics"]

    def shown() -> bool:
        with urlopen(f"http://{address}/metrics", timeout=10) as answer:
            return b'geju_warning_proposals{level="red",office="nanmen"}' in answer.read()

    eventually(shown)
