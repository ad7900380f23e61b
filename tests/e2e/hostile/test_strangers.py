"""What is not there for a caller is not there at all: a record of another office answers as one that nobody has.

Tried with every method of the contract that names one record: to the byte, and in the time that it takes.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import grpc
import pytest
from geju.options.v1 import options_pb2

from services.chassis.client import Channel
from services.chassis.context import EVERY_OFFICE
from services.chassis.identity import ROLES
from services.chassis.storage.scopes import RIGHTS
from tests.e2e.hostile.conftest import SEED, Names
from tests.support.hostile import Served, all_of
from tests.support.requests import Maker
from tests.support.system import DOMAIN, KINDS, System

pytestmark = pytest.mark.timeout(240)
PURPOSE = "核对记录"
#: Services that are about records of any kind.
_OF_ANY_KIND = {"Audit", "Subject"}
#: Requests that are made up for a method until one gets as far as looking for the record.
TRIES = 40
#: Methods that must have got so far; how many there are to ask depends on the kinds that the stories have told of.
ENOUGH = 300
ROUNDS = 12
#: Of the times that the two take: rows are looked for by the same index either way.
NOT_MORE = 1.5


@dataclass(frozen=True)
class Hidden:
    """Records of a kind, and the office of somebody who sees none of them ("*": of every office, but none sealed)."""

    office: str
    names: Sequence[str]


@dataclass(frozen=True)
class Said:
    """An answer, whole: its code and every byte of message and details, with the record's name taken out."""

    code: str
    text: str
    details: bytes
    seconds: float = 0

    @property
    def heard(self) -> tuple[str, str, bytes]:
        """What a caller can tell apart."""
        return self.code, self.text, self.details


HiddenRecords = Mapping[tuple[str, str, int], Hidden]


@pytest.fixture(scope="module")
async def hidden(system: System) -> HiddenRecords:
    """Give records by service, kind and scope of a method that some callers of the method do not see."""
    found: dict[tuple[str, str, int], Hidden] = {}
    for service, kinds in KINDS.items():
        for kind in kinds:
            columns = [column for column in ("office", "second_office") if column in kind.row.model_fields]
            foreign = " AND ".join(f"{column} <> $1" for column in columns)
            for office, unseen in [*((one.code, foreign) for one in system.profile.offices), (EVERY_OFFICE, "sealed")]:
                if office == EVERY_OFFICE and not kind.has_sealed:
                    continue
                scope = options_pb2.SCOPE_DISTRICT if office == EVERY_OFFICE else options_pb2.SCOPE_OFFICE
                sql = f"SELECT id FROM {kind.row.__tablename__} WHERE NOT deleted AND {unseen} ORDER BY id LIMIT 3"  # noqa: S608
                if rows := await system.rows(service, sql, *([office] if unseen == foreign else [])):
                    here = Hidden(office, [f"{kind.collection}/{row['id']}" for row in rows])
                    found[service, kind.message.DESCRIPTOR.name, scope] = here
    return found


def kind_of(one: Served) -> str:
    """Return the kind of record that a method is about; of those that are about any kind, one of persons' files."""
    message = one.descriptor.containing_service.name.removesuffix("Service")
    files = [kind.message.DESCRIPTOR for kind in KINDS[one.service] if kind.has_sealed]
    return files[0].name if message in _OF_ANY_KIND and files else message


def holder(one: Served, request: Any) -> Any:
    """Return the message in a request that names the one record it is about; None when there is none."""
    message = one.descriptor.containing_service.name.removesuffix("Service")
    fields = request.DESCRIPTOR.fields_by_name
    if "name" in fields and not fields["name"].is_repeated:
        return request
    inner = [f for f in fields.values() if f.message_type is not None and f.message_type.name == message]
    verb = one.descriptor.name.removesuffix(message)
    return getattr(request, inner[0].name) if inner and verb in {"Update", "Correct"} else None


