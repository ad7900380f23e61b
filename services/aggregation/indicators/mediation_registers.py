"""Committees, centres, mediators, buildings and premises in force, and what they cover (组织、队伍、覆盖)."""

from __future__ import annotations

from geju.mediation.v1 import committee_pb2, mediator_pb2
from geju.mediation.v1.facts_pb2 import BuildingFacts, CentreFacts, CommitteeFacts, MediatorFacts, PremisesFacts
from sqlalchemy import Text, cast, func

from services.aggregation.indicator import Better, Census, Condition, Form, Indicator, Task, Work
from services.aggregation.sql import covered, in_force, outer
from services.aggregation.tables import OFFICES, PLACES, facts_table

COMMITTEE = facts_table(CommitteeFacts)
CENTRE = facts_table(CentreFacts)
MEDIATOR = facts_table(MediatorFacts)
BUILDING = facts_table(BuildingFacts)
PREMISES = facts_table(PremisesFacts)
c, centre, m, building, premises = COMMITTEE.c, CENTRE.c, MEDIATOR.c, BUILDING.c, PREMISES.c
STREET_KINDS = (committee_pb2.COMMITTEE_KIND_STREET, committee_pb2.COMMITTEE_KIND_TOWNSHIP)

has_committee = Condition(
    covered((c.from_date, c.to_date), where=(outer(PLACES.c["_id"]) == func.any(c.places), ~c.deleted)),
    "no_committee",
    "无在任调委会",
)
has_full_time = Condition(
    covered(
        (c.from_date, c.to_date),
        (m.from_date, m.to_date),
        where=(
            m.committee == cast(c["_id"], Text),
            m.employment == mediator_pb2.MEDIATOR_EMPLOYMENT_FULL_TIME,
            c.office == outer(OFFICES.c["_id"]),
            c.kind.in_(STREET_KINDS),
            ~c.deleted,
            ~m.deleted,
        ),
    ),
    "no_full_time_mediator",
    "街道(乡镇)调委会无专职调解员",
)
up_to_standard = Condition(
    covered(
        (premises.reached_date, premises.to_date), where=(premises.office == outer(OFFICES.c["_id"]), ~premises.deleted)
    ),
    "below_standard",
    "用房未达标",
)
is_window = Condition(c.kind == committee_pb2.COMMITTEE_KIND_WINDOW, "no_window", "不是派驻窗口")
looked_after = Condition(
    in_force(building.group_from_date, building.group_to_date)
    | in_force(building.officer_from_date, building.officer_to_date),
    "no_group_nor_officer",
    "无调解小组或信息员",
)

CENTRES = Indicator(
    code="mediation.centres",
    zh="调处中心数",
    form=Form.STOCK,
    department="mediation",
    better=Better.NONE,
    clauses=("mediation.two-level-centres",),
    censuses=(Census(CENTRE, centre.from_date, centre.to_date, by={"level": centre.level}),),
    unit="个",
)
COMMITTEES = Indicator(
    code="mediation.committees",
    zh="调委会数",
    form=Form.STOCK,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.new-organisations",),
    censuses=(Census(COMMITTEE, c.from_date, c.to_date, by={"kind": c.kind}),),
    unit="个",
)
WINDOWS = Indicator(
    code="mediation.windows",
    zh="调解窗口数",
    form=Form.STOCK,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.labour", "mediation.court"),
    censuses=(Census(COMMITTEE, c.from_date, c.to_date, over=(is_window,), by={"host": c.host}),),
    unit="个",
)
VILLAGE_COMMITTEE_COVERAGE = Indicator(
    code="mediation.village_committee_coverage",
    zh="村居调委会覆盖率",
    form=Form.SHARE,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.township-committees", "mediation.village-coverage"),
    censuses=(Census(PLACES, PLACES.c.since, PLACES.c.last_day, of=(has_committee,)),),
    unit="%",
    work=Work("无在任调委会的村居", "建立调委会"),
)
BUILDING_COVERAGE = Indicator(
    code="mediation.building_coverage",
    zh="楼幢调解覆盖率",
    form=Form.SHARE,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.buildings",),
    censuses=(Census(BUILDING, building.from_date, building.to_date, of=(looked_after,)),),
    unit="%",
    work=Work("无调解小组或信息员的楼幢", "设立调解小组或信息员"),
)
FULL_TIME_COVERAGE = Indicator(
    code="mediation.full_time_coverage",
    zh="专职调解员覆盖率",
    form=Form.SHARE,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.full-time",),
    censuses=(Census(OFFICES, OFFICES.c.since, OFFICES.c.last_day, of=(has_full_time,)),),
    unit="%",
    work=Work("无专职调解员的街道乡镇", "配备专职调解员"),
)
MEDIATORS = Indicator(
    code="mediation.mediators",
    zh="人民调解员数",
    form=Form.STOCK,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.full-time", "mediation.backgrounds"),
    censuses=(Census(MEDIATOR, m.from_date, m.to_date, by={"employment": m.employment, "background": m.background}),),
    unit="人",
)
OFFICES_UP_TO_STANDARD = Indicator(
    code="mediation.offices_up_to_standard",
    zh="达标司法所数",
    form=Form.STOCK,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.premises",),
    censuses=(Census(OFFICES, OFFICES.c.since, OFFICES.c.last_day, over=(up_to_standard,)),),
    unit="个",
    work=Work(
        "用房未达标的司法所",
        "用房达标",
        (Task(Census(OFFICES, OFFICES.c.since, OFFICES.c.last_day, of=(up_to_standard,))),),
    ),
)

INDICATORS = (
    CENTRES,
    COMMITTEES,
    WINDOWS,
    VILLAGE_COMMITTEE_COVERAGE,
    BUILDING_COVERAGE,
    FULL_TIME_COVERAGE,
    MEDIATORS,
    OFFICES_UP_TO_STANDARD,
)
