"""The assessment of the offices: what their boards say, ranked; and what it would be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import grpc
import pytest
from geju.aggregation.v1 import assessment_pb2
from geju.aggregation.v1 import assessment_service_pb2 as pb
from geju.aggregation.v1 import board_service_pb2 as board_pb
from geju.aggregation.v1.assessment_service_pb2_grpc import AssessmentServiceStub
from geju.correction.v1.facts_pb2 import AbscondingFacts
from google.type.date_pb2 import Date

from services.chassis.client import Failure
from services.chassis.domain.dates import from_date
from tests.integration.aggregation.serving.conftest import OFFICES, Board, dispute
from tests.integration.aggregation.serving.test_reports import closing

MAY = date(2012, 5, 10)
SUCCESS = "mediation.success_rate"


def stub(board: Board, *roles: str, offices: tuple[str, ...] = ("*",)) -> Any:
    """Return a stub of the service as an account with these roles."""
    return AssessmentServiceStub(board.channel(*(roles or ("bureau_leader",)), offices=offices))


async def told(board: Board) -> None:
    """Start the board with disputes at three offices: all agreed, half of them, none."""
    await board.start()
    await board.ready()
    for office, agreed in zip(OFFICES, ((True, True), (True, False), (False, False)), strict=True):
        for outcome in agreed:
            await board.publish(dispute(office, MAY, MAY, agreed=outcome))
    await board.becomes(SUCCESS, 3, 6)


async def test_offices_are_ranked_by_what_their_boards_say(board: Board) -> None:
    """Scores are the attainments of the boards; every point is there, with the figure that it is made of."""
    await told(board)
    answer = await stub(board).AssessOffices(pb.AssessOfficesRequest())
    assert ("2012", list(OFFICES), False, 0) == (
        answer.period,
        [one.unit for one in answer.offices],
        answer.hypothetical,
        answer.withheld,
    )
    assert [(1, 3, False), (2, 3, False), (3, 3, False)] == [
        (one.standing.rank, one.standing.of, one.standing.tied) for one in answer.offices
    ]
    assert answer.rules
    for one in answer.offices:
        request = board_pb.GetBoardRequest(unit=one.unit)
        shown = (await board.board("bureau_leader").GetBoard(request)).board
        attained = {p.pattern: p.attainment for p in shown.patterns if p.HasField("attainment")}
        scores = {p.pattern: float(p.standing.score) for p in one.patterns if p.standing.score}
        assert {code: pytest.approx(share * 100, abs=0.005) for code, share in attained.items()} == scores
        assert float(one.standing.score) == pytest.approx(shown.attainment * 100, abs=0.005)
        assert Decimal(one.standing.score) == sum(Decimal(p.gained) for p in one.patterns if p.gained)
        figures = {figure.indicator: figure for pattern in shown.patterns for figure in pattern.figures}
        lines = [line for pattern in one.patterns for line in pattern.indicators]
        assert [line.figure for line in lines] == [figures[line.figure.indicator] for line in lines]
        assert all(line.text for line in lines)


async def test_one_office_has_its_place_among_all(board: Board) -> None:
    """Of one office and pattern the rest is left out of the answer, not of the ranking."""
    await told(board)
    request = pb.AssessOfficesRequest(unit="guanghua", patterns=["mediation"], period="2012-05")
    answer = await stub(board, "office_head", offices=("wuma",)).AssessOffices(request)
    [one] = answer.offices
    [mediation] = one.patterns
    assert (2, 3) == (one.standing.rank, one.standing.of)
    assert ("mediation", one.standing.score) == (mediation.pattern, mediation.standing.score)
    assert "2012-05" == answer.period


async def test_a_past_day_is_assessed_as_known_now(board: Board) -> None:
    """Before anything was closed, all are as good: they share the first place."""
    await told(board)
    day = Date(year=2012, month=5, day=9)
    answer = await stub(board).AssessOffices(pb.AssessOfficesRequest(as_of_date=day, patterns=["mediation"]))
    assert {(1, True)} == {(one.standing.rank, one.standing.tied) for one in answer.offices}
    assert (130, ["并列"] * 3) == (answer.days, [one.remark for one in answer.offices])


async def test_what_is_withheld_is_not_judged(board: Board) -> None:
    """An office head is told how many figures of other offices are withheld; a department judges them."""
    await told(board)
    for office in OFFICES:
        await board.publish(AbscondingFacts(office=office, unknown_due=from_date(date(2012, 3, 31))))
    await board.becomes("correction.out_of_control", 3)
    withheld = {}
    for role in ("office_head", "department"):
        asked = pb.AssessOfficesRequest(patterns=["correction"])
        answer = await stub(board, role, offices=("wuma",)).AssessOffices(asked)
        withheld[role] = {one.unit: one.withheld for one in answer.offices}
        assert sum(withheld[role].values()) == answer.withheld
        hidden = [line for one in answer.offices for line in one.patterns[0].indicators if line.figure.withheld]
        assert {("", 0, "不公开,不评;不计权重")} >= {(line.gained, line.figure.n, line.text) for line in hidden}
    assert (0, {0}) == (withheld["office_head"]["wuma"], set(withheld["department"].values()))
    assert withheld["office_head"]["guanghua"] > 0


async def kept(board: Board) -> dict[str, Any]:
    """Return every row of every table of the service's database."""
    tables = await board.rows("select schemaname, tablename from pg_tables where schemaname !~ '^(pg_|information_)'")
    found = {}
    for schema, table in tables:
        name = f'"{schema}"."{table}"'
        rows = await board.rows(f"select t::text from {name} t order by 1")  # noqa: S608 - names of its own tables
        found[name] = [text for (text,) in rows]
    return found


