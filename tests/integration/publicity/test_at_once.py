"""Two at once: what one call refers to, another does not end meanwhile; what is one stays one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from geju.publicity.v1 import education_session_pb2

from services.chassis.domain.errors import RuleError
from tests.integration.publicity.conftest import CLERK, Bench
from tests.integration.publicity.test_import import CREATED, IMPORT, UNCHANGED, line
from tests.support.publicity import SPRING, enterprise, facility, held, plan
from tests.support.records import on


async def at_once(*calls: Coroutine[Any, Any, Any]) -> int:
    """Run calls beside each other; return how many were refused by a rule."""
    answers = await asyncio.gather(*calls, return_exceptions=True)
    errors = [answer for answer in answers if isinstance(answer, BaseException)]
    assert [] == [error for error in errors if not isinstance(error, RuleError)]
    return len(errors)


async def test_an_enterprise_is_ended_or_holds_a_session(bench: Bench) -> None:
    """Never both: a session after the end of its enterprise does not come about."""
    given: dict[str, Any] = {"office": "north", "held_date": SPRING, "staff": 8}
    for _ in range(8):
        firm = await bench.make(enterprise())
        session = education_session_pb2.EducationSession(**given, enterprise=firm.name)
        ended = bench.change("Update", firm, to_date=on(2012, 3, 1))
        assert 1 == await at_once(bench.make(session, CLERK), ended)


async def test_a_facility_is_closed_or_used(bench: Bench) -> None:
    """Never both: an activity at a closed facility does not come about."""
    for _ in range(8):
        station = await bench.make(facility())
        used = bench.call("ActivityService/RecordHeldActivity", CLERK, activity=held(facilities=[station.name]))
        assert 1 == await at_once(used, bench.change("Update", station, to_date=on(2012, 3, 1)))


async def test_an_office_makes_one_plan(bench: Bench) -> None:
    """However many try at once, one plan for the year is made."""
    assert 3 == await at_once(*(bench.make(plan(), CLERK) for _ in range(4)))


async def test_a_sheet_sent_twice_at_once_doubles_nothing(bench: Bench) -> None:
    """One of them makes the activities and their materials, the other finds them."""
    first, second = await asyncio.gather(bench.imported(IMPORT, line()), bench.imported(IMPORT, line()))
    assert sorted([[CREATED], [UNCHANGED]]) == sorted([first, second])
    assert [1, 1] == [await bench.count(table) for table in ("activity", "material_handout")]
