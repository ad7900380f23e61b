"""What the respondent reads says nothing of who complained."""

from __future__ import annotations

import unicodedata

from services.legalservices.domain.complaints.errors import ComplainantNamed
from services.legalservices.domain.complaints.lifecycle import Complaint

#: Shorter names are no names: a single character may be any word's.
_SHORTEST = 2
_BETWEEN = str.maketrans("", "", "-‐‑–—·")


def check_words(complaint: Complaint, field: str, text: str) -> None:
    """Refuse a text with the name, telephone or number of the complainant, however spaced. Raises ComplainantNamed."""
    written = _plain(text)
    known = (complaint.complainant_name, complaint.complainant_phone, complaint.complainant_id_number)
    if any(len(value) >= _SHORTEST and value in written for value in map(_plain, known)):
        raise ComplainantNamed(field)


def _plain(text: str) -> str:
    """Return a text without case, widths, blanks and dashes."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).translate(_BETWEEN)
