"""Every account of PostgreSQL and NATS is refused whatever is not its business."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import nats
import pytest
from geju.mediation.v1.facts_pb2 import DisputeFacts
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import StreamConfig
from uuid_utils.compat import uuid7

from services.chassis import migrations, testing
from services.chassis.consumer import Consumer
from services.chassis.embedded import Nats, Urls
from services.chassis.embedded.bootstrap import with_database
from services.chassis.rights.broker import OPERATOR, inbox, users
from services.chassis.rights.roles import Role, script
from services.chassis.stream import FACTS, FactEvent, encode, ensure_stream, facts_stream, subject
from services.cli.accounts import ROLES, broker_users
from services.cli.registry import DOMAIN, SERVICES

NOBODY = "00000000-0000-0000-0000-000000000000"
SERVICE_ROLES = ("app", "relay", "auditor", "reader")
DEFINE = (
    "CREATE TABLE mine (n int)",
    "CREATE SCHEMA mine",
    "CREATE TEMPORARY TABLE mine (n int)",
    "DROP TABLE dispute",
    "ALTER TABLE dispute DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE dispute NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY office_scope ON dispute",
    "CREATE POLICY mine ON dispute USING (true)",
    "TRUNCATE audit",
    "TRUNCATE dispute",
    "ALTER ROLE current_user BYPASSRLS",
    "ALTER ROLE current_user SUPERUSER",
    "CREATE ROLE other",
    "SET ROLE geju_mediation_owner",
    "ALTER TABLE audit OWNER TO current_user",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "UPDATE alembic_version SET version_num = '0000'",
    "UPDATE audit SET actor = 'nobody'",
    "DELETE FROM audit",
    "UPDATE audit_link SET hash = ''",
    "DELETE FROM audit_link",
    "DELETE FROM source",
)
BEYOND = {
    "app": (
        "UPDATE outbox SET seq = 1",
        "DELETE FROM outbox",
        "INSERT INTO audit_link VALUES (1, gen_random_uuid(), '', '')",
        "UPDATE source SET audit_sequence = 0",
        "UPDATE source SET audit_head = ''",
        "DELETE FROM request",
        "UPDATE request SET method = ''",
        "DELETE FROM dispute",
    ),
    "relay": (
        "SELECT FROM dispute",
        "UPDATE dispute SET office = ''",
        "INSERT INTO outbox (id) VALUES (gen_random_uuid())",
        "INSERT INTO audit (id) VALUES (gen_random_uuid())",
        "SELECT FROM search_hash",
        "UPDATE request SET response = ''",
        "DELETE FROM dispute",
    ),
    "auditor": (
        "SELECT FROM dispute",
        "SELECT FROM outbox",
        "SELECT FROM request",
        "SELECT FROM search_hash",
        "INSERT INTO audit (id) VALUES (gen_random_uuid())",
        "DELETE FROM outbox",
    ),
    "reader": (
        "SELECT body FROM dispute",
        "SELECT facts FROM dispute",
        "SELECT hashes FROM dispute",
        "SELECT FROM audit",
        "SELECT FROM outbox",
        "SELECT FROM request",
        "SELECT FROM search_hash",
        "UPDATE dispute SET office = ''",
        "INSERT INTO outbox (id) VALUES (gen_random_uuid())",
        "DELETE FROM outbox",
    ),
}
REFUSED = (asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)


async def migrated(postgres: testing.Server, service: str) -> Urls:
    """Make a database of a service as it is installed."""
    urls = await postgres.database(service)
    await migrations.upgrade(urls.owner, migrations.schema_of(service))
    return urls


@pytest.fixture(scope="session")
async def mediation(postgres: testing.Server) -> Urls:
    """Give a migrated database of mediation."""
    return await migrated(postgres, "mediation")


async def allowed(url: str, statements: tuple[str, ...]) -> list[str]:
    """Return those statements that are not refused; each is tried also where the session says that it may write."""
    connection = await asyncpg.connect(url)
    found = []
    try:
        await connection.execute("SET default_transaction_read_only = off; SET geju.offices = '*,!discipline,!sealed'")
        for statement in statements:
            transaction = connection.transaction()
            await transaction.start()
            try:
                await connection.execute(statement)
            except REFUSED:
                continue
            finally:
                await transaction.rollback()
            found.append(statement)
    finally:
        await connection.close()
    return found


@pytest.mark.parametrize("role", SERVICE_ROLES)
async def test_a_role_is_refused_what_is_not_its_business(mediation: Urls, role: str) -> None:
    """No role of a service defines anything, touches the trail's past, or reaches what another role is there for."""
    assert [] == await allowed(getattr(mediation, role), (*DEFINE, *BEYOND[role]))


