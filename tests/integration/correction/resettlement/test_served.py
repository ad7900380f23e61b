"""The service as it runs, in the demonstration district: who may call, what is asked for, what follows by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import grpc
import pytest
from geju.common.v1 import limit_service_pb2, limit_service_pb2_grpc
from geju.correction.v1 import (
    released_person_pb2,
    released_person_service_pb2_grpc,
    released_visit_pb2,
    released_visit_service_pb2_grpc,
    supervised_person_service_pb2_grpc,
)
from geju.correction.v1 import released_person_service_pb2 as rpc
from geju.correction.v1 import released_visit_service_pb2 as visits
from geju.correction.v1 import supervised_person_service_pb2 as supervision

from services.chassis import migrations, testing
from services.chassis.client import Failure, connect
from services.chassis.clock import ManualClock
from services.chassis.embedded import Nats, Urls
from services.chassis.testing import eventually
from services.correction.app import app
from tests.integration.chassis.toy import PROFILE
from tests.support.correction import supervised
from tests.unit.correction.resettlement.people import on, released

OFFICE, OTHER = "wuma", "nanmen"


@dataclass
class Served:
    """The running service, and ways to call it as somebody."""

    port: int
    tokens: testing.Tokens
    urls: Urls

    def persons(self, role: str = "clerk", office: str = OFFICE) -> Any:
        """Return a stub for the files, as somebody of an office."""
        return released_person_service_pb2_grpc.ReleasedPersonServiceStub(self.channel(role, office))

    def channel(self, role: str = "clerk", office: str = OFFICE) -> Any:
        """Return a channel as somebody of an office."""
        return connect(f"127.0.0.1:{self.port}", self.tokens("someone", [role], [office]))

    async def announce(self, **fields: Any) -> released_person_pb2.ReleasedPerson:
        """Announce a person to the office."""
        request = rpc.CreateReleasedPersonRequest(
            released_person=released(**{"office": OFFICE} | fields), request_id=str(uuid4())
        )
        return (await self.persons().CreateReleasedPerson(request)).released_person  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
async def served(
    postgres: testing.Server, shared_nats: Nats, tokens: testing.Tokens, record_keys: Any
) -> AsyncIterator[Served]:
    """Serve on 1 June 2012."""
    urls = await postgres.database("correction")
    await migrations.upgrade(urls.owner, migrations.schema_of("correction"))
    settings = {**urls.settings(), "nats_url": shared_nats.url_of("correction"), "record_keys": record_keys}
    settings |= {"jwt_keys": tokens.public, "profile": PROFILE, "log_level": "error"}
    async with testing.service(app(), ManualClock(datetime(2012, 6, 1, 4, tzinfo=UTC)), **settings) as running:
        yield Served(running.port, tokens, urls)


async def refused(call: Any) -> Failure:
    """Return what a call was refused with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return Failure.of(caught.value)


async def test_the_tables_are_those_of_the_models(served: Served) -> None:
    """The migrated database equals the models."""
    await migrations.check(served.urls.owner, migrations.schema_of("correction"))


async def test_the_district_s_rules_are_read_from_its_profile(served: Served) -> None:
    """Ten days, five years, three months and ninety days stand in the demonstration district's files."""
    person = await served.announce()
    assert on(2017, 2, 9) == person.five_years_due_date
    assert [on(2012, 2, 20)] == [limit.due for limit in person.limits]
    for verb, request in (("LinkPerson", rpc.LinkPersonRequest), ("RegisterPerson", rpc.RegisterPersonRequest)):
        await getattr(served.persons(), verb)(request(name=person.name, request_id=str(uuid4())))
    record = released_visit_pb2.ReleasedVisit(
        office=OFFICE, person=person.name, kind=1, visit_date=on(2012, 6, 1), confirmed=True
    )
    stub: Any = released_visit_service_pb2_grpc.ReleasedVisitServiceStub(served.channel())
    request = visits.CreateReleasedVisitRequest(released_visit=record, request_id=str(uuid4()))
    made = (await stub.CreateReleasedVisit(request)).released_visit
    assert (on(2012, 9, 1), on(2012, 8, 30)) == (made.next_visit_due_date, made.confirmed_due_date)


async def test_an_overdue_linking_is_on_the_office_s_list(served: Served) -> None:
    """The list names record and rule, not the person."""
    person = await served.announce()
    stub: Any = limit_service_pb2_grpc.LimitServiceStub(served.channel())
    found = await stub.ListLimits(limit_service_pb2.ListLimitsRequest(office=OFFICE))
    assert person.name in str(found)
    assert "张某某" not in str(found)


