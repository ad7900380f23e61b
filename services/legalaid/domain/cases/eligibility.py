"""Whether the conditions of aid are met: hardship by the standard of the day of receipt, and grounds that fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from geju.legalaid.v1 import aid_case_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import InvalidField
from services.chassis.domain.profile import HardshipStandard
from services.chassis.domain.rules import Rules
from services.chassis.funds.rules import yuan
from services.legalaid.domain.cases.errors import GroundMismatch, HardshipRequired, LimitationNotNear, OverStandard
from services.legalaid.domain.cases.lifecycle import is_notified

Case = pb.AidCase
#: Judged by the income of the household; the other grounds exempt from that.
BY_INCOME = frozenset({pb.HARDSHIP_BASIS_EVIDENCE, pb.HARDSHIP_BASIS_DECLARATION})
#: What hardship is judged by: where none of it has changed, nothing is judged again.
JUDGED_BY = ("received_date", "path", "groups", "matter", "hardship", "monthly_income_fen")
#: A period of limitation presses when fewer days than this are left.
_NEAR = timedelta(days=7)
_GRAVE = frozenset({pb.GRAVEST_PENALTY_LIFE, pb.GRAVEST_PENALTY_DEATH})
_WAGES_AND_INJURY = frozenset({pb.AID_MATTER_UNPAID_WAGES, pb.AID_MATTER_WORK_INJURY})
_GROUP_OF_CHANNEL: Mapping[int, tuple[int, str]] = {
    pb.GREEN_CHANNEL_GROUND_DISABLED: (pb.AID_GROUP_DISABLED, "受援人群体应含残疾人"),
    pb.GREEN_CHANNEL_GROUND_ELDERLY: (pb.AID_GROUP_ELDERLY, "受援人群体应含老年人"),
    pb.GREEN_CHANNEL_GROUND_MINOR: (pb.AID_GROUP_MINOR, "受援人群体应含未成年人"),
    pb.GREEN_CHANNEL_GROUND_MILITARY: (pb.AID_GROUP_MILITARY_FAMILY, "受援人群体应含军人军属"),
    pb.GREEN_CHANNEL_GROUND_MIGRANT_WAGES: (pb.AID_GROUP_MIGRANT_WORKER, "受援人群体应含农民工"),
}


def check_grounds(case: Case) -> None:
    """Refuse grounds that contradict who the recipient is or what the case is about. Raises GroundMismatch."""
    for field, expected in (*_of_channel(case), *_of_hardship(case)):
        raise GroundMismatch(field, expected=expected)
    if case.gravest_penalty and case.kind != pb.AID_KIND_CRIMINAL:
        raise GroundMismatch("gravest_penalty", expected="只有刑事案件填写")


def _of_channel(case: Case) -> Iterator[tuple[str, str]]:
    group, expected = _GROUP_OF_CHANNEL.get(case.green_channel, (0, ""))
    if group and group not in case.groups:
        yield "green_channel", expected
    if case.green_channel == pb.GREEN_CHANNEL_GROUND_MIGRANT_WAGES and case.matter != pb.AID_MATTER_UNPAID_WAGES:
        yield "green_channel", "援助事项应为追索劳动报酬"
    if case.green_channel == pb.GREEN_CHANNEL_GROUND_WORK_INJURY and case.matter != pb.AID_MATTER_WORK_INJURY:
        yield "green_channel", "援助事项应为工伤赔偿"
    if case.green_channel and is_notified(case):
        yield "green_channel", "通知案件不经申请审查,不填"


def _of_hardship(case: Case) -> Iterator[tuple[str, str]]:
    if (case.hardship == pb.HARDSHIP_BASIS_NOT_REQUIRED) != is_notified(case) and case.hardship:
        yield "hardship", "通知案件无须审查经济困难,申请案件须审查"
    if case.hardship == pb.HARDSHIP_BASIS_EXEMPT_DISABLED_RELIEF and pb.AID_GROUP_DISABLED not in case.groups:
        yield "hardship", "受援人群体应含残疾人"
    if case.hardship == pb.HARDSHIP_BASIS_EXEMPT_MIGRANT_WAGES:
        if pb.AID_GROUP_MIGRANT_WORKER not in case.groups:
            yield "hardship", "受援人群体应含农民工"
        if case.matter not in _WAGES_AND_INJURY:
            yield "hardship", "援助事项应为追索劳动报酬或工伤赔偿"


def check_hardship(case: Case, rules: Rules) -> None:
    """Refuse to grant an application that does not show hardship. Raises HardshipRequired, OverStandard."""
    if is_notified(case):
        return
    if not case.hardship:
        raise HardshipRequired("hardship", expected="写明收入低于标准,或免予审查的事由")
    if case.hardship not in BY_INCOME:
        return
    if not case.monthly_income_fen:
        raise HardshipRequired("monthly_income_fen", expected="以收入低于标准为依据的,须大于零;没有任何收入的填 1 分")
    standard = standard_of(case, rules)
    if standard is not None and case.monthly_income_fen > standard.monthly_income_fen:
        raise OverStandard("monthly_income_fen", standard=yuan(standard.monthly_income_fen))


def check_refusal(case: Case, ground: pb.AidRefusalGround.ValueType, rules: Rules) -> None:
    """Refuse to refuse for want of hardship who has shown it. Raises GroundMismatch."""
    if ground != pb.AID_REFUSAL_GROUND_NOT_IN_HARDSHIP:
        return
    if case.hardship and case.hardship not in BY_INCOME:
        raise GroundMismatch("refusal_ground", expected="已登记免予审查经济困难的事由,不能以此为由拒绝")
    standard = standard_of(case, rules)
    if standard is not None and 0 < case.monthly_income_fen <= standard.monthly_income_fen:
        raise GroundMismatch("refusal_ground", expected="已登记的人均月收入不高于当日标准,不能以此为由拒绝")


def check_provided(case: Case) -> None:
    """Refuse aid before the decision that nothing presses for. Raises GroundMismatch, LimitationNotNear."""
    if case.kind == pb.AID_KIND_CRIMINAL:
        raise GroundMismatch("provide_first", expected="时效和财产保全不适用于刑事案件")
    on, until = to_date(case.provided_date), to_date(case.limitation_date)
    if on is None or case.provide_first != pb.PROVIDE_FIRST_GROUND_LIMITATION:
        return
    if until is None:
        raise GroundMismatch("provide_first", expected="以时效即将届满为由的,须先填时效届满日期")
    if until < on:
        raise GroundMismatch("provide_first", expected="时效届满日期早于先行提供日期,已无时效可保")
    if until - on >= _NEAR:
        raise LimitationNotNear("limitation_date", until=until)


def standard_of(case: Case, rules: Rules) -> HardshipStandard | None:
    """Return the standard that an application is judged by: that of the day of receipt; None: there was none."""
    received = to_date(case.received_date)
    return None if received is None else rules.profile.hardship_standard(received)


def is_grave(case: Case) -> bool:
    """Tell whether life or death may be imposed: the handler needs years of practice."""
    return case.gravest_penalty in _GRAVE


def check_name(case: Case) -> None:
    """Refuse to grant aid to nobody. Raises InvalidField."""
    if not case.person_name.strip():
        raise InvalidField("person_name", expected="给予援助前须填写受援人姓名")
