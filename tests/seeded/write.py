"""Write the page of the seeded bugs from their patches: `python -m tests.seeded.write FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.seeded.bugs import Bug, bugs

HEAD = """\
# Bugs put in on purpose

Made by `make generate` from [`tests/seeded`](../../tests/seeded); do not edit.

Tests that are green say little unless they turn red when something is wrong. Each file `tests/seeded/<name>.patch` is
a bug: a mistake of the kind that such systems are known for, as small as it would really be made. `make seeded` puts
each into a copy of the tree (never into the tree itself), runs the tests that its head names, and prints who caught it
in how many seconds; `make seeded BUG="day_of_utc double_apply"` tries some. It begins with the same tests without any
bug, which must pass, so that a failure is the bug's. A bug counts as caught when every test that is named fails; one
that cannot start catches nothing. Exit code 1: a bug was not caught, 2: the tests fail without one.

`make test` does not run them; it holds that every patch still applies, touches the product alone and names tests that
there are (`tests/conventions/test_seeded.py`). After a change to the code that a patch touches, make the patch anew:
change the code, `git diff -U1 -- services`, and keep the head. What was really wrong once is in [bugs](bugs.md).

When they were first tried (28 November 2026), two of them were caught by nothing, and a test was written for each:
`instant_of_utc` and `last_id_cursor`. `ack_before_commit` was caught by a test that ends connections at any moment, and
got one that ends them at the right one. All are caught since. Tried again that day, two of 28 were no
longer caught for certain, `epoch_ignored` (the seed that it named met it no more) and `streams_without_limit` (a test
needed luck); they are again.

| name | the bug | what it would do | caught by |
|---|---|---|---|
"""


def row(bug: Bug) -> str:
    """Return the line of a bug."""
    tests = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in bug.tests)
    return f"| `{bug.name}` | {bug.title} | {bug.effect} | {tests} |\n"


def page() -> str:
    """Return the page."""
    return HEAD + "".join(map(row, bugs()))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
