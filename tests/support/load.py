"""Several tellers at once, and what must be true of what they were told."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.chassis.testing import eventually
from tests.support import (
    story_aid,
    story_aid_stations,
    story_complaints,
    story_correction,
    story_correction_records,
    story_correction_registers,
    story_disputes,
    story_outreach,
    story_practitioners,
    story_publicity,
    story_publicity_places,
    story_registers,
    story_released,
)
from tests.support.calls import Refused
from tests.support.story import KINDS, LAWFUL, OF_CORRECTION, Teller
from tests.support.system import DOMAIN, System
from tests.support.system import KINDS as RECORDS

#: What persons are named in.
OF_PERSONS = [
    *[story_disputes.register] * 3,
    *[story_disputes.go_on] * 16,
    *story_registers.STEPS,
    *[story_correction.notify] * 2,
    *[story_correction.go_on] * 16,
    *[story_correction_records.follow] * 5,
    story_released.announce,
    *[story_released.go_on] * 9,
    *[story_released.follow] * 4,
    *story_correction_registers.STEPS,
    *[story_complaints.receive] * 3,
    *[story_complaints.go_on] * 16,
    *story_complaints.STEPS,
    *story_practitioners.STEPS,
    *story_outreach.STEPS,
    *story_aid.STEPS,
    *story_aid_stations.STEPS,
]
STEPS = [*OF_PERSONS, *story_publicity.STEPS, *story_publicity_places.STEPS]


async def beginners(system: System, *seeds: int) -> list[Teller]:
    """Return tellers that have laid the ground of their stories, each in offices of its own.

    An office's statements belong to all who work there: in a common one, neither would have heard the last of them.
    """
    shares = [system.profile.offices[place :: len(seeds)] for place in range(len(seeds))]
    profiles = [replace(system.profile, offices=share) for share in shares]
    people = system.owner(), system.owner("second"), system.owner("third")
    stories = zip(profiles, seeds, strict=True)
    tellers = [Teller(people[0], own, system.today, seed, *people[1:]) for own, seed in stories]
    await asyncio.gather(*(begin(teller) for teller in tellers))
    return tellers


async def begin(teller: Teller) -> None:
    """Lay the ground of a story."""
    await story_registers.begin(teller)
    await story_correction_registers.begin(teller)
    await story_practitioners.begin(teller)
    await story_aid_stations.begin(teller)
    await story_publicity_places.begin(teller)


async def tell(teller: Teller, steps: int) -> None:
    """Take so many random steps."""
    for _ in range(steps):
        await teller.some(STEPS)(teller)


@asynccontextmanager
async def load(tellers: Sequence[Teller]) -> AsyncIterator[None]:
    """Have tellers at work for the length of the block; every call they began is answered at its end."""
    over = asyncio.Event()

    async def work(teller: Teller) -> None:
        while not over.is_set():
            try:
                await tell(teller, 1)
            except Refused as refused:
                if not teller.set_back or refused.failure.code.name not in LAWFUL:
                    raise

    work_of_all = asyncio.gather(*(work(teller) for teller in tellers))
    try:
        yield
    finally:
        over.set()
        await work_of_all


async def until_more(tellers: Sequence[Teller], accepted: int, patience: float = 60) -> None:
    """Wait until so many more changes were accepted."""
    wanted = count(tellers) + accepted
    await eventually(lambda: count(tellers) >= wanted, patience)


def count(tellers: Sequence[Teller]) -> int:
    """Return how many changes were accepted so far."""
    return sum(teller.told.total() for teller in tellers)


async def require_nothing_lost(system: System, tellers: Sequence[Teller]) -> None:
    """Hold that whatever was accepted is stored, once: every request, and every record as last answered."""
    answered = {name: revision for teller in tellers for name, revision in teller.revisions.items()}
    assert {KINDS[name.partition("/")[0]] for name in answered}, "a load that told nothing proves nothing"
    stored, written = await _stored(system), await _written(system)
    own = {n: r for n, r in answered.items() if not is_of_correction(n) and n not in written.reacted}
    _require_as_answered(stored, own, tellers)
    _require_as_written(written, tellers)
    remembered = {
        row["request_id"] for one in DOMAIN for row in await system.rows(one, "SELECT request_id FROM request")
    }
    forgotten = {UUID(one) for teller in tellers for one in teller.request_ids} - remembered
    assert set() == forgotten, f"accepted requests without a trace: {forgotten}"


def is_of_correction(name: str) -> bool:
    """Tell whether a record is one of correction, which the service itself changes too; funds are everybody's."""
    return name.partition("/")[0] in OF_CORRECTION


async def _stored(system: System) -> Mapping[str, int]:
    stored: dict[str, int] = {}
    for service in DOMAIN:
        for kind in RECORDS[service]:
            rows = await system.rows(service, f"SELECT id, revision FROM {kind.row.__tablename__}")  # noqa: S608
            stored |= {f"{kind.collection}/{row['id']}": row["revision"] for row in rows}
    return stored


def _require_as_answered(stored: Mapping[str, int], answered: Mapping[str, int], tellers: Sequence[Teller]) -> None:
    other = {name: (said, stored.get(name)) for name, said in answered.items() if stored.get(name) != said}
    assert {} == other, f"answered and stored revision: {other}"
    changes = {n: made for teller in tellers for n, made in teller.changes.items() if n.startswith("disputes/")}
    twice = {n: (made, stored[n]) for n, made in changes.items() if n in answered and stored[n] != made}
    assert {} == twice, f"accepted changes and stored revision: {twice}"


@dataclass
class Written:
    """Revisions by the audit trail: all of a record, those that a call of its own service asked for; who reacted."""

    every: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    asked_for: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    reacted: set[str] = field(default_factory=set)


async def _written(system: System) -> Written:
    written = Written()
    for service in DOMAIN:
        for kind in RECORDS[service]:
            own = f"/{kind.message.DESCRIPTOR.file.package}.{kind.message.DESCRIPTOR.name}Service/"
            for row in await system.rows(service, _CHANGES, kind.name):
                name = f"{kind.collection}/{row['record_id']}"
                written.every[name].append(row["revision"])
                if row["method"].startswith(own) and "/Import" not in row["method"]:
                    written.asked_for[name].add(row["revision"])
                if ".reactions/" in row["method"]:
                    written.reacted.add(name)
    return written


def _require_as_written(written: Written, tellers: Sequence[Teller]) -> None:
    """Hold that every change of a record that its service itself changes was answered, once, or followed from another.

    Correction makes and changes records by itself: duties by a plan, a file by an end, what is recorded about a person
    after the person. Mediation and legal aid do so after what the other has told. The audit trail says by which call
    each revision came.
    """
    every, asked_for = written.every, written.asked_for
    both = {n for n in every if is_of_correction(n)} | written.reacted
    told = {n: r for teller in tellers for n, r in teller.answered.items() if is_of_correction(n) or n in both}
    torn = {name: every[name] for name in both if sorted(every[name]) != list(range(1, len(every[name]) + 1))}
    assert {} == torn, f"revisions written: {torn}"
    lost = {name: found - set(every[name]) for name, found in told.items() if found - set(every[name])}
    assert {} == lost, f"answered and never written: {lost}"
    unasked = {name: asked_for[name] - found for name, found in told.items() if asked_for[name] - found}
    assert {} == unasked, f"written by a call and never answered: {unasked}"


_CHANGES = "SELECT record_id, revision, method FROM audit WHERE kind = $1 AND change <> 'read' AND revision > 0"