@pytest.mark.parametrize("role", [*SERVICE_ROLES, "owner"])
async def test_a_role_has_no_power_over_the_server(mediation: Urls, role: str) -> None:
    """No role is a superuser, bypasses row-level security, makes roles or databases, or enters another's database."""
    url = getattr(mediation, role)
    connection = await asyncpg.connect(url)
    try:
        powers = await connection.fetchrow(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles "
            "WHERE rolname = current_user"
        )
    finally:
        await connection.close()
    assert (False,) * 5 == tuple(powers)
    for database in ("postgres", "template1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await query(with_database(url, database), "SELECT FROM pg_authid")


async def query(url: str, statement: str) -> Any:
    """Ask for one value."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("role", [*SERVICE_ROLES, "owner"])
async def test_a_role_does_not_enter_another_service(postgres: testing.Server, mediation: Urls, role: str) -> None:
    """The database of another service is closed to every role."""
    other = await postgres.database("legalaid")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(with_database(getattr(mediation, role), other.app.rpartition("/")[2]))


async def test_the_owner_sees_no_record(postgres: testing.Server) -> None:
    """Row-level security holds for the owner of the tables too, until it is lifted for all to see."""
    urls = await migrated(postgres, "legalservices")
    connection = await asyncpg.connect(urls.app)
    await connection.execute("SET geju.offices = '*,!discipline'")
    try:
        await connection.execute(INSERT.format(sealed=True))
        await connection.execute(INSERT.format(sealed=False))
    finally:
        await connection.close()
    assert 0 == await query(urls.owner, "SELECT count(*) FROM complaint")
    # The reader sees every office's, and nothing sealed whatever it claims to be.
    everything = "SELECT count(*) FROM (SELECT set_config('geju.offices', '*,!discipline', false)) s, complaint"
    assert 1 == await query(urls.reader, everything)


INSERT = """
INSERT INTO complaint (id, office, place, revision, deleted, occurred, recorded, actor, body, facts, digest, hashes,
    next_rule, sealed, received_date, channel, respondent_kind, outcome, state, practitioner, firm)
VALUES (gen_random_uuid(), 'bureau', '', 1, false, now(), now(), '', '', '', '', '{{}}', '', {sealed}, now(),
    1, 1, 1, 1, '', '')
"""


async def test_roles_do_what_they_are_for(mediation: Urls) -> None:
    """What each role is there for is not refused."""
    assert 0 == await query(mediation.relay, "SELECT count(*) FROM outbox")
    assert 0 == await query(mediation.auditor, "SELECT count(*) FROM audit JOIN audit_link ON audit_id = audit.id")
    assert 0 == await query(mediation.reader, "SELECT count(office) FROM dispute")


async def test_the_board_keeps_what_was_published(postgres: testing.Server) -> None:
    """The board's service makes projections and adds reports, but changes no report; its reader reads both."""
    urls = await migrated(postgres, "aggregation")
    forbidden = (
        "UPDATE report SET note = ''", "DELETE FROM report_figure", "DELETE FROM report_member", "TRUNCATE report",
        "DROP TABLE report", "CREATE TABLE public.mine (n int)", "UPDATE alembic_version SET version_num = ''",
    )  # fmt: skip
    assert [] == await allowed(urls.app, forbidden)
    await query(urls.app, "CREATE SCHEMA p_new")
    await query(urls.app, "CREATE TABLE p_new.figure AS SELECT 1 AS n")
    assert 1 == await query(urls.reader, "SELECT n FROM p_new.figure")
    assert ["DROP TABLE p_new.figure"] == await allowed(urls.app, ("DROP TABLE p_new.figure",))
    assert [] == await allowed(urls.reader, (*forbidden, "DELETE FROM p_new.figure", "CREATE SCHEMA mine"))


async def test_privileges_come_into_order_again(postgres: testing.Server) -> None:
    """What was granted by hand is gone after the next migration, and a role that is not there is no hindrance."""
    urls = await migrated(postgres, "publicity")
    await query(urls.owner, 'GRANT UPDATE, DELETE ON audit TO "geju_publicity", "geju_publicity_reader"')
    await query(urls.owner, "GRANT SELECT ON request TO geju_publicity_reader")
    await migrations.upgrade(urls.owner, migrations.schema_of("publicity"))
    assert [] == await allowed(urls.app, ("DELETE FROM audit", "UPDATE audit SET actor = ''"))
    assert [] == await allowed(urls.reader, ("DELETE FROM audit", "SELECT FROM request"))


def test_the_script_makes_every_role() -> None:
    """The script for psql takes a password for each role and holds none."""
    text = script("mediation", ROLES["mediation"])
    assert all(f":'geju_mediation{'' if role is Role.APP else f'_{role}'}'" in text for role in Role)


# NATS


@asynccontextmanager
async def connected(server: Nats, user: str) -> AsyncIterator[tuple[Client, list[str]]]:
    """Connect as a user; with the list of what the broker refuses it."""
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error))

    client = await nats.connect(server.url_of(user), inbox_prefix=inbox(user).encode(), error_cb=note)
    try:
        yield client, refused
    finally:
        await client.close()


