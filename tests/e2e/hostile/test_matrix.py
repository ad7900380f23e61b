"""Every method of every service, as each role and with each wrong token: what the contract does not allow is refused.

The request is no message at all. Whoever may call is told that it cannot be read, whoever may not is told that alone:
so every cell can be tried without an effect.
"""

from __future__ import annotations

from collections import Counter

import pytest

from services.chassis.identity import ROLES
from tests.support.hostile import Answer, Served, all_of, send
from tests.support.refusals import nothing_written
from tests.support.system import System
from tests.support.wrong_tokens import TOKENS

pytestmark = pytest.mark.timeout(240)
NOISE = b"\xff\xfe\xfd"
UNREADABLE = Answer("INVALID_ARGUMENT", "UNREADABLE_MESSAGE")
DENIED = Answer("PERMISSION_DENIED", "PERMISSION_DENIED")


async def tried(system: System, methods: list[Served], token: str) -> list[Answer]:
    """Call every method with noise under a token; returns the answers in order."""
    channels = {one.service: system.channel(token, one.service) for one in methods}
    return await all_of(send(channels[one.service], one, NOISE) for one in methods)


def others(methods: list[Served], expected: list[Answer], actual: list[Answer]) -> list[str]:
    """Return the cells whose answer is another than expected."""
    return [
        f"{one}: {answer}"
        for one, wanted, answer in zip(methods, expected, actual, strict=True)
        if answer != wanted and not is_open(one, answer)
    ]


def is_open(one: Served, answer: Answer) -> bool:
    """Tell whether a method is open to anyone and was answered so: let through, or kept out as one call too many."""
    return one.roles is None and answer.code in {"INVALID_ARGUMENT", "RESOURCE_EXHAUSTED"}


@pytest.mark.parametrize("offices", [(), ("*",), ("wuma",), ("*,!sealed", "*")], ids=["none", "all", "one", "forged"])
@pytest.mark.parametrize("role", [*sorted(ROLES), "unheard_of", ""])
async def test_a_role_may_call_what_the_contract_names_it_for(
    system: System, methods: list[Served], role: str, offices: tuple[str, ...]
) -> None:
    """A role opens the methods whose access option names it and no other, whatever offices come with it."""
    if offices != ("*",) and role not in {"clerk", "office_head"}:
        methods = methods[::20]  # permission comes before offices: of the others a sample
    token = system.home.signer().mint("mallory", [role] if role else [], offices, 600)
    async with nothing_written(system):
        answers = await tried(system, methods, token)
    wrong = [
        f"{one} as {role or 'nobody'}: {answer}"
        for one, answer in zip(methods, answers, strict=True)
        if answer != (UNREADABLE if one.roles is not None and role in one.roles else DENIED)
        and not is_open(one, answer)
    ]
    assert [] == wrong


@pytest.mark.parametrize("kind", TOKENS)
async def test_a_wrong_token_opens_no_method(system: System, methods: list[Served], kind: str) -> None:
    """Every method of every service refuses a token that is expired, foreign, unsigned, forged or missing."""
    make, reason = TOKENS[kind]
    async with nothing_written(system):
        answers = await tried(system, methods, make(system))
    assert [] == others(methods, [Answer("UNAUTHENTICATED", reason)] * len(methods), answers)


async def test_every_cell_was_tried(methods: list[Served]) -> None:
    """Reflection names every service that the contract has, each with all its methods."""
    services = Counter(one.descriptor.containing_service.full_name for one in methods)
    assert len(methods) > 700
    assert {"geju.funds.v1.FundEntryService", "geju.common.v1.AuditService"} <= services.keys()
    assert [] == [one for one in methods if one.roles == frozenset()]
