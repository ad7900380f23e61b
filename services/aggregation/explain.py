"""Lists the records behind a figure, with the reason of each, a page at a time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import asyncpg
from geju.aggregation.v1 import board_service_pb2 as pb

from services.aggregation import catalogue
from services.aggregation.asof import measure_as_of
from services.aggregation.disclosure import EVERYTHING, UNDECIDED, is_sensitive, unrestricted
from services.aggregation.errors import UnknownBreakdown, UnknownKey
from services.aggregation.figures import Figures
from services.aggregation.members import Page, Position, Question, members
from services.aggregation.messages import PARTS, SIDES, keys, member_message
from services.aggregation.periods import Period
from services.aggregation.projection import Projection
from services.aggregation.provenance import origins, record_name
from services.aggregation.reader import COLUMNS, Reader
from services.aggregation.requests import indicator_of
from services.aggregation.rollup import Stored
from services.chassis.context import Caller
from services.chassis.crypto import RecordKeys
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.profile import Profile
from services.chassis.paging import make_token, page_size, query_of, read_token
from services.chassis.storage.scopes import RIGHTS

#: Key of records that leave the breakdown's field open.
UNSPECIFIED = "unspecified"
_TOKEN = b"members"


class Explainer:
    """Reads members and the figure they add up to in one snapshot."""

    def __init__(self, reader: Reader, crypto: RecordKeys) -> None:
        self._reader, self._crypto = reader, crypto

    async def members(
        self, request: pb.ListMembersRequest, unit: str, period: Period, as_of: date, caller: Caller
    ) -> pb.ListMembersResponse:
        """Return one page. Raises UnknownIndicator, UnknownBreakdown, PeriodNotMeasured, BadPageToken."""
        question = _question(request, unit, period, self._reader.profile)
        question = replace(question, rights=caller.roles.intersection(RIGHTS))
        withheld = is_sensitive(question.indicator, question.breakdown) and not unrestricted(caller)
        query = query_of(request, f"{unit}|{period.code}|{as_of}")
        token, size = read_token(self._crypto, query, request.page_token), page_size(request)
        after = None if token is None else self._opened(token[0])
        async with self._reader.projection() as (conn, projection):
            figure = await _figure(conn, projection, question, as_of)
            found = [] if withheld else await members(conn, projection, question, as_of, Page(after, size + 1))
            shown = found[:size]
            names = [record_name(member.collection, member.id) for member in shown]
            known = await origins(conn, projection.schema, names)
        shown_to = UNDECIDED if withheld else EVERYTHING
        figures, indicator = Figures(self._reader.profile, as_of, shown_to), catalogue.BY_CODE[question.indicator]
        return pb.ListMembersResponse(
            members=[member_message(member, figures, known, indicator) for member in shown],
            next_page_token=self._token(query, shown[-1].position) if len(found) > size else "",
            figure=figures.figure(figure),
            withheld=withheld,
        )

    def _token(self, query: str, position: Position) -> str:
        """Return the token of a page: encrypted, as its last record may be a sealed one."""
        place, when, id_, number = position
        text = json.dumps([place, when.isoformat(), id_, number])
        return make_token(self._crypto, query, [self._crypto.encrypt(text.encode(), _TOKEN).hex()])

    def _opened(self, token: str) -> Position:
        place, when, id_, number = json.loads(self._crypto.decrypt(bytes.fromhex(token), _TOKEN))
        return int(place), date.fromisoformat(when), str(id_), int(number)


def _question(request: pb.ListMembersRequest, unit: str, period: Period, profile: Profile) -> Question:
    indicator = indicator_of(request.indicator, period)
    if request.breakdown and request.breakdown not in indicator.by:
        known = "、".join(indicator.by) or "无"
        raise UnknownBreakdown("breakdown", indicator=indicator.code, breakdown=request.breakdown, known=known)
    if bool(request.breakdown) != bool(request.key):
        raise InvalidField("key", expected="breakdown 与 key 须同时填写")
    if request.key and request.key not in (UNSPECIFIED, *(keys_known := keys(indicator, request.breakdown, profile))):
        raise UnknownKey("key", breakdown=request.breakdown, key=request.key, known="、".join(keys_known))
    sides = frozenset({SIDES[request.part]} if request.part else PARTS)
    return Question(indicator.code, unit, period.code, request.breakdown, request.key, sides)


async def _figure(conn: asyncpg.Connection, projection: Projection, question: Question, as_of: date) -> Stored:
    """Return the figure that is asked about, as measured for a day."""
    wanted = (question.period, question.unit, question.indicator, question.breakdown, question.key)
    if as_of == projection.as_of:
        where = "period = $1 and unit = $2 and indicator = $3"
        statement = f"select {COLUMNS} from {projection.schema}.figure where {where}"  # noqa: S608
        every = [Stored(*row) for row in await conn.fetch(statement, *wanted[:3])]
    else:
        every = await measure_as_of(conn, projection, as_of, [question.unit], [question.period])
    found = (r for r in every if (r.period, r.unit, r.indicator, r.breakdown, r.key) == wanted)
    return next(found, Stored(*wanted, 0, 0))
