"""What the correction service does after facts of its own is done once, whatever is killed, repeated or read anew."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Sequence
from contextlib import suppress

import pytest
from nats.js.errors import NotFoundError

from services.chassis.stream import FACTS
from services.chassis.testing import eventually
from tests.support import broker
from tests.support.calls import Caller
from tests.support.correction import on, supervised
from tests.support.story import PATIENCE
from tests.support.system import System

pytestmark = pytest.mark.timeout(240)
SERVICE = "SupervisedPersonService"
CONSUMER = "correction-reactions"
KILLED = ("correction", "NATS", "correction", "NATS")
ENDED_EACH = 5


@pytest.fixture(scope="module")
async def released(system: System) -> list[str]:
    """End the correction of many persons while processes are killed one after the other."""
    caller, people = system.owner(), list[str]()
    for part in KILLED:
        names = [await _taken_over(caller) for _ in range(ENDED_EACH)]
        ends = [_end(caller, name) for name in names]
        await asyncio.gather(*ends[1:], _kill(system, part), *ends[:1])
        people += names
    return people


async def _taken_over(caller: Caller) -> str:
    person = supervised(term_to_date=on("2012-05-31"))
    made = await caller(f"{SERVICE}/CreateSupervisedPerson", PATIENCE, supervised_person=person)
    name = str(made.supervised_person.name)
    await caller(f"{SERVICE}/TakeOverPerson", PATIENCE, name=name, taken_over_date=on("2012-03-05"))
    return name


async def _end(caller: Caller, name: str) -> None:
    fields = {"name": name, "end_ground": 1, "ended_date": on("2012-05-31")}
    await caller(f"{SERVICE}/EndCorrection", PATIENCE, **fields)


async def _kill(system: System, part: str) -> None:
    await system.until_restarted(part, system.signal(part, signal.SIGKILL))


async def _files(system: System, people: Sequence[str]) -> list[tuple[str, str]]:
    """Return (person, file) of every file that was ever opened for one of these, as the files have it."""
    sql = "SELECT id, supervised_person FROM released_person WHERE supervised_person = ANY ($1)"
    rows = await system.rows("correction", sql, [name.partition("/")[2] for name in people])
    return sorted((row["supervised_person"], str(row["id"])) for row in rows)


async def _named(system: System, people: Sequence[str]) -> list[tuple[str, str]]:
    """Return (person, file) as the persons' own records have it; the file is empty where there is none yet."""
    sql = "SELECT id, released_person FROM supervised_person WHERE id = ANY ($1::uuid[])"
    rows = await system.rows("correction", sql, [name.partition("/")[2] for name in people])
    return sorted((str(row["id"]), row["released_person"]) for row in rows)


async def test_every_end_opens_one_file(system: System, released: list[str]) -> None:
    """Each person whose term was served has one file in the end, and the two records refer to each other."""

    async def opened() -> bool:
        return all(file for _, file in await _named(system, released))

    await eventually(opened, 60)
    assert len(KILLED) * ENDED_EACH == len(await _files(system, released))
    assert await _named(system, released) == await _files(system, released)


async def test_events_told_again_open_no_second_file(system: System, released: list[str]) -> None:
    """The whole stream told once more, and read from its beginning by a service killed meanwhile, changes no record."""
    before = await _files(system, released)
    traces = {name: count for name, count in (await system.traces()).items() if name.startswith("correction ")}
    await broker.repeat(system, random.Random(3), 10**6)
    await _forget_position(system)
    await _kill(system, "correction")
    await eventually(lambda: _all_read(system), 60)
    after = {name: count for name, count in (await system.traces()).items() if name.startswith("correction ")}
    assert (before, traces) == (await _files(system, released), after)
    await system.until_equal(60)


async def _forget_position(system: System) -> None:
    """Delete the consumer: the service makes it anew and reads the stream from the beginning."""
    client = await system.nats()
    try:
        with suppress(NotFoundError):
            await client.jetstream().delete_consumer(FACTS, CONSUMER)
    finally:
        await client.close()


async def _all_read(system: System) -> bool:
    client = await system.nats()
    try:
        found = await client.jetstream().consumer_info(FACTS, CONSUMER)
    except NotFoundError:
        return False  # not made anew yet
    finally:
        await client.close()
    return bool(found.num_pending == 0 and found.num_ack_pending == 0 and found.delivered.consumer_seq > 0)
