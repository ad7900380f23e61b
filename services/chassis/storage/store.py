"""What a service's handlers share: its connections, keys, profile, clock and kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.audit_heads import HeadSigner
from services.chassis.clock import Clock
from services.chassis.crypto import RecordKeys
from services.chassis.domain.profile import Profile
from services.chassis.domain.rules import Rules
from services.chassis.kinds import Kind
from services.chassis.storage.engine import Lender, Loan


def _nobody_waits() -> None:
    """Do nothing: no relay runs in this process."""


@dataclass(frozen=True)
class Store:
    """A service's store. `source` names it on the wire ("geju/mediation"); `committed` wakes the relay.

    `signer` signs heads of the audit trail.
    """

    engine: AsyncEngine
    crypto: RecordKeys
    profile: Profile
    clock: Clock
    source: str
    kinds: tuple[Kind[Any], ...] = ()
    committed: Callable[[], None] = field(default=_nobody_waits)
    signer: HeadSigner | None = None

    @property
    def service(self) -> str:
        """The service's short name, "mediation"."""
        return self.source.rpartition("/")[2]

    @cached_property
    def by_type(self) -> dict[str, Kind[Any]]:
        """Kinds by the full type name of their records."""
        return {kind.message.DESCRIPTOR.full_name: kind for kind in self.kinds}

    def rules(self) -> Rules:
        """Return the profile and the present instant."""
        return Rules(self.profile, self.clock.now())

    def lend(self, scope: str) -> Loan:
        """Lend a connection that sees the records of a scope; use it in `async with`."""
        return self._lender.lend(scope)

    @cached_property
    def _lender(self) -> Lender:
        return Lender(self.engine)
