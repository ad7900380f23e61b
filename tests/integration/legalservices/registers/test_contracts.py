"""Counsel contracts of villages and the services given under them, over the store."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from geju.legalservices.v1 import (
    counsel_contract_pb2,
    counsel_service_pb2,
    facts_pb2,
    firm_pb2,
    pairing_pb2,
    practitioner_pb2,
)

from services.chassis.domain.errors import DateOrder, NotInForce, UnknownPlace, UnknownReference
from services.legalservices.domain.outreach.errors import CounselOutside, RecordsOutside, VillageRequired, VillageTaken
from services.legalservices.domain.registers.errors import (
    FirmKindMismatch,
    FirmServes,
    NotLicensed,
    OtherFirm,
    RecordInUse,
)
from tests.integration.legalservices.registers.conftest import CLERK, Bench
from tests.support.records import changed, on, ref


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"place": ""}, VillageRequired),
        ({"place": "north-2"}, VillageRequired),
        ({"place": "south-1"}, UnknownPlace),
        ({"place": "north-3"}, UnknownPlace),
        ({"office": "district"}, UnknownPlace),
        ({"from_date": on(2007, 1, 1)}, NotLicensed),
        ({"to_date": on(2011, 12, 31)}, DateOrder),
        ({"practitioner": ref("practitioners", 9)}, UnknownReference),
        ({"firm": ref("firms", 9)}, UnknownReference),
    ],
)
async def test_a_contract_is_a_village_s_with_a_counsel_of_the_firm(bench: Bench, fields: Any, error: Any) -> None:
    """No community, no village that is not there yet, nobody who is not licensed."""
    counsel = await bench.practitioner()
    with pytest.raises(error):
        await bench.contract(**{"firm": counsel.firm, "practitioner": counsel.name} | fields)
    assert 0 == await bench.count("counsel_contract")


async def test_the_counsel_works_for_the_firm_on_the_first_day(bench: Bench) -> None:
    """A notary's office is none, another firm is refused; of a transfer the firm of the day counts."""
    counsel, other = await bench.practitioner(), await bench.firm(office="south")
    with pytest.raises(OtherFirm):
        await bench.contract(firm=other.name, practitioner=counsel.name)
    notaries = await bench.firm(kind=firm_pb2.FIRM_KIND_NOTARY_OFFICE)
    notary = await bench.practitioner(notaries, kind=practitioner_pb2.PRACTITIONER_KIND_NOTARY)
    with pytest.raises(FirmKindMismatch):
        await bench.contract(firm=notaries.name, practitioner=notary.name)
    await bench.call("PractitionerService/TransferPractitioner", name=counsel.name, firm=other.name)
    made = await bench.contract(firm=counsel.firm, practitioner=counsel.name)
    await bench.change("Update", made, CLERK, to_date=on(2012, 5, 31))
    with pytest.raises(OtherFirm):
        await bench.contract(firm=counsel.firm, practitioner=counsel.name, from_date=on(2012, 6, 1))


async def test_a_contract_ends_with_the_licence_of_its_counsel(bench: Bench) -> None:
    """On the same day, in the same transaction, said by the change; not where services were given later."""
    counsel = await bench.practitioner()
    over = await bench.contract(firm=counsel.firm, practitioner=counsel.name, to_date=on(2012, 2, 29))
    open_ended = await bench.contract(
        firm=counsel.firm, practitioner=counsel.name, place="north-3", from_date=on(2012, 3, 1)
    )
    given = counsel_service_pb2.CounselService(
        office="north", contract=open_ended.name, kind=1, given_date=on(2012, 5, 1)
    )
    served = await bench.make(given)
    end: dict[str, Any] = {"name": counsel.name, "end_ground": 4}
    with pytest.raises(RecordsOutside):
        await bench.call("PractitionerService/EndLicence", **end, licensed_to_date=on(2012, 4, 30))
    assert open_ended == await bench.get(open_ended)
    await bench.call("PractitionerService/EndLicence", **end, licensed_to_date=on(2012, 5, 2))
    assert [on(2012, 2, 29), on(2012, 5, 2)] == [(await bench.get(one)).to_date for one in (over, open_ended)]
    [told] = await bench.rows("SELECT count(*) FROM outbox WHERE change = 'counsel_licence_ended'")
    assert 1 == told["count"]
    for to_date in (None, on(2012, 5, 3)):
        with pytest.raises(CounselOutside):
            await bench.change("Update", open_ended, to_date=to_date)
    ended = await bench.get(counsel)
    await bench.change("Correct", ended, licensed_to_date=on(2012, 5, 1))
    assert on(2012, 5, 1) == (await bench.get(open_ended)).to_date
    assert served == await bench.get(served)


