"""What the standard documents (文书) of legal services have in common: who reads one."""

from __future__ import annotations

import enum


class Reader(enum.Enum):
    """Whom a document is written for: it decides what may be in it."""

    COMPLAINANT = "complainant"
    #: The practitioner, organisation or member of staff that it is about.
    RESPONDENT = "respondent"
    #: Another authority; what it gets may reach the respondent.
    AUTHORITY = "authority"
