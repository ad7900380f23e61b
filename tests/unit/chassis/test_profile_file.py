"""The district profile: the demonstration is sound, and a bad file says everything that is wrong with it."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.chassis.domain.errors import UnknownEarmark, UnknownOffice, UnknownPlace
from services.chassis.domain.profile import Profile
from services.chassis.profile_file import ProfileError, load

DEMONSTRATION = Path(__file__).parents[3] / "deploy/districts/lucheng"


@pytest.fixture(scope="module")
def profile() -> Profile:
    """Load the demonstration district."""
    return load(DEMONSTRATION)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the demonstration, to be spoilt."""
    return Path(shutil.copytree(DEMONSTRATION, tmp_path / "district"))


def problems(folder: Path) -> list[str]:
    """Load a bad profile and return what it says."""
    with pytest.raises(ProfileError) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


def test_the_demonstration_says_so(profile: Profile) -> None:
    """The demonstration district is marked as one, has 18 offices, and every office 8 to 25 places of both kinds."""
    assert profile.demonstration
    assert len(profile.offices) == 18
    counts = Counter(place.office for place in profile.places)
    assert set(counts) == {office.code for office in profile.offices}
    assert all(8 <= count <= 25 for count in counts.values())
    assert all("示例" in place.zh for place in profile.places)


def test_targets_bind_from_a_year(profile: Profile) -> None:
    """A target binds from its year on; the plan's own are marked."""
    target = profile.target("mediation.success_rate", 2012)
    assert target is not None
    assert (Decimal("0.97"), True) == (target.value, target.plan)
    assert profile.target("mediation.building_coverage", 2011) is None


def test_the_district_is_an_office_of_its_own(profile: Profile) -> None:
    """The district's code stands for the bureau's department, which is no judicial office."""
    assert profile.office("lucheng").kind == "district"
    assert "lucheng" not in {office.code for office in profile.offices}


def test_unknown_codes_are_refused(profile: Profile) -> None:
    """Unknown offices, places of another office, ended places and unknown earmarks are refused."""
    with pytest.raises(UnknownOffice):
        profile.office("atlantis")
    with pytest.raises(UnknownPlace):
        profile.place("wuma-c01", "nanmen")
    with pytest.raises(UnknownPlace):
        profile.place("wuma-c03", "wuma", date(2011, 1, 1))
    assert profile.place("wuma-c03", "wuma", date(2009, 1, 1)).office == "wuma"
    with pytest.raises(UnknownEarmark):
        profile.earmark("yachts", 2012)


def test_limits_follow_the_law(profile: Profile) -> None:
    """A limit exists from the day its law is in force."""
    assert profile.limit_rule("mediation.confirmation", date(2010, 12, 31)) is None
    assert profile.limit_rule("mediation.confirmation", date(2011, 1, 1)) is not None
    assert profile.limit_label("mediation.return_visit.first") == "首次回访"


def test_rates_follow_each_other(profile: Profile) -> None:
    """The rate table of the day applies; outcomes without a rate are worth nothing."""
    old, new = profile.rate_rule(date(2009, 12, 31)), profile.rate_rule(date(2010, 1, 1))
    assert old is not None
    assert new is not None
    assert (
        old.amount("simple", "agreement"),
        new.amount("simple", "agreement"),
        new.amount("x", "y"),
    ) == (3000, 5000, 0)


def test_hardship_is_judged_by_the_standard_of_the_day(profile: Profile) -> None:
    """The standard in force on the day applies; before the first there is none."""
    found = [profile.hardship_standard(date(year, 6, 1)) for year in (2003, 2010, 2017, 2024)]
    assert [None, 63000, 130000, 200000] == [standard and standard.monthly_income_fen for standard in found]


def test_what_is_wrong_with_the_hardship_standard_is_named(folder: Path) -> None:
    """No amount, no basis, no standard at all, standards that overlap and spans that end too early are named."""
    path = folder / "hardship.yaml"
    path.write_text("- {monthly_income_fen: 0, basis: '', valid_from: 2003-09-01}\n", "utf-8")
    assert [
        "hardship.yaml [0].monthly_income_fen: 不能小于 1",
        "hardship.yaml [0].basis: 不能为空",
    ] == [problem.partition(" / ")[0] for problem in problems(folder)]
    path.write_text(
        "- {monthly_income_fen: 100, basis: 测试, valid_from: 2003-09-01}\n"
        "- {monthly_income_fen: 200, basis: 测试, valid_from: 2010-01-01, valid_to: 2009-01-01}\n",
        "utf-8",
    )
    assert [
        "hardship.yaml [1]: valid_to 早于 valid_from",
        "hardship.yaml hardship 2010-01-01: 与前一条有效期重叠",
    ] == [problem.partition(" / ")[0] for problem in problems(folder)]
    path.write_text("[]\n", "utf-8")
    assert problems(folder) == ["hardship.yaml: 至少要有 1 项 / expected at least 1 entries"]


def test_hours_of_work_stand_in_order(folder: Path) -> None:
    """A break lies between two spans; times that are none, or spans that overlap, are named."""
    path = folder / "hours.yaml"
    path.write_text('- {from: "08:30", to: "12:00"}\n- {from: "14:00", to: "17:30"}\n')
    assert 7 * 3600 == load(folder).hours.of_day
    path.write_text('- {from: "08:30", to: "12:00"}\n- {from: "11:00", to: "17:30"}\n')
    assert problems(folder) == ["hours.yaml: 时段应依次排列、互不重叠 / expected spans in order that do not overlap"]
    path.write_text('- {from: "8:30", to: "24:00"}\n')
    assert [["hours.yaml [0].from", "hours.yaml [0].to"]] == [
        [problem.partition(":")[0] for problem in problems(folder)]
    ]


