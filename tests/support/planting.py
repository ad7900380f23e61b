"""Canaries planted in every personal field that the contract has: by the story of one office, and by every request."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.chassis.client import Channel, connect
from services.chassis.identity import ROLES
from services.client.home import OWNER_ROLES
from tests.support.calls import Caller, Refused, snake
from tests.support.canaries import CODES, MARK, OF_STEPS, Canary, is_personal, personal_fields
from tests.support.hostile import Served, send, served
from tests.support.load import OF_PERSONS, begin
from tests.support.personal_places import OFFICE
from tests.support.requests import Maker, fields_of
from tests.support.story import KINDS as COLLECTIONS
from tests.support.story import Teller
from tests.support.system import DOMAIN, KINDS, System
from tests.support.traced import Collector, traced

Place = tuple[str, str]  # message and field
OF_RECORDS: frozenset[Place] = frozenset(
    place for own in KINDS.values() for kind in own for place in personal_fields(kind.message.DESCRIPTOR)
)
OTHER_OFFICE = "nanmen"
#: What the public register says of those who give legal services: every office reads it.
PUBLIC = {("geju.legalservices.v1.Firm", field) for field in ("licence_number", "head", "phone", "address")}
PUBLIC |= {("geju.legalservices.v1.Practitioner", field) for field in ("person_name", "licence_number")}
#: By what the exact text of a personal field is looked for: no field of a record, and as personal as one.
LOOKED_FOR = frozenset({"person_name", "identity_number", "receipt_code"})
MOST_STEPS = 2500
TRACED_STEPS = 120
_BAD = f"{MARK}\u202e"


@dataclass
class Planted:
    """Whose canaries were planted, where, and what traces told of the calls."""

    caller: Canary
    #: Personal places that a request had filled, whatever came of it.
    sent: set[Place] = field(default_factory=set)
    traces: list[bytes] = field(default_factory=list)
    #: Names of records by their kinds' codes.
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)


def missing(caller: Canary) -> set[Place]:
    """Return the personal fields of records that no accepted request has filled."""
    return {place for place in OF_RECORDS if OF_STEPS.get(place, place) not in caller.accepted}


def looks_for(field: FieldDescriptor) -> bool:
    """Tell whether a field of a request is what a personal value is looked for by."""
    return field.type == FieldDescriptor.TYPE_STRING and (field.name.endswith("_exact") or field.name in LOOKED_FOR)


def asked_places(descriptor: Descriptor, above: frozenset[str] = frozenset()) -> Iterator[Place]:
    """Return every field of a request, and of what is below it, that holds or looks for a personal text."""
    for one in descriptor.fields:
        place = descriptor.full_name, one.name
        if (is_personal(one) and place not in CODES) or looks_for(one):
            yield place
        elif one.message_type is not None and one.message_type.full_name not in above:
            yield from asked_places(one.message_type, above | {descriptor.full_name})


async def plant(system: System) -> Planted:
    """Tell the story of one office in canaries until every personal field was accepted, then send every request.

    The end of the story and the requests are told to second processes of the services, which trace all they can.
    """
    people = [_somebody(system, subject) for subject in ("tester", "second", "third")]
    caller = Canary(*system.channels(people[0]))
    colleagues = [caller.colleague(*system.channels(token)) for token in people[1:]]
    offices = tuple(office for office in system.profile.offices if office.code == OFFICE)
    teller = Teller(caller, replace(system.profile, offices=offices), system.today, 99, *colleagues)
    await begin(teller)
    for _ in range(MOST_STEPS):
        await teller.some(OF_PERSONS)(teller)
        if not missing(caller):
            break
    planted = Planted(caller, names=_names(teller))
    async with Collector() as collector, traced(system, collector) as targets, AsyncExitStack() as stack:
        teller.caller, teller.second, teller.third = (
            caller.colleague(channels[DOMAIN[0]], channels)
            for channels in [_channels(targets, token, stack) for token in people]
        )
        for _ in range(TRACED_STEPS):
            await teller.some(OF_PERSONS)(teller)
        planted.sent |= caller.accepted
        await _ask_everything(
            await served(system), _channels(targets, _somebody(system, "asker", *ROLES), stack), planted
        )
    planted.traces = collector.bodies
    return planted


def _somebody(system: System, subject: str, *roles: str) -> str:
    return system.token(*(roles or OWNER_ROLES), offices=(OFFICE,), subject=subject)


def _channels(targets: Mapping[str, str], token: str, stack: AsyncExitStack) -> dict[str, Channel]:
    channels = {service: connect(target, token, seconds=20) for service, target in targets.items()}
    for channel in channels.values():
        stack.push_async_callback(channel.close)
    return channels


def _names(teller: Teller) -> Mapping[str, Sequence[str]]:
    names: dict[str, list[str]] = {}
    for name in teller.latest:
        names.setdefault(snake(COLLECTIONS[name.partition("/")[0]]), []).append(name)
    return names


async def _ask_everything(methods: Sequence[Served], channels: Mapping[str, Channel], planted: Planted) -> None:
    """Send every method that takes or looks for something personal a canary in each such place, good and bad ones.

    What can be tried without an effect is: nothing of the story is changed by it.
    """
    maker = Maker(random.Random(99), planted.names, [OFFICE])
    for one in methods:
        places = {*asked_places(one.method.request.DESCRIPTOR)}
        if one.service in channels:
            for text in (MARK, _BAD):
                for request in _requests(one, maker, places, text):
                    planted.sent |= _filled_with(request, text)
                    await _send(channels[one.service], one, request, planted)


def _requests(one: Served, maker: Maker, places: set[Place], text: str) -> Iterator[Any]:
    """Make up requests until each of the places is filled in one of them."""
    left = {*places}
    for _ in range(60 if places else 0):
        request = maker.request(one.method)
        _put(request, text)
        filled = _filled_with(request, text) & left
        if filled:
            left -= filled
            yield request
        if not left:
            return
    # What is hardly ever made up: a place by itself, everything else left open.
    for place in sorted(left):
        request = one.method.request()
        _reach(request, place, text)
        yield request


def _put(message: Any, text: str) -> None:
    for holder, found in fields_of(message, FieldDescriptor.TYPE_STRING):
        if (is_personal(found) and (holder.DESCRIPTOR.full_name, found.name) not in CODES) or looks_for(found):
            if found.is_repeated:
                values = getattr(holder, found.name)
                values[:] = [text] * len(values)
            else:
                setattr(holder, found.name, text)
    if "validate_only" in message.DESCRIPTOR.fields_by_name:
        message.validate_only = True


def _reach(message: Any, place: Place, text: str, above: frozenset[str] = frozenset()) -> bool:
    """Fill one place of a message, or of one below it; says whether it is there."""
    if message.DESCRIPTOR.full_name == place[0]:
        if message.DESCRIPTOR.fields_by_name[place[1]].is_repeated:
            getattr(message, place[1]).append(text)
        else:
            setattr(message, place[1], text)
        return True
    for one in message.DESCRIPTOR.fields:
        if one.message_type is None or one.message_type.full_name in above:
            continue
        if place in asked_places(one.message_type):
            child = getattr(message, one.name).add() if one.is_repeated else getattr(message, one.name)
            return _reach(child, place, text, above | {message.DESCRIPTOR.full_name})
    return False


def _filled_with(message: Any, text: str) -> set[Place]:
    return {
        (holder.DESCRIPTOR.full_name, found.name)
        for holder, found in fields_of(message, FieldDescriptor.TYPE_STRING)
        if text in (getattr(holder, found.name) if found.is_repeated else [getattr(holder, found.name)])
    }


async def _send(channel: Any, one: Served, request: Any, planted: Planted) -> None:
    if "request_id" in request.DESCRIPTOR.fields_by_name:
        request.request_id = str(uuid4())
    if one.descriptor.client_streaming or one.descriptor.server_streaming:
        await send(channel, one, request.SerializeToString())
        return
    try:
        await Caller(channel).raw(one.method, request.SerializeToString())
    except Refused as refused:
        assert refused.failure.code not in {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN}, f"{one}: {refused}"
        planted.caller.refusals.append(refused)
