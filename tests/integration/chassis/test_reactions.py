"""What follows from an event follows once: whatever comes twice, is lost on the way, or is taken away meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import nats
import pytest
from nats.aio.client import Client
from uuid_utils.compat import uuid7

from services.chassis import missed
from services.chassis.changes import create
from services.chassis.consumer import Batch
from services.chassis.domain.errors import InvalidField
from services.chassis.embedded import Nats
from services.chassis.missed import request_of
from services.chassis.outbox import PostgresOutbox
from services.chassis.reactions import Reaction, Reactor
from services.chassis.runtime import Runtime
from services.chassis.storage.scopes import EVERYTHING
from services.chassis.stream import DEAD, FactEvent, encode, ensure_stream, facts_stream, subject
from services.chassis.testing import eventually
from services.chassis.work import Work
from tests.integration.chassis import notes
from tests.integration.chassis.clients import CLIENT
from tests.integration.chassis.clients import Client as ClientRecord
from tests.integration.chassis.conftest import PROFILE, Bench, rid
from tests.integration.chassis.toy import make_settings


def closed(**changes: Any) -> FactEvent:
    """Return an event: a note was closed."""
    event = FactEvent(
        id=uuid7(),
        source="geju/testing",
        kind="note",
        collection="notes",
        record_id=uuid7(),
        epoch=1,
        revision=2,
        sequence=1,
        change="closed",
        office="north",
        actor="clerk",
        recorded=datetime(2012, 6, 1, tzinfo=UTC),
        facts_type="geju.testing.v1.NoteFacts",
        facts=notes.NoteFacts(office="north", mood=notes.CALM).SerializeToString(),
    )
    return replace(event, **changes)


@dataclass
class Replica:
    """A process that reacts: to a note closed it opens a client's file under the note's number."""

    bench: Bench
    folder: Path
    nats_url: str
    record_keys: Path
    before: Callable[[FactEvent], Awaitable[None]] | None = None
    handled: list[FactEvent] = field(default_factory=list)
    runtime: Any = None
    reactor: Any = None

    async def open_file(self, work: Work, event: FactEvent) -> None:
        """Open a file, sealed for tense notes; a note of the south breaks a rule."""
        facts = notes.NoteFacts.FromString(event.facts)
        self.handled.append(event)
        if self.before is not None:
            await self.before(event)
        if event.office == "south":
            raise InvalidField("office", expected="示例")
        sealed = facts.mood == notes.TENSE
        await create(work, CLIENT, ClientRecord(office=event.office, key=str(event.record_id), sealed=sealed))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Replica]:
        """React for the length of the block."""
        settings = make_settings(
            self.folder, nats_url=self.nats_url, **self.bench.urls.settings(), record_keys=self.record_keys
        )
        self.runtime = Runtime("testing", settings, PROFILE, self.bench.clock)
        reactions = [Reaction("note", frozenset({"closed"}), self.open_file)]
        self.reactor = Reactor(self.runtime, self.bench.store, reactions)
        self.runtime.background("reactions", self.reactor.run)
        try:
            yield self
        finally:
            await self.runtime.close()

    def counted(self, outcome: str, change: str = "closed") -> float:
        """Return a count of the metric."""
        labels = {"service": "testing", "kind": "note", "change": change, "outcome": outcome}
        return float(self.runtime.metrics.registry.get_sample_value("geju_reactions_total", labels) or 0)


@dataclass
class Scene:
    """A stream, a store, and replicas that read the one and write the other."""

    bench: Bench
    client: Client
    make: Callable[..., Replica]

    async def publish(self, *events: FactEvent) -> None:
        """Publish events as they are, also a second time: without a message id the broker knows no duplicates."""
        js = self.client.jetstream()
        for event in events:
            await js.publish(subject(event), encode(event))

    async def files(self) -> int:
        """Count the files."""
        return int((await self.bench.rows("SELECT count(*) FROM client"))[0][0])

    async def read_again(self) -> None:
        """Forget what was acknowledged: the next reader begins at the beginning."""
        await self.client.jetstream().delete_consumer("GEJU_FACTS", "testing-reactions")

    async def acknowledged(self, place: int) -> bool:
        """Tell whether a place of the stream was acknowledged."""
        info = await self.client.jetstream().consumer_info("GEJU_FACTS", "testing-reactions")
        return info.ack_floor is not None and info.ack_floor.stream_seq >= place


@pytest.fixture
async def scene(bench: Bench, nats_server: Nats, tmp_path: Path, record_keys: Path) -> AsyncIterator[Scene]:
    """Make an empty stream and store."""

    async def ignore(_error: Exception) -> None:
        """Outages are made on purpose here."""

    client = await nats.connect(
        nats_server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.05, connect_timeout=1, error_cb=ignore
    )
    await ensure_stream(client.jetstream(), facts_stream())
    yield Scene(
        bench, client, lambda **more: Replica(bench, tmp_path, nats_server.url_of("testing"), record_keys, **more)
    )
    await client.close()


async def test_an_event_is_followed_by_a_mutation_of_the_services_own(scene: Scene) -> None:
    """A reaction writes as the service, in every office and under seal, with its place in the audit trail."""
    event, tense = closed(), closed(facts=notes.NoteFacts(mood=notes.TENSE).SerializeToString())
    await scene.publish(event, tense, closed(change="updated"), closed(kind="case"), closed(source="geju/other"))
    async with scene.make().running() as replica:
        await eventually(lambda: replica.counted("done") == 2)
        await eventually(lambda: scene.acknowledged(2))
    assert [event, tense] == replica.handled
    trail = await scene.bench.rows("SELECT actor, roles, method, change, office FROM audit ORDER BY id")
    how = "/geju.testing.reactions/testing.note.closed"
    roles = "discipline,sealed_files,service"
    assert [("geju/testing", roles, how, "created", "north")] * 2 == [tuple(entry) for entry in trail]
    assert [False, True] == [row["sealed"] for row in await scene.bench.rows("SELECT sealed FROM client ORDER BY id")]


async def closed_note(bench: Bench) -> None:
    """Close a note; no relay runs here, so nothing of it is published."""
    note = await bench.note()
    await bench.call("notes/CloseNote", notes.request("CloseNote", name=note.name, request_id=rid()))


async def test_what_the_broker_lost_is_found_in_the_trail(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that no stream carries has its effect, once, however often the service starts or it comes late."""
    monkeypatch.setattr(missed, "GRACE", 0.0)
    await closed_note(scene.bench)
    async with scene.make().running() as replica:
        await eventually(lambda: replica.counted("done") == 1)
    [event] = replica.handled
    [waiting] = await scene.bench.rows("SELECT id, record_id FROM outbox WHERE change = 'closed'")
    assert (waiting["id"], waiting["record_id"]) == (event.id, event.record_id)
    await scene.publish(event)
    async with scene.make().running() as again:
        await eventually(lambda: scene.acknowledged(1))
    assert ([], 1) == (again.handled, await scene.files())


