"""`geju explain` tells of each record why, and what more there is to say."""

from __future__ import annotations

from geju.aggregation.v1.member_pb2 import Member

from services.cli.commands.explain import _member


def test_what_more_there_is_to_say_follows_the_reason() -> None:
    """A place outside is told the nearest station; what has no more to say ends with its reason."""
    far = Member(record="profile/011", reason_label="一小时内到不了开放的站点", detail="最近的是法院工作站,75 分钟")
    assert "一小时内到不了开放的站点:最近的是法院工作站,75 分钟" in _member(far, None)
    assert "计入" in _member(Member(record="disputes/1", reason_label="计入"), None)
