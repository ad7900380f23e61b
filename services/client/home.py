"""The folder of a local installation: where everything lies, and what runs there now."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.chassis.tokens import Signer, load_private_key

VARIABLE = "GEJU_HOME"
DEFAULT = ".geju"
KEY_ID = "local"
ISSUER = AUDIENCE = "geju"
# Whoever can read the folder's keys may do everything that the roles of people permit.
OWNER_ROLES = (
    *("clerk", "office_head", "department", "bureau_leader", "auditor", "operations"),
    *("sealed_files", "discipline"),
)

_RENEW_SECONDS = 1800.0


class NotRunning(Exception):  # noqa: N818 - a state, not a fault
    """Nothing runs in the folder."""


@dataclass(frozen=True)
class Home:
    """One folder; every path in it has its name here."""

    root: Path

    @classmethod
    def find(cls, given: Path | None = None) -> Home:
        """Return the folder given, else that of GEJU_HOME, else `.geju` in the working directory."""
        return cls((given or Path(os.environ.get(VARIABLE) or DEFAULT)).resolve())

    @property
    def lock(self) -> Path:
        """Held by the process that runs here."""
        return self.root / "lock"

    @property
    def run_file(self) -> Path:
        """What runs now and where."""
        return self.root / "run.json"

    @property
    def clock_file(self) -> Path:
        """The instant at which business time was set, and what to."""
        return self.root / "clock.json"

    @property
    def postgres(self) -> Path:
        """Folder of PostgreSQL."""
        return self.root / "postgres"

    @property
    def nats(self) -> Path:
        """Folder of NATS."""
        return self.root / "nats"

    @property
    def logs(self) -> Path:
        """Folder of the services' logs."""
        return self.root / "logs"

    @property
    def pids(self) -> Path:
        """Folder of the services' pid files."""
        return self.root / "pids"

    @property
    def record_keys(self) -> Path:
        """Keys of the encrypted columns."""
        return self.root / "keys" / "records.json"

    @property
    def audit_private(self) -> Path:
        """Private key that signs heads of the audit trail."""
        return self.root / "keys" / "audit.key"

    @property
    def audit_public(self) -> Path:
        """Folder of the public keys that those signatures are checked with."""
        return self.root / "keys" / "audit"

    @property
    def jwt_private(self) -> Path:
        """Private key that signs local tokens."""
        return self.root / "keys" / "tokens.key"

    @property
    def jwt_public(self) -> Path:
        """Folder of the public keys that services trust."""
        return self.root / "keys" / "public"

    @property
    def service_token(self) -> Path:
        """Token with which services call each other."""
        return self.root / "keys" / "service.token"

    @property
    def passwords(self) -> Path:
        """Passwords of the database roles."""
        return self.root / "keys" / "passwords.json"

    @property
    def demo(self) -> Path:
        """Spreadsheets of the demonstration."""
        return self.root / "demo"

    def running(self) -> Mapping[str, Any]:
        """Return what runs here. Errors: NotRunning."""
        try:
            state: Mapping[str, Any] = json.loads(self.run_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise NotRunning(str(self.root)) from None
        if not self.locked():
            raise NotRunning(str(self.root))
        return state

    def locked(self) -> bool:
        """Say whether a supervisor holds the folder; a killed one does no longer, whatever its files say."""
        try:
            descriptor = os.open(self.lock, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def targets(self) -> dict[str, str]:
        """Return the gRPC address of each service that runs here. Errors: NotRunning."""
        return {name: str(service["grpc"]) for name, service in self.running()["services"].items()}

    def signer(self) -> Signer:
        """Return the signer of local tokens. Errors: OSError when there is no key."""
        return Signer(load_private_key(self.jwt_private), KEY_ID, ISSUER, AUDIENCE)

    def owner_token(self, ttl_seconds: float = 2 * _RENEW_SECONDS, subject: str = "local") -> str:
        """Return a token with which the folder's owner may do everything. Errors: OSError when there is no key."""
        return self.signer().mint(subject, OWNER_ROLES, ["*"], ttl_seconds)

    def owner_tokens(self) -> Callable[[], str]:
        """Return what gives an owner's token at any time: the same one for half its life, then a fresh one.

        Errors: OSError when there is no key.
        """
        token, renew_at = self.owner_token(), time.monotonic() + _RENEW_SECONDS

        def current() -> str:
            nonlocal token, renew_at
            if time.monotonic() > renew_at:
                token, renew_at = self.owner_token(), time.monotonic() + _RENEW_SECONDS
            return token

        return current
