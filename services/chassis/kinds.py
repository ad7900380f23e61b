"""What a kind of record is: its messages, its row and its rules, tied together once per kind."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from uuid import UUID

from geju.common.v1.limit_service_pb2 import RecordLimit
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from services.chassis.contract import kind_option, of_own_office, sealed_for, searchable, subjects
from services.chassis.domain.errors import NotFound, PermissionDenied, SealedFile, SealedRecord
from services.chassis.domain.rules import Rules
from services.chassis.storage.records import RecordRow
from services.chassis.storage.scopes import RIGHTS, SEALED_FILES

if TYPE_CHECKING:
    from services.chassis.work import Work

M = TypeVar("M", bound=Message)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def _no_rules(_new: Message, _old: Message | None, _rules: Rules) -> None:
    """Pass: the kind has no rules beyond the contract's."""


@dataclass(frozen=True)
class Dues(Generic[M]):
    """What a record is due for by its own days, beside its time limits: listed and counted with them.

    `of(record)` gives the last days and codes of what is outstanding, `labels` the Chinese label of each code. What is
    overdue for more than `lapse` days is nobody's to do any more and is left out; None: it stays.
    """

    of: Callable[[M], Sequence[tuple[date, str]]]
    labels: Mapping[str, str]
    lapse: int | None = None


