"""What rows of a spreadsheet refer to, found by the numbers that people write: an office's own, or the district's."""

# Statements are built of names of the models; every value is a parameter.
# ruff: noqa: S608

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.chassis.contract import field_option
from services.chassis.crypto import normalise
from services.chassis.domain.errors import AmbiguousNumber, RuleError, UnknownInDistrict, UnknownNumber
from services.chassis.kinds import Kind
from services.chassis.storage.codec import key_hash, unseal
from services.chassis.storage.scopes import in_scope, scope_of, terms
from services.chassis.storage.statements import RECORD, statements
from services.chassis.unit_of_work import Work

__all__ = ["Anywhere", "Target", "resolve"]


@dataclass(frozen=True, slots=True)
class Anywhere:
    """Looks for a record of any office: by its office's own number, or by a number that the whole district knows.

    `field` is a searchable field of the record ("licence_number"). Two records with one number are ambiguous. Sealed
    records are found by those who may see them.
    """

    kind: Kind[Any]
    field: str = "key"

    def __post_init__(self) -> None:
        """Refuse a field that nothing is found by."""
        found = self.kind.message.DESCRIPTOR.fields_by_name.get(self.field)
        if self.field != "key" and (found is None or not field_option(found).searchable):
            msg = f"{self.kind.message.DESCRIPTOR.full_name} is not found by {self.field!r}"
            raise TypeError(msg)


#: Where a reference is looked for: among the records of the row's own office, by their numbers, or anywhere.
Target = Kind[Any] | Anywhere


@dataclass(frozen=True, slots=True)
class _Slot:
    """One reference of a row; `place` is where it stands in a repeated field."""

    row: int
    office: str
    path: str
    holder: Any
    name: str
    place: int | None = None

    @property
    def number(self) -> str:
        """What is written there when it is no resource name; empty for none."""
        value = getattr(self.holder, self.name)
        text: str = value if self.place is None else value[self.place]
        return "" if "/" in text else text

    def put(self, name: str) -> None:
        """Put a resource name in the number's place."""
        if self.place is None:
            setattr(self.holder, self.name, name)
        else:
            getattr(self.holder, self.name)[self.place] = name


async def resolve(work: Work, rows: Sequence[Any], wanted: Iterable[tuple[str, Target]]) -> dict[int, RuleError]:
    """Put resource names in the place of numbers in the fields of rows; return what is wrong, by the row's place.

    A field is a path below the row's record ("practitioner", "practitioners", "members.practitioner"). Named more than
    once it is looked for in one target after the other.
    """
    fields: dict[str, list[Target]] = defaultdict(list)
    for path, target in wanted:
        fields[path].append(target)
    errors: dict[int, RuleError] = {}
    for path, targets in fields.items():
        open_slots = [slot for at, row in enumerate(rows) for slot in _slots(at, row.office, row, path) if slot.number]
        for target in targets:
            found = await _find(work, target, open_slots)
            for slot in open_slots:
                names = found.get((slot.office, slot.number), ())
                if len(names) > 1:
                    errors.setdefault(slot.row, AmbiguousNumber(slot.path, kinds=_zh(target)))
                elif names:
                    slot.put(next(iter(names)))
            open_slots = [slot for slot in open_slots if slot.number]
        for slot in open_slots:
            errors.setdefault(slot.row, _unknown(slot.path, targets))
    return errors


def _unknown(path: str, targets: Sequence[Target]) -> RuleError:
    kinds = "或".join(dict.fromkeys(map(_zh, targets)))
    if any(isinstance(target, Anywhere) for target in targets):
        return UnknownInDistrict(path, kinds=kinds)
    return UnknownNumber(path, kinds=kinds)


def _zh(target: Target) -> str:
    return target.kind.zh if isinstance(target, Anywhere) else target.zh


def _slots(at: int, office: str, holder: Any, path: str, above: str = "") -> Iterator[_Slot]:
    name, _, rest = path.partition(".")
    repeated, value = holder.DESCRIPTOR.fields_by_name[name].is_repeated, getattr(holder, name)
    if rest:
        for place, child in enumerate(value) if repeated else [(0, value)]:
            yield from _slots(at, office, child, rest, f"{above}{name}[{place}]." if repeated else f"{above}{name}.")
    elif repeated:
        for place in range(len(value)):
            yield _Slot(at, office, f"{above}{name}[{place}]", holder, name, place)
    else:
        yield _Slot(at, office, above + name, holder, name)


async def _find(work: Work, target: Target, slots: Sequence[_Slot]) -> Mapping[tuple[str, str], set[str]]:
    """Return the names of the records that (office, number) pairs mean."""
    pairs = {(slot.office, slot.number) for slot in slots}
    if not pairs:
        return {}
    if not isinstance(target, Anywhere):
        return {pair: {record.name} for pair, record in (await work.find_many(target, pairs)).items()}
    numbers = {number for _, number in pairs}
    found = await (_by_key if target.field == "key" else _by_field)(work, target, numbers)
    return {(office, number): found[number] for office, number in pairs if number in found}


async def _by_key(work: Work, target: Anywhere, numbers: Iterable[str]) -> Mapping[str, set[str]]:
    # The hash of an own number covers its office: every office that there ever was is tried.
    profile, crypto = work.rules.profile, work.store.crypto
    offices = {profile.code, *(office.code for office in profile.offices)}
    hashes = {key_hash(crypto, office, number): number for number in numbers for office in offices}
    scope = scope_of(work.caller, district=True)
    async with work.seeing(scope) as connection:
        rows = await connection.fetch(statements(target.kind).find_many, list(hashes), terms(scope))
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[hashes[row["key_hash"]]].add(target.kind.record_name(row["id"]))
    return found


async def _by_field(work: Work, target: Anywhere, numbers: Iterable[str]) -> Mapping[str, set[str]]:
    kind, crypto, scope = target.kind, work.store.crypto, scope_of(work.caller, district=True)
    written: dict[str, list[str]] = defaultdict(list)
    for number in numbers:
        written[normalise(number)].append(number)
    async with work.seeing(scope) as connection:
        rows = await connection.fetch(_hashed(kind), [crypto.search_hash(number) for number in written], terms(scope))
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        record = unseal(kind, row, row["id"], crypto)
        # What is found by the hash may have the same text in another field.
        for number in written.get(normalise(getattr(record, target.field)), ()):
            found[number].add(record.name)
    return found


@cache
def _hashed(kind: Kind[Any]) -> str:
    hashed = "SELECT record_id FROM search_hash WHERE hash = ANY ($1)"
    seen = f"NOT r.deleted AND {in_scope(kind, '$2')}"
    return f"SELECT r.id, {RECORD} FROM {kind.row.__tablename__} r WHERE r.id IN ({hashed}) AND {seen}"
