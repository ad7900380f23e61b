"""What commands that speak to PostgreSQL themselves say when that does not work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from services.cli.failure import Exit, Failure

#: Classes of SQLSTATE that say: not these credentials, no such database, not now; and what a role may not do.
_REFUSED = ("28", "3D", "08", "53", "57P", "55P03", "55006", "42501")


@contextmanager
def speaking(url: str, setting: str) -> Iterator[None]:
    """Name the server and its own words when it is not reached or refuses. Errors: Failure; others pass."""
    try:
        yield
    except Exception as error:
        found = _cause(error)
        if found is None:
            raise
        parts = urlsplit(url)
        place = f"{parts.hostname}:{parts.port or 5432}{parts.path}"
        message = f"PostgreSQL {place} 连接不上或拒绝了 {parts.username}:{found}"
        raise Failure(message, Exit.UNREACHABLE, f"请检查 {setting}、口令与网络;数据库可用后再执行一次") from None


def _cause(error: BaseException) -> str | None:
    """Return what the server or the network says of an error; None when it is another's."""
    link: BaseException | None = error
    while link is not None:
        state = getattr(link, "sqlstate", None)
        if isinstance(state, str):
            return str(link) if state.startswith(_REFUSED) else None
        if isinstance(link, OSError) and not isinstance(link, FileNotFoundError):
            return f"{type(link).__name__} {link}".strip()
        link = getattr(link, "orig", None) or link.__cause__
    return None
