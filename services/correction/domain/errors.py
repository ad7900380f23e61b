"""Broken rules that supervision and resettlement share, one class each."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class StepFact(RuleError):
    """“{field}”由相应环节登记,不能直接修改;如有错误请由所长更正。"""

    reason = "STEP_FACT"
