"""What was done to make the law known, and whom it reached: activities, materials, reports (活动、受众、资料、报道)."""

from __future__ import annotations

from geju.publicity.v1 import activity_pb2 as pb
from geju.publicity.v1.facts_pb2 import ActivityFacts, MaterialHandoutFacts, NewsItemFacts
from sqlalchemy import BigInteger, case, cast

from services.aggregation.indicator import Better, Condition, Flow, Form, Indicator
from services.aggregation.sql import short_names
from services.aggregation.tables import facts_table

ACTIVITY = facts_table(ActivityFacts)
HANDOUT = facts_table(MaterialHandoutFacts)
NEWS = facts_table(NewsItemFacts)
a, handout, news = ACTIVITY.c, HANDOUT.c, NEWS.c
GROUP = pb.AudienceGroup.DESCRIPTOR
# Facts name the number of people of a group as the contract names the group.
GROUPS = {key: cast(a[key], BigInteger) for key in short_names(GROUP).values()}

# Who is of two groups came once: the people of an activity are fewer than its groups add up to, where that is known.
people = case((a.people > 0, cast(a.people, BigInteger)), else_=sum(GROUPS.values()))
of_a_campaign = Condition(a.campaign != pb.CAMPAIGN_UNSPECIFIED, "no_campaign", "不属于主题活动")

ACTIVITIES = Indicator(
    code="publicity.activities",
    zh="普法活动场次",
    form=Form.COUNT,
    department="publicity",
    better=Better.UP,
    clauses=("publicity.topics", "publicity.places", "publicity.media", "publicity.forms", "legalaid.awareness"),
    flows=(
        Flow(
            ACTIVITY,
            a.held_date,
            by={"form": a.form, "topic": a.topics, "venue": a.venue, "channel": a.channel},
        ),
    ),
    unit="场",
    note="按举办之日计,计划中和已取消的不计;一场活动有几个主题,在各主题中各计一次。",
)
CAMPAIGN_ACTIVITIES = Indicator(
    code="publicity.campaign_activities",
    zh="主题普法活动场次",
    form=Form.COUNT,
    department="publicity",
    better=Better.NONE,
    clauses=("publicity.days",),
    flows=(Flow(ACTIVITY, a.held_date, over=(of_a_campaign,), by={"campaign": a.campaign}),),
    unit="场",
)
AUDIENCE = Indicator(
    code="publicity.audience",
    zh="普法受众人次",
    form=Form.SUM,
    department="publicity",
    better=Better.UP,
    clauses=("publicity.vulnerable",),
    flows=(Flow(ACTIVITY, a.held_date, n=people, split={"group": GROUPS}),),
    unit="人次",
    key_enum={"group": GROUP},
    note="总数按每场活动的总人数计,一人在一场中只计一次,未填总人数的为各类人群之和;"
    "同属几类人群的在各类中各计一次,因此各类之和可大于总数。",
)
MIGRANT_AUDIENCE = Indicator(
    code="publicity.migrant_audience",
    zh="新居民普法人次",
    form=Form.SUM,
    department="publicity",
    better=Better.UP,
    clauses=("publicity.migrants",),
    flows=(
        Flow(
            ACTIVITY,
            a.held_date,
            over=(Condition(a.migrants > 0, "no_migrants", "受众中无新居民"),),
            n=a.migrants,
        ),
    ),
    unit="人次",
)
MATERIALS = Indicator(
    code="publicity.materials",
    zh="普法资料发放数",
    form=Form.SUM,
    department="publicity",
    better=Better.NONE,
    clauses=("publicity.posters",),
    flows=(Flow(HANDOUT, handout.handed_out_date, n=handout.copies, by={"kind": handout.kind}),),
    unit="份",
)
NEWS_ITEMS = Indicator(
    code="publicity.news_items",
    zh="宣传报道数",
    form=Form.COUNT,
    department="publicity",
    better=Better.NONE,
    clauses=("publicity.good-practice",),
    flows=(Flow(NEWS, news.published_date, by={"medium": news.medium}),),
    unit="篇",
    note="新闻报道、表彰奖励和典型案例都计。",
)

INDICATORS = (ACTIVITIES, CAMPAIGN_ACTIVITIES, AUDIENCE, MIGRANT_AUDIENCE, MATERIALS, NEWS_ITEMS)
