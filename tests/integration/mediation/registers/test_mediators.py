"""Mediators, their committees and their breaches, kept together in one transaction."""

from __future__ import annotations

from typing import Any

import pytest
from geju.common.v1 import import_pb2
from geju.mediation.v1 import breach_pb2, facts_pb2, mediator_pb2, mediator_service_pb2

from services.chassis.domain.errors import (
    FutureDate,
    NotFound,
    NotInForce,
    RuleError,
    StaleEtag,
    UnknownPlace,
    UnknownReference,
)
from services.mediation.domain.errors import NotInOffice
from tests.integration.mediation.registers.conftest import NORTH, SOUTH, Bench
from tests.unit.mediation.district import changed, on, ref

DISMISSAL = breach_pb2.Breach(
    kind=breach_pb2.BREACH_KIND_GRAFT,
    measure=breach_pb2.BREACH_MEASURE_DISMISSAL,
    found_date=on(2012, 5, 2),
    note="示例情况",
)


async def test_a_mediator_is_appointed_to_a_committee_in_force(bench: Bench) -> None:
    """A mediator's facts refer to the committee and name nobody."""
    committee = await bench.committee()
    made = await bench.mediator(
        committee=committee.name, phone="000", trainings=[{"held_date": on(2012, 1, 3), "hours": 6}]
    )
    facts = (await bench.facts("mediator", facts_pb2.MediatorFacts))[0]
    assert (facts.committee, facts.training_hours) == (committee.name.partition("/")[2], 6)
    assert "测试甲".encode() not in facts.SerializeToString()
    assert made.training_hours == 6


@pytest.mark.parametrize(
    ("caller", "fields", "error"),
    [
        (None, {"from_date": on(2007, 1, 1)}, NotInForce),
        (None, {"committee": ref("committees")}, UnknownReference),
        (SOUTH, {"office": "south"}, UnknownReference),
    ],
)
async def test_a_committee_must_be_there_in_force_and_in_scope(
    bench: Bench, caller: Any, fields: Any, error: type[RuleError]
) -> None:
    """A mediator of a committee that is not in force, not there or not the caller's is refused."""
    fields = {"committee": (await bench.committee()).name} | fields
    with pytest.raises(error):
        await bench.mediator(*filter(None, [caller]), **fields)
    assert await bench.count("mediator") == 0


async def test_a_past_appointment_can_be_changed_after_its_committee_ended(bench: Bench) -> None:
    """What became of the committee does not stand in the way of a new telephone number."""
    made = await bench.mediator()
    committee = (await bench.call("CommitteeService/GetCommittee", name=made.committee)).committee
    committee = changed(committee, from_date=on(2009, 1, 1), to_date=on(2009, 12, 31))
    await bench.call("CommitteeService/UpdateCommittee", committee=committee)
    updated = await bench.call("MediatorService/UpdateMediator", mediator={"name": made.name, "phone": "111"})
    assert updated.mediator.phone == "111"


async def test_a_dismissal_writes_breach_and_ending_together(bench: Bench) -> None:
    """RecordBreach makes the breach and ends the appointment, or neither."""
    person = await bench.mediator()
    request = {"name": person.name, "etag": person.etag, "breach": DISMISSAL}
    tried = await bench.call("MediatorService/RecordBreach", **request, validate_only=True)
    assert (await bench.count("breach"), tried.mediator.ending) == (0, mediator_pb2.MEDIATOR_ENDING_DISMISSED)
    answer = await bench.call("MediatorService/RecordBreach", NORTH, **request)
    kept = (await bench.call("MediatorService/GetMediator", name=person.name)).mediator
    assert (kept.to_date, kept.ending) == (on(2012, 5, 2), mediator_pb2.MEDIATOR_ENDING_DISMISSED)
    assert (answer.mediator, answer.mediator.revision) == (kept, 2)
    assert (answer.breach.office, answer.breach.mediator) == ("north", person.name)
    changes = await bench.rows("SELECT change FROM outbox WHERE kind IN ('breach', 'mediator') ORDER BY change")
    assert [row["change"] for row in changes] == ["appointed", "created", "dismissed"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"etag": "9"}, StaleEtag),
        ({"breach": changed(DISMISSAL, found_date=on(2009, 1, 1))}, NotInOffice),
        ({"breach": changed(DISMISSAL, found_date=on(2012, 6, 9))}, FutureDate),
    ],
)
async def test_a_breach_that_breaks_a_rule_writes_nothing(bench: Bench, fields: Any, error: type[RuleError]) -> None:
    """A refused breach leaves neither record nor ending."""
    person = await bench.mediator()
    with pytest.raises(error):
        await bench.call("MediatorService/RecordBreach", **{"name": person.name, "breach": DISMISSAL} | fields)
    kept = (await bench.call("MediatorService/GetMediator", name=person.name)).mediator
    assert (kept.revision, await bench.count("breach")) == (1, 0)


