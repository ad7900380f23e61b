"""The released person's file that the end of correction opens, and what a correction of that end does to it."""

from __future__ import annotations

from typing import Any

from geju.correction.v1 import released_person_pb2, supervised_person_pb2

from services.chassis.changes import create, update
from services.chassis.district import everywhere, rows_of
from services.chassis.domain.errors import UnknownReference
from services.chassis.domain.references import uuid_of
from services.chassis.guards import ALL, kind_in, known
from services.chassis.work import Work
from services.correction.domain.resettlement import opening
from services.correction.domain.resettlement.errors import FileInUse

Supervised = supervised_person_pb2.SupervisedPerson
File = released_person_pb2.ReleasedPerson
_WITHDRAWN = "解除矫正已更正,归正人员档案撤回"


async def open_file(work: Work, name: str) -> None:
    """Open the file of a supervised person whose correction ended; the two records then refer to each other.

    Does nothing when there is a file already or correction did not end in release after all. Raises NotFound.
    """
    kind, files = kind_in(work, "supervisedPersons"), kind_in(work, "releasedPersons")
    person = await work.load(kind, name)
    if not opening.opens(person):
        return
    file = opening.file_of(person)
    if await work.find_many(files, [(file.office, file.key)]):
        file.key = ""  # taken by another file: the office gives it a number of its own
    person.released_person = (await create(work, files, file)).name
    work.save(kind, person, "file_opened")


async def check_end(work: Work, new: Supervised | None, old: Supervised) -> None:
    """Refuse to correct an end whose file has been worked on and says otherwise. Raises FileInUse."""
    if not old.released_person or (new is not None and _end(new) == _end(old)):
        return
    try:
        file = await everywhere(work, kind_in(work, "releasedPersons"), "released_person", old.released_person)
    except UnknownReference:
        return
    if not opening.agrees(file, new) and not await _is_untouched(work, file):
        raise FileInUse("name" if new is None else "ended_date")


async def follow_end(work: Work, name: str) -> None:
    """Let the file follow a correction of the end: its day; it is withdrawn when nobody was released after all.

    A file that somebody has begun to work on since then stays, without the reference to a record that is gone.
    """
    person = await known(work, name)
    files = kind_in(work, "releasedPersons")
    for file in await work.query(files, limit=ALL, supervised_person=uuid_of(name)):
        if opening.agrees(file, person):
            continue
        if await _is_untouched(work, file):
            await _follow(work, file, person)
        elif person is None:
            file.ClearField("supervised_person")
            work.save(files, file, "unlinked")


async def _follow(work: Work, file: File, person: Supervised | None) -> None:
    files = kind_in(work, "releasedPersons")
    if person is not None and opening.releases(person):
        moved = File()
        moved.CopyFrom(file)
        moved.released_date.CopyFrom(person.ended_date)
        await update(work, files, moved, file, "followed")
        return
    work.delete(files, file, _WITHDRAWN)
    if person is not None:
        person.ClearField("released_person")
        work.save(kind_in(work, "supervisedPersons"), person, "file_withdrawn")


async def _is_untouched(work: Work, file: File) -> bool:
    """Tell whether nothing was recorded on a file or about its person, by any office."""
    if not opening.is_untouched(file):
        return False
    for kind in work.store.kinds:
        about: bool = "person" in kind.row.model_fields
        if about and await rows_of(work, kind, "person", uuid_of(file.name), "office"):
            return False
    return True


def _end(person: Supervised) -> tuple[Any, ...]:
    return person.ended_date, person.end_ground
