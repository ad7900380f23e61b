"""What a running process holds in its memory, as a core dump would show it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

_CHUNK = 8 * 2**20


def in_memory(pid: int, wanted: Collection[bytes]) -> set[bytes]:
    """Return which of some texts are in the memory that a process has written to.

    Raises PermissionError where the kernel lets nobody look into the process.
    """
    found: set[bytes] = set()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text("utf-8", "replace").splitlines():
            span, rights, *_ = line.split()
            if "rw" in rights:
                start, stop = (int(edge, 16) for edge in span.split("-"))
                found |= _in_span(memory, start, stop, {text for text in wanted if text not in found})
    return found


def _in_span(memory: object, start: int, stop: int, wanted: set[bytes]) -> set[bytes]:
    longest = max(map(len, wanted), default=1)
    found: set[bytes] = set()
    for at in range(start, stop, _CHUNK):
        try:
            memory.seek(at)  # type: ignore[attr-defined]
            # Beyond the chunk as far as a text may reach that begins in it.
            content = memory.read(min(_CHUNK + longest, stop - at))  # type: ignore[attr-defined]
        except OSError:
            continue  # given back meanwhile, or a device's
        found |= {text for text in wanted if text in content}
    return found
