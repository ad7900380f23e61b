"""The firms of respondents: whichever office has them."""

from __future__ import annotations

from geju.legalservices.v1 import complaint_pb2

from services.chassis.work import Work
from services.legalservices.lookups import referred


async def firms_of(work: Work, complaint: complaint_pb2.Complaint) -> set[str]:
    """Return the firms that a respondent is or belongs to: that of the day of receipt, and a practitioner's own now."""
    found = {complaint.firm}
    if complaint.practitioner:
        found.add((await referred(work, "practitioner", complaint.practitioner)).firm)
    return found - {""}
