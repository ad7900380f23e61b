"""Broken rules of legal-aid cases, one class each: the docstring is the message to the user."""

# Docstrings are Chinese sentences, classes are named for the rule that was broken.
# ruff: noqa: D400, N818

from __future__ import annotations

from services.chassis.domain.errors import RuleError


class HardshipRequired(RuleError):
    """给予援助前须填写“{field}”:{expected}。"""

    reason = "HARDSHIP_REQUIRED"


class OverStandard(RuleError):
    """“{field}”高于收到申请之日的经济困难标准(每人每月 {standard} 元),不能以收入低于标准给予援助。"""

    reason = "OVER_STANDARD"


class GroundMismatch(RuleError):
    """“{field}”与案件不符:{expected}。"""

    reason = "GROUND_MISMATCH"


class NotifiedCase(RuleError):
    """通知辩护、通知代理的案件不经申请,应予承办,不能登记“{action}”。"""

    reason = "NOTIFIED_CASE"


class NoNotice(RuleError):
    """“{field}”只用于通知辩护、通知代理的案件,本案不是。"""

    reason = "NO_NOTICE"


class LimitationNotNear(RuleError):
    """时效届满日期为 {until},距先行提供之日不少于七日,不能以时效即将届满为由先行提供。"""

    reason = "LIMITATION_NOT_NEAR"


class SupplementNotOver(RuleError):
    """补正期限至 {due},其后仍未补正方可视为撤回;申请人自行撤回的,请不选视为撤回。"""

    reason = "SUPPLEMENT_NOT_OVER"


class SamePersonDecides(RuleError):
    """作出不予援助决定的人不得审查对该决定的异议,须由他人办理。"""

    reason = "SAME_PERSON_DECIDES"


class PracticeTooShort(RuleError):
    """可能判处无期徒刑、死刑的案件,承办人须执业满三年:“{field}”应填首次执业日期,且不晚于 {latest}。"""

    reason = "PRACTICE_TOO_SHORT"


class SameHandler(RuleError):
    """“{field}”就是现承办人,变更承办人须另指派他人。"""

    reason = "SAME_HANDLER"


class HandlerRates(RuleError):
    """现承办人和曾承办人不得评查本案,“{field}”须为他人。"""

    reason = "HANDLER_RATES"


class RatedBefore(RuleError):
    """此人已评查过本案,“{field}”须为他人。"""

    reason = "RATED_BEFORE"


class ReferredBefore(RuleError):
    """本案已移送调解,或由调解移交而来,不再移送。"""

    reason = "REFERRED_BEFORE"


class NotCivil(RuleError):
    """只有民事案件可以移送调解,本案的案件类别不是民事。"""

    reason = "NOT_CIVIL"


class PaidBefore(RuleError):
    """办案补贴已于 {paid} 发放,不再发放。"""

    reason = "PAID_BEFORE"


class PaidCase(RuleError):
    """已发放办案补贴的案件不能删除;发放有误的,请先更正补贴发放日期和办案补贴。"""

    reason = "PAID_BEFORE"


class DecidedByStep(RuleError):
    """“{field}”须由有权的人在相应环节办理,不能用更正或导入代替;登记前已办结的,由区级部门导入。"""

    reason = "DECIDED_BY_STEP"


class LateForwarding(RuleError):
    """“{field}”不对:{expected}。"""

    reason = "LATE_FORWARDING"
