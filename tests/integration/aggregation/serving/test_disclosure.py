"""Small cells of sensitive breakdowns reach nobody who has no right to them, in whatever way he asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any

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

from services.chassis.domain.dates import from_date
from tests.integration.aggregation.serving.conftest import Board, dispute
from tests.integration.aggregation.serving.test_reports import closing
from tests.support import toys

RECEIVED, GROWTH, MAY = "toy.received", "toy.received_growth", "2012-05"
UNITS = ("", "wuma", "guanghua", "nanmen")
#: Persons received in May by office and kind of sentence; the threshold of the district is ten.
PERSONS = {
    ("wuma", SENTENCE_KIND_CONTROL): 3,
    ("wuma", SENTENCE_KIND_SUSPENDED): 12,
    ("guanghua", SENTENCE_KIND_CONTROL): 11,
    ("guanghua", SENTENCE_KIND_SUSPENDED): 14,
    ("guanghua", SENTENCE_KIND_PAROLE): 20,
}


def person(office: str, sentence: Any, year: int = 2012) -> SupervisedPersonFacts:
    """Return a person taken over in May."""
    return SupervisedPersonFacts(office=office, sentence=sentence, taken_over_date=from_date(date(year, 5, 10)))


@pytest.fixture
async def persons(board: Board, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Board]:
    """Publish the persons of May, and of the year before a dozen with a suspended sentence."""
    toys.install(monkeypatch)
    await board.start()
    await board.ready()
    for (office, sentence), count in PERSONS.items():
        for _ in range(count):
            await board.publish(person(office, sentence))
    for _ in range(12):
        await board.publish(person("wuma", SENTENCE_KIND_SUSPENDED, 2011))
    await board.becomes(RECEIVED, 60, period=MAY)
    await board.becomes(RECEIVED, 12, period="2011-05")
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
    """Return the cells of a unit by key, as shown to a role."""
    request = pb.GetIndicatorRequest(indicator=indicator, unit=unit, period=MAY)
    answer = await board.board(*roles).GetIndicator(request)
    return {figure.key: figure for figure in answer.breakdowns}


async def test_small_cells_are_withheld_with_what_would_give_them_away(persons: Board) -> None:
    """Three at one office take its next smallest along, and as much elsewhere; the department and auditors see all."""
    for role in ("department", "auditor"):
        assert {"control": 3, "suspended": 12} == {k: f.n for k, f in (await cells(persons, "wuma", role)).items()}
    withheld = {
        unit: {k for k, f in (await cells(persons, unit, "bureau_leader")).items() if f.withheld} for unit in UNITS
    }
    both = {"control", "suspended"}
    assert {"": set(), "wuma": both, "guanghua": both, "nanmen": set()} == withheld
    shown = (await cells(persons, "wuma", "bureau_leader"))["control"]
    assert (0, 0, "", "不公开(分项中有不足 10 的数)") == (shown.n, shown.denominator, shown.value, shown.text)
    assert 20 == (await cells(persons, "guanghua", "bureau_leader"))["parole"].n


async def test_members_are_not_listed_by_a_withheld_key(persons: Board) -> None:
    """Neither of the office nor of the district, which would name it; nor those left out; the whole is listed."""
    for unit, count in (("wuma", 3), ("", 14)):
        request = pb.ListMembersRequest(indicator=RECEIVED, unit=unit, period=MAY, breakdown="sentence", key="control")
        for part in indicator_pb2.Part.values():
            request.part = part
            answer = await persons.board("bureau_leader").ListMembers(request)
            assert ([], True) == (list(answer.members), answer.withheld)
        request.ClearField("part")
        assert count == len((await persons.board("auditor").ListMembers(request)).members)
    parole = pb.ListMembersRequest(indicator=RECEIVED, period=MAY, breakdown="sentence", key="parole")
    assert 20 == len((await persons.board("bureau_leader").ListMembers(parole)).members)
    whole = pb.ListMembersRequest(indicator=RECEIVED, unit="wuma", period=MAY)
    assert 15 == len((await persons.board("bureau_leader").ListMembers(whole)).members)


async def test_a_growth_gives_no_cell_away(persons: Board) -> None:
    """Twelve with a suspended sentence a year ago and as many now: the change would tell what is withheld."""
    seen = (await cells(persons, "wuma", indicator=GROWTH))["suspended"]
    assert (0, 12) == (seen.n, seen.denominator)
    assert (await cells(persons, "wuma", "bureau_leader", indicator=GROWTH))["suspended"].withheld


async def test_reports_and_restatements_withhold_the_same(persons: Board) -> None:
    """What was published is withheld as it was then, and what changed since when it is withheld then or now."""
    await persons.reports().ClosePeriod(closing(MAY))
    await persons.publish(person("wuma", SENTENCE_KIND_CONTROL))
    await persons.publish(person("guanghua", SENTENCE_KIND_PAROLE))
    await persons.becomes(RECEIVED, 62, period=MAY)
    published = reports.GetReportRequest(name=f"reports/{MAY}", all_units=True)
    changed = reports.ListRestatementsRequest(name=f"reports/{MAY}", all_units=True)
    found, all_of_it = {}, {}
    for role, into in (("bureau_leader", found), ("department", all_of_it)):
        into["then"] = await persons.reports(role).GetReport(published)
        into["now"] = await persons.reports(role).ListRestatements(changed)
    of_wuma = {f.key: f.n for f in figures_in(all_of_it["then"]) if (f.indicator, f.unit) == (RECEIVED, "wuma")}
    assert {"": 15, "control": 3, "suspended": 12} == of_wuma
    withheld = {(f.indicator, f.key) for f in figures_in(found["then"]) if f.withheld and f.unit == "wuma"}
    assert {"control", "suspended"} == {key for indicator, key in withheld if indicator != "toy.told"}
    # Where the sum of two keys is shown, the empty one goes with the small one.
    assert {"control", "parole"} == {key for indicator, key in withheld if indicator == "toy.told"}
    keys = [
        {(f.unit, f.key) for f in figures_in(answers["now"]) if f.indicator == RECEIVED}
        for answers in (found, all_of_it)
    ]
    assert {("wuma", "control")} == {(unit, key) for unit, key in keys[1] - keys[0] if unit == "wuma"}
    assert {("", ""), ("wuma", ""), ("guanghua", ""), ("guanghua", "parole"), ("", "parole")} <= keys[0]
    assert (True, False) == (found["now"].withheld, all_of_it["now"].withheld)


async def test_what_changed_a_figure_is_listed_where_its_members_are(persons: Board) -> None:
    """Of a key that is withheld at an office the district's record is not named: it would say whose and where."""
    await persons.reports().ClosePeriod(closing(MAY))
    await persons.publish(person("wuma", SENTENCE_KIND_CONTROL))
    parole = await persons.publish(person("guanghua", SENTENCE_KIND_PAROLE))
    await persons.becomes(RECEIVED, 62, period=MAY)
    for role, expected in (
        ("bureau_leader", {"control": (0, True), "parole": (1, False)}),
        ("auditor", {"control": (1, False), "parole": (1, False)}),
    ):
        asked = reports.ListRestatementsRequest(name=f"reports/{MAY}")
        answer = await persons.reports(role).ListRestatements(asked)
        cells = {r.published.key: r for r in answer.restatements if r.published.indicator == RECEIVED}
        assert expected == {key: (len(cells[key].causes), cells[key].causes_withheld) for key in expected}
        assert [f"supervisedPersons/{parole}"] == [cause.record for cause in cells["parole"].causes]
        assert {1} == {restatement.cause_count for key, restatement in cells.items() if key}


