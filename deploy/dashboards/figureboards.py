# ruff: noqa: INP001 - a script's module, no package
"""Boards of figures, made from the catalogue of indicators: overview, one for each pattern, one for an office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from boardpanels import LIGHTS, RED, bars, coloured, column, course, instant, joined, lights, matrix, number, query
from boardparts import Board, choice, named, period_variable, unit_variable
from grafana_foundation_sdk.builders import table, timeseries

from services.aggregation import catalogue
from services.aggregation.indicator import Indicator
from services.chassis.domain.profile import Profile

CHOSEN = 'unit="$unit",period="$period"'
FUNDS = "every"
PERCENT = "percentunit"


def label(indicator: Indicator) -> str:
    """Return what an indicator is called, with its unit and its code."""
    unit = "" if indicator.unit == "%" else f"({indicator.unit})"
    return f"{indicator.zh}{unit} {indicator.code}"


def unit_of(indicator: Indicator) -> str:
    """Return Grafana's unit of a figure."""
    return PERCENT if indicator.unit == "%" else f"suffix: {indicator.unit}"


def any_of(indicators: Iterable[Indicator]) -> str:
    """Return the matcher of indicators."""
    return 'indicator=~"' + "|".join(i.code for i in indicators) + '"'


def figures(name: str, matchers: str, by: str = "indicator") -> str:
    """Ask for figures; two instances that tell the same are one."""
    return f"max by ({by}) (geju_indicator_{name}{{{matchers}}})"


def attainment(matchers: str, by: str = "pattern") -> str:
    """Ask for the attainment of patterns."""
    return f"max by ({by}) (geju_pattern_attainment{{{matchers}}})"


def overall(matchers: str, by: str = "unit") -> str:
    """Ask for the attainment of all patterns together."""
    return f"max by ({by}) (geju_overall_attainment{{{matchers}}})"


def figure_table(title: str, indicators: Sequence[Indicator], chosen: str = CHOSEN) -> table.Panel:
    """Return a table of figures: value, n, N, target, attainment, and the value of a year before."""
    asked = any_of(indicators)
    before = chosen.replace("$period", "${period}_before")
    columns = {
        "值": figures("value", f"{asked},{chosen}"),
        "n": figures("n", f"{asked},{chosen}"),
        "N": figures("denominator", f"{asked},{chosen}"),
        "目标": figures("target", f"{asked},{chosen}"),
        "达成度": figures("attainment", f"{asked},{chosen}"),
        "上年同期": figures("value", f"{asked},{before}"),
    }
    if not any(i.form.has_total for i in indicators):
        del columns["N"]
    panel = joined(title, ("indicator", "指标"), columns, {i.code: label(i) for i in indicators})
    unit = PERCENT if all(i.unit == "%" for i in indicators) else "none"
    for name in ("值", "目标", "上年同期"):
        panel = column(panel, name, unit=unit)
    return coloured(column(panel, "指标", **{"custom.width": 420}), "达成度", PERCENT, LIGHTS)


def figure_tables(board: Board, indicators: Sequence[Indicator], chosen: str = CHOSEN) -> None:
    """Add a table of rates and one of amounts."""
    rates = [i for i in indicators if i.unit == "%"]
    amounts = [i for i in indicators if i.unit != "%"]
    for title, those in (("比率", rates), ("数量", amounts)):
        if those:
            board.add(figure_table(title, those, chosen), 24, min(16, 3 + len(those)))


def light_table(patterns: Mapping[str, str], of: Mapping[str, Sequence[Indicator]]) -> table.Panel:
    """Return how many figures of each pattern are green, amber and red."""
    bounds = {"达标": ">= 1", "接近": "< 1 >= 0.9", "落后": "< 0.9"}

    def counted(pattern: str, bound: str) -> str:
        held = figures("attainment", f"{any_of(of[pattern])},{CHOSEN}")
        return f'label_replace(count({held} {bound}) or vector(0), "pattern", "{pattern}", "", "")'

    asked = {name: "\nor ".join(counted(p, bound) for p in patterns) for name, bound in bounds.items()}
    words = "有目标的指标中,达标、接近(九成以上)、落后各几项。"
    panel = joined("红绿灯", ("pattern", "格局"), asked, patterns, description=words)
    for name, color in (("达标", "green"), ("接近", "yellow"), ("落后", "red")):
        panel = coloured(panel, name, "none", ((None, "transparent"), (1, color)))
    return panel


def by_pattern() -> dict[str, list[Indicator]]:
    """Return the indicators of each pattern; those of every department's funds stand by themselves."""
    found: dict[str, list[Indicator]] = {}
    for indicator in catalogue.INDICATORS:
        found.setdefault(indicator.department, []).append(indicator)
    return found


def list_words() -> dict[str, str]:
    """Return what work lists are called, with their codes."""
    return {code: f"{i.work.zh} {code}" for code, i in catalogue.WORK.items() if i.work is not None}


def heads(board: Board, patterns: Mapping[str, str]) -> None:
    """Add the attainment of all patterns together and of each."""
    board.add(number("总达成度", [query(overall(CHOSEN), "总达成度")], PERCENT, lights()), 4, 5)
    for code, zh in patterns.items():
        asked = query(attainment(f'pattern="{code}",{CHOSEN}'), zh)
        board.add(number(zh, [asked], PERCENT, lights()), 4, 5)


def trend(patterns: Mapping[str, str]) -> timeseries.Panel:
    """Return the course of every pattern's attainment."""
    asked = [
        query(attainment(f'pattern="{code}",{CHOSEN}'), zh, ref)
        for ref, (code, zh) in zip("ABCDE", patterns.items(), strict=True)
    ]
    return course("达成度的趋势", asked, PERCENT).max(1)


