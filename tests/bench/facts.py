"""Facts of invented disputes, the same for the same seed, straight to the stream: a district's years in a minute."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from uuid import UUID

import nats
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1.facts_pb2 import DisputeFacts
from nats.aio.client import Client

from services.chassis.domain.dates import set_date
from services.chassis.domain.profile import Profile
from services.chassis.profile_file import load
from services.chassis.publisher import NatsPublisher
from services.chassis.stream import FactEvent, facts_stream
from tests.bench.surroundings import PROFILE

SOURCE = "geju/mediation"
FIRST, LAST = date(2008, 1, 1), date(2012, 12, 31)
SPAN = (LAST - FIRST).days
BATCH = 1000
MEDIATORS = 400
TYPES = [value for value in pb.DisputeType.values() if value]
CHANNELS = [value for value in pb.DisputeChannel.values() if value]
FORMS = [value for value in pb.AgreementForm.values() if value]


def clock_offset() -> str:
    """Return the setting that makes today the last day of the invented years."""
    return str((datetime(LAST.year, LAST.month, LAST.day, 4, tzinfo=UTC) - datetime.now(UTC)).total_seconds())


def dispute_facts(rng: random.Random, profile: Profile, day: date) -> DisputeFacts:
    """Invent the facts of one dispute taken in on a day, as far as it has come by the last day."""
    place = rng.choice(profile.places)
    facts = DisputeFacts(office=place.office, place=place.code, state=pb.Dispute.STATE_REGISTERED)
    facts.type, facts.channel, facts.kind = rng.choice(TYPES), rng.choice(CHANNELS), pb.DISPUTE_KIND_PEOPLE
    facts.people, facts.amount_fen = rng.choice((2, 2, 3, 5)), rng.choice((0, 0, 500_000, 3_000_000))
    facts.major, facts.difficult = rng.random() < 0.04, rng.random() < 0.15
    facts.mediator = str(UUID(int=rng.randrange(MEDIATORS)))
    set_date(facts.registered_date, day)
    set_date(facts.occurred, day)
    steps = iter(day + timedelta(days=rng.randrange(1, 12) * step) for step in range(1, 9))
    for step in (_accept, _hold, _close, _follow_up):
        on = next(steps)
        if on > LAST or rng.random() < 0.03:
            break
        step(facts, on, rng)
        set_date(facts.occurred, on)
    return facts


def _accept(facts: DisputeFacts, on: date, _rng: random.Random) -> None:
    facts.state = pb.Dispute.STATE_ACCEPTED
    set_date(facts.accepted_date, on)
    set_date(facts.close_due, on + timedelta(days=30))


def _hold(facts: DisputeFacts, on: date, _rng: random.Random) -> None:
    facts.state, facts.sessions = pb.Dispute.STATE_IN_MEDIATION, 1
    set_date(facts.first_session_date, on)


def _close(facts: DisputeFacts, on: date, rng: random.Random) -> None:
    set_date(facts.closed_date, on)
    if rng.random() < 0.06:
        facts.state, facts.outcome = pb.Dispute.STATE_FAILED, pb.DISPUTE_OUTCOME_FAILED
        return
    facts.state, facts.outcome = pb.Dispute.STATE_AGREED, pb.DISPUTE_OUTCOME_AGREED
    facts.agreement_form = rng.choice(FORMS)
    set_date(facts.fulfilment_due, on + timedelta(days=15))
    set_date(facts.visit1_due, on + timedelta(days=30))


def _follow_up(facts: DisputeFacts, on: date, _rng: random.Random) -> None:
    if facts.agreement_form:
        set_date(facts.fulfilled_date, on)
        set_date(facts.visit1_date, on)


def record_id(number: int) -> UUID:
    """Return the id of a dispute by its number; ids are spread like random ones."""
    return UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128))


def events(count: int, profile: Profile, seed: int = 1, first: int = 1) -> Iterator[FactEvent]:
    """Give one event for each of so many disputes, in order of the days they came in, which span the years."""
    rng = random.Random(seed)
    recorded = datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC)
    for number in range(first, first + count):
        facts = dispute_facts(rng, profile, FIRST + timedelta(days=SPAN * (number - first) // count))
        yield FactEvent(
            id=UUID(int=rng.getrandbits(128)),
            source=SOURCE,
            kind="dispute",
            collection="disputes",
            record_id=record_id(number),
            epoch=1,
            revision=1,
            sequence=number,
            change="registered",
            office=facts.office,
            actor="bench",
            recorded=recorded,
            facts_type=DisputeFacts.DESCRIPTOR.full_name,
            facts=facts.SerializeToString(deterministic=True),
        )


def disputes(count: int) -> Iterator[FactEvent]:
    """Give the facts of so many disputes of the demonstration's district."""
    return events(count, load(PROFILE))


async def publish(url: str, made: Iterable[FactEvent]) -> None:
    """Publish facts to the stream, in atomic batches."""
    client = await nats.connect(url)

    async def connected() -> Client:
        return client

    try:
        publisher = NatsPublisher(connected, facts_stream(), timeout=60)
        left = iter(made)
        while batch := list(islice(left, BATCH)):
            await publisher.publish(batch)
    finally:
        await client.close()
