"""Activities and whom they reached, materials, news."""

from __future__ import annotations

from datetime import date

import pytest
from geju.publicity.v1 import activity_pb2 as pb
from geju.publicity.v1 import material_handout_pb2 as hp
from geju.publicity.v1 import news_item_pb2 as np
from geju.publicity.v1.facts_pb2 import ActivityFacts, MaterialHandoutFacts, NewsItemFacts

from services.aggregation import catalogue
from services.aggregation.catalogue import CatalogueError
from services.aggregation.indicator import Flow, Form, Indicator
from services.aggregation.indicators.publicity_activities import ACTIVITY, AUDIENCE, a
from services.aggregation.members import Question, members
from tests.support import histories
from tests.support.counting import Counting, on

MARCH = on(2012, 3, 1)


async def test_an_activity_counts_once_it_is_held(counting: Counting) -> None:
    """publicity.activities: the day it was held; planned or cancelled it is none, deleted it is none."""
    await counting.put(
        ActivityFacts(planned_date=on(2012, 2, 20), held_date=MARCH, state=pb.Activity.STATE_HELD),
        ActivityFacts(held_date=on(2012, 2, 29)),
        ActivityFacts(held_date=on(2012, 3, 20)),
        ActivityFacts(held_date=on(2012, 3, 21)),
        ActivityFacts(held_date=MARCH, deleted=True),
        ActivityFacts(planned_date=MARCH, state=pb.Activity.STATE_PLANNED),
        ActivityFacts(planned_date=MARCH, cancelled_date=MARCH, state=pb.Activity.STATE_CANCELLED),
    )
    code = "publicity.activities"
    assert [(1, 0), (2, 0), (3, 0)] == [await counting.figure(code, p) for p in ("2012-02", "2012-03", "2012")]
    assert ["counted", "counted", "deleted", "not_yet"] == await counting.reasons(code, "2012-03")
    assert (1, 0) == await counting.as_of(date(2012, 3, 19), code, "2012-03")


async def test_an_activity_stands_under_its_form_topics_venue_and_channel(counting: Counting) -> None:
    """publicity.activities: once under each of its topics, once in the whole."""
    await counting.put(
        ActivityFacts(
            held_date=MARCH, form=pb.ACTIVITY_FORM_LECTURE, venue=pb.ACTIVITY_VENUE_PARK,
            channel=pb.ACTIVITY_CHANNEL_ON_SITE,
            topics=[pb.ACTIVITY_TOPIC_LABOUR, pb.ACTIVITY_TOPIC_LEGAL_AID, pb.ACTIVITY_TOPIC_LABOUR],
        ),
        ActivityFacts(held_date=MARCH, form=pb.ACTIVITY_FORM_QUIZ, topics=[pb.ACTIVITY_TOPIC_LABOUR]),
    )  # fmt: skip
    keys = [("form", "lecture"), ("topic", "labour"), ("topic", "legal_aid"), ("venue", "park"), ("channel", "on_site")]
    found = [await counting.figure("publicity.activities", "2012-03", "01", *key) for key in keys]
    assert [(1, 0), (2, 0), (1, 0), (1, 0), (1, 0)] == found
    assert (2, 0) == await counting.figure("publicity.activities", "2012-03")


async def test_an_activity_of_a_campaign_counts_under_it(counting: Counting) -> None:
    """publicity.campaign_activities: those of none are left out."""
    await counting.put(
        ActivityFacts(held_date=MARCH, campaign=pb.CAMPAIGN_CONSUMER_DAY), ActivityFacts(held_date=MARCH)
    )
    code = "publicity.campaign_activities"
    assert (1, 0) == await counting.figure(code, "2012-03")
    assert (1, 0) == await counting.figure(code, "2012-Q1", "01", "campaign", "consumer_day")
    assert {"counted": "计入", "no_campaign": "不属于主题活动"} == await counting.words(code, "2012-03")


async def test_the_audience_is_no_sum_of_its_groups(counting: Counting) -> None:
    """publicity.audience: a person counts once in the whole and in each group; if no whole is told, it is the sum."""
    await counting.put(
        ActivityFacts(held_date=MARCH, people=100, villagers=80, elderly=60, migrants=10),
        ActivityFacts(held_date=MARCH, villagers=20, pupils=5),
        ActivityFacts(office="03", held_date=on(2012, 2, 29), people=7, villagers=7),
        ActivityFacts(held_date=on(2012, 3, 21), people=9, villagers=9),
        ActivityFacts(held_date=MARCH, people=9, villagers=9, deleted=True),
    )
    code = "publicity.audience"
    assert [(125, 0), (132, 0)] == [await counting.figure(code, period) for period in ("2012-03", "2012")]
    groups = ("villagers", "elderly", "migrants", "pupils", "officials")
    found = [await counting.figure(code, "2012-Q1", "", "group", group) for group in groups]
    assert [(107, 0), (60, 0), (10, 0), (5, 0), (0, 0)] == found
    assert (7, 0) == await counting.figure(code, "2012", "03", "group", "villagers")
    assert (125, 0) == await counting.adds(code, "2012-03")


