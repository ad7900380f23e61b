"""Files that commands write."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.failure import Exit, Failure

Force = Annotated[bool, typer.Option("--force", help="覆盖已有的文件。")]


def require_absent(path: Path, *, force: bool) -> None:
    """Refuse to write over a file, or into a folder that is not there. Errors: Failure."""
    if path.exists() and not force:
        raise Failure(f"文件 {path} 已存在", Exit.USAGE, "换一个文件名,或加 --force 覆盖")
    if not path.parent.is_dir():
        raise Failure(f"文件夹 {path.parent} 不存在", Exit.USAGE)
