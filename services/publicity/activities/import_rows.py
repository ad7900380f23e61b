"""A line of a street's sheet as an activity; an empty cell keeps what is recorded, one with 0 clears it."""

from __future__ import annotations

from collections.abc import Mapping

from geju.publicity.v1 import activity_pb2 as pb
from geju.publicity.v1 import material_handout_pb2 as materials
from geju.publicity.v1.activity_service_pb2 import ActivityImportRow as Row

from services.chassis.domain.errors import InvalidField
from services.chassis.masks import merged
from services.chassis.work import Work
from services.publicity.domain.activities import audience, handout
from services.publicity.domain.errors import KeptTotalMismatch, NoAudience, StateMismatch, TotalMismatch

#: Columns with copies of materials, and their kinds.
MATERIALS: Mapping[str, materials.MaterialKind.ValueType] = {
    "poster_sets": materials.MATERIAL_KIND_POSTER_SET,
    "booklets": materials.MATERIAL_KIND_BOOKLET,
    "cards": materials.MATERIAL_KIND_CARD,
    "text_messages": materials.MATERIAL_KIND_TEXT_MESSAGE,
    "other_materials": materials.MATERIAL_KIND_OTHER,
}
#: What a line and an activity call the same.
_CELLS = frozenset(pb.Activity.DESCRIPTOR.fields_by_name) & frozenset(Row.DESCRIPTOR.fields_by_name)


def row_of(activity: pb.Activity, copies: Mapping[int, int]) -> Row:
    """Return the line that tells of an activity, and of what was handed out by kind; taken over it changes nothing."""
    row = Row(**{f.name: value for f, value in activity.ListFields() if f.name in _CELLS})
    for name, people in audience.by_group(activity).items():
        setattr(row, name, people)
    for name, kind in MATERIALS.items():
        setattr(row, name, copies.get(kind, 0))
    return row


def import_row(_work: Work, row: Row, old: pb.Activity | None) -> pb.Activity:
    """Return the activity that a line tells of. Raises NoAudience, StateMismatch, InvalidField."""
    told = pb.Activity(**{f.name: value for f, value in row.ListFields() if f.name in _CELLS - {"people"}})
    activity = told if old is None else merged(old, told)
    _put_audience(activity, row)
    _check(activity, row)
    return activity


def _put_audience(activity: pb.Activity, row: Row) -> None:
    before = audience.by_group(activity)
    told = {name: getattr(row, name) for name in audience.GROUPS if getattr(row, name) or name in row.cleared}
    people = {name: number for name, number in {**before, **told}.items() if number}
    # Groups recorded in another order than the columns' are the same groups: only other numbers are a change.
    if people != before:
        entries = [pb.Audience(group=audience.GROUPS[name], people=number) for name, number in people.items()]
        del activity.audience[:]
        activity.audience.extend(sorted(entries, key=lambda entry: entry.group))
    if row.people or "people" in row.cleared:
        activity.people = row.people
    elif activity.people and people != before:
        _check_kept_total(activity)


def _check_kept_total(activity: pb.Activity) -> None:
    """Refuse a total that was kept though groups have changed and cannot make it: the line does not tell of it."""
    try:
        audience.check(activity)
    except TotalMismatch as error:
        raise KeptTotalMismatch("people", **error.facts) from None


def _check(activity: pb.Activity, row: Row) -> None:
    """Refuse by the name of a column what the rules of activities would call by one of their own."""
    handed_out = [name for name in MATERIALS if getattr(row, name)]
    if handed_out and len(row.key) > handout.MAX_ACTIVITY_KEY:
        raise InvalidField("key", expected=f"有资料发放的活动,编号不超过 {handout.MAX_ACTIVITY_KEY} 个字")
    if activity.HasField("held_date"):
        if not activity.audience:
            raise NoAudience("people")
    elif activity.audience or activity.people or handed_out:
        field = handed_out[0] if handed_out else "people"
        raise StateMismatch(field, expected="尚未举办的活动不填人数和资料,举办后再登记")
