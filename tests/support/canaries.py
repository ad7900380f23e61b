"""Values that no place but an encrypted one may hold, in every personal field that a request has."""

from __future__ import annotations

import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import count
from typing import Any, Self
from urllib.parse import quote

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from services.chassis.client import Channel
from services.chassis.contract import Method, field_option
from tests.support.calls import Caller, Refused

MARK = "金丝雀"
_RAW = MARK.encode()
#: The mark as text of several encodings, as PostgreSQL writes bytes, as addresses and base64 have it at each place.
FORMS = (
    _RAW, MARK.encode("utf-16-le"), MARK.encode("utf-32-le"), MARK.encode("gb18030"), _RAW.hex().encode(),
    _RAW.hex().upper().encode(), MARK.encode("unicode_escape"), quote(MARK).encode(), quote(MARK).lower().encode(),
    "".join(f"&#{ord(c)};" for c in MARK).encode(), _RAW.decode("unicode_escape").encode(),
    *(b64encode(bytes(shift) + _RAW)[4 if shift else 0 : 12] for shift in range(3)),
)  # fmt: skip

_ZIP = b"PK\x03\x04"

#: What only a step may write, from a field of the step's own request.
OF_STEPS = {
    ("geju.mediation.v1.Dispute", "refusal_note"): ("geju.mediation.v1.RefuseDisputeRequest", "note"),
    ("geju.mediation.v1.Dispute", "discussion"): ("geju.mediation.v1.DiscussMajorDisputeRequest", "discussion"),
    ("geju.correction.v1.Duty", "note"): ("geju.correction.v1.RecordDutyRequest", "note"),
    **{
        (f"geju.legalservices.v1.{message}", field): (f"geju.legalservices.v1.{step}Request", field)
        for message, field, step in (
            ("Complaint", "findings", "RecordInvestigation"),
            ("Complaint", "decision", "ConcludeComplaint"),
            ("Complaint", "answer", "AnswerComplaint"),
            ("Complaint", "review_reason", "AskReview"),
            ("Complaint", "review_decision", "DecideReview"),
            ("ComplaintPause", "requested", "RequestSupplement"),
        )
    },
    ("geju.legalaid.v1.AidPause", "requested"): ("geju.legalaid.v1.RequestSupplementRequest", "requested"),
    ("geju.legalaid.v1.FileRating", "remark"): ("geju.legalaid.v1.RateFileRequest", "remark"),
}
#: What is filled only where it stands, for it stands in the place of something else.
WHERE_GIVEN = {("geju.legalservices.v1.Complaint", "respondent_name")}
#: What cannot hold a canary though it is personal: the code of an office.
CODES = {("geju.legalservices.v1.Complaint", "respondent_office")}


class Canary(Caller):
    """Somebody whose every personal value is a canary; remembers where each stands, and what was refused."""

    def __init__(self, channel: Channel, others: Mapping[str, Channel] | None = None) -> None:
        super().__init__(channel, others)
        self.sent: dict[tuple[str, str], str] = {}  # by message and field
        self.accepted: set[tuple[str, str]] = set()
        self.refusals: list[Refused] = []
        self._numbers = count(1)
        self._last: set[tuple[str, str]] = set()

    def colleague(self, channel: Channel, others: Mapping[str, Channel] | None = None) -> Self:
        """Return somebody else whose values are canaries as well, remembered here."""
        other = type(self)(channel, others)
        other.sent, other.accepted, other.refusals = self.sent, self.accepted, self.refusals
        other._numbers = self._numbers
        return other

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
                if place not in CODES and (getattr(message, field.name) or not _where_given(field)):
                    self._plant(message, field)
            elif field.message_type is not None and not field.message_type.full_name.startswith("google."):
                children = getattr(message, field.name) if field.is_repeated else [getattr(message, field.name)]
                for child in children if field.is_repeated or message.HasField(field.name) else ():
                    self._fill(child)

    def _plant(self, message: Any, field: FieldDescriptor) -> None:
        place = message.DESCRIPTOR.full_name, field.name
        self.sent[place] = f"{MARK}{next(self._numbers)}"
        if field.is_repeated:
            texts = getattr(message, field.name)
            texts[:] = [self.sent[place]] * len(texts)
        else:
            setattr(message, field.name, self.sent[place])
        self._last.add(place)


def _where_given(field: FieldDescriptor) -> bool:
    """Tell whether a field is filled only where something stands in it."""
    return field.is_repeated or (field.containing_type.full_name, field.name) in WHERE_GIVEN


def is_personal(field: FieldDescriptor) -> bool:
    """Tell whether a field holds personal text."""
    return bool(field_option(field).personal and field.type == FieldDescriptor.TYPE_STRING)


def personal_fields(descriptor: Descriptor, above: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Return every personal field of a message and of those below it that somebody fills in."""
    for field in descriptor.fields:
        if is_personal(field):
            if (descriptor.full_name, field.name) in CODES or field_option(field).output_only:
                continue
            yield descriptor.full_name, field.name
        elif field.message_type is not None and field.message_type.full_name not in above:
            yield from personal_fields(field.message_type, above | {descriptor.full_name})


def filled(message: Message) -> Iterator[tuple[str, str]]:
    """Return every personal field of a message and of those below it that holds a canary."""
    for field, value in message.ListFields():
        if is_personal(field) and any(MARK in text for text in (value if field.is_repeated else (value,))):
            yield message.DESCRIPTOR.full_name, field.name
        elif field.message_type is not None:
            for child in value if field.is_repeated else (value,):
                yield from filled(child)


def found_in(content: bytes | str | Message) -> bool:
    """Tell whether a canary, in any form, is in something."""
    if isinstance(content, Message):
        return found_in(content.SerializeToString() + str(content).encode()) or any(map(found_in, _files(content)))
    raw = content.encode() if isinstance(content, str) else content
    if raw.startswith(_ZIP):
        return any(found_in(part) for part in unpacked(raw))
    return any(form in raw for form in FORMS)


def unpacked(raw: bytes) -> Iterator[bytes]:
    """Give the names and contents of what is packed in a file: a workbook or a document is a zip of XML."""
    with zipfile.ZipFile(BytesIO(raw)) as packed:
        for name in packed.namelist():
            yield name.encode() + packed.read(name)


def _files(message: Message) -> Iterator[bytes]:
    """Give every file that a message carries, at any depth."""
    for field, value in message.ListFields():
        each = value if field.is_repeated else (value,)
        if field.type == FieldDescriptor.TYPE_BYTES:
            yield from (raw for raw in each if raw.startswith(_ZIP))
        elif field.message_type is not None:
            for child in each:
                yield from _files(child)
