"""Disputes as they come in: accepted, by referral, hot topics, centres, sessions (受理、联动、场次)."""

from __future__ import annotations

from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1.facts_pb2 import DisputeFacts, SessionFacts

from services.aggregation.indicator import Better, Condition, Flow, Form, Indicator
from services.aggregation.sql import earliest, plus
from services.aggregation.tables import facts_table

DISPUTE = facts_table(DisputeFacts)
SESSION = facts_table(SessionFacts)
d, s = DISPUTE.c, SESSION.c

# Channels by which another unit sends a dispute and is to hear of its outcome.
REFERRALS = (
    pb.DISPUTE_CHANNEL_POLICE,
    pb.DISPUTE_CHANNEL_LABOUR_WINDOW,
    pb.DISPUTE_CHANNEL_COURT_BEFORE_FILING,
    pb.DISPUTE_CHANNEL_COURT_TRIAL,
    pb.DISPUTE_CHANNEL_PETITION,
    pb.DISPUTE_CHANNEL_LEGAL_AID,
    pb.DISPUTE_CHANNEL_OTHER_UNIT,
)
HOT_TOPICS = (
    pb.DISPUTE_TYPE_CONSTRUCTION,
    pb.DISPUTE_TYPE_LAND_CONTRACT,
    pb.DISPUTE_TYPE_ENVIRONMENT,
    pb.DISPUTE_TYPE_LABOUR,
    pb.DISPUTE_TYPE_UNPAID_WAGES,
    pb.DISPUTE_TYPE_MEDICAL,
    pb.DISPUTE_TYPE_DEMOLITION,
    pb.DISPUTE_TYPE_RURAL,
)
referred = Condition(d.channel.in_(REFERRALS), "not_referred", "不是其他单位移送")
hot = Condition(d.type.in_(HOT_TOPICS), "not_hot_topic", "不是热点难点类型")
by_centre = Condition(d.centre != "", "no_centre", "不由调处中心办理")
not_withdrawn_before = Condition(
    d.withdrawn_date.is_(None) | d.first_session_date.is_not(None), "withdrawn_before_session", "首次调解前撤回"
)
session_held = Condition(d.first_session_date.is_not(None), "no_session", "未举行调解")

ACCEPTED = Indicator(
    code="mediation.accepted",
    zh="受理纠纷数",
    form=Form.COUNT,
    department="mediation",
    better=Better.NONE,
    clauses=("mediation.common-disputes",),
    flows=(Flow(DISPUTE, d.accepted_date, by={"type": d.type, "channel": d.channel}),),
)
MEDIATION_RATE = Indicator(
    code="mediation.mediation_rate",
    zh="调解率",
    form=Form.RATIO,
    department="mediation",
    better=Better.UP,
    clauses=("mediation.rates",),
    flows=(
        Flow(
            DISPUTE,
            when=d.accepted_date,
            # Judged by the first session, else by closing or by the end of the limit.
            judged=earliest(d.first_session_date, d.closed_date, plus(d.close_due, 1)),
            over=(not_withdrawn_before,),
            of=(session_held,),
        ),
    ),
    unit="%",
)
LINKED_CASES = Indicator(
    code="mediation.linked_cases",
    zh="联动调解数",
    form=Form.COUNT,
    department="mediation",
    better=Better.UP,
    clauses=(
        "mediation.three-way-linkage",
        "mediation.police",
        "mediation.labour",
        "mediation.court",
        "mediation.petition",
    ),
    flows=(Flow(DISPUTE, d.accepted_date, over=(referred,), by={"channel": d.channel}),),
)
HOT_TOPIC_CASES = Indicator(
    code="mediation.hot_topic_cases",
    zh="热点难点纠纷数",
    form=Form.COUNT,
    department="mediation",
    better=Better.NONE,
    clauses=("mediation.hot-disputes",),
    flows=(Flow(DISPUTE, d.accepted_date, over=(hot,), by={"type": d.type}),),
)
CENTRE_CASES = Indicator(
    code="mediation.centre_cases",
    zh="调处中心办案数",
    form=Form.COUNT,
    department="mediation",
    better=Better.NONE,
    clauses=("mediation.two-level-centres",),
    flows=(Flow(DISPUTE, d.accepted_date, over=(by_centre,)),),
)
SESSIONS = Indicator(
    code="mediation.sessions",
    zh="调解场次",
    form=Form.COUNT,
    department="mediation",
    better=Better.NONE,
    clauses=("mediation.venues",),
    flows=(Flow(SESSION, s.held_date, by={"venue": s.venue}),),
    unit="场",
)

INDICATORS = (ACCEPTED, MEDIATION_RATE, LINKED_CASES, HOT_TOPIC_CASES, CENTRE_CASES, SESSIONS)
