"""Who is shown which cells of sensitive breakdowns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from services.aggregation.disclosure import UNDECIDED, both, live, open_cells, published
from services.aggregation.figures import Figures
from services.aggregation.rollup import Stored
from services.chassis.context import Caller
from tests.support import histories, toys

LEADER = Caller("局长", frozenset({"bureau_leader", "operations", "clerk"}), frozenset("*"))
PROFILE = histories.profile()


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the toys into the catalogue."""
    toys.install(monkeypatch)
    yield
    monkeypatch.undo()
    toys.forget()


def cells(period: str = "2012", code: str = "toy.received", **keys: int) -> list[Stored]:
    """Return the figures of a single office and the district by key; the district's threshold is five."""
    return [Stored(period, unit, code, "sentence", key, n, 0) for unit in ("", "01") for key, n in keys.items()]


def hidden(figures: list[Stored], caller: Caller = LEADER) -> set[str]:
    """Return the keys of the district that are withheld."""
    shown = published(caller, figures, PROFILE, "2012", 1)
    return {f.key for f in shown.completed(figures) if not f.unit and shown.hides(f)}


def test_the_threshold_is_that_of_the_district() -> None:
    """Four of a threshold of five go with the next smallest; five do not."""
    assert {"control", "parole"} == hidden(cells(control=4, parole=6, suspended=7))
    assert set() == hidden(cells(control=5, parole=6, suspended=7))


@pytest.mark.parametrize("role", ["department", "auditor"])
def test_departments_and_auditors_are_shown_everything(role: str) -> None:
    """One such role is enough, whatever others the account has."""
    caller = Caller("某", frozenset({role, "bureau_leader"}), frozenset("*"))
    assert set() == hidden(cells(control=1, parole=60), caller)


def test_an_empty_cell_goes_with_a_single_one() -> None:
    """Where all are under one key, that another has none is withheld with it."""
    assert 2 == len(hidden(cells(control=3)))


def test_what_hides_a_small_cell_is_not_given_away_by_a_sum_that_is_shown() -> None:
    """Control and parole are added up elsewhere: only one of the two can hide the other, and only others an other."""
    assert {"control", "suspended"} == hidden(cells(control=1, parole=60, suspended=2))
    assert {"control", "parole"} == hidden(cells(code="toy.told", control=1, parole=60, suspended=8, outside_prison=9))
    found = hidden(cells(code="toy.told", control=20, parole=60, suspended=1, outside_prison=9))
    assert 2 == len(found)
    assert found.isdisjoint({"control", "parole"})


def test_what_nobody_decided_is_withheld() -> None:
    """A figure made without a decision shows no sensitive cell, and every other figure."""
    whole, cell = Stored("2012", "", "toy.received", "", "", 3, 0), cells(control=30)[0]
    figures = Figures(PROFILE, date(2012, 3, 20))
    assert [False, True] == [figures.figure(f).withheld for f in (whole, cell)]
    assert (True, False) == (UNDECIDED.hides(cell), UNDECIDED.hides(whole))


@pytest.mark.parametrize(("period", "edition", "told"), [("2012", 1, True), ("2012", 2, False), ("2012-Q1", 1, False)])
def test_cells_are_told_once_and_of_whole_years(period: str, edition: int, told: bool) -> None:  # noqa: FBT001
    """A second edition, a quarter or a month would tell by its difference what is withheld: its tables are left out."""
    figures = [*cells(period, control=40, parole=60), Stored(period, "", "toy.received", "", "", 100, 0)]
    shown = published(LEADER, figures, PROFILE, period, edition)
    assert {"", *(("control", "parole") if told else ())} == {f.key for f in shown.completed(figures)}
    assert [not told] * 4 == [shown.hides(f) for f in figures if f.breakdown]


def test_today_every_key_stands_there_and_says_nothing() -> None:
    """Whatever came under it, and whether anything did; the departments see what did."""
    found = [f for f in cells(control=40, unspecified=2) if not f.unit]
    indicator, department = toys.RECEIVED, Caller("某", frozenset({"department"}), frozenset("*"))
    assert found == open_cells(department, indicator, found, "", "2012")
    told = open_cells(LEADER, indicator, found, "", "2012")
    assert {"control", "suspended", "parole", "outside_prison", "deprived_rights"} == {f.key for f in told}
    assert {(True, 0, "不公开(敏感分项只在全年首次公布时列出)")} == {
        (f.withheld, f.n, f.text) for f in map(Figures(PROFILE, date(2012, 3, 20)).figure, told)
    }


