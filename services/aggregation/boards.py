"""Boards read from stored figures, and the stream of what changes on one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from geju.aggregation.v1 import board_pb2, board_service_pb2, silence_pb2

from services.aggregation.attainment import Composite
from services.aggregation.behind import Asked, behind
from services.aggregation.board import BoardMaker, patterns
from services.aggregation.disclosure import EVERYTHING, Disclosure, of_offices, shows_whole
from services.aggregation.errors import Stopping
from services.aggregation.figures import Figures
from services.aggregation.live import Watcher
from services.aggregation.once import Once
from services.aggregation.reader import Reader
from services.aggregation.requests import period_at
from services.aggregation.rollup import Stored
from services.aggregation.silences import Silences
from services.aggregation.sources import Sources, earliest
from services.chassis.context import Caller
from services.chassis.domain.dates import from_date

HEARTBEAT = 15.0


@dataclass(frozen=True, slots=True)
class View:
    """What a board is of, and who sees it; `period` "" is the year of the day."""

    unit: str
    period: str
    caller: Caller
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What a board shows; watchers who are shown the same share it, and know by it what they were told last."""

    maker: BoardMaker
    whole: Mapping[str, Stored]

    @property
    def as_of(self) -> date:
        """The day that it is of."""
        return self.maker.figures.as_of


