"""Numbers that point at a person: of identity papers and telephones."""

from __future__ import annotations

import re

_FORM = re.compile(r"[0-9a-z]{8,32}")
_PAPERS = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9x]|[0-9]{15})(?![0-9])")
_TELEPHONE = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|0[1-9][0-9]{9})(?![0-9])")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[ -](?=[0-9])")
_LEAST_DIGITS, _LEAST_DIFFERENT = 6, 3


def names_a_person(text: str) -> bool:
    """Tell whether a normalised text holds a number of an identity card (15 or 18 digits) or a telephone (11)."""
    # A telephone is written in groups, too; a day beside a number must not become one, so papers are as written.
    return any((_PAPERS.search(text), _TELEPHONE.search(text), _TELEPHONE.search(_BETWEEN_DIGITS.sub("", text))))


def is_identity(text: str) -> bool:
    """Tell whether a normalised text can be a number of identity papers: long enough, and no filler of zeros."""
    digits = sum(character.isdigit() for character in text)
    return _FORM.fullmatch(text) is not None and digits >= _LEAST_DIGITS and len(set(text)) >= _LEAST_DIFFERENT
