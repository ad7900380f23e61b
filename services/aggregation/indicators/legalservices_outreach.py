"""Legal services where people are: village counsel, pairings, government counsel, visits, events, cards (服务)."""

from __future__ import annotations

from geju.legalservices.v1 import advice_group_pb2 as gp
from geju.legalservices.v1 import pairing_pb2 as pp
from geju.legalservices.v1.facts_pb2 import (
    AdviceGroupFacts,
    AdvisedMatterFacts,
    CardHandoutFacts,
    CounselContractFacts,
    CounselServiceFacts,
    KeyProjectFacts,
    LeaderVisitFacts,
    LiaisonMeetingFacts,
    PairingFacts,
    ServiceEventFacts,
    SuggestionFacts,
    SymposiumFacts,
)
from sqlalchemy import Text, cast

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Task, Work
from services.aggregation.sql import covered, keyed, looked_up, outer, short_names
from services.aggregation.tables import OFFICES, PLACES, facts_table

CONTRACT = facts_table(CounselContractFacts)
SERVICE = facts_table(CounselServiceFacts)
PAIRING = facts_table(PairingFacts)
PROJECT = facts_table(KeyProjectFacts)
GROUP = facts_table(AdviceGroupFacts)
MATTER = facts_table(AdvisedMatterFacts)
VISIT = facts_table(LeaderVisitFacts)
EVENT = facts_table(ServiceEventFacts)
CARDS = facts_table(CardHandoutFacts)
SYMPOSIUM = facts_table(SymposiumFacts)
SUGGESTION = facts_table(SuggestionFacts)
MEETING = facts_table(LiaisonMeetingFacts)
contract, service, pairing, project, matter = CONTRACT.c, SERVICE.c, PAIRING.c, PROJECT.c, MATTER.c
visit, event, cards = VISIT.c, EVENT.c, CARDS.c
GROUP_KIND = gp.AdviceGroupKind.DESCRIPTOR

village = Condition(PLACES.c.kind == "village", "no_village", "不是村")
has_counsel = Condition(
    covered(
        (contract.from_date, contract.to_date), where=(contract.place == outer(PLACES.c["_id"]), ~contract.deleted)
    ),
    "no_counsel",
    "无在期的法律顾问合同",
)
with_grassroots = Condition(
    pairing.partner == pp.PAIRING_PARTNER_GRASSROOTS, "other_partner", "不是与基层法律服务所结对"
)
office_paired = Condition(
    covered(
        (pairing.from_date, pairing.to_date),
        where=(
            pairing.office == outer(OFFICES.c["_id"]),
            pairing.partner == pp.PAIRING_PARTNER_JUDICIAL_OFFICE,
            ~pairing.deleted,
        ),
    ),
    "not_paired",
    "未与律师事务所结对",
)
project_paired = Condition(
    covered(
        (pairing.from_date, pairing.to_date),
        where=(pairing.project == cast(outer(project["_id"]), Text), ~pairing.deleted),
    ),
    "not_tracked",
    "无律师事务所结对跟踪",
)
lawyer_along = Condition(visit.lawyers > 0, "no_lawyer", "无律师随同")
group_kind = looked_up(GROUP.c.kind, where=(cast(GROUP.c["_id"], Text) == outer(matter.group), ~GROUP.c.deleted))