async def test_a_group_lists_the_activities_that_reached_it(counting: Counting) -> None:
    """publicity.audience: each with its people of the group; where it stands in the others is told with the numbers."""
    await counting.put(
        ActivityFacts(held_date=MARCH, people=100, villagers=80, elderly=60),
        ActivityFacts(held_date=MARCH, pupils=5),
        ActivityFacts(held_date=on(2012, 3, 21), villagers=9),
    )

    async def of(group: str) -> list[tuple[int, str, list[str]]]:
        question = Question("publicity.audience", "01", "2012-03", "group" if group else "", group)
        found = await members(counting.conn, counting.projection, question, counting.today)
        return [(m.n, m.reason, list(m.keys)) for m in found]

    both = ["group=villagers:80", "group=elderly:60"]
    assert [(80, "counted", both), (0, "not_yet", [])] == await of("villagers")
    assert [(5, "counted", ["group=pupils:5"])] == await of("pupils")
    assert [] == await of("officials") == await of("unspecified")
    assert [0, 5, 100] == sorted(n for n, _, _ in await of(""))


async def test_a_group_follows_what_is_corrected(counting: Counting) -> None:
    """publicity.audience: a number moved from one group to another changes both and not the whole."""
    facts = ActivityFacts(office="01", held_date=MARCH, people=50, villagers=30, elderly=20)

    async def after(revision: int) -> list[tuple[int, int]]:
        event = histories.event("activity", 1, revision, facts, sequence=revision)
        await counting.projection.apply(counting.conn, [event], counting.today)
        keys = [("", ""), ("group", "villagers"), ("group", "elderly"), ("group", "pupils")]
        return [await counting.figure("publicity.audience", "2012", "", *key) for key in keys]

    assert [(50, 0), (30, 0), (20, 0), (0, 0)] == await after(1)
    facts.villagers, facts.pupils = 0, 30
    assert [(50, 0), (0, 0), (20, 0), (30, 0)] == await after(2)
    facts.people = 45
    assert [(45, 0), (0, 0), (20, 0), (30, 0)] == await after(3)
    facts.held_date.CopyFrom(on(2011, 12, 31))
    assert [(0, 0)] * 4 == await after(4)


async def test_new_residents_reached_are_a_figure_of_their_own(counting: Counting) -> None:
    """publicity.migrant_audience: the migrants of every activity; one without is left out."""
    await counting.put(
        ActivityFacts(held_date=MARCH, people=30, migrants=30, women_children=10),
        ActivityFacts(office="03", held_date=on(2012, 2, 1), migrants=4),
        ActivityFacts(held_date=MARCH, villagers=9),
    )
    code = "publicity.migrant_audience"
    assert [(30, 0), (34, 0)] == [await counting.figure(code, period) for period in ("2012-03", "2012")]
    assert {"counted", "no_migrants"} == {*await counting.reasons(code, "2012-03")}


async def test_copies_handed_out_add_up(counting: Counting) -> None:
    """publicity.materials: by kind, at the day they were handed out, whether at an activity or not."""
    await counting.put(
        MaterialHandoutFacts(kind=hp.MATERIAL_KIND_POSTER_SET, handed_out_date=MARCH, copies=200, activity="a"),
        MaterialHandoutFacts(kind=hp.MATERIAL_KIND_CARD, handed_out_date=on(2012, 2, 29), copies=50),
        MaterialHandoutFacts(kind=hp.MATERIAL_KIND_CARD, handed_out_date=on(2012, 3, 21), copies=1),
    )
    code = "publicity.materials"
    assert [(200, 0), (250, 0)] == [await counting.figure(code, period) for period in ("2012-03", "2012")]
    assert (50, 0) == await counting.figure(code, "2012", "", "kind", "card")
    assert ["counted", "not_yet"] == await counting.reasons(code, "2012-03")


async def test_news_counts_by_the_level_of_its_medium(counting: Counting) -> None:
    """publicity.news_items: reports, awards and cases alike, at the day they were published."""
    await counting.put(
        NewsItemFacts(medium=np.NEWS_MEDIUM_CITY, kind=np.NEWS_KIND_NEWS, published_date=MARCH),
        NewsItemFacts(medium=np.NEWS_MEDIUM_CENTRAL, kind=np.NEWS_KIND_AWARD, published_date=on(2012, 3, 20)),
        NewsItemFacts(medium=np.NEWS_MEDIUM_CITY, published_date=on(2012, 3, 21)),
    )
    code = "publicity.news_items"
    assert (2, 0) == await counting.figure(code, "2012-03")
    assert (1, 0) == await counting.figure(code, "2012", "", "medium", "city")
    assert ["counted", "counted", "not_yet"] == await counting.reasons(code, "2012-03")


@pytest.mark.parametrize(
    ("form", "split", "key_enum"),
    [
        (Form.COUNT, {"group": {"pupils": a.pupils}}, AUDIENCE.key_enum),
        (Form.SUM, {"group": {"pupils": a.pupils}}, {}),
        (Form.SUM, {"group": {"nobody": a.pupils}}, AUDIENCE.key_enum),
    ],
)
def test_what_is_split_is_a_sum_under_known_keys(form: Form, split: dict[str, object], key_enum: object) -> None:
    """A declaration that splits a count, or under keys without a label, is refused."""
    flow = Flow(ACTIVITY, a.held_date, n=a.people, split=split)  # type: ignore[arg-type]
    faulty = Indicator(
        "toy.audience", "受众", form, "publicity", AUDIENCE.better, flows=(flow,), key_enum=key_enum  # type: ignore[arg-type]
    )  # fmt: skip
    with pytest.raises(CatalogueError):
        catalogue.check([faulty])