async def test_a_leader_obtains_no_small_cell_by_any_call(persons: Board) -> None:
    """Of every figure in every answer, none is a small cell; board, watch and metrics have no cells at all."""
    leader, stub = persons.board("bureau_leader"), persons.reports("bureau_leader")
    await persons.reports().ClosePeriod(closing(MAY))
    answers: list[Message] = [
        await stub.GetReport(reports.GetReportRequest(name=f"reports/{MAY}", all_units=True)),
        await stub.ListRestatements(reports.ListRestatementsRequest(name=f"reports/{MAY}", all_units=True)),
    ]
    boards: list[Message] = []
    for unit in UNITS:
        for period in (MAY, "2012-Q2", "2012", "2011-05"):
            boards.append(await leader.GetBoard(pb.GetBoardRequest(unit=unit, period=period)))
            for code in (RECEIVED, GROWTH):
                request = pb.GetIndicatorRequest(indicator=code, unit=unit, period=period)
                answers.append(await leader.GetIndicator(request))
                request.as_of_date.CopyFrom(from_date(date(2012, 5, 31)))
                answers.append(await leader.GetIndicator(request))
                for key in ("control", "suspended", "parole", "outside_prison"):
                    asked = pb.ListMembersRequest(
                        indicator=code, unit=unit, period=period, breakdown="sentence", key=key
                    )
                    answers.append(await leader.ListMembers(asked))
    stream = leader.WatchBoard(pb.WatchBoardRequest(period=MAY))
    boards.append(await stream.read())
    stream.cancel()
    assert {""} == {figure.breakdown for answer in boards for figure in figures_in(answer)}
    told = [f for answer in answers for f in figures_in(answer) if f.indicator in {RECEIVED, GROWTH} and f.breakdown]
    small = [f for f in told if 0 < f.n < 10 or 0 < f.denominator < 10]
    assert ([], True) == (small, any(f.withheld for f in told))
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
