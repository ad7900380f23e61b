"""What happens to registers, rounds, statements and funds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from geju.funds.v1 import fund_entry_pb2 as fund
from geju.mediation.v1 import (
    breach_pb2,
    building_pb2,
    centre_pb2,
    committee_pb2,
    mediator_pb2,
    premises_pb2,
    rate_scheme_pb2,
    reception_day_pb2,
    screening_pb2,
    warning_pb2,
)
from geju.mediation.v1.dispute_pb2 import DisputeType
from google.protobuf.field_mask_pb2 import FieldMask

from services.chassis.domain.dates import from_date, to_date
from tests.support.story import KINDS, OF_MEDIATION, Teller

BEGINNING = from_date(date(2010, 1, 1))
YEARS = (2010, 2011, 2012)
EARMARKS = ("piece_rate", "mediation_work")


async def begin(t: Teller) -> None:
    """Give every office what the rest needs: a committee of the street with a mediator, a centre, funds, a scheme."""
    for office in t.profile.offices:
        fields = {"office": office.code, "from_date": BEGINNING}
        kind = committee_pb2.COMMITTEE_KIND_STREET
        made = committee_pb2.Committee(title="测试街道调委会", kind=kind, level=2, **fields)
        committee = await t.tell("CommitteeService/CreateCommittee", committee=made)
        assert committee is not None, t.refused
        await _appoint(t, committee.committee, BEGINNING)
        await t.tell("CentreService/CreateCentre", centre=centre_pb2.Centre(title="测试中心", level=2, **fields))
        await t.tell("RateSchemeService/CreateRateScheme", rate_scheme=rate_scheme_pb2.RateScheme(**fields))
        for year in YEARS:
            await _enter(t, fund.FundEntry(office=office.code, year=year, earmark="piece_rate", kind=1), 10**8)


async def create(t: Teller) -> None:
    """Make a record of some kind."""
    kind, make = t.some(list(MADE.items()))
    record = make(t)
    if record is not None:
        field = "".join("_" + c.lower() if c.isupper() else c for c in kind).lstrip("_")
        await t.tell(f"{kind}Service/Create{kind}", **{field: record})


async def end(t: Teller) -> None:
    """End what is valid from a day to a day, perhaps in the future."""
    collection = t.some(["committees", "centres", "mediators", "buildings", "rateSchemes", "premises"])
    open_ones = t.of(collection, lambda record: not record.HasField("to_date"))
    if len(open_ones) > 2 * len(t.profile.offices):
        record = t.some(open_ones)
        first = record.reached_date if collection == "premises" else record.from_date
        last = from_date((to_date(first) or t.today) + timedelta(days=t.chance.randrange(900)))
        changed = type(record)(name=record.name, to_date=last)
        await _update(t, collection, changed, "to_date")


async def delete(t: Teller) -> None:
    """Delete a record of some kind."""
    collection = t.some(
        [c for c in OF_MEDIATION if c not in {"disputes", "sessions", "mediators", "committees", "breaches"}]
    )
    records = t.of(collection, lambda record: getattr(record, "earmark", "") in {"", *EARMARKS})
    if len(records) > 2 * len(t.profile.offices):
        name = t.some(records).name
        if await t.tell(f"{KINDS[collection]}Service/Delete{KINDS[collection]}", name=name, reason="重复登记"):
            t.forget(name)


async def breach(t: Teller) -> None:
    """Record a breach; a dismissal ends the appointment."""
    mediators = t.of("mediators", lambda mediator: not mediator.HasField("to_date"))
    if len(mediators) > len(t.profile.offices):
        mediator = t.some(mediators)
        measure = t.value(breach_pb2.BreachMeasure)
        made = breach_pb2.Breach(kind=t.value(breach_pb2.BreachKind), measure=measure, found_date=t.day())
        touched = [mediator.name] if measure == breach_pb2.BREACH_MEASURE_DISMISSAL else []
        await t.tell("MediatorService/RecordBreach", *touched, name=mediator.name, breach=made)


async def follow(t: Teller) -> None:
    """Settle, close or answer a warning."""
    warnings = t.of("warnings")
    if warnings:
        warning = t.some(warnings)
        verb, field = t.some([
            ("SettleWarning", "settled_date"),
            ("CloseWarning", "closed_date"),
            ("ReportWarningFeedback", "feedback_date"),
        ])  # fmt: skip
        day = t.day(warning.raised_date, most=45)
        await t.tell(f"WarningService/{verb}", name=warning.name, **{field: day})


async def settle(t: Teller) -> None:
    """Draft the statements of an office and month, then approve and pay one."""
    month = from_date((to_date(t.day()) or t.today).replace(day=1))
    drafted = await t.tell("PieceRateStatementService/DraftStatements", office=t.office(), month_date=month)
    for statement in drafted.piece_rate_statements if drafted else ():
        approved = await t.tell("PieceRateStatementService/ApproveStatement", name=statement.name)
        if approved and t.likely(0.7):
            await t.tell("PieceRateStatementService/PayStatement", name=statement.name)


async def spend(t: Teller) -> None:
    """Enter money."""
    kind = t.value(fund.FundEntryKind)
    entry = fund.FundEntry(office=t.office(), year=t.some(YEARS), kind=kind, earmark="mediation_work")
    entry.purpose = "guidance" if kind == fund.FUND_ENTRY_KIND_SPENDING else ""
    await _enter(t, entry, t.chance.randrange(1, 10**5))


async def _enter(t: Teller, entry: fund.FundEntry, fen: int) -> None:
    entry.amount_fen = fen
    entry.entry_date.CopyFrom(t.day())
    await t.tell("FundEntryService/CreateFundEntry", fund_entry=entry)


async def _appoint(t: Teller, committee: Any, since: Any) -> None:
    mediator = mediator_pb2.Mediator(
        office=committee.office,
        committee=committee.name,
        full_name="测试调解员",
        employment=t.value(mediator_pb2.MediatorEmployment),
        background=t.value(mediator_pb2.MediatorBackground),
        from_date=since,
    )
    await t.tell("MediatorService/CreateMediator", mediator=mediator)


async def appoint(t: Teller) -> None:
    """Appoint a mediator to some committee."""
    committee = t.some(t.of("committees"))
    await _appoint(t, committee, t.day(committee.from_date, most=400))


async def _update(t: Teller, collection: str, changed: Any, *paths: str) -> None:
    kind = KINDS[collection]
    field = "".join("_" + c.lower() if c.isupper() else c for c in kind).lstrip("_")
    await t.tell(f"{kind}Service/Update{kind}", update_mask=FieldMask(paths=paths), **{field: changed})


def _committee(t: Teller) -> Any:
    office, kind, since = t.office(), t.value(committee_pb2.CommitteeKind), t.day()
    places = [t.place(office, t.today) for _ in range(2)]
    host = t.value(committee_pb2.WindowHost) if kind == committee_pb2.COMMITTEE_KIND_WINDOW else 0
    fields = {"office": office, "kind": kind, "host": host, "from_date": since, "places": sorted(set(places))}
    return committee_pb2.Committee(title="测试调委会", level=t.value(committee_pb2.CommitteeLevel), **fields)


def _centre(t: Teller) -> Any:
    level = t.value(centre_pb2.CentreLevel)
    return centre_pb2.Centre(office=t.office(), title="测试中心", level=level, from_date=t.day())


def _building(t: Teller) -> Any:
    since = t.day()
    found = building_pb2.Building(office=t.office(), title="测试楼", households=60, from_date=since)
    if t.likely(0.6):
        found.group_from_date.CopyFrom(t.day(since))
    if t.likely(0.7):
        found.officer_from_date.CopyFrom(t.day(since))
        found.officer_to_date.CopyFrom(t.day(found.officer_from_date, most=300))
    return found


def _screening(t: Teller) -> Any:
    month = (to_date(t.day()) or t.today).replace(day=1)
    reported = t.day(month + timedelta(days=28), most=14)
    counts = {"disputes_found": t.chance.randrange(9), "unstable_factors": t.chance.randrange(4)}
    fields = {"month_date": from_date(month), "reported_date": reported, "key_period": t.likely(0.2)}
    return screening_pb2.Screening(office=t.office(), **fields, **counts)


def _warning(t: Teller) -> Any:
    enums = {"level": t.value(warning_pb2.WarningLevel), "type": t.value(DisputeType)}
    return warning_pb2.Warning(office=t.office(), raised_date=t.day(), people=3, **enums)


def _reception(t: Teller) -> Any:
    lawyers = ["practitioners/0198a000-0000-7000-8000-000000000001"] if t.likely(0.5) else []
    fields = {"kind": t.value(reception_day_pb2.ReceptionKind), "held_date": t.day(), "lawyers": lawyers}
    return reception_day_pb2.ReceptionDay(office=t.office(), visitors=4, disputes_taken_in=1, **fields)


def _premises(t: Teller) -> Any:
    return premises_pb2.Premises(office=t.office(), reached_date=t.day(), area=120)


def _scheme(t: Teller) -> Any:
    return rate_scheme_pb2.RateScheme(office=t.office(), from_date=t.day())


MADE: Mapping[str, Callable[[Teller], Any]] = {
    "Committee": _committee,
    "Centre": _centre,
    "Building": _building,
    "Screening": _screening,
    "Warning": _warning,
    "ReceptionDay": _reception,
    "Premises": _premises,
    "RateScheme": _scheme,
}
STEPS = (create, create, create, appoint, end, delete, breach, follow, settle, spend)
