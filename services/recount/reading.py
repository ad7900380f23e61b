"""Every record of every kind, read through the services' own List methods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from threading import Event
from typing import Any, Protocol

from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor

PAGE_SIZE = 1000
#: Why the records are read, where the service asks: it is in the trail of each.
PURPOSE = "核对数字"


class Listed(Protocol):
    """A kind of record and the method that lists it."""

    @property
    def name(self) -> str:
        """Its code."""

    @property
    def service(self) -> str:
        """The service that keeps it."""

    @property
    def lister(self) -> MethodDescriptor | None:
        """The method that gives its records page by page."""


class Client(Protocol):
    """Whatever calls the services."""

    def call(self, method: MethodDescriptor, request: Any, service: str) -> Any:
        """Call a method of a service."""

    def records(self, method: Callable[[Any], Any], request: Any) -> Iterator[Any]:
        """Give every record of a List method, page after page."""


def read(
    client: Client, kinds: Iterable[Listed], progress: Callable[[Listed, int], None] = lambda _kind, _count: None
) -> Mapping[str, Mapping[str, Any]]:
    """Return every record by kind and id, as `recount` takes them. Raises what the client raises.

    `progress` hears of every page's worth of records of a kind, from several threads: services are read side by side.
    """
    by_service = [list(own) for _, own in groupby(sorted(kinds, key=lambda k: k.service), key=lambda k: k.service)]
    store: dict[str, dict[str, Any]] = {}
    stopped = Event()
    with ThreadPoolExecutor(max_workers=len(by_service) or 1) as pool:
        try:
            for found in pool.map(lambda own: [(k, _records(client, k, progress, stopped)) for k in own], by_service):
                for kind, records in found:
                    store.setdefault(kind.name, {}).update(records)
                    store[f"{kind.name} of geju/{kind.service}"] = records
        finally:
            stopped.set()  # after a failure or an interrupt nobody wants the rest
    return store


def _records(client: Client, kind: Listed, progress: Callable[[Listed, int], None], stopped: Event) -> dict[str, Any]:
    lister = kind.lister
    if lister is None:
        msg = f"{kind.name} cannot be listed"
        raise TypeError(msg)
    request: Any = message_factory.GetMessageClass(lister.input_type)(page_size=PAGE_SIZE)
    if "purpose" in lister.input_type.fields_by_name:
        request.purpose = PURPOSE
    found: dict[str, Any] = {}
    for number, record in enumerate(client.records(lambda page: client.call(lister, page, kind.service), request), 1):
        found[record.name.rpartition("/")[2]] = record
        if number % PAGE_SIZE == 0:
            progress(kind, PAGE_SIZE)
        if stopped.is_set():
            break
    progress(kind, len(found) % PAGE_SIZE)
    return found
