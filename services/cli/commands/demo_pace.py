"""How fast a load goes and how long it will still take."""

from __future__ import annotations

#: Shorter waits need no telling; and what was measured for less time is no measure.
WORTH_TELLING, MEASURED = 60.0, 5.0
MINUTE, HOUR = 60, 3600


class Pace:
    """Counts rows from the beginning of this run on; `left` are to come. What an earlier run did does not count."""

    def __init__(self, left: int, now: float) -> None:
        """Begin at a time, in seconds of any clock that does not jump."""
        self._begun, self._left, self._done = now, left, 0

    def done(self, rows: int) -> None:
        """Count rows of a file that is in."""
        self._done += rows
        self._left -= rows

    def told(self, now: float) -> str:
        """Return rows a second and the time left, as words that follow others; empty when it is hardly worth it."""
        passed = now - self._begun
        if passed < MEASURED or not self._done or self._left <= 0:
            return ""
        rate = self._done / passed
        left = self._left / rate
        return f";每秒 {rate:,.0f} 行,大约还需 {_long(left)}" if left >= WORTH_TELLING else ""


def _long(seconds: float) -> str:
    """Return a duration of a minute or more, rounded up."""
    minutes = int(-(-seconds // MINUTE))
    hours, rest = divmod(minutes, HOUR // MINUTE)
    return f"{hours} 小时 {rest} 分钟" if hours else f"{minutes} 分钟"
