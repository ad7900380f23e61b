"""The users of NATS: each service publishes its own facts, reads under its own name, and hears its own answers only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from services.chassis.stream import DEAD, FACTS, PREFIX

#: The account of operations: it may do everything.
OPERATOR = "geju"
_API = "$JS.API"


@dataclass(frozen=True)
class Rights:
    """Subjects that a user may publish to and subscribe to; `deny` takes away from what it may publish."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    deny: tuple[str, ...] = ()


def inbox(service: str) -> str:
    """Return the prefix of the subjects on which a service is answered."""
    return f"_INBOX_{service}"


def reader_name(service: str) -> str:
    """Return the name under which a service reads what it reacts to."""
    return f"{service}-reactions"


def source_rights(service: str) -> Rights:
    """Return the rights of a service that keeps records: it makes a stream that is lost, but never changes one."""
    publish = [f"{PREFIX}.{service}.>", *_streams("INFO", "CREATE"), *_reading(reader_name(service))]
    return Rights(tuple(publish), (f"{inbox(service)}.>",))


def board_rights(service: str, sources: Iterable[str]) -> Rights:
    """Return the rights of the service that reads everything: under any name but those of the sources."""
    publish = [*_streams("INFO", "CREATE", "UPDATE"), *_reading("*")]
    deny = [subject for source in sources for subject in _all_about(reader_name(source))]
    return Rights(tuple(publish), (f"{inbox(service)}.>",), tuple(deny))


def _streams(*verbs: str) -> list[str]:
    return [f"{_API}.STREAM.{verb}.{stream}" for verb in verbs for stream in (FACTS, DEAD)]


def _reading(name: str) -> list[str]:
    """Give what it takes to make a consumer, to read and to acknowledge under a name."""
    consumer = [f"{_API}.CONSUMER.{verb}.{FACTS}.{name}" for verb in ("INFO", "DELETE", "RESET", "DURABLE.CREATE")]
    # Acknowledgements: as servers up to 2.14 and from 2.15 on name their subjects.
    acks = [f"$JS.ACK.{FACTS}.{name}.>", f"$JS.ACK.*.*.{FACTS}.{name}.>"]
    return [*consumer, f"{_API}.CONSUMER.MSG.NEXT.{FACTS}.{name}", *acks]


def _all_about(name: str) -> list[str]:
    """Give every subject that concerns a consumer."""
    asked = [f"{_API}.CONSUMER.{verb}.{FACTS}.{name}" for verb in ("*", "*.*")]
    made = [f"{_API}.CONSUMER.CREATE.{FACTS}.{name}.>"]
    return [*asked, *made, f"$JS.ACK.{FACTS}.{name}.>", f"$JS.ACK.*.*.{FACTS}.{name}.>"]


def users(
    rights: Mapping[str, Rights], password: Callable[[str], str], operator: str = OPERATOR
) -> list[dict[str, object]]:
    """Return the users as NATS's configuration has them, in its JSON form."""
    found: list[dict[str, object]] = [{"user": operator, "password": password(operator)}]
    for name, has in rights.items():
        publish = {"allow": list(has.publish), **({"deny": list(has.deny)} if has.deny else {})}
        permissions = {"publish": publish, "subscribe": {"allow": list(has.subscribe)}}
        found.append({"user": name, "password": password(name), "permissions": permissions})
    return found


def configuration(rights: Mapping[str, Rights], password: Callable[[str], str]) -> str:
    """Return the users as a block of NATS's configuration file."""
    return f"authorization: {json.dumps({'users': users(rights, password)}, indent=2)}\n"
