"""How often strangers may call: methods that are open to anyone, limited per address and in total.

Behind a proxy every caller has the proxy's address, and the limit per address is one for all of them; a header that
says otherwise is not believed. There GEJU_OPEN_CALLS_PER_PEER is set to the total, and the proxy limits its clients.
The total protects anyway: nobody tries more codes than that, from however many addresses.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import unquote

from prometheus_client import Counter

from services.chassis.refusals import RateLimited

#: Both limits are calls in so many seconds: all at once, or evenly.
WINDOW = 60.0


class OpenCalls:
    """Counts open calls of one process on a monotonic clock.

    Of each address, and of all together, one number is kept: when its allowance will be whole again. A refused call
    uses up nothing, so that who is refused does not keep others out; and so no more addresses are remembered than calls
    were let through in the last minute.
    """

    def __init__(self, per_peer: int, total: int, refused: Counter, now: Callable[[], float] = time.monotonic) -> None:
        """Let through so many calls a minute; `refused` counts the others by method and limit."""
        self._each, self._every = WINDOW / per_peer, WINDOW / total
        self._refused, self._now = refused, now
        self._peers: dict[str, float] = {}
        self._total = 0.0

    def take(self, method: str, peer: str) -> None:
        """Let a call of a peer, as gRPC calls it, through. Raises RateLimited."""
        now, address = self._now(), address_of(peer)
        mine = max(self._peers.get(address, now), now) + self._each
        total = max(self._total, now) + self._every
        for limit, whole in (("peer", mine), ("total", total)):
            if whole - now > WINDOW + 1e-6:
                self._refused.labels(method, limit).inc()
                raise RateLimited
        self._peers.pop(address, None)  # to the end: the first has not called for longest
        self._peers[address], self._total = mine, total
        while (first := next(iter(self._peers))) != address and self._peers[first] <= now:
            del self._peers[first]


def address_of(peer: str) -> str:
    """Return the address of a peer ("ipv4:192.0.2.1:50000"), of IPv6 the network that one subscriber has."""
    scheme, _, rest = unquote(peer).partition(":")
    try:
        address = ip_address(rest.rpartition(":")[0].strip("[]").partition("%")[0])
    except ValueError:
        return scheme  # a Unix socket has no address
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)
