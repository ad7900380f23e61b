"""Whatever bytes come, to whatever method: the answer is lawful, and the service goes on within its memory."""

from __future__ import annotations

import base64
import random

import psutil
import pytest
from google.protobuf.message import DecodeError

from services.chassis import validation
from services.chassis.interceptors import MESSAGE_LIMIT
from tests.e2e.hostile.conftest import COUNT
from tests.support.hostile import Answer, Served, all_of, send
from tests.support.mutations import spoil, with_token
from tests.support.requests import Maker
from tests.support.system import SERVICES, System

pytestmark = pytest.mark.timeout(240 if not COUNT else 86_400)
#: Rebuilds take seconds each, and erasing would leave nothing to be read.
LEFT_OUT = {"Rebuild", "Reconcile", "EraseSubject", "EraseRecord"}
#: What the answer to a request within the limits of the contract may be; each but OK gives its reason.
LAWFUL = {
    "OK", "INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION", "ALREADY_EXISTS", "ABORTED", "PERMISSION_DENIED",
}  # fmt: skip
UNREADABLE = Answer("INVALID_ARGUMENT", "UNREADABLE_MESSAGE")
TOO_LARGE = Answer("RESOURCE_EXHAUSTED", "MESSAGE_TOO_LARGE")
MOST_MEMORY = 700 * 2**20
MOST_GROWTH = 400 * 2**20
#: What lists need to be told.
ASKED = {"purpose": "核对记录", "year": 2012, "indicator": "mediation.accepted", "period": "2012"}
#: Requests to each method.
EACH = max(4, COUNT // 700)


def lawful(one: Served, raw: bytes, answer: Answer) -> bool:
    """Tell whether an answer is the one that these bytes deserve: what is no request by the contract is told so."""
    if one.roles is None and answer.reason == "RATE_LIMITED":
        return True
    if len(raw) > MESSAGE_LIMIT:
        return answer == TOO_LARGE
    try:
        message = one.method.request.FromString(raw)
    except DecodeError:
        return answer == UNREADABLE
    try:
        validation.check(message)
    except validation.InvalidRequest:
        return answer.code == "INVALID_ARGUMENT" and answer.reason != ""
    return answer.code in LAWFUL and (answer.code == "OK" or answer.reason != "")


def memory(system: System) -> dict[str, int]:
    """Return the bytes that each service holds."""
    return {service: psutil.Process(system.pid(service)).memory_info().rss for service in SERVICES}


async def test_no_request_ends_in_an_unknown_error(
    system: System, methods: list[Served], everyone: str, maker: Maker
) -> None:
    """Whatever is no request by the contract is INVALID_ARGUMENT, or too large; the rest has a reason or an effect."""
    before, pids = memory(system), {service: system.pid(service) for service in SERVICES}
    channels = {service: system.channel(everyone, service) for service in SERVICES}
    wrong: list[str] = []

    async def one(target: Served) -> None:
        way, raw = spoil(maker.request(target.method), maker.chance)
        answer = await send(channels[target.service], target, raw, 60)
        if not lawful(target, raw, answer):
            wrong.append(f"{target} {way} {answer.code} {answer.reason}: {raw[:200].hex()}")

    asked = [one for one in methods if one.descriptor.name not in LEFT_OUT]
    for _ in range(EACH):
        await all_of(one(target) for target in asked)
    assert [] == wrong
    assert pids == {service: system.pid(service) for service in SERVICES}
    after = memory(system)
    assert {} == {s: n for s, n in after.items() if n > MOST_MEMORY or n - before[s] > MOST_GROWTH}


async def test_a_forged_page_token_turns_no_page(
    system: System, methods: list[Served], everyone: str, maker: Maker
) -> None:
    """Tokens that nobody made, changed ones and those of another query or caller are refused by every list."""
    lists = [one for one in methods if "page_token" in one.method.request.DESCRIPTOR.fields_by_name]
    assert len(lists) > 80
    channels = {service: system.channel(everyone, service) for service in SERVICES}
    stranger = system.token("clerk", "auditor", "discipline", offices=("nanmen",), subject="stranger")
    others = {service: system.channel(stranger, service) for service in SERVICES}
    wrong: list[str] = []

    async def one(target: Served) -> None:
        request = target.method.request()
        fields = request.DESCRIPTOR.fields_by_name
        for name, value in ASKED.items():
            if name in fields:
                setattr(request, name, value)
        request.page_size = 1
        first = await send(channels[target.service], target, request.SerializeToString())
        genuine = getattr(first.message, "next_page_token", "")
        for token in forged(genuine, maker.chance):
            answer = await send(channels[target.service], target, with_token(target.method, request, token))
            if answer.code != "INVALID_ARGUMENT":
                wrong.append(f"{target} {token!r}: {answer.code} {answer.reason}")
        if genuine:
            answer = await send(others[target.service], target, with_token(target.method, request, genuine))
            if answer.code not in {"INVALID_ARGUMENT", "PERMISSION_DENIED"} and target.method.access.scope == 1:
                wrong.append(f"{target} of another caller: {answer.code}")

    await all_of(one(target) for target in lists)
    assert [] == wrong


def forged(genuine: str, chance: random.Random) -> list[str]:
    """Return tokens that were not made by the service."""
    made = base64.urlsafe_b64encode(chance.randbytes(16) + b'["ffffffff-ffff-7fff-bfff-ffffffffffff"]').decode()
    found = ["x", "甲", "AAAA", made, base64.urlsafe_b64encode(bytes(16) + b"[" * 3000).decode()]
    if genuine:
        raw = bytearray(base64.urlsafe_b64decode(genuine))
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        found += [base64.urlsafe_b64encode(raw).decode(), genuine[:-8], genuine * 2]
    return found