async def test_what_if_changes_nothing_that_is_kept(board: Board) -> None:
    """Other weights and targets are told beside how things are; whatever is stored stays as it is."""
    await told(board)
    await board.reports("department").ClosePeriod(closing("2012-05"))
    service = stub(board)
    plain = await service.AssessOffices(pb.AssessOfficesRequest(patterns=["mediation"]))
    before = await kept(board)
    asked = pb.AssessOfficesRequest(
        patterns=["mediation"],
        what_if=assessment_pb2.WhatIf(
            indicator_weights=[assessment_pb2.IndicatorWeight(indicator=SUCCESS, weight=100)],
            targets=[
                assessment_pb2.IndicatorTarget(indicator=SUCCESS, value="0.5"),
                assessment_pb2.IndicatorTarget(indicator="mediation.expert_participation_rate", value="0.9"),
            ],
        ),
    )
    tried = await service.AssessOffices(asked)
    assert tried.hypothetical
    now = {one.unit: one.standing for one in plain.offices}
    then = {one.unit: one for one in tried.offices}
    assert now == {unit: one.standing_now for unit, one in then.items()}
    assert {unit: one.patterns[0].standing for unit, one in zip(then, plain.offices, strict=True)} == {
        unit: one.patterns[0].standing_now for unit, one in then.items()
    }
    assert [(1, True), (1, True), (3, False)] == [(then[u].standing.rank, then[u].standing.tied) for u in OFFICES]
    lines = {line.figure.indicator: line for line in then["guanghua"].patterns[0].indicators}
    assert (100, "0.5", 1.0) == (
        lines[SUCCESS].weight,
        lines[SUCCESS].figure.target.value,
        lines[SUCCESS].figure.attainment,
    )
    assert 1 == lines["mediation.expert_participation_rate"].weight
    assert before == await kept(board)
    assert plain == await service.AssessOffices(pb.AssessOfficesRequest(patterns=["mediation"]))


BAD, DENIED = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.PERMISSION_DENIED
NEGATIVE = assessment_pb2.WhatIf(indicator_weights=[assessment_pb2.IndicatorWeight(indicator=SUCCESS, weight=-1)])
STRANGE = assessment_pb2.WhatIf(targets=[assessment_pb2.IndicatorTarget(indicator=SUCCESS, value="98")])
WRONG = [
    ("auditor", pb.AssessOfficesRequest(unit="atlantis"), BAD, "UNKNOWN_OFFICE", "atlantis"),
    ("auditor", pb.AssessOfficesRequest(period="2013"), BAD, "PERIOD_NOT_ENDED", "尚未开始"),
    ("auditor", pb.AssessOfficesRequest(patterns=["funds"]), BAD, "UNKNOWN_PATTERN", "可用:mediation"),
    ("auditor", pb.AssessOfficesRequest(what_if=NEGATIVE), BAD, "INVALID_FIELD", "权重:应不小于 0"),
    ("auditor", pb.AssessOfficesRequest(what_if=STRANGE), BAD, "CANNOT_BE_TRIED", "应在 0 与 1 之间"),
    ("clerk", pb.AssessOfficesRequest(), DENIED, "PERMISSION_DENIED", ""),
    ("operations", pb.AssessOfficesRequest(), DENIED, "PERMISSION_DENIED", ""),
]


async def test_wrong_questions_are_refused_with_what_is_expected(board: Board) -> None:
    """By whoever may not ask, or what does not exist or cannot be, in Chinese."""
    await board.start()
    await board.ready()
    answers = []
    for role, request, _, _, words in WRONG:
        with pytest.raises(grpc.aio.AioRpcError) as failed:
            await stub(board, role).AssessOffices(request)
        failure = Failure.of(failed.value)
        answers.append((failure.code, failure.reason))
        assert words in failure.message
    assert [(code, reason) for _, _, code, reason, _ in WRONG] == answers
