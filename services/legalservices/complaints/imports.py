"""Complaints of a spreadsheet, those of past years with their course; respondents by any number."""

from __future__ import annotations

from typing import Any

from geju.legalservices.v1 import complaint_service_pb2 as rpc
from google.protobuf.message import Message

from services.chassis.domain.errors import RuleError
from services.chassis.importing import import_rows
from services.chassis.resolving import resolve
from services.chassis.work import Work
from services.legalservices import imports as naming
from services.legalservices.complaints import guards
from services.legalservices.complaints.kinds import COMPLAINT
from services.legalservices.domain.complaints import respondent
from services.legalservices.domain.complaints.errors import ComplaintDisciplineOnly

#: By resource name, the office's own number, or the number of the licence.
RESPONDENTS = (*naming.practitioner(), *naming.firm())


async def import_complaints(work: Work, request: rpc.ImportComplaintsRequest) -> Message:
    """Return the verdicts on rows of complaints; those about the bureau's own are the bureau's, whoever sent them."""
    given = type(request)()
    given.CopyFrom(request)
    errors: dict[int, RuleError] = {}
    for index, row in enumerate(given.rows):
        if row.complaint.respondent_kind not in respondent.OWN:
            continue
        if guards.DISCIPLINE in work.caller.roles:
            row.complaint.office, row.complaint.place = work.rules.profile.code, ""
        else:
            errors[index] = ComplaintDisciplineOnly("respondent_kind")
    errors = await resolve(work, [row.complaint for row in given.rows], RESPONDENTS) | errors
    descriptor: Any = rpc.ImportComplaintsResponse.DESCRIPTOR
    return await import_rows(COMPLAINT, descriptor, work, given, errors)
