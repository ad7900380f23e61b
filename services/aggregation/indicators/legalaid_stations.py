"""Where legal aid is to be had and who helps: stations, consultations, volunteers, donations, opinions (站点)."""

from __future__ import annotations

from geju.funds.v1 import fund_entry_pb2 as fp
from geju.legalaid.v1 import aid_survey_answer_pb2 as sp
from geju.legalaid.v1 import station_pb2
from geju.legalaid.v1.facts_pb2 import (
    AidSurveyAnswerFacts,
    AidVolunteerFacts,
    ConsultationFacts,
    StationFacts,
    TravelTimeFacts,
    VolunteerShiftFacts,
)
from sqlalchemy import Text, cast, func, literal, select

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Work
from services.aggregation.indicators.funds import ENTRY, e
from services.aggregation.sql import covered, in_force, keyed, outer
from services.aggregation.tables import PLACES, facts_table
from services.chassis.contract import value_label

STATION = facts_table(StationFacts)
TRAVEL = facts_table(TravelTimeFacts)
CONSULTATION = facts_table(ConsultationFacts)
VOLUNTEER = facts_table(AidVolunteerFacts)
SHIFT = facts_table(VolunteerShiftFacts)
ANSWER = facts_table(AidSurveyAnswerFacts)
station, travel, volunteer, answer = STATION.c, TRAVEL.c, VOLUNTEER.c, ANSWER.c
#: Minutes that the plan allows from a village or community to a station.
HOUR = 60
#: Every department keeps funds; these are those of legal aid.
FUNDS_OF = "geju/legalaid"
SATISFIED = (sp.AID_SATISFACTION_VERY_SATISFIED, sp.AID_SATISFACTION_SATISFIED)
KINDS = {value.number: value_label(value) for value in station_pb2.StationKind.DESCRIPTOR.values if value.number}

from_the_place = (
    travel.place == outer(PLACES.c["_id"]),
    travel.station == cast(station["_id"], Text),
    ~travel.deleted,
    ~station.deleted,
)
nearest = (
    select(
        func.concat(
            literal("最近的是"), keyed(station.kind, KINDS), literal(" stations/"), travel.station,
            literal(","), travel.minutes, literal(" 分钟"),
        )
    )
    .where(*from_the_place)
    .where(in_force(travel.from_date, travel.to_date), in_force(station.from_date, station.to_date))
    .order_by(travel.minutes, travel.station)
    .limit(1)
    .scalar_subquery()
)  # fmt: skip
within_an_hour = Condition(
    covered(
        (travel.from_date, travel.to_date),
        (station.from_date, station.to_date),
        where=(*from_the_place, travel.minutes <= HOUR),
    ),
    "too_far",
    "一小时内到不了开放的站点",
    detail=func.coalesce(nearest, literal("没有到开放站点的路程时间"), type_=Text()),
)
donation = Condition(e.kind == fp.FUND_ENTRY_KIND_DONATION, "no_donation", "不是捐赠")
of_legal_aid = Condition(e["_source"] == FUNDS_OF, "other_department", "不是法律援助经费")
gave_opinion = Condition(answer.satisfaction != sp.AID_SATISFACTION_UNSPECIFIED, "no_opinion", "未作满意度评价")
satisfied = Condition(answer.satisfaction.in_(SATISFIED), "not_satisfied", "评价不是满意或非常满意")

CONSULTATIONS = Indicator(
    code="legalaid.consultations",
    zh="法律咨询数",
    form=Form.COUNT,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.hotline",),
    flows=(Flow(CONSULTATION, CONSULTATION.c.held_date, by={"channel": CONSULTATION.c.channel}),),
)
STATIONS = Indicator(
    code="legalaid.stations",
    zh="援助站点数",
    form=Form.STOCK,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.windows",),
    censuses=(Census(STATION, station.from_date, station.to_date, by={"kind": station.kind}),),
    unit="个",
)
ONE_HOUR_COVERAGE = Indicator(
    code="legalaid.one_hour_coverage",
    zh="一小时援助圈覆盖率",
    form=Form.SHARE,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.one-hour",),
    censuses=(Census(PLACES, PLACES.c.since, PLACES.c.last_day, of=(within_an_hour,)),),
    unit="%",
    note=f"区划档案中的村和社区;路程时间与站点在当日都有效,且不超过{HOUR}分钟。",
    work=Work("一小时内到不了援助站点的村居", "设立或开放站点"),
)
VOLUNTEERS = Indicator(
    code="legalaid.volunteers",
    zh="援助志愿者数",
    form=Form.STOCK,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.volunteers",),
    censuses=(Census(VOLUNTEER, volunteer.from_date, volunteer.to_date),),
    unit="人",
)
VOLUNTEER_SHIFTS = Indicator(
    code="legalaid.volunteer_shifts",
    zh="志愿服务班次",
    form=Form.COUNT,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.volunteers",),
    flows=(Flow(SHIFT, SHIFT.c.served_date),),
    unit="次",
)
SATISFACTION_RATE = Indicator(
    code="legalaid.satisfaction_rate",
    zh="受援人满意率",
    form=Form.RATIO,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.quality",),
    flows=(Flow(ANSWER, answer.answered_date, over=(gave_opinion,), of=(satisfied,)),),
    unit="%",
)
DONATIONS = Indicator(
    code="legalaid.donations",
    zh="社会捐助额",
    form=Form.SUM,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.donations",),
    flows=(Flow(ENTRY, e.entry_date, over=(of_legal_aid, donation), n=e.amount_fen),),
    unit="元",
    scale=100,
    note="法律援助经费中的捐赠,按入账之日计。",
)

INDICATORS = (
    CONSULTATIONS,
    STATIONS,
    ONE_HOUR_COVERAGE,
    VOLUNTEERS,
    VOLUNTEER_SHIFTS,
    SATISFACTION_RATE,
    DONATIONS,
)
