"""The drill itself: every step on installations of its own, in a folder of its own, each with the time it took."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from services.chassis.embedded import Postgres, Secrets, bootstrap
from services.chassis.profile_file import load
from services.cli import audits, session
from services.cli.accounts import ROLES
from services.cli.drill import dumps
from services.cli.drill.backup import Backup
from services.cli.drill.dumps import Contents
from services.cli.failure import Exit, Failure
from services.cli.output import notes
from services.cli.registry import DOMAIN, SERVICES
from services.cli.session import Session
from services.cli.supervisor import lock
from services.cli.supervisor.plan import Plan
from services.cli.supervisor.steps import Steps
from services.cli.supervisor.supervisor import Supervisor, planned
from services.cli.verifying import Outcome, verify
from services.cli.waiting import until_measured, until_proven
from services.client import Home
from services.recount.comparing import Wanted

#: What would have the demonstration loaded elsewhere.
_NOT_PASSED = (session.TARGETS, session.TOKEN_FILE, "GEJU_HOME")


@dataclass
class Result:
    """What the drill has shown. `lost`: tables that hold something else than before, of those that were compared."""

    steps: list[tuple[str, float]] = field(default_factory=list)
    tables: int = 0
    rows: int = 0
    compared_tables: int = 0
    lost: Sequence[str] = ()
    figures: Outcome | None = None
    trails: Sequence[audits.Checked] = ()
    restore_seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether everything is there again, and proven."""
        proven = self.figures is not None and not self.figures.found
        return proven and not self.lost and bool(self.trails) and all(one.good for one in self.trails)


class Drill:
    """One drill in an empty folder, on servers of its own: no other installation is looked at or touched.

    `given` is a backup that was made before, elsewhere; without one a demonstration is made and backed up.
    """

    def __init__(self, folder: Path, profile: Path, given: Path | None = None) -> None:
        self._original, self._restored = Home(folder / "original"), Home(folder / "restored")
        self._profile, self._given = profile, given
        self._backup = Backup(given or folder / "backup")
        self._steps = Steps(notes)
        self._before: Mapping[str, Contents] = {}
        self._result = Result()

    async def run(self) -> Result:
        """Go through all steps. Errors: Failure, ServerError."""
        if self._given:
            self._backup.require()
        else:
            await self._make_and_destroy()
        begun = time.monotonic()
        self._backup.give_keys(self._restored)
        async with self._running(self._restored, self._restore) as current:
            await self._prove(current)
            self._result.restore_seconds = time.monotonic() - begun
        return self._result

    async def _make_and_destroy(self) -> None:
        async with self._running(self._original) as current:
            with self._step("载入演示数据"):
                await self._load()
            with self._step("备份"):
                await asyncio.to_thread(self._settle, current)
                self._backup.take_keys(current.home)
                port = int(str(current.home.running()["postgres"]).rpartition(":")[2])
                self._before = await self._backup.databases(Postgres(current.home.postgres, port).admin_url)
        with self._step("销毁:数据库、消息流、密钥"):
            await asyncio.to_thread(shutil.rmtree, self._original.root)

    @asynccontextmanager
    async def _running(
        self, home: Home, first: Callable[[Plan], Awaitable[None]] | None = None
    ) -> AsyncIterator[Session]:
        """Run everything in a folder for the length of the block; `first` comes before anything is started."""
        with lock.held(home):
            # Whatever servers the environment names: they are not for this.
            plan = await asyncio.to_thread(planned, home, 0, self._profile, admin_url="", nats_url="")
            if first is not None:
                await first(plan)
            supervisor = Supervisor(plan, self._steps)
            try:
                with self._timed("启动"):
                    await supervisor.up()
                yield Session(home, {}, None)
            finally:
                await supervisor.down()

    async def _load(self) -> None:
        arguments = ["-m", "services.cli", "--home", str(self._original.root), "demo", "load"]
        passed = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED}
        environment = {**passed, "GEJU_PROFILE": str(self._profile)}
        # stdout is for the answer.
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment, stdout=sys.stderr)
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
        if code:
            raise Failure("演示数据没有载入完", Exit.RULE)

    def _settle(self, current: Session) -> None:
        """Wait until the board has everything, and keep the heads of the audit trails: the backup must hold them."""
        with current.client() as geju:
            until_measured(geju)
            until_proven(geju)
            self._backup.take_heads(geju)

    async def _restore(self, plan: Plan) -> None:
        """Fill the databases of an empty server, on its own, before any service runs."""
        home = plan.home
        with self._step("恢复数据库"):
            server, passwords = Postgres(home.postgres, plan.ports.postgres), Secrets(home.passwords)
            await server.start()
            try:
                after = {}
                for service in SERVICES:
                    await bootstrap(server.admin_url, service, passwords.get, roles=ROLES[service])
                    after[service] = await self._backup.restore(server.admin_url, service)
            finally:
                await server.stop()
        self._result.tables = sum(map(len, after.values()))
        self._result.rows = dumps.rows(after.values())
        self._result.compared_tables = sum(map(len, self._before.values()))
        self._result.lost = [
            f"{service}:{table}"
            for service, before in self._before.items()
            for table in dumps.differing(before, after[service])
        ]

    async def _prove(self, current: Session) -> None:
        with self._step("证明:看板与各服务的记录一致(reconcile)"):
            await asyncio.to_thread(self._reconcile, current)
        with self._timed("证明:每个数字等于重新清点(verify)"):
            self._result.figures = await asyncio.to_thread(self._verify, current)
        with self._step("证明:审计链完好,留存的链头都在其中(audit verify)"):
            self._result.trails = await asyncio.to_thread(self._audit, current)

    def _reconcile(self, current: Session) -> None:
        with current.client() as geju:
            until_measured(geju)
            until_proven(geju)

    def _verify(self, current: Session) -> Outcome:
        with current.client(timeout=600) as geju:
            try:
                return verify(geju, load(self._profile), Wanted([], [], []))
            except grpc.RpcError as error:
                if isinstance(error, grpc.Call) and error.code() is grpc.StatusCode.INTERNAL:
                    advice = "多半是记录密钥(records.json)不是备份时所用的;以 --folder 演练可留下日志"
                    raise Failure("服务读不出恢复的记录", Exit.UNPROVEN, advice) from None
                raise

    def _audit(self, current: Session) -> list[audits.Checked]:
        kept = audits.read([self._backup.heads]) if self._backup.heads.is_dir() else []
        keys = audits.keys(self._backup.public) if self._backup.public.is_dir() else None
        with current.client(timeout=600) as geju:
            return [audits.verify(geju, service, kept, keys) for service in DOMAIN]

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        with self._steps.step(name), self._timed(name):
            yield

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self._result.steps.append((name, time.monotonic() - begun))
