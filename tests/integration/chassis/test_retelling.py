"""What other services react to is told again when the broker may have lost it, under the ids that it had."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.aio.client import Client
from uuid_utils.compat import uuid7

from services.chassis.embedded import Nats
from services.chassis.publisher import NatsPublisher
from services.chassis.retelling import Retelling, State
from services.chassis.runtime import Runtime
from services.chassis.stream import FACTS, FactEvent, facts_stream
from services.chassis.testing import eventually
from tests.integration.chassis import notes
from tests.integration.chassis.conftest import PROFILE, Bench, rid
from tests.integration.chassis.toy import make_settings

EVENT = FactEvent(
    id=uuid7(), source="geju/testing", kind="note", collection="notes", record_id=uuid7(), epoch=1, revision=1,
    sequence=1, change="closed", office="north", actor="clerk", recorded=datetime(2012, 6, 1, tzinfo=UTC),
    facts_type="geju.testing.v1.NoteFacts", facts=b"",
)  # fmt: skip
_WAITING = "SELECT id, kind, change, revision, recorded FROM outbox ORDER BY id"


@asynccontextmanager
async def retelling(bench: Bench, folder: Path, nats_server: Nats) -> AsyncIterator[None]:
    """Run what tells closed notes again."""
    settings = make_settings(folder, nats_url=nats_server.url, **bench.urls.settings())
    runtime = Runtime("testing", settings, PROFILE, bench.clock)
    runtime.background("retelling", Retelling(runtime, bench.store, [("note", "closed")]).run)
    try:
        yield
    finally:
        await runtime.close()


@pytest.fixture
async def client(nats_server: Nats, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    """Connect to NATS, with an empty stream that is looked at often."""
    monkeypatch.setattr("services.chassis.retelling.LOOK", 0.1)
    found = await nats.connect(nats_server.url)
    await made_anew(found)
    yield found
    await found.close()


async def made_anew(client: Client) -> None:
    """Lose the stream, and make it again."""
    js = client.jetstream()
    if FACTS in {info.config.name for info in await js.streams_info()}:
        await js.delete_stream(FACTS)
    await js.add_stream(facts_stream())


async def close_note(bench: Bench) -> list[Any]:
    """Close a note; returns what is in the outbox of its end."""
    note = await bench.note()
    await bench.call("notes/CloseNote", notes.request("CloseNote", name=note.name, request_id=rid()))
    return [row for row in await bench.rows(_WAITING) if row["change"] == "closed"]


async def test_what_others_react_to_is_told_again(
    bench: Bench, tmp_path: Path, nats_server: Nats, client: Client
) -> None:
    """At the start and after a loss what was published is in the outbox once more, as it was, and nothing else is."""
    closed = await close_note(bench)

    async def told() -> bool:
        return await bench.rows(_WAITING) == closed

    await bench.rows("DELETE FROM outbox")  # published, and confirmed
    async with retelling(bench, tmp_path, nats_server):
        await eventually(told)
        await bench.rows("DELETE FROM outbox")
        await made_anew(client)
        await eventually(told)


async def test_what_waits_to_be_published_is_not_doubled(
    bench: Bench, tmp_path: Path, nats_server: Nats, client: Client
) -> None:
    """Each is in the outbox once, however often the broker goes."""
    await close_note(bench)
    before = await bench.rows(_WAITING)
    teller = Retelling(
        Runtime("testing", make_settings(tmp_path), PROFILE, bench.clock), bench.store, [("note", "closed")]
    )
    assert 0 == await teller.tell()
    assert before == await bench.rows(_WAITING)


def test_a_stream_may_lack_what_another_one_had() -> None:
    """Made anew, behind another connection, or shorter: each may be a loss; one that goes on is none."""
    known = State("monday", 7, 0)
    assert not State("monday", 9, 0).may_lack(known)
    assert State("tuesday", 9, 0).may_lack(known)
    assert State("monday", 9, 1).may_lack(known)
    assert State("monday", 6, 0).may_lack(known)


async def test_an_event_told_again_is_stored_again(client: Client) -> None:
    """The broker knows a repeat by id and number: what is told again on purpose has another number."""

    async def connect() -> Client:
        return client

    publisher = NatsPublisher(connect, facts_stream())
    for sequence in (1, 1, 2):
        await publisher.publish([replace(EVENT, sequence=sequence)])
    assert 2 == (await client.jetstream().stream_info(FACTS)).state.messages