async def test_what_a_database_that_was_set_back_lacks_is_done_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reaction that is gone with a restore to an earlier time is made again, though the process lived through it."""
    monkeypatch.setattr(missed, "GRACE", 0.0)
    await closed_note(scene.bench)
    async with scene.make().running() as replica:
        await eventually(lambda: replica.counted("done") == 1)
        assert [] == await replica.reactor.missed.find()
        await scene.bench.rows("DELETE FROM request WHERE starts_with(subject, 'geju/')")
        await scene.bench.rows("TRUNCATE client")
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'geju-reactions'"
        await scene.bench.rows(ended)
        await eventually(lambda: replica.counted("done") == 2)
    assert 1 == await scene.files()


async def test_what_the_trail_tells_and_a_rule_forbids_is_told_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missed event that breaks a rule is not tried again by the same process."""
    monkeypatch.setattr(missed, "GRACE", 0.0)

    async def refuse(_event: FactEvent) -> None:
        raise InvalidField("office", expected="示例")

    await closed_note(scene.bench)
    async with scene.make(before=refuse).running() as replica:
        await eventually(lambda: replica.counted("refused") == 1)
        finder = replica.reactor.missed
        assert [] == await finder.find()
    assert (1, 0) == (len(replica.handled), await scene.files())


async def test_what_comes_twice_has_one_effect(scene: Scene) -> None:
    """Duplicates in the stream and a stream read from its beginning again change nothing, years later, too."""
    event = closed()
    await scene.publish(event, event)
    async with scene.make().running() as first:
        await eventually(lambda: first.counted("done") == 2)
    await scene.read_again()
    scene.bench.clock.advance(timedelta(days=400))
    connection = await asyncpg.connect(scene.bench.urls.relay)
    try:
        outbox = PostgresOutbox(connection, "geju/testing")
        assert await outbox.forget_answers(timedelta(0), 100) == 0
    finally:
        await connection.close()
    async with scene.make().running() as second:
        await eventually(lambda: second.counted("done") == 2)
    assert (1, 1) == (await scene.files(), len(first.handled))
    assert [] == second.handled


