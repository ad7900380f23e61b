"""Complaints about legal services and the bureau, and what followed them (投诉、责令改正及处分)."""

from __future__ import annotations

from geju.legalservices.v1 import complaint_pb2 as cp
from geju.legalservices.v1 import practitioner_pb2 as pp
from geju.legalservices.v1 import sanction_pb2 as sp
from geju.legalservices.v1.facts_pb2 import ComplaintFacts, PractitionerFacts, SanctionFacts
from sqlalchemy import BigInteger, Text, case, cast, literal

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Task, Work
from services.aggregation.sql import earliest, keyed, plus, short_names
from services.aggregation.tables import facts_table

COMPLAINT = facts_table(ComplaintFacts)
SANCTION = facts_table(SanctionFacts)
PRACTITIONER = facts_table(PractitionerFacts)
c, s, p = COMPLAINT.c, SANCTION.c, PRACTITIONER.c
NOTHING = literal(0, BigInteger)
# Complaints are held against hundreds of lawyers; each is kept a hundredfold, so that both stay whole numbers.
PER = 100
RESPONDENT = cp.RespondentKind.DESCRIPTOR
LAWYERS = (cp.RESPONDENT_KIND_LAWYER, cp.RESPONDENT_KIND_FIRM)
OUTCOME = sp.ProposalOutcome.DESCRIPTOR
SANCTIONS = (
    sp.SANCTION_KIND_ORDER_TO_CORRECT,
    sp.SANCTION_KIND_ADMONITION,
    sp.SANCTION_KIND_ASSOCIATION_SANCTION,
    sp.SANCTION_KIND_ADMINISTRATIVE_PENALTY,
)
SATISFIED = (cp.COMPLAINT_SATISFACTION_VERY_SATISFIED, cp.COMPLAINT_SATISFACTION_SATISFIED)
FOUND = (cp.COMPLAINT_OUTCOME_SUBSTANTIATED, cp.COMPLAINT_OUTCOME_PARTLY)

# To accept, to refuse and to hand over are the three ways to decide.
decided_date = earliest(c.accepted_date, c.refused_date, c.transferred_date)
# Decided while the clock stood still, a complaint has no last day that could have passed.
decided_in_time = Condition(
    decided_date.is_not(None) & (c.accept_due.is_(None) | (decided_date <= c.accept_due)),
    "decided_late",
    "未按期决定是否受理",
)
answer_owed = Condition(c.answer_due.is_not(None), "no_answer_due", "未受理,无答复期限")
answered_in_time = Condition(c.answered_date <= c.answer_due, "answered_late", "未按期答复")
decided = Condition(decided_date.is_not(None) | c.concluded_date.is_not(None), "not_decided", "尚未决定是否受理")
answered = Condition(c.answered_date.is_not(None), "not_answered", "尚未答复")
substantiated = Condition(c.outcome.in_(FOUND), "not_substantiated", "未查实")
gave_opinion = Condition(c.satisfaction != cp.COMPLAINT_SATISFACTION_UNSPECIFIED, "no_opinion", "未作满意度评价")
satisfied = Condition(c.satisfaction.in_(SATISFIED), "not_satisfied", "评价不是满意或非常满意")
about_lawyers = Condition(
    c.respondent_kind.in_(LAWYERS),
    "not_about_lawyers",
    "被投诉人不是律师或律师事务所",
)
is_lawyer = Condition(p.kind == pp.PRACTITIONER_KIND_LAWYER, "no_lawyer", "不是律师")
proposal = Condition(s.kind == sp.SANCTION_KIND_PENALTY_PROPOSAL, "no_proposal", "不是提请处罚")
sanction = Condition(s.kind.in_(SANCTIONS), "no_sanction", "移送或提请处罚,不是责令改正或处分")
# What became of a proposal is known from the day it was told; before it, the proposal was pending.
outcome_by_now = case(
    (s.outcome_date.is_not(None), keyed(s.outcome, short_names(OUTCOME))), else_=cast(literal("pending"), Text)
)