@dataclass(frozen=True, eq=False)
class Kind(Generic[M]):
    """One kind of record: "dispute", kept in collection "disputes".

    `to_facts` fills the kind's own fields of its facts message; the common ones are filled for it. `check` is the
    domain's guard on create, update, correct and import: it may set what follows from other fields (an initial state)
    and raises RuleError; `old` is None on create. `closed` says that Update is refused and Correct is called for.
    `guard` is a check that needs other records: awaited before a write with (work, new, old); new is None on deletion.
    `occurred` gives the day that a record made or changed by the common RPCs speaks of; None: the day of the call.
    `owed(connection, rules)` gives the limits of records that should be there and are not, as far as one may see.
    `transition(new, old)` names a transition that a record has taken when one of them made or changed it (an import
    tells of many at once); empty: the change is what the RPC says.
    `dues` says what a record is due for by its own days.
    `import_row(work, row, old)` turns a flat row into a record (may be async); None: the row carries the record.
    """

    name: str
    collection: str
    message: type[M]
    facts: type[Message]
    row: type[RecordRow]
    to_facts: Callable[[M], Message]
    check: Callable[[M, M | None, Rules], None] = _no_rules
    import_row: Callable[[Work, Any, M | None], M | Awaitable[M]] | None = None
    create_change: str = "created"
    closed: Callable[[M], bool] | None = None
    guard: Callable[[Work, M | None, M | None], Awaitable[None]] | None = None
    occurred: Callable[[M], date | None] | None = None
    owed: Callable[[Any, Rules], Awaitable[list[RecordLimit]]] | None = None
    transition: Callable[[M, M | None], str] | None = None
    dues: Dues[M] | None = None

    def __post_init__(self) -> None:
        """Refuse a kind that contradicts the contract."""
        option = kind_option(self._descriptor)
        if (option.name, option.collection) != (self.name, self.collection):
            msg = f"{self.message.DESCRIPTOR.full_name} is {option.name!r} in {option.collection!r} by the contract"
            raise TypeError(msg)
        facts = cast("Descriptor", self.facts.DESCRIPTOR)
        if sealed_for(facts) != self.sealed_for or self.sealed_for not in RIGHTS:
            msg = f"{self.facts_type}: sealed_for is {self.sealed_for} of the record, one of {', '.join(RIGHTS)}"
            raise TypeError(msg)
        if kind_option(facts).office_sensitive != self.office_sensitive:
            msg = f"{self.facts_type}: office_sensitive is {self.office_sensitive} of the record"
            raise TypeError(msg)
        _ = self.subject_fields

    @property
    def _descriptor(self) -> Descriptor:
        return cast("Descriptor", self.message.DESCRIPTOR)  # the stubs call it by its implementation's name, too

    @cached_property
    def zh(self) -> str:
        """The Chinese label."""
        return kind_option(self._descriptor).zh

    @cached_property
    def snake(self) -> str:
        """The kind's field name in requests and responses."""
        return self.name

    @cached_property
    def facts_type(self) -> str:
        """Full type name of the facts message."""
        return str(self.facts.DESCRIPTOR.full_name)

    @cached_property
    def needs_purpose(self) -> bool:
        """Whoever reads a record of the kind must say why."""
        return kind_option(self._descriptor).purpose

    @cached_property
    def office_sensitive(self) -> bool:
        """How many records of the kind an office has is for those only who may see its records."""
        return kind_option(self._descriptor).office_sensitive

    @cached_property
    def is_person(self) -> bool:
        """A record of the kind is one person's file."""
        return kind_option(self._descriptor).person

    @cached_property
    def subject_fields(self) -> tuple[str, ...]:
        """Fields that name the person a record is about. Raises TypeError unless each has its column in the row."""
        found = subjects(self._descriptor)
        columns = self.row.model_fields
        if missing := [
            f.full_name for f in found if f.containing_type is not self._descriptor or f.name not in columns
        ]:
            msg = f"{self.row.__name__} has no column for the subject in {', '.join(missing)}"
            raise TypeError(msg)
        return tuple(str(field.name) for field in found)

    @cached_property
    def has_sealed(self) -> bool:
        """Records of the kind may be sealed: their row says so, and they are seen with the right to it only."""
        return "sealed" in self.row.model_fields

    @cached_property
    def sealed_for(self) -> str:
        """The role that sees sealed records of the kind, as tokens write it."""
        return sealed_for(self._descriptor)

    @cached_property
    def is_secret(self) -> bool:
        """That there is a sealed record of the kind is its role's to know; of sealed files only which they are."""
        return self.has_sealed and self.sealed_for != SEALED_FILES

    def seal_refused(self) -> PermissionDenied:
        """Return the refusal to make what the caller would not see; of minors' files it names the field that seals."""
        minors = "minor" in self._descriptor.fields_by_name
        return (SealedFile if minors else SealedRecord)("minor" if minors else "", allowed=self.sealed_for)

    @cached_property
    def has_second_office(self) -> bool:
        """Records of the kind may belong to two offices: their row names the second, empty for none."""
        return "second_office" in self.row.model_fields

    def second_office(self, record: M) -> str:
        """Return the second office of a record, as its facts say; empty for none."""
        facts: Any = self.to_facts(record) if self.has_second_office else None
        return "" if facts is None else str(facts.second_office)

    @cached_property
    def of_own_office(self) -> tuple[str, ...]:
        """Fields that only callers of a record's office are shown, however many may read the record."""
        return of_own_office(self._descriptor)

    @cached_property
    def has_limits(self) -> bool:
        """Records of the kind carry time limits."""
        return "limits" in self.message.DESCRIPTOR.fields_by_name

    @cached_property
    def has_dues(self) -> bool:
        """Records of the kind, or what should be one, may be due by a day."""
        return self.has_limits or self.dues is not None or self.owed is not None

    @cached_property
    def is_searchable(self) -> bool:
        """Records of the kind are found by personal fields through keyed hashes."""
        return bool(searchable(self.message.DESCRIPTOR))

    def record_name(self, record_id: UUID | str) -> str:
        """Return the resource name of an id: "disputes/0198…"."""
        return f"{self.collection}/{record_id}"

    def id_text(self, name: str) -> str:
        """Return the id in a resource name. Raises NotFound for anything else: such a record cannot exist."""
        collection, _, text = name.partition("/")
        if collection != self.collection or _ID.fullmatch(text) is None:
            raise NotFound("name", name=name[:128])
        return text

    def record_id(self, name: str) -> UUID:
        """Return the id in a resource name as a UUID. Raises as `id_text`."""
        return UUID(self.id_text(name))


def kind_of(kinds: Iterable[Kind[Any]], name: str) -> Kind[Any]:
    """Return the kind that a resource name belongs to. Raises NotFound."""
    collection = name.partition("/")[0]
    for kind in kinds:
        if kind.collection == collection:
            return kind
    raise NotFound("name", name=name[:128])
