"""Broken rules that supervision and resettlement share, one class each: the docstring is the message to the user."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class NotAPerson(RuleError):
    """所引用的人员种类不符,应为“{expected}”。"""

    reason = "NOT_A_PERSON"
    code = "INVALID_ARGUMENT"


class NotUnderCorrection(RuleError):
    """该社区矫正对象在 {date} 不在矫正期内。"""

    reason = "NOT_UNDER_CORRECTION"
