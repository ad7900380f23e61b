"""Numbers that point at a person: of identity papers and telephones."""

from __future__ import annotations

import re

_FORM = re.compile(r"[0-9a-z]{8,32}")
_LEAST_DIGITS, _LEAST_DIFFERENT = 6, 3


def is_identity(text: str) -> bool:
    """Tell whether a normalised text can be a number of identity papers: long enough, and no filler of zeros."""
    digits = sum(character.isdigit() for character in text)
    return _FORM.fullmatch(text) is not None and digits >= _LEAST_DIGITS and len(set(text)) >= _LEAST_DIFFERENT
