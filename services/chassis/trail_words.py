"""What people write into the audit trail: words that stay for good, and so nothing that says who somebody is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from google.protobuf.message import Message

from services.chassis.contract import field_option
from services.chassis.crypto import normalise
from services.chassis.domain.errors import PersonalWords
from services.chassis.domain.identifiers import names_a_person

#: Shorter names are no names; shorter notes ("无", "其他") are words that any reason may hold.
_SHORTEST_NAME, _SHORTEST_NOTE = 2, 4


def check_words(field: str, text: str) -> None:
    """Refuse numbers of identity papers and telephones in a reason or purpose. Raises PersonalWords."""
    if text and names_a_person(normalise(text)):
        raise PersonalWords(field)


def check_reason(reason: str, record: Message, before: Iterable[str]) -> None:
    """Refuse a reason that repeats a personal value of the record that it is for, new or `before`.

    Raises PersonalWords.
    """
    if not reason:
        return
    text = normalise(reason)
    values = {normalise(value) for value in before if len(value) >= _SHORTEST_NAME} | set(_personal(record))
    if any(value in text for value in values):
        raise PersonalWords("reason")


def _personal(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        option, many = field_option(field), field.is_repeated
        for one in value if many else (value,):
            if isinstance(one, Message):
                yield from _personal(one)
            elif option.personal and isinstance(one, str):
                yield from _worth(normalise(one), _SHORTEST_NAME if option.searchable else _SHORTEST_NOTE)


def _worth(value: Any, shortest: int) -> Iterator[str]:
    if len(value) >= shortest:
        yield value
