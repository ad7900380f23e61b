"""Rows of a sheet that is to be written, and what must have happened before it is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from google.protobuf.message import Message

#: Practitioners are with the firms to which they moved.
MOVED = "practitioners moved"
#: The files of those whose correction ended are open: what refers to them can come in.
OPENED = "files opened"
#: Reports were closed, so that late entries and corrections have something to restate.
CLOSED = "reports closed"


@dataclass(frozen=True)
class Rows:
    """Rows of one sheet of a kind; `after` names what must have happened before it is loaded."""

    kind: str
    name: str
    rows: Sequence[Message]
    after: str = ""
