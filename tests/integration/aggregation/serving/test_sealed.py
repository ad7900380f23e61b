"""A sealed record counts; which it is and when it happened is told only to those with the right to sealed files."""

from __future__ import annotations

from datetime import date

import pytest
from geju.aggregation.v1 import board_service_pb2 as pb
from geju.aggregation.v1 import member_pb2, report_pb2
from geju.aggregation.v1 import report_service_pb2 as reports
from geju.correction.v1.facts_pb2 import SupervisedPersonFacts

from services.chassis.domain.dates import from_date
from tests.integration.aggregation.serving.conftest import Board
from tests.integration.aggregation.serving.test_reports import closing

RECEIVED, MAY = "correction.received", "2012-05"


def person(day: int, *, sealed: bool = False) -> SupervisedPersonFacts:
    """Return a person taken over on a day of May."""
    return SupervisedPersonFacts(office="wuma", taken_over_date=from_date(date(2012, 5, day)), sealed=sealed)


@pytest.fixture
async def received(board: Board) -> tuple[Board, str, str]:
    """Publish an open file of the 20th and a sealed one of the 10th."""
    await board.start()
    await board.ready()
    plain = await board.publish(person(20))
    sealed = await board.publish(person(10, sealed=True))
    await board.becomes(RECEIVED, 2, period=MAY)
    return board, f"supervisedPersons/{plain}", f"supervisedPersons/{sealed}"


async def listed(board: Board, *roles: str) -> list[member_pb2.Member]:
    """Return the members in May, a page of one at a time."""
    stub, found = board.board(*roles), []
    request = pb.ListMembersRequest(indicator=RECEIVED, unit="wuma", period=MAY, page_size=1)
    while True:
        answer = await stub.ListMembers(request)
        found += answer.members
        request.page_token = answer.next_page_token
        if not request.page_token:
            return found


async def test_which_record_is_sealed_is_not_told(received: tuple[Board, str, str]) -> None:
    """It counts with its reason, without name, revision or day, and stands after those whose days are shown."""
    board, plain, _ = received
    for role in ("clerk", "department", "auditor"):
        shown, hidden = await listed(board, role)
        assert (plain, False, 20) == (shown.record, shown.sealed, shown.when_date.day)
        assert ("", True, 0, False) == (hidden.record, hidden.sealed, hidden.revision, hidden.HasField("when_date"))
        assert not hidden.HasField("recorded_time")
        assert ("supervised_person", 1, "counted") == (hidden.kind, hidden.n, hidden.reason)


async def test_those_with_the_right_see_sealed_records(received: tuple[Board, str, str]) -> None:
    """To them it is a record like others, in its place by day."""
    board, plain, sealed = received
    found = await listed(board, "clerk", "sealed_files")
    assert [(sealed, False, 10), (plain, False, 20)] == [(m.record, m.sealed, m.when_date.day) for m in found]


async def test_restatements_do_not_tell_which_record_is_sealed(received: tuple[Board, str, str]) -> None:
    """What moved a published figure is told; of a sealed record neither name nor who entered it, nor when."""
    board, _, _ = received
    await board.reports().ClosePeriod(closing(MAY))
    late = await board.publish(person(11, sealed=True))
    await board.becomes(RECEIVED, 3, period=MAY)
    causes: dict[str, report_pb2.Cause] = {}
    for roles in ("department",), ("department", "sealed_files"):
        answer = await board.reports(*roles).ListRestatements(reports.ListRestatementsRequest(name=f"reports/{MAY}"))
        found = next(r for r in answer.restatements if (r.current.indicator, r.current.breakdown) == (RECEIVED, ""))
        (causes[roles[-1]],) = found.causes
    hidden, shown = causes["department"], causes["sealed_files"]
    assert ("", True, 1) == (hidden.record, hidden.sealed, hidden.n_change)
    assert ("", 0, False) == (hidden.actor, hidden.revision_now, hidden.HasField("recorded_time"))
    assert (f"supervisedPersons/{late}", False, "录入员") == (shown.record, shown.sealed, shown.actor)
