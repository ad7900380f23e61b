"""Guards of firms and practitioners: the rules that need other records. Each is a kind's `guard`."""

from __future__ import annotations

from typing import Any

from geju.legalservices.v1 import (
    firm_pb2,
    firm_status_pb2,
    internship_pb2,
    practitioner_pb2,
    training_pb2,
    yearly_assessment_pb2,
)

from services.chassis.changes import update
from services.chassis.crypto import normalise
from services.chassis.district import records_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.references import uuid_of
from services.chassis.domain.steps import put
from services.chassis.guards import ALL, kind_in
from services.chassis.work import Work
from services.legalservices import lookups
from services.legalservices.domain.outreach.counsel import lasts_beyond
from services.legalservices.domain.registers import firm, licence, practitioner, yearly
from services.legalservices.domain.registers.errors import LicenceTaken

Firm = firm_pb2.Firm
Practitioner = practitioner_pb2.Practitioner
_SPAN = ("licensed_from_date", "licensed_to_date")


async def guard_firm(work: Work, new: Firm | None, old: Firm | None) -> None:
    """Keep a firm that others name, its licence around who practises there, and its number its own.

    Raises RecordInUse, LicenceStep, LicenceTaken, FirmInUse, FirmServes.
    """
    await work.lock(lookups.REGISTER)
    if new is None:
        await lookups.check_unused(work, old, "name", "firm", "grassroots_firm")
        return
    await check_licence(work, new, old)
    if old is None:
        return
    lookups.check_steps(work, new, old, firm.STEP_FIELDS)
    if not licence.same_family(new.kind, old.kind):
        await lookups.check_unused(work, old, "kind", "firm", "grassroots_firm")
    if lookups.changed(new, old, *_SPAN):
        await check_members(work, new)
    if new.office != old.office:
        await _follow_office(work, new, old)


async def check_members(work: Work, new: Firm) -> None:
    """Refuse a licence that ends before what belongs to it: who practises at the firm, its statuses, what it serves.

    Raises FirmInUse, FirmServes.
    """
    people, statuses = [
        await records_of(work, kind_in(work, collection), "firm", uuid_of(new.name))
        for collection in ("practitioners", "firmStatuses")
    ]
    firm.check_members(new, people, statuses)
    named = (("counselContracts", "firm"), ("pairings", "firm"), ("pairings", "grassroots_firm"))
    served = [await records_of(work, kind_in(work, place), column, uuid_of(new.name)) for place, column in named]
    firm.check_services(new, [one for found in served for one in found])


async def _follow_office(work: Work, new: Firm, old: Firm) -> None:
    """Take who practises at a firm, and its statuses, along to the office of its new seat."""
    for collection in ("practitioners", "firmStatuses"):
        kind = kind_in(work, collection)
        for record in await work.query(kind, limit=ALL, firm=uuid_of(new.name), office=old.office):
            record.office = new.office
            await lookups.free_number(work, kind, record)
            work.save(kind, record, "followed")


async def check_licence(work: Work, new: Any, old: Any) -> None:
    """Refuse the number of a licence that another record of the kind has, of whatever office. Raises LicenceTaken."""
    number = normalise(new.licence_number)
    made: dict[str, Any] = work.memo.setdefault(("licences", new.DESCRIPTOR.name), {})
    if old is not None and normalise(old.licence_number) == number:
        return
    kind = lookups.kind_of_record(work, new)
    others = [*await lookups.holders(work, kind, "licence_number", number), *([made[number]] if number in made else [])]
    if any(other.name and other.name != new.name for other in others):
        raise LicenceTaken("licence_number")
    made[number] = new


