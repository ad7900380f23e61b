"""What ends with correction: an episode out of supervision, a period of positioning."""

from __future__ import annotations

from datetime import date
from typing import Any

from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.district import rows_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.domain.references import uuid_of
from services.chassis.domain.steps import put
from services.chassis.guards import kind_in
from services.chassis.work import Work
from services.correction.domain.supervision import absconding


async def close_open(work: Work, person: pb.SupervisedPerson, on: date) -> None:
    """End what is open on the last day of correction. Raises DateOrder: an episode began after that day, anywhere.

    What other offices have recorded is ended by the service itself, after the fact.
    """
    episodes = await rows_of(work, kind_in(work, "abscondings"), "person", uuid_of(person.name), "from_date", "to_date")
    latest = max((row["from_date"] for row in episodes if row["to_date"] is None), default=on)
    if latest > on:
        raise DateOrder("ended_date", date=on, earliest=latest)
    await close(work, person, on)


async def close(work: Work, person: pb.SupervisedPerson, on: date) -> None:
    """End what is open on a day, of the offices in scope."""
    about: dict[str, Any] = {"person": uuid_of(person.name)}
    kind = kind_in(work, "abscondings")
    for episode in await work.query(kind, to_date=None, from_date_to=on, **about):
        absconding.find(episode, on, work.rules)
        work.save(kind, episode, "ended", on)
    kind = kind_in(work, "positionings")
    for period in await work.query(kind, **about):
        first, last = to_date(period.from_date), to_date(period.to_date)
        if first is not None and last is not None and first <= on < last:
            put(period, "to_date", on)
            work.save(kind, period, "ended", on)
