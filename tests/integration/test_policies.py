"""Row-level security of every table is what its kind says today, whatever revisions made it."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import asyncpg
import pytest

from services.chassis import testing
from services.chassis.funds.service import fund_entry_kind
from services.chassis.kinds import Kind
from services.chassis.storage.scopes import policy
from services.cli.registry import DOMAIN
from tests.integration.servicers import migrated

_QUALS = "SELECT qual, with_check FROM pg_policies WHERE tablename = $1 AND policyname = $2"
_HOLDS = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = $1::text::regclass"


def kinds(service: str) -> list[Kind[Any]]:
    """Return the kinds of a service, its funds among them."""
    package = importlib.import_module(f"services.{service}")
    names = [info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    modules = [importlib.import_module(name) for name in names if ".migrations" not in name]
    found = {kind for module in modules for kind in vars(module).values() if isinstance(kind, Kind)}
    assert found
    return [*found, fund_entry_kind(service)]


@pytest.mark.parametrize("service", DOMAIN)
async def test_policies_follow_the_kinds(postgres: testing.Server, service: str) -> None:
    """A policy made now, of the kind's columns and its role for sealed records, reads like the one that is there."""
    _, url = await migrated(postgres, service)
    connection = await asyncpg.connect(url)
    try:
        for kind in kinds(service):
            table, wanted = str(kind.row.__tablename__), policy(kind.row.model_fields, kind.sealed_for)
            await connection.execute(f"CREATE POLICY now ON {table} USING ({wanted}) WITH CHECK ({wanted})")
            there, now = [await connection.fetchrow(_QUALS, table, name) for name in ("office_scope", "now")]
            assert tuple(there) == tuple(now), table
            assert await connection.fetchval(_HOLDS, table), f"{table} tells its owner, or everybody, everything"
    finally:
        await connection.close()
