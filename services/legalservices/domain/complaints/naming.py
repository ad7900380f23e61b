"""Whether a text tells who complained: what the respondent reads must not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from geju.legalservices.v1 import complaint_pb2

from services.legalservices.domain.complaints.errors import ComplainantNamed

#: What the bureau writes: for the respondent to read as well, and for the complainant.
FOR_RESPONDENT, FOR_COMPLAINANT = ("findings", "decision"), ("answer", "review_decision")
#: What is written where a name is not given; texts may say it.
_NO_NAMES = frozenset(
    {"匿名", "匿名者", "匿名投诉人", "不详", "未知", "保密", "佚名", "无名", "未提供", "投诉人", "群众"}
)
#: Between the characters of a name: space, dots, strokes, invisible characters; no sentence ends within one.
_IN_NAMES = r"[^\w,。;:!?、()《》“”\"]|_"
#: Between the digits of a number: whatever is neither letter nor digit.
_IN_NUMBERS = r"[\W_]"
#: Between two characters of what is looked for at most so much else.
_GAP = 3
#: One character is in too many words to be anybody's name; so few digits are no telephone and no number of a card.
_NAME, _PHONE, _ID_NUMBER = 2, 5, 6
#: From so many digits on a number is found within longer ones: after a country's or a city's code.
_WITHIN = 7
_COUNTRY = re.compile(r"(?:00)?86(?=1\d{10}$)")
_CITY = re.compile(r"0\d{2,3}(?=\d{7,8}$)")


def check_words(complaint: complaint_pb2.Complaint, field: str, text: str) -> None:
    """Refuse a text by which the reader would learn who complained. Raises ComplainantNamed."""
    if names_complainant(text, complaint):
        raise ComplainantNamed(field)


def check_texts(complaint: complaint_pb2.Complaint) -> None:
    """Refuse what tells who complained in texts for the respondent, of an anonymous one in all that the bureau writes.

    Raises ComplainantNamed.
    """
    for field in (*FOR_RESPONDENT, *(FOR_COMPLAINANT if complaint.anonymous else ())):
        check_words(complaint, field, getattr(complaint, field))
    if complaint.anonymous:
        for index, pause in enumerate(complaint.pauses):
            check_words(complaint, f"pauses[{index}].requested", pause.requested)


def names_complainant(text: str, complaint: complaint_pb2.Complaint) -> bool:
    """Tell whether a text holds the complainant's name, telephone or identity number, however they are spaced."""
    plain = _plain(text)
    return any(re.search(pattern, plain) for pattern in _patterns(complaint))


def _patterns(complaint: complaint_pb2.Complaint) -> Iterator[str]:
    name = "".join(re.findall(r"[^\W_]", _plain(complaint.complainant_name)))
    if len(name) >= _NAME and name not in _NO_NAMES:
        yield _bounded(_spaced(name, _IN_NAMES), "a-z" if name.isascii() else "")
    for number in _telephones(complaint.complainant_phone):
        yield _bounded(_spaced(number, _IN_NUMBERS), "" if len(number) >= _WITHIN else "0-9")
    card = "".join(re.findall(r"[a-z0-9]", _plain(complaint.complainant_id_number)))
    if len(card) >= _ID_NUMBER:
        yield _spaced(card, _IN_NUMBERS)


def _telephones(phone: str) -> Iterator[str]:
    """Give the numbers of a field that may hold several, without the codes of country and city."""
    for part in re.split(r"[/,;、]|或", _plain(phone)):
        digits = _CITY.sub("", _COUNTRY.sub("", "".join(re.findall(r"\d", part))))
        if len(digits) >= _PHONE:
            yield digits


def _plain(text: str) -> str:
    """Return a text with one form for each character: full width is half width, capitals are small."""
    return unicodedata.normalize("NFKC", text).casefold()


def _spaced(characters: str, between: str) -> str:
    return f"(?:{between}){{0,{_GAP}}}".join(map(re.escape, characters))


def _bounded(pattern: str, others: str) -> str:
    """Return a pattern that is not part of a longer run of these characters; "" for any place."""
    return f"(?<![{others}]){pattern}(?![{others}])" if others else pattern
