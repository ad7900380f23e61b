"""What the board shows of what was published, and when."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import grpc
import pytest
from geju.aggregation.v1 import board_service_pb2 as pb
from geju.aggregation.v1 import figure_pb2, indicator_pb2
from google.type.date_pb2 import Date

from services.chassis import identity, testing
from services.chassis.client import Failure
from tests.integration.aggregation.serving.conftest import Board, dispute

MAY = date(2012, 5, 10)


async def test_a_published_record_shows_on_board_and_metrics(board: Board) -> None:
    """A dispute counts for its office, the district, month, quarter and year, and in /metrics, with n and N."""
    running = await board.start()
    await board.ready()
    await board.publish(dispute("wuma", MAY, MAY))
    await board.publish(dispute("wuma", MAY, MAY, agreed=False))
    await board.becomes("mediation.success_rate", 1, 2)
    for unit, period in (("wuma", "2012-05"), ("wuma", "2012-Q2"), ("", "2012-05"), ("", "2012")):
        figure = await board.figure("mediation.success_rate", period, unit)
        assert (1, 2, "0.5", "1/2(50.00%)") == (figure.n, figure.denominator, figure.value, figure.text)
    figure = await board.figure("mediation.success_rate")
    assert figure_pb2.LIGHT_RED == figure.light
    assert "97.00%" in figure.attainment_text
    page = running.runtime.metrics.render().decode()
    labels = 'indicator="mediation.success_rate",unit="wuma",period="quarter"'
    assert f"geju_indicator_n{{{labels}}} 1\n" in page
    assert f"geju_indicator_denominator{{{labels}}} 2\n" in page
    assert f"geju_indicator_target{{{labels}}} 0.97\n" in page


async def test_the_board_has_the_five_patterns_and_explains_each(board: Board) -> None:
    """Every pattern stands on the board, with its composite attainment or the reason why there is none."""
    await board.start()
    await board.ready()
    await board.publish(dispute("wuma", MAY, MAY))
    await board.becomes("mediation.success_rate", 1, 1)
    answer = await board.board("bureau_leader").GetBoard(pb.GetBoardRequest(period="2012"))
    patterns = {pattern.pattern: pattern for pattern in answer.board.patterns}
    assert ["mediation", "legalaid", "publicity", "legalservices", "correction", "funds"] == list(patterns)
    assert 0 < patterns["mediation"].attainment < 1
    assert "权重" in patterns["mediation"].attainment_text
    assert not patterns["funds"].HasField("attainment")
    assert patterns["funds"].attainment_text
    weighed = [pattern for pattern in patterns.values() if pattern.HasField("attainment")]
    assert [1, 1, 1, 1, 1, 0] == [pattern.weight for pattern in patterns.values()]
    assert answer.board.attainment == pytest.approx(sum(p.attainment for p in weighed) / len(weighed))
    assert "个格局按权重" in answer.board.attainment_text
    answer = await board.board("bureau_leader").GetBoard(pb.GetBoardRequest(patterns=["mediation", "legalaid"]))
    assert (False, "") == (answer.board.HasField("attainment"), answer.board.attainment_text)


async def test_watchers_see_the_board_then_what_changes(board: Board) -> None:
    """The first message is the whole board; a change sends just the figures and patterns it moved."""
    await board.start()
    await board.ready()
    stream = board.board("clerk").WatchBoard(pb.WatchBoardRequest(unit="wuma", period="2012-05"))
    first = await stream.read()
    assert first.HasField("board")
    await board.publish(dispute("guanghua", MAY, MAY))
    await board.publish(dispute("wuma", MAY, MAY))
    event = await stream.read()
    changed = {figure.indicator: figure for figure in event.change.figures}
    assert (1, 1) == (changed["mediation.success_rate"].n, changed["mediation.success_rate"].denominator)
    assert "mediation.screened_disputes" not in changed
    assert ["mediation"] == [pattern.pattern for pattern in event.change.patterns]
    assert event.change.version > first.board.version
    assert first.board.attainment != event.change.attainment
    stream.cancel()


async def test_a_stopping_server_ends_the_watch(board: Board) -> None:
    """A drain ends open streams with UNAVAILABLE, so that clients go elsewhere."""
    running = await board.start()
    await board.ready()
    stream = board.board("clerk").WatchBoard(pb.WatchBoardRequest())
    await stream.read()
    running.runtime.stopping.set()
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await stream.read()
    assert grpc.StatusCode.UNAVAILABLE == failed.value.code()


async def test_a_watch_ends_with_the_token(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever began to watch by right is told nothing more once the token has expired."""
    await board.start()
    await board.ready()
    stream = board.board("clerk").WatchBoard(pb.WatchBoardRequest(unit="wuma", period="2012-05"))
    assert "wuma" == (await stream.read()).board.unit
    after = SimpleNamespace(monotonic=time.monotonic, time=lambda: time.time() + 366 * 86400)
    monkeypatch.setattr(identity, "time", after)
    await board.publish(dispute("wuma", MAY, MAY))
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await stream.read()
    assert grpc.StatusCode.UNAUTHENTICATED == failed.value.code()


