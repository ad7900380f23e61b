"""Comparing digests: what differs, and which side is ahead."""

from __future__ import annotations

from geju.facts.v1 import facts_source_service_pb2 as pb

from services.aggregation.copies import Held
from services.aggregation.rebuild import next_schema
from services.aggregation.reconcile import _ahead, _differing
from services.aggregation.sources import earliest
from tests.unit.aggregation.test_causes import NOW


def digest(*buckets: pb.BucketDigest, kind: str = "dispute") -> pb.GetDigestResponse:
    """Return a source's digest of one kind."""
    return pb.GetDigestResponse(kinds=[pb.KindDigest(kind=kind, buckets=buckets)])


def test_buckets_differ_by_count_or_digest_on_either_side() -> None:
    """A bucket that only one side has differs too; kinds that nobody counts here are passed over."""
    theirs = digest(*(pb.BucketDigest(bucket=n, count=1, low=n, high=-n) for n in range(4)))
    mine = {"dispute": {0: (1, 0, 0), 1: (1, 1, 1), 2: (2, 2, -2), 9: (1, 9, 9)}}
    assert [("dispute", n) for n in (1, 2, 3, 9)] == _differing(theirs, mine)
    assert [] == _differing(digest(pb.BucketDigest(bucket=1, count=1), kind="other"), {})


def test_only_what_the_service_never_had_is_ahead() -> None:
    """A higher revision of the same epoch, or a record that it lacks, is a restore; an older epoch's is not."""
    held = Held(2, 5, b"")
    assert [True, True, False, False, False] == [
        _ahead(held, None, 2),
        _ahead(held, (4, b""), 2),
        _ahead(held, (5, b"x"), 2),
        _ahead(held, (4, b""), 3),
        _ahead(None, (1, b""), 2),
    ]


def test_a_rebuild_never_takes_the_schema_that_is_read() -> None:
    """Names alternate."""
    assert ("p_1", "p_1_2", "p_1", "p_2") == (
        next_schema("1", ""),
        next_schema("1", "p_1"),
        next_schema("1", "p_1_2"),
        next_schema("2", "p_1"),
    )


def test_a_source_is_proven_when_all_its_kinds_are() -> None:
    """The earliest counts; one that never was leaves the source unproven."""
    assert (NOW, None, None) == (earliest([NOW]), earliest([NOW, None]), earliest([]))