def test_a_growth_has_no_cells_for_others() -> None:
    """It tells what its base counted the year before as it is known since, which that year's report told otherwise."""
    grown = cells(code="toy.received_growth", control=40, parole=60)
    assert [] == published(LEADER, grown, PROFILE, "2012", 1).completed(grown)


def test_what_is_withheld_then_or_now_is_withheld_in_the_comparison() -> None:
    """A change from a shown figure to a withheld one tells the withheld one; of sensitive cells none is compared."""
    clerk = Caller("某", frozenset({"clerk"}), frozenset({"03"}))
    then, now = offices(12, 11, 12), offices(2, 11, 12)
    before, after = published(clerk, then, PROFILE, "2012", 1), live(clerk, now, PROFILE, ["2012"])
    assert [False, True] == [before.hides(then[0]), both(before, after).hides(then[0])]
    cell = cells(control=60, parole=80)[0]
    first, today = published(LEADER, [cell], PROFILE, "2012", 1), live(LEADER, [cell], PROFILE, ["2012"])
    assert [False, True] == [first.hides(cell), both(first, today).hides(cell)]


LOST = "correction.out_of_control"


def offices(*counts: int, code: str = LOST, period: str = "2012") -> list[Stored]:
    """Return the whole figures of the offices 01, 02, 03 and of the district."""
    units = dict(zip(("01", "02", "03"), counts, strict=True))
    return [Stored(period, unit, code, "", "", n, 0) for unit, n in {**units, "": sum(counts)}.items()]


def hidden_from(figures: list[Stored], *scope: str, role: str = "clerk") -> set[str]:
    """Return the units whose figures are withheld from a caller of some offices."""
    shown = live(Caller("某", frozenset({role}), frozenset(scope)), figures, PROFILE, ["2012"])
    return {f.unit for f in figures if shown.hides(f)}


def test_small_figures_of_other_offices_are_withheld() -> None:
    """With one that hides it, never the caller's own; whoever sees every office, or checks, is shown all."""
    assert {"01", "02"} == hidden_from(offices(2, 11, 12), "03")
    assert {"01", "03"} == hidden_from(offices(2, 11, 12), "02")
    assert set() == hidden_from(offices(12, 11, 2), "03")
    assert set() == hidden_from(offices(0, 11, 12), "03")
    assert set() == hidden_from(offices(2, 11, 12), "*", role="bureau_leader")
    assert set() == hidden_from(offices(2, 11, 12), "03", role="department")


def test_only_an_office_that_there_was_hides_a_small_figure() -> None:
    """The bureau has nobody under correction, a closed office nobody any more: withheld, both would hide nothing."""
    assert {"01", "03"} == hidden_from(offices(2, 0, 0), "04")
    assert {"01", "03"} == hidden_from([*offices(2, 0, 0), Stored("2012", "00", LOST, "", "", 0, 0)], "04")
    assert {"01", "00"} == hidden_from([*offices(2, 0, 0), Stored("2012", "00", LOST, "", "", 12, 0)], "04")


def test_other_indicators_show_small_figures_of_offices() -> None:
    """Only what is declared sensitive by office is withheld."""
    assert set() == hidden_from(offices(2, 11, 12, code="mediation.accepted"), "03")


def test_a_withheld_figure_of_an_office_is_not_judged() -> None:
    """How far it is from its target would tell it, and the attainment of a pattern would too."""
    figures = offices(2, 11, 12)
    shown = live(Caller("某", frozenset({"clerk"}), frozenset({"03"})), figures, PROFILE, ["2012"])
    figure = Figures(PROFILE, date(2012, 3, 20), shown).figure(figures[0])
    assert (True, 0, "", "不公开,不评") == (figure.withheld, figure.n, figure.value, figure.attainment_text)
    assert "不公开(各单位中有不足 5 的数)" == figure.text
    assert not figure.HasField("attainment")