async def test_a_firm_is_closed_after_what_it_serves(bench: Bench) -> None:
    """The refusal names the contracts and pairings that go on."""
    counsel, new = await bench.practitioner(), await bench.firm()
    contract = await bench.contract(firm=counsel.firm, practitioner=counsel.name, key="HT-1")
    paired = await bench.make(
        pairing_pb2.Pairing(office="north", key="JD-1", partner=1, firm=counsel.firm, from_date=on(2012, 1, 1))
    )
    await bench.call("PractitionerService/TransferPractitioner", name=counsel.name, firm=new.name)
    close: dict[str, Any] = {"name": counsel.firm, "licensed_to_date": on(2012, 5, 31)}
    with pytest.raises(FirmServes) as refused:
        await bench.call("FirmService/CloseFirm", **close)
    assert {"count": "2", "numbers": "HT-1、JD-1"} == refused.value.facts
    for one in (contract, paired):
        with pytest.raises(FirmServes):
            await bench.call("FirmService/CloseFirm", **close)
        await bench.change("Update", one, to_date=on(2012, 5, 31))
    await bench.call("FirmService/CloseFirm", **close)


async def test_a_village_has_one_counsel_at_a_time(bench: Bench) -> None:
    """A new firm comes after the end of the old contract; two entered at once are one."""
    first = await bench.contract(to_date=on(2012, 3, 31))
    with pytest.raises(VillageTaken) as refused:
        await bench.contract(from_date=on(2012, 3, 31))
    assert {"since": "2012-01-01"} == refused.value.facts
    await bench.contract(place="north-3", from_date=on(2012, 3, 1))
    await bench.contract(from_date=on(2012, 4, 1))
    with pytest.raises(VillageTaken):
        await bench.change("Update", first, to_date=None)
    counsel = await bench.practitioner()
    given: dict[str, Any] = {"office": "south", "place": "south-1", "from_date": on(2012, 1, 1)}
    given |= {"firm": counsel.firm, "practitioner": counsel.name}
    twice = [bench.make(counsel_contract_pb2.CounselContract(**given)) for _ in range(2)]
    outcomes = await asyncio.gather(*twice, return_exceptions=True)
    assert [VillageTaken] == [type(one) for one in outcomes if isinstance(one, Exception)]


async def test_a_service_lies_in_its_contract(bench: Bench) -> None:
    """It is of the contract's village; the contract stays around it."""
    contract = await bench.contract(to_date=on(2012, 12, 31))
    given: dict[str, Any] = {"contract": contract.name, "kind": 1, "people": 3, "given_date": on(2012, 6, 1)}
    service = counsel_service_pb2.CounselService(office="north", **given)
    with pytest.raises(NotInForce):
        await bench.make(changed(service, given_date=on(2011, 12, 31)), CLERK)
    assert "north-1" == (await bench.make(service, CLERK)).place
    assert "" == (await bench.make(changed(service, office="south"))).place
    [facts, _] = await bench.facts("counsel_service", facts_pb2.CounselServiceFacts)
    assert (contract.name[17:], 3, "north-1") == (facts.contract, facts.people, facts.place)
    with pytest.raises(RecordsOutside):
        await bench.change("Update", contract, to_date=on(2012, 5, 31))
    with pytest.raises(RecordInUse):
        await bench.delete(contract)
    await bench.change("Update", contract, to_date=on(2012, 6, 1))
