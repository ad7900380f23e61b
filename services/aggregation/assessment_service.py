"""Serves the assessment of the offices: read and computed for each call, stored nowhere."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geju.aggregation.v1 import assessment_service_pb2 as pb
from geju.aggregation.v1.assessment_service_pb2_grpc import AssessmentServiceServicer

from services.aggregation.assessment import RULES, OfficeScore, days_within, score_office, standings
from services.aggregation.assessment_messages import office_message
from services.aggregation.assessment_what_if import changes, tried
from services.aggregation.board import BoardMaker, assessed
from services.aggregation.disclosure import EVERYTHING, Disclosure, of_offices, unrestricted
from services.aggregation.figures import Figures
from services.aggregation.live import Current
from services.aggregation.periods import Period
from services.aggregation.reader import Reader
from services.aggregation.requests import day_of, period_at, unit_of
from services.aggregation.rollup import Stored
from services.chassis.context import Caller, current
from services.chassis.domain.dates import from_date


@dataclass(frozen=True, slots=True)
class Question:
    """What is assessed, as of which day, and who asks."""

    period: Period
    as_of: date
    caller: Caller
    patterns: tuple[str, ...]

    @property
    def days(self) -> int:
        """Days of the period so far."""
        return (self.period.at(self.as_of) - self.period.start).days + 1


Rows = Mapping[str, Sequence[Stored]]  # whole figures by unit


class AssessmentServicer(AssessmentServiceServicer):
    """Assesses from stored figures; those of a past day are counted anew."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def AssessOffices(self, request: pb.AssessOfficesRequest, context: Any = None) -> pb.AssessOfficesResponse:
        """Return every office with its scores, places and points."""
        del context
        profile, as_of = self._reader.profile, day_of(self._reader, request.as_of_date)
        unit, period = unit_of(profile, request.unit), period_at(request.period, as_of, profile)
        question = Question(period, as_of, current().caller, tuple(request.patterns))
        assessed(profile, question.patterns)
        trying, year = changes(request.what_if), period.start.year
        other = tried(profile, request.what_if, year, question.patterns) if trying else None
        live = self._reader.live.current
        rows, shown = await self._rows(question)
        figures = Figures(profile, as_of, shown)
        now = await _scores(question, figures, rows, live)
        before = None if other is None else standings(now, question.days)
        if other is not None:
            figures = replace(figures, profile=other)
            now = await _scores(question, figures, rows, live)
        ranks = standings(now, question.days)
        messages = [office_message(one, ranks, before, figures) for one in now]
        order = sorted(messages, key=lambda one: (not one.standing.rank, one.standing.rank))
        return pb.AssessOfficesResponse(
            period=period.code,
            as_of_date=from_date(as_of),
            offices=[one for one in order if unit in {"", one.unit}],
            days=question.days,
            hypothetical=other is not None,
            withheld=sum(one.withheld for one in messages),
            rules=RULES,
            rebuilding=live.known is not None,
            demonstration=profile.demonstration,
        )

    async def _rows(self, question: Question) -> tuple[Rows, Disclosure]:
        """Return the whole figures of the period, and what of them the caller is shown: what boards show."""
        caller, codes = question.caller, [question.period.code]
        every = await self._reader.figures(None, codes, question.as_of)
        rows: dict[str, list[Stored]] = defaultdict(list)
        for row in every:
            if not row.breakdown:
                rows[row.unit].append(row)
        if unrestricted(caller):
            return rows, EVERYTHING
        return rows, Disclosure(withheld=of_offices(caller.sees, every, self._reader.profile, codes))


async def _scores(question: Question, figures: Figures, rows: Rows, live: Current) -> list[OfficeScore]:
    """Return the scores of every office that existed on a day of the period so far."""
    chosen = assessed(figures.profile, question.patterns)
    scored = []
    for office in figures.profile.offices:
        days = days_within(office, question.period, question.as_of)
        if days:
            maker = BoardMaker(figures, office.code, question.period, live.shows)
            scored.append(score_office(maker, office, days, rows.get(office.code, ()), chosen))
            # A large district takes a while; other calls go on meanwhile.
            await asyncio.sleep(0)
    return scored
