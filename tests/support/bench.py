"""A migrated store of a service, and calls into its servicers as they come through the interceptors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
from google.protobuf.message import Message

from services.chassis import context, migrations, testing
from services.chassis.clock import ManualClock
from services.chassis.contract import method as contract
from services.chassis.crypto import RecordKeys
from services.chassis.domain.errors import RuleError
from services.chassis.domain.profile import Profile
from services.chassis.embedded import Urls
from services.chassis.funds.service import fund_entry_kind, fund_entry_servicer
from services.chassis.kinds import Kind
from services.chassis.storage.engine import make_engine
from services.chassis.storage.store import Store

PURPOSE = "测试查阅"


def caller(subject: str, *roles: str, offices: Iterable[str] = ("*",)) -> context.Caller:
    """Return somebody with these roles in these offices."""
    return context.Caller(subject, frozenset(roles), frozenset(offices))


DEPARTMENT = caller("department", "department")


@dataclass
class Bench:
    """A store with its servicers, and ways to call and look behind them."""

    store: Store
    admin_url: str
    clock: ManualClock
    servicers: dict[str, Any] = field(default_factory=dict)

    async def call(self, method: str, by: context.Caller = DEPARTMENT, /, **fields: Any) -> Any:
        """Call "Service/Method" with these fields; a mutation gets a fresh request id, a read a purpose."""
        service, _, name = method.partition("/")
        full, servicer = self.servicers[service]
        request_type = contract(f"/{full}/{name}").request
        if "request_id" in request_type.DESCRIPTOR.fields_by_name:
            fields.setdefault("request_id", str(uuid4()))
        if "purpose" in request_type.DESCRIPTOR.fields_by_name:
            fields.setdefault("purpose", PURPOSE)
        around = copy_context()  # of its own, as each call has on a server
        around.run(context.enter, context.Call(by, f"/{full}/{name}", traceparent="00-trace"))
        return await asyncio.create_task(getattr(servicer, name)(request_type(**fields)), context=around)

    async def refused(self, method: str, by: context.Caller = DEPARTMENT, /, **fields: Any) -> tuple[str, str]:
        """Call what must be refused; return the reason and the field."""
        try:
            answer = await self.call(method, by, **fields)
        except RuleError as error:
            return error.reason, error.field
        raise AssertionError(f"{method} was not refused: {answer}")

    async def rows(self, sql: str, *params: Any) -> list[Any]:
        """Read as superuser: everything, whatever row-level security says."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            return await connection.fetch(sql, *params)  # type: ignore[no-any-return]
        finally:
            await connection.close()

    async def count(self, table: str) -> int:
        """Count the records of a table that are not deleted."""
        return int((await self.rows(f"SELECT count(*) FROM {table} WHERE NOT deleted"))[0][0])  # noqa: S608 (our own)

    async def facts(self, table: str, facts: type[Message]) -> list[Any]:
        """Return the published facts of the records of a table, in order of their making."""
        rows = await self.rows(f"SELECT facts FROM {table} ORDER BY id")  # noqa: S608 (a table of ours)
        return [facts.FromString(row["facts"]) for row in rows]


async def migrated(postgres: testing.Server, service: str) -> tuple[Urls, str]:
    """Return a migrated database of a service with the URL of its superuser."""
    urls = await postgres.database(service)
    await migrations.upgrade(urls.owner, migrations.schema_of(service))
    return urls, postgres.admin_url.rpartition("/")[0] + "/" + urls.app.rpartition("/")[2]


@asynccontextmanager
async def bench_of(
    service: str,
    kinds: Sequence[Kind[Any]],
    servicers: Sequence[Any],
    database: tuple[Urls, str],
    profile: Profile,
    clock: ManualClock,
) -> AsyncIterator[Bench]:
    """Give an empty store of a service with its servicers."""
    urls, admin_url = database
    engine, funds = make_engine(urls.app, size=8), fund_entry_kind(service)
    store = Store(engine, RecordKeys.generate(), profile, clock, f"geju/{service}", (*kinds, funds))
    found = Bench(store, admin_url, clock)
    for servicer in servicers:
        name = servicer.__name__.removesuffix("Servicer") + "Service"
        found.servicers[name] = (f"geju.{service}.v1.{name}", servicer(store))
    found.servicers["FundEntryService"] = ("geju.funds.v1.FundEntryService", fund_entry_servicer(funds)(store))  # type: ignore[call-arg]
    tables = ", ".join(str(kind.row.__tablename__) for kind in store.kinds)
    await found.rows(f"TRUNCATE {tables}, search_hash, audit, audit_link, outbox, request, source")
    yield found
    await engine.dispose()
