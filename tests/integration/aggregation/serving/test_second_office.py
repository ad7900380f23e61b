"""A person with two offices counts at both and once in the district, in whatever is read or published."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
from geju.aggregation.v1 import board_service_pb2 as pb
from geju.aggregation.v1 import report_service_pb2 as reports
from geju.correction.v1.facts_pb2 import ReleasedPersonFacts

from services.chassis.domain.dates import from_date
from tests.integration.aggregation.serving.conftest import Board
from tests.integration.aggregation.serving.test_reports import closing
from tests.support import toys

REGISTERED, MAY = "toy.registered", "2012-05"


def person(office: str, second: str = "") -> ReleasedPersonFacts:
    """Return a released person registered in May."""
    day = from_date(date(2012, 5, 10))
    return ReleasedPersonFacts(office=office, second_office=second, registered_date=day, household=1)


@pytest.fixture
async def listed(board: Board, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Board]:
    """Run the service with the toy catalogue."""
    toys.install(monkeypatch)
    await board.start()
    await board.ready()
    yield board
    monkeypatch.undo()
    toys.forget()


async def test_a_person_is_listed_at_both_offices_and_once_in_the_district(listed: Board) -> None:
    """Figures and members agree at each end and as a whole, today and as of a day gone by."""
    record = await listed.publish(person("wuma", "guanghua"))
    await listed.publish(person("wuma"))
    await listed.becomes(REGISTERED, 2, period=MAY)
    for unit, count in (("", 2), ("wuma", 2), ("guanghua", 1), ("nanmen", 0)):
        assert count == (await listed.figure(REGISTERED, MAY, unit)).n
        request = pb.ListMembersRequest(indicator=REGISTERED, unit=unit, period=MAY)
        assert count == len((await listed.board().ListMembers(request)).members)
        past = pb.GetBoardRequest(unit=unit, period=MAY, as_of_date=from_date(date(2012, 5, 20)))
        figures = [f for p in (await listed.board().GetBoard(past)).board.patterns for f in p.figures]
        assert [count] == [f.n for f in figures if f.indicator == REGISTERED]
    request = pb.ListMembersRequest(indicator=REGISTERED, unit="guanghua", period=MAY)
    (member,) = (await listed.board("clerk", offices=("guanghua",)).ListMembers(request)).members
    assert (f"releasedPersons/{record}", "wuma", "guanghua") == (member.record, member.office, member.second_office)


async def test_a_published_person_who_moves_is_restated_where_it_counts(listed: Board) -> None:
    """The second office changes from one to another: one loses, one gains, the district and the first stay."""
    record = await listed.publish(person("wuma", "guanghua"))
    await listed.becomes(REGISTERED, 1, period=MAY, unit="guanghua")
    report = (await listed.reports().ClosePeriod(closing(MAY))).report
    await listed.publish(person("wuma", "nanmen"), record)
    await listed.becomes(REGISTERED, 1, period=MAY, unit="nanmen")
    request = reports.ListRestatementsRequest(name=report.name, all_units=True)
    answer = await listed.reports("department").ListRestatements(request)
    found = {
        r.published.unit: (r.n_change, [(c.record, c.n_change) for c in r.causes])
        for r in answer.restatements
        if r.published.indicator == REGISTERED and not r.published.breakdown
    }
    name = f"releasedPersons/{record}"
    assert {"guanghua": (-1, [(name, -1)]), "nanmen": (1, [(name, 1)])} == found
