"""The monthly register in the store: a verdict for each row of a person and month."""

from __future__ import annotations

from datetime import date
from typing import Any

from geju.common.v1 import import_pb2
from geju.correction.v1 import duty_service_pb2 as rpc
from geju.correction.v1 import supervised_person_pb2

from services.chassis.checks import check_row
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import RuleError, UnknownNumber, UnknownReference
from services.chassis.domain.references import uuid_of
from services.chassis.errors import row_errors
from services.chassis.guards import ALL, referenced
from services.chassis.work import Work
from services.correction.domain.supervision import monthly_register
from services.correction.supervision.kinds import DUTY, SUPERVISED_PERSON

Person = supervised_person_pb2.SupervisedPerson


async def import_register(work: Work, request: rpc.ImportDutiesRequest) -> rpc.ImportDutiesResponse:
    """Return the verdicts on rows of the register; a verdict names the person whose duties the row told of."""
    await work.expect_new_request()
    numbers = {(row.office, row.person) for row in request.rows if row.person and "/" not in row.person}
    found = await work.find_many(SUPERVISED_PERSON, numbers) if numbers else {}
    return rpc.ImportDutiesResponse(verdicts=[await _verdict(work, row, found) for row in request.rows])


async def _verdict(work: Work, row: rpc.DutyImportRow, found: dict[tuple[str, str], Person]) -> import_pb2.RowVerdict:
    mark = work.mark()
    try:
        check_row(row, work.rules)
        person = found.get((row.office, row.person)) or await _named(work, row)
        changed = await _take(work, row, person)
    except RuleError as error:
        work.back_to(mark)
        errors = row_errors(error, row.DESCRIPTOR)
        return import_pb2.RowVerdict(row=row.row, outcome=import_pb2.ROW_OUTCOME_REJECTED, errors=errors)
    outcome = import_pb2.ROW_OUTCOME_UPDATED if changed else import_pb2.ROW_OUTCOME_UNCHANGED
    return import_pb2.RowVerdict(row=row.row, outcome=outcome, name=person.name)


async def _named(work: Work, row: rpc.DutyImportRow) -> Person:
    """Return the person of a row by resource name. Raises UnknownOffice, UnknownReference."""
    work.rules.check_office(row.office)
    if "/" not in row.person:
        raise UnknownNumber("person", kinds=SUPERVISED_PERSON.zh)
    if not row.person.startswith(f"{SUPERVISED_PERSON.collection}/"):
        # It may be a person's name: what was written is not repeated.
        raise UnknownReference("person", name=SUPERVISED_PERSON.zh)
    person: Person = await referenced(work, "person", row.person)
    if person.office != row.office:
        raise UnknownReference("person", name=row.person)
    return person


async def _take(work: Work, row: rpc.DutyImportRow, person: Person) -> bool:
    """Bring a row to the person's duties; tell whether that changed any. Raises RuleError."""
    first, last = monthly_register.span(monthly_register.month_of_row(row, work.rules))
    columns: dict[str, Any] = {"person": uuid_of(person.name), "met_due_from": first, "met_due_to": last}
    stored = await work.query(DUTY, limit=ALL, office=row.office, **columns)
    changed = monthly_register.apply(row, [_copy(duty) for duty in stored], work.rules)
    for duty in changed:
        work.save(DUTY, duty, "done" if duty.HasField("met_date") else "registered", _done(duty))
    return bool(changed)


def _copy(duty: Any) -> Any:
    """Return a copy: what a rejected row did must not be seen by the next one of the same person."""
    made = type(duty)()
    made.CopyFrom(duty)
    return made


def _done(duty: Any) -> date | None:
    return to_date(duty.met_date)
