"""What a reader says to the broker, and when it does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from services.chassis.pull import Pull
from services.chassis.reading import Delivery


@dataclass
class Client:
    """A client that remembers what it was given to send."""

    is_connected: bool = True
    stats: dict[str, int] = field(default_factory=lambda: {"reconnects": 0})
    sent: list[tuple[str, bytes]] = field(default_factory=list)

    def new_inbox(self) -> str:
        """Return a subject."""
        return "_INBOX.x"

    async def publish(self, subject: str, payload: bytes = b"", **_: Any) -> None:
        """Take a message, connected or not, as the library does."""
        self.sent.append((subject, payload))


@pytest.mark.parametrize(
    ("connected", "reconnects", "sent"), [(True, 0, [("$JS.ACK.x", b"+ACK")]), (False, 0, []), (True, 1, [])]
)
async def test_what_one_connection_brought_is_acknowledged_over_no_other(
    connected: bool,  # noqa: FBT001
    reconnects: int,
    sent: list[tuple[str, bytes]],
) -> None:
    """Meanwhile the broker may have lost the message and given its place to another."""
    client: Any = Client()
    pull = Pull(client, "S", "board", 10, 0)
    client.is_connected, client.stats["reconnects"] = connected, reconnects
    await pull.answer(Delivery("s", b"x", "$JS.ACK.x", 1, 1, 0), b"+ACK")
    assert sent == client.sent
