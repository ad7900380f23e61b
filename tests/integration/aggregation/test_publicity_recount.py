"""Every figure of publicity equals a naive recount after any history, around the ends of years above all."""

from __future__ import annotations

import random
from typing import Any

import asyncpg
import pytest
from geju.publicity.v1 import facility_pb2 as fp
from geju.publicity.v1 import study_session_pb2 as sp
from geju.publicity.v1.facts_pb2 import EnterpriseFacts, FacilityFacts, MarketFacts, SchoolYearFacts, StudySessionFacts

from services.aggregation import catalogue
from services.aggregation.indicator import Form
from tests.support.counting import on
from tests.support.recounting import DAYS, AreaRecount

ORGANISATIONS = (
    ("", sp.STUDY_ORGANISATION_STREET),
    ("011", sp.STUDY_ORGANISATION_VILLAGE),
    ("012", sp.STUDY_ORGANISATION_COMMUNITY),
    ("021", sp.STUDY_ORGANISATION_VILLAGE),
)


def shape(facts: Any, chance: random.Random) -> None:
    """Have few organisations study, so that some reach four times a year; give schools and others their dates."""
    if chance.random() < 0.2:
        return
    match facts:
        case StudySessionFacts():
            facts.place, facts.organisation = chance.choice(ORGANISATIONS)
        case SchoolYearFacts():
            facts.begins_date.CopyFrom(on(facts.year or 2010, 9, 1))
            facts.ends_date.CopyFrom(on((facts.year or 2010) + 1, 8, 31))
            for field in ("plan_date", "hours_date", "textbooks_date", "teachers_date"):
                if not facts.HasField(field):
                    getattr(facts, field).CopyFrom(on(facts.year or 2010, 9, 10))
        case FacilityFacts():
            facts.kind = chance.choice([facts.kind, fp.FACILITY_KIND_GUIDE_BOARD])
            facts.place = chance.choice([facts.place, "012", "022"])
        case MarketFacts():
            facts.large = True
        case EnterpriseFacts():
            facts.sized_from_date.CopyFrom(facts.from_date)
            facts.ClearField("sized_to_date")


# What yearly figures and school years are made of comes often enough to fill them.
MORE = {"study_session": 9, "education_session": 4, "school_year": 6, "activity": 4, "facility": 6, "enterprise": 2}
PUBLICITY = AreaRecount("publicity", MORE, shape)
SEEDS = range(4)


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_figure_equals_a_recount(projections: asyncpg.Connection, seed: int) -> None:
    """Stored as it came in batch by batch and day by day, asked for a past day, counted at one go: always the same."""
    await PUBLICITY.compare(projections, seed)


async def test_members_add_up(projections: asyncpg.Connection) -> None:
    """The records listed for a figure add up to it in every breakdown, also where a record is split."""
    await PUBLICITY.add_up(projections, 9)


def test_the_histories_show_every_figure() -> None:
    """A figure that the histories never fill would not be compared."""
    assert PUBLICITY.codes == PUBLICITY.shown(SEEDS)


def test_the_histories_reach_what_is_counted() -> None:
    """Some are counted and some are counted against, at least at the end of one of the histories."""
    found = [PUBLICITY.counted(PUBLICITY.history(random.Random(seed)), DAYS[-1]) for seed in SEEDS]
    for indicator in catalogue.INDICATORS:
        if indicator.area == "publicity" and indicator.form in {Form.SHARE, Form.QUOTA}:
            whole = [f for counted in found for (code, *_), f in counted.items() if code == indicator.code]
            assert any(0 < n < total for n, total in whole), indicator.code
