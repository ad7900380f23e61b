"""Reads the patches: what each breaks, what that would do, and the tests that must fail."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent
BUG, EFFECT, CAUGHT_BY = "Bug: ", "Effect: ", "Caught by: "
#: What pytest answers when tests ran and some failed; a test that could not run has caught nothing.
FAILED = 1
LONGEST = 600.0


@dataclass(frozen=True)
class Bug:
    """A bug as its patch tells it; `tests` are node ids of pytest."""

    name: str
    patch: Path
    title: str
    effect: str
    tests: tuple[str, ...]


def read(patch: Path) -> Bug:
    """Return the bug of a patch. Raises ValueError when its head does not say what it is."""
    head = patch.read_text(encoding="utf-8").partition("diff --git")[0].replace("\n  ", " ").splitlines()
    told = {
        mark: [line.removeprefix(mark) for line in head if line.startswith(mark)] for mark in (BUG, EFFECT, CAUGHT_BY)
    }
    if not (len(told[BUG]) == len(told[EFFECT]) == 1 and told[CAUGHT_BY]):
        raise ValueError(f"{patch.name} begins with one {BUG!r}, one {EFFECT!r} and at least one {CAUGHT_BY!r}")
    return Bug(patch.stem, patch, told[BUG][0], told[EFFECT][0], tuple(told[CAUGHT_BY]))


def bugs() -> list[Bug]:
    """Return every bug by its name."""
    return [read(patch) for patch in sorted(FOLDER.glob("*.patch"))]


def is_there(test: str) -> bool:
    """Tell whether a node id names a test of a module: `path::name`, or `path::name[case]`."""
    path, _, name = test.partition("::")
    module = ROOT / path
    if not module.is_file():
        return False
    tree = ast.parse(module.read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return name.partition("[")[0] in found


def apply(folder: Path, bug: Bug, *, back: bool = False, only_look: bool = False) -> None:
    """Put a bug into a copy of the tree, or take it out again. Raises CalledProcessError when it does not fit."""
    options = [*(["--reverse"] if back else []), *(["--check"] if only_look else [])]
    # Wherever the copy lies: not by the repository around it, if there is one.
    lone = os.environ | {"GIT_CEILING_DIRECTORIES": str(folder.parent)}
    subprocess.run(["git", "apply", *options, str(bug.patch)], cwd=folder, env=lone, check=True, capture_output=True)


def run(tree: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run tests of a copy of the tree, on the code of the copy: its folders come before whatever is installed."""
    paths = os.pathsep.join(str(folder) for folder in (tree, tree / "proto" / "gen"))
    # Two versions of a module within a second, of equal size, would share their compiled form.
    own = {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-rf", "-p", "no:cacheprovider", *tests]
    return subprocess.run(
        command, cwd=tree, env=os.environ | own, check=False, capture_output=True, text=True, timeout=LONGEST
    )


def tell(*lines: str) -> None:
    """Print lines at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
