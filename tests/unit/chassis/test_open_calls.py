"""Calls without a token: so many a minute of one address, so many of all; nothing is remembered for long."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from prometheus_client import CollectorRegistry, Counter

from services.chassis.open_calls import WINDOW, OpenCalls, address_of
from services.chassis.refusals import RateLimited


@dataclass
class Time:
    """A monotonic clock in a test's hands."""

    at: float = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.at


class Door:
    """Open calls with a clock, and whether they are let through."""

    def __init__(self, per_peer: int, total: int) -> None:
        self.time, self.registry = Time(), CollectorRegistry()
        refused = Counter("refused", "Refused.", ("method", "limit"), registry=self.registry)
        self.calls = OpenCalls(per_peer, total, refused, self.time)

    def passes(self, host: str = "192.0.2.1") -> bool:
        """Call once, from a port of its own."""
        try:
            self.calls.take("/toy/Get", f"ipv4:{host}:{40000 + int(self.time.at)}")
        except RateLimited:
            return False
        return True

    def refused(self, limit: str) -> float:
        """Return how many were counted as refused by a limit."""
        return self.registry.get_sample_value("refused_total", {"method": "/toy/Get", "limit": limit}) or 0.0


def test_an_address_has_its_number_a_minute() -> None:
    """So many at once and no more; another address has its own; then one again in each even part of the minute."""
    door = Door(3, 100)
    assert [True, True, True, False, False] == [door.passes() for _ in range(5)]
    assert door.passes("192.0.2.2")
    door.time.at += WINDOW / 3
    assert [True, False] == [door.passes() for _ in range(2)]
    door.time.at += WINDOW
    assert [True, True, True, False] == [door.passes() for _ in range(4)]
    assert (4, 0) == (door.refused("peer"), door.refused("total"))


def test_all_addresses_together_have_a_number() -> None:
    """However many addresses try, no more get through than the total; those refused use up nothing."""
    door = Door(3, 5)
    assert 5 == sum(door.passes(f"192.0.2.{n}") for n in range(50))
    assert (0, 45) == (door.refused("peer"), door.refused("total"))
    door.time.at += WINDOW
    assert [True] * 3 == [door.passes("192.0.2.40") for _ in range(3)]


def test_who_is_refused_keeps_nobody_out() -> None:
    """One address that tries on and on takes no more of the total than is its own."""
    door = Door(2, 10)
    assert 2 == sum(door.passes() for _ in range(1000))
    assert [True] * 8 == [door.passes(f"192.0.2.{n + 10}") for n in range(8)]


def test_the_memory_is_bounded() -> None:
    """No more addresses are remembered than were let through in a minute, however many come."""
    door = Door(2, 60)
    for step in range(2000):
        door.passes(f"10.0.{step // 250}.{step % 250}")
        door.time.at += 0.5
    assert len(door.calls._peers) <= 2 * 60
    door.time.at += 2 * WINDOW
    assert door.passes()
    assert len(door.calls._peers) == 1


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("ipv4:192.0.2.1:50000", "192.0.2.1"), ("ipv6:%5B2001:db8:1:2:3::4%5D:50000", "2001:db8:1:2::/64"),
        ("ipv6:[::ffff:192.0.2.1]:50000", "192.0.2.1"), ("ipv6:%5Bfe80::1%25eth0%5D:50000", "fe80::/64"),
        ("unix:/run/geju.sock", "unix"), ("unix:", "unix"), ("", ""),
    ],
)  # fmt: skip
def test_an_address_is_a_subscriber(peer: str, address: str) -> None:
    """The port does not matter; of IPv6 the network counts, as one subscriber has all of it."""
    assert address == address_of(peer)
