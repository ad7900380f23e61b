"""Events travel whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from geju.cloudevents.v1.cloudevents_pb2 import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.stream import BadEventError, FactEvent, decode, encode, facts_stream, subject

EVENT = FactEvent(
    id=UUID(int=7),
    source="geju/mediation",
    kind="dispute",
    collection="disputes",
    record_id=UUID(int=9),
    epoch=2,
    revision=3,
    sequence=4,
    change="accepted",
    office="01",
    actor="clerk-1",
    recorded=datetime(2012, 3, 1, 2, 3, 4, 567890, tzinfo=UTC),
    facts_type="geju.mediation.v1.DisputeFacts",
    facts=b"\x08\x01",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)
INTEGERS = st.integers(0, 2**63 - 1)


@given(
    epoch=INTEGERS,
    revision=INTEGERS,
    sequence=INTEGERS,
    facts=st.binary(),
    office=st.text(max_size=5),
    recorded=st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    traceparent=st.sampled_from(["", EVENT.traceparent]),
)
def test_decoding_gives_back_what_was_encoded(**changes: object) -> None:
    """No field of an event is lost or changed on the way."""
    event = replace(EVENT, **changes)
    assert event == decode(encode(event))


@given(st.binary(max_size=200))
def test_noise_is_refused(data: bytes) -> None:
    """Bytes that are no event raise BadEventError and nothing else."""
    with pytest.raises(BadEventError):
        decode(data)


def test_the_subject_names_service_kind_and_record() -> None:
    """The subject lets a consumer choose by service, kind or record."""
    assert f"geju.facts.mediation.dispute.{UUID(int=9)}" == subject(EVENT)


def test_the_envelope_is_a_cloudevent() -> None:
    """Attributes that CloudEvents defines are where others look for them."""
    envelope = CloudEvent.FromString(encode(EVENT))
    assert ("1.0", "geju/mediation", EVENT.facts_type) == (envelope.spec_version, envelope.source, envelope.type)
    assert f"disputes/{UUID(int=9)}" == envelope.attributes["subject"].ce_string
    assert EVENT.recorded == envelope.attributes["time"].ce_timestamp.ToDatetime(UTC)
    assert all(name.isalnum() and name.islower() for name in envelope.attributes)


def test_the_stream_of_facts_forgets_nothing() -> None:
    """Nobody can delete or purge, and a full stream refuses instead of dropping."""
    config = facts_stream(3)
    assert (
        config.deny_delete,
        config.deny_purge,
        config.discard,
        config.storage,
        config.num_replicas,
    ) == (True, True, "new", "file", 3)