def forbidden_subjects(user: str) -> list[str]:
    """Give what no service may publish to, and what this one may not."""
    others = [name for name in DOMAIN if name != user]
    api = "$JS.API"
    common = [
        f"{api}.STREAM.DELETE.{FACTS}", f"{api}.STREAM.PURGE.{FACTS}", f"{api}.STREAM.MSG.DELETE.{FACTS}",
        f"{api}.STREAM.CREATE.OTHER", f"{api}.STREAM.RESTORE.{FACTS}", f"{api}.STREAM.SNAPSHOT.{FACTS}",
        f"{api}.STREAM.MSG.GET.{FACTS}", f"{api}.DIRECT.GET.{FACTS}", f"{api}.STREAM.LEADER.STEPDOWN.{FACTS}",
        f"{api}.CONSUMER.CREATE.{FACTS}", f"{api}.STREAM.DELETE.GEJU_DEAD", f"{api}.STREAM.PURGE.GEJU_DEAD",
        "$SYS.REQ.SERVER.PING", "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.GEJU_FACTS.x", "anything",
    ]  # fmt: skip
    foreign = [f"geju.facts.{name}.kind.{NOBODY}" for name in others] + [f"_INBOX_{name}.x" for name in others]
    for name in others:
        reader = f"{FACTS}.{name}-reactions"
        foreign += [f"{api}.CONSUMER.{verb}.{reader}" for verb in ("CREATE", "DELETE", "MSG.NEXT", "RESET", "INFO")]
        foreign += [f"{api}.CONSUMER.DURABLE.CREATE.{reader}", f"$JS.ACK.{reader}.1.1.1.1.1", f"_INBOX_{name}.y"]
    if user in DOMAIN:
        common += [f"{api}.STREAM.UPDATE.{FACTS}", f"{api}.CONSUMER.DELETE.{FACTS}.p_x"]
    return common + foreign


