"""What the standard documents (文书) of legal services have in common: who reads one, and what it still lacks."""

# Docstrings of errors are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400

from __future__ import annotations

import enum

from services.chassis.domain.errors import DocumentNotApplicable


class Reader(enum.Enum):
    """Whom a document is written for: it decides what may be in it."""

    COMPLAINANT = "complainant"
    #: The practitioner, organisation or member of staff that it is about.
    RESPONDENT = "respondent"
    #: Another authority; what it gets may reach the respondent.
    AUTHORITY = "authority"


class DocumentNotYet(DocumentNotApplicable):
    """还不能出具此文书:{missing}。"""
