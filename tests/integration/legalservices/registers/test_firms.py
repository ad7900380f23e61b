"""Firms and their statuses over the store."""

from __future__ import annotations

from typing import Any

import pytest
from geju.legalservices.v1 import facts_pb2, firm_pb2, firm_status_pb2

from services.chassis import migrations
from services.chassis.domain.errors import (
    AlreadyRecorded,
    DateOrder,
    FutureDate,
    ImpossibleTransition,
    InvalidField,
    NotFound,
    UnknownReference,
)
from services.legalservices.domain.registers.errors import (
    FirmInUse,
    LicenceStep,
    LicenceTaken,
    OutsideLicence,
    RecordInUse,
    StatusTaken,
)
from tests.integration.legalservices.registers.conftest import CLERK, Bench
from tests.integration.servicers import NORTH, SOUTH, Database
from tests.support.legalservices import a_firm
from tests.support.records import on, ref


def a_status(firm: firm_pb2.Firm, /, **fields: Any) -> firm_status_pb2.FirmStatus:
    """Return a status of scale from 2012 on."""
    given: dict[str, Any] = {"office": firm.office, "firm": firm.name, "kind": 1, "from_date": on(2012, 1, 1)}
    return firm_status_pb2.FirmStatus(**given | fields)


async def test_the_migrations_are_the_models_of_the_registers(database: Database) -> None:
    """The migrated tables are those of the models."""
    await migrations.check(database[0].owner, migrations.schema_of("legalservices"))


async def test_a_firm_is_read_by_every_office_and_changed_by_its_own(bench: Bench) -> None:
    """The register is the district's, its keeping the office's."""
    firm = await bench.firm()
    assert firm == await bench.get(firm, SOUTH)
    listed = await bench.call("FirmService/ListFirms", SOUTH, filter={"kind": firm.kind})
    assert [firm.name] == [one.name for one in listed.firms]
    by_licence = {"licence_number_exact": firm.licence_number}
    listed = await bench.call("FirmService/ListFirms", SOUTH, filter=by_licence)
    assert [firm.name] == [one.name for one in listed.firms]
    with pytest.raises(NotFound):
        await bench.change("Update", firm, SOUTH, name_zh="示例二所")
    assert "示例二所" == (await bench.change("Update", firm, CLERK, name_zh="示例二所")).name_zh


@pytest.mark.parametrize("number", ["示例许可甲", " 示例许可甲 "])
async def test_a_licence_is_one_firm_s(bench: Bench, number: str) -> None:
    """No office enters a second record of it, however it writes the number."""
    await bench.firm(licence_number="示例许可甲")
    with pytest.raises(LicenceTaken):
        await bench.make(a_firm(office="south", licence_number=number), SOUTH)
    other = await bench.firm()
    with pytest.raises(LicenceTaken):
        await bench.change("Update", other, licence_number=number)


async def test_a_firm_is_closed_once_and_corrected_afterwards(bench: Bench) -> None:
    """The last day is no field to fill in by hand, and a closed firm is not edited any more."""
    firm = await bench.firm()
    with pytest.raises(LicenceStep):
        await bench.change("Update", firm, licensed_to_date=on(2012, 5, 31))
    for day, error in ((on(2004, 1, 1), DateOrder), (on(2012, 6, 3), FutureDate)):
        with pytest.raises(error):
            await bench.call("FirmService/CloseFirm", name=firm.name, licensed_to_date=day)
    closed = (await bench.call("FirmService/CloseFirm", name=firm.name)).firm
    assert on(2012, 6, 1) == closed.licensed_to_date
    with pytest.raises(AlreadyRecorded):
        await bench.call("FirmService/CloseFirm", name=firm.name)
    with pytest.raises(ImpossibleTransition):
        await bench.change("Update", firm, phone="示例电话")
    again = await bench.change("Correct", firm, NORTH, licensed_to_date=None)
    assert not again.HasField("licensed_to_date")