@pytest.mark.parametrize("user", SERVICES)
async def test_a_service_publishes_only_what_is_its_own(nats_server: Nats, user: str) -> None:
    """Every subject of others, of the stream's management and of the server is refused."""
    async with connected(nats_server, user) as (client, refused):
        wanted = forbidden_subjects(user)
        for name in wanted:
            await client.publish(name, b"{}")
        await client.flush()
        await testing.eventually(lambda: len(refused) >= len(wanted), patience=10)
        assert [] == [name for name in wanted if not any(f'"{name}"'.lower() in text.lower() for text in refused)]


@pytest.mark.parametrize("user", SERVICES)
async def test_a_service_hears_only_its_own_answers(nats_server: Nats, user: str) -> None:
    """Nobody subscribes to facts, to all inboxes, to another's inbox or to what the server tells of itself."""
    others = [f"_INBOX_{name}.>" for name in SERVICES if name != user]
    wanted = [">", "_INBOX.>", "geju.facts.>", f"geju.facts.{user}.>", "$JS.>", "$SYS.>", "*", *others]
    async with connected(nats_server, user) as (client, refused):
        for name in wanted:
            await client.subscribe(name)
        await client.flush()
        await testing.eventually(lambda: len(refused) >= len(wanted), patience=10)
        assert [] == [name for name in wanted if not any(f'"{name}"'.lower() in text.lower() for text in refused)]


async def test_nobody_comes_in_without_a_password(nats_server: Nats) -> None:
    """There is no anonymous user, and a user's password is no other's."""
    for url in (f"127.0.0.1:{nats_server.port}", f"legalaid:wrong@127.0.0.1:{nats_server.port}"):
        with pytest.raises((NatsError, OSError)):
            await nats.connect(f"nats://{url}", allow_reconnect=False, error_cb=_ignore)


async def _ignore(_error: Exception) -> None:
    """Refusals are what is looked for."""


async def test_a_source_does_not_speak_for_another(nats_server: Nats) -> None:
    """An event under a source's own subject that claims to be another's becomes a dead letter."""
    event = FactEvent(
        id=UUID(str(uuid7())), source="geju/mediation", kind="dispute", collection="disputes",
        record_id=UUID(str(uuid7())), epoch=1, revision=1, sequence=1, change="created", office="01", actor="clerk",
        recorded=datetime.now(UTC), facts_type="geju.mediation.v1.DisputeFacts",
        facts=DisputeFacts(office="01").SerializeToString(),
    )  # fmt: skip
    async with connected(nats_server, OPERATOR) as (operator, _):
        await ensure_stream(operator.jetstream(), facts_stream())
        async with connected(nats_server, "legalaid") as (client, _):
            await client.jetstream().publish(subject(event).replace("mediation", "legalaid", 1), encode(event))
        async with connected(nats_server, "mediation") as (client, _):
            await client.jetstream().publish(subject(event), encode(event))
        async with connected(nats_server, "aggregation") as (client, _):
            consumer = Consumer(client, "p_test", facts_stream())
            batches = consumer.batches()
            seen = refused = 0
            async with asyncio.timeout(20):
                while seen + refused < 2:
                    batch = await anext(batches)
                    seen, refused = seen + len(batch.events), refused + batch.refused
                    await batch.ack()
            consumer.close()
            await batches.aclose()
    assert (1, 1) == (seen, refused)


async def test_a_changed_stream_stops_no_source(nats_server: Nats) -> None:
    """A source that may not change the stream goes on with it as it is; the board's service changes it."""
    async with connected(nats_server, OPERATOR) as (operator, _):
        await operator.jetstream().add_stream(StreamConfig(name=FACTS, subjects=["geju.facts.>"], description="old"))
        async with connected(nats_server, "mediation") as (client, _):
            assert not await ensure_stream(client.jetstream(timeout=0.5), facts_stream())
        async with connected(nats_server, "aggregation") as (client, _):
            assert await ensure_stream(client.jetstream(), facts_stream())
        assert "old" != (await operator.jetstream().stream_info(FACTS)).config.description


def test_every_service_has_a_user() -> None:
    """Each service has a user of its name beside the operator's."""
    made = users(broker_users(), str)
    assert [OPERATOR, *SERVICES] == [one["user"] for one in made]
