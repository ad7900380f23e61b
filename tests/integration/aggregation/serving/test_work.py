"""Work lists are served to those whose offices they are of, and counted as metrics."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import grpc
import pytest
from geju.aggregation.v1 import work_pb2
from geju.aggregation.v1 import work_service_pb2 as pb
from geju.aggregation.v1.work_service_pb2_grpc import WorkServiceStub
from geju.mediation.v1.facts_pb2 import DisputeFacts

from services.chassis import testing
from services.chassis.client import Failure
from services.chassis.domain.dates import from_date
from tests.integration.aggregation.serving.conftest import OFFICES, Board

VISITS, SCREENING = "mediation.return_visit_rate", "mediation.screening_rate"
MAY, JUNE = date(2012, 5, 10), date(2012, 6, 2)


def to_visit(office: str, due: date) -> DisputeFacts:
    """Return the facts of a closed dispute with a return visit to be made by a day."""
    closed = from_date(MAY)
    return DisputeFacts(office=office, accepted_date=closed, closed_date=closed, visit1_due=from_date(due))


@pytest.fixture
async def working(board: Board) -> Board:
    """Run the service on 1 June, with two visits to be made by one office, one of them late, and one by another."""
    await board.start()
    await board.ready()
    for office, due in (("wuma", date(2012, 5, 31)), ("wuma", JUNE), ("nanmen", date(2012, 6, 20))):
        await board.publish(to_visit(office, due))
    await testing.eventually(lambda: _counts(board, 3))
    return board


def work(board: Board, *roles: str, offices: tuple[str, ...] = ("*",)) -> Any:
    """Return a stub of WorkService."""
    return WorkServiceStub(board.channel(*roles or ("clerk",), offices=offices))


async def the_list(board: Board, code: str = VISITS, unit: str = "", **account: Any) -> work_pb2.WorkList:
    """Return one list as an account is told it."""
    answer = await work(board, **account).ListWorkLists(pb.ListWorkListsRequest(unit=unit))
    return next(found for found in answer.lists if found.list == code)


async def _counts(board: Board, items: int) -> bool:
    return items == (await the_list(board)).items


def told(found: work_pb2.WorkList) -> dict[str, tuple[int, int, int]]:
    """Return the entries of each office: all, overdue, due soon."""
    return {office.unit: (office.items, office.overdue, office.due_soon) for office in found.offices}


async def test_lists_are_counted_by_office(working: Board) -> None:
    """Most entries first, with what is overdue or due in three days; an account's own offices alone."""
    found = await the_list(working)
    assert ("待回访的纠纷", "回访", "回访率", "mediation", True) == (
        found.label, found.act, found.indicator_label, found.pattern, found.has_due,
    )  # fmt: skip
    assert (3, 1, 1) == (found.items, found.overdue, found.due_soon)
    assert {"wuma": (2, 1, 1), "nanmen": (1, 0, 0)} == told(found)
    assert ["wuma", "nanmen"] == list(told(found))
    own = await the_list(working, offices=("nanmen", "guanghua"))
    assert (1, {"nanmen": (1, 0, 0)}) == (own.items, told(own))
    assert told(own) == told(await the_list(working, unit="nanmen"))
    assert "五马司法所" in {office.unit_label for office in found.offices}


async def test_lists_of_a_pattern(working: Board) -> None:
    """Those of other patterns are left out; all are in the order of their codes."""
    answer = await work(working).ListWorkLists(pb.ListWorkListsRequest(patterns=["publicity"]))
    assert {"publicity"} == {found.pattern for found in answer.lists}
    assert [found.list for found in answer.lists] == sorted(found.list for found in answer.lists)
    assert (2012, 6, 1) == (answer.as_of_date.year, answer.as_of_date.month, answer.as_of_date.day)