async def test_what_a_database_that_was_set_back_has_forgotten_is_done_again(scene: Scene) -> None:
    """A new epoch says that the database goes on from an earlier time: the stream is read from its beginning again."""
    event, kept = closed(), closed()
    await scene.publish(kept, event)
    async with scene.make().running() as replica:
        await eventually(lambda: replica.counted("done") == 2)
        await eventually(lambda: scene.acknowledged(2))
        await set_back(scene.bench, event)
        await eventually(lambda: replica.counted("done") == 4)
    assert [kept, event, event] == replica.handled
    assert 2 == await scene.files()


async def test_a_database_that_is_being_restored_is_not_read_from(scene: Scene) -> None:
    """A source that is not there, as for an instant of a restore, ends the reading; it begins again from the start."""
    async with scene.make().running() as replica:
        await scene.publish(closed())
        await eventually(lambda: replica.counted("done") == 1)
        connection = await asyncpg.connect(scene.bench.urls.owner)
        try:
            await connection.execute("UPDATE source SET name = 'geju/restored', epoch = epoch - 1")
            await eventually(lambda: connection.fetchval("SELECT count(*) = 2 FROM source"))
            await connection.execute("DELETE FROM source WHERE name = 'geju/restored'")
        finally:
            await connection.close()
        await eventually(lambda: replica.counted("done") == 2)


async def set_back(bench: Bench, event: FactEvent) -> None:
    """Undo what followed from an event, as a restore to before it does, and begin the epoch that a proof then asks for.

    The restore itself ends every connection; here they go on, which shows as little of it.
    """
    connection = await asyncpg.connect(bench.urls.owner)
    try:
        answer = request_of(event.id, "geju/testing")
        await connection.execute("SELECT set_config('geju.offices', $1, false)", EVERYTHING)
        await connection.execute("DELETE FROM request WHERE request_id = $1", answer)
        await connection.execute("DELETE FROM client WHERE id = (SELECT id FROM client ORDER BY id DESC LIMIT 1)")
        await connection.execute("UPDATE source SET epoch = epoch + 1")
    finally:
        await connection.close()


