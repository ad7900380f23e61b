"""Closed periods say what was published; restatements say what is known since."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import asyncpg
import grpc
import pytest
from geju.aggregation.v1 import report_pb2
from geju.aggregation.v1 import report_service_pb2 as pb
from geju.mediation.v1 import dispute_pb2
from geju.mediation.v1.facts_pb2 import DisputeFacts
from geju.publicity.v1.facts_pb2 import ActivityFacts

from services.aggregation.storage import CurrentRow
from services.chassis import migrations, testing
from services.chassis.client import Failure
from services.chassis.domain.dates import from_date
from tests.integration.aggregation.serving.conftest import Board, dispute

MAY = date(2012, 5, 10)
RATE = "mediation.success_rate"
AUDIENCE = "publicity.audience"


def closing(period: str = "2012-05", **fields: object) -> pb.ClosePeriodRequest:
    """Return a request to close May."""
    return pb.ClosePeriodRequest(**{"period": period, "request_id": str(uuid4()), **fields})  # type: ignore[arg-type]


@pytest.fixture
async def may(board: Board) -> tuple[Board, DisputeFacts]:
    """Publish three disputes of May: two agreed, one failed."""
    await board.start()
    await board.ready()
    await board.publish(dispute("wuma", MAY, MAY))
    await board.publish(dispute("guanghua", MAY, MAY))
    failed = dispute("wuma", MAY, MAY, agreed=False)
    board.late = await board.publish(failed)  # type: ignore[attr-defined]
    await board.becomes(RATE, 2, 3)
    return board, failed


async def test_a_closed_period_keeps_its_figures(may: tuple[Board, DisputeFacts]) -> None:
    """Late entries move the board and leave the report as published, breakdowns included."""
    board, _ = may
    report = (await board.reports().ClosePeriod(closing(note="五月"))).report
    assert ("reports/2012-05.1", 1, "测试员", "五月") == (report.name, report.edition, report.closed_by, report.note)
    assert report.members > 0
    assert len(report.digest) == 64
    await board.publish(dispute("wuma", MAY, MAY))
    await board.becomes(RATE, 3, 4)
    for name in ("reports/2012-05.1", "reports/2012-05"):
        answer = await board.reports("clerk").GetReport(pb.GetReportRequest(name=name))
        whole = {f.indicator: f for f in answer.figures if not f.breakdown}
        assert (2, 3) == (whole[RATE].n, whole[RATE].denominator)
        assert any(f.indicator == RATE and f.breakdown == "type" for f in answer.figures)


async def test_restatements_name_the_records_and_who_entered_them(may: tuple[Board, DisputeFacts]) -> None:
    """A late entry, a correction and a deletion each stand with what they changed, by whom and when."""
    board, failed = may
    gone = await board.publish(dispute("nanmen", MAY, MAY))
    await board.becomes(RATE, 3, 4)
    await board.reports().ClosePeriod(closing())
    late = await board.publish(dispute("wuma", MAY, MAY), actor="补录员")
    failed.outcome = dispute("wuma", MAY, MAY).outcome
    corrected = await board.publish(failed, board.late, actor="更正员")  # type: ignore[attr-defined]
    deleted = dispute("nanmen", MAY, MAY)
    deleted.deleted = True
    await board.publish(deleted, gone, actor="删除员")
    await board.becomes(RATE, 4, 4)
    request = pb.ListRestatementsRequest(name="reports/2012-05.1")
    answer = await board.reports("auditor").ListRestatements(request)
    found = next(r for r in answer.restatements if r.published.indicator == RATE and not r.published.breakdown)
    assert ((3, 4), (4, 4)) == (
        (found.published.n, found.published.denominator),
        (found.current.n, found.current.denominator),
    )
    assert (1, 0, 3) == (found.n_change, found.denominator_change, found.cause_count)
    causes = {cause.record: cause for cause in found.causes}
    expected = {
        f"disputes/{late}": (report_pb2.CAUSE_KIND_ADDED, 1, 1, "补录员", 0, 1),
        f"disputes/{corrected}": (report_pb2.CAUSE_KIND_CHANGED, 1, 0, "更正员", 1, 2),
        f"disputes/{gone}": (report_pb2.CAUSE_KIND_DELETED, -1, -1, "删除员", 1, 2),
    }
    assert expected == {
        name: (c.cause, c.n_change, c.denominator_change, c.actor, c.revision_then, c.revision_now)
        for name, c in causes.items()
    }
    assert [] == list(answer.redefined)
    request.unit = "guanghua"
    assert [] == list((await board.reports("auditor").ListRestatements(request)).restatements)


async def test_a_restated_group_names_what_each_record_gave_to_it(board: Board) -> None:
    """Where the groups of a sum do not add up to it, a cause stands with its own amount of the group."""
    await board.start()
    await board.ready()
    day = from_date(MAY)
    first = await board.publish(ActivityFacts(office="wuma", held_date=day, people=50, villagers=40, elderly=30))
    await board.becomes(AUDIENCE, 50)
    await board.reports().ClosePeriod(closing())
    await board.publish(ActivityFacts(office="wuma", held_date=day, people=60, villagers=25, elderly=30), first)
    second = await board.publish(ActivityFacts(office="wuma", held_date=day, villagers=5))
    await board.becomes(AUDIENCE, 65)
    request = pb.ListRestatementsRequest(name="reports/2012-05.1", unit="wuma")
    answer = await board.reports("auditor").ListRestatements(request)
    found = {
        r.published.key: (r.published.n, r.current.n, {cause.record: cause.n_change for cause in r.causes})
        for r in answer.restatements
        if r.published.indicator == AUDIENCE
    }
    one, other = f"activities/{first}", f"activities/{second}"
    assert found == {"": (50, 65, {one: 10, other: 5}), "villagers": (40, 30, {one: -15, other: 5})}


async def test_closing_again_makes_the_next_edition(may: tuple[Board, DisputeFacts]) -> None:
    """A repeated request has one effect; another request makes edition 2 and leaves edition 1."""
    board, _ = may
    stub, request = board.reports(), closing()
    first = (await stub.ClosePeriod(request)).report
    assert first == (await stub.ClosePeriod(request)).report
    assert "reports/2012-05.2" == (await stub.ClosePeriod(closing(validate_only=True))).report.name
    second = (await stub.ClosePeriod(closing())).report
    assert "reports/2012-05.2" == second.name
    assert first.digest == second.digest
    page = await stub.ListReports(pb.ListReportsRequest(page_size=1))
    rest = await stub.ListReports(pb.ListReportsRequest(page_size=1, page_token=page.next_page_token))
    assert [second, first] == [*page.reports, *rest.reports]
    request.note = "另一份"
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await stub.ClosePeriod(request)
    assert "REQUEST_ID_REUSED" == Failure.of(failed.value).reason


async def test_only_what_has_ended_is_closed_and_only_by_the_department(may: tuple[Board, DisputeFacts]) -> None:
    """A running period and a clerk are refused; nothing is written."""
    board, _ = may
    with pytest.raises(grpc.aio.AioRpcError) as running:
        await board.reports().ClosePeriod(closing("2012-06"))
    with pytest.raises(grpc.aio.AioRpcError) as clerk:
        await board.reports("clerk").ClosePeriod(closing())
    with pytest.raises(grpc.aio.AioRpcError) as missing:
        await board.reports().GetReport(pb.GetReportRequest(name="reports/2012-05"))
    errors = [Failure.of(e.value).reason for e in (running, clerk, missing)]
    assert ["PERIOD_NOT_ENDED", "PERMISSION_DENIED", "NOT_FOUND"] == errors


async def test_what_was_published_cannot_be_altered(may: tuple[Board, DisputeFacts]) -> None:
    """The service's own role may add reports and read them, nothing else."""
    board, _ = may
    await board.reports().ClosePeriod(closing())
    for statement in ("update report set note = ''", "delete from report_figure", "truncate report_member"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await board.rows(statement)


async def test_the_database_is_what_the_models_say(postgres: testing.Server) -> None:
    """The revisions make exactly the tables of the models; projections live beside them."""
    urls = await postgres.database("aggregation")
    schema = migrations.Schema(
        migrations.schema_of("aggregation").versions, (CurrentRow.__module__.rpartition(".")[0],)
    )
    await migrations.upgrade(urls.owner, schema)
    await migrations.check(urls.owner, schema)


async def test_a_broken_down_restatement_names_its_own_records_only(may: tuple[Board, DisputeFacts]) -> None:
    """A record that changed its type stands with what it took from one key and with what it gave to the other."""
    board, failed = may
    await board.reports().ClosePeriod(closing())
    failed.type = dispute_pb2.DISPUTE_TYPE_TRAFFIC
    moved = await board.publish(failed, board.late)  # type: ignore[attr-defined]
    # Only this one changes the whole figure, so it comes last: once it is counted, so is the other.
    await board.publish(dispute("wuma", MAY, MAY))
    await board.becomes(RATE, 3, 4)
    answer = await board.reports("auditor").ListRestatements(pb.ListRestatementsRequest(name="reports/2012-05.1"))
    of_type = {
        r.published.key: {cause.record: (cause.n_change, cause.denominator_change) for cause in r.causes}
        for r in answer.restatements
        if r.published.indicator == RATE and r.published.breakdown == "type" and not r.published.unit
    }
    assert {f"disputes/{moved}": (0, 1)} == of_type["traffic"]
    left = next(causes for key, causes in of_type.items() if key != "traffic")
    assert (0, -1) == left[f"disputes/{moved}"]
    assert 2 == len(left)
