"""Crash points: the process ends as by kill -9 just before or just after one of the steps that matter.

The places are the product's own functions, wrapped from outside; which one is asked for stands in a file, so that a
point is reached once and at exactly one place.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

from tests.chaos.inside import hooks

#: Steps of a service that keeps records, and of the one that counts: module, class, function.
OF_SOURCE = {
    "commit": ("services.chassis.unit_of_work", "Work", "commit"),
    "number": ("services.chassis.outbox", "PostgresOutbox", "stamp"),
    "publish": ("services.chassis.publisher", "NatsPublisher", "publish"),
    "mark": ("services.chassis.outbox", "PostgresOutbox", "forget"),
    "chain": ("services.chassis.outbox", "PostgresOutbox", "chain"),
}
OF_READER = {
    "apply": ("services.aggregation.projection", "Projection", "apply"),
    "measure": ("services.aggregation.projection", "", "measure_touched"),
    "ack": ("services.chassis.consumer", "Batch", "ack"),
}
WHEN = ("before", "after")


def enter(folder: Path) -> None:
    """Wrap the steps of the service that this process is."""
    service = hooks.service()
    if not service:
        return
    for step, (module, owner, function) in (OF_READER if service == "aggregation" else OF_SOURCE).items():
        found = __import__(module, fromlist=[owner or function])
        place = getattr(found, owner) if owner else found
        setattr(
            place,
            function,
            _wrapped(getattr(place, function), *(asked_at(folder, service, f"{w} {step}") for w in WHEN)),
        )


def asked_at(folder: Path, service: str, point: str) -> Path:
    """Return the file that asks a service to end at a point."""
    return hooks.path(folder, f"crash-{point.replace(' ', '-')}", service)


def _wrapped(function: Callable[..., Awaitable[Any]], before: Path, after: Path) -> Callable[..., Awaitable[Any]]:
    @wraps(function)
    async def wrapped(*args: Any, **options: Any) -> Any:
        _reached(before)
        answer = await function(*args, **options)
        # Looking for work in vain is no step.
        if answer or function.__name__ not in {"stamp", "chain"}:
            _reached(after)
        return answer

    return wrapped


def _reached(file: Path) -> None:
    if file.exists():
        file.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
