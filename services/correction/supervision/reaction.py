"""What the service does after facts of its own: what is recorded about a person follows the person's record.

Records about a person may lie with offices that the person has left, which whoever changes the person may not see; so
these changes are made by the service itself, after the fact.
"""

from __future__ import annotations

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import NotFound
from services.chassis.guards import known
from services.chassis.reactions import Reaction
from services.chassis.stream import FactEvent
from services.chassis.work import Work
from services.correction import persons
from services.correction.resettlement.opened import follow_end
from services.correction.supervision import endings
from services.correction.supervision.kinds import SUPERVISED_PERSON

_GONE = "社区矫正对象档案已删除"


async def follow_person(work: Work, name: str) -> None:
    """Let what is recorded about a person follow the file: its seal, its end; with a deleted file it goes."""
    try:
        person = await work.load(SUPERVISED_PERSON, name)
    except NotFound:
        async for kind, record in persons.about(work, name):
            work.delete(kind, record, _GONE)
        return
    await persons.seal(work, person)
    last = to_date(person.ended_date)
    if last is not None:
        await endings.close(work, person, last)


async def follow_seal(work: Work, name: str) -> None:
    """Let all that is known of a person follow the seal, the released person's file too."""
    await follow_person(work, name)
    await persons.seal_other(work, await known(work, name))


async def _follow(work: Work, event: FactEvent) -> None:
    await follow_person(work, f"{event.collection}/{event.record_id}")
    await follow_end(work, f"{event.collection}/{event.record_id}")


async def _seal(work: Work, event: FactEvent) -> None:
    await follow_seal(work, f"{event.collection}/{event.record_id}")
    await follow_end(work, f"{event.collection}/{event.record_id}")


REACTIONS = (
    Reaction("supervised_person", frozenset({"updated", "corrected", "deleted"}), _follow),
    Reaction("supervised_person", frozenset({"sealed", "unsealed"}), _seal),
)
