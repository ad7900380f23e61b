"""Moving a person to another office of the district: the record, and what is still to be done."""

from __future__ import annotations

from datetime import date
from typing import Any

from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.domain.errors import NotFound
from services.chassis.domain.references import uuid_of
from services.chassis.guards import ALL, kind_in
from services.chassis.kinds import Kind
from services.chassis.work import Work
from services.correction.domain.supervision import leave, measure, positioning


async def asked(work: Work, kind: Kind[pb.SupervisedPerson], request: Any) -> pb.SupervisedPerson:
    """Return a person whom the caller's office was asked to take over; its own office sees that nobody was asked.

    Raises NotFound for everybody else: the methods of the asked office are not filtered by office. Raises StaleEtag.
    """
    person = await work.load(kind, request.name)
    if not work.caller.sees(person.transfer_to_office or person.office):
        raise NotFound("name", name=request.name)
    return await work.load(kind, request.name, request.etag)


async def move(work: Work, person: pb.SupervisedPerson, on: date) -> None:
    """Give the new office what is to come: duties not due yet, and all that is still open."""
    about: dict[str, Any] = {"person": uuid_of(person.name)}
    duties = await work.query(kind_in(work, "duties"), limit=ALL, met_due_from=on, **about)
    await _hand_over(work, "duties", [duty for duty in duties if not duty.HasField("met_date")], person)
    open_leaves: dict[str, Any] = {"state": [leave.ASKED, leave.APPROVED]}
    await _hand_over(work, "leaves", await work.query(kind_in(work, "leaves"), **about, **open_leaves), person)
    missing = await work.query(kind_in(work, "abscondings"), to_date=None, **about)
    await _hand_over(work, "abscondings", missing, person)
    positionings = await work.query(kind_in(work, "positionings"), **about)
    await _hand_over(work, "positionings", [one for one in positionings if positioning.lasts(one, on)], person)
    measures = await work.query(kind_in(work, "measures"), state=[measure.PROPOSED, measure.DECIDED], **about)
    await _hand_over(work, "measures", [one for one in measures if measure.is_pending(one)], person)


async def _hand_over(work: Work, collection: str, found: list[Any], person: pb.SupervisedPerson) -> None:
    kind = kind_in(work, collection)
    for record in found:
        record.office, record.place = person.office, ""
        await free_key(work, kind, record)
        work.save(kind, record, "transferred")


async def free_key(work: Work, kind: Kind[Any], record: Any) -> None:
    """Let a record keep its number with its new office, unless the office has used it: then it gets one of its own."""
    if record.key and await work.find_many(kind, [(record.office, record.key)]):
        record.key = ""
