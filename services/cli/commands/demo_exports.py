"""The demonstration's exports of other systems, sent beside its spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

F = TypeVar("F")
R = TypeVar("R")


class Exports(Generic[F, R]):
    """Takes files over one after the other in a thread of its own, which ends with the command, however that ends."""

    def __init__(self, files: Sequence[F], take: Callable[[F], R]) -> None:
        """Begin."""
        self._left = len(files)
        self._taken: SimpleQueue[tuple[F, R] | Exception] = SimpleQueue()
        Thread(target=self._run, args=(files, take), daemon=True).start()

    def _run(self, files: Sequence[F], take: Callable[[F], R]) -> None:
        try:
            for file in files:
                self._taken.put((file, take(file)))
        except Exception as error:  # noqa: BLE001 - it is the waiting thread's to deal with
            self._taken.put(error)

    def finish(self, end: Callable[[F, R], None]) -> None:
        """Wait for what is left, telling `end` of each. Raises what taking a file over raised."""
        while self._left:
            taken = self._taken.get()
            if isinstance(taken, Exception):
                raise taken
            self._left -= 1
            end(*taken)
