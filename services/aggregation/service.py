"""Serves the board: figures, what they mean, and the records behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from geju.aggregation.v1 import board_service_pb2 as pb
from geju.aggregation.v1.board_service_pb2_grpc import BoardServiceServicer

from services.aggregation.board import indicators_of, patterns
from services.aggregation.boards import Boards, View
from services.aggregation.errors import NotMeasured
from services.aggregation.explain import Explainer
from services.aggregation.messages import indicator_message
from services.aggregation.reader import Reader
from services.aggregation.requests import day_of, indicator_of, period_at, unit_for, unit_of
from services.aggregation.rollup import DISTRICT
from services.aggregation.series import Asked, breakdowns, offices, places, series
from services.chassis.context import current


class BoardServicer(BoardServiceServicer):
    """Reads stored figures; a past day is counted anew."""

    def __init__(self, reader: Reader, boards: Boards, explainer: Explainer) -> None:
        self._reader, self._boards, self._explainer = reader, boards, explainer

    async def GetBoard(self, request: pb.GetBoardRequest, context: Any = None) -> pb.GetBoardResponse:
        """Return the board of a unit for a period."""
        del context
        view = self._view(request)
        return pb.GetBoardResponse(board=await self._boards.board(view, day_of(self._reader, request.as_of_date)))

    async def WatchBoard(
        self, request: pb.WatchBoardRequest, context: Any = None
    ) -> AsyncIterator[pb.WatchBoardResponse]:
        """Send the board and then its changes."""
        del context
        async for event in self._boards.watch(self._view(request), current().admit):
            yield event

    async def ListIndicators(self, request: pb.ListIndicatorsRequest, context: Any = None) -> pb.ListIndicatorsResponse:
        """List the catalogue."""
        del context
        profile = self._reader.profile
        wanted = patterns(profile, [request.pattern] if request.pattern else [])
        found = {i.code: i for pattern in wanted for i in indicators_of(profile, pattern.code)}
        return pb.ListIndicatorsResponse(indicators=[indicator_message(found[c], profile) for c in sorted(found)])

    async def GetIndicator(self, request: pb.GetIndicatorRequest, context: Any = None) -> pb.GetIndicatorResponse:
        """Return an indicator with its series, offices, their places and breakdowns."""
        del context
        as_of, unit = day_of(self._reader, request.as_of_date), unit_of(self._reader.profile, request.unit)
        period = period_at(request.period, as_of, self._reader.profile)
        indicator = indicator_of(request.indicator, period)
        if not self._reader.live.current.shows(indicator.code):
            raise NotMeasured
        answer = pb.GetIndicatorResponse(indicator=indicator_message(indicator, self._reader.profile))
        asked = Asked(indicator, unit, period, as_of, current().caller)
        answer.series.extend(await series(self._reader, asked, request.points))
        found = await offices(self._reader, asked)
        answer.offices.extend(found if asked.unit == DISTRICT else [])
        answer.ranks.extend(places(self._reader, asked, found))
        answer.breakdowns.extend(await breakdowns(self._reader, asked))
        return answer

    async def ListMembers(self, request: pb.ListMembersRequest, context: Any = None) -> pb.ListMembersResponse:
        """List the records behind a figure."""
        del context
        as_of = day_of(self._reader, request.as_of_date)
        caller = current().caller
        unit = unit_for(self._reader.profile, request.unit, caller)
        period = period_at(request.period, as_of, self._reader.profile)
        return await self._explainer.members(request, unit, period, as_of, caller)

    def _view(self, request: pb.GetBoardRequest | pb.WatchBoardRequest) -> View:
        patterns(self._reader.profile, request.patterns)
        unit = unit_of(self._reader.profile, request.unit)
        return View(unit, request.period, current().caller, tuple(request.patterns))
