"""Cases of legal aid: how many, for whom, about what, with what result (案件)."""

from __future__ import annotations

from geju.legalaid.v1 import aid_case_pb2 as ap
from geju.legalaid.v1.facts_pb2 import AidCaseFacts
from sqlalchemy import false, func, literal, or_

from services.aggregation.indicator import Better, Condition, Flow, Form, Indicator
from services.aggregation.sql import keyed_set, short_names
from services.aggregation.tables import facts_table

CASE = facts_table(AidCaseFacts)
a = CASE.c
GROUP = ap.AidGroup.DESCRIPTOR
KEY_GROUPS = (
    ap.AID_GROUP_MINOR,
    ap.AID_GROUP_DISABLED,
    ap.AID_GROUP_ELDERLY,
    ap.AID_GROUP_WOMAN,
    ap.AID_GROUP_FARMER,
    ap.AID_GROUP_MIGRANT_RESIDENT,
    ap.AID_GROUP_MIGRANT_WORKER,
)
KEY_MATTERS = (ap.AID_MATTER_WORK_INJURY, ap.AID_MATTER_UNPAID_WAGES)
PASSED = (ap.FILE_GRADE_EXCELLENT, ap.FILE_GRADE_GOOD, ap.FILE_GRADE_PASS)

green = Condition(a.through_green_channel, "no_green_channel", "未走绿色通道")
of_key_group = Condition(
    or_(false(), *(literal(group) == func.any(a.groups) for group in KEY_GROUPS)), "no_key_group", "不属重点人群"
)
of_key_matter = Condition(a.matter.in_(KEY_MATTERS), "no_key_matter", "不是工伤赔偿或追索劳动报酬")
civil = Condition(a.kind == ap.AID_KIND_CIVIL, "not_civil", "不是民事案件")
settled = Condition(a.settled_before_litigation, "not_settled", "未在诉前和解")
graded = Condition(a.grade != ap.FILE_GRADE_UNSPECIFIED, "no_grade", "无评定等级")
passed = Condition(a.grade.in_(PASSED), "failed", "评定为不合格")

ACCEPTED = Indicator(
    code="legalaid.accepted",
    zh="法律援助受理数",
    form=Form.COUNT,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.growth",),
    flows=(Flow(CASE, a.granted_date, by={"kind": a.kind, "matter": a.matter}),),
    note="按决定给予援助之日计,通知辩护、通知代理的案件按承接之日计;不予援助后经异议改为给予的,按改正之日计。",
)
ACCEPTED_GROWTH = Indicator(
    code="legalaid.accepted_growth",
    zh="办案量同比增长",
    form=Form.GROWTH,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.growth",),
    base="legalaid.accepted",
    by_base=("kind", "matter"),
    unit="%",
    note="与上年同一期间相比;期间未结束时,与上年的整个期间相比。",
)
GREEN_CHANNEL_CASES = Indicator(
    code="legalaid.green_channel_cases",
    zh="绿色通道数",
    form=Form.COUNT,
    department="legalaid",
    better=Better.NONE,
    clauses=("legalaid.green-channel",),
    flows=(Flow(CASE, a.received_date, over=(green,)),),
    note="按收到申请之日计,不论后来是否给予援助。",
)
KEY_GROUP_CASES = Indicator(
    code="legalaid.key_group_cases",
    zh="重点人群援助数",
    form=Form.COUNT,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.key-groups", "legalaid.migrants"),
    flows=(
        Flow(
            CASE,
            a.granted_date,
            over=(of_key_group,),
            by={"group": keyed_set(a.groups, {n: key for n, key in short_names(GROUP).items() if n in KEY_GROUPS})},
        ),
    ),
    key_enum={"group": GROUP},
    sensitive=frozenset({"group"}),
    note="受援人属几个群体的,在各群体中各计一次,合计只计一次;军人军属和其他不是重点人群。",
)
KEY_MATTER_CASES = Indicator(
    code="legalaid.key_matter_cases",
    zh="重点领域援助数",
    form=Form.COUNT,
    department="legalaid",
    better=Better.NONE,
    clauses=("legalaid.key-groups",),
    flows=(Flow(CASE, a.granted_date, over=(of_key_matter,), by={"matter": a.matter}),),
)
PRE_LITIGATION_SETTLEMENT_RATE = Indicator(
    code="legalaid.pre_litigation_settlement_rate",
    zh="诉前和解率",
    form=Form.RATIO,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.pre-litigation",),
    flows=(Flow(CASE, a.closed_date, over=(civil,), of=(settled,)),),
    unit="%",
)
RECOVERED_AMOUNT = Indicator(
    code="legalaid.recovered_amount",
    zh="挽回损失额",
    form=Form.SUM,
    department="legalaid",
    better=Better.UP,
    flows=(Flow(CASE, a.closed_date, n=a.recovered_fen),),
    unit="元",
    scale=100,
)
QUALITY_PASS_RATE = Indicator(
    code="legalaid.quality_pass_rate",
    zh="案件质量合格率",
    form=Form.RATIO,
    department="legalaid",
    better=Better.UP,
    clauses=("legalaid.quality",),
    flows=(Flow(CASE, a.rated_date, over=(graded,), of=(passed,)),),
    unit="%",
    note="按评定等级确定之日计;两名评查人意见不一的,由第三人评查后确定。",
)

INDICATORS = (
    ACCEPTED,
    ACCEPTED_GROWTH,
    GREEN_CHANNEL_CASES,
    KEY_GROUP_CASES,
    KEY_MATTER_CASES,
    PRE_LITIGATION_SETTLEMENT_RATE,
    RECOVERED_AMOUNT,
    QUALITY_PASS_RATE,
)
