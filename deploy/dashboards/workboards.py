# ruff: noqa: INP001 - a script's module, no package
"""Boards of what is to be done: work lists, and complaints with all time limits."""

from __future__ import annotations

from boardpanels import RED, bars, below, coloured, course, instant, joined, number, plain, query
from boardparts import Board, named, period_variable, unit_variable
from figureboards import by_pattern, figure_tables, list_words

from services.chassis.domain.profile import Profile


def work_board() -> Board:
    """Return the board of work lists."""
    said = "哪些事还没有办:各清单、各司法所;谁异常地久没有录入。"
    board = Board("geju-work", "格局 · 工作清单", said, unit_variable()).over("now-30d")
    chosen = 'unit="$unit"'
    for title, name in (("未办", "items"), ("三天内到期", "due_soon"), ("已超期", "overdue")):
        colours = below(1) if name == "overdue" else plain()
        asked = f"sum(max by (list) (geju_work_{name}{{{chosen}}}))"
        board.add(number(title, [query(asked, title)], "none", colours), 6, 5)
    silent = query("sum(max by (unit) (geju_office_silent))", "所")
    board.add(number("异常沉默的司法所", [silent], "none", below(1)), 6, 5)
    lists = {
        "未办": f"max by (list) (geju_work_items{{{chosen}}})",
        "三天内到期": f"max by (list) (geju_work_due_soon{{{chosen}}})",
        "已超期": f"max by (list) (geju_work_overdue{{{chosen}}})",
    }
    board.add(coloured(joined("各清单", ("list", "清单"), lists, list_words()), "已超期", "none", RED), 12, 12)
    board.add(course("未办的走势", [query(lists["未办"], "{{list}}")], "none"), 12, 12)
    board.row("各司法所")
    for title, name in (("各司法所未办", "items"), ("各司法所已超期", "overdue")):
        held = named(f'sum by (unit) (max by (list, unit) (geju_work_{name}{{unit!="district"}}))')
        board.add(bars(title, instant(f"sort_desc({held})", "{{zh}}"), "none"), 8, 14)
    silence = named("max by (unit) (geju_office_silence_seconds)")
    board.add(bars("多久没有录入(工作时间)", instant(f"sort_desc({silence})", "{{zh}}"), "s"), 8, 14)
    return board


def _limits(state: str) -> str:
    return f'max by (kind, office, rule) (geju_limits{{state="{state}"}})'


def _of_unit(state: str) -> str:
    return f'label_replace(sum by (office) ({_limits(state)}), "unit", "$1", "office", "(.*)")'


def limits_board(profile: Profile) -> Board:
    """Return the board of complaints and time limits."""
    said = "投诉办理的指标,以及所有时限:在办、即将届满、已超期。"
    board = Board("geju-limits", "格局 · 投诉与时限", said, unit_variable(), period_variable()).over("now-30d")
    states = {"在办": "running", "即将届满": "due_soon", "已超期": "overdue"}
    for title, state in states.items():
        colours = below(1) if state == "overdue" else plain()
        asked = f"sum({_limits(state)}) or vector(0)"
        board.add(number(f"全区{title}", [query(asked, title)], "none", colours), 6, 5)
    people = [
        query(f'max by (kind) (geju_out_of_contact{{days="{days}"}})', f"{{{{kind}}}} {days} 天", ref)
        for days, ref in (("10", "A"), ("30", "B"))
    ]
    board.add(number("失去联系的人", people, "none", below(1), description="满 10 天、满 30 天,全区。"), 6, 5)
    rules = {rule.id: f"{rule.zh} {rule.id}" for rule in profile.limits}
    asked = {name: f"sum by (rule) ({_limits(state)})" for name, state in states.items()}
    board.add(coloured(joined("按时限", ("rule", "时限"), asked, rules), "已超期", "none", RED), 12, 14)
    offices = {name: f"sum by (zh) ({named(_of_unit(state))})" for name, state in states.items()}
    board.add(coloured(joined("按单位", ("zh", "单位"), offices, {}), "已超期", "none", RED), 12, 14)
    trend = [query("sum by (state) (max by (kind, office, rule, state) (geju_limits))", "{{state}}")]
    board.add(course("时限的走势", trend, "none"), 24, 8)
    board.row("投诉")
    complaints = [i for i in by_pattern()["legalservices"] if "complaint" in i.code]
    figure_tables(board, complaints)
    return board


def boards(profile: Profile) -> list[Board]:
    """Return the boards of what is to be done."""
    return [work_board(), limits_board(profile)]
