"""Tests are laws."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_every_test_states_one_law() -> None:
    """Every test has a docstring of one sentence."""
    bare = []
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                doc = ast.get_docstring(node)
                if not doc or not doc.rstrip().endswith("."):
                    bare.append(f"{path.name}:{node.name}")
    assert bare == []


def test_no_test_sleeps() -> None:
    """No test passes time by sleeping where it could wait for an event."""
    sleepers = [
        f"{path.name}:{node.lineno}"
        for path in sorted(TESTS.rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "sleep"
        and not (node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)
    ]
    assert sleepers == []