def asked(methods: Sequence[Served], hidden: HiddenRecords) -> list[tuple[Served, Hidden]]:
    """Return the methods that are about one record, each with records that it may be asked about."""
    return [
        (one, found)
        for one in methods
        if one.service in DOMAIN and one.roles is not None and holder(one, one.method.request()) is not None
        and (found := hidden.get((one.service, kind_of(one), one.method.access.scope))) is not None
    ]  # fmt: skip


class Strangers:
    """Whoever has every role but those for sealed records, in one office."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._channels: dict[tuple[str, str], Channel] = {}

    async def hear(self, one: Served, request: Any, office: str, name: str) -> Said:
        """Call a method about a record, from an office; returns what is said."""
        holder(one, request).name = name
        call = self._channel(one.service, office).unary_unary(
            one.method.full_name, request_serializer=bytes, response_deserializer=bytes
        )
        begun = time.perf_counter()
        try:
            answer = await call(request.SerializeToString())
        except grpc.aio.AioRpcError as error:
            seconds = time.perf_counter() - begun
            details: Any = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
            text = (error.details() or "").replace(name, "NAME")
            return Said(error.code().name, text, bytes(details).replace(name.encode(), b"NAME"), seconds)
        return Said("OK", "", answer, time.perf_counter() - begun)

    def _channel(self, service: str, office: str) -> Channel:
        if (service, office) not in self._channels:
            token = self._system.token(*(ROLES - set(RIGHTS)), offices=(office,), subject=f"stranger-{office}")
            self._channels[service, office] = self._system.channel(token, service)
        return self._channels[service, office]


def nobodys(name: str) -> str:
    """Return the name of a record of the same kind that there is not."""
    return f"{name.partition('/')[0]}/{uuid4()}"


async def test_a_record_of_another_office_answers_as_none(
    system: System, methods: list[Served], names: Names, hidden: HiddenRecords
) -> None:
    """Every method about a record says the same, to the byte, of one that is another office's and of nobody's."""
    strangers, maker = Strangers(system), Maker(random.Random(SEED), names, [o.code for o in system.profile.offices])
    differing: list[str] = []
    reached: set[tuple[str, str]] = set()

    async def one(target: Served, found: Hidden) -> None:
        for _ in range(TRIES):
            request, name = maker.request(target.method), maker.chance.choice(found.names)
            if "purpose" in request.DESCRIPTOR.fields_by_name:
                request.purpose = PURPOSE
            said = [await strangers.hear(target, request, found.office, each) for each in (name, nobodys(name))]
            if said[0].heard != said[1].heard:
                differing.append(f"{target} of {name}: {said[0].heard}, of nobody's: {said[1].heard}")
            if "NOT_FOUND" in {each.code for each in said}:
                reached.add((target.service, target.method.full_name))
                return

    wanted = asked(methods, hidden)
    await all_of(one(*both) for both in wanted)
    assert [] == differing
    assert {(one.service, one.method.full_name) for one, _ in wanted} == reached
    assert len(reached) > ENOUGH


async def test_what_is_hidden_takes_no_longer(system: System, methods: list[Served], hidden: HiddenRecords) -> None:
    """Looking for a record that is another office's takes as long as looking for one that there is not."""
    strangers = Strangers(system)
    taken: dict[str, list[float]] = {"hidden": [], "nobody's": []}
    for target, found in asked(methods, hidden):
        request: Any = target.method.request()
        if not target.descriptor.name.startswith("Get"):
            continue
        if "purpose" in request.DESCRIPTOR.fields_by_name:
            request.purpose = PURPOSE
        for turn in range(ROUNDS):
            pair = [("hidden", found.names[0]), ("nobody's", nobodys(found.names[0]))]
            for which, name in pair if turn % 2 else pair[::-1]:
                taken[which].append((await strangers.hear(target, request, found.office, name)).seconds)
    medians = [statistics.median(each) for each in taken.values()]
    assert max(medians) < NOT_MORE * min(medians), medians
