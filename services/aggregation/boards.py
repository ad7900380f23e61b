"""Boards read from stored figures, and the stream of what changes on one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import date

from geju.aggregation.v1 import board_pb2, board_service_pb2, silence_pb2

from services.aggregation.attainment import Composite
from services.aggregation.behind import Behind, Whose, behind
from services.aggregation.board import BoardMaker, patterns
from services.aggregation.disclosure import EVERYTHING, Disclosure, of_offices, shows_whole
from services.aggregation.errors import Stopping
from services.aggregation.figures import Figures
from services.aggregation.live import Watcher
from services.aggregation.periods import Period
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


@dataclass(frozen=True, slots=True)
class Seen:
    """What a watcher was told last."""

    as_of: date
    period: Period
    whole: dict[str, Stored]
    behind: Behind
    silent: frozenset[str] = frozenset()


class Boards:
    """Makes boards."""

    def __init__(self, reader: Reader, sources: Sources, silences: Silences, stopping: asyncio.Event) -> None:
        self._reader, self._sources, self._silences, self._stopping = reader, sources, silences, stopping

    async def board(self, view: View, as_of: date) -> board_pb2.Board:
        """Return a board as measured for a day."""
        return (await self._board(view, as_of))[0]

    async def _board(self, view: View, as_of: date) -> tuple[board_pb2.Board, Seen]:
        live, profile = self._reader.live, self._reader.profile
        version, current = live.version, live.current
        maker, whole = await self._whole(view, as_of)
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
        return board, Seen(as_of, maker.period, whole, maker.behind, _named(board.silences))

    async def _whole(self, view: View, as_of: date) -> tuple[BoardMaker, dict[str, Stored]]:
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
        late = await behind(self._reader, maker.figures, wanted, Whose(view.unit, period, view.caller))
        return replace(maker, behind=late), maker.whole(rows, view.patterns)

    async def watch(self, view: View) -> AsyncIterator[board_service_pb2.WatchBoardResponse]:
        """Give the board, then what changes on it, for as long as the service runs. Raises Stopping at its end."""
        live = self._reader.live
        seen: Seen | None = None
        with live.watch(view.unit) as watcher:
            while True:
                watcher.changed.clear()
                as_of = live.current.as_of
                silent = _named(await self._silences.of_unit(view.unit))
                if seen is None or (seen.as_of, seen.silent) != (as_of, silent):
                    board, seen = await self._board(view, as_of)
                    yield board_service_pb2.WatchBoardResponse(board=board)
                else:
                    version = live.version
                    change, seen = await self._change(view, seen)
                    if change.figures or change.patterns:
                        change.version = version
                        yield board_service_pb2.WatchBoardResponse(change=change)
                while not await self._wait(watcher):
                    beat = board_service_pb2.Heartbeat(version=live.version)
                    yield board_service_pb2.WatchBoardResponse(heartbeat=beat)
                    # Who catches up part of the way, or falls silent, changes no figure: nobody tells of it.
                    if any(seen.behind.values()) or seen.silent != _named(await self._silences.of_unit(view.unit)):
                        break

    async def _change(self, view: View, seen: Seen) -> tuple[board_service_pb2.BoardChange, Seen]:
        maker, whole = await self._whole(view, seen.as_of)
        changed = [code for code, stored in whole.items() if stored != seen.whole.get(code)]
        change = board_service_pb2.BoardChange(figures=[maker.figures.figure(whole[code]) for code in changed])
        earlier = replace(maker, behind=seen.behind)
        for pattern in patterns(self._reader.profile, view.patterns):
            before, now = earlier.summary(pattern, seen.whole), maker.summary(pattern, whole)
            if before != now:
                change.patterns.append(now)
        _put_overall(change, maker.overall(whole, view.patterns))
        return change, replace(seen, whole=whole, behind=maker.behind)

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


def _put_overall(message: board_pb2.Board | board_service_pb2.BoardChange, composite: Composite | None) -> None:
    """Put the attainment of the whole board into a message, when it is of all patterns."""
    if composite is not None:
        message.attainment_text = composite.words
        if composite.share is not None:
            message.attainment = float(composite.share)


def _named(silences: Iterable[silence_pb2.Silence]) -> frozenset[str]:
    """Return who is silent: since when, the board tells when that changes."""
    return frozenset(silence.source or silence.unit for silence in silences)