def overview(profile: Profile) -> Board:
    """Return the board of all patterns."""
    patterns, of = {p.code: p.zh for p in profile.patterns}, by_pattern()
    board = Board(
        "geju-overview",
        "格局 · 五大格局总览",
        "五大格局的达成度、红绿灯、趋势和各司法所的对比。",
        unit_variable(),
        period_variable(),
    ).over("now-90d")
    heads(board, patterns)
    board.add(light_table(patterns, of), 10, 8)
    board.add(trend(patterns), 14, 8)
    board.row("各司法所")
    offices = 'unit!="district",period="$period"'
    held = instant(named(attainment(offices, "unit, pattern")), rows=True)
    board.add(matrix("各司法所的达成度", held, "zh", patterns, PERCENT), 14, 16)
    ranked = instant(f"sort_desc({named(overall(offices))})", "{{zh}}")
    board.add(bars("各司法所的总达成度", ranked, PERCENT, lights()), 10, 16)
    board.row("离目标最远的指标")
    every = [i for those in of.values() for i in those]
    lowest = f"bottomk(15, {figures('attainment', CHOSEN)})"
    panel = joined("达成度最低的十五项", ("indicator", "指标"), {"达成度": lowest}, {i.code: label(i) for i in every})
    board.add(coloured(panel, "达成度", PERCENT, LIGHTS), 12, 16)
    board.add(figure_table("经费", of[FUNDS]), 12, 16)
    return board


def pattern_board(code: str, zh: str, indicators: Sequence[Indicator]) -> Board:
    """Return the board of one pattern."""
    # Of others there may be nothing to show by office.
    first = next(i.code for i in indicators if not i.office_sensitive)
    chosen = choice("indicator", "指标", {i.code: f"{i.zh} {i.code}" for i in indicators}, first)
    board = Board(
        f"geju-{code}",
        f"格局 · {zh}",
        f"{zh}的每一项指标:值、n、N、目标、达成度、趋势、各司法所。",
        unit_variable(),
        period_variable(),
        chosen,
    ).over("now-90d")
    own = f'pattern="{code}"'
    board.add(number(f"{zh}达成度", [query(attainment(f"{own},{CHOSEN}"), zh)], PERCENT, lights()), 6, 7)
    board.add(course("达成度的趋势", [query(attainment(f"{own},{CHOSEN}"), zh)], PERCENT).max(1), 9, 7)
    offices = 'unit!="district",period="$period"'
    ranked = named(attainment(f"{own},{offices}", "unit"))
    board.add(bars("各司法所的达成度", instant(f"sort_desc({ranked})", "{{zh}}"), PERCENT, lights()), 9, 7)
    board.row("全部指标")
    figure_tables(board, indicators)
    board.row("所选指标")
    one = 'indicator="$indicator"'
    lines = [
        query(figures("value", f"{one},{CHOSEN}"), "值"),
        query(figures("target", f"{one},{CHOSEN}"), "目标", "B"),
        query(figures("value", f'{one},unit="$unit",period="${{period}}_before"'), "上年同期", "C"),
    ]
    board.add(course("${indicator:text}", lines, "none"), 12, 12)
    value = named(figures("value", f"{one},{offices}", "unit"))
    board.add(bars("各司法所:${indicator:text}", instant(f"sort_desc({value})", "{{zh}}"), "none"), 12, 12)
    board.row("每项指标的趋势", collapsed=True)
    for indicator in indicators:
        this = f'indicator="{indicator.code}"'
        lines = [
            query(figures("value", f"{this},{CHOSEN}"), "值"),
            query(figures("target", f"{this},{CHOSEN}"), "目标", "B"),
        ]
        board.add(course(f"{indicator.zh} {indicator.code}", lines, unit_of(indicator)), 6, 6)
    return board


def office_board(profile: Profile) -> Board:
    """Return the board of one office."""
    patterns, of = {p.code: p.zh for p in profile.patterns}, by_pattern()
    board = Board(
        "geju-office",
        "格局 · 司法所",
        "一个司法所的五大格局、工作清单、时限和全部指标。",
        unit_variable(district=False),
        period_variable(),
    ).over("now-90d")
    heads(board, patterns)
    board.add(trend(patterns), 12, 8)
    work = {
        "未办": 'max by (list) (geju_work_items{unit="$unit"})',
        "三天内到期": 'max by (list) (geju_work_due_soon{unit="$unit"})',
        "已超期": 'max by (list) (geju_work_overdue{unit="$unit"})',
    }
    board.add(coloured(joined("工作清单", ("list", "清单"), work, list_words()), "已超期", "none", RED), 6, 8)
    due = {
        "即将届满": 'sum by (rule) (max by (kind, rule) (geju_limits{office="$unit",state="due_soon"}))',
        "已超期": 'sum by (rule) (max by (kind, rule) (geju_limits{office="$unit",state="overdue"}))',
    }
    rules = {rule.id: rule.zh for rule in profile.limits}
    board.add(coloured(joined("时限", ("rule", "时限"), due, rules), "已超期", "none", RED), 6, 8)
    for code, zh in patterns.items():
        board.row(zh, collapsed=code != next(iter(patterns)))
        figure_tables(board, of[code])
    return board


def boards(profile: Profile) -> list[Board]:
    """Return every board of figures."""
    of = by_pattern()
    patterns = [pattern_board(p.code, p.zh, of[p.code]) for p in profile.patterns]
    return [overview(profile), *patterns, office_board(profile)]
