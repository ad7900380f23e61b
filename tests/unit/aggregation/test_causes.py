"""What became of a record since a report."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

from services.aggregation import catalogue
from services.aggregation.definitions import definition
from services.aggregation.provenance import Origin, kind_name, made_at
from services.aggregation.reports import Report
from services.aggregation.restatements import NOTHING, CauseKind, Share, cause_kind

NOW = datetime.now(UTC)


def report(sealed: datetime) -> Report:
    """Return a report sealed at an instant."""
    return Report("2012-05", 1, date(2012, 6, 1), NOW, sealed, "", "", "", {}, b"", 0, 0, UUID(int=1), {})


def origin(revision: int, *, deleted: bool = False) -> Origin:
    """Return where a record comes from."""
    return Origin("geju/mediation", revision, NOW, "", "", deleted, sealed=False)


def test_a_record_is_added_changed_deleted_or_judged_anew() -> None:
    """Its revision, its deletion and the age of its id tell."""
    record, hour = f"disputes/{uuid7()}", timedelta(hours=1)
    before, after = report(NOW - hour), report(NOW + hour)
    assert CauseKind.ADDED is cause_kind(record, before, NOTHING, origin(3))
    assert CauseKind.CHANGED is cause_kind(record, after, NOTHING, origin(3))
    assert CauseKind.CHANGED is cause_kind(record, before, Share(2, 1, 1), origin(3))
    assert CauseKind.DELETED is cause_kind(record, before, Share(2, 1, 1), origin(3, deleted=True))
    assert CauseKind.JUDGED is cause_kind(record, before, Share(3, 1, 1), origin(3))
    assert CauseKind.JUDGED is cause_kind("profile/wuma", before, NOTHING, None)


def test_the_age_of_an_id_is_known_when_it_says_so() -> None:
    """Version 7 begins with its instant; others say nothing."""
    made = made_at(f"disputes/{uuid7()}")
    assert made is not None
    assert abs(made - datetime.now(UTC)) < timedelta(seconds=5)
    assert made_at(f"disputes/{uuid4()}") is None
    assert made_at("profile/wuma:2012-05") is None


def test_kinds_are_read_from_names() -> None:
    """A resource name says its kind; the district profile's entries have none."""
    assert ("dispute", "") == (kind_name("disputes/x"), kind_name("profile/wuma"))


def test_definitions_differ_where_indicators_do() -> None:
    """Two indicators never share a fingerprint, and each keeps its own."""
    found = [definition(indicator) for indicator in catalogue.INDICATORS]
    assert len(found) == len(set(found))
