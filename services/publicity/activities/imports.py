"""A street's sheet: activities, each with its audience, its facilities and what was handed out at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geju.common.v1 import import_pb2
from geju.publicity.v1 import activity_pb2
from geju.publicity.v1 import activity_service_pb2 as rpc

from services.chassis.changes import create, update
from services.chassis.domain.errors import KeyTaken, RuleError
from services.chassis.domain.references import uuid_of
from services.chassis.guards import ALL
from services.chassis.importing import Anywhere, import_rows
from services.chassis.resolving import resolve
from services.chassis.work import Work
from services.publicity.activities.held import see_to_facilities
from services.publicity.activities.import_rows import MATERIALS, row_of
from services.publicity.activities.kinds import ACTIVITY, MATERIAL_HANDOUT
from services.publicity.domain.activities import handout
from services.publicity.domain.activities.lifecycle import HELD
from services.publicity.places.kinds import FACILITY

Row = rpc.ActivityImportRow
#: Handouts by office and number.
Handouts = dict[tuple[str, str], handout.Handout]
_FACILITIES = (("facilities", FACILITY), ("facilities", Anywhere(FACILITY)))
_UNCHANGED, _UPDATED = import_pb2.ROW_OUTCOME_UNCHANGED, import_pb2.ROW_OUTCOME_UPDATED


async def import_activities(work: Work, request: rpc.ImportActivitiesRequest) -> rpc.ImportActivitiesResponse:
    """Return the verdicts on the lines of a sheet; a line whose handouts alone have changed is updated, too."""
    sheet = rpc.ImportActivitiesRequest()
    sheet.CopyFrom(request)
    errors = await resolve(work, sheet.rows, _FACILITIES)
    found = await _handouts(work, sheet.rows)
    errors |= await _taken(work, sheet.rows, found)
    answer: Any = await import_rows(ACTIVITY, rpc.ImportActivitiesResponse.DESCRIPTOR, work, sheet, errors)
    for row, verdict in zip(sheet.rows, answer.verdicts, strict=True):
        if verdict.outcome == import_pb2.ROW_OUTCOME_REJECTED or _is_told(row, verdict):
            continue
        activity = await work.load(ACTIVITY, verdict.name)
        if activity.state != HELD:
            continue
        if await _agree(work, row, activity, found) and verdict.outcome == _UNCHANGED:
            verdict.outcome = _UPDATED
        if verdict.outcome != _UNCHANGED:
            await see_to_facilities(work, activity, renewed=False)
    return answer  # type: ignore[no-any-return]


async def rows_of(work: Work, activities: Sequence[activity_pb2.Activity]) -> list[Row]:
    """Return the lines that tell of activities, with what was handed out under the numbers that a line gives."""
    copies: dict[str, dict[int, int]] = {}
    keys = {one.name: one.key for one in activities}
    uuids = [uuid_of(name) for name, key in keys.items() if key]
    for made in await work.query(MATERIAL_HANDOUT, limit=ALL, activity=uuids):
        if made.key == handout.key_of(keys[made.activity], made.kind):
            copies.setdefault(made.activity, {})[made.kind] = made.copies
    return [row_of(one, copies.get(one.name, {})) for one in activities]


def _is_told(row: Row, verdict: import_pb2.RowVerdict) -> bool:
    """Tell whether a line that changed nothing of its activity says nothing of materials either."""
    return verdict.outcome == _UNCHANGED and not any(getattr(row, name) or name in row.cleared for name in MATERIALS)


async def _handouts(work: Work, rows: Any) -> Handouts:
    keys = {(row.office, handout.key_of(row.key, kind)) for row in rows for kind in MATERIALS.values()}
    return await work.find_many(MATERIAL_HANDOUT, {(office, key) for office, key in keys if key})


async def _taken(work: Work, rows: Any, found: Handouts) -> dict[int, RuleError]:
    """Return the lines whose handouts would get numbers that others have, by their place."""
    activities = await work.find_many(ACTIVITY, {(row.office, row.key) for row in rows})
    errors: dict[int, RuleError] = {}
    for index, row in enumerate(rows):
        own = activities.get((row.office, row.key))
        for column, kind in MATERIALS.items():
            known = found.get((row.office, handout.key_of(row.key, kind)))
            if known is not None and getattr(row, column) and (own is None or known.activity != own.name):
                errors.setdefault(index, KeyTaken(column, key=known.key))
    return errors


async def _agree(work: Work, row: Row, activity: activity_pb2.Activity, found: Handouts) -> bool:
    """Make what was handed out agree with a line; tell whether that changed anything."""
    changed = False
    for column, kind in MATERIALS.items():
        copies, place = getattr(row, column), (row.office, handout.key_of(row.key, kind))
        known = found.get(place)
        if known is not None:
            # It may have followed its activity to another day in this work.
            known = found[place] = await work.load(MATERIAL_HANDOUT, known.name)
        if not copies and known is not None and column in row.cleared:
            del found[place]
            work.delete(MATERIAL_HANDOUT, known, "导入的台账中没有此项资料")
        elif copies and known is None:
            found[place] = await create(work, MATERIAL_HANDOUT, handout.at(activity, kind, copies))
        elif copies and known is not None and known.copies != copies:
            new = handout.Handout()
            new.CopyFrom(known)
            new.copies = copies
            found[place] = await update(work, MATERIAL_HANDOUT, new, known, "updated")
        else:
            continue
        changed = True
    return changed