async def test_entries_come_page_by_page(working: Board) -> None:
    """The earliest last day first; what the profile says exists has a name."""
    stub, found = work(working), []
    request = pb.ListWorkItemsRequest(list=VISITS, page_size=1)
    while True:
        answer = await stub.ListWorkItems(request)
        found += answer.items
        request.page_token = answer.next_page_token
        if not request.page_token:
            break
    assert [("wuma", 31, True), ("wuma", 2, False), ("nanmen", 20, False)] == [
        (item.office, item.due_date.day, item.overdue) for item in found
    ]
    assert {("dispute", "回访", "第一次回访未进行")} == {(i.kind, i.act, i.reason_label) for i in found}
    answer = await stub.ListWorkItems(pb.ListWorkItemsRequest(list=SCREENING, unit="wuma", page_size=1000))
    last = answer.items[-1]
    assert ("profile/wuma:2012-06", "五马街道 2012-06", "") == (last.record, last.label, last.kind)


async def test_what_cannot_be_listed_is_refused(board: Board) -> None:
    """An indicator without a list, an office of others, an office that is none, another query's page."""
    await board.start()
    await board.ready()
    stub, refused = work(board, offices=("wuma",)), []
    for asked in (
        pb.ListWorkItemsRequest(list="mediation.accepted"),
        pb.ListWorkItemsRequest(list=VISITS, unit="nanmen"),
        pb.ListWorkItemsRequest(list=VISITS, unit="nowhere"),
        pb.ListWorkItemsRequest(list=VISITS, page_token=VISITS),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as failed:
            await stub.ListWorkItems(asked)
        refused.append(Failure.of(failed.value).reason)
    assert ["UNKNOWN_WORK_LIST", "OFFICE_OUT_OF_SCOPE", "UNKNOWN_OFFICE", "BAD_PAGE_TOKEN"] == refused


async def test_metrics_count_the_lists(board: Board) -> None:
    """For the district and every office, with or without an entry; counted when a day begins, of people as a whole."""
    running = await board.start()
    await board.ready()
    await board.publish(to_visit("wuma", JUNE))
    await testing.eventually(lambda: _counts(board, 1))
    board.clock.set(datetime(2012, 6, 3, 4, tzinfo=UTC))
    metrics = running.runtime.metrics
    line = f'geju_work_overdue{{list="{VISITS}",unit="wuma"}} 1\n'
    await testing.eventually(lambda: line in metrics.render().decode())
    page = metrics.render().decode()
    assert f'geju_work_items{{list="{VISITS}",unit="district"}} 1\n' in page
    assert f'geju_work_due_soon{{list="{VISITS}",unit="nanmen"}} 0\n' in page
    assert 'geju_work_overdue{list="legalaid.one_hour_coverage"' not in page
    sensitive = {part for part in page.splitlines() if 'list="resettlement.lost_rate"' in part}
    assert {'geju_work_items{list="resettlement.lost_rate",unit="district"} 0'} == sensitive
    assert len(OFFICES) + 2 == page.count('geju_work_items{list="legalaid.one_hour_coverage"')


async def test_pace_is_told_of_the_offices_in_scope(board: Board) -> None:
    """Of all together and of each; what binds the district alone is told without an office."""
    await board.start()
    await board.ready()
    studies = "publicity.cadre_study_rate"
    told = {}
    for unit, offices in (("", ("*",)), ("", ("wuma", "nanmen")), ("wuma", ("wuma",))):
        answer = await work(board, offices=offices).ListWorkLists(pb.ListWorkListsRequest(unit=unit))
        told[unit, offices] = [(p.unit, p.unit_label) for p in answer.paces if p.indicator == studies]
        yearly = {p.indicator: p.unit for p in answer.paces if p.indicator == "correction.member_unit_meetings"}
        assert ({} if unit else {"correction.member_unit_meetings": ""}) == yearly
    names = {"wuma": "五马司法所", "guanghua": "广化司法所", "nanmen": "南门司法所"}
    assert [
        [("", "全区"), *names.items()],
        [("", "所辖各单位"), ("wuma", names["wuma"]), ("nanmen", names["nanmen"])],
        [("wuma", names["wuma"])],
    ] == list(told.values())
    pace = next(p for p in answer.paces if p.indicator == studies)
    assert (0, True, "次") == (pace.done, pace.behind, pace.measure)
    assert pace.needed_now == pace.needed * 153 // 366
