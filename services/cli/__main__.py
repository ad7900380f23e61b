"""Entry point of the `geju` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command."""
    from services.cli.app import execute  # noqa: PLC0415 - an interrupt while modules load must end quietly, too

    sys.exit(execute())


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
