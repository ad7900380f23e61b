"""Whatever is down for a while, the board is right again by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import grpc
import nats
import pytest

from services.aggregation.writer import Writer
from services.chassis import testing
from services.chassis.embedded import Nats, free_port
from services.chassis.publisher import NatsPublisher
from services.chassis.stream import FactEvent, facts_stream
from tests.chaos.links import Link
from tests.integration.aggregation.serving.conftest import Board, dispute

MAY = date(2012, 5, 10)
ACCEPTED = "mediation.accepted"


async def test_lost_connections_to_the_database_are_made_again(board: Board, postgres: testing.Server) -> None:
    """The leader leads again on a new connection; what was published meanwhile is counted."""
    await board.start()
    await board.ready()
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 1)
    admin = await asyncpg.connect(postgres.admin_url)
    ended = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1"
    await admin.execute(ended, board.urls.app.rpartition("/")[2])
    await admin.close()
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 2)


async def test_a_client_of_nats_that_has_given_up_is_replaced(board: Board) -> None:
    """When NATS refuses the service once, its client closes for good; reading goes on with another one."""
    running = await board.start()
    await board.ready()
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 1)
    client = await running.runtime.nats()
    await client.close()
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 2)


@pytest.mark.slow
async def test_a_connection_that_is_dead_without_a_word_is_given_up(board: Board) -> None:
    """When the network has forgotten the leader's connection and tells nobody, it leads again on a new one."""
    place = urlsplit(board.urls.app)
    async with Link(0, place.port or 0) as link:
        url = place._replace(netloc=f"{place.username}:{place.password}@127.0.0.1:{link.port}").geturl()
        await board.start(database_url=url)
        await board.ready()
        await board.publish(dispute("wuma", MAY))
        await testing.eventually(lambda: counted(board, 1))
        link.forget()
        await board.publish(dispute("wuma", MAY))
        await testing.eventually(lambda: counted(board, 2), 60)


async def counted(board: Board, n: int) -> bool:
    """Tell whether so many disputes are in the figure that is stored."""
    [current] = await board.rows("select schema_name from current")
    stored = f"select max(n) from {current['schema_name']}.figure where indicator = $1 and period = '2012'"  # noqa: S608
    return [n] == [row["max"] for row in await board.rows(stored, ACCEPTED)]


async def test_it_starts_without_its_database(board: Board, postgres: testing.Server) -> None:
    """It serves at once, says UNAVAILABLE while the database is away, and leads when that is there."""
    name = board.urls.app.rpartition("/")[2]
    admin = await asyncpg.connect(postgres.admin_url)
    await admin.execute(f'alter database "{name}" allow_connections false')
    await board.start()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await board.figure(ACCEPTED)
    assert grpc.StatusCode.UNAVAILABLE == refused.value.code()
    await admin.execute(f'alter database "{name}" allow_connections true')
    await admin.close()
    await board.ready()
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 1)


async def test_what_could_not_be_written_is_read_again(
    board: Board, postgres: testing.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch whose connection ends before it is committed is not acknowledged: whoever leads next counts it."""
    cut: list[int] = []
    take = Writer.take

    async def cut_once(self: Writer, events: Sequence[FactEvent]) -> Any:
        if not cut:
            cut.append(self.conn.get_server_pid())
            admin = await asyncpg.connect(postgres.admin_url)
            await admin.execute("select pg_terminate_backend($1)", cut[0])
            await admin.close()
        return await take(self, events)

    await board.start()
    await board.ready()
    monkeypatch.setattr(Writer, "take", cut_once)
    await board.publish(dispute("wuma", MAY))
    await testing.eventually(lambda: bool(cut))
    await board.becomes(ACCEPTED, 1)
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 2)


async def test_reading_goes_on_when_the_broker_is_back(board: Board, nats_server: Nats, tmp_path: Path) -> None:
    """A broker that was killed and started again is read from where the reading stopped."""
    board.nats_url = nats_server.url
    running = await board.start(nats_url=nats_server.url_of("aggregation"))
    await board.ready()
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 1)
    nats_server.kill()
    assert (await board.figure(ACCEPTED)).n == 1
    await nats_server.start()
    client = await nats.connect(nats_server.url)

    async def give() -> nats.NATS:
        return client

    board.publisher = NatsPublisher(give, facts_stream())
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 2)
    await client.close()
    await running.stop()


async def test_it_starts_without_the_broker(board: Board) -> None:
    """Started again while the broker is away, it shows the figures of before."""
    running = await board.start()
    await board.ready()
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 1)
    await running.stop()
    await board.start(nats_url=f"nats://127.0.0.1:{free_port()}")
    await board.becomes(ACCEPTED, 1)


async def test_events_that_cannot_be_read_stop_nothing(board: Board) -> None:
    """A message that is no event goes to the dead letters, and the next is counted."""
    await board.start()
    await board.ready()
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 1)
    client = await nats.connect(board.nats_url)
    await client.jetstream().publish("geju.facts.mediation.dispute.x", b"\xff nonsense")
    await client.close()
    await board.publish(dispute("wuma", MAY))
    await board.becomes(ACCEPTED, 2)
