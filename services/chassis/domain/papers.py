"""Why a standard document (文书) cannot be given out, and what tables of what a record lacks for one are made of."""

# Docstrings of errors are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.chassis.domain.errors import RuleError

#: What a record lacks, in the words of `DocumentNotYet`; empty: nothing.
Lack = Callable[[Any], str]


class DocumentNotApplicable(RuleError):
    """当前状态“{state}”不能出具此文书。"""

    reason = "DOCUMENT_NOT_APPLICABLE"


class DocumentNotYet(DocumentNotApplicable):
    """还不能出具此文书:{missing}。"""


class NoTemplate(RuleError):
    """区划档案中没有文书模板“{template}”。"""

    reason = "NO_TEMPLATE"


def needs(field: str, words: str) -> Lack:
    """Return the check that a field is filled; the words say what is missing."""
    return lambda record: "" if any(found.name == field for found, _ in record.ListFields()) else words


def first_of(*lacks: Lack) -> Lack:
    """Return the check that says the first thing that is missing."""
    return lambda record: next((words for lack in lacks if (words := lack(record))), "")
