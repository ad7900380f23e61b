"""Sizes stay readable."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "services").rglob("*.py"))
MAX_MODULE, MAX_FUNCTION, MAX_MEDIAN = 300, 50, 12


def function_lengths(path: Path) -> list[tuple[int, str]]:
    """Give (lines, path:name) of every function of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.name}")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_modules_fit_in_one_sitting() -> None:
    """No module is longer than 300 lines."""
    long = {
        str(p.relative_to(ROOT)): n
        for p in MODULES
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_MODULE
    }
    assert long == {}


def test_functions_fit_on_a_screen() -> None:
    """No function is longer than 50 lines."""
    long = [row for path in MODULES for row in function_lengths(path) if row[0] > MAX_FUNCTION]
    assert long == []


def test_most_functions_are_short() -> None:
    """The median function has at most a dozen lines."""
    lengths = [row[0] for path in MODULES for row in function_lengths(path)]
    assert statistics.median(lengths) <= MAX_MEDIAN
