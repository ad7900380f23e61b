"""What a simulated NATS server keeps: streams with their messages, consumers with their places."""

from __future__ import annotations

from collections import deque
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from nats.js.api import ConsumerConfig, StreamConfig

if TYPE_CHECKING:
    from tests.simulation.client import Client


@dataclass(frozen=True, slots=True)
class Message:
    """One stored message; `event` is the id of the event it bears, None when it is no event."""

    subject: str
    data: bytes
    msg_id: str
    at: float
    event: UUID | None


@dataclass(slots=True)
class Request:
    """An open pull request."""

    client: Client
    connection: int
    inbox: str
    left: int


@dataclass
class Durable:
    """A durable consumer: everything up to `floor` is acknowledged, everything up to `delivered` was handed out."""

    config: ConsumerConfig
    floor: int = 0
    delivered: int = 0
    count: int = 0
    pending: dict[int, float] = field(default_factory=dict)
    waiting: deque[Request] = field(default_factory=deque)
    #: Its folder went with that of the one before: it serves, and cannot be changed.
    folderless: bool = False

    def clone(self) -> Durable:
        """Return a copy as the store keeps it: without the requests."""
        return Durable(self.config, self.floor, self.delivered, self.count, dict(self.pending))


@dataclass
class Stream:
    """A stream; places go on from `last`. `known` holds the message ids of the duplicate window.

    Of consumers that the server has forgotten or cannot read, the disk may hold something still, by their names.
    """

    config: StreamConfig
    messages: dict[int, Message] = field(default_factory=dict)
    last: int = 0
    known: dict[str, float] = field(default_factory=dict)
    durables: dict[str, Durable] = field(default_factory=dict)
    #: What one made again is given as its place: floor, and what was delivered last.
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: Those of which none can be made on the disk.
    unreadable: set[str] = field(default_factory=set)
    #: Those whose folder is being removed.
    removing: set[str] = field(default_factory=set)

    def clone(self) -> Stream:
        """Return a copy as it would be restored."""
        kept = {name: one for name, one in self.durables.items() if not (one.config.mem_storage or one.folderless)}
        durables = {name: one.clone() for name, one in kept.items()}
        held = Stream(copy(self.config), dict(self.messages), self.last, dict(self.known), durables)
        held.places, held.unreadable = dict(self.places), set(self.unreadable)
        return held
