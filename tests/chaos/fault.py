"""What a fault is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.chaos.arena import Arena


class Skipped(Exception):  # noqa: N818 (no fault of anybody's)
    """The fault cannot be done here; says why."""


@dataclass(frozen=True)
class Fault:
    """One fault: done, held for as long as it is to last, and its cause taken away again.

    `inflict` never repairs the system: that is the system's own business. It undoes in `finally` what it has laid in
    the way (mounts, rules, stopped processes). Raises Skipped where it cannot be done.
    """

    name: str
    #: The row of the table; several faults share one.
    kind: str
    inflict: Callable[[Arena], Awaitable[None]]
    needs_root: bool = False
    #: Not together with other faults.
    alone: bool = False