@pytest.mark.parametrize("role", ["bureau_leader", "operations", "auditor"])
async def test_who_has_nothing_to_do_with_files_sees_none(served: Served, role: str) -> None:
    """Leaders, operations and auditors read figures, not files."""
    person = await served.announce()
    request = rpc.GetReleasedPersonRequest(name=person.name, purpose="测试用途")
    assert "PERMISSION_DENIED" == (await refused(served.persons(role).GetReleasedPerson(request))).reason


async def test_a_purpose_comes_with_the_request_or_the_call(served: Served) -> None:
    """Without either the read is refused; another office finds nothing whatever the purpose."""
    person = await served.announce()
    stub, request = served.persons(), rpc.GetReleasedPersonRequest(name=person.name)
    assert "PURPOSE_REQUIRED" == (await refused(stub.GetReleasedPerson(request))).reason
    answer = await stub.GetReleasedPerson(request, metadata=(("x-geju-purpose", "checking"),))
    assert person.name == answer.released_person.name
    request.purpose = "测试用途"
    assert "NOT_FOUND" == (await refused(served.persons(office=OTHER).GetReleasedPerson(request))).reason


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"full_name": ""}, "full_name", "INVALID_FIELD"),
        ({"full_name": "张" * 101}, "full_name", "INVALID_FIELD"),
        ({"full_name": "张\u202e某"}, "full_name", "BAD_TEXT"),
        ({"full_name": "张\x00某"}, "full_name", "BAD_TEXT"),
        ({"sex": 99}, "sex", "UNKNOWN_ENUM_VALUE"),
        ({"source": 0}, "source", "INVALID_FIELD"),
        ({"released_date": on(1950, 1, 1)}, "released_date", "INVALID_FIELD"),
        ({"released_date": on(2012, 1, 1), "linked_date": on(2099, 1, 1)}, "linked_date", "FUTURE_DATE"),
        ({"announced_date": {"year": 2012, "month": 2, "day": 30}}, "announced_date", "INVALID_FIELD"),
        ({"office": "nowhere"}, "office", "UNKNOWN_OFFICE"),
        ({"place": "nowhere"}, "place", "UNKNOWN_PLACE"),
        ({"birth_year": -1}, "birth_year", "INVALID_FIELD"),
        ({"separated": True, "residence_office": "nowhere"}, "office", "UNKNOWN_OFFICE"),
    ],
)
async def test_bad_input_is_refused_with_field_and_reason(served: Served, fields: Any, field: str, reason: str) -> None:
    """Every refusal names field and reason in the contract's words, and nothing personal."""
    request = rpc.CreateReleasedPersonRequest(
        released_person=released(**{"office": OFFICE} | fields), request_id=str(uuid4())
    )
    failure = await refused(served.persons().CreateReleasedPerson(request))
    assert (reason, [field]) == (failure.reason, [path.rpartition(".")[2] for path, _, _ in failure.fields])
    assert "张" not in str(failure)


async def test_the_end_of_correction_opens_a_file_by_itself(served: Served) -> None:
    """The fact that correction ended goes out and comes back, and the office finds the person among the released."""
    person = supervised(
        office=OFFICE,
        judgment_date=on(2011, 6, 1),
        notified_date=on(2011, 6, 1),
        term_from_date=on(2011, 6, 1),
        term_to_date=on(2012, 5, 31),
    )
    stub: Any = supervised_person_service_pb2_grpc.SupervisedPersonServiceStub(served.channel("office_head"))
    made = supervision.CreateSupervisedPersonRequest(supervised_person=person, request_id=str(uuid4()))
    name = (await stub.CreateSupervisedPerson(made)).supervised_person.name
    over = {"name": name, "request_id": str(uuid4()), "taken_over_date": on(2011, 6, 5)}
    await stub.TakeOverPerson(supervision.TakeOverPersonRequest(**over))
    ended = {"name": name, "request_id": str(uuid4()), "ended_date": on(2012, 5, 31), "end_ground": 1}
    await stub.EndCorrection(supervision.EndCorrectionRequest(**ended))
    wanted = rpc.ReleasedPersonFilter(supervised_person=name.partition("/")[2])
    asked = rpc.ListReleasedPersonsRequest(filter=wanted, purpose="测试用途")

    async def opened() -> bool:
        return len((await served.persons().ListReleasedPersons(asked)).released_persons) == 1

    await eventually(opened)
    [file] = (await served.persons().ListReleasedPersons(asked)).released_persons
    assert (name, on(2012, 5, 31)) == (file.supervised_person, file.released_date)
    read = supervision.GetSupervisedPersonRequest(name=name, purpose="测试用途")
    assert file.name == (await stub.GetSupervisedPerson(read)).supervised_person.released_person