def test_every_problem_is_reported_at_once(folder: Path) -> None:
    """A bad profile reports all problems of all files: file, path to the entry, what is expected, in both languages."""
    (folder / "district.yaml").write_text(
        "code: Lucheng\nzh: 某区\ndemonstration: maybe\nvalid_from: 2000-01-01\n", "utf-8"
    )
    (folder / "offices.yaml").write_text(
        "- {code: wuma, zh: 五马司法所, street_zh: 五马街道, kind: city, valid_from: 2000-13-01, note: x}\n", "utf-8"
    )
    (folder / "rates.yaml").unlink()
    (folder / "funds.yaml").write_text("- code: [\n", "utf-8")
    found = problems(folder)
    for start in (
        "district.yaml code: 应为代码",
        "district.yaml demonstration: 应为 true 或 false / expected true or false",
        "district.yaml disclosure_threshold: 缺少这一项 / expected this entry",
        "offices.yaml [0].kind: 应为以下之一:'street' or 'township'",
        "offices.yaml [0].valid_from: 应为日期",
        "offices.yaml [0].note: 没有这一项",
        "rates.yaml: 文件缺失",
        "funds.yaml 第 2 行: 不是正确的 YAML",
    ):
        assert any(line.startswith(start) for line in found), (start, found)


def test_files_must_fit_each_other(folder: Path) -> None:
    """Places of unknown offices, double codes, spans that end before they begin, overlapping rules are all named."""
    places = folder / "places.yaml"
    places.write_text(
        places.read_text("utf-8")
        + "atlantis:\n"
        + "  - {code: wuma-c01, zh: 示例村, kind: village, valid_from: 2010-01-01, valid_to: 2009-01-01}\n",
        "utf-8",
    )
    limits = folder / "limits.yaml"
    limits.write_text(limits.read_text("utf-8").replace("mediation.warning", "mediation.screening"), "utf-8")
    weights = folder / "weights.yaml"
    first = "    publicity.counselling_station_coverage:"
    weights.write_text(weights.read_text("utf-8").replace(first, f"    publicity.unknown: 1\n{first}"), "utf-8")
    found = "\n".join(problems(folder))
    for part in (
        "places.yaml atlantis: offices.yaml 中没有这个司法所",
        "places.yaml wuma-c01: 重复出现",
        "places.yaml atlantis[0] wuma-c01: valid_to 早于 valid_from",
        "limits.yaml mediation.screening 2008-01-01: 与前一条有效期重叠",
        "weights.yaml publicity.weights.publicity.unknown: 指标没有目标值",
    ):
        assert part in found


def test_a_key_written_twice_is_refused(folder: Path) -> None:
    """YAML would keep the last of two equal keys silently; the profile refuses them."""
    targets = folder / "targets.yaml"
    targets.write_text(targets.read_text("utf-8") + "mediation.success_rate: []\n", "utf-8")
    assert any("targets.yaml" in line and "duplicate key" in line for line in problems(folder))


def test_supervision_is_data_of_its_day(profile: Profile) -> None:
    """Levels, hours, leave and the ladder are what the profile says of a day."""
    supervision, day = profile.supervision, date(2012, 6, 1)
    rules = (
        supervision.first_level(day),
        supervision.hours_owed("education", day),
        supervision.office_days("travel", day),
    )
    assert ("ordinary", 8, 7) == rules
    assert (None, 0) == (
        supervision.first_level(date(1999, 1, 1)),
        supervision.hours_owed("education", date(1999, 1, 1)),
    )
    counts = [rule.earlier.count for rule in supervision.ladder if rule.id == "warnings" and rule.earlier]
    assert [3, 2] == counts
    with pytest.raises(LookupError):
        supervision.tracking(date(1999, 1, 1))


def test_what_is_wrong_with_supervision_is_named(folder: Path) -> None:
    """Misspelt entries, overlaps, spans that end before they begin and steps that wait for nothing are named."""
    path = folder / "supervision.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("who: strict", "who: severe"), "utf-8")
    [problem] = problems(folder)
    assert problem.startswith("supervision.yaml schedule[0].who: 应为以下之一")
    wrong = text.replace("valid_to: 2020-06-30", "valid_to: 2020-07-30", 1)
    wrong = wrong.replace("when: {lost_days_at_most: 10}", "when: {}")
    wrong = wrong.replace(
        "valid_from: 2008-02-01, valid_to: 2008-02-21", "valid_from: 2008-02-01, valid_to: 2008-01-21"
    )
    path.write_text(wrong, "utf-8")
    assert [
        "supervision.yaml key_periods[0] spring_festival_2008: valid_to 早于 valid_from",
        "supervision.yaml warnings 2020-07-01: 与前一条有效期重叠",
        "supervision.yaml ladder[0].when: 应写明脱管天数、月数或此前措施次数,且只写一类",
    ] == [problem.partition(" / ")[0] for problem in problems(folder)]
    path.unlink()
    assert problems(folder)[0].startswith("supervision.yaml: 文件缺失或不可读")
