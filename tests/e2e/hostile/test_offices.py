"""Two offices ask at random: neither sees a record of the other's, with either of the two walls between them taken out.

The servicers run here, on the databases of the installation: so that either what the queries filter by can be taken out
(then row-level security stands alone), or row-level security (then the queries do).
"""

from __future__ import annotations

import importlib
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from geju.options.v1 import options_pb2
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from services.chassis import context, validation
from services.chassis.clock import ManualClock
from services.chassis.contract import field_option
from services.chassis.crypto import RecordKeys
from services.chassis.domain.errors import RuleError
from services.chassis.embedded import Secrets
from services.chassis.funds.service import fund_entry_servicer
from services.chassis.limit_service import LimitServicer
from services.chassis.rights.roles import Role, role_name
from services.chassis.storage import scopes
from services.chassis.storage.engine import make_engine
from services.chassis.storage.store import Store
from tests.e2e.hostile.conftest import COUNT, SEED, Names, names_of
from tests.support.hostile import Served
from tests.support.requests import Maker, fields_of
from tests.support.system import DOMAIN, KINDS, System

pytestmark = pytest.mark.timeout(240 if not COUNT else 86_400)
OFFICES = ("wuma", "nanmen")
QUERIES = COUNT or 300
EVERYTHING = scopes.terms(scopes.EVERYTHING)
RECORDS = {kind.message.DESCRIPTOR.full_name: kind for kinds in KINDS.values() for kind in kinds}


@dataclass
class Walls:
    """Servicers of every domain service on its database, under an account of it."""

    system: System
    servicers: dict[tuple[str, str], Any] = field(default_factory=dict)
    engines: list[Any] = field(default_factory=list)

    async def build(self, service: str, url: str) -> None:
        """Make the servicers of a service."""
        noon = datetime.now(UTC) + timedelta(seconds=self.system.home.running()["clock_offset_seconds"])
        kinds, engine = tuple(KINDS[service]), make_engine(url, size=4)
        keys = RecordKeys.load(self.system.home.record_keys)
        store = Store(engine, keys, self.system.profile, ManualClock(noon), f"geju/{service}", kinds)
        self.engines.append(engine)
        own = importlib.import_module(f"services.{service}.app").SERVICERS
        for made in (*own, fund_entry_servicer(kinds[-1]), LimitServicer):
            self.servicers[service, made.__name__.removesuffix("Servicer") + "Service"] = made(store)

    async def ask(self, one: Served, request: Any, caller: context.Caller) -> Any:
        """Return the answer of a method; None when a rule, or the database, refuses."""
        service, name = one.method.full_name.rpartition(".")[2].split("/")
        context.enter(context.Call(caller, one.method.full_name, purpose="核对记录", traceparent="00-trace"))
        try:
            validation.check(request)
            return await getattr(self.servicers[one.service, service], name)(request, None)
        except (RuleError, asyncpg.InsufficientPrivilegeError):
            return None


@pytest.fixture
async def walls(
    system: System, names: Names, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Walls]:
    """Take one of the two walls out, or both."""
    found, passwords = Walls(system), Secrets(system.home.passwords)
    queries, rows = request.param == "the queries alone", request.param == "row-level security alone"
    for service in DOMAIN:
        admin = system.admin_url(service)
        account = role_name(service, Role.APP)
        own = f"postgresql://{account}:{passwords.get(account)}@{admin.rpartition('@')[2]}"
        await found.build(service, own if rows else admin)  # the superuser is above row-level security
    if not queries:
        own_terms = scopes.terms
        for name, module in list(sys.modules.items()):
            if name.startswith("services.") and getattr(module, "terms", None) is own_terms:
                monkeypatch.setattr(module, "terms", lambda _scope: EVERYTHING)
        monkeypatch.setattr("services.chassis.unit_of_work.offices_in", lambda _scope: None)
    yield found
    for engine in found.engines:
        await engine.dispose()


