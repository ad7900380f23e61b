"""Who calls, what and why: one value per call, carried by a context variable to wherever it is needed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

EVERY_OFFICE = "*"
_TRACEPARENT = re.compile(r"^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}\Z")


@dataclass(frozen=True, slots=True)
class Caller:
    """The account behind a token: its roles in lower case and its offices, {"*"} for every one."""

    subject: str
    roles: frozenset[str]
    offices: frozenset[str]

    def sees(self, office: str) -> bool:
        """Tell whether records of an office are in the caller's scope."""
        return office in self.offices or EVERY_OFFICE in self.offices

    @property
    def everywhere(self) -> bool:
        """The caller's scope is every office."""
        return EVERY_OFFICE in self.offices


#: The caller of a call that has not been verified: sees nothing, may nothing.
NOBODY = Caller("", frozenset(), frozenset())


def _admitted() -> None:
    """Pass: nobody has to be verified again."""


@dataclass(slots=True)
class Call:
    """One RPC: `method` is its full name, `purpose` why a person's record is read, `id` what errors and logs name.

    `admit` verifies the caller again, for answers that go on for as long as somebody listens: a token expires.

    Filled in step by step on the hot path, and so not frozen; nobody but the guard changes it.
    """

    caller: Caller
    method: str
    purpose: str = ""
    traceparent: str = ""
    admit: Callable[[], None] = _admitted
    id: str = field(default_factory=lambda: os.urandom(8).hex())

    @property
    def trace_id(self) -> str:
        """The trace that the call is part of; 32 hexadecimal digits."""
        return self.traceparent[3:35]


_current: ContextVar[Call | None] = ContextVar("geju_call", default=None)
#: Makes a call the current one; the interceptor, tests and background work use it.
enter = _current.set


def current() -> Call:
    """Return the call being served. Raises LookupError outside of one."""
    call = _current.get()
    if call is None:
        raise LookupError("no call is being served")
    return call


def current_or_none() -> Call | None:
    """Return the call being served; None outside of one."""
    return _current.get()


def continue_trace(parent: str, span: str) -> str:
    """Return the traceparent of this call: a child of the caller's ("" or nonsense: a new trace)."""
    match = _TRACEPARENT.match(parent) if parent else None
    trace = match.group(1) if match else os.urandom(16).hex()
    return f"00-{trace}-{span}-01"
