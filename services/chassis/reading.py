"""One start of reading, free of any I/O: what was asked for, what came, and whether reading must start anew.

Whatever happens to it (a delivery, a word of the server, time that passes) is told to it as a step, so that every order
of deliveries, losses and repeats can be played through.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

HEARTBEAT = 2.0
PATIENCE = 2 * HEARTBEAT + 1
HEARTBEAT_STATUS = "100"
TIMEOUT_STATUS = "408"
# Ends of a request that say nothing about the consumer.
HARMLESS = ("Message Size Exceeds MaxBytes", "Batch Completed", "Exceeded MaxWaiting", "Interest Expired")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message. `position` is its place in the stream, `count` in what this consumer was given."""

    subject: str
    data: bytes
    reply: str
    position: int
    count: int
    pending: int


class Reading:
    """Deliveries in hand, counted from the floor on; `problem` says why reading must start anew, "" while it need not.

    Two requests of `batch` messages are kept open, unless the reader is far behind.
    """

    def __init__(self, batch: int, floor: int, now: float, reconnects: int) -> None:
        self._batch = batch
        self._arrived: deque[Delivery] = deque()
        self._outstanding = 0
        self._count = 0
        self._position = floor
        self._seen = now
        self._reconnects = reconnects
        self.problem = ""

    @property
    def ready(self) -> bool:
        """There is something to take, or something is wrong."""
        return bool(self._arrived or self.problem)

    def asks(self) -> bool:
        """Tell whether one more request is to be sent now; it counts as sent."""
        if self._outstanding > self._batch or len(self._arrived) > 2 * self._batch or self.problem:
            return False
        self._outstanding += self._batch
        return True

    def deliver(self, delivery: Delivery, now: float) -> None:
        """Take a delivery in: the next in count, or one is missing. What was in hand before is left out."""
        self._seen = now
        if self.problem:
            return
        self._outstanding -= 1
        self._count += 1
        if delivery.count != self._count:
            self.problem = f"delivery {self._count} is missing"
        elif delivery.position > self._position:  # else it is in hand already and was sent again
            self._position = delivery.position
            self._arrived.append(delivery)

    def tell(self, status: str, description: str, pending: int | None, now: float) -> None:
        """Take a word of the server: a heartbeat, or the end of a request of which `pending` messages had not come."""
        self._seen = now
        if status == HEARTBEAT_STATUS:
            return
        if status == TIMEOUT_STATUS or description in HARMLESS:
            self._outstanding -= self._batch if pending is None else pending
        else:
            self.problem = f"{status} {description.strip()}"

    def take(self, limit: int) -> list[Delivery]:
        """Take what has arrived, in order."""
        return [self._arrived.popleft() for _ in range(min(limit, len(self._arrived)))]

    def broken(self, now: float, reconnects: int) -> bool:
        """Tell whether reading must start anew: as noticed before, after a reconnect, or for want of heartbeats."""
        if not self.problem and reconnects != self._reconnects:
            self.problem = "reconnected"
        if not self.problem and self._outstanding and now - self._seen > PATIENCE:
            self.problem = "no heartbeat"
        return bool(self.problem)

    def end(self, reason: str) -> None:
        """Take nothing more in."""
        self.problem = self.problem or reason
