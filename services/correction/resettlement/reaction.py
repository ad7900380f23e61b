"""What the service does after its own facts: opening the file of a released person, and keeping its records in step.

The rules of a file hold for records of every office, which whoever changes the file may not see; so these changes are
made by the service itself, after the fact.
"""

from __future__ import annotations

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import NotFound
from services.chassis.domain.references import uuid_of
from services.chassis.domain.steps import put
from services.chassis.guards import ALL, kind_in, known
from services.chassis.kinds import kind_of
from services.chassis.reactions import Reaction
from services.chassis.stream import FactEvent
from services.chassis.work import Work
from services.correction import persons
from services.correction.domain.resettlement import base, visit
from services.correction.domain.subjects import RELEASED, inherit
from services.correction.resettlement.kinds import BASE_STAY, RELEASED_PERSON, RELEASED_VISIT
from services.correction.resettlement.opened import follow_end, open_file
from services.correction.supervision.reaction import follow_person

_GONE = "归正人员档案已删除"


async def follow_file(work: Work, name: str) -> None:
    """Let the records about a released person follow the file: seal, office, class; with a deleted one they go."""
    try:
        person = await work.load(RELEASED_PERSON, name)
    except NotFound:
        await _follow_deletion(work, name)
        return
    async for kind, record in persons.about(work, name):
        before = record.SerializeToString()
        inherit(record, person)
        if kind is RELEASED_VISIT:
            visit.follow(record, person, work.rules)
        if record.SerializeToString() != before:
            work.save(kind, record, "followed")


async def follow_seal(work: Work, name: str) -> None:
    """Let all that is known of a person follow the seal, the record of correction too."""
    await follow_file(work, name)
    await persons.seal_other(work, await known(work, name))


async def _follow_deletion(work: Work, name: str) -> None:
    async for kind, record in persons.about(work, name):
        work.delete(kind, record, _GONE)
    kind = kind_in(work, "supervisedPersons")
    for person in await work.query(kind, limit=ALL, released_person=uuid_of(name)):
        person.ClearField("released_person")
        work.save(kind, person, "file_deleted")


async def end_stays(work: Work, name: str) -> None:
    """Free the places in bases of somebody who is not looked after any more, from the day after. Raises NotFound."""
    person = await work.load(kind_of(work.store.kinds, name), name)
    last = to_date(person.closed_date if name.startswith(RELEASED) else person.ended_date)
    for stay in await work.query(BASE_STAY, limit=ALL, person=uuid_of(name), to_date=None):
        first, _ = base.span_of(stay)
        if last is not None and first <= last:
            put(stay, "to_date", last)
            work.save(BASE_STAY, stay, "ended", last)


async def _released(work: Work, event: FactEvent) -> None:
    await _terminated(work, event)
    await open_file(work, _name(event))


async def _terminated(work: Work, event: FactEvent) -> None:
    await follow_person(work, _name(event))
    await follow_end(work, _name(event))
    await _share_seal(work, _name(event))
    await end_stays(work, _name(event))


async def _share_seal(work: Work, name: str) -> None:
    """Seal the file that an earlier end opened when this end sealed; the change was named for the end."""
    person = await known(work, name)
    if person is not None and person.sealed:
        await persons.seal_other(work, person)


async def _closed(work: Work, event: FactEvent) -> None:
    await end_stays(work, _name(event))


async def _changed(work: Work, event: FactEvent) -> None:
    await follow_file(work, _name(event))


async def _sealed(work: Work, event: FactEvent) -> None:
    await follow_seal(work, _name(event))


def _name(event: FactEvent) -> str:
    return f"{event.collection}/{event.record_id}"


REACTIONS = (
    Reaction("supervised_person", frozenset({"ended"}), _released),
    Reaction("supervised_person", frozenset({"terminated"}), _terminated),
    Reaction("released_person", frozenset({"closed"}), _closed),
    Reaction("released_person", frozenset({"updated", "corrected", "deleted"}), _changed),
    Reaction("released_person", frozenset({"sealed", "unsealed"}), _sealed),
)