async def test_a_firm_where_somebody_practises_is_not_closed(bench: Bench) -> None:
    """Who is licensed after the last day, and what status it has, is counted in the refusal."""
    firm = await bench.firm()
    lawyer = await bench.practitioner(firm)
    await bench.make(a_status(firm, to_date=on(2012, 12, 31)))
    with pytest.raises(FirmInUse) as refused:
        await bench.call("FirmService/CloseFirm", name=firm.name, licensed_to_date=on(2012, 5, 31))
    assert {"people": "1", "statuses": "1"} == refused.value.facts
    with pytest.raises(FirmInUse):
        await bench.change("Correct", firm, licensed_from_date=on(2009, 1, 1))
    ended = {"licensed_to_date": on(2012, 5, 31), "end_ground": 6}
    await bench.call("PractitionerService/EndLicence", name=lawyer.name, **ended)
    [status] = (await bench.call("FirmStatusService/ListFirmStatuses", filter={"firm": firm.name[6:]})).firm_statuses
    await bench.change("Update", status, to_date=on(2012, 5, 31))
    await bench.call("FirmService/CloseFirm", name=firm.name, licensed_to_date=on(2012, 5, 31))


async def test_a_firm_that_others_name_is_not_deleted_nor_made_another_kind(bench: Bench) -> None:
    """A partnership may become a firm of one, though."""
    firm = await bench.firm()
    await bench.practitioner(firm)
    with pytest.raises(RecordInUse):
        await bench.delete(firm)
    with pytest.raises(RecordInUse):
        await bench.change("Update", firm, kind=firm_pb2.FIRM_KIND_GRASSROOTS)
    await bench.change("Update", firm, kind=firm_pb2.FIRM_KIND_INDIVIDUAL)
    unused = await bench.firm()
    await bench.delete(unused)
    with pytest.raises(NotFound):
        await bench.get(unused)


async def test_who_practises_at_a_firm_moves_with_it(bench: Bench) -> None:
    """The office of the new seat gets the practitioners and the statuses too."""
    firm = await bench.firm()
    lawyer, status = await bench.practitioner(firm, key="Z-1"), await bench.make(a_status(firm, key="C-1"))
    await bench.practitioner(await bench.firm(office="south"), key="Z-1")
    await bench.change("Correct", firm, office="south")
    moved = [await bench.get(one) for one in (lawyer, status)]
    assert [("south", ""), ("south", "C-1")] == [(one.office, one.key) for one in moved]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"from_date": on(2004, 1, 1)}, OutsideLicence),
        ({"to_date": on(2011, 1, 1)}, DateOrder),
        ({"firm": ref("firms", 9)}, UnknownReference),
        ({"office": "south"}, InvalidField),
        ({"from_date": on(2012, 3, 1)}, StatusTaken),
        ({"from_date": on(2011, 1, 1)}, StatusTaken),
    ],
)
async def test_a_status_lies_in_the_licence_and_stands_alone(bench: Bench, fields: Any, error: Any) -> None:
    """One status of a kind at a time, entered by the firm's office or the bureau."""
    firm = await bench.firm()
    await bench.make(a_status(firm))
    with pytest.raises(error):
        await bench.make(a_status(firm, **fields))
    await bench.make(a_status(firm, kind=2, office="district"))


async def test_an_ended_status_makes_room_for_the_next(bench: Bench) -> None:
    """The day after the last one is the first that is free; facts say from when to when."""
    firm = await bench.firm()
    first = await bench.make(a_status(firm, to_date=on(2012, 3, 31)))
    await bench.make(a_status(firm, from_date=on(2012, 4, 1)))
    with pytest.raises(StatusTaken):
        await bench.change("Update", first, to_date=on(2012, 4, 1))
    facts = (await bench.facts("firm_status", facts_pb2.FirmStatusFacts))[0]
    assert (firm.name[6:], 1, on(2012, 3, 31)) == (facts.firm, facts.kind, facts.to_date)