async def guard_practitioner(work: Work, new: Practitioner | None, old: Practitioner | None) -> None:
    """Keep a practitioner that others name, within the firm's licence and office, and one licence one record.

    Raises RecordInUse, LicenceStep, LicenceTaken, UnknownReference, FirmKindMismatch, OutsideLicence, InvalidField.
    """
    await work.lock(lookups.REGISTER)
    if new is None:
        await lookups.check_unused(work, old, "name", "practitioner")
        return
    if old is not None:
        lookups.check_steps(work, new, old, practitioner.STEP_FIELDS)
    await check_licence(work, new, old)
    if old is not None and lookups.changed(new, old, "licensed_to_date"):
        await end_contracts(work, new)
    if practitioner.changed_fit(new, old):
        practitioner.check_firm(new, await lookups.referred(work, "firm", new.firm))


async def end_contracts(work: Work, counsel: Practitioner) -> None:
    """End the counsel contracts that would outlast a practitioner's licence on its last day, whatever ended it.

    Raises what a change of the contract raises: NotFound (of an office outside the scope), DateOrder (begun later),
    RecordsOutside (served later).
    """
    last = to_date(counsel.licensed_to_date)
    if last is None:
        return
    kind = kind_in(work, "counselContracts")
    for found in await records_of(work, kind, "practitioner", uuid_of(counsel.name)):
        if lasts_beyond(found, last):
            old = await work.load(kind, found.name)
            new = type(old)()
            new.CopyFrom(old)
            put(new, "to_date", last)
            await update(work, kind, new, old, "counsel_licence_ended")


async def guard_status(
    work: Work, new: firm_status_pb2.FirmStatus | None, old: firm_status_pb2.FirmStatus | None
) -> None:
    """Keep a status within its firm's licence and the only one of its kind.

    Raises UnknownReference, InvalidField, OutsideLicence, StatusTaken.
    """
    if new is None:
        return
    await work.lock(lookups.REGISTER)
    holder = await lookups.referred(work, "firm", new.firm)
    licence.check_unit(new, old, holder, work.rules)
    licence.check_within(licence.span_of(new, "from_date", "to_date"), holder, "from_date", "to_date")
    await lookups.beside(work, new, "firm", firm.check_status_alone)


async def guard_assessment(
    work: Work,
    new: yearly_assessment_pb2.YearlyAssessment | None,
    old: yearly_assessment_pb2.YearlyAssessment | None,
) -> None:
    """Keep an assessment to a year in which its subject was licensed, and to one a year.

    Raises UnknownReference, InvalidField, NotLicensedInYear, AssessedBefore.
    """
    if new is None or not lookups.changed(new, old, "office", "firm", "practitioner", "year"):
        return
    field = "firm" if new.firm else "practitioner"
    subject = await lookups.referred(work, field, getattr(new, field))
    licence.check_unit(new, old, subject, work.rules)
    licence.check_licensed_in(subject, new.year)
    await lookups.beside(work, new, field, yearly.check_only)


async def guard_training(work: Work, new: training_pb2.Training | None, old: training_pb2.Training | None) -> None:
    """Refuse the training of somebody not licensed on the day. Raises UnknownReference, InvalidField, NotLicensed."""
    if new is None or not lookups.changed(new, old, "office", "practitioner", "held_date"):
        return
    on = lookups.day_of(new, "held_date")
    trained = await lookups.licensed_practitioner(work, "practitioner", new.practitioner, on)
    licence.check_unit(new, old, trained, work.rules)


async def guard_internship(
    work: Work, new: internship_pb2.Internship | None, old: internship_pb2.Internship | None
) -> None:
    """Keep an internship within the firm's licence, and its guide of that firm.

    Raises UnknownReference, InvalidField, OutsideLicence, NotLicensed, OtherFirm.
    """
    if new is None or not lookups.changed(new, old, "office", "firm", "practitioner", "from_date", "to_date"):
        return
    place = await lookups.referred(work, "firm", new.firm)
    licence.check_unit(new, old, place, work.rules)
    licence.check_within(licence.span_of(new, "from_date", "to_date"), place, "from_date", "to_date")
    if new.practitioner:
        guide = await lookups.referred(work, "practitioner", new.practitioner)
        practitioner.check_firm_on(guide, new.firm, "practitioner", lookups.day_of(new, "from_date"))
