"""Who handles the invented cases of legal aid: the practitioners of legal services, in turn, nearly everybody."""

from __future__ import annotations

import datetime as dt
import random
from collections import deque
from collections.abc import Callable, Collection, Sequence

from services.demo.firms import GRASSROOTS, LAWYER, Practitioner

#: Of those who may be assigned, how many never are: the duty of one case a year is not everybody's habit.
NEVER = 0.03
PRACTISED = dt.timedelta(days=4 * 365)


class Handlers:
    """The lawyers and grassroots legal workers; each year everybody has a turn before anybody has a second one."""

    def __init__(self, people: Sequence[Practitioner], rng: random.Random) -> None:
        """Take those who may handle cases at all."""
        able = [person for person in people if person.record.kind in {LAWYER, GRASSROOTS}]
        self._people = [person for person in able if rng.random() >= NEVER]
        self._rng, self._turns = rng, dict[int, deque[Practitioner]]()

    def assign(self, day: dt.date, *, criminal: bool = False, grave: bool = False,
               but: Collection[str] = ()) -> str:  # fmt: skip
        """Give the licence of the next one in turn who is licensed on a day and may act; empty when nobody is."""

        def fits(person: Practitioner) -> bool:
            long = not grave or person.first + PRACTISED <= day
            lawyer = not criminal or person.record.kind == LAWYER
            return person.licensed(day) and lawyer and long and person.licence not in but

        return self._next(self._turn(day.year), fits)

    def reviewer(self, day: dt.date, but: Collection[str]) -> str:
        """Give the licence of somebody who rates a file and did not handle the case; empty when nobody is found."""
        for _ in range(30):
            person = self._rng.choice(self._people)
            if person.licensed(day) and person.licence not in but:
                return person.licence
        return ""

    def _turn(self, year: int) -> deque[Practitioner]:
        if year not in self._turns:
            there = [p for p in self._people if p.first.year <= year and (p.last is None or p.last.year >= year)]
            self._turns[year] = deque(self._rng.sample(there, len(there)))
        return self._turns[year]

    @staticmethod
    def _next(turn: deque[Practitioner], fits: Callable[[Practitioner], bool]) -> str:
        found = next((person for person in turn if fits(person)), None)
        if found is None:
            return ""
        turn.remove(found)
        turn.append(found)
        return found.licence
