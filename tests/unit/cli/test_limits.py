"""The list of what is due."""

from __future__ import annotations

from geju.common.v1 import limit_pb2
from geju.common.v1.limit_service_pb2 import RecordLimit
from google.type.date_pb2 import Date

from services.cli.commands.limits import ordered


def item(record: str, month: int, state: limit_pb2.LimitState.ValueType) -> RecordLimit:
    """Return a limit that is due in a month of 2012."""
    return RecordLimit(record=record, limit=limit_pb2.Limit(due=Date(year=2012, month=month, day=1), state=state))


def test_what_can_still_be_met_comes_first() -> None:
    """However much is overdue, what is due soon heads the list; of the overdue the latest comes first."""
    running, overdue = limit_pb2.LIMIT_STATE_RUNNING, limit_pb2.LIMIT_STATE_OVERDUE
    found = [item("a", 1, overdue), item("b", 9, running), item("c", 3, overdue), item("d", 8, running)]
    assert ["d", "b", "c", "a"] == [one.record for one in ordered(found)]
