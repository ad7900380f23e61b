"""The rare paths: a run that never takes one has not tried what it is there for, and fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

#: By what is counted: in how many seeds, at the latest, it must have happened.
PATHS: Mapping[str, int] = {
    # The relay and the broker.
    "duplicate refused": 100,
    "batch refused (10174)": 100,
    "batch refused (10176)": 100,
    "batch refused (10201)": 100,
    "stream_missing": 100,
    "relay_leads": 100,
    "relay_failed": 100,
    "forgotten events came back": 300,
    "place given a second time": 100,
    # The reader.
    "handed out again": 100,
    "consumer_restarts delivery is missing": 100,
    "consumer_restarts reconnected": 100,
    "consumer_restarts no heartbeat": 1000,
    "consumer_restarts 409 Consumer Deleted": 100,
    "consumer_restarts 503 No Responders": 1000,
    "consumer_replaced": 100,
    "consumer_in_memory": 300,
    "dead letter": 100,
    # The projection.
    "older revision ignored": 100,
    "repair of an equal revision": 1000,
    "new epoch won over a higher revision": 100,
    "rebuilt under load": 100,
    "rebuild broken off": 300,
    "caught up before the swap": 1000,
    "batch went into the projection swapped in": 300,
    # Proofs.
    "gap_found": 100,
    "gap repaired": 100,
    "fork found": 100,
    "new epoch begun": 100,
    "difference repaired": 100,
    "restored stream repaired": 300,
    "repair took more than one proof": 1000,
    "difference waited for what was not published": 100,
    "source did not answer": 100,
    # Connections.
    "nats_closed": 100,
    "session lost without a word": 100,
    "session_dead": 100,
    "session of before ended": 100,
    "background_failed": 100,
    # Crashes.
    "killed before a statement": 100,
    "killed after a statement": 100,
    "killed before a commit": 1000,
    "killed after a commit": 1000,
    "killed at the broker": 1000,
    "committed, and the answer was lost": 300,
}


def never(taken: Counter[str], seeds: int) -> list[str]:
    """Return the paths that so many seeds must have taken and did not."""
    return [path for path, within in PATHS.items() if seeds >= within and not taken[path]]
