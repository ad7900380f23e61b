"""Records of supervision in a real store: made, read, listed, changed, corrected, imported and deleted alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from geju.correction.v1 import (
    facts_pb2,
)
from geju.correction.v1 import supervised_person_service_pb2 as rpcs
from geju.correction.v1.supervised_person_service_pb2_grpc import SupervisedPersonServiceStub
from google.protobuf.field_mask_pb2 import FieldMask

from services.chassis import migrations, testing
from services.chassis.client import connect
from services.chassis.clock import ManualClock
from services.chassis.embedded import Nats
from services.correction.app import app
from services.correction.supervision import kinds
from tests.integration.correction.supervision.conftest import CLERK, ELSEWHERE, PROFILE, Bench
from tests.integration.servicers import Database
from tests.support.correction import OFFICE, RECORDS, on, supervised

CHANGED = {"duty": "note", "leave": "ground", "absconding": "circumstances", "measure": "facts_found"}
KINDS = {kind.name: kind for kind in kinds.KINDS}


def rpc(kind: str, verb: str) -> str:
    """Return "Service/Verb" of a kind's own service."""
    name = KINDS[kind].message.DESCRIPTOR.name
    return f"{name}Service/{verb}{name}"


async def test_the_migrations_are_the_models(database: Database) -> None:
    """The migrated tables are those of the models."""
    await migrations.check(database[0].owner, migrations.schema_of("correction"))


async def test_a_notified_person_is_kept_with_its_limits(bench: Bench) -> None:
    """A person is notified first; the days to report and for the papers run from the judgment."""
    made = await bench.call("SupervisedPersonService/CreateSupervisedPerson", CLERK, supervised_person=supervised())
    person = made.supervised_person
    assert kinds.lifecycle.NOTIFIED == person.state
    assert [("correction.report", on("2012-03-11")), ("correction.papers", on("2012-03-11"))] == [
        (limit.rule, limit.due) for limit in person.limits
    ]
    [facts] = await bench.facts("supervised_person", facts_pb2.SupervisedPersonFacts)
    assert (on("2012-03-11"), on("2014-02-28"), "") == (facts.report_due, facts.term_due, facts.place)


@pytest.mark.parametrize("kind", RECORDS)
async def test_a_record_about_a_person_goes_through_its_life(bench: Bench, kind: str) -> None:
    """A record is made by a clerk, read, changed, seen by nobody elsewhere, and deleted with a reason."""
    person = await bench.under_correction()
    made = getattr(await bench.call(rpc(kind, "Create"), CLERK, **{kind: RECORDS[kind](person.name)}), kind)
    read = getattr(await bench.call(rpc(kind, "Get"), CLERK, name=made.name), kind)
    assert made == read
    assert ("NOT_FOUND", "name") == await bench.refused(rpc(kind, "Get"), ELSEWHERE, name=made.name)
    if field := CHANGED.get(kind):
        changed = KINDS[kind].message(name=made.name, etag=made.etag, **{field: "改过的测试文字"})
        mask = FieldMask(paths=[field])
        updated = await bench.call(rpc(kind, "Update"), CLERK, **{kind: changed, "update_mask": mask})
        assert "改过的测试文字" == getattr(getattr(updated, kind), field)
    await bench.call(rpc(kind, "Delete"), name=made.name, reason="测试删除")
    assert ("NOT_FOUND", "name") == await bench.refused(rpc(kind, "Get"), name=made.name)


@pytest.mark.parametrize("kind", RECORDS)
async def test_a_record_about_nobody_is_refused(bench: Bench, kind: str) -> None:
    """A record names a person that is there."""
    nobody = f"supervisedPersons/{'0198c0de-0000-7000-8000-000000000001'}"
    given = {kind: RECORDS[kind](nobody)}
    assert ("UNKNOWN_REFERENCE", "person") == await bench.refused(rpc(kind, "Create"), CLERK, **given)


@pytest.mark.parametrize("kind", KINDS)
async def test_no_record_is_shown_without_a_purpose(bench: Bench, kind: str) -> None:
    """Whoever reads says why; there is no default."""
    message = KINDS[kind].message.DESCRIPTOR.name
    name = f"{KINDS[kind].collection}/0198c0de-0000-7000-8000-000000000001"
    assert ("PURPOSE_REQUIRED", "purpose") == await bench.refused(
        f"{message}Service/Get{message}", name=name, purpose=""
    )


async def test_the_service_starts(
    database: Database, shared_nats: Nats, tokens: testing.Tokens, record_keys: Path, clock: ManualClock
) -> None:
    """The service is served as it is wired, and answers over gRPC."""
    settings = {**database[0].settings(), "nats_url": shared_nats.url_of("correction"), "record_keys": record_keys}
    served = testing.service(app(), clock, profile=PROFILE, jwt_keys=tokens.public, log_level="error", **settings)
    async with served as running:
        channel = connect(f"127.0.0.1:{running.port}", tokens("clerk-1", ("clerk",), (OFFICE,)))
        stub: Any = SupervisedPersonServiceStub(channel)
        answer = await stub.ListSupervisedPersons(rpcs.ListSupervisedPersonsRequest(purpose="测试查阅"))
        await channel.close()
    assert [] == list(answer.supervised_persons)