async def test_the_next_day_is_measured_without_an_event(board: Board) -> None:
    """An open dispute counts against the on-time rate from the day after its limit, though nothing happens."""
    await board.start()
    await board.ready()
    facts = dispute("wuma", MAY)
    facts.close_due.CopyFrom(Date(year=2012, month=6, day=1))
    await board.publish(facts)
    await board.becomes("mediation.accepted", 1)
    assert 0 == (await board.figure("mediation.on_time_rate")).denominator
    board.clock.advance(timedelta(days=1))
    await board.becomes("mediation.on_time_rate", 0, 1)


async def test_a_past_day_is_shown_as_known_now(board: Board) -> None:
    """The board of a past date has late entries in it and later events out of it."""
    await board.start()
    await board.ready()
    await board.publish(dispute("wuma", date(2012, 2, 1), date(2012, 3, 5)))
    await board.publish(dispute("wuma", date(2012, 2, 2), date(2012, 5, 5), agreed=False))
    await board.becomes("mediation.success_rate", 1, 2)
    request = pb.GetBoardRequest(period="2012", as_of_date=Date(year=2012, month=4, day=1))
    answer = await board.board().GetBoard(request)
    figures = {figure.indicator: figure for pattern in answer.board.patterns for figure in pattern.figures}
    assert (1, 1) == (figures["mediation.success_rate"].n, figures["mediation.success_rate"].denominator)
    assert 2 == figures["mediation.accepted"].n


async def test_a_figure_names_its_records_and_their_reasons(board: Board) -> None:
    """Members in n, then those in N only, then those left out add up to the figure, a page at a time."""
    await board.start()
    await board.ready()
    await board.publish(dispute("wuma", MAY))
    for outcome in (False, True, True):
        await board.publish(dispute("wuma", MAY, MAY, agreed=outcome))
    await board.publish(dispute("guanghua", MAY, MAY))
    await board.becomes("mediation.success_rate", 3, 4)
    stub = board.board("clerk", offices=("wuma",))
    request = pb.ListMembersRequest(indicator="mediation.success_rate", period="2012-05", page_size=2)
    first = await stub.ListMembers(request)
    request.page_token = first.next_page_token
    second = await stub.ListMembers(request)
    found = [*first.members, *second.members]
    assert [indicator_pb2.PART_COUNTED] * 2 + [indicator_pb2.PART_AGAINST] == [member.part for member in found]
    assert (2, 3) == (first.figure.n, first.figure.denominator)
    assert {"计入", "未达成协议"} == {member.reason_label for member in found}
    assert all(member.record.startswith("disputes/") and member.source == "geju/mediation" for member in found)


BAD, ABSENT = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND
ACCEPTED = "mediation.accepted"
FOREIGN = "bm9uc2Vuc2U="
WRONG = [
    (pb.GetBoardRequest(unit="atlantis"), BAD, "UNKNOWN_OFFICE"),
    (pb.GetBoardRequest(period="2012-13"), BAD, "INVALID_FIELD"),
    (pb.GetBoardRequest(period="2013"), BAD, "PERIOD_NOT_ENDED"),
    (pb.GetBoardRequest(patterns=["other"]), BAD, "UNKNOWN_PATTERN"),
    (pb.GetBoardRequest(as_of_date=Date(year=2012, month=6, day=2)), BAD, "FUTURE_DATE"),
    (pb.GetBoardRequest(as_of_date=Date(year=2012, month=2, day=30)), BAD, "INVALID_FIELD"),
    (pb.GetIndicatorRequest(indicator="x.y"), ABSENT, "UNKNOWN_INDICATOR"),
    (
        pb.GetIndicatorRequest(indicator="funds.budget", period="2012-05"),
        grpc.StatusCode.FAILED_PRECONDITION,
        "PERIOD_NOT_MEASURED",
    ),
    (pb.ListMembersRequest(indicator=ACCEPTED, breakdown="x", key="y"), BAD, "UNKNOWN_BREAKDOWN"),
    (pb.ListMembersRequest(indicator=ACCEPTED, breakdown="type"), BAD, "INVALID_FIELD"),
    (pb.ListMembersRequest(indicator=ACCEPTED, breakdown="type", key="wages"), BAD, "UNKNOWN_KEY"),
    (pb.GetBoardRequest(period="1999"), BAD, "PERIOD_TOO_EARLY"),
    (
        pb.ListMembersRequest(indicator=ACCEPTED, unit="guanghua"),
        grpc.StatusCode.PERMISSION_DENIED,
        "OFFICE_OUT_OF_SCOPE",
    ),
    (pb.ListMembersRequest(indicator=ACCEPTED, page_token=FOREIGN), BAD, "BAD_PAGE_TOKEN"),
]