class Boards:
    """Makes boards."""

    def __init__(self, reader: Reader, sources: Sources, silences: Silences, stopping: asyncio.Event) -> None:
        self._reader, self._sources, self._silences, self._stopping = reader, sources, silences, stopping
        self._once = Once()
        self._lately = Once()

    async def board(self, view: View, as_of: date) -> board_pb2.Board:
        """Return a board as measured for a day."""
        version = self._reader.live.version
        return await self._board(view, await self._state(view, as_of), version)

    async def _board(self, view: View, state: State, version: int) -> board_pb2.Board:
        profile, current, as_of = self._reader.profile, self._reader.live.current, state.as_of
        maker, whole = state.maker, state.whole
        board = board_pb2.Board(
            unit=view.unit,
            unit_label=maker.figures.unit_label(view.unit),
            period=maker.period.code,
            as_of_date=from_date(as_of),
            patterns=maker.patterns(whole, view.patterns),
            sources=await self._sources.list(),
            silences=await self._silences.of_unit(view.unit) if as_of == current.as_of else (),
            version=version,
            demonstration=profile.demonstration,
            rebuilding=current.known is not None,
        )
        _put_overall(board, maker.overall(whole, view.patterns))
        board.measured_time.FromDatetime(current.measured)
        proven = earliest([s.proven_time.ToDatetime() if s.HasField("proven_time") else None for s in board.sources])
        if proven is not None:
            board.proven_time.FromDatetime(proven)
        return board

    async def _state(self, view: View, as_of: date) -> State:
        """Return what makes the board, and its figures; those of all units decide what of an office is shown."""
        profile, current = self._reader.profile, self._reader.live.current
        period, shown = period_at(view.period, as_of, profile), EVERYTHING
        if shows_whole(view.caller, view.unit):
            rows = await self._reader.figures([view.unit], [period.code], as_of)
        else:
            every = await self._reader.figures(None, [period.code], as_of)
            shown = Disclosure(withheld=of_offices(view.caller.sees, every, profile, [period.code]))
            rows = [row for row in every if row.unit == view.unit]
        maker = BoardMaker(Figures(profile, as_of, shown), view.unit, period, current.shows)
        wanted = [i for pattern in patterns(profile, view.patterns) for i in maker.shown(pattern)]
        late = await behind(self._reader, maker.figures, wanted, Asked(view.unit, period, view.caller))
        return State(replace(maker, behind=late), maker.whole(rows, view.patterns))

    async def _shared(self, view: View, as_of: date, version: int) -> State:
        """Return the state that all who are shown the same share, whoever they are."""
        return await self._once.get(version, ("state", _anyone(view), as_of), lambda: self._state(view, as_of))

    async def watch(self, view: View, admit: Callable[[], None]) -> AsyncIterator[board_service_pb2.WatchBoardResponse]:
        """Give the board, then what changes on it, for as long as the service runs and the caller is admitted.

        Raises Stopping at the end of the service, a kind of Unauthenticated when the token has expired.
        """
        live = self._reader.live
        seen: State | None = None
        told: frozenset[str] = frozenset()
        with live.watch(view.unit) as watcher:
            while True:
                admit()
                watcher.changed.clear()
                version, as_of = live.version, live.current.as_of
                silent = _named(await self._silences.of_unit(view.unit))
                now = await self._shared(view, as_of, version)
                if seen is None or (seen.as_of, told) != (as_of, silent):
                    board = await self._begun(view, now, version)
                    told = _named(board.silences)
                    yield board_service_pb2.WatchBoardResponse(board=board)
                else:
                    response = await self._changed(view, seen, now, version)
                    if response.change.figures or response.change.patterns:
                        yield response
                seen = now
                while not await self._wait(watcher):
                    admit()
                    beat = board_service_pb2.Heartbeat(version=live.version)
                    yield board_service_pb2.WatchBoardResponse(heartbeat=beat)
                    # Who catches up part of the way, or falls silent, changes no figure: nobody tells of it.
                    if any(seen.maker.behind.values()) or told != _named(await self._silences.of_unit(view.unit)):
                        break

    async def _begun(self, view: View, state: State, version: int) -> board_pb2.Board:
        """Return the board that somebody begins with, made once for all who begin within the same second.

        Figures are those of the state; how fresh its sources are may be a second old. Making one takes long enough for
        some hundred who begin at the same time, after a restart or on purpose, to keep everybody waiting.
        """
        who = version, _anyone(view), state
        return await self._lately.get(int(time.monotonic()), who, lambda: self._board(view, state, version))

    async def _changed(
        self, view: View, before: State, now: State, version: int
    ) -> board_service_pb2.WatchBoardResponse:
        """Return what is to be told of two states, made once for all who were told the first of them."""

        async def made() -> board_service_pb2.WatchBoardResponse:
            change = self._change(view, before, now)
            change.version = version
            return board_service_pb2.WatchBoardResponse(change=change)

        return await self._once.get(version, ("change", _anyone(view), before), made)

    def _change(self, view: View, before: State, now: State) -> board_service_pb2.BoardChange:
        was, shown = before.maker.figures.disclosure, now.maker.figures.disclosure
        # What others count may withhold a figure that stays as it is, or show it.
        changed = [
            code
            for code, stored in now.whole.items()
            if stored != before.whole.get(code) or was.hides(stored) != shown.hides(stored)
        ]
        change = board_service_pb2.BoardChange(figures=[now.maker.figures.figure(now.whole[code]) for code in changed])
        earlier = replace(now.maker, behind=before.maker.behind)
        for pattern in patterns(self._reader.profile, view.patterns):
            summary = now.maker.summary(pattern, now.whole)
            if earlier.summary(pattern, before.whole) != summary:
                change.patterns.append(summary)
        _put_overall(change, now.maker.overall(now.whole, view.patterns))
        return change

    async def _wait(self, watcher: Watcher) -> bool:
        """Return True when something changed, False after a while in which nothing did. Raises Stopping."""
        waits = [asyncio.create_task(event.wait()) for event in (watcher.changed, self._stopping)]
        try:
            await asyncio.wait(waits, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
        if self._stopping.is_set():
            raise Stopping
        return watcher.changed.is_set()


def _anyone(view: View) -> View:
    """Return a view as it is for whoever has the same roles and offices."""
    return replace(view, caller=replace(view.caller, subject=""))


def _put_overall(message: board_pb2.Board | board_service_pb2.BoardChange, composite: Composite | None) -> None:
    """Put the attainment of the whole board into a message, when it is of all patterns."""
    if composite is not None:
        message.attainment_text = composite.words
        if composite.share is not None:
            message.attainment = float(composite.share)


def _named(silences: Iterable[silence_pb2.Silence]) -> frozenset[str]:
    """Return who is silent: since when, the board tells when that changes."""
    return frozenset(silence.source or silence.unit for silence in silences)
