"""Work lists at the terminal, and who is silent."""

from __future__ import annotations

import csv
import json

from tests.support.installation import Installation

STUDIES = "publicity.cadre_study_rate"


def test_work_lists_are_counted_and_listed(installation: Installation) -> None:
    """What the lists count by office is what each lists entry by entry, by whatever name it is asked for."""
    answer = json.loads(installation.geju("work", "-o", "json").stdout)
    counted = {found["list"]: int(found["items"]) for found in answer["lists"]}
    assert counted[STUDIES]
    by_office = list(csv.DictReader(installation.geju("work", "-o", "csv").stdout.splitlines()))
    offices = {line["单位"]: int(line["待办"]) for line in by_office if line["代码"] == STUDIES}
    assert counted[STUDIES] == sum(offices.values())
    named = ("work", "干部集中学法达标率", "--unit", "五马司法所", "--limit", "0", "-o", "json")
    found = json.loads(installation.geju(*named).stdout)
    assert (offices["五马司法所"], {"wuma"}) == (len(found), {item["office"] for item in found})
    assert "五马街道" in {item["label"] for item in found}
    shown = installation.geju("work", STUDIES, "--unit", "wuma").stdout
    assert {True} == {word in shown for word in ("五马街道", "组织集中学法", "已学 0 次")}


def test_the_lists_say_how_the_year_stands(installation: Installation) -> None:
    """Pace stands under the lists; a list that does not exist is named."""
    shown = installation.geju("work", "--pattern", "大普法").stdout
    assert {True} == {word in shown for word in ("的待办", "全年目标的时间进度", "按进度应完成", "干部集中学法达标率")}
    unknown = installation.geju("work", "没有这个清单")
    assert (1, True) == (unknown.returncode, "没有代码为“没有这个清单”的工作清单" in unknown.stderr)


def test_the_doctor_says_whether_anybody_is_silent(installation: Installation) -> None:
    """One line more where nobody is."""
    found = json.loads(installation.geju("doctor", "-o", "json").stdout)
    assert "数据来源" in {finding["part"] for finding in found}