async def test_wrong_questions_get_a_clear_answer(board: Board) -> None:
    """What does not exist, lies ahead or is not the caller's is refused with its reason."""
    await board.start()
    await board.ready()
    stub = board.board("clerk", offices=("wuma",))
    answers = []
    for request, _, _ in WRONG:
        with pytest.raises(grpc.aio.AioRpcError) as failed:
            await getattr(stub, type(request).__name__.removesuffix("Request"))(request)
        failure = Failure.of(failed.value)
        answers.append((failure.code, failure.reason))
    assert [(code, reason) for _, code, reason in WRONG] == answers


async def test_an_indicator_shows_its_series_offices_and_breakdowns(board: Board) -> None:
    """The same period of the year before stands beside each figure; offices without records show zero."""
    await board.start()
    await board.ready()
    await board.publish(dispute("wuma", date(2011, 5, 3)))
    await board.publish(dispute("wuma", MAY))
    await board.publish(dispute("guanghua", MAY))
    await board.becomes("mediation.accepted", 2)
    request = pb.GetIndicatorRequest(indicator="mediation.accepted", period="2012-05", points=3)
    answer = await board.board("auditor").GetIndicator(request)
    assert [("2012-03", 0, 0), ("2012-04", 0, 0), ("2012-05", 2, 1)] == [
        (point.figure.period, point.figure.n, point.year_before.n) for point in answer.series
    ]
    offices = {figure.unit: figure.n for figure in answer.offices}
    assert (1, 1, 0) == (offices["wuma"], offices["guanghua"], offices["nanmen"])
    assert {"type", "channel"} == {figure.breakdown for figure in answer.breakdowns}
    assert all(figure.key_label for figure in answer.breakdowns)


async def test_an_indicator_tells_its_changes_and_the_places_of_offices(board: Board) -> None:
    """The first point is held against the period before it; an office is told its own place; no value, no place."""
    await board.start()
    await board.ready()
    for office, month, agreed in (
        ("wuma", 3, True), ("wuma", 4, False), ("guanghua", 4, True), ("wuma", 5, True), ("guanghua", 5, False),
    ):  # fmt: skip
        await board.publish(dispute(office, date(2012, month, 2), date(2012, month, 9), agreed=agreed))
    await board.becomes("mediation.success_rate", 3, 5)
    request = pb.GetIndicatorRequest(indicator="mediation.success_rate", period="2012-05", points=2)
    answer = await board.board("clerk", offices=("nanmen",)).GetIndicator(request)
    changes = [
        (p.change.n_change, p.change.denominator_change, p.change.value_change, p.change.direction)
        for p in answer.series
    ]
    assert [(0, 1, "-0.5", indicator_pb2.DIRECTION_WORSE), (0, 0, "0", indicator_pb2.DIRECTION_SAME)] == changes
    assert [("wuma", "五马", 1, 2, False, True), ("guanghua", "广化", 2, 2, False, True)] == [
        (r.unit, r.unit_label.removesuffix("司法所"), r.rank, r.of, r.tied, r.small) for r in answer.ranks
    ]
    request.unit = "guanghua"
    own = await board.board("clerk").GetIndicator(request)
    assert ([("guanghua", 2)], 0) == ([(r.unit, r.rank) for r in own.ranks], len(own.offices))
    request = pb.GetIndicatorRequest(indicator="mediation.success_rate", period="2000", points=1)
    assert not (await board.board().GetIndicator(request)).series[0].HasField("change")


async def test_figures_outlive_a_restart_and_a_standby_reads_them(board: Board) -> None:
    """A second replica shows what the first has written, and takes over when it ends."""
    first = await board.start()
    await board.ready()
    await board.publish(dispute("wuma", MAY))
    await board.becomes("mediation.accepted", 1)
    await board.start()
    await board.ready()
    await board.becomes("mediation.accepted", 1)
    assert b"geju_leader 0.0" in board.running.runtime.metrics.render()  # type: ignore[union-attr]
    await board.publish(dispute("wuma", MAY))
    await board.becomes("mediation.accepted", 2)
    await first.stop()
    await board.publish(dispute("wuma", MAY))
    await board.becomes("mediation.accepted", 3)


async def test_clocks_across_midnight_in_shanghai(board: Board) -> None:
    """The day begins at midnight in Shanghai, not in UTC."""
    board.clock.set(datetime(2012, 5, 31, 15, 59, tzinfo=UTC))
    await board.start()
    await board.ready()
    answer = await board.board().GetBoard(pb.GetBoardRequest())
    assert Date(year=2012, month=5, day=31) == answer.board.as_of_date
    board.clock.advance(timedelta(minutes=1))

    async def june() -> bool:
        found = await board.board().GetBoard(pb.GetBoardRequest())
        return bool(found.board.as_of_date == Date(year=2012, month=6, day=1))

    await testing.eventually(june)
