"""Whoever has no right to small cells cannot work one out from all that a running installation shows him."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from geju.aggregation.v1 import figure_pb2

from services.aggregation import catalogue
from services.aggregation.indicator import Indicator
from tests.support.calls import Caller, Refused
from tests.support.correction import on, supervised
from tests.support.differencing import Rules, Seen, attack
from tests.support.personal_places import OFFICE
from tests.support.planting import Planted
from tests.support.system import System

pytestmark = pytest.mark.timeout(400)
YEAR, REPORTS = "2011", ("2011-02", "2011-Q3", "2011")
PERIODS = (YEAR, *(f"{YEAR}-Q{n}" for n in range(1, 5)), *(f"{YEAR}-{n:02d}" for n in (7, 8, 9)))
BROKEN_DOWN = [i for i in catalogue.INDICATORS if i.sensitive]
OF_OFFICES = [i for i in catalogue.INDICATORS if i.office_sensitive]
#: Who is shown what: roles, offices.
ACCOUNTS = {
    "leader": (("bureau_leader", "operations"), ("*",)),
    "clerk": (("clerk", "office_head"), ("nanmen",)),
}
Shown = list[tuple[str, figure_pb2.Figure]]  # with the day or report that it is of


async def seen_by(system: System, board: Caller) -> Shown:
    """Return every figure of a sensitive indicator that somebody is shown, by unit, period, report and restatement."""
    units = ("", *(office.code for office in system.profile.offices))
    found: Shown = []
    # Those of every office come with the district's.
    asked_for = [*itertools.product(BROKEN_DOWN, PERIODS, units), *itertools.product(OF_OFFICES, PERIODS, [""])]
    for indicator, period, unit in asked_for:
        if _level(period) in {level.value for level in indicator.levels}:
            asked = {"indicator": indicator.code, "unit": unit, "period": period, "points": 1}
            answer = await board("BoardService/GetIndicator", **asked)
            found += [("today", f) for f in (answer.series[-1].figure, *answer.offices, *answer.breakdowns)]
    for name in REPORTS:
        report = await board("ReportService/GetReport", name=f"reports/{name}", all_units=True)
        found += [(f"report {name}", f) for f in report.figures]
        try:
            moved = await board("ReportService/ListRestatements", name=f"reports/{name}", all_units=True)
        except Refused:
            continue  # not everybody may list them
        for one in moved.restatements:
            found += [(f"report {name}", one.published), ("today", one.current)]
    return found


def _level(period: str) -> str:
    return "year" if "-" not in period else "quarter" if "Q" in period else "month"


def known(found: Shown, indicators: Sequence[Indicator], count: str) -> tuple[dict[Seen, int], set[Seen]]:
    """Return the counts ("n" or "denominator") that somebody knows, and the places of those that he does not know."""
    of = {indicator.code: indicator for indicator in indicators}
    places = [(_place(moment, f), f) for moment, f in found if f.indicator in of]
    shown = {place: int(getattr(f, count)) for place, f in places if not f.withheld}
    hidden = {place for place, f in places if f.withheld}
    wholes = [place for place in (*shown, *hidden) if not place.breakdown]
    cells = {
        place._replace(breakdown=breakdown, key=key)
        for place in wholes
        for breakdown in of[place.indicator].sensitive
        for key in (*catalogue.closed_keys(of[place.indicator], breakdown), "unspecified")
    }
    # Where a table is shown, whatever is not in it counts nothing.
    tables = {place[:2] + place[3:5] for place in shown if place.breakdown}
    shown |= {cell: 0 for cell in cells - hidden - shown.keys() if cell[:2] + cell[3:5] in tables}
    return shown, (cells | hidden) - shown.keys()


def _place(moment: str, figure: figure_pb2.Figure) -> Seen:
    return Seen(moment, figure.period, figure.unit, figure.indicator, figure.breakdown, figure.key)


def small(found: dict[Any, int], threshold: int) -> dict[Any, int]:
    """Return what points at a person."""
    return {name: n for name, n in found.items() if 0 < abs(n) < threshold}


def worked_out(found: Shown, threshold: int) -> Iterator[tuple[str, dict[Any, int]]]:
    """Give what can be worked out of each indicator."""
    for indicator, count in itertools.product([*BROKEN_DOWN, *OF_OFFICES], ("n", "denominator")):
        if count == "n" or indicator.form.has_total:
            shown, hidden = known(found, [indicator], count)
            yield indicator.code, small(attack(shown, hidden, Rules.of([indicator])), threshold)


async def _one_more(planted: Planted) -> None:
    """Enter late that a person was received in the year that is published."""
    days = {f"{name}_date": on(f"2011-06-0{n}") for n, name in enumerate(("judgment", "term_from", "notified"), 1)}
    person = supervised(office=OFFICE, term_to_date=on("2013-06-01"), **days)
    made = await planted.caller("SupervisedPersonService/CreateSupervisedPerson", supervised_person=person)
    name, day = made.supervised_person.name, on("2011-06-05")
    await planted.caller("SupervisedPersonService/TakeOverPerson", name=name, taken_over_date=day)


async def test_no_small_cell_can_be_worked_out(system: System, planted: Planted) -> None:
    """Of persons under correction, released, aided, complained about, from all units, periods and reports at once."""
    await system.until_equal(60)
    department = system.caller("department", service="aggregation")
    for period in REPORTS:
        await department("ReportService/ClosePeriod", period=period)
    await _one_more(planted)
    await system.until_equal(60)
    threshold = system.profile.disclosure_threshold
    counted = await system.figures()
    few = {place[0] for place, (n, _) in counted.items() if place[1] and place[4] == YEAR and 0 < n < threshold}
    assert len(few & {indicator.code for indicator in BROKEN_DOWN}) > 3
    for who, (roles, offices) in ACCOUNTS.items():
        found = await seen_by(system, system.caller(*roles, offices=offices, service="aggregation"))
        assert any(f.withheld for _, f in found)
        assert {} == {code: cells for code, cells in worked_out(found, threshold) if cells}, who
