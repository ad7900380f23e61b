"""Serves work lists and pace: of today, of the offices in the caller's scope."""

from __future__ import annotations

from datetime import date
from typing import Any

from geju.aggregation.v1 import work_service_pb2 as pb
from geju.aggregation.v1.work_service_pb2_grpc import WorkServiceServicer

from services.aggregation import catalogue, pace
from services.aggregation.board import patterns
from services.aggregation.errors import UnknownWorkList
from services.aggregation.figures import Figures
from services.aggregation.reader import Reader
from services.aggregation.requests import offices_for
from services.aggregation.rollup import DISTRICT
from services.aggregation.work import Page, Position, Whose, counts, entries, steps
from services.aggregation.work_lists import item_message, list_message, lists_of
from services.chassis.context import current
from services.chassis.crypto import RecordKeys
from services.chassis.domain.dates import from_date
from services.chassis.paging import make_token, page_size, query_of, read_token


class WorkServicer(WorkServiceServicer):
    """Reads what is open from the facts as they are now."""

    def __init__(self, reader: Reader, crypto: RecordKeys) -> None:
        self._reader, self._crypto = reader, crypto

    async def ListWorkLists(self, request: pb.ListWorkListsRequest, context: Any = None) -> pb.ListWorkListsResponse:
        """Count every list by office."""
        del context
        profile = self._reader.profile
        whose = self._whose(request.unit)
        patterns(profile, request.patterns)
        wanted = lists_of(profile, request.patterns)
        async with self._reader.projection() as (conn, projection):
            counted = [await counts(conn, projection, indicator, whose) for indicator in wanted]
            owing = [(i, await steps(conn, projection, i, whose)) for i in wanted if i.work and i.work.steps]
        figures = Figures(profile, whose.as_of)
        lists = [list_message(i, found, whose.offices, figures) for i, found in zip(wanted, counted, strict=True)]
        paces = pace.of_quotas(owing, request.unit, figures, all_seen=whose.offices is None)
        if not request.unit:
            rows = await self._reader.figures([DISTRICT], [str(whose.as_of.year)])
            paces += pace.of_the_district(rows, figures, request.patterns)
        paces.sort(key=lambda one: one.indicator)
        return pb.ListWorkListsResponse(lists=lists, paces=paces, as_of_date=from_date(whose.as_of))

    async def ListWorkItems(self, request: pb.ListWorkItemsRequest, context: Any = None) -> pb.ListWorkItemsResponse:
        """List one page of a list."""
        del context
        indicator = catalogue.WORK.get(request.list)
        if indicator is None:
            raise UnknownWorkList("list", list=request.list)
        whose = self._whose(request.unit)
        scope = "*" if whose.offices is None else ",".join(sorted(whose.offices))
        query, size = query_of(request, f"{scope}|{whose.as_of}"), page_size(request)
        token = read_token(self._crypto, query, request.page_token)
        after = None if token is None else _position(*token)
        async with self._reader.projection() as (conn, projection):
            found = await entries(conn, projection, indicator, whose, Page(after, size + 1))
        shown, figures = found[:size], Figures(self._reader.profile, whose.as_of)
        return pb.ListWorkItemsResponse(
            items=[item_message(indicator, entry, figures) for entry in shown],
            next_page_token=self._token(query, shown[-1].position) if len(found) > size else "",
        )

    def _whose(self, unit: str) -> Whose:
        offices = offices_for(self._reader.profile, unit, current().caller)
        return Whose(self._reader.as_of(None), offices)

    def _token(self, query: str, position: Position) -> str:
        due, *rest = position
        return make_token(self._crypto, query, [due.isoformat(), *rest])


def _position(due: str, office: str, id_: str, number: int) -> Position:
    return date.fromisoformat(due), office, id_, number
