"""Released persons on the books, and how many of them are helped, placed, paired, listed at both ends (归正人员).

Who lives away from the registered household is on the books of two offices: counted at both, once in the district.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from geju.correction.v1.facts_pb2 import HelpingAgreementFacts, LostContactFacts, PlacementFacts, ReleasedPersonFacts
from sqlalchemy import Text, cast, false, func

from services.aggregation.indicator import Better, Census, Condition, Form, Indicator, Task, Work
from services.aggregation.sql import AS_OF, covered, earliest, outer
from services.aggregation.tables import facts_table

PERSON = facts_table(ReleasedPersonFacts)
AGREEMENT = facts_table(HelpingAgreementFacts)
PLACEMENT = facts_table(PlacementFacts)
LOST = facts_table(LostContactFacts)
r, agreement, placement, lost = PERSON.c, AGREEMENT.c, PLACEMENT.c, LOST.c
#: The released person that is counted, as the records of others refer to it.
THIS = cast(outer(r["_id"]), Text)
#: From the day the file was opened until it was closed, at the latest until the five years are over.
REGISTERED_PERSONS = Census(
    PERSON, r.registered_date, earliest(r.closed_date, r.five_years_due), second=r.second_office
)

helped = Condition(
    covered((agreement.from_date, agreement.to_date), where=(agreement.person == THIS, ~agreement.deleted)),
    "no_agreement",
    "无有效帮教协议",
)
placed = Condition(
    covered((placement.from_date, placement.to_date), where=(placement.person == THIS, ~placement.deleted)),
    "not_placed",
    "未安置",
)
out_of_touch = Condition(
    covered((lost.from_date, lost.to_date), where=(lost.person == THIS, ~lost.deleted)), "in_touch", "未脱管"
)
found = Condition(~func.coalesce(out_of_touch.test, false()), "out_of_touch", "脱管")
paired = Condition(
    covered(
        (agreement.from_date, agreement.to_date),
        where=(agreement.person == THIS, agreement.helpers >= 1, ~agreement.deleted),
    ),
    "not_paired",
    "无结对帮教人",
)
placeable = Condition(r.placeable, "not_placeable", "不具备安置条件")
separated = Condition(r.separated, "not_separated", "人户未分离")
listed_twice = Condition(r.listed_date.is_not(None), "listed_once", "另一端未确认列管")
young = Condition(r.youth_due >= AS_OF, "not_young", "已满25周岁或出生年份不明")
three_none = Condition(r.three_none, "not_three_none", "不是三无人员")


def share(code: str, zh: str, better: Better, census: Census, *clauses: str, **more: Any) -> Indicator:
    """Return an indicator that is a share of the released persons on the books."""
    return Indicator(
        *(code, zh, Form.SHARE, "correction", better, clauses),
        censuses=(census,),
        unit="%",
        **more,
    )


def of_registered(*over: Condition, of: Condition) -> Census:
    """Return released persons on the books who pass `over`, and those of them who pass `of` too."""
    return replace(REGISTERED_PERSONS, over=over, of=(of,))


REGISTERED = Indicator(
    code="resettlement.registered",
    zh="在册归正人员数",
    form=Form.STOCK,
    department="correction",
    better=Better.NONE,
    censuses=(replace(REGISTERED_PERSONS, by={"household": r.household}),),
    sensitive=frozenset({"household"}),
    unit="人",
)
HELP_RATE = share(
    "resettlement.help_rate",
    "帮教率",
    Better.UP,
    of_registered(of=helped),
    "resettlement.rates",
    work=Work("无帮教协议的归正人员", "签订帮教协议"),
)
PLACEMENT_RATE = share(
    "resettlement.placement_rate",
    "安置率",
    Better.UP,
    of_registered(placeable, of=placed),
    "resettlement.rates",
    work=Work("未安置的归正人员", "安置"),
)
LOST_RATE = share(
    "resettlement.lost_rate",
    "归正人员脱管率",
    Better.DOWN,
    of_registered(of=out_of_touch),
    "resettlement.loss",
    office_sensitive=True,
    work=Work("脱管的归正人员", "查找去向", (Task(of_registered(of=found)),)),
)
DUAL_LISTING_RATE = share(
    "resettlement.dual_listing_rate",
    "双列管率",
    Better.UP,
    of_registered(separated, of=listed_twice),
    "resettlement.dual-listing",
    work=Work("另一端未确认列管的人户分离人员", "确认双列管"),
)
YOUTH_PAIRING_RATE = share(
    "resettlement.youth_pairing_rate",
    "归正青少年结对率",
    Better.UP,
    of_registered(young, of=paired),
    "resettlement.youth",
    work=Work("无结对帮教人的归正青少年", "结对帮教"),
)
THREE_NONE_PLACEMENT_RATE = share(
    "resettlement.three_none_placement_rate",
    "三无人员安置率",
    Better.UP,
    of_registered(three_none, of=placed),
    "resettlement.three-none",
    office_sensitive=True,
    work=Work("未安置的三无人员", "安置"),
)

INDICATORS = (
    REGISTERED,
    HELP_RATE,
    PLACEMENT_RATE,
    LOST_RATE,
    DUAL_LISTING_RATE,
    YOUTH_PAIRING_RATE,
    THREE_NONE_PLACEMENT_RATE,
)
