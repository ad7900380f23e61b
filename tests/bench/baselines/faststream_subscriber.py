"""A FastStream subscriber that commits each event with asyncpg: the tutorial's way to a projection.

`python -m tests.bench.baselines.faststream_subscriber NATS_URL DATABASE_URL STREAM NAME` runs until it is ended.
"""

from __future__ import annotations

import asyncio
import logging
import sys

import asyncpg
import uvloop
from faststream.nats import JStream, NatsBroker
from geju.cloudevents.v1.cloudevents_pb2 import CloudEvent
from geju.mediation.v1.facts_pb2 import DisputeFacts
from nats.js.api import DeliverPolicy

TABLE = """
CREATE TABLE plain_fact (
    id uuid PRIMARY KEY, revision bigint NOT NULL, office text NOT NULL, state integer NOT NULL, facts bytea NOT NULL
)"""
UPSERT = """
INSERT INTO plain_fact VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE
SET revision = excluded.revision, office = excluded.office, state = excluded.state, facts = excluded.facts
WHERE plain_fact.revision < excluded.revision"""


async def main(nats_url: str, database_url: str, stream: str, name: str) -> None:
    """Subscribe and store."""
    broker = NatsBroker(nats_url, logger=None, log_level=logging.WARNING)
    async with asyncpg.create_pool(database_url, min_size=2, max_size=4) as pool:

        @broker.subscriber(
            "geju.facts.>", stream=JStream(stream, declare=False), durable=name, deliver_policy=DeliverPolicy.ALL
        )
        async def store(body: bytes) -> None:
            event = CloudEvent.FromString(body)
            facts = DisputeFacts.FromString(event.binary_data)
            record = event.attributes["subject"].ce_string.rpartition("/")[2]
            revision = int(event.attributes["revision"].ce_string)
            await pool.execute(UPSERT, record, revision, facts.office, facts.state, event.binary_data)

        async with broker:
            await broker.start()
            await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
