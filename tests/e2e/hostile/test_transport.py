"""Whoever abuses the transport, with a token or without, does not keep others waiting.

He has a process of his own, which ends by itself; what he does is in `tests/support/abuse.py`. Somebody else asks all
the while. How long that takes is judged in the long runs alone (`make hostile`): it wants a machine without other work.
"""

from __future__ import annotations

import statistics

import psutil
import pytest

from tests.e2e.hostile.conftest import COUNT
from tests.support.abuse import ABUSES
from tests.support.abused import abused, asked, slowest
from tests.support.system import System

pytestmark = pytest.mark.timeout(240)
ROUNDS, SECONDS = (5, 3.0) if COUNT else (1, 0.7)
#: How much longer the slowest of a hundred calls may take meanwhile.
MOST = 2.0
MOST_GROWTH = 300 * 2**20
#: What is asked meanwhile, by service: records, and the board's own catalogue.
ASKED = {"mediation": "DisputeService/ListDisputes", "aggregation": "BoardService/ListIndicators"}
ATTACKS = [(name, "mediation") for name in ABUSES] + [("slow_reading", "aggregation")]


@pytest.mark.parametrize(("name", "service"), ATTACKS, ids=[" ".join(attack) for attack in ATTACKS])
async def test_abuse_keeps_nobody_waiting(
    system: System, name: str, service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """All that others ask meanwhile is answered, by the same process, within its memory and hardly later."""
    caller, pid = system.bearer(system.token("department"), service), system.pid(service)
    process = psutil.Process(pid)
    await asked(caller, ASKED[service], SECONDS)
    before = process.memory_info().rss
    quiet: list[float] = []
    attacked: list[float] = []
    for _ in range(ROUNDS):
        quiet.append(slowest(await asked(caller, ASKED[service], SECONDS)))
        async with abused(system, name, service, 2 * SECONDS + 10):
            attacked.append(slowest(await asked(caller, ASKED[service], SECONDS)))
    assert pid == system.pid(service)
    assert process.memory_info().rss - before < MOST_GROWTH
    if COUNT:
        usual, meanwhile = statistics.median(quiet), statistics.median(attacked)
        with capsys.disabled():
            print(f"\n{name} {service}: p99 {usual:.1f} ms, meanwhile {meanwhile:.1f} ms")  # noqa: T201
        assert meanwhile <= MOST * usual, (quiet, attacked)
