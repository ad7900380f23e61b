"""Linking up in time, work kept, convictions of a year's releases, grants, surveys."""

from __future__ import annotations

from datetime import date

from geju.correction.v1 import placement_pb2 as pb
from geju.correction.v1.facts_pb2 import (
    PlacementFacts,
    ReleasedPersonFacts,
    SituationSurveyFacts,
    TransitionGrantFacts,
)

from services.aggregation.measure import advance_date
from tests.support.counting import Counting, on

RELEASED, DUE = on(2012, 3, 1), on(2012, 3, 11)


async def test_a_released_person_is_linked_up_with_by_the_day_due(counting: Counting) -> None:
    """resettlement.handover_rate: by the month of release; late or overdue counts against, not due yet in neither."""
    await counting.put(
        ReleasedPersonFacts(released_date=RELEASED, link_due=DUE, linked_date=DUE),
        ReleasedPersonFacts(released_date=RELEASED, link_due=DUE, linked_date=on(2012, 3, 12)),
        ReleasedPersonFacts(office="03", released_date=on(2012, 2, 20), link_due=on(2012, 3, 1)),
        ReleasedPersonFacts(released_date=on(2012, 3, 10), link_due=on(2012, 3, 20)),
    )
    assert (1, 2) == await counting.figure("resettlement.handover_rate", "2012-03")
    assert (0, 1) == await counting.figure("resettlement.handover_rate", "2012-02", "03")
    assert (1, 3) == await counting.figure("resettlement.handover_rate", "2012")
    assert (1, 1) == await counting.as_of(date(2012, 3, 11), "resettlement.handover_rate", "2012-03")
    assert ["counted", "linked_late", "pending"] == await counting.reasons("resettlement.handover_rate", "2012-03")
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (1, 3) == await counting.figure("resettlement.handover_rate", "2012-03")


async def test_reoffending_is_counted_by_the_year_of_release(counting: Counting) -> None:
    """resettlement.reoffending_rate: a later conviction restates the year of release, and only from its own day."""
    await counting.put(
        ReleasedPersonFacts(released_date=on(2011, 2, 1), convicted_date=on(2012, 3, 5)),
        ReleasedPersonFacts(office="03", released_date=on(2011, 11, 1)),
        ReleasedPersonFacts(released_date=on(2012, 1, 1), convicted_date=on(2012, 3, 21)),
    )
    assert (1, 2) == await counting.figure("resettlement.reoffending_rate", "2011")
    assert (0, 1) == await counting.figure("resettlement.reoffending_rate", "2011", "03")
    assert (0, 1) == await counting.figure("resettlement.reoffending_rate", "2012")
    assert (0, 2) == await counting.as_of(date(2012, 3, 4), "resettlement.reoffending_rate", "2011")
    assert ["counted", "not_convicted"] == await counting.reasons("resettlement.reoffending_rate", "2011")


async def test_grants_count_when_paid(counting: Counting) -> None:
    """resettlement.transition_grants: fen paid; granted only is not paid."""
    await counting.put(
        TransitionGrantFacts(granted_date=RELEASED, paid_date=on(2012, 3, 9), amount_fen=60_000),
        TransitionGrantFacts(office="03", granted_date=RELEASED, paid_date=on(2012, 3, 9), amount_fen=40_000),
        TransitionGrantFacts(granted_date=RELEASED, amount_fen=99),
    )
    assert (100_000, 0) == await counting.figure("resettlement.transition_grants", "2012-03")
    assert (40_000, 0) == await counting.figure("resettlement.transition_grants", "2012-Q1", "03")


async def test_employment_is_stable_when_held_six_months(counting: Counting) -> None:
    """resettlement.employment_rate: jobs six months after the start; left on that very day is held."""
    job = {"kind": pb.PLACEMENT_KIND_JOB, "from_date": on(2011, 9, 10), "six_months_due": on(2012, 3, 10)}
    await counting.put(
        PlacementFacts(**job),
        PlacementFacts(**job, to_date=on(2012, 3, 10)),
        PlacementFacts(office="03", **job, to_date=on(2012, 3, 9)),
        PlacementFacts(kind=pb.PLACEMENT_KIND_FAMILY, six_months_due=on(2012, 3, 10)),
        PlacementFacts(kind=pb.PLACEMENT_KIND_JOB, to_date=on(2012, 3, 1), six_months_due=on(2012, 3, 21)),
    )
    assert (2, 3) == await counting.figure("resettlement.employment_rate", "2012-03")
    assert (0, 1) == await counting.figure("resettlement.employment_rate", "2012-03", "03")
    assert ["counted", "counted", "job_lost", "no_job", "not_yet"] == await counting.reasons(
        "resettlement.employment_rate", "2012-03"
    )


async def test_a_survey_counts_when_closed(counting: Counting) -> None:
    """resettlement.survey_coverage: answers over sample; a running survey is in neither."""
    await counting.put(
        SituationSurveyFacts(opened_date=RELEASED, closed_date=on(2012, 3, 15), sample=40, answers=31),
        SituationSurveyFacts(office="03", opened_date=RELEASED, closed_date=on(2012, 3, 16), sample=10, answers=10),
        SituationSurveyFacts(opened_date=RELEASED, sample=100, answers=3),
    )
    assert (41, 50) == await counting.figure("resettlement.survey_coverage", "2012-03")
    assert (10, 10) == await counting.figure("resettlement.survey_coverage", "2012-03", "03")
