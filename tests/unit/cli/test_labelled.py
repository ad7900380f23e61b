"""What the district profile calls things, where the contract only knows codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from geju.common.v1 import limit_pb2
from geju.mediation.v1 import dispute_pb2
from google.type.date_pb2 import Date

from services.cli import kinds
from services.cli.failure import Failure
from services.cli.session import Session
from services.client import Home

PROFILE = Path(__file__).parents[3] / "deploy" / "districts" / "lucheng"


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Return the session of somebody who has the profile at hand."""
    monkeypatch.setenv("GEJU_PROFILE", str(PROFILE))
    return Session(Home(tmp_path), {}, None)


def test_a_time_limit_is_shown_by_its_name_with_headed_days(session: Session) -> None:
    """Nobody knows the ids of rules, and three dates in a row say nothing."""
    limit = limit_pb2.Limit(
        rule="mediation.close.general",
        start=Date(year=2012, month=5, day=2),
        due=Date(year=2012, month=6, day=1),
        state=limit_pb2.LIMIT_STATE_RUNNING,
    )
    record = dispute_pb2.Dispute(limits=[limit])
    assert session.district
    name, column = session.district.limit_label(limit.rule), {c.path: c for c in kinds.get("dispute").exported}
    shown = column["limits",].get(session.labelled(record))
    assert name != limit.rule
    assert shown.startswith(f"{name}(起算日 2012-05-02,届满日 2012-06-01,状态 ")
    assert limit.rule not in shown
    assert limit.rule == record.limits[0].rule


def test_a_pattern_is_named_by_its_label_or_its_code(session: Session) -> None:
    """People say 大帮教; what is neither is refused with what there is."""
    assert ["correction", "mediation", "funds"] == session.pattern_codes(["大帮教", "mediation", "经费"])
    with pytest.raises(Failure, match="大什么") as refused:
        session.pattern_codes(["大什么"])
    assert "correction(大帮教)" in refused.value.advice


def test_without_a_profile_the_service_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the names are not at hand, what was given is passed on."""
    monkeypatch.delenv("GEJU_PROFILE", raising=False)
    assert ["大帮教"] == Session(Home(tmp_path), {}, None).pattern_codes(["大帮教"])