VILLAGE_COUNSEL_COVERAGE = Indicator(
    code="legalservices.village_counsel_coverage",
    zh="一村一法律顾问覆盖率",
    form=Form.SHARE,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.village-counsel",),
    censuses=(Census(PLACES, PLACES.c.since, PLACES.c.last_day, over=(village,), of=(has_counsel,)),),
    unit="%",
    note="区划档案中的村,社区不计。",
    work=Work("无法律顾问的村", "签订法律顾问合同"),
)
VILLAGE_COUNSEL_SERVICES = Indicator(
    code="legalservices.village_counsel_services",
    zh="村法律顾问服务数",
    form=Form.COUNT,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.village-counsel",),
    flows=(Flow(SERVICE, service.given_date, by={"kind": service.kind}),),
    unit="次",
)
RURAL_PAIRINGS = Indicator(
    code="legalservices.rural_pairings",
    zh="结对帮扶数",
    form=Form.STOCK,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.pairing",),
    censuses=(Census(PAIRING, pairing.from_date, pairing.to_date, over=(with_grassroots,)),),
    unit="对",
)
OFFICE_PAIRING_RATE = Indicator(
    code="legalservices.office_pairing_rate",
    zh="司法所结对率",
    form=Form.SHARE,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.office-pairing",),
    censuses=(Census(OFFICES, OFFICES.c.since, OFFICES.c.last_day, of=(office_paired,)),),
    unit="%",
    work=Work("未与律师事务所结对的司法所", "结对"),
)
TRACKED_PROJECTS = Indicator(
    code="legalservices.tracked_projects",
    zh="跟踪重点工程数",
    form=Form.STOCK,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.project-tracking",),
    censuses=(Census(PROJECT, project.from_date, project.to_date, over=(project_paired,)),),
    unit="个",
    work=Work(
        "无律师事务所跟踪的重点工程",
        "结对跟踪",
        (Task(Census(PROJECT, project.from_date, project.to_date, of=(project_paired,))),),
    ),
)
GOVERNMENT_MATTERS = Indicator(
    code="legalservices.government_matters",
    zh="政府法律顾问事项数",
    form=Form.COUNT,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.government-counsel",),
    censuses=(
        # A census, since a matter does not say itself what kind of group advised.
        Census(
            MATTER,
            matter.advised_date,
            matter.advised_date,
            by={"group": keyed(group_kind, short_names(GROUP_KIND))},
            window=True,
        ),
    ),
    key_enum={"group": GROUP_KIND},
)
LEADER_VISIT_RATE = Indicator(
    code="legalservices.leader_visit_rate",
    zh="下访律师随同率",
    form=Form.RATIO,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.leader-visits",),
    flows=(Flow(VISIT, visit.held_date, of=(lawyer_along,)),),
    unit="%",
)
SERVICE_EVENTS = Indicator(
    code="legalservices.service_events",
    zh="法律服务活动数",
    form=Form.COUNT,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.teams-weeks",),
    flows=(Flow(EVENT, event.held_date, by={"kind": event.kind}),),
    unit="次",
)
PERSONS_SERVED = Indicator(
    code="legalservices.persons_served",
    zh="法律服务人次",
    form=Form.SUM,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.teams-weeks",),
    flows=(Flow(EVENT, event.held_date, n=event.people_served),),
    unit="人次",
)
CONTACT_CARDS = Indicator(
    code="legalservices.contact_cards",
    zh="联系卡发放数",
    form=Form.SUM,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.contact-cards",),
    flows=(Flow(CARDS, cards.handed_out_date, n=cards.copies, by={"kind": cards.kind, "group": cards.group}),),
    unit="张",
)
SYMPOSIA = Indicator(
    code="legalservices.symposia",
    zh="代表委员座谈会数",
    form=Form.COUNT,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.symposium",),
    flows=(Flow(SYMPOSIUM, SYMPOSIUM.c.held_date),),
    unit="次",
)
PROPOSALS = Indicator(
    code="legalservices.proposals",
    zh="建议提案数",
    form=Form.COUNT,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.symposium",),
    flows=(Flow(SUGGESTION, SUGGESTION.c.handed_in_date),),
)
LIAISON_MEETINGS = Indicator(
    code="legalservices.liaison_meetings",
    zh="律协联络组会议数",
    form=Form.COUNT,
    department="legalservices",
    better=Better.NONE,
    clauses=("legalservices.association",),
    flows=(Flow(MEETING, MEETING.c.held_date),),
    unit="次",
)

INDICATORS = (
    VILLAGE_COUNSEL_COVERAGE,
    VILLAGE_COUNSEL_SERVICES,
    RURAL_PAIRINGS,
    OFFICE_PAIRING_RATE,
    TRACKED_PROJECTS,
    GOVERNMENT_MATTERS,
    LEADER_VISIT_RATE,
    SERVICE_EVENTS,
    PERSONS_SERVED,
    CONTACT_CARDS,
    SYMPOSIA,
    PROPOSALS,
    LIAISON_MEETINGS,
)
