"""Where a dispute may go from where it stands: the one table that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from geju.mediation.v1 import dispute_pb2 as pb

from services.chassis.domain.steps import Transition

State = pb.Dispute.State

REGISTERED = pb.Dispute.STATE_REGISTERED
ACCEPTED = pb.Dispute.STATE_ACCEPTED
REFUSED = pb.Dispute.STATE_REFUSED
WITHDRAWN = pb.Dispute.STATE_WITHDRAWN
IN_MEDIATION = pb.Dispute.STATE_IN_MEDIATION
AGREED = pb.Dispute.STATE_AGREED
FAILED = pb.Dispute.STATE_FAILED
REFUSED_BY_PARTY = pb.Dispute.STATE_REFUSED_BY_PARTY
REFERRED = pb.Dispute.STATE_REFERRED

OPEN = frozenset({REGISTERED, ACCEPTED, IN_MEDIATION})
UNDER_WAY = frozenset({ACCEPTED, IN_MEDIATION})
CLOSED = frozenset({REFUSED, WITHDRAWN, AGREED, FAILED, REFUSED_BY_PARTY, REFERRED})
#: Ways to close that need a session first.
MEDIATED = frozenset({AGREED, FAILED, REFUSED_BY_PARTY, REFERRED})

REFERRALS = frozenset(
    {
        pb.DISPUTE_CHANNEL_POLICE,
        pb.DISPUTE_CHANNEL_LABOUR_WINDOW,
        pb.DISPUTE_CHANNEL_COURT_BEFORE_FILING,
        pb.DISPUTE_CHANNEL_COURT_TRIAL,
        pb.DISPUTE_CHANNEL_PETITION,
        pb.DISPUTE_CHANNEL_LEGAL_AID,
        pb.DISPUTE_CHANNEL_OTHER_UNIT,
    }
)


TRANSITIONS: Mapping[str, Transition] = {
    "accept": Transition("受理", frozenset({REGISTERED}), ACCEPTED),
    "refuse": Transition("不予受理", frozenset({REGISTERED}), REFUSED),
    "withdraw": Transition("撤回", OPEN, WITHDRAWN),
    "assign": Transition("指派调解员", OPEN),
    "session": Transition("登记调解", UNDER_WAY, IN_MEDIATION),
    "discuss": Transition("讨论重大纠纷", UNDER_WAY),
    "agree": Transition("达成协议", frozenset({IN_MEDIATION}), AGREED),
    "fail": Transition("调解不成", frozenset({IN_MEDIATION}), FAILED),
    "refused_by_party": Transition("当事人拒绝", frozenset({IN_MEDIATION}), REFUSED_BY_PARTY),
    "refer": Transition("移交", frozenset({IN_MEDIATION}), REFERRED),
    "suspend": Transition("中止期限", UNDER_WAY),
    "resume": Transition("恢复期限", UNDER_WAY),
    "extend": Transition("延长期限", UNDER_WAY),
    "escalate": Transition("登记激化", OPEN),
    "prevent": Transition("登记防止激化", OPEN),
    "report": Transition("反馈结果", CLOSED - {REFUSED}),
    "apply_confirmation": Transition("申请司法确认", frozenset({AGREED})),
    "confirm": Transition("登记司法确认", frozenset({AGREED})),
    "fulfil": Transition("登记履行", frozenset({AGREED})),
    "visit": Transition("登记回访", frozenset({AGREED})),
    "reopen": Transition("重新启动", CLOSED),
}

OUTCOME_OF: Mapping[int, pb.DisputeOutcome.ValueType] = {
    AGREED: pb.DISPUTE_OUTCOME_AGREED,
    FAILED: pb.DISPUTE_OUTCOME_FAILED,
    REFUSED_BY_PARTY: pb.DISPUTE_OUTCOME_REFUSED_BY_PARTY,
    WITHDRAWN: pb.DISPUTE_OUTCOME_WITHDRAWN,
    REFERRED: pb.DISPUTE_OUTCOME_REFERRED,
}


def is_referral(dispute: pb.Dispute) -> bool:
    """Tell whether the dispute was sent by a unit that wants to hear of the outcome."""
    return dispute.channel in REFERRALS
