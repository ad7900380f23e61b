"""Brings an installation up in order, keeps it up, takes it down in order."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import time
from pathlib import Path

from services.chassis.embedded import Nats, Postgres, Secrets, ServerError, Urls, bootstrap
from services.chassis.files import write_private
from services.cli.accounts import ROLES, broker_users
from services.cli.failure import Exit, Failure
from services.cli.registry import SERVICES
from services.cli.supervisor import keys
from services.cli.supervisor.parts import External, Part, Server, Service, end_leftovers, launch
from services.cli.supervisor.plan import Plan, Ports, business_offset, require_free
from services.cli.supervisor.steps import Steps
from services.client import Home

_POLL = 0.3
_STEADY_SECONDS = 60.0
_MAX_PAUSE = 30.0
#: A server that says so often, so many seconds apart, that it is frozen is started again.
_FROZEN_TIMES, _FROZEN_SECONDS = 3, 3.0
#: Where that does not mend it, it is to say so twice as often the next time, up to so often; when it has not said so as
#: often in a row, all begins anew.
_MOST_TIMES = 200
_TOKEN_SECONDS = keys.SERVICE_TOKEN_SECONDS / 7


def planned(home: Home, base: int, profile: Path, **servers: str) -> Plan:
    """Make what an installation lacks, end what an earlier run of it left, and lay out the next one.

    `servers` are those of the plan that are not to come from the environment. Errors: Failure (a port is taken).
    """
    keys.prepare(home)
    end_leftovers(home, list(SERVICES))
    plan = Plan(home, profile, Ports.plan(base), business_offset(home, profile, dt.datetime.now(dt.UTC)), **servers)
    require_free(plan.ports.named(postgres=not plan.admin_url, nats=not plan.nats_url))
    return plan


class Supervisor:
    """The parts of one installation, in the order in which they are started."""

    def __init__(self, plan: Plan, steps: Steps) -> None:
        self._plan, self._steps = plan, steps
        home, ports = plan.home, plan.ports
        self._postgres = Postgres(home.postgres, ports.postgres)
        self._nats = Nats(home.nats, ports.nats, users=broker_users())
        self._passwords = Secrets(home.passwords)
        self.servers: list[Part] = [
            External("PostgreSQL") if plan.admin_url else Server("PostgreSQL", self._postgres),
            External("NATS") if plan.nats_url else Server("NATS", self._nats),
        ]
        self.services: list[Part] = []
        self._keepers: list[asyncio.Task[None]] = []

    def nats_url(self, service: str) -> str:
        """Return the URL of NATS for a service."""
        return self._plan.nats_url or self._nats.url_of(service)

    async def up(self) -> None:
        """Start everything and say in the run file where it is. Errors: Failure, ServerError."""
        for server in self.servers:
            with self._steps.step(f"启动 {server.name}"):
                await server.start()
        with self._steps.step("准备数据库"):
            databases = {name: await self._database(name) for name in SERVICES}
            await asyncio.gather(*(self._migrate(name, databases[name]) for name in SERVICES))
        settings = {name: self._plan.settings(name, databases[name], self.nats_url(name)) for name in SERVICES}
        self.services = [Service(name, self._plan.home, settings[name]) for name in SERVICES]
        with self._steps.step("启动服务 " + "、".join(SERVICES)):
            await _all(*(service.start() for service in self.services))
        write_private(self._plan.home.run_file, json.dumps(self._plan.state(dt.datetime.now(dt.UTC)), indent=2))
        self._keepers = [asyncio.create_task(self._keep(part)) for part in [*self.servers, *self.services]]
        self._keepers.append(asyncio.create_task(self._keep_token()))
        if not self._plan.nats_url:
            self._keepers.append(asyncio.create_task(keep_thawed(self._nats, self._steps)))

    async def down(self) -> None:
        """Stop in order: services, NATS, PostgreSQL. Goes on past a part that fails to stop."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._plan.home.run_file.unlink(missing_ok=True)
        if self.services:
            with self._steps.step("停止服务"):
                await asyncio.gather(*(service.stop() for service in self.services), return_exceptions=True)
        for server in reversed(self.servers):
            if server.alive() and not isinstance(server, External):
                with self._steps.step(f"停止 {server.name}"), contextlib.suppress(OSError):
                    await server.stop()

    def kill(self) -> None:
        """End every process at once."""
        for part in [*self.services, *self.servers]:
            part.kill()

    async def _database(self, service: str) -> Urls:
        admin = self._plan.admin_url or self._postgres.admin_url
        return await bootstrap(admin, service, self._passwords.get, roles=ROLES[service])

    async def _migrate(self, service: str, database: Urls) -> None:
        environment = self._plan.settings(service, database, self.nats_url(service))
        log = self._plan.home.logs / f"{service}.migrate.log"
        process = launch(["migrate", service], {**environment, "GEJU_DATABASE_OWNER_URL": database.owner}, log)
        if await asyncio.to_thread(process.wait):
            raise Failure(f"{service} 的数据库升级失败", Exit.RULE, f"见日志 {log}")

    async def _keep(self, part: Part) -> None:
        """Start a part again whenever it ends; the pause grows while it keeps ending soon."""
        failures, began = 0, time.monotonic()
        while True:
            while part.alive():  # noqa: ASYNC110 - a process's end sets no event
                await asyncio.sleep(_POLL)
            failures = 1 if time.monotonic() - began > _STEADY_SECONDS else failures + 1
            pause = min(_MAX_PAUSE, 2.0 ** (failures - 2))
            self._steps.warn(f"{part.name} 意外停止,{pause:g} 秒后重新启动")
            await asyncio.sleep(pause)
            began = time.monotonic()
            try:
                await part.start()
            except (Failure, ServerError, OSError) as error:
                self._steps.warn(f"{part.name} 没有启动:{str(error).splitlines()[0]}")
            else:
                self._steps.note(f"{part.name} 已重新启动")

    async def _keep_token(self) -> None:
        while True:
            await asyncio.sleep(_TOKEN_SECONDS)
            keys.renew_service_token(self._plan.home)


async def keep_thawed(nats: Nats, steps: Steps) -> None:
    """End NATS whenever a full disk has frozen it and there is room again; whoever keeps it starts it anew.

    What no new start mends, such as a stream that cannot be read any more, is left in peace for longer and longer: the
    other streams serve meanwhile.
    """
    times = well = 0
    enough = _FROZEN_TIMES
    while True:
        await asyncio.sleep(_FROZEN_SECONDS)
        times, well = (times + 1, 0) if await nats.frozen() else (0, well + 1)
        if well == _MOST_TIMES:
            enough = _FROZEN_TIMES
        if times >= enough:
            steps.warn("NATS 不能存储(磁盘曾写满,或有数据损坏),现有空间,将其重新启动")
            await nats.stop()
            times, enough = 0, min(2 * enough, _MOST_TIMES)


async def _all(*starts: object) -> None:
    """Await all, even when one fails, then raise the first failure: nothing is left half started unseen."""
    results = await asyncio.gather(*starts, return_exceptions=True)  # type: ignore[call-overload]
    for result in results:
        if isinstance(result, BaseException):
            raise result