async def test_correcting_a_dismissal_opens_the_appointment_again(bench: Bench) -> None:
    """A dismissal made into criticism, or deleted, ends nothing."""
    person = await bench.mediator()
    made = (await bench.call("MediatorService/RecordBreach", name=person.name, breach=DISMISSAL)).breach
    await bench.call(
        "BreachService/CorrectBreach",
        breach={"name": made.name, "measure": breach_pb2.BREACH_MEASURE_CRITICISM},
        update_mask={"paths": ["measure"]},
        reason="认定有误",
    )
    kept = (await bench.call("MediatorService/GetMediator", name=person.name)).mediator
    assert (kept.HasField("to_date"), kept.ending, kept.revision) == (False, 0, 3)
    await bench.call("BreachService/DeleteBreach", name=made.name, reason="重复登记")
    assert await bench.count("breach") == 0
    assert (await bench.call("MediatorService/GetMediator", name=person.name)).mediator.revision == 3


async def test_a_breach_of_a_mediator_out_of_scope_is_not_found(bench: Bench) -> None:
    """Another office's mediator does not exist for the caller."""
    person = await bench.mediator()
    with pytest.raises(NotFound):
        await bench.call("MediatorService/RecordBreach", SOUTH, name=person.name, breach=DISMISSAL)


def rows(*records: Any) -> list[mediator_service_pb2.MediatorImportRow]:
    """Return import rows of records."""
    return [mediator_service_pb2.MediatorImportRow(row=n, mediator=record) for n, record in enumerate(records, 2)]


async def test_an_import_finds_the_committee_by_its_number(bench: Bench) -> None:
    """Rows name the committee by number; taking them over again changes nothing."""
    committee = await bench.committee(key="TW-1")
    person = mediator_pb2.Mediator(
        office="north",
        key="M-1",
        full_name="测试乙",
        committee="TW-1",
        employment=mediator_pb2.MEDIATOR_EMPLOYMENT_FULL_TIME,
        background=mediator_pb2.MEDIATOR_BACKGROUND_LAWYER,
        from_date=on(2011, 1, 1),
    )
    sheet = rows(person, changed(person, key="M-2", committee="TW-9"))
    verdicts = (await bench.call("MediatorService/ImportMediators", NORTH, rows=sheet)).verdicts
    again = (await bench.call("MediatorService/ImportMediators", NORTH, rows=sheet)).verdicts
    assert [verdict.outcome for verdict in verdicts] == [
        import_pb2.ROW_OUTCOME_CREATED,
        import_pb2.ROW_OUTCOME_REJECTED,
    ]
    assert [error.reason for error in verdicts[1].errors] == ["UNKNOWN_REFERENCE"]
    assert again[0].outcome == import_pb2.ROW_OUTCOME_UNCHANGED
    kept = (await bench.call("MediatorService/GetMediator", name=verdicts[0].name)).mediator
    assert (kept.committee, kept.revision) == (committee.name, 1)


async def test_mediators_are_found_by_name_and_committee(bench: Bench) -> None:
    """A list can be asked for a person's exact name and for a committee's mediators."""
    first = await bench.mediator()
    await bench.mediator(full_name="测试丙", committee=first.committee)
    by_name = await bench.call("MediatorService/ListMediators", filter={"full_name_exact": "测试丙"})
    uuid = first.committee.partition("/")[2]
    by_committee = await bench.call("MediatorService/ListMediators", filter={"committee": uuid})
    assert [person.full_name for person in by_name.mediators] == ["测试丙"]
    assert [person.full_name for person in by_committee.mediators] == ["测试丙", "测试甲"]


async def test_places_of_a_committee_belong_to_its_office(bench: Bench) -> None:
    """A committee that claims another office's village is refused."""
    with pytest.raises(UnknownPlace):
        await bench.committee(places=["south-1"])
