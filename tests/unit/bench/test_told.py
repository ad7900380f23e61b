"""What the benches tell again: other records, that refer to one another as those of the first telling do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from geju.legalaid.v1.facts_pb2 import ConsultationFacts

from services.chassis.stream import FactEvent
from tests.bench.recorded import told

CASE, CONSULTATION = UUID(int=1 << 100), UUID(int=2 << 100)
EVENT = FactEvent(
    id=UUID(int=7),
    source="geju/legalaid",
    kind="consultation",
    collection="consultations",
    record_id=CONSULTATION,
    epoch=1,
    revision=1,
    sequence=9,
    change="recorded",
    office="wuma",
    actor="bench",
    recorded=datetime(2012, 1, 1, tzinfo=UTC),
    facts_type=ConsultationFacts.DESCRIPTOR.full_name,
    facts=ConsultationFacts(office="wuma", aid_case=str(CASE)).SerializeToString(),
)
RECORDED = [replace(EVENT, id=UUID(int=6), record_id=CASE, facts=b""), EVENT]


def test_the_first_telling_is_what_was_recorded() -> None:
    """But for the numbers of the source, which begin with one."""
    first = list(told(RECORDED, 2))
    assert RECORDED == [replace(event, sequence=9) for event in first]
    assert [1, 2] == [event.sequence for event in first]


def test_what_is_told_again_is_of_other_records() -> None:
    """As many as are wanted, numbered without a gap, none twice."""
    events = list(told(RECORDED, 7))
    assert list(range(1, 8)) == [event.sequence for event in events]
    assert (7, 7) == (len({event.id for event in events}), len({event.record_id for event in events}))


def test_references_go_with_what_they_name() -> None:
    """In each telling the consultation led to the case of that telling."""
    events = list(told(RECORDED, 6))
    for case, consultation in zip(events[::2], events[1::2], strict=True):
        assert str(case.record_id) == ConsultationFacts.FromString(consultation.facts).aid_case
        assert "wuma" == ConsultationFacts.FromString(consultation.facts).office
