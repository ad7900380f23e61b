"""The stream of facts on NATS: its configuration, its subjects, and one event as a CloudEvent and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from asyncpg.pgproto.pgproto import UUID
from geju.cloudevents.v1.cloudevents_pb2 import CloudEvent
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError

from services.chassis.shadow import shadow

log = structlog.get_logger(__name__)

FACTS = "GEJU_FACTS"
DEAD = "GEJU_DEAD"
PREFIX = "geju.facts"
SPEC_VERSION = "1.0"
DUPLICATE_WINDOW = 120.0
DAY = 86400.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ADVISORY = "$JS.EVENT.ADVISORY.CONSUMER"
# The envelope with its attributes as bytes: most of them are the same in many events and are read once.
_parse: Callable[[bytes], Any] = shadow(CloudEvent.DESCRIPTOR).FromString
_attribute = CloudEvent.CloudEventAttributeValue.FromString


class BadEventError(ValueError):
    """Bytes that are not an event of this stream; the message never quotes them."""


@dataclass(slots=True)
class FactEvent:
    """One revision of one record, as published: `facts` is the serialized message of type `facts_type`.

    Nobody changes one; it is not frozen because making a frozen one costs a tenth of reading an event.

    `source` is "geju/mediation"; (`epoch`, `revision`) orders the states of a record, (`epoch`, `sequence`) counts the
    source's events without a gap; `change` names the transition; `collection` and `record_id` name the resource.
    """

    id: UUID
    source: str
    kind: str
    collection: str
    record_id: UUID
    epoch: int
    revision: int
    sequence: int
    change: str
    office: str
    actor: str
    recorded: datetime
    facts_type: str
    facts: bytes
    traceparent: str = ""

    @property
    def service(self) -> str:
        """The service's code, "mediation"."""
        return self.source.removeprefix("geju/")


def subject(event: FactEvent) -> str:
    """Return the NATS subject of an event: `geju.facts.<service>.<kind>.<uuid>`."""
    return f"{PREFIX}.{event.service}.{event.kind}.{event.record_id}"


def is_of_source(event: FactEvent, found: str) -> bool:
    """Tell whether a subject is one to which the event's own source may publish: none speaks for another."""
    return found.startswith(f"{PREFIX}.{event.service}.")


def encode(event: FactEvent) -> bytes:
    """Return an event as a CloudEvent in the protobuf format."""
    envelope = CloudEvent(
        id=str(event.id),
        source=event.source,
        spec_version=SPEC_VERSION,
        type=event.facts_type,
        binary_data=event.facts,
    )
    attributes = envelope.attributes
    for name in ("change", "office", "actor", "kind", "traceparent"):
        if value := getattr(event, name):
            attributes[name].ce_string = value
    for name in ("epoch", "revision", "sequence"):
        attributes[name].ce_string = str(getattr(event, name))
    attributes["subject"].ce_string = f"{event.collection}/{event.record_id}"
    since = event.recorded - _EPOCH
    for name in ("time", "recordedtime"):
        stamp = attributes[name].ce_timestamp
        stamp.seconds, stamp.nanos = since.days * 86_400 + since.seconds, since.microseconds * 1000
    return envelope.SerializeToString()


def decode(data: bytes) -> FactEvent:
    """Return the event that `encode` made. Raises BadEventError."""
    try:
        envelope = _parse(data)
        attributes = envelope.attributes
        collection, _, record = _text(attributes["subject"]).partition("/")
        event = FactEvent(
            id=UUID(envelope.id),
            source=envelope.source,
            kind=_known(attributes["kind"]),
            collection=collection,
            record_id=UUID(record),
            epoch=int(_known(attributes["epoch"])),
            revision=int(_known(attributes["revision"])),
            sequence=int(_text(attributes["sequence"])),
            change=_known(attributes["change"]),
            office=_known(attributes["office"]),
            actor=_known(attributes["actor"]),
            recorded=_instant(attributes["recordedtime"]),
            facts_type=envelope.type,
            facts=envelope.binary_data,
            traceparent=_text(attributes["traceparent"]),
        )
    except Exception as error:  # protobuf's DecodeError is no ValueError in every build
        raise BadEventError(type(error).__name__) from error
    if not (event.kind and event.facts_type and event.service and envelope.spec_version == SPEC_VERSION):
        raise BadEventError("an attribute is missing")
    return event


def _text(value: bytes) -> str:
    """Return the string of a serialized attribute."""
    return str(_attribute(value).ce_string)


@lru_cache(maxsize=8192)
def _known(value: bytes) -> str:
    """Return the same for what many events have in common; they share one string."""
    return _text(value)


def _instant(value: bytes) -> datetime:
    """Return the instant of a serialized attribute: what `ToDatetime` does, at a fraction of its cost."""
    stamp = _attribute(value).ce_timestamp
    return _EPOCH + timedelta(0, stamp.seconds, stamp.nanos // 1000)


def facts_stream(replicas: int = 1) -> StreamConfig:
    """Return the configuration of the stream of facts. Nothing is ever deleted from it; when full, publishers wait."""
    return StreamConfig(
        name=FACTS,
        description="Latest facts of every record after each change",
        subjects=[f"{PREFIX}.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        num_replicas=replicas,
        duplicate_window=DUPLICATE_WINDOW,
        deny_delete=True,
        deny_purge=True,
        allow_atomic=True,
    )


def dead_stream(replicas: int = 1) -> StreamConfig:
    """Return the configuration of the dead letters: the broker's notes on events that a consumer refused."""
    return StreamConfig(
        name=DEAD,
        description="Events of GEJU_FACTS that a consumer could not use: stream sequence and reason",
        subjects=[f"{ADVISORY}.{what}.{FACTS}.>" for what in ("MSG_TERMINATED", "MAX_DELIVERIES")],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        num_replicas=replicas,
        duplicate_window=DUPLICATE_WINDOW,
        max_age=90 * DAY,
        max_msgs=100_000,
    )


async def ensure_stream(js: JetStreamContext, config: StreamConfig) -> bool:
    """Create a stream, or change it where it differs from its configuration; True when something was done.

    What the configuration leaves open (None) stays as the server has it.
    """
    assert config.name
    try:
        current = (await js.stream_info(config.name)).config
    except NotFoundError:
        await js.add_stream(config)
        return True
    wanted = {name: value for name, value in vars(config).items() if value is not None}
    if all(_same(getattr(current, name), value) for name, value in wanted.items()):
        return False
    try:
        await js.update_stream(replace(current, **wanted))
    except (APIError, TimeoutError) as error:
        # Some settings cannot be changed in a stream that exists, and not everyone may change one (the broker gives no
        # answer then); it is of use all the same.
        reason = error.description if isinstance(error, APIError) else "no answer"
        log.warning("stream_differs", stream=config.name, error=reason)
        return False
    return True


def _same(current: object, wanted: object) -> bool:
    # The server says -1 where a limit was not given.
    return current == wanted or (current in (None, -1, 0) and wanted in (None, -1, 0))
