"""Broken rules of records that steps take through their states: the docstring is the message to the user."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class StepFact(RuleError):
    """“{field}”由相应环节登记,不能直接填写或修改;确有错误请用更正。"""

    reason = "STEP_FACT"


class StateMismatch(RuleError):
    """“{field}”与记录的其他内容不符:{expected}。"""

    reason = "STATE_MISMATCH"
