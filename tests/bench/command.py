"""The command path: AcceptDispute with all that the product does, beside servers that only insert a row."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import grpc

from tests.bench.baselines.grpc_server import METHOD
from tests.bench.baselines.http_client import HttpClient
from tests.bench.disputes import OFFICE, Clerk, plain_accept
from tests.bench.load import Call, Load, drive
from tests.bench.options import Options
from tests.bench.servers.no_store import RECORD
from tests.bench.surroundings import Child, Surroundings, surroundings
from tests.bench.table import Row, at_least, at_most, report

CLIENTS = 16
# Many short rounds in turn: whatever else the machine does meets all sides alike.
ROUNDS = 12
CALLS = 500
WARM_UP = 60
BASELINES = "tests.bench.baselines"


@dataclass(frozen=True)
class Side:
    """A server under load, and the call that is made."""

    child: Child
    call: Call


Opened = AsyncIterator[Side]


@asynccontextmanager
async def ours(around: Surroundings) -> Opened:
    """Serve mediation; every call accepts another dispute."""
    urls = await around.database("mediation")
    token = around.tokens("bench", ["clerk"], [OFFICE])
    async with around.serving("mediation", urls) as child, Clerk(child.port, token).opened() as clerk:
        names = iter(await clerk.register(ROUNDS * (CALLS + WARM_UP)))

        async def accept(_client: int, _number: int) -> None:
            await clerk.accept(next(names))

        yield Side(child, accept)


@asynccontextmanager
async def without_store(around: Surroundings) -> Opened:
    """Serve the same handler on a store that does nothing."""
    token = around.tokens("bench", ["clerk"], [OFFICE])
    async with (
        around.product(["tests.bench.servers.no_store"]) as child,
        Clerk(child.port, token).opened() as clerk,
    ):

        async def accept(_client: int, _number: int) -> None:
            await clerk.accept(f"disputes/{RECORD}")

        yield Side(child, accept)


@asynccontextmanager
async def plain_grpc(around: Surroundings) -> Opened:
    """Serve an insert over gRPC."""
    async with (
        around.plain(f"{BASELINES}.grpc_server", await _url(around)) as child,
        grpc.aio.insecure_channel(f"127.0.0.1:{child.port}") as channel,
    ):
        yield Side(child, plain_accept(channel, METHOD))


@asynccontextmanager
async def plain_http(around: Surroundings) -> Opened:
    """Serve an insert over HTTP."""
    async with around.plain(f"{BASELINES}.fastapi_server", await _url(around)) as child:
        clients = [HttpClient(child.port) for _ in range(CLIENTS)]
        body = {"office": OFFICE, "kind": 1, "summary": "演示数据", "accepted": "2012-03-01"}
        raw = json.dumps(body).encode()

        async def insert(client: int, _number: int) -> None:
            await clients[client].post("/disputes", raw)

        yield Side(child, insert)


async def _url(around: Surroundings) -> str:
    urls = await around.postgres.database("plain")
    return urls.owner.replace("postgresql://", "postgresql+asyncpg://", 1)


SIDES = {"ours": ours, "without_store": without_store, "plain_grpc": plain_grpc, "plain_http": plain_http}


async def measured(around: Surroundings) -> dict[str, Load]:
    """Drive all four in turn, several times."""
    loads: dict[str, list[Load]] = {name: [] for name in SIDES}
    used = dict.fromkeys(SIDES, 0.0)
    async with AsyncExitStack() as stack:
        sides = {name: await stack.enter_async_context(open_side(around)) for name, open_side in SIDES.items()}
        for _ in range(ROUNDS):
            for name, side in sides.items():
                before = side.child.cpu_seconds()
                loads[name].append(await drive(side.call, calls=CALLS, clients=CLIENTS, warm_up=WARM_UP))
                used[name] += side.child.cpu_seconds() - before
    for name, runs in loads.items():
        cost = used[name] / (ROUNDS * (CALLS + WARM_UP)) * 1e3
        rates = " ".join(f"{load.rate:.0f}" for load in runs)
        report(f"{name}: {cost:.2f} ms of processor a call in the server; calls/s by round: {rates}")
    return {name: Load.together(runs) for name, runs in loads.items()}


async def run(_options: Options) -> list[Row]:
    """Compare all rounds together."""
    async with surroundings() as around:
        loads = await measured(around)
    rate = {name: load.rate for name, load in loads.items()}
    nothing, p99 = "AcceptDispute, against a store that does nothing", loads["without_store"].at(0.99)
    return [
        at_least("AcceptDispute, against FastAPI + SQLModel insert", rate["ours"], rate["plain_http"], 2.5, "/s"),
        at_least("AcceptDispute, against grpc.aio + SQLModel insert", rate["ours"], rate["plain_grpc"], 2, "/s"),
        at_least(nothing, rate["ours"], rate["without_store"], 0.5, "/s"),
        at_most(f"{nothing}: p99", loads["ours"].at(0.99), p99, 2, "ms"),
    ]