COMPLAINTS = Indicator(
    code="legalservices.complaints",
    zh="投诉受理数",
    form=Form.COUNT,
    department="legalservices",
    better=Better.NONE,
    clauses=("legalservices.complaints", "work.public-complaints"),
    flows=(
        Flow(
            COMPLAINT,
            c.received_date,
            by={"respondent_kind": c.respondent_kind, "channel": c.channel, "ground": c.grounds},
        ),
    ),
    sensitive=frozenset({"respondent_kind"}),
    # Together they are what is held against the lawyers.
    told={"respondent_kind": frozenset(short_names(RESPONDENT)[kind] for kind in LAWYERS)},
    note="按收到投诉之日和办理单位计,不论是否受理;一件投诉有几项事由,在各项事由中各计一次。",
)
ACCEPT_ON_TIME_RATE = Indicator(
    code="legalservices.complaint_accept_on_time_rate",
    zh="投诉按期受理率",
    form=Form.RATIO,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.complaints",),
    flows=(
        Flow(
            COMPLAINT,
            when=earliest(decided_date, c.accept_due),
            # Undecided on its last day, a complaint is late from the next.
            judged=earliest(decided_date, plus(c.accept_due, 1)),
            of=(decided_in_time,),
        ),
    ),
    unit="%",
    note="受理、不予受理、移送均为作出决定;补充材料期间不计入期限;期限内、决定前撤回或和解的不计。",
    work=Work(
        "待决定是否受理的投诉", "作出决定", (Task(Census(COMPLAINT, c.received_date, of=(decided,)), c.accept_due),)
    ),
)
REPLY_ON_TIME_RATE = Indicator(
    code="legalservices.complaint_reply_on_time_rate",
    zh="投诉按期答复率",
    form=Form.RATIO,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.complaints",),
    flows=(
        Flow(
            COMPLAINT,
            when=earliest(c.answered_date, c.answer_due),
            judged=earliest(c.answered_date, plus(c.answer_due, 1)),
            over=(answer_owed,),
            of=(answered_in_time,),
        ),
    ),
    unit="%",
    note="答复期限自办结之日起算,逾期未办结的自办结期限届满之日起算;补充材料期间不计入期限。",
    work=Work("待答复的投诉", "答复", (Task(Census(COMPLAINT, c.received_date, of=(answered,)), c.answer_due),)),
)
MEAN_DAYS = Indicator(
    code="legalservices.complaint_mean_days",
    zh="投诉平均办理天数",
    form=Form.MEAN,
    department="legalservices",
    better=Better.DOWN,
    clauses=("legalservices.complaints",),
    flows=(Flow(COMPLAINT, c.answered_date, n=c.days),),
    unit="天",
    note="自收到投诉之日至答复之日的日历天数,扣除补充材料期间。",
)
SUBSTANTIATED_RATE = Indicator(
    code="legalservices.complaint_substantiated_rate",
    zh="投诉属实率",
    form=Form.RATIO,
    department="legalservices",
    better=Better.NONE,
    clauses=("legalservices.complaints",),
    flows=(Flow(COMPLAINT, c.concluded_date, of=(substantiated,)),),
    unit="%",
    note="属实或部分属实;撤回、和解的也是办结。",
)
SATISFACTION_RATE = Indicator(
    code="legalservices.complaint_satisfaction_rate",
    zh="投诉人满意率",
    form=Form.RATIO,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.complaints",),
    flows=(Flow(COMPLAINT, c.satisfaction_date, over=(gave_opinion,), of=(satisfied,)),),
    unit="%",
)
COMPLAINTS_PER_100_LAWYERS = Indicator(
    code="legalservices.complaints_per_100_lawyers",
    zh="百名律师投诉数",
    form=Form.RATIO,
    department="legalservices",
    better=Better.DOWN,
    clauses=("legalservices.complaints",),
    censuses=(
        Census(
            COMPLAINT,
            c.received_date,
            c.received_date,
            over=(about_lawyers,),
            n=literal(PER, BigInteger),
            total=NOTHING,
            window=True,
        ),
        Census(PRACTITIONER, p.licensed_from_date, p.licensed_to_date, over=(is_lawyer,), n=NOTHING),
    ),
    unit="件/百名律师",
    scale=PER,
    note="本期收到的对律师和律师事务所的投诉,与期末执业律师数之比;投诉按办理单位计,律师按事务所所在单位计。",
)
PENALTY_PROPOSALS = Indicator(
    code="legalservices.penalty_proposals",
    zh="处罚建议数",
    form=Form.COUNT,
    department="legalservices",
    better=Better.NONE,
    clauses=("legalservices.assessment",),
    flows=(Flow(SANCTION, s.decided_date, over=(proposal,), by={"outcome": outcome_by_now}),),
    key_enum={"outcome": OUTCOME},
)
SANCTIONS_RECORDED = Indicator(
    code="legalservices.sanctions",
    zh="责令改正及处分数",
    form=Form.COUNT,
    department="legalservices",
    better=Better.NONE,
    clauses=("legalservices.assessment",),
    flows=(Flow(SANCTION, s.decided_date, over=(sanction,), by={"kind": s.kind}),),
    note="责令改正、谈话提醒、行业处分和行政处罚;移送和提请处罚不是处分。",
)

INDICATORS = (
    COMPLAINTS,
    ACCEPT_ON_TIME_RATE,
    REPLY_ON_TIME_RATE,
    MEAN_DAYS,
    SUBSTANTIATED_RATE,
    SATISFACTION_RATE,
    COMPLAINTS_PER_100_LAWYERS,
    PENALTY_PROPOSALS,
    SANCTIONS_RECORDED,
)
