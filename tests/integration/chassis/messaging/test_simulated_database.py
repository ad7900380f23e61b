"""The simulated PostgreSQL does what the real one does, as far as the simulation goes."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.aggregation.fold import CHANGE, DIGEST, EPOCH, REVISION, newer_row
from services.chassis.outbox import PostgresOutbox
from services.chassis.sessions import _IDLE, Sessions
from services.chassis.testing import eventually
from tests.integration.chassis.messaging.conftest import SOURCE, Database
from tests.simulation.board_database import condition, replaces
from tests.simulation.jetstream import Server
from tests.simulation.source_database import Kind, SourceDatabase, event_id
from tests.simulation.world import World


def world() -> World:
    """Make a world in which nothing goes wrong, on the loop of the test."""
    return World(1, asyncio.get_running_loop())


async def numbered(outbox: PostgresOutbox, other: PostgresOutbox, add: Callable[[int], Awaitable[list[UUID]]]) -> Any:
    """Go through numbering and forgetting; return what was seen, ids as their places in the order of their making."""
    seen: list[Any] = [await outbox.lock(), await other.lock(), await outbox.pending(9), (await outbox.backlog()).rows]
    ids = await add(5)
    for limit in (3, 9, 9):
        stamped = await outbox.stamp(limit)
        seen.append([(ids.index(UUID(int=one.id.int)), one.sequence) for one in stamped])
        seen.append([one.sequence for one in await outbox.pending(4)])
        await outbox.forget([one.id for one in stamped[:2]])
        seen.append((await outbox.backlog()).rows)
    return seen


async def test_a_simulated_outbox_is_numbered_like_a_real_one(database: Database) -> None:
    """Lock, numbers, order, limits and deletion come out alike."""
    second = await asyncpg.connect(database.urls.app)
    real = await numbered(PostgresOutbox(database.connection, SOURCE), PostgresOutbox(second, SOURCE), database.add)
    await second.close()
    there = world()
    simulated = SourceDatabase(there, "mediation", [Kind("dispute")], Server(there))
    simulated.server.ever_stored = Everything()

    async def add(count: int) -> list[UUID]:
        kind, ids = Kind("dispute"), [event_id(there, there.real) for _ in range(count)]
        for one in reversed(ids):
            simulated.commit(kind, UUID(int=one.int + 1), one, kind.facts(office="01"), "created")
        return ids

    connections = [PostgresOutbox(await simulated.connect(), SOURCE) for _ in range(2)]  # type: ignore[arg-type]
    assert real == await numbered(*connections, add)


async def one_after_the_other(url: str) -> list[Any]:
    """Hold a lock in a session, open the next, which ends it, and end that one without a word."""
    held, others, lock = Sessions(url, "held"), Sessions(url, "others"), "select pg_try_advisory_lock($1)"
    first, other = await held.open(), await others.open()
    place = held._before
    seen = [await first.fetchval(lock, 7), await other.fetchval(lock, 7), await other.fetchval(_IDLE, *place) < 5]
    second = await held.open()
    await eventually(first.is_closed)
    seen += [await other.fetchval(_IDLE, *place), first.waiting, await second.fetchval(lock, 7)]
    seen += [place != held._before, second.is_closed()]
    second.terminate()
    await eventually(lambda: other.fetchval(lock, 7))
    seen.append(second.is_closed())
    await other.close()
    return seen


async def test_simulated_sessions_follow_each_other_like_real_ones(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Locks, what the server says of a session, and its end by the next come out alike."""
    real = await one_after_the_other(database.urls.app)
    there = world()
    simulated = SourceDatabase(there, "mediation", [Kind("dispute")], Server(there))
    monkeypatch.setattr(asyncpg, "connect", lambda _url, **options: simulated.connect(**options))
    assert real == await one_after_the_other("mediation")
    assert [True, False, True, float("inf"), None, True, True, False, True] == real


class Everything(set[UUID]):
    """A broker that has stored whatever is asked for."""

    def __contains__(self, _event: object) -> bool:
        return True


async def test_a_row_replaces_another_by_one_rule(database: Database) -> None:
    """PostgreSQL, SQLite in the simulation, and a rebuild's memory agree for every pair of states."""
    states = list(itertools.product((1, 2), (1, 2), ("repair", "changed"), (b"a", b"b")))
    side = "(select $%d::bigint as _epoch, $%d::bigint as _revision, $%d::text as _change, $%d::bytea as _digest)"
    sides = side % (1, 2, 3, 4), side % (5, 6, 7, 8)
    asked = f"select {condition('dispute')} from {sides[0]} as excluded, {sides[1]} as f"  # noqa: S608 - the product's
    for new, old in itertools.product(states, states):
        expected = await database.connection.fetchval(asked, *new, *old)
        rows = [row(state) for state in (new, old)]
        assert (expected, expected) == (replaces("dispute", *rows), newer_row(*rows))


def row(state: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row in a state."""
    made: list[Any] = [None] * 8
    made[EPOCH], made[REVISION], made[CHANGE], made[DIGEST] = state
    return tuple(made)
