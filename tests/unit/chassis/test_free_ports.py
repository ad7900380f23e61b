"""Ports that are free until they are listened on."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from services.chassis.embedded.process import free_ports

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_a_port_that_somebody_has_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has one of them does not keep others from being found, each another one."""
    monkeypatch.setattr("secrets.randbelow", lambda _: 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_ports(1)[0]))
        found = free_ports(30)
        assert 30 == len({*found} - {taken.getsockname()[1]})


@pytest.mark.skipif(not RANGE.exists(), reason="the system does not tell which ports it gives away by itself")
def test_no_client_is_given_one_meanwhile() -> None:
    """The system gives them to no outgoing connection."""
    low, high = map(int, RANGE.read_text("ascii").split())
    assert not [port for port in free_ports(50) if low <= port <= high]
