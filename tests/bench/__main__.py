"""Measure: `python -m tests.bench [NAME …]`. Prints one table; nothing is asserted."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from dataclasses import fields
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import structlog
import uvloop

from tests.bench import table
from tests.bench.options import Options

BENCHES = (
    "command",
    "consultations",
    "relay",
    "projection",
    "freshness",
    "rebuild",
    "board",
    "patterns",
    "watchers",
    "writing",
    "million",
)
KILOBYTES_IN_GB = 1024 * 1024


def machine() -> str:
    """Say what is measured on: cores and memory."""
    memory = Path("/proc/meminfo").read_text(encoding="ascii").split()[1] if sys.platform == "linux" else "0"
    return f"{os.cpu_count()} cores, {int(memory) / KILOBYTES_IN_GB:.0f} GB"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure speed as ratios, in one run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(BENCHES)} (all)")
    default = Options()
    parser.add_argument("--disputes", type=int, default=default.disputes, help="disputes in store (%(default)s)")
    parser.add_argument("--facts", type=int, default=default.facts, help="facts of the larger store (%(default)s)")
    parser.add_argument("--district", type=int, default=default.district, help="a district's facts (%(default)s)")
    parser.add_argument("--all", type=int, default=default.all, help="facts of all services at most (%(default)s)")
    parser.add_argument("--seconds", type=float, default=default.seconds, help="length of a paced load (%(default)s)")
    parser.add_argument("--recording", type=Path, help="keep what all services told in this file, and use it again")
    parser.add_argument("--markdown", type=Path, help="append the table to this file, too")
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHES):
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    return given


def main() -> int:
    """Measure what is asked for, one after another."""
    given = arguments()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    options = Options(**{field.name: getattr(given, field.name) for field in fields(Options)})
    if (busy := os.getloadavg()[0]) > 1:
        table.report(f"other work is under way on this machine (load {busy:.1f}): bounds on times may be missed by it")
    rows: list[table.Row] = []
    for name in given.names or BENCHES:
        sys.stderr.write(f"{name} ...\n")
        rows += uvloop.run(import_module(f"tests.bench.{name}").run(options))
    table.show(rows)
    sizes = (
        f"{options.disputes:,} disputes, {options.facts:,} facts; of all services {options.district:,}, {options.all:,}"
    )
    head = f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, {sizes}"
    sys.stdout.write(head + "\n")
    if given.markdown:
        with given.markdown.open("a", encoding="utf-8") as file:
            file.write(f"\n## {head}\n\n{table.markdown(rows)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
