"""A migrated store of a domain service, and calls into its servicers as they come through the interceptors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
from google.protobuf.message import Message

from services.chassis import context, migrations, testing
from services.chassis.clock import ManualClock
from services.chassis.contract import method as contract
from services.chassis.crypto import RecordKeys
from services.chassis.domain.profile import Profile
from services.chassis.embedded import Urls
from services.chassis.funds.service import fund_entry_kind, fund_entry_servicer
from services.chassis.kinds import Kind
from services.chassis.limit_service import LimitServicer
from services.chassis.storage.engine import make_engine
from services.chassis.storage.store import Store

Database = tuple[Urls, str]
DEPARTMENT = context.Caller("department", frozenset({"department"}), frozenset({"*"}))
NORTH = context.Caller("head-north", frozenset({"office_head"}), frozenset({"north"}))
SOUTH = context.Caller("head-south", frozenset({"office_head"}), frozenset({"south"}))


@dataclass
class Servicers:
    """A store with its servicers, and ways to call and look behind them."""

    store: Store
    admin_url: str
    clock: ManualClock
    servicers: dict[str, Any] = field(default_factory=dict)

    async def call(self, method: str, caller: context.Caller = DEPARTMENT, **fields: Any) -> Any:
        """Call "Service/Method" with a request of these fields; a mutation gets a fresh request id."""
        service, _, name = method.partition("/")
        full, servicer = self.servicers[service]
        request_type = contract(f"/{full}/{name}").request
        known = request_type.DESCRIPTOR.fields_by_name
        if "request_id" in known:
            fields.setdefault("request_id", str(uuid4()))
        if "purpose" in known:
            fields.setdefault("purpose", "测试用途")
        context.enter(context.Call(caller, f"/{full}/{name}", traceparent="00-trace"))
        return await getattr(servicer, name)(request_type(**fields))

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


class RecordServicers(Servicers):
    """The common RPCs of records of any kind, by the records themselves."""

    async def make(self, record: Any, caller: context.Caller = DEPARTMENT) -> Any:
        """Create a record and return it."""
        kind, name = self._kind(record), record.DESCRIPTOR.name
        answer = await self.call(f"{name}Service/Create{name}", caller, **{kind.snake: record})
        return getattr(answer, kind.snake)

    async def change(self, verb: str, record: Any, caller: context.Caller = DEPARTMENT, **fields: Any) -> Any:
        """Update or correct fields of a record and return it; None clears a field."""
        kind, name = self._kind(record), record.DESCRIPTOR.name
        sent = {key: value for key, value in fields.items() if value is not None}
        request: dict[str, Any] = {
            kind.snake: type(record)(name=record.name, **sent),
            "update_mask": {"paths": list(fields)},
        }
        if verb == "Correct":
            request["reason"] = "登记有误"
        answer = await self.call(f"{name}Service/{verb}{name}", caller, **request)
        return getattr(answer, kind.snake)

    async def get(self, record: Any, caller: context.Caller = DEPARTMENT) -> Any:
        """Read a record again."""
        name = record.DESCRIPTOR.name
        answer = await self.call(f"{name}Service/Get{name}", caller, name=record.name)
        return getattr(answer, self._kind(record).snake)

    async def delete(self, record: Any, caller: context.Caller = DEPARTMENT) -> None:
        """Delete a record."""
        name = record.DESCRIPTOR.name
        await self.call(f"{name}Service/Delete{name}", caller, name=record.name, reason="登记有误")

    def _kind(self, record: Any) -> Kind[Any]:
        return next(kind for kind in self.store.kinds if kind.message is type(record))


B = TypeVar("B", bound=Servicers)


async def migrated(postgres: testing.Server, service: str) -> Database:
    """Return a migrated database of a service with the URL of its superuser."""
    urls = await postgres.database(service)
    await migrations.upgrade(urls.owner, migrations.schema_of(service))
    return urls, postgres.admin_url.rpartition("/")[0] + "/" + urls.app.rpartition("/")[2]


@asynccontextmanager
async def with_servicers(
    kind: Callable[..., B],
    database: Database,
    clock: ManualClock,
    *,
    service: str,
    profile: Profile,
    kinds: Sequence[Kind[Any]],
    servicers: Sequence[Any],
) -> AsyncIterator[B]:
    """Give an empty store of a service with its servicers, its funds among them."""
    urls, admin_url = database
    funds = fund_entry_kind(service)
    engine = make_engine(urls.app, size=8)
    everything = (*kinds, funds)
    found = kind(Store(engine, RecordKeys.generate(), profile, clock, f"geju/{service}", everything), admin_url, clock)
    for servicer in servicers:
        name = servicer.__name__.removesuffix("Servicer") + "Service"
        found.servicers[name] = (f"geju.{service}.v1.{name}", servicer(found.store))
    entries: Any = fund_entry_servicer(funds)
    found.servicers["FundEntryService"] = ("geju.funds.v1.FundEntryService", entries(found.store))
    found.servicers["LimitService"] = ("geju.common.v1.LimitService", LimitServicer(found.store))
    tables = ", ".join(str(kind.row.__tablename__) for kind in everything)
    await found.rows(f"TRUNCATE {tables}, audit, audit_link, outbox, request, source, search_hash")
    yield found
    await engine.dispose()