def foreign(answer: Message, caller: context.Caller) -> Iterator[str]:
    """Name the records in an answer that are of other offices, or sealed."""
    kind = RECORDS.get(answer.DESCRIPTOR.full_name)
    if kind is not None and answer.name:  # type: ignore[attr-defined]
        record: Any = answer
        if not (caller.sees(record.office) or caller.sees(kind.second_office(record))):
            yield f"{record.name} of {record.office}"
        elif kind.has_sealed and kind.to_facts(record).sealed:
            yield f"{record.name}, sealed"
    for one, value in answer.ListFields():
        if one.message_type is not None and not field_option(one).output_only:
            for inner in value if one.is_repeated else (value,):
                yield from foreign(inner, caller)


def records_in(answer: Message) -> list[str]:
    """Return the names of the records that an answer holds."""
    texts = fields_of(answer, FieldDescriptor.TYPE_STRING)
    return [holder.name for holder, one in texts if one.name == "name" and holder.DESCRIPTOR.full_name in RECORDS]


def asked(methods: list[Served]) -> list[Served]:
    """Return the methods of domain services that are of one's own offices and open to those who work there."""
    office = {"clerk", "office_head"}
    return [
        one
        for one in methods
        if one.service in DOMAIN and one.method.access.scope == options_pb2.SCOPE_OFFICE
        and one.roles is not None and one.roles & office
        and not (one.descriptor.client_streaming or one.descriptor.server_streaming)
        and "SubjectService" not in one.method.full_name
    ]  # fmt: skip


@dataclass
class Told:
    """What random queries came to."""

    seen: Counter[str] = field(default_factory=Counter)
    leaked: list[str] = field(default_factory=list)


async def query(system: System, names: Names, methods: list[Served], walls: Walls, count: int) -> Told:
    """Have two offices read and change at random; return what they were shown."""
    chance, told, found = random.Random(SEED), Told(), asked(methods)
    reads = [one for one in found if not one.method.access.mutates]
    roles = frozenset({"clerk", "office_head"})
    callers = [context.Caller(f"mallory-{office}", roles, frozenset({office})) for office in OFFICES]
    makers = [Maker(chance, both(names, await names_of(system, office)), OFFICES) for office in OFFICES]
    for number in range(count):
        caller, one = callers[number % 2], chance.choice(reads if chance.random() < 0.75 else found)
        request = chance.choice(makers).request(one.method)
        for name, value in (("validate_only", True), ("page_size", 200)):
            if name in request.DESCRIPTOR.fields_by_name:
                setattr(request, name, value)
        if "filter" in request.DESCRIPTOR.fields_by_name and chance.random() < 0.7:
            request.ClearField("filter")
        answer = await walls.ask(one, request, caller)
        told.seen["refused" if answer is None else "answered"] += 1
        if answer is not None:
            told.leaked += [f"{one} gives {caller.subject} {what}" for what in foreign(answer, caller)]
            told.seen["records"] += len(records_in(answer))
    return told


@pytest.mark.parametrize("walls", ["row-level security alone", "the queries alone"], indirect=True)
async def test_neither_office_sees_the_other_s_records(
    system: System, names: Names, methods: list[Served], walls: Walls
) -> None:
    """Of all random reads and changes none shows, or changes, a record of another office or a sealed one."""
    told = await query(system, names, methods, walls, QUERIES)
    assert [] == told.leaked
    assert told.seen["answered"] > QUERIES / 5, told.seen
    assert told.seen["records"] > QUERIES / 5, told.seen


@pytest.mark.parametrize("walls", ["neither"], indirect=True)
async def test_the_queries_would_find_a_hole(system: System, names: Names, methods: list[Served], walls: Walls) -> None:
    """With both walls taken out the same queries show records of the other office: they are asked where it matters."""
    told = await query(system, names, methods, walls, 100)
    assert len(told.leaked) > 50


def both(everything: Names, own: Names) -> Names:
    """Return an office's names, and others' where it has none."""
    return {kind: own.get(kind) or names for kind, names in everything.items()}