async def test_an_event_whose_acknowledgement_was_lost_comes_again_without_effect(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ends between its commit and the acknowledgement leaves one effect."""
    ack = Batch.ack

    async def lost(_self: Batch) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(Batch, "ack", lost)
    events = [closed() for _ in range(3)]
    await scene.publish(*events)
    async with scene.make().running() as first:
        await eventually(lambda: first.counted("done") >= 4)  # at least once all over again
    monkeypatch.setattr(Batch, "ack", ack)
    async with scene.make().running():
        await eventually(lambda: scene.acknowledged(3))
    assert await scene.files() == 3


async def test_an_event_that_breaks_a_rule_is_put_aside(scene: Scene) -> None:
    """It is counted, noted among the dead letters, and does not hold up the next."""
    await scene.publish(closed(office="south"), closed())
    async with scene.make().running() as replica:
        await eventually(lambda: replica.counted("done") == 1)
        assert replica.counted("refused") == 1
        await eventually(lambda: scene.acknowledged(2))
        note = json.loads((await scene.client.jetstream().get_msg(DEAD, 1)).data or b"")
    assert (1, "INVALID_FIELD") == (note["stream_seq"], note["reason"])
    assert await scene.files() == 1


async def test_what_was_refused_and_is_told_again_is_not_refused_again(scene: Scene) -> None:
    """Another service tells its facts again whenever it starts: what nothing follows from is put aside once."""
    event = closed(office="south")
    await scene.publish(event)
    async with scene.make().running() as replica:
        await eventually(lambda: replica.counted("refused") == 1)
        await eventually(lambda: scene.acknowledged(1))
    await scene.publish(replace(event, sequence=2), closed(sequence=3))
    async with scene.make().running() as again:
        await eventually(lambda: again.counted("done") == 2)
        assert again.counted("refused") == 0
    assert 1 == (await scene.client.jetstream().stream_info(DEAD)).state.messages
    assert await scene.files() == 1


async def test_an_outage_is_waited_out(scene: Scene) -> None:
    """While the database is away an event is tried again, in its place, and has one effect."""
    cuts = 0

    async def cut(_event: FactEvent) -> None:
        nonlocal cuts
        if cuts < 4:
            cuts += 1
            await scene.bench.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'geju'"
            )

    events = [closed(), closed()]
    await scene.publish(*events)
    async with scene.make(before=cut).running() as replica:
        await eventually(lambda: replica.counted("done") == 2)
    assert events == list({event.id: event for event in replica.handled}.values())
    assert await scene.files() == 2


async def test_a_defect_holds_the_stream_up_and_loses_nothing(scene: Scene) -> None:
    """What is neither a rule nor an outage is tried again until it is mended."""
    broken = True

    async def defect(_event: FactEvent) -> None:
        if broken:
            raise KeyError

    await scene.publish(closed())
    async with scene.make(before=defect).running() as replica:
        await eventually(lambda: len(replica.handled) >= 2)
        assert await scene.files() == 0
        broken = False
        await eventually(lambda: replica.counted("done") == 1)
    assert await scene.files() == 1


async def test_one_replica_reacts_and_another_takes_over(scene: Scene) -> None:
    """While one holds the lock the other waits; when it ends, the other goes on."""
    async with AsyncExitStack() as ending:
        first = await ending.enter_async_context(scene.make().running())
        await scene.publish(closed())
        await eventually(lambda: first.counted("done") == 1)
        async with scene.make().running() as heir:
            await scene.publish(closed())
            await eventually(lambda: first.counted("done") == 2)
            assert [] == heir.handled
            await ending.aclose()
            await scene.publish(closed())
            await eventually(lambda: heir.counted("done") == 1)
    assert await scene.files() == 3


async def test_a_lost_lock_is_taken_again(scene: Scene) -> None:
    """A replica whose lock has gone with its connection stops reading until it has the lock again."""
    holders = (
        "FROM pg_locks JOIN pg_stat_activity USING (pid) "
        "WHERE locktype = 'advisory' AND granted AND application_name = 'geju-reactions'"
    )
    async with scene.make().running() as replica:
        await scene.publish(closed())
        await eventually(lambda: replica.counted("done") == 1)
        lost = await scene.bench.rows(f"SELECT pid {holders}")
        await scene.bench.rows(f"SELECT pg_terminate_backend(pid) {holders}")

        async def another() -> bool:
            return await scene.bench.rows(f"SELECT pid {holders}") not in ([], lost)

        await eventually(another)
        await scene.publish(closed())
        await eventually(lambda: replica.counted("done") == 2)
    assert await scene.files() == 2


async def test_a_stopping_process_leaves_what_it_cannot_finish(scene: Scene) -> None:
    """A process that ends while the database is away does so at once; its heir handles the event."""

    async def away(_event: FactEvent) -> None:
        raise ConnectionRefusedError

    await scene.publish(closed())
    async with asyncio.timeout(15):
        async with scene.make(before=away).running() as first:
            await eventually(lambda: first.counted("retried") >= 1)
        async with scene.make().running() as heir:
            await eventually(lambda: heir.counted("done") == 1)
    assert await scene.files() == 1


async def test_a_transition_has_one_reaction(scene: Scene) -> None:
    """Two reactions to the same transition of the same kind are refused at the start; other services' are others."""
    replica = scene.make()
    async with replica.running():
        pass
    again = Reaction("note", frozenset({"closed", "deleted"}), replica.open_file)
    Reactor(_fresh(replica), scene.bench.store, [again, replace(again, service="other")])
    with pytest.raises(ValueError, match="two reactions to testing/note/"):
        Reactor(_fresh(replica), scene.bench.store, [again, again])


def _fresh(replica: Replica) -> Runtime:
    return Runtime("testing", replica.runtime.settings, PROFILE)
