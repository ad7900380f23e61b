"""Guards of outreach: the rules that need other records. Each is a kind's `guard`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Any

from geju.legalservices.v1 import (
    advice_group_pb2,
    advised_matter_pb2,
    counsel_contract_pb2,
    counsel_service_pb2,
    key_project_pb2,
    leader_visit_pb2,
    pairing_pb2,
    service_event_pb2,
    suggestion_pb2,
    symposium_pb2,
)

from services.chassis.district import records_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.references import uuid_of
from services.chassis.domain.spans import check_in_force
from services.chassis.guards import kind_in
from services.chassis.work import Work
from services.legalservices import lookups
from services.legalservices.domain.outreach import activity, advice, counsel, pairing, spans
from services.legalservices.domain.registers.licence import GRASSROOTS, LAW_FIRMS
from services.legalservices.domain.registers.practitioner import check_firm_on

Guard = Callable[[Work, Any, Any], Awaitable[None]]


async def guard_contract(
    work: Work,
    new: counsel_contract_pb2.CounselContract | None,
    old: counsel_contract_pb2.CounselContract | None,
) -> None:
    """Keep a contract the village's only one, with a licensed practitioner of the firm, and around its services.

    Raises RecordInUse, UnknownReference, CounselOutside, FirmKindMismatch, NotLicensed, OtherFirm, VillageTaken,
    RecordsOutside.
    """
    if new is None:
        await lookups.check_unused(work, old, "name", "contract")
        return
    await work.lock(lookups.REGISTER)
    if lookups.changed(new, old, "practitioner", "to_date"):
        counsel.check_counsel(new, await lookups.referred(work, "practitioner", new.practitioner))
    if lookups.changed(new, old, "firm", "practitioner", "from_date"):
        on = lookups.day_of(new, "from_date")
        await lookups.licensed_firm(work, "firm", new.firm, on, LAW_FIRMS, GRASSROOTS)
        counsellor = await lookups.referred(work, "practitioner", new.practitioner)
        check_firm_on(counsellor, new.firm, "practitioner", on)
    await _check_covers(work, new, old, ("counselServices", "contract", "given_date"))
    if lookups.changed(new, old, "place", "from_date", "to_date"):
        await lookups.beside(work, new, "place", counsel.check_alone)


async def _check_covers(work: Work, new: Any, old: Any, under: tuple[str, str, str]) -> None:
    """Refuse another span that leaves out what was recorded under a record: a collection, its column, its day.

    Raises RecordsOutside.
    """
    if old is None or not lookups.changed(new, old, "from_date", "to_date"):
        return
    collection, column, day = under
    kind = kind_in(work, collection)
    found = await records_of(work, kind, column, uuid_of(new.name))
    spans.check_covers(new, [to_date(getattr(one, day)) for one in found], kind.zh)


async def guard_service(
    work: Work, new: counsel_service_pb2.CounselService | None, old: counsel_service_pb2.CounselService | None
) -> None:
    """Keep a service within its contract. Raises UnknownReference, NotInForce."""
    if new is not None and lookups.changed(new, old, "contract", "given_date"):
        counsel.follow(new, await lookups.referred(work, "contract", new.contract))


async def guard_pairing(work: Work, new: pairing_pb2.Pairing | None, old: pairing_pb2.Pairing | None) -> None:
    """Keep a pairing between a law firm and a partner that are there on its first day, and one at a time.

    Raises UnknownReference, FirmKindMismatch, NotLicensed, NotInForce, PairingTaken.
    """
    if new is None:
        return
    await work.lock(lookups.REGISTER)
    if lookups.changed(new, old, "firm", "grassroots_firm", "project", "from_date"):
        on = lookups.day_of(new, "from_date")
        await lookups.licensed_firm(work, "firm", new.firm, on, LAW_FIRMS)
        if new.grassroots_firm:
            await lookups.licensed_firm(work, "grassroots_firm", new.grassroots_firm, on, GRASSROOTS)
        if new.project:
            check_in_force(await lookups.referred(work, "project", new.project), "project", on)
    await lookups.beside(work, new, "firm", pairing.check_alone)


async def guard_project(
    work: Work, new: key_project_pb2.KeyProject | None, old: key_project_pb2.KeyProject | None
) -> None:
    """Keep a project that is paired, around the first days of its pairings. Raises RecordInUse, RecordsOutside."""
    if new is None:
        await lookups.check_unused(work, old, "name", "project")
    else:
        await _check_covers(work, new, old, ("pairings", "project", "from_date"))


async def guard_group(
    work: Work, new: advice_group_pb2.AdviceGroup | None, old: advice_group_pb2.AdviceGroup | None
) -> None:
    """Keep a group that has advised, around its matters; members are licensed when they join.

    Raises RecordInUse, RecordsOutside, UnknownReference, NotLicensed.
    """
    if new is None:
        await lookups.check_unused(work, old, "name", "group")
        return
    known = {(one.practitioner, str(one.from_date)) for one in (() if old is None else old.members)}
    for index, member in enumerate(new.members):
        if (member.practitioner, str(member.from_date)) not in known:
            field = f"members[{index}].practitioner"
            joined = lookups.day_of(member, "from_date")
            await lookups.licensed_practitioner(work, field, member.practitioner, joined)
    await _check_covers(work, new, old, ("advisedMatters", "group", "advised_date"))


async def guard_matter(
    work: Work, new: advised_matter_pb2.AdvisedMatter | None, old: advised_matter_pb2.AdvisedMatter | None
) -> None:
    """Keep a matter within its group's days, advised on by members.

    Raises UnknownReference, NotInForce, NotAMember, NotLicensed.
    """
    if new is None or not lookups.changed(new, old, "group", "advised_date", "practitioners"):
        return
    on = lookups.day_of(new, "advised_date")
    group = await lookups.referred(work, "group", new.group)
    check_in_force(group, "group", on)
    advice.check_members(new, group, on)
    await _licensed(work, new.practitioners, on)


async def _licensed(work: Work, names: Iterable[str], on: date) -> list[Any]:
    """Return practitioners who are all licensed on a day. Raises UnknownReference, NotLicensed."""
    return [
        await lookups.licensed_practitioner(work, f"practitioners[{index}]", name, on)
        for index, name in enumerate(names)
    ]


async def guard_visit(
    work: Work, new: leader_visit_pb2.LeaderVisit | None, old: leader_visit_pb2.LeaderVisit | None
) -> None:
    """Refuse company that is no lawyer licensed on the day. Raises UnknownReference, NotLicensed, InvalidField."""
    if new is not None and lookups.changed(new, old, "held_date", "practitioners"):
        along = await _licensed(work, new.practitioners, lookups.day_of(new, "held_date"))
        for index, found in enumerate(along):
            activity.check_lawyer(f"practitioners[{index}]", found)


async def guard_event(
    work: Work, new: service_event_pb2.ServiceEvent | None, old: service_event_pb2.ServiceEvent | None
) -> None:
    """Refuse practitioners who are not licensed on the day. Raises UnknownReference, NotLicensed."""
    if new is not None and lookups.changed(new, old, "held_date", "practitioners"):
        await _licensed(work, new.practitioners, lookups.day_of(new, "held_date"))


async def guard_suggestion(
    work: Work, new: suggestion_pb2.Suggestion | None, old: suggestion_pb2.Suggestion | None
) -> None:
    """Refuse who was not licensed on the day, and a symposium held later.

    Raises UnknownReference, NotLicensed, DateOrder.
    """
    if new is None or not lookups.changed(new, old, "handed_in_date", "practitioner", "symposium"):
        return
    if new.practitioner:
        on = lookups.day_of(new, "handed_in_date")
        await lookups.licensed_practitioner(work, "practitioner", new.practitioner, on)
    if new.symposium:
        activity.check_after(new, await lookups.referred(work, "symposium", new.symposium))


async def guard_symposium(work: Work, new: symposium_pb2.Symposium | None, old: symposium_pb2.Symposium | None) -> None:
    """Keep a symposium from which suggestions came. Raises RecordInUse."""
    if new is None:
        await lookups.check_unused(work, old, "name", "symposium")
