"""What the service does after its own facts: opening the file of a released person, and keeping its records in step.

The rules of a file hold for records of every office, which whoever changes the file may not see; so these changes are
made by the service itself, after the fact.
"""

from __future__ import annotations

from services.chassis.changes import create
from services.chassis.domain.errors import NotFound
from services.chassis.domain.references import uuid_of
from services.chassis.guards import ALL, kind_in
from services.chassis.reactions import Reaction
from services.chassis.stream import FactEvent
from services.chassis.work import Work
from services.correction import persons
from services.correction.domain.resettlement import opening, visit
from services.correction.resettlement.kinds import RELEASED_PERSON, RELEASED_VISIT

_GONE = "归正人员档案已删除"


async def open_file(work: Work, name: str) -> None:
    """Open the file of a supervised person whose correction ended; the two records then refer to each other.

    Does nothing when there is a file already or correction did not end in release after all. Raises NotFound.
    """
    kind = kind_in(work, "supervisedPersons")
    person = await work.load(kind, name)
    if not opening.opens(person):
        return
    file = opening.file_of(person)
    if await work.find_many(RELEASED_PERSON, [(file.office, file.key)]):
        file.key = ""  # taken by another file: the office gives it a number of its own
    person.released_person = (await create(work, RELEASED_PERSON, file)).name
    work.save(kind, person, "file_opened")


async def follow_file(work: Work, name: str) -> None:
    """Let the records about a released person follow the file: its seal, its class; with a deleted file they go."""
    try:
        person = await work.load(RELEASED_PERSON, name)
    except NotFound:
        await _follow_deletion(work, name)
        return
    async for kind, record in persons.about(work, name):
        before = record.SerializeToString()
        record.sealed = person.sealed
        if kind is RELEASED_VISIT:
            visit.follow(record, person, work.rules)
        if record.SerializeToString() != before:
            work.save(kind, record, "followed")


async def _follow_deletion(work: Work, name: str) -> None:
    async for kind, record in persons.about(work, name):
        work.delete(kind, record, _GONE)
    kind = kind_in(work, "supervisedPersons")
    for person in await work.query(kind, limit=ALL, released_person=uuid_of(name)):
        person.ClearField("released_person")
        work.save(kind, person, "file_deleted")


async def _ended(work: Work, event: FactEvent) -> None:
    await open_file(work, f"{event.collection}/{event.record_id}")


async def _changed(work: Work, event: FactEvent) -> None:
    await follow_file(work, f"{event.collection}/{event.record_id}")


REACTIONS = (
    Reaction("supervised_person", frozenset({"ended"}), _ended),
    Reaction("released_person", frozenset({"updated", "corrected", "deleted"}), _changed),
)
