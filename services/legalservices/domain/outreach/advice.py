"""Advice groups (政府法律顾问团、政府信访咨询团), their members from day to day, and the matters they advise on."""

from __future__ import annotations

from datetime import date

from geju.legalservices.v1 import advice_group_pb2, advised_matter_pb2

from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, in_force, overlap
from services.legalservices.domain.outreach import spans
from services.legalservices.domain.outreach.errors import MemberTaken, NotAMember, OutsideGroup
from services.legalservices.domain.registers.licence import OPEN, Span, span_of, within

Group = advice_group_pb2.AdviceGroup
Matter = advised_matter_pb2.AdvisedMatter


def check(new: Group, _old: Group | None, _rules: Rules) -> None:
    """Guard a group on every change. Raises BadReference, DateOrder, OutsideGroup, MemberTaken."""
    check_span(new)
    group = span_of(new, "from_date", "to_date")
    earlier: list[tuple[str, Span]] = []
    for index, member in enumerate(new.members):
        path = f"members[{index}]"
        check_reference(f"{path}.practitioner", member.practitioner, "practitioners")
        check_span(member)
        first, last = span_of(member, "from_date", "to_date")
        span = first, last or group[1]  # who has not left goes with the group
        if not (within((first, first), group) and within(span, group)):
            raise OutsideGroup(f"{path}.from_date", first=group[0], last=group[1] or OPEN)
        for name, theirs in earlier:
            if name == member.practitioner and overlap(*span, *theirs):
                raise MemberTaken(f"{path}.from_date", since=theirs[0])
        earlier.append((member.practitioner, span))


def check_matter(new: Matter, old: Matter | None, rules: Rules) -> None:
    """Guard a matter on every change. Raises BadReference, InvalidField."""
    check_reference("group", new.group, "adviceGroups")
    spans.check_practitioners(new, old, rules)


def check_members(matter: Matter, group: Group, on: date) -> None:
    """Refuse advice of somebody who is no member on the day; a group whose members are not recorded has none to ask.

    Raises NotAMember.
    """
    if not group.members:
        return
    members = {member.practitioner for member in group.members if in_force(member, on)}
    for index, name in enumerate(matter.practitioners):
        if name not in members:
            raise NotAMember(f"practitioners[{index}]", date=on)
