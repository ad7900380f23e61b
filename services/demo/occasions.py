"""What an invented activity of law publicity can be about: who comes, where, what is said and handed out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geju.publicity.v1 import activity_pb2 as pb

_CALENDAR = frozenset(range(1, 13))


@dataclass(frozen=True)
class Occasion:
    """An activity as offices hold it again and again.

    `groups` and `materials` are columns of the sheet: the first group is the largest, of `fewest` to `most` people;
    of materials there are so many copies for each of them. `weight`: how often it is held in one of its `months`.
    `place`: the kind of place it is held at; empty when it is none's.
    """

    title: str
    form: pb.ActivityForm.ValueType
    venue: pb.ActivityVenue.ValueType
    topics: tuple[pb.ActivityTopic.ValueType, ...]
    groups: tuple[str, ...]
    fewest: int
    most: int
    weight: int = 10
    channel: pb.ActivityChannel.ValueType = pb.ACTIVITY_CHANNEL_ON_SITE
    campaign: pb.Campaign.ValueType = pb.CAMPAIGN_UNSPECIFIED
    months: frozenset[int] = _CALENDAR
    place: str = ""
    materials: Mapping[str, float] = field(default_factory=dict)


_BOOKLETS, _BOTH = {"booklets": 0.6}, {"booklets": 0.5, "cards": 0.8}
_MARCH, _APRIL, _DECEMBER, _SUMMER = frozenset({3}), frozenset({4}), frozenset({12}), frozenset({7, 8})

OCCASIONS = (
    Occasion(
        "土地征用法律宣讲进村", pb.ACTIVITY_FORM_LECTURE, pb.ACTIVITY_VENUE_VILLAGE,
        (pb.ACTIVITY_TOPIC_LAND_REQUISITION, pb.ACTIVITY_TOPIC_LITIGATION), ("villagers", "elderly"),
        40, 160, 24, place="village", materials={"poster_sets": 0.05, "booklets": 0.6},
    ),
    Occasion(
        "社区法律讲座", pb.ACTIVITY_FORM_LECTURE, pb.ACTIVITY_VENUE_COMMUNITY,
        (pb.ACTIVITY_TOPIC_MARRIAGE_FAMILY, pb.ACTIVITY_TOPIC_SOCIAL_SECURITY),
        ("residents", "elderly", "women_children"), 30, 110, 24, place="community", materials=_BOOKLETS,
    ),
    Occasion(
        "广场法律咨询", pb.ACTIVITY_FORM_CONSULTATION, pb.ACTIVITY_VENUE_SQUARE,
        (pb.ACTIVITY_TOPIC_DEMOLITION, pb.ACTIVITY_TOPIC_LEGAL_AID), ("residents", "migrants", "elderly"),
        80, 320, 14, materials=_BOTH,
    ),
    Occasion(
        "企业用工法律宣传", pb.ACTIVITY_FORM_CASE_ANALYSIS, pb.ACTIVITY_VENUE_ENTERPRISE,
        (pb.ACTIVITY_TOPIC_LABOUR, pb.ACTIVITY_TOPIC_WORK_SAFETY), ("staff", "migrants"), 50, 220, 18,
        materials=_BOTH,
    ),
    Occasion(
        "新居民学校开课", pb.ACTIVITY_FORM_LECTURE, pb.ACTIVITY_VENUE_COMMUNITY,
        (pb.ACTIVITY_TOPIC_LABOUR, pb.ACTIVITY_TOPIC_SOCIAL_SECURITY), ("migrants", "women_children"), 40, 150, 14,
        campaign=pb.CAMPAIGN_MIGRANT_SCHOOL, place="community", materials={"cards": 1.0},
    ),
    Occasion(
        "车站码头普法", pb.ACTIVITY_FORM_EXHIBITION, pb.ACTIVITY_VENUE_STATION,
        (pb.ACTIVITY_TOPIC_WORK_SAFETY, pb.ACTIVITY_TOPIC_LABOUR), ("migrants", "residents"), 150, 600, 4,
        materials=_BOTH,
    ),
    Occasion(
        "港区法律宣传", pb.ACTIVITY_FORM_CONSULTATION, pb.ACTIVITY_VENUE_PORT, (pb.ACTIVITY_TOPIC_WORK_SAFETY,),
        ("staff", "migrants"), 60, 180, 2, materials=_BOOKLETS,
    ),
    Occasion(
        "机场法律宣传", pb.ACTIVITY_FORM_EXHIBITION, pb.ACTIVITY_VENUE_AIRPORT, (pb.ACTIVITY_TOPIC_OTHER,),
        ("residents", "migrants"), 100, 400, 2, channel=pb.ACTIVITY_CHANNEL_TOUCH_SCREEN,
    ),
    Occasion(
        "公园法制灯谜", pb.ACTIVITY_FORM_RIDDLES, pb.ACTIVITY_VENUE_PARK,
        (pb.ACTIVITY_TOPIC_CONSTITUTION, pb.ACTIVITY_TOPIC_ENVIRONMENT), ("residents", "pupils"), 60, 260, 6,
        materials={"cards": 0.6},
    ),
    Occasion(
        "法制文艺演出", pb.ACTIVITY_FORM_PERFORMANCE, pb.ACTIVITY_VENUE_LEISURE,
        (pb.ACTIVITY_TOPIC_ELDERLY, pb.ACTIVITY_TOPIC_MARRIAGE_FAMILY), ("residents", "elderly", "villagers"),
        150, 520, 6, materials=_BOOKLETS,
    ),
    Occasion(
        "弱势群体维权咨询", pb.ACTIVITY_FORM_CONSULTATION, pb.ACTIVITY_VENUE_COMMUNITY,
        (pb.ACTIVITY_TOPIC_DISABLED, pb.ACTIVITY_TOPIC_WOMEN_CHILDREN, pb.ACTIVITY_TOPIC_ELDERLY),
        ("elderly", "disabled", "women_children"), 20, 90, 8, place="community", materials={"cards": 1.0},
    ),
    Occasion(
        "归正矫正人员法制教育", pb.ACTIVITY_FORM_CASE_ANALYSIS, pb.ACTIVITY_VENUE_COMMUNITY,
        (pb.ACTIVITY_TOPIC_LITIGATION, pb.ACTIVITY_TOPIC_CONSTITUTION), ("released",), 8, 30, 6, place="community",
    ),
    Occasion(
        "模拟法庭", pb.ACTIVITY_FORM_MOOT_COURT, pb.ACTIVITY_VENUE_SCHOOL, (pb.ACTIVITY_TOPIC_LITIGATION,),
        ("pupils",), 60, 300, 6, months=frozenset({3, 5, 6, 9, 10, 11}),
    ),
    Occasion(
        "法律知识竞赛", pb.ACTIVITY_FORM_QUIZ, pb.ACTIVITY_VENUE_ONLINE,
        (pb.ACTIVITY_TOPIC_CONSTITUTION, pb.ACTIVITY_TOPIC_CONSUMER), ("officials", "pupils", "residents"),
        120, 700, 4, channel=pb.ACTIVITY_CHANNEL_WEB,
    ),
    Occasion(
        "领导干部法制报告会", pb.ACTIVITY_FORM_LECTURE, pb.ACTIVITY_VENUE_LEISURE,
        (pb.ACTIVITY_TOPIC_CONSTITUTION, pb.ACTIVITY_TOPIC_DEMOLITION), ("officials",), 30, 160, 6,
        materials=_BOOKLETS,
    ),
    Occasion(
        "法制新闻播报", pb.ACTIVITY_FORM_NEWS_BROADCAST, pb.ACTIVITY_VENUE_MEDIA, (pb.ACTIVITY_TOPIC_OTHER,),
        ("residents", "villagers"), 800, 3000, 3, channel=pb.ACTIVITY_CHANNEL_TELEVISION,
    ),
    Occasion(
        "广播说法", pb.ACTIVITY_FORM_CASE_ANALYSIS, pb.ACTIVITY_VENUE_MEDIA, (pb.ACTIVITY_TOPIC_MARRIAGE_FAMILY,),
        ("villagers", "residents"), 500, 2000, 2, channel=pb.ACTIVITY_CHANNEL_RADIO,
    ),
    Occasion(
        "报刊法律专栏", pb.ACTIVITY_FORM_CASE_ANALYSIS, pb.ACTIVITY_VENUE_MEDIA, (pb.ACTIVITY_TOPIC_CONSUMER,),
        ("residents",), 800, 3000, 2, channel=pb.ACTIVITY_CHANNEL_PRESS,
    ),
    Occasion(
        "普法短信", pb.ACTIVITY_FORM_OTHER, pb.ACTIVITY_VENUE_MEDIA, (pb.ACTIVITY_TOPIC_LEGAL_AID,),
        ("residents", "migrants"), 800, 4000, 3, channel=pb.ACTIVITY_CHANNEL_TEXT_MESSAGE,
        materials={"text_messages": 1.0},
    ),
    Occasion(
        "城市大屏普法", pb.ACTIVITY_FORM_OTHER, pb.ACTIVITY_VENUE_SQUARE, (pb.ACTIVITY_TOPIC_ENVIRONMENT,),
        ("residents",), 500, 2500, 2, channel=pb.ACTIVITY_CHANNEL_CITY_SCREEN,
    ),
    Occasion(
        "宣传栏换新", pb.ACTIVITY_FORM_EXHIBITION, pb.ACTIVITY_VENUE_COMMUNITY,
        (pb.ACTIVITY_TOPIC_ENVIRONMENT, pb.ACTIVITY_TOPIC_CONSUMER), ("residents",), 40, 200, 10,
        channel=pb.ACTIVITY_CHANNEL_NOTICE_BOARD, place="community",
    ),
    Occasion(
        "挂图手册进村", pb.ACTIVITY_FORM_EXHIBITION, pb.ACTIVITY_VENUE_VILLAGE,
        (pb.ACTIVITY_TOPIC_LAND_REQUISITION, pb.ACTIVITY_TOPIC_ENVIRONMENT), ("villagers",), 50, 220, 10,
        channel=pb.ACTIVITY_CHANNEL_BROCHURE, place="village",
        materials={"poster_sets": 0.1, "booklets": 0.8, "other_materials": 0.2},
    ),
    Occasion(
        "3·15消费维权咨询", pb.ACTIVITY_FORM_CONSULTATION, pb.ACTIVITY_VENUE_MARKET, (pb.ACTIVITY_TOPIC_CONSUMER,),
        ("residents", "migrants"), 100, 400, 90, campaign=pb.CAMPAIGN_CONSUMER_DAY, months=_MARCH, materials=_BOTH,
    ),
    Occasion(
        "法制宣传月现场活动", pb.ACTIVITY_FORM_EXHIBITION, pb.ACTIVITY_VENUE_SQUARE,
        (pb.ACTIVITY_TOPIC_CONSTITUTION, pb.ACTIVITY_TOPIC_LABOUR, pb.ACTIVITY_TOPIC_DEMOLITION),
        ("residents", "villagers", "migrants"), 120, 480, 200, campaign=pb.CAMPAIGN_LAW_MONTH, months=_APRIL,
        materials=_BOTH,
    ),
    Occasion(
        "12·4法制宣传日", pb.ACTIVITY_FORM_CONSULTATION, pb.ACTIVITY_VENUE_SQUARE,
        (pb.ACTIVITY_TOPIC_CONSTITUTION,), ("residents", "officials", "pupils"), 150, 600, 180,
        campaign=pb.CAMPAIGN_CONSTITUTION_DAY, months=_DECEMBER, materials=_BOTH,
    ),
    Occasion(
        "青少年法律学校暑期班", pb.ACTIVITY_FORM_LECTURE, pb.ACTIVITY_VENUE_SCHOOL,
        (pb.ACTIVITY_TOPIC_WOMEN_CHILDREN, pb.ACTIVITY_TOPIC_CONSTITUTION), ("pupils",), 40, 160, 50,
        campaign=pb.CAMPAIGN_YOUTH_LAW_SCHOOL, months=_SUMMER, materials=_BOOKLETS,
    ),
    Occasion(
        "法律援助宣传", pb.ACTIVITY_FORM_CONSULTATION, pb.ACTIVITY_VENUE_SQUARE, (pb.ACTIVITY_TOPIC_LEGAL_AID,),
        ("residents", "migrants", "disabled"), 80, 300, 40, campaign=pb.CAMPAIGN_LEGAL_AID_DAY,
        months=frozenset({9}), materials=_BOTH,
    ),
    Occasion(
        "平安建设主题宣传", pb.ACTIVITY_FORM_OTHER, pb.ACTIVITY_VENUE_LEISURE, (pb.ACTIVITY_TOPIC_WORK_SAFETY,),
        ("residents", "staff"), 60, 260, 4, campaign=pb.CAMPAIGN_OTHER, materials=_BOOKLETS,
    ),
)  # fmt: skip
