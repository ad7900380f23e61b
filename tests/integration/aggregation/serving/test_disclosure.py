"""Small cells of sensitive breakdowns reach nobody who has no right to them, in whatever way he asks."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import grpc
import pytest
from geju.aggregation.v1 import board_service_pb2 as pb
from geju.aggregation.v1 import figure_pb2, indicator_pb2
from geju.aggregation.v1 import report_service_pb2 as reports
from geju.aggregation.v1.report_service_pb2_grpc import ReportServiceStub
from geju.correction.v1.facts_pb2 import AbscondingFacts, SupervisedPersonFacts
from geju.correction.v1.supervised_person_pb2 import (
    SENTENCE_KIND_CONTROL,
    SENTENCE_KIND_PAROLE,
    SENTENCE_KIND_SUSPENDED,
)
from google.protobuf.message import Message

from services.aggregation.wording import CLOSED
from services.chassis.domain.dates import from_date
from tests.integration.aggregation.serving.conftest import Board, dispute
from tests.integration.aggregation.serving.test_reports import closing
from tests.support import toys
from tests.support.differencing import Rules, Seen, attack

RECEIVED, GROWTH, MAY, YEAR = "toy.received", "toy.received_growth", "2012-05", "2011"
UNITS = ("", "wuma", "guanghua", "nanmen")
#: Persons received in a year by office and kind of sentence; the threshold of the district is ten.
PERSONS = {
    ("wuma", SENTENCE_KIND_CONTROL): 3,
    ("wuma", SENTENCE_KIND_SUSPENDED): 12,
    ("guanghua", SENTENCE_KIND_CONTROL): 11,
    ("guanghua", SENTENCE_KIND_SUSPENDED): 14,
    ("guanghua", SENTENCE_KIND_PAROLE): 20,
}
SENTENCES = ("control", "suspended", "parole", "outside_prison", "deprived_rights")
TODAY = date(2012, 6, 1)


def person(office: str, sentence: Any, day: date = date(2011, 5, 10)) -> SupervisedPersonFacts:
    """Return a person taken over on a day."""
    return SupervisedPersonFacts(office=office, sentence=sentence, taken_over_date=from_date(day))


@pytest.fixture
async def persons(board: Board, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Board]:
    """Publish the persons of a year, over its months, and of the year before a dozen with a suspended sentence."""
    toys.install(monkeypatch)
    await board.start()
    await board.ready()
    for (office, sentence), count in PERSONS.items():
        for n in range(count):
            await board.publish(person(office, sentence, date(2011, n % 12 + 1, 10)))
    for _ in range(12):
        await board.publish(person("wuma", SENTENCE_KIND_SUSPENDED, date(2010, 5, 10)))
    await board.becomes(RECEIVED, 60, period=YEAR)
    await board.becomes(RECEIVED, 12, period="2010")
    yield board
    monkeypatch.undo()
    toys.forget()


def figures_in(message: Message) -> Iterator[figure_pb2.Figure]:
    """Give every figure in an answer."""
    if isinstance(message, figure_pb2.Figure):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is not None:
            for part in value if field.is_repeated else [value]:
                yield from figures_in(part)


async def cells(board: Board, unit: str, *roles: str, indicator: str = RECEIVED) -> dict[str, figure_pb2.Figure]:
    """Return the cells of a unit by key, as known today and shown to a role."""
    request = pb.GetIndicatorRequest(indicator=indicator, unit=unit, period=YEAR)
    answer = await board.board(*roles).GetIndicator(request)
    return {figure.key: figure for figure in answer.breakdowns}


async def published(board: Board, role: str, name: str = YEAR) -> dict[tuple[str, str], figure_pb2.Figure]:
    """Return the cells of a report by unit and key, as shown to a role."""
    answer = await board.reports(role).GetReport(reports.GetReportRequest(name=f"reports/{name}", all_units=True))
    return {(f.unit, f.key): f for f in answer.figures if f.indicator == RECEIVED and f.breakdown}


async def test_what_is_known_today_is_told_by_no_sensitive_key(persons: Board) -> None:
    """Of any unit and period, whatever came under a key; the department and auditors see what did."""
    for role in ("department", "auditor"):
        assert {"control": 3, "suspended": 12} == {k: f.n for k, f in (await cells(persons, "wuma", role)).items()}
    for unit in UNITS:
        found = await cells(persons, unit, "bureau_leader")
        assert {*SENTENCES} == {*found}
        assert {(True, 0, "", CLOSED)} == {(f.withheld, f.n, f.value, f.text) for f in found.values()}


async def test_small_cells_of_a_year_are_withheld_with_what_would_give_them_away(persons: Board) -> None:
    """Three at one office take its next smallest along, and as much elsewhere; the department and auditors see all."""
    await persons.reports().ClosePeriod(closing(YEAR))
    for role in ("department", "auditor"):
        assert {"control": 3, "suspended": 12} == {
            key: f.n for (unit, key), f in (await published(persons, role)).items() if unit == "wuma"
        }
    found = await published(persons, "bureau_leader")
    both = {"control", "suspended"}
    withheld = {unit: {key for (where, key), f in found.items() if f.withheld and where == unit} for unit in UNITS}
    assert {"": set(), "wuma": both, "guanghua": both, "nanmen": set()} == withheld
    shown = found["wuma", "control"]
    assert (0, 0, "", "不公开(分项中有不足 10 的数)") == (shown.n, shown.denominator, shown.value, shown.text)
    assert 20 == found["guanghua", "parole"].n


async def test_cells_are_published_once_and_of_whole_years(persons: Board) -> None:
    """A quarter, or another edition with one person more, would tell by the difference: neither has the breakdown."""
    await persons.reports().ClosePeriod(closing("2011-Q1"))
    await persons.reports().ClosePeriod(closing(YEAR))
    await persons.publish(person("guanghua", SENTENCE_KIND_PAROLE))
    await persons.becomes(RECEIVED, 61, period=YEAR)
    await persons.reports().ClosePeriod(closing(YEAR))
    for name, told in (("2011-Q1", False), ("2011.1", True), ("2011.2", False), (YEAR, False)):
        assert told == bool(await published(persons, "bureau_leader", name))
        assert await published(persons, "department", name)


async def test_members_are_not_listed_by_a_sensitive_key(persons: Board) -> None:
    """Neither of an office nor of the district, which would name it; nor those left out; the whole is listed."""
    for unit, count in (("wuma", 3), ("", 14)):
        request = pb.ListMembersRequest(indicator=RECEIVED, unit=unit, period=YEAR, breakdown="sentence", key="control")
        for part in indicator_pb2.Part.values():
            request.part = part
            answer = await persons.board("bureau_leader").ListMembers(request)
            assert ([], True, 0) == (list(answer.members), answer.withheld, answer.figure.n)
        request.ClearField("part")
        assert count == len((await persons.board("auditor").ListMembers(request)).members)
    whole = pb.ListMembersRequest(indicator=RECEIVED, unit="wuma", period=YEAR)
    assert 15 == len((await persons.board("bureau_leader").ListMembers(whole)).members)


async def test_a_growth_gives_no_cell_away(persons: Board) -> None:
    """Twelve with a suspended sentence a year ago and as many now: the change would tell what is withheld."""
    seen = (await cells(persons, "wuma", indicator=GROWTH))["suspended"]
    assert (0, 12) == (seen.n, seen.denominator)
    assert (await cells(persons, "wuma", "bureau_leader", indicator=GROWTH))["suspended"].withheld


async def test_restatements_tell_of_no_sensitive_key(persons: Board) -> None:
    """One more than was published is one person; that the whole has moved is told, and that cells are left out."""
    await persons.reports().ClosePeriod(closing(YEAR))
    await persons.publish(person("wuma", SENTENCE_KIND_CONTROL))
    parole = await persons.publish(person("guanghua", SENTENCE_KIND_PAROLE))
    await persons.becomes(RECEIVED, 62, period=YEAR)
    asked = reports.ListRestatementsRequest(name=f"reports/{YEAR}", all_units=True)
    found = {role: await persons.reports(role).ListRestatements(asked) for role in ("bureau_leader", "auditor")}
    moved = {
        role: {(f.unit, f.key) for r in answer.restatements if (f := r.published).indicator == RECEIVED}
        for role, answer in found.items()
    }
    wholes = {("", ""), ("wuma", ""), ("guanghua", "")}
    assert wholes == moved["bureau_leader"]
    assert {("wuma", "control"), ("guanghua", "parole"), ("", "control"), ("", "parole")} == moved["auditor"] - wholes
    assert [True, False] == [answer.withheld for answer in found.values()]
    [cell] = [r for r in found["auditor"].restatements if (r.published.unit, r.published.key) == ("", "parole")
              and r.published.indicator == RECEIVED]  # fmt: skip
    assert [f"supervisedPersons/{parole}"] == [cause.record for cause in cell.causes]


def without_rights(board: Board) -> dict[str, tuple[Any, Any]]:
    """Return the boards and reports of whoever is shown no small cell, by who it is."""
    accounts = {
        "leader": (("bureau_leader",), ("*",)),
        "operations": (("operations",), ("*",)),
        "clerk": (("clerk",), ("nanmen",)),
        "head": (("office_head",), ("wuma",)),
    }
    return {
        name: (board.board(*roles, offices=offices), ReportServiceStub(board.channel(*roles, offices=offices)))
        for name, (roles, offices) in accounts.items()
    }


PERIODS = (YEAR, *(f"{YEAR}-Q{n}" for n in range(1, 5)), *(f"{YEAR}-{n:02d}" for n in range(1, 13)))
#: Looked at on the day itself, and as of days that are past: every one is counted anew.
LOOKS = (
    *itertools.product((TODAY,), UNITS, PERIODS),
    *itertools.product((date(2011, 6, 30), date(2011, 7, 11)), ("", "guanghua"), (YEAR, "2011-Q2", "2011-06")),
)


async def seen_by(board: Any, stub: Any, names: Sequence[str]) -> list[tuple[str, figure_pb2.Figure]]:
    """Return every figure that somebody is shown, and when it is of: a day or a report."""
    found: list[tuple[str, figure_pb2.Figure]] = []
    for day, unit, period in LOOKS:
        request = pb.GetIndicatorRequest(
            indicator=RECEIVED, unit=unit, period=period, as_of_date=from_date(day), points=1
        )
        found += [(f"{day}", f) for f in figures_in(await board.GetIndicator(request))]
    for unit in UNITS:
        grown = await board.GetIndicator(pb.GetIndicatorRequest(indicator=GROWTH, unit=unit, period=YEAR))
        found += [(f"{TODAY}", f) for f in figures_in(grown)]
    for name in names:
        asked = reports.GetReportRequest(name=f"reports/{name}", all_units=True)
        with suppress(grpc.aio.AioRpcError):  # not everybody may read reports
            found += [(f"report {name}", f) for f in figures_in(await stub.GetReport(asked))]
        changed = reports.ListRestatementsRequest(name=f"reports/{name}", all_units=True)
        with suppress(grpc.aio.AioRpcError):
            for restated in (await stub.ListRestatements(changed)).restatements:
                found += [(f"report {name}", restated.published), (f"{TODAY} now", restated.current)]
    return found


@pytest.mark.timeout(240)
async def test_no_small_cell_can_be_worked_out_from_all_that_is_shown(persons: Board) -> None:
    """By whoever has no right to them: totals less parts, districts less offices, years less months, then less now."""
    names = ("2011-03", "2011-Q1", "2011.1", "2011.2")
    for period in ("2011-03", "2011-Q1", YEAR):
        await persons.reports().ClosePeriod(closing(period))
    await persons.publish(person("guanghua", SENTENCE_KIND_PAROLE))
    await persons.becomes(RECEIVED, 61, period=YEAR)
    await persons.reports().ClosePeriod(closing(YEAR))
    auditor = await seen_by(persons.board("auditor"), persons.reports("auditor"), names)
    truth = {_place(moment, f): f.n for moment, f in auditor if f.indicator == RECEIVED}
    assert any(0 < n < 10 for place, n in truth.items() if place.breakdown)
    for who, (board, stub) in without_rights(persons).items():
        found = await seen_by(board, stub, names)
        shown, hidden = known(found)
        assert {} == {place: n for place, n in shown.items() if truth.get(place, 0) != n}
        derived = attack(shown, hidden, Rules.of([toys.RECEIVED]))
        assert {} == {what: n for what, n in derived.items() if 0 < abs(n) < 10}, who
        small = [f for _, f in found if f.breakdown and f.indicator in {RECEIVED, GROWTH} and 0 < f.n < 10]
        assert [] == small
    everything = attack(truth, known(auditor)[1], Rules.of([toys.RECEIVED]))
    assert any(abs(n) == 1 for n in everything.values()), "the attack finds what the auditor sees"


def known(found: Sequence[tuple[str, figure_pb2.Figure]]) -> tuple[dict[Seen, int], set[Seen]]:
    """Return what somebody knows who was shown figures, and the cells of which he only knows that they are there."""
    received = [(_place(moment, f), f) for moment, f in found if f.indicator == RECEIVED]
    shown = {place: f.n for place, f in received if not f.withheld}
    cells = {
        place._replace(breakdown="sentence", key=key) for place in shown if not place.breakdown for key in SENTENCES
    }
    hidden = {place for place, f in received if f.withheld}
    # Where a table is shown, whatever is not in it counts nothing.
    tables = {(place.moment, place.period) for place in shown if place.breakdown}
    shown |= {cell: 0 for cell in cells - hidden - shown.keys() if (cell.moment, cell.period) in tables}
    return shown, cells - shown.keys()


def _place(moment: str, figure: figure_pb2.Figure) -> Seen:
    return Seen(moment, figure.period, figure.unit, figure.indicator, figure.breakdown, figure.key)


async def test_board_watch_and_metrics_have_no_cells_at_all(persons: Board) -> None:
    """Whoever it is, of any unit and period."""
    leader = persons.board("bureau_leader")
    boards: list[Message] = [
        await leader.GetBoard(pb.GetBoardRequest(unit=unit, period=period))
        for unit in UNITS
        for period in (MAY, "2012-Q2", "2012", YEAR)
    ]
    stream = leader.WatchBoard(pb.WatchBoardRequest(period=MAY))
    boards.append(await stream.read())
    stream.cancel()
    assert {""} == {figure.breakdown for answer in boards for figure in figures_in(answer)}
    assert persons.running
    assert "sentence" not in persons.running.runtime.metrics.render().decode()


LOST = "correction.out_of_control"


async def of_lost(board: Board, role: str, office: str) -> dict[str, list[bool]]:
    """Return by unit whether its figure is withheld from an account of an office, by each way to ask for it."""
    stub, found = board.board(role, offices=(office,)), {}
    whole = await stub.GetIndicator(pb.GetIndicatorRequest(indicator=LOST, period=MAY))
    report = ReportServiceStub(board.channel(role, offices=(office,)))
    published = await report.GetReport(reports.GetReportRequest(name=f"reports/{MAY}", all_units=True))
    for unit in UNITS:
        one = await stub.GetIndicator(pb.GetIndicatorRequest(indicator=LOST, unit=unit, period=MAY, points=1))
        stream = stub.WatchBoard(pb.WatchBoardRequest(unit=unit, period=MAY))
        answers: list[Message] = [
            await stub.GetBoard(pb.GetBoardRequest(unit=unit, period=MAY)),
            await stub.GetBoard(pb.GetBoardRequest(unit=unit, period=MAY, as_of_date=from_date(date(2012, 5, 31)))),
            await stream.read(),
            one.series[0].figure,
            *(f for f in whole.offices if f.unit == unit),
            *(f for f in published.figures if (f.indicator, f.unit) == (LOST, unit)),
        ]
        stream.cancel()
        figures = [f for answer in answers for f in figures_in(answer) if f.indicator == LOST]
        assert {0} == {f.n for f in figures if f.withheld} | {0}
        places = [rank.unit for rank in (*whole.ranks, *one.ranks) if rank.unit == unit]
        assert [unit] * (0 if any(f.withheld for f in figures) or not unit else 2) == places
        change = one.series[0].change
        assert not one.series[0].figure.withheld or (0, 0, "") == (
            change.n_change,
            change.denominator_change,
            change.value_change,
        )
        found[unit] = [f.withheld for f in figures]
    return found


async def test_small_figures_of_other_offices_are_withheld_however_they_are_asked_for(board: Board) -> None:
    """Board, watch, series, offices, report, past days: an account of one office sees the others' large ones only."""
    await board.start()
    await board.ready()
    for office, count in (("wuma", 2), ("guanghua", 11), ("nanmen", 12)):
        for _ in range(count):
            await board.publish(AbscondingFacts(office=office, unknown_due=from_date(date(2012, 3, 31))))
    await board.becomes(LOST, 25, period=MAY)
    await board.reports().ClosePeriod(closing(MAY))
    for role, office, expected in (
        ("clerk", "nanmen", {"wuma", "guanghua"}),
        ("office_head", "guanghua", {"wuma", "nanmen"}),
        ("clerk", "wuma", set()),
        ("bureau_leader", "*", set()),
        ("department", "nanmen", set()),
    ):
        found = await of_lost(board, role, office)
        assert expected == {unit for unit, withheld in found.items() if any(withheld)}
        assert all(all(withheld) for unit, withheld in found.items() if unit in expected)
        assert all(len(withheld) >= 5 for withheld in found.values())
    await board.publish(AbscondingFacts(office="nanmen", unknown_due=from_date(date(2012, 3, 31))))
    await board.becomes(LOST, 26, period=MAY)
    asked = reports.ListRestatementsRequest(name=f"reports/{MAY}")
    for offices, expected in ((("nanmen",), (0, True)), (("*",), (1, False))):
        stub = ReportServiceStub(board.channel("bureau_leader", offices=offices))
        restated = (await stub.ListRestatements(asked)).restatements
        assert [expected] == [(len(r.causes), r.causes_withheld) for r in restated if r.published.indicator == LOST]
    assert board.running
    page = board.running.runtime.metrics.render().decode()
    labels = {unit: f'indicator="{LOST}",unit="{unit or "district"}",period="month"' for unit in UNITS}
    shown = [unit for unit, of_unit in labels.items() if f"geju_indicator_n{{{of_unit}}}" in page]
    assert ["", "nanmen"] == shown


async def test_watchers_are_told_when_others_counts_withhold_a_figure(board: Board) -> None:
    """The figure of an office stays as it is; once a small one could be worked out from it, it is withheld."""
    await board.start()
    await board.ready()
    for _ in range(11):
        await board.publish(AbscondingFacts(office="guanghua", unknown_due=from_date(date(2012, 3, 31))))
    await board.becomes(LOST, 11, period=MAY)
    stub = board.board("clerk", offices=("nanmen",))
    stream = stub.WatchBoard(pb.WatchBoardRequest(unit="guanghua", period=MAY))
    first = await stream.read()
    await board.publish(AbscondingFacts(office="wuma", unknown_due=from_date(date(2012, 3, 31))))
    await board.becomes(LOST, 12, period=MAY)
    # What else the office counts wakes whoever watches it.
    await board.publish(dispute("guanghua", date(2012, 5, 10), date(2012, 5, 10)))
    change = first
    while LOST not in {figure.indicator for figure in figures_in(change)} or change is first:
        change = await stream.read()
    stream.cancel()
    told = [[f for f in figures_in(answer) if f.indicator == LOST] for answer in (first, change)]
    assert [[False], [True]] == [[f.withheld for f in figures] for figures in told]
