"""Firms and practitioners that complaints name: whichever office has them."""

from __future__ import annotations

from typing import Any

from geju.legalservices.v1 import complaint_pb2

from services.chassis.district import everywhere
from services.chassis.guards import kind_in
from services.chassis.work import Work


async def registered(work: Work, field: str, name: str) -> Any:
    """Return a firm or practitioner, whosever it is, looked up once a work. Raises UnknownReference."""
    key = ("registered", name)
    if key not in work.memo:
        work.memo[key] = await everywhere(work, kind_in(work, name.partition("/")[0]), field, name)
    return work.memo[key]


async def firms_of(work: Work, complaint: complaint_pb2.Complaint) -> set[str]:
    """Return the firms that a respondent is or belongs to: that of the day of receipt, and a practitioner's own now."""
    found = {complaint.firm}
    if complaint.practitioner:
        found.add((await registered(work, "practitioner", complaint.practitioner)).firm)
    return found - {""}
