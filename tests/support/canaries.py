"""Values that no place but an encrypted one may hold, in every personal field that a request has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from services.chassis.client import Channel
from services.chassis.contract import Method, field_option
from tests.support.calls import Caller, Refused

MARK = "金丝雀"
#: The mark as text of several encodings, and as PostgreSQL writes bytes.
FORMS = (MARK.encode(), MARK.encode("utf-16-le"), MARK.encode("gb18030"), MARK.encode().hex().encode(),
         MARK.encode("unicode_escape"))  # fmt: skip

#: What only a step may write, from a field of the step's own request.
OF_STEPS = {
    ("geju.mediation.v1.Dispute", "refusal_note"): ("geju.mediation.v1.RefuseDisputeRequest", "note"),
    ("geju.mediation.v1.Dispute", "discussion"): ("geju.mediation.v1.DiscussMajorDisputeRequest", "discussion"),
    ("geju.correction.v1.Duty", "note"): ("geju.correction.v1.RecordDutyRequest", "note"),
}


class Canary(Caller):
    """Somebody whose every personal value is a canary; remembers where each stands, and what was refused."""

    def __init__(self, channel: Channel, others: Mapping[str, Channel] | None = None) -> None:
        super().__init__(channel, others)
        self.sent: dict[tuple[str, str], str] = {}  # by message and field
        self.accepted: set[tuple[str, str]] = set()
        self.refusals: list[Refused] = []
        self._number = 0
        self._last: set[tuple[str, str]] = set()

    def prepare(self, request: Any) -> None:
        """Put a canary into every personal text of a request."""
        self._last = set()
        self._fill(request)

    async def raw(self, found: Method, request: bytes, service: str = "", **options: Any) -> Any:
        """Send, and remember."""
        try:
            answer = await super().raw(found, request, service, **options)
        except Refused as refused:
            self.refusals.append(refused)
            raise
        self.accepted |= self._last
        return answer

    def _fill(self, message: Any) -> None:
        for field in message.DESCRIPTOR.fields:
            place = message.DESCRIPTOR.full_name, field.name
            if is_personal(field) and place not in OF_STEPS:
                self._number += 1
                self.sent[place] = f"{MARK}{self._number}"
                setattr(message, field.name, self.sent[place])
                self._last.add(place)
            elif field.message_type is not None and not field.message_type.full_name.startswith("google."):
                children = getattr(message, field.name) if field.is_repeated else [getattr(message, field.name)]
                for child in children if field.is_repeated or message.HasField(field.name) else ():
                    self._fill(child)


def is_personal(field: FieldDescriptor) -> bool:
    """Tell whether a field holds personal text."""
    return bool(field_option(field).personal and field.type == FieldDescriptor.TYPE_STRING)


def personal_fields(descriptor: Descriptor, above: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Return every personal field of a message and of those below it."""
    for field in descriptor.fields:
        if is_personal(field):
            yield descriptor.full_name, field.name
        elif field.message_type is not None and field.message_type.full_name not in above:
            yield from personal_fields(field.message_type, above | {descriptor.full_name})


def filled(message: Message) -> Iterator[tuple[str, str]]:
    """Return every personal field of a message and of those below it that holds a canary."""
    for field, value in message.ListFields():
        if is_personal(field) and MARK in value:
            yield message.DESCRIPTOR.full_name, field.name
        elif field.message_type is not None:
            for child in value if field.is_repeated else (value,):
                yield from filled(child)


def found_in(content: bytes | str | Message) -> bool:
    """Tell whether a canary, in any form, is in something."""
    if isinstance(content, Message):
        content = content.SerializeToString() + str(content).encode()
    raw = content.encode() if isinstance(content, str) else content
    return any(form in raw for form in FORMS)
