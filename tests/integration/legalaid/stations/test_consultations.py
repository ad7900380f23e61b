"""Consultations over the store: one by one, in batches, from a call centre's export."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from geju.common.v1 import import_pb2
from geju.legalaid.v1 import consultation_service_pb2 as rpc
from geju.legalaid.v1 import facts_pb2

from services.chassis import context
from services.chassis.domain.errors import BadReference, UnknownReference
from tests.integration.legalaid.stations.conftest import CLERK, Bench, reasons
from tests.integration.servicers import DEPARTMENT
from tests.support.records import changed, on, ref
from tests.unit.legalaid.stations.examples import EXAMPLES

ONE = EXAMPLES["consultation"]
CREATED = import_pb2.ROW_OUTCOME_CREATED


async def recorded(bench: Bench, *records: Any, caller: context.Caller = DEPARTMENT, **fields: Any) -> list[Any]:
    """Record one batch; return the verdicts."""
    full, servicer = bench.servicers["ConsultationService"]
    context.enter(context.Call(caller, f"/{full}/RecordConsultations", traceparent="00-trace"))
    request = rpc.RecordConsultationsRequest(consultations=records, **{"request_id": str(uuid4())} | fields)

    async def one() -> Any:
        yield request

    [answer] = [answer async for answer in servicer.RecordConsultations(one())]
    assert request.request_id == answer.request_id
    return list(answer.verdicts)


async def test_what_a_consultation_led_to_is_there(bench: Bench) -> None:
    """Whichever office took the application; a reference of another kind is none."""
    case = await bench.case("A-1", "south")
    made = await bench.make(changed(ONE, aid_case=case.name), CLERK)
    [facts] = await bench.facts("consultation", facts_pb2.ConsultationFacts)
    assert case.name.partition("/")[2] == facts.aid_case
    for name, error in ((ref("aidCases", 9), UnknownReference), (ref("disputes"), BadReference)):
        with pytest.raises(error):
            await bench.make(changed(ONE, aid_case=name), CLERK)
        with pytest.raises(error):
            await bench.change("Update", made, CLERK, aid_case=name)
    assert [UnknownReference.reason] == reasons(await recorded(bench, changed(ONE, aid_case=ref("aidCases", 9))))


async def test_each_of_a_batch_has_its_record_its_event_and_its_entry(bench: Bench) -> None:
    """One answer is remembered; the trail says which method it was."""
    verdicts = await recorded(bench, *[ONE] * 20, caller=CLERK)
    assert list(range(1, 21)) == [verdict.row for verdict in verdicts]
    assert {CREATED} == {verdict.outcome for verdict in verdicts}
    assert 20 == len({verdict.name for verdict in verdicts}) == await bench.count("consultation")
    assert [20] == [row[0] for row in await bench.rows("SELECT count(*) FROM outbox WHERE change = 'held'")]
    [audit] = await bench.rows("SELECT method, actor, count(*) FROM audit GROUP BY 1, 2")
    assert ("/geju.legalaid.v1.ConsultationService/RecordConsultations", "clerk-north", 20) == tuple(audit)
    assert 1 == len(await bench.rows("SELECT FROM request"))


async def test_a_bad_consultation_hinders_no_other(bench: Bench) -> None:
    """Each is refused for its own reason, by field; a number is used once in an office."""
    await bench.make(changed(ONE, key="Z-1"))
    verdicts = await recorded(
        bench,
        ONE,
        changed(ONE, channel=None),
        changed(ONE, held_date=on(2012, 6, 3)),
        changed(ONE, office="south"),
        changed(ONE, place="nowhere"),
        changed(ONE, key="Z-1"),
        changed(ONE, key="Z-2"),
        changed(ONE, key="Z-2"),
        changed(ONE, topic=99),
        changed(ONE, minutes=-1),
        changed(ONE, name=ref("consultations", 1), revision=7),
        caller=CLERK,
    )
    expected = ["", "INVALID_FIELD", "FUTURE_DATE", "NOT_FOUND", "UNKNOWN_PLACE", "KEY_TAKEN", "", "KEY_TAKEN"]
    assert [*expected, "UNKNOWN_ENUM_VALUE", "INVALID_FIELD", ""] == reasons(verdicts)
    assert ("channel", "咨询渠道") == (verdicts[1].errors[0].field, verdicts[1].errors[0].label)
    assert ref("consultations", 1) != verdicts[10].name
    assert 4 == await bench.count("consultation")


async def test_of_two_batches_with_one_number_one_has_it(bench: Bench) -> None:
    """The other is told so, and the rest of it is written."""
    batches = [recorded(bench, ONE, changed(ONE, key="Z-1"), ONE, caller=CLERK) for _ in range(3)]
    found = sorted(reasons(verdicts)[1] for verdicts in await asyncio.gather(*batches))
    assert ["", "KEY_TAKEN", "KEY_TAKEN"] == found
    assert 7 == await bench.count("consultation") == (await bench.rows("SELECT count(*) FROM outbox"))[0][0]


async def test_a_trial_batch_writes_nothing(bench: Bench) -> None:
    """It is judged all the same."""
    assert ["", "INVALID_FIELD"] == reasons(await recorded(bench, ONE, changed(ONE, topic=None), validate_only=True))
    assert 0 == await bench.count("consultation")


async def test_the_call_centre_s_export_names_applications_by_number(bench: Bench) -> None:
    """Every line has its own number; taken over again it changes nothing, with other values it is another revision."""
    case = await bench.case("A-1", "south")
    lines = [changed(ONE, key=f"D-{n}", aid_case=number) for n, number in enumerate(("", "A-1", "A-2"))]
    lines.append(changed(ONE, key=""))
    for expected in ("CREATED", "UNCHANGED"):
        verdicts = await bench.imported("consultation", *lines, caller=CLERK)
        outcomes = [import_pb2.RowOutcome.Name(verdict.outcome).rpartition("_")[2] for verdict in verdicts]
        assert [expected, expected, "REJECTED", "REJECTED"] == outcomes
        assert ["", "", "UNKNOWN_REFERENCE", "KEY_REQUIRED"] == reasons(verdicts)
    [verdict] = await bench.imported("consultation", changed(lines[0], minutes=9), caller=CLERK)
    assert import_pb2.ROW_OUTCOME_UPDATED == verdict.outcome
    facts = await bench.facts("consultation", facts_pb2.ConsultationFacts)
    assert [(9, ""), (6, case.name.partition("/")[2])] == [(one.minutes, one.aid_case) for one in facts]
